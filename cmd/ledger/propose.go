package main

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type proposeCmd struct {
	sending
	Title   string      `required:"" help:"What the members are asked."`
	Expires domain.Date `placeholder:"DATE" help:"Last day to endorse and enact; default in 30 days."`
	Files   []string    `arg:"" help:"Drafts, as {\"type\":…,\"version\":1,\"payload\":{…}}; ledger regimes un writes such."`
}

// Help shows more under --help.
func (c *proposeCmd) Help() string {
	return "Each draft is the exact payload of a decision (a regime, a member, a custodian, a benchmark, the rules, the log key). Signed by a root key, the proposal counts as that member's endorsement."
}

// Run posts proposal.made.
func (c *proposeCmd) Run(ctx context.Context, a *app) error {
	if c.Expires == "" {
		c.Expires = domain.DateOf(a.now().Add(30 * 24 * time.Hour))
	}
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	body := domain.ProposalMade{Title: c.Title, ExpiresOn: c.Expires}
	for _, file := range c.Files {
		d, err := a.draft(who, file)
		if err != nil {
			return err
		}
		body.Drafts = append(body.Drafts, d)
	}
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	e, err := who.sign("proposal.made", "", payload)
	if err != nil {
		return err
	}
	return c.deliver(ctx, a, e)
}

// draft reads a draft and holds it to the rules that its own text decides.
func (a *app) draft(who *signer, file string) (domain.Draft, error) {
	var d domain.Draft
	text, err := a.input(file)
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(text, &d, json.RejectUnknownMembers(true)); err != nil {
		return d, usage("%s:1: a draft has type, version and payload: %w", file, err)
	}
	h, err := who.header(d.Type, "")
	if err != nil {
		return d, fmt.Errorf("%s: %w", file, err)
	}
	if err := d.Payload.Compact(); err != nil {
		return d, usage("%s: %w", file, err)
	}
	if refusal := who.check(h, d.Payload); refusal != nil {
		refusal.Field = "payload." + refusal.Field
		return d, placed(file, text, refusal)
	}
	return d, nil
}
