package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// sending is what commands share that sign one event and post it.
type sending struct {
	signing
	Out string `short:"o" placeholder:"FILE" help:"Write the envelope to FILE and do not post it."`
}

// byRoot makes the agency's member speak when no other issuer is named.
func (s *sending) byRoot(agency domain.AgencyID) {
	if s.Issuer == "" {
		s.Issuer = domain.RootAgency(agency.Member())
	}
}

// send encodes and signs a payload, and posts it or writes it to a file.
func (s *sending) send(ctx context.Context, a *app, kind string, body any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	who, err := a.signer(ctx, s.signing)
	if err != nil {
		return err
	}
	e, err := who.sign(kind, "", payload)
	if err != nil {
		return err
	}
	return s.deliver(ctx, a, e)
}

func (s *sending) deliver(ctx context.Context, a *app, e *seal.Envelope) error {
	if s.Out == "" {
		return a.deliverOne(ctx, e)
	}
	if err := writeNew(s.Out, append(bytes.Clone(e.Raw), '\n'), 0o644); err != nil {
		return err
	}
	a.note("signed %s by %s into %s; post it with: ledger submit %s", e.Header.Type, e.Header.Issuer, s.Out, s.Out)
	if a.JSON {
		writeJSON(a.out, map[string]string{"event_id": e.Header.EventID, "file": s.Out, "envelope_sha256": e.Hash().String()})
	}
	return nil
}

type signCmd struct {
	sending
	Type string `required:"" help:"Event type, as enforcement.action_taken."`
	ID   string `name:"id" placeholder:"UUID" help:"Event id; default a fresh one."`
	File string `arg:"" help:"Payload, or - for standard input. Its bytes are signed as they are."`
	Post bool   `help:"Post the envelope as well."`
}

// Run signs a payload; without -o and --post the envelope goes to standard output.
func (c *signCmd) Run(ctx context.Context, a *app) error {
	payload, err := a.input(c.File)
	if err != nil {
		return err
	}
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	e, err := who.sign(c.Type, c.ID, payload)
	if err != nil {
		return placed(c.File, payload, err)
	}
	if c.Out == "" && !c.Post {
		_, err := fmt.Fprintf(a.out, "%s\n", e.Raw)
		return err
	}
	return c.deliver(ctx, a, e)
}
