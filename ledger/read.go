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

// FollowLeaves yields the committed leaves from an index, then new ones as
// they are committed, until ctx ends, silently, or the ledger is closed, with
// ErrClosed.
func (l *Ledger) FollowLeaves(ctx context.Context, from uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		for e, err := range l.followEntries(ctx, from) {
			if !yield(e.leaf, err) {
				return
			}
		}
	}
}

// Facts yields the committed facts from an index to the head as of the call.
// Voided records are no facts: where there is one, an index is left out.
func (l *Ledger) Facts(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return l.facts(l.entriesTo(ctx, nil, from, l.Size()))
}

// Follow yields facts as Facts does, then new ones, as FollowLeaves yields
// leaves.
func (l *Ledger) Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return l.facts(l.followEntries(ctx, from))
}

func (l *Ledger) facts(entries iter.Seq2[entry, error]) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) {
		for e, err := range entries {
			var fact domain.Fact
			switch {
			case err != nil:
			case e.fact != nil:
				fact = *e.fact
			case l.voided(e.leaf.Index):
				continue
			default:
				fact, err = FactOf(e.leaf)
			}
			if !yield(fact, err) || err != nil {
				return
			}
		}
	}
}

func (l *Ledger) voided(index uint64) (yes bool) {
	l.View(func(s *domain.State) { yes = s.Voided(index) })
	return yes
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
