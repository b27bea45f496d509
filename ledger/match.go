package ledger

import (
	"context"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// shorter refuses a store that lacks events which were acknowledged.
func shorter(what string, recorded, stored uint64) error {
	return fmt.Errorf("%s covers %d events, the store holds %d: %w", what, recorded, stored, errShorter)
}

// matches checks that our tree is the one that a checkpoint signed.
func (l *Ledger) matches(ctx context.Context, what string, c translog.Checkpoint) error {
	if c.Size == 0 {
		return nil
	}
	if have := l.tree.Size(); have < c.Size {
		return shorter(what, c.Size, have)
	}
	root, err := l.tree.RootAt(c.Size)
	if err != nil {
		return err
	}
	if root != c.Root {
		return differs(what, c, root, l.locate(ctx))
	}
	return nil
}

// matchesKept checks the tree against the copy of the highest checkpoint.
//
// That one may cover events which no checkpoint in the store does: a shared
// store may have lost what was kept here.
func (l *Ledger) matchesKept(ctx context.Context, stored uint64) error {
	kept, err := l.keeper.read()
	if err != nil || kept == nil {
		return err
	}
	v, err := logKeys(l.state)
	if err != nil {
		return fmt.Errorf("the store is empty or damaged, but this ledger signed a checkpoint before: %w", err)
	}
	c, err := translog.OpenCheckpoint(kept, l.state.Origin(), v...)
	if err != nil {
		l.cfg.Log.Warn("the kept checkpoint is not readable and is ignored", "cause", err)
		return nil
	}
	const what = "the highest checkpoint this ledger signed"
	if c.Size > stored {
		return shorter(what, c.Size, stored)
	}
	if c.Size <= l.tree.Size() {
		return l.matches(ctx, what, c)
	}
	var leaves []domain.Hash
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, l.tree.Size(), c.Size) {
		if err != nil {
			return fmt.Errorf("check %s: %w", what, err)
		}
		leaves = append(leaves, LeafOf(r).Hash)
	}
	staged, err := l.tree.Stage(leaves)
	if err != nil {
		return err
	}
	if staged.Root() != c.Root {
		return differs(what, c, staged.Root(), "")
	}
	return nil
}

func differs(what string, c translog.Checkpoint, root domain.Hash, where string) error {
	return fmt.Errorf("%s has root %s at size %d, the stored events give %s: the store was altered%s; restore it from a backup or an archive", what, c.Root, c.Size, root, where)
}

// locate says, as far as older checkpoints tell, where the store was altered:
// after the last one that still matches, before the first that does not.
func (l *Ledger) locate(ctx context.Context) string {
	v, err := logKeys(l.state)
	if err != nil {
		return ", from genesis on"
	}
	var good uint64
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Checkpoints, 0, eventstore.Head) {
		if err != nil {
			break
		}
		c, err := translog.OpenCheckpoint(r.Data, l.state.Origin(), v...)
		if err != nil || c.Size > l.tree.Size() {
			continue // not the log's; what is missing is told elsewhere
		}
		switch root, err := l.tree.RootAt(c.Size); {
		case err != nil:
			return ""
		case root != c.Root && c.Size == good+1:
			return fmt.Sprintf(", at event %d", good)
		case root != c.Root:
			return fmt.Sprintf(", first among events %d to %d", good, c.Size-1)
		}
		good = max(good, c.Size)
	}
	return ""
}
