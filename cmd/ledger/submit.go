package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

type submitCmd struct {
	Files []string `arg:"" help:"Files of envelopes, one a line; - for standard input."`
}

// Run posts envelopes in the order given.
func (c *submitCmd) Run(ctx context.Context, a *app) error {
	var all []*seal.Envelope
	for _, file := range c.Files {
		envelopes, err := a.envelopes(file)
		if err != nil {
			return err
		}
		all = append(all, envelopes...)
	}
	p := a.progress("posting", len(all))
	results, err := a.deliver(ctx, all, p)
	p.End()
	if err != nil {
		return err
	}
	if err := c.keep(all, results); err != nil {
		return err
	}
	return a.report(results)
}

// keep saves the receipt of a file with one envelope beside it, unless it is of
// an earlier envelope with the same content.
func (c *submitCmd) keep(all []*seal.Envelope, results []delivered) error {
	if len(c.Files) != len(results) {
		return nil // files of many: their receipts are in sent
	}
	for i, file := range c.Files {
		d := results[i]
		if _, err := os.Stat(file); err != nil || d.Receipt == "" || translog.LeafHash(d.RecordedAt, all[i].Raw) != d.Leaf {
			continue // standard input, or an outbox file that is filed away now
		}
		if err := writeReceipt(file+".receipt", d); err != nil {
			return err
		}
	}
	return nil
}

// envelopes reads one envelope a line.
func (a *app) envelopes(file string) ([]*seal.Envelope, error) {
	text, err := a.input(file)
	if err != nil {
		return nil, err
	}
	var out []*seal.Envelope
	n := 0
	for line := range bytes.Lines(text) {
		n++
		e, err := seal.Parse(bytes.TrimSpace(line))
		if err != nil {
			return nil, usage("%s:%d: %w", file, n, err)
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil, usage("%s:1: no envelope stands here", file)
	}
	return out, nil
}

// errRefused says that some events were refused; each was named before.
var errRefused = errors.New("the ledger refused some events, the others are recorded: see above")

// report tells of each event, and fails when one was refused.
func (a *app) report(results []delivered) error {
	var bad error
	for _, d := range results {
		if d.Refused != nil {
			bad = errRefused
		}
		if a.JSON {
			writeJSON(a.out, d)
			continue
		}
		d.tellAny(a.out)
	}
	return bad
}

func (d delivered) tellAny(w io.Writer) {
	if d.Refused != nil {
		fmt.Fprintf(w, "%s refused: %v%s\n", d.Type, d.Refused, d.contest())
		return
	}
	d.tell(w)
}
