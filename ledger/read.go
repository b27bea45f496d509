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
	if index >= l.Size() {
		return Leaf{}, fmt.Errorf("event %d: %w", index, ErrNoSuchLeaf)
	}
	for leaf, err := range l.leavesTo(ctx, index, index+1) {
		return leaf, err
	}
	return Leaf{}, fmt.Errorf("event %d: %w", index, ErrNoSuchLeaf)
}

// Leaves yields the committed leaves from an index to the head as of the call.
func (l *Ledger) Leaves(ctx context.Context, from uint64) iter.Seq2[Leaf, error] {
	return l.leavesTo(ctx, from, l.Size())
}

// leavesTo yields exactly the leaves of [from, to), each compared with the
// tree, or an error.
func (l *Ledger) leavesTo(ctx context.Context, from, to uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		next := from
		if next >= to {
			return
		}
		for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, from, to) {
			if err != nil {
				yield(Leaf{}, fmt.Errorf("read event %d: %w", next, err))
				return
			}
			leaf, err := l.genuine(r, next)
			if !yield(leaf, err) || err != nil {
				return
			}
			if next++; next == to {
				return
			}
		}
		yield(Leaf{}, fmt.Errorf("the store ends at event %d, %d are committed: %w", next, to, eventstore.ErrUnavailable))
	}
}

// genuine returns the leaf that a record holds. If it is not the one in the
// tree, the store was altered under the running ledger, which then signs no more.
func (l *Ledger) genuine(r eventstore.Record, index uint64) (Leaf, error) {
	want, err := l.tree.Leaf(index)
	if err != nil {
		return Leaf{}, fmt.Errorf("event %d: %w", index, err)
	}
	if leaf := LeafOf(r); leaf.Index == index && leaf.Hash == want {
		return leaf, nil
	}
	err = fmt.Errorf("the store holds for event %d not what was recorded: it was altered; restore it from a backup or an archive", index)
	l.fail(err)
	return Leaf{}, err
}

// Facts yields the committed facts from an index to the head as of the call.
func (l *Ledger) Facts(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return facts(l.Leaves(ctx, from))
}

// FollowLeaves yields the committed leaves from an index, then new ones as
// they are committed, until ctx ends, silently, or the ledger is closed, with
// ErrClosed.
func (l *Ledger) FollowLeaves(ctx context.Context, from uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		for {
			l.mu.RLock()
			size, grown := l.state.Next(), l.grown
			l.mu.RUnlock()
			for leaf, err := range l.leavesTo(ctx, from, size) {
				if ctx.Err() != nil || !yield(leaf, err) || err != nil {
					return
				}
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
