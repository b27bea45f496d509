package ledger

import (
	"context"
	"errors"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// recheck reads the first size records again and compares each with the tree:
// those that start-up took from its caches. The rest it had hashed from stored
// bytes. Where they differ signing stops; see genuine.
func (l *Ledger) recheck(ctx context.Context, size uint64) {
	for _, err := range l.leavesTo(ctx, 0, size) {
		switch {
		case err == nil:
			continue
		case errors.Is(err, eventstore.ErrCorrupt):
			l.fail(err)
		case ctx.Err() == nil:
			l.cfg.Log.Error("the stored events could not all be checked against the tree", "cause", err)
		}
		return
	}
}
