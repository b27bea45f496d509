package main

import (
	"context"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type endorseCmd struct {
	sending
	Index uint64 `arg:"" help:"Index of the proposal; read it first: ledger view events/INDEX."`
}

// Run posts proposal.endorsed, naming the leaf that this program computed
// itself from the proposal's bytes.
func (c *endorseCmd) Run(ctx context.Context, a *app) error {
	r, err := a.connect()
	if err != nil {
		return err
	}
	p, err := r.proposal(ctx, c.Index)
	if err != nil {
		return err
	}
	a.note("endorsing %q of %s, with %d drafts, open to %s", p.body.Title, p.issuer, len(p.body.Drafts), p.body.ExpiresOn)
	return c.send(ctx, a, "proposal.endorsed", domain.ProposalEndorsed{Proposal: domain.Ref{Index: c.Index, Leaf: p.leaf}})
}
