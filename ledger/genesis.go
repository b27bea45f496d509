package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// writeGenesis admits and appends index 0.
func (l *Ledger) writeGenesis(ctx context.Context) error {
	if l.cfg.Genesis == nil {
		return errors.New("the store is empty: give the genesis envelope that `ledger found` wrote")
	}
	e, err := seal.Parse(l.cfg.Genesis)
	if err != nil {
		return fmt.Errorf("genesis: %w", err)
	}
	at := l.cfg.Clock().UnixMicro()
	leaf := Leaf{RecordedAt: at, Envelope: e.Raw, Hash: translog.LeafHash(at, e.Raw)}
	if err := l.replayOne(leaf, true); err != nil {
		return fmt.Errorf("genesis: %w", err)
	}
	record, err := recordOf(e, 0, at, leaf.Hash)
	if err != nil {
		return err
	}
	if _, err := l.ownKey(); err != nil {
		return fmt.Errorf("genesis: %w", err)
	}
	b := &batch{records: []eventstore.Record{record}, leaves: []domain.Hash{leaf.Hash}}
	if err := l.commit(ctx, b); err != nil {
		return err
	}
	l.checkpoint, l.marks = b.text, 1
	return nil
}
