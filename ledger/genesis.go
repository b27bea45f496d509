package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
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
	leaf := NewLeaf(0, at, e.Raw)
	fact, err := replayOne(l.state, leaf, judge{read: factOf, may: verifyFact})
	if err != nil {
		return fmt.Errorf("genesis: %w", err)
	}
	record, err := recordOf(e, 0, at, leaf.Hash)
	if err != nil {
		return err
	}
	if err := l.ownKey(l.state); err != nil {
		return fmt.Errorf("genesis: %w", err)
	}
	b := &batch{records: []eventstore.Record{record}}
	if err := errors.Join(b.keep(entry{leaf, fact}), l.commit(ctx, b)); err != nil {
		return err
	}
	l.checkpoint = b.text
	l.recent.add(b)
	return nil
}
