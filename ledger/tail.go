package ledger

import (
	"context"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// readCheckpoints finds the newest checkpoint. Its signature is checked once
// the log key is known, in signTail.
func (l *Ledger) readCheckpoints(ctx context.Context) (translog.Checkpoint, error) {
	n, err := l.cfg.Store.Next(ctx, eventstore.Checkpoints)
	if err != nil || n == 0 {
		return translog.Checkpoint{}, err
	}
	l.marks = n
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Checkpoints, n-1, n) {
		if err != nil {
			return translog.Checkpoint{}, fmt.Errorf("read checkpoint %d: %w", n-1, err)
		}
		l.checkpoint = r.Data
	}
	return translog.PeekCheckpoint(l.checkpoint)
}

// signTail writes genesis into an empty store, and signs what a crash left
// between an append and its checkpoint.
func (l *Ledger) signTail(ctx context.Context, signed uint64) error {
	if l.tree.Size() == 0 {
		return l.writeGenesis(ctx)
	}
	v, err := l.ownKey()
	if err != nil {
		return err
	}
	if signed > 0 {
		if _, err := translog.OpenCheckpoint(l.checkpoint, l.state.Origin(), v); err != nil {
			return fmt.Errorf("newest checkpoint: %w", err)
		}
	}
	if l.tree.Size() == signed {
		return nil
	}
	return l.appendMark(ctx)
}

func (l *Ledger) appendMark(ctx context.Context) error {
	staged, err := l.tree.Stage(nil)
	if err != nil {
		return err
	}
	text, err := l.sign(staged)
	if err != nil {
		return err
	}
	if err := l.cfg.Store.Append(ctx, l.mark(text)); err != nil {
		return fmt.Errorf("append checkpoint: %w", err)
	}
	l.checkpoint, l.marks = text, l.marks+1
	l.keeper.keep(text)
	return nil
}
