package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// sequencer is the state of the one goroutine that orders events: base is
// committed, flight lies over it and is being appended, next lies over flight
// and is being admitted.
type sequencer struct {
	flight, next *domain.State
	appending    *batch // nil when nothing is in flight
	building     *batch
	proof        []byte // cosigned checkpoint that waits to be kept
}

// It returns nil when the ledger closes, and otherwise why another replica may
// be the one to order events now: everything under way goes through the front
// door again.
func (l *Ledger) sequence(ctx context.Context, s *sequencer) error {
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
			if err := l.settle(s); err != nil {
				return err
			}
		case s.proof = <-l.cosigned:
		case n := <-l.replica.longer:
			if s.idle() && n > s.next.Next() {
				return fmt.Errorf("somebody else wrote event %d: %w", s.next.Next(), errMoved)
			}
		case <-l.stop:
			l.finish(s)
			return nil
		}
		if s.appending == nil && (!s.building.empty() || s.proof != nil) && !s.held() {
			l.dispatch(s)
		}
	}
}

// idle reports whether nothing is being appended or waits for it.
func (s *sequencer) idle() bool { return s.appending == nil && s.building.empty() }

// held reports whether the batch that is built rests on a record that is not
// admissible and not voided.
func (s *sequencer) held() bool { return len(s.next.Pending()) > 0 }

func (l *Ledger) newSequencer() *sequencer {
	s := &sequencer{}
	l.reset(s)
	return s
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
	s.appending.proof, s.proof = s.proof, nil
	s.building = &batch{first: s.next.Next()}
	l.batches <- s.appending
}

// settle takes back the batch that was appended: its facts become the
// committed state, and its answers go out. A failed batch takes the one above
// it along; in a shared store somebody else may have been first, and then
// nothing is decided yet.
func (l *Ledger) settle(s *sequencer) error {
	b := s.appending
	s.appending = nil
	if b.err == nil {
		key := l.state.LogKey()
		l.publish(s.flight, b)
		if b.stored > 0 {
			l.mend(nil)
		}
		if l.state.LogKey() != key {
			l.fail(fmt.Errorf("the coalition adopted another log key: start ledgerd with it: %w", l.mayLead()))
		}
		b.release()
		return nil
	}
	err := l.blame(b.err)
	for _, discarded := range []*batch{b, s.building} {
		discarded.err = err
		discarded.release()
	}
	l.reset(s)
	if l.shared() {
		return err
	}
	return nil
}

// blame decides whether a batch that failed stops the ledger.
func (l *Ledger) blame(err error) error {
	var conflict *eventstore.Conflict
	switch {
	case !l.shared() || !passes(err):
	case errors.As(err, &conflict) && conflict.Have < conflict.Want:
		err = fmt.Errorf("%w: %w", err, errShorter)
	default:
		if !isConflict(err) {
			l.doubt(true)
			l.reached(err)
			l.penance = max(l.penance, soonest)
		}
		return fmt.Errorf("%w: %w", errMoved, err)
	}
	l.fail(err)
	return err
}

// finish waits for the batch in flight and turns the rest away.
func (l *Ledger) finish(s *sequencer) {
	if s.appending != nil {
		<-l.done
		_ = l.settle(s) // whatever it says, this ledger orders no more
	}
	s.building.err = ErrClosed
	s.building.release()
	l.turnAway()
}

// turnAway answers what is queued when the ledger closes.
func (l *Ledger) turnAway() {
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
	l.decide(ctx, s, it)
	if s.held() { // not the voiding that would let the batch go
		b.items = b.items[:len(b.items)-1]
		it.withhold()
	}
}

func (l *Ledger) decide(ctx context.Context, s *sequencer, it *item) {
	b := s.building
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
	b.add(record, entry{Leaf{Index: index, RecordedAt: at, Envelope: it.envelope.Raw, Hash: leaf}, &fact})
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
		case errors.Is(b.err, errMoved):
			it.err = b.err
		case b.err != nil:
			it.err = fmt.Errorf("%w: %w", ErrNotReady, b.err)
		}
		it.size, it.text = b.size, b.text
		close(it.done)
	}
}
