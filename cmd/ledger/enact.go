package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

type enactCmd struct {
	signing
	Index uint64 `arg:"" help:"Index of the proposal."`
}

// Run posts each draft exactly as it was proposed. Drafts enacted before count
// as done, so that the command can be repeated.
func (c *enactCmd) Run(ctx context.Context, a *app) error {
	r, err := a.connect()
	if err != nil {
		return err
	}
	p, err := r.proposal(ctx, c.Index)
	if err != nil {
		return err
	}
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	var envelopes []*seal.Envelope
	for i, d := range p.body.Drafts {
		id := eventID(who.ledger, who.issuer, d.Type, p.leaf.String(), strconv.Itoa(i))
		e, err := who.sign(d.Type, id, d.Payload)
		if err != nil {
			return fmt.Errorf("draft %d: %w", i+1, err)
		}
		envelopes = append(envelopes, e)
	}
	bar := a.progress("enacting", len(envelopes))
	results, err := a.deliver(ctx, envelopes, bar)
	bar.End()
	if err != nil {
		return err
	}
	return c.tell(a, results)
}

// enacted is what the command answers.
type enacted struct {
	Enacted int      `json:"enacted"`
	Before  int      `json:"enacted_before"`
	Indexes []uint64 `json:"indexes"`
}

func (c *enactCmd) tell(a *app, results []delivered) error {
	var out enacted
	for i, d := range results {
		switch {
		case d.Refused != nil && d.Refused.Code == "decision.enacted_before" || d.Before:
			out.Before++
		case d.Refused != nil:
			return fmt.Errorf("draft %d (%s) was refused: %w", i+1, d.Type, d.Refused)
		default:
			out.Enacted++
			out.Indexes = append(out.Indexes, d.Index)
		}
	}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "enacted %d, enacted before %d\n", out.Enacted, out.Before)
	})
}

// proposed is a recorded proposal, read from its envelope.
type proposed struct {
	issuer domain.AgencyID
	leaf   domain.Hash
	body   domain.ProposalMade
}

func (r *remote) proposal(ctx context.Context, index uint64) (proposed, error) {
	e, err := r.event(ctx, index)
	if err != nil {
		return proposed{}, err
	}
	env, leaf, err := e.verifyLeaf()
	if err != nil {
		return proposed{}, err
	}
	event, refusal := domain.Decode(env.Header, env.Payload)
	if refusal != nil {
		return proposed{}, refusal
	}
	body, ok := event.Body.(domain.ProposalMade)
	if !ok {
		return proposed{}, fmt.Errorf("index %d is %s, no proposal: give the index that ledger propose printed", index, env.Header.Type)
	}
	return proposed{issuer: env.Header.Issuer, leaf: leaf, body: body}, nil
}
