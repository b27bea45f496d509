package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// row is one record of an input file, as a payload.
type row struct {
	number  int // from 1; the header of a CSV file does not count
	line    int // in the file
	payload []byte
	event   domain.Event // once checked
	id      string
}

// badRow is what is wrong with a row.
type badRow struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Row     int    `json:"row"`
	Field   string `json:"field,omitempty"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
}

func (b badRow) String() string {
	field := ""
	if b.Field != "" {
		field = " " + b.Field + ":"
	}
	return fmt.Sprintf("%s:%d: row %d:%s %s (%s)", b.File, b.Line, b.Row, field, b.Message, b.Rule)
}

func (r row) bad(file string, refusal *domain.Refusal) badRow {
	return badRow{File: file, Line: r.line, Row: r.number, Field: refusal.Field, Rule: refusal.Rule, Message: refusal.Message}
}

// jsonRows reads a JSON array of payloads, or one payload a line.
func jsonRows(file string, text []byte) ([]row, error) {
	d := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true))
	array := d.PeekKind() == '['
	if array {
		if _, err := d.ReadToken(); err != nil {
			return nil, usage("%s:1: %w", file, err)
		}
	}
	var rows []row
	for kind := d.PeekKind(); kind == '{'; kind = d.PeekKind() {
		v, err := d.ReadValue()
		if err != nil {
			return nil, usage("%s:%d: %w", file, lineAt(text, d.InputOffset()), err)
		}
		start := d.InputOffset() - int64(len(v))
		rows = append(rows, row{number: len(rows) + 1, line: lineAt(text, start), payload: v.Clone()})
	}
	if array {
		if _, err := d.ReadToken(); err != nil {
			return nil, usage("%s:%d: want a list of objects: %w", file, lineAt(text, d.InputOffset()), err)
		}
	}
	if rest := bytes.TrimSpace(text[d.InputOffset():]); len(rest) > 0 {
		return nil, usage("%s:%d: want objects, one a line or in one list; found %.20q", file, lineAt(text, d.InputOffset()), rest)
	}
	return rows, nil
}

func lineAt(text []byte, offset int64) int { return 1 + bytes.Count(text[:offset], []byte{'\n'}) }

// identify derives the row's event id: from its source_ref, which its poster
// keeps unique, or else from its content.
func (r *row) identify(who *signer, kind string) {
	if st, ok := r.event.Body.(domain.Statement); ok && st.Base().SourceRef != nil {
		ref := st.Base().SourceRef
		r.id = eventID(who.ledger, who.issuer, kind, "source_ref", ref.System, ref.ID)
		return
	}
	content := jsontext.Value(bytes.Clone(r.payload))
	if err := content.Canonicalize(); err != nil {
		content = r.payload
	}
	sum := sha256.Sum256(content)
	r.id = eventID(who.ledger, who.issuer, kind, "content", hex.EncodeToString(sum[:]))
}

// object is a payload in the making.
type object map[string]any

func (o object) encode() ([]byte, error) { return json.Marshal(o, json.Deterministic(true)) }
