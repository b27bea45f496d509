package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

const recheckAgain = 5 * time.Second

// recheck reads the first size records again and compares each with the tree:
// those that start-up took from its caches. The rest it had hashed from stored
// bytes. Where they differ signing stops; see genuine. A store that does not
// answer is asked again.
func (l *Ledger) recheck(ctx context.Context, size uint64) {
	next := uint64(0)
	for next < size {
		var err error
		if next, err = l.recheckFrom(ctx, next, size); err == nil || ctx.Err() != nil {
			return
		}
		if errors.Is(err, eventstore.ErrCorrupt) {
			l.fail(err)
		}
		if !errors.Is(err, eventstore.ErrUnavailable) {
			l.cfg.Log.Error("the stored events could not all be checked against the tree", "from", next, "cause", err)
			return
		}
		select {
		case <-time.After(recheckAgain):
		case <-ctx.Done():
			return
		}
	}
}

func (l *Ledger) recheckFrom(ctx context.Context, from, to uint64) (next uint64, err error) {
	for leaf, err := range l.leavesTo(ctx, from, to) {
		if err != nil {
			return from, err
		}
		from = leaf.Index + 1
	}
	return from, nil
}
