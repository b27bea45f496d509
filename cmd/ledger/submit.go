package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

type submitCmd struct {
	Files []string `arg:"" help:"Files of envelopes, one a line; - for standard input."`
}

// source is where an envelope was read.
type source struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// submitted is what the command answers of each envelope.
type submitted struct {
	source
	delivered
}

// Run posts envelopes in the order given.
func (c *submitCmd) Run(ctx context.Context, a *app) error {
	var all []*seal.Envelope
	var from []source
	for _, file := range c.Files {
		envelopes, err := a.envelopes(file)
		if err != nil {
			return err
		}
		for i := range envelopes {
			from = append(from, source{file, i + 1})
		}
		all = append(all, envelopes...)
	}
	p := a.progress("posting", len(all))
	results, err := a.deliver(ctx, all, p)
	p.End()
	if results == nil {
		return err
	}
	if err := c.keep(all, results); err != nil {
		return err
	}
	return firstError(err, c.report(a, from, results))
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
var errRefused = errors.New("the ledger refused some events, see above; what was recorded stays recorded")

// report tells of each event, and fails when one was refused.
func (c *submitCmd) report(a *app, from []source, results []delivered) error {
	var bad error
	many := len(c.Files) < len(results)
	for i, d := range results {
		if d.Refused != nil {
			bad = errRefused
		}
		switch {
		case a.JSON:
			writeJSON(a.out, submitted{from[i], d})
		case len(results) == 1 && d.answered() && d.Refused == nil:
			d.tell(a.out)
		default:
			fmt.Fprintf(a.out, "%s: %s\n", from[i].name(many), d.outcome())
		}
	}
	if len(results) > 1 && !a.JSON {
		fmt.Fprintln(a.out, summed(results))
	}
	return bad
}

// name says the file, and the line where files hold many.
func (s source) name(many bool) string {
	if many {
		return fmt.Sprintf("%s:%d", s.File, s.Line)
	}
	return s.File
}

// outcome says in one line what became of an envelope.
func (d delivered) outcome() string {
	switch {
	case d.Refused != nil:
		return fmt.Sprintf("%s refused: %v%s", d.Type, d.Refused, strings.ReplaceAll(d.contest(), "\n", "; "))
	case d.Kept != nil:
		return fmt.Sprintf("%s not decided, kept in the outbox: %v", d.Type, d.Kept)
	case !d.answered():
		return d.Type + " not answered, kept in the outbox"
	case d.Before:
		return fmt.Sprintf("%s was already recorded at index %d", d.Type, d.Index)
	}
	return fmt.Sprintf("%s recorded at index %d", d.Type, d.Index)
}

// summed counts what became of many.
func summed(results []delivered) string {
	var recorded, before, no, open int
	for _, d := range results {
		switch {
		case d.Refused != nil:
			no++
		case !d.answered():
			open++
		case d.Before:
			before++
		default:
			recorded++
		}
	}
	return fmt.Sprintf("of %d envelopes %d recorded, %d already recorded, %d refused, %d kept in the outbox", len(results), recorded, before, no, open)
}
