package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// sequencer is the state of the one goroutine that orders events: base is
// committed, flight lies over it and is being appended, next lies over flight
// and is being admitted.
type sequencer struct {
	flight, next *domain.State
	appending    *batch // nil when nothing is in flight
	building     *batch
}

func (l *Ledger) sequence(ctx context.Context) {
	defer l.stopped.Done()
	defer close(l.batches)
	defer close(l.ended)
	s := &sequencer{}
	l.reset(s)
	for {
		queue := l.queue
		if s.building.full() {
			queue = nil
		}
		select {
		case it := <-queue:
			l.admit(ctx, s, it)
			l.drain(ctx, s)
		case <-l.done:
			l.settle(s)
		case <-l.stop:
			l.finish(s)
			return
		}
		if s.appending == nil && !s.building.empty() {
			l.dispatch(s)
		}
	}
}

// reset lays fresh overlays over the committed state. Only this goroutine
// changes that state, so it reads it without the lock.
func (l *Ledger) reset(s *sequencer) {
	s.flight = l.state.Fork()
	s.next = s.flight.Fork()
	s.building = &batch{first: s.next.Next()}
}

// drain admits what has queued up, without waiting for more.
func (l *Ledger) drain(ctx context.Context, s *sequencer) {
	for !s.building.full() {
		select {
		case it := <-l.queue:
			l.admit(ctx, s, it)
		default:
			return
		}
	}
}

func (l *Ledger) dispatch(s *sequencer) {
	s.next.Merge() // the batch's facts now lie in flight
	s.appending = s.building
	s.building = &batch{first: s.next.Next()}
	l.batches <- s.appending
}

// settle takes back the batch that was appended: its facts become the
// committed state, and its answers go out. A failed batch takes the one above
// it along.
func (l *Ledger) settle(s *sequencer) {
	b := s.appending
	s.appending = nil
	if b.err != nil {
		l.fail(b.err)
		b.release()
		s.building.err = b.err
		s.building.release()
		l.reset(s)
		return
	}
	l.mu.Lock()
	s.flight.Merge()
	if len(b.records) > 0 {
		l.checkpoint, l.marks = b.text, l.marks+1
		close(l.grown)
		l.grown = make(chan struct{})
	}
	l.mu.Unlock()
	b.release()
}

// finish waits for the batch in flight and turns the rest away.
func (l *Ledger) finish(s *sequencer) {
	if s.appending != nil {
		<-l.done
		l.settle(s)
	}
	s.building.err = ErrClosed
	s.building.release()
	for {
		select {
		case it := <-l.queue:
			it.err = ErrClosed
			close(it.done)
		default:
			return
		}
	}
}

// admit decides one item against everything before it, recorded or in flight.
func (l *Ledger) admit(ctx context.Context, s *sequencer, it *item) {
	b := s.building
	b.items = append(b.items, it)
	it.decided = s.next.Next()
	if !it.verified {
		it.refusal = verifyLate(s.next, it)
	}
	if it.refusal != nil || l.repeats(ctx, s, it) {
		return
	}
	at := max(l.cfg.Clock().UnixMicro(), s.next.LastRecordedAt())
	index := s.next.Next()
	leaf := translog.LeafHash(at, it.envelope.Raw)
	fact := domain.Fact{Event: it.event, Index: index, RecordedAt: at, Leaf: leaf, Envelope: it.hash}
	if it.refusal = domain.Admit(s.next, fact); it.refusal != nil {
		return
	}
	record, err := recordOf(it.envelope, index, at, leaf)
	if err != nil {
		it.refusal = &domain.Refusal{Rule: "envelope.encoding", Message: err.Error()}
		return
	}
	s.next.Apply(fact)
	it.index, it.leaf, it.at = index, leaf, at
	b.add(it.envelope, record, leaf)
}

// verifyLate verifies under a key that was registered after the item was
// prepared, perhaps by an event just before it in the same batch.
func verifyLate(s *domain.State, it *item) *domain.Refusal {
	if it.event.Ledger != s.Genesis() {
		return nil // Admit names the rule
	}
	key, ok := s.Key(it.event.KeyID)
	if !ok {
		return nil
	}
	it.verified = true
	return checkSignature(it.envelope, key.Key)
}

// release answers everything in the batch.
func (b *batch) release() {
	for _, it := range b.items {
		switch {
		case errors.Is(b.err, ErrClosed):
			it.err = ErrClosed
		case b.err != nil:
			it.err = fmt.Errorf("%w: %w", ErrNotReady, b.err)
		}
		it.size, it.text = b.size, b.text
		close(it.done)
	}
}
