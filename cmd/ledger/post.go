package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

type postCmd struct {
	signing
	File     string `arg:"" help:"CSV, JSON (a list) or NDJSON file of payloads; the ending of the name says which."`
	Type     string `required:"" help:"Event type of all rows, as enforcement.action_taken."`
	Receipts string `placeholder:"FILE" help:"Where to write the receipts; default FILE.receipts.ndjson."`
	DryRun   bool   `help:"Check all rows; sign and post nothing."`
}

// Help shows more under --help.
func (c *postCmd) Help() string {
	return "The header of a CSV file names members by their paths: occurred_on, kind, amount.amount, amount.currency, legal_basis.instrument, designations (values separated by |), source_ref.system, source_ref.id; see ledger template TYPE. All rows are checked before the first is signed: when one is bad, nothing is posted. A row's event id comes from its source_ref, or else from its content, so that posting the file again adds nothing."
}

// postedFile is what the command answers.
type postedFile struct {
	Rows     int      `json:"rows"`
	Recorded int      `json:"recorded"`
	Before   int      `json:"recorded_before"`
	Bad      []badRow `json:"bad,omitempty"`
	Receipts string   `json:"receipts,omitempty"`
}

// Run checks, signs and posts a file.
func (c *postCmd) Run(ctx context.Context, a *app) error {
	rows, err := c.rows(a)
	if err != nil {
		return err
	}
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	bad, err := c.check(ctx, a, who, rows)
	if err != nil {
		return err
	}
	out := postedFile{Rows: len(rows), Bad: bad}
	if len(bad) > 0 {
		return c.reject(a, out, "nothing was posted: mend them and run the command again")
	}
	if c.DryRun {
		return a.answer(out, func(w io.Writer) { fmt.Fprintf(w, "%d rows are in order; nothing was posted\n", len(rows)) })
	}
	return c.post(ctx, a, who, rows, out)
}

func (c *postCmd) rows(a *app) ([]row, error) {
	text, err := a.input(c.File)
	if err != nil {
		return nil, err
	}
	read := map[string]func(string, []byte) ([]row, error){".csv": csvRows, ".json": jsonRows, ".ndjson": jsonRows, ".jsonl": jsonRows}[strings.ToLower(filepath.Ext(c.File))]
	if read == nil {
		return nil, usage("%s: the name ends in neither .csv, .json nor .ndjson", c.File)
	}
	rows, err := read(c.File, text)
	if err == nil && len(rows) == 0 {
		err = usage("%s:1: the file holds no row", c.File)
	}
	return rows, err
}

// reject names bad rows and fails.
func (c *postCmd) reject(a *app, out postedFile, what string) error {
	if a.JSON {
		writeJSON(a.out, out)
	}
	for i, b := range out.Bad {
		if i == 50 {
			a.note("… and %d more", len(out.Bad)-i)
			break
		}
		a.note("%s", b)
	}
	return fmt.Errorf("%d of %d rows are bad: %s", len(out.Bad), out.Rows, what)
}

func (c *postCmd) post(ctx context.Context, a *app, who *signer, rows []row, out postedFile) error {
	envelopes := make([]*seal.Envelope, len(rows))
	for i, r := range rows {
		e, err := who.sign(c.Type, r.id, r.payload)
		if err != nil {
			return fmt.Errorf("%s:%d: row %d: %w", c.File, r.line, r.number, err)
		}
		envelopes[i] = e
	}
	bar := a.progress("posting", len(envelopes))
	results, err := a.deliver(ctx, envelopes, bar)
	bar.End()
	if err != nil {
		return err
	}
	for i, d := range results {
		switch {
		case d.Refused != nil:
			out.Bad = append(out.Bad, badRow{File: c.File, Line: rows[i].line, Row: rows[i].number, Field: d.Refused.Field, Rule: d.Refused.Code, Message: d.Refused.Detail})
		case d.Before:
			out.Before++
		default:
			out.Recorded++
		}
	}
	if out.Receipts, err = c.keep(rows, results); err != nil {
		return err
	}
	if len(out.Bad) > 0 {
		return c.reject(a, out, "the ledger refused them; every other row is recorded")
	}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "%d recorded, %d recorded before; receipts in %s\n", out.Recorded, out.Before, out.Receipts)
	})
}

// keptReceipt is one line of the receipts file.
type keptReceipt struct {
	Row  int `json:"row"`
	Line int `json:"line"`
	delivered
}

// keep writes the receipts, also of rows that an earlier run recorded.
func (c *postCmd) keep(rows []row, results []delivered) (string, error) {
	path := c.Receipts
	if path == "" {
		path = c.File + ".receipts.ndjson"
	}
	var text bytes.Buffer
	for i, d := range results {
		writeJSON(&text, keptReceipt{rows[i].number, rows[i].line, d})
	}
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		return "", fmt.Errorf("keep the receipts: %w", err)
	}
	return path, nil
}
