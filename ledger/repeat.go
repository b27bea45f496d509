package ledger

import (
	"context"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// recall looks for the item's issuer and id among the committed events, in the
// caller's goroutine: a retry of something old must not hold up the sequencer.
func (l *Ledger) recall(ctx context.Context, it *item) error {
	var index uint64
	var ok bool
	l.View(func(s *domain.State) { index, ok = s.EventIndex(it.event.Issuer, it.event.EventID) })
	if !ok {
		return nil
	}
	first, err := l.envelope(ctx, index)
	if err != nil {
		return err
	}
	it.replayed = first.SameContent(it.envelope)
	it.reused = !it.replayed
	it.index = index
	return nil
}

// repeats reports whether the item says what an event recorded, in flight or
// in the batch said under the same issuer and id. It gets the first receipt.
func (l *Ledger) repeats(ctx context.Context, s *sequencer, it *item) bool {
	index, ok := s.next.EventIndex(it.event.Issuer, it.event.EventID)
	if !ok || it.reused {
		return false // Admit refuses the reused id
	}
	first, err := l.envelopeIn(ctx, s, index)
	if err != nil {
		it.err = err
		return true
	}
	if !first.SameContent(it.envelope) {
		return false
	}
	it.index, it.replayed = index, true
	return true
}

// envelopeIn finds an admitted envelope: in the batch being built, in the one
// being appended, or, if it was committed since the item was prepared, in the
// store.
func (l *Ledger) envelopeIn(ctx context.Context, s *sequencer, index uint64) (*seal.Envelope, error) {
	for _, b := range []*batch{s.building, s.appending} {
		if raw := b.envelope(index); raw != nil {
			return seal.Parse(raw)
		}
	}
	return l.envelope(ctx, index)
}

func (l *Ledger) envelope(ctx context.Context, index uint64) (*seal.Envelope, error) {
	leaf, err := l.Leaf(ctx, index)
	if err != nil {
		return nil, err
	}
	return seal.Parse(leaf.Envelope)
}
