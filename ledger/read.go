package ledger

import (
	"context"
	"fmt"
	"iter"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Leaf returns the recorded envelope at an index, or ErrNoSuchLeaf.
func (l *Ledger) Leaf(ctx context.Context, index uint64) (Leaf, error) {
	if index >= l.tree.Size() {
		return Leaf{}, fmt.Errorf("event %d: %w", index, ErrNoSuchLeaf)
	}
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, index) {
		if err != nil {
			return Leaf{}, fmt.Errorf("event %d: %w", index, err)
		}
		return leafOf(r)
	}
	return Leaf{}, fmt.Errorf("event %d: %w", index, ErrNoSuchLeaf)
}

// Leaves yields the committed leaves from an index to the head as of the call.
func (l *Ledger) Leaves(ctx context.Context, from uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		l.leavesTo(ctx, from, l.Size(), yield)
	}
}

func (l *Ledger) leavesTo(ctx context.Context, from, to uint64, yield func(Leaf, error) bool) bool {
	if from >= to {
		return true
	}
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, from) {
		if err != nil {
			yield(Leaf{}, fmt.Errorf("read from %d: %w", from, err))
			return false
		}
		if r.Revision >= to {
			return true
		}
		leaf, err := leafOf(r)
		if !yield(leaf, err) || err != nil {
			return false
		}
	}
	return true
}

// Facts yields the committed facts from an index to the head as of the call.
func (l *Ledger) Facts(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return facts(l.Leaves(ctx, from))
}

// FollowLeaves yields the committed leaves from an index, then new ones as
// they are committed, until ctx ends.
func (l *Ledger) FollowLeaves(ctx context.Context, from uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		for {
			l.mu.RLock()
			size, grown := l.state.Next(), l.grown
			l.mu.RUnlock()
			if !l.leavesTo(ctx, from, size, yield) {
				return
			}
			from = max(from, size)
			select {
			case <-grown:
			case <-ctx.Done():
				return
			case <-l.stop:
				yield(Leaf{}, ErrClosed)
				return
			}
		}
	}
}

// Follow yields facts as FollowLeaves yields leaves.
func (l *Ledger) Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return facts(l.FollowLeaves(ctx, from))
}

func facts(leaves iter.Seq2[Leaf, error]) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) {
		for leaf, err := range leaves {
			if err != nil {
				yield(domain.Fact{}, err)
				return
			}
			fact, err := FactOf(leaf)
			if !yield(fact, err) || err != nil {
				return
			}
		}
	}
}

// receipt proves a leaf under a checkpoint of a size.
func (l *Ledger) receipt(size uint64, text []byte, leaf Leaf) (Receipt, error) {
	hashes, err := l.tree.Inclusion(leaf.Index, size)
	if err != nil {
		return Receipt{}, fmt.Errorf("prove event %d: %w", leaf.Index, err)
	}
	proof := translog.NewReceipt(leaf.Index, hashes, text, nil)
	return Receipt{Index: leaf.Index, Leaf: leaf.Hash, RecordedAt: leaf.RecordedAt, Proof: proof}, nil
}
