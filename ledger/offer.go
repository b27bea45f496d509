package ledger

import (
	"context"
	"iter"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// A replica that orders events has each batch in memory when it signs it. The
// others ask it for the bytes that a checkpoint covers before they ask the
// store: so the store serves each event once however many replicas there are.
// Nothing is taken on trust: the bytes must give the root that the log signed,
// and where they do not, or do not come, the store is read.

const (
	offerPatience = 2 * time.Second  // for one answer
	offerRest     = 10 * time.Second // during which a holder that gave none is not asked
	offerBytes    = 1 << 20          // of envelopes in one answer
)

// source yields the leaves from an index up to, but without, another.
type source func(ctx context.Context, from, to uint64) iter.Seq2[Leaf, error]

// Offer returns committed leaves to another replica, as Peers.Leaves does. It
// waits a moment for what is being committed.
func (l *Ledger) Offer(ctx context.Context, from, to uint64) []Leaf {
	ctx, cancel := context.WithTimeout(ctx, offerPatience)
	defer cancel()
	if l.commits(ctx, to) != nil {
		return nil
	}
	l.mu.RLock()
	kept := l.recent.from(from)
	l.mu.RUnlock()
	kept = kept[:min(uint64(len(kept)), to-min(from, to), maxBatch)]
	leaves := make([]Leaf, 0, len(kept))
	for bytes := 0; len(leaves) < len(kept); {
		leaf := kept[len(leaves)].leaf
		if bytes += len(leaf.Envelope); bytes > offerBytes && len(leaves) > 0 {
			break
		}
		leaves = append(leaves, leaf)
	}
	return leaves
}

// offered is a source that asks the replica that orders events. It ends early
// where that one does not have them.
func (l *Ledger) offered(ctx context.Context, from, to uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		_, holder := l.lease()
		for from < to && l.cfg.Peers != nil && holder != "" && holder != l.cfg.Name {
			leaves, err := l.askLeaves(ctx, holder, from, to)
			if err != nil || len(leaves) == 0 {
				return
			}
			for _, leaf := range leaves {
				if !yield(leaf, nil) {
					return
				}
				from++
			}
		}
	}
}

func (l *Ledger) askLeaves(ctx context.Context, holder string, from, to uint64) ([]Leaf, error) {
	if l.cfg.Clock().Before(l.mute) {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, offerPatience)
	defer cancel()
	leaves, err := l.cfg.Peers.Leaves(ctx, holder, from, to)
	if err != nil || len(leaves) == 0 {
		l.cfg.Log.Debug("the replica that orders events did not hand them over; the store is read", "from", from, "cause", err)
		l.mute = l.cfg.Clock().Add(offerRest)
	}
	return leaves, err
}

// stored is a source that reads the journal.
func (l *Ledger) stored(ctx context.Context, from, to uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		if from >= to {
			return
		}
		for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, from, to) {
			if err != nil {
				yield(Leaf{}, err)
				return
			}
			if !yield(LeafOf(r), nil) {
				return
			}
		}
	}
}
