package ledger

import (
	"context"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	maxBatch      = 1024
	maxBatchBytes = 900 << 10
)

// batch is what one append makes durable. Items that were refused or had been
// recorded before travel with it: their answers rest on its overlay.
type batch struct {
	first   uint64 // index of the first record
	items   []*item
	records []eventstore.Record
	leaves  []domain.Hash
	bytes   int
	err     error
	text    []byte // signed checkpoint once committed
	size    uint64
}

func (b *batch) full() bool  { return len(b.items) >= maxBatch || b.bytes >= maxBatchBytes }
func (b *batch) empty() bool { return len(b.items) == 0 }

// sequencer is the state of the one goroutine that orders events: base is
// committed, flight lies over it and is being appended, next lies over flight
// and is being admitted.
type sequencer struct {
	flight, next *domain.State
	inFlight     bool
	building     *batch
	pending      map[[16]byte]uint64
}

func (l *Ledger) sequence() {
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
			l.admit(s, it)
			l.drain(s)
		case b := <-l.done:
			l.settle(s, b)
		case <-l.stop:
			l.finish(s)
			return
		}
		if !s.inFlight && !s.building.empty() {
			l.dispatch(s)
		}
	}
}

// reset lays fresh overlays over the committed state.
func (l *Ledger) reset(s *sequencer) {
	s.flight = l.state.Fork()
	s.next = s.flight.Fork()
	s.building = &batch{first: s.next.Next()}
}

// drain admits what has queued up, without waiting for more.
func (l *Ledger) drain(s *sequencer) {
	for !s.building.full() {
		select {
		case it := <-l.queue:
			l.admit(s, it)
		default:
			return
		}
	}
}

func (l *Ledger) dispatch(s *sequencer) {
	b := s.building
	s.next.Merge() // the batch's facts now lie in flight
	s.inFlight = true
	s.building = &batch{first: s.next.Next()}
	l.batches <- b
}

// settle takes a committed batch: its facts become the committed state, and
// its answers go out. A failed batch takes the one above it along.
func (l *Ledger) settle(s *sequencer, b *batch) {
	s.inFlight = false
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

func (b *batch) release() {
	for _, it := range b.items {
		if b.err != nil {
			it.err = fmt.Errorf("%w: %w", ErrNotReady, b.err)
		}
		it.size, it.text = b.size, b.text
		close(it.done)
	}
}

// finish waits for the batch in flight and turns the rest away.
func (l *Ledger) finish(s *sequencer) {
	if s.inFlight {
		l.settle(s, <-l.done)
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
func (l *Ledger) admit(s *sequencer, it *item) {
	b := s.building
	b.items = append(b.items, it)
	if !it.verified {
		it.refusal = verifyLate(s.next, it)
	}
	if it.refusal != nil || l.seenBefore(s, it) {
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
	b.records, b.leaves = append(b.records, record), append(b.leaves, leaf)
	b.bytes += len(record.Data) + len(record.Meta) + len(record.Type)
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

// seenBefore finds an event that was recorded, or is in flight, under the same
// issuer and id. The same content gets the first receipt.
func (l *Ledger) seenBefore(s *sequencer, it *item) bool {
	index, ok := s.next.EventIndex(it.event.Issuer, it.event.EventID)
	if !ok {
		return false
	}
	first, err := l.envelopeAt(s, index)
	if err != nil {
		it.refusal = &domain.Refusal{Rule: "event.duplicate_id", Field: "eid", Message: "an event with this id is recorded but cannot be read now: try again later"}
		return true
	}
	if !first.SameContent(it.envelope) {
		return false // Admit refuses the reused id
	}
	it.index, it.replayed = index, true
	return true
}

func (l *Ledger) envelopeAt(s *sequencer, index uint64) (*seal.Envelope, error) {
	if index >= s.building.first {
		for _, it := range s.building.items {
			if it.index == index && !it.replayed && it.refusal == nil {
				return it.envelope, nil
			}
		}
	}
	if index >= l.tree.Size() && s.inFlight {
		l.settle(s, <-l.done) // it is being appended: wait for that
	}
	leaf, err := l.Leaf(context.Background(), index)
	if err != nil {
		return nil, err
	}
	return seal.Parse(leaf.Envelope)
}
