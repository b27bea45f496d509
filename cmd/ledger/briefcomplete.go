package main

import (
	"context"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// complete checks a brief against an archive: it holds each event on which the
// answer rests, by the same views from which the ledger makes briefs.
func (a *app) complete(ctx context.Context, g genesis, b *brief, path string) error {
	if g.hash.IsZero() {
		return usage("to verify the archive, name the ledger: --genesis or LEDGER_GENESIS")
	}
	d, err := a.audit(ctx, g, path, translog.Checkpoint{Origin: b.Origin, Size: b.Size, Root: b.Root})
	if err != nil {
		return err
	}
	defer d.file.Close()
	views, kinds := projections.NewViews(), map[uint64]string{}
	for r, err := range d.records() {
		if err != nil {
			return err
		}
		if !r.voided {
			views.Fold(r.fact)
			kinds[r.fact.Index] = r.fact.Type
		}
	}
	return b.leavesOut(views, kinds)
}

// leavesOut fails for the first event that the brief should hold and does not.
func (b *brief) leavesOut(views *projections.Views, kinds map[uint64]string) error {
	if !b.On.Valid() {
		return fmt.Errorf("%w: %.20q is no day", errBrief, string(b.On))
	}
	known, ok := views.Knowledge(b.Subject, projections.Query{AsOf: &b.AsOf, On: b.On})
	if !ok {
		return fmt.Errorf("%w: it is on %.100q, and the archive knows no such subject as of index %d", errBrief, b.Subject, b.AsOf)
	}
	for _, i := range known.Events {
		if !b.holds(i) {
			return fmt.Errorf("the brief is not complete: event %d (%s) was known by then and is about the subject, and the brief leaves it out", i, kinds[i])
		}
	}
	return nil
}
