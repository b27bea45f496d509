package ca

import (
	"fmt"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// MaxSize is the largest file read, in bytes; the list of 2025 has 1.5 million.
const MaxSize = 64 << 20

const source = "Consolidated Canadian Autonomous Sanctions List"

// Parse reads a published list; filename serves messages and Entry.Place.
// The error is an *importer.Refused when the file is at fault.
func Parse(r io.Reader, filename string) (*importer.List, error) {
	list, data, err := importer.ReadText(r, filename, source, MaxSize)
	if err != nil {
		return nil, err
	}
	p := &parser{file: filename, list: list, seen: make(map[string]int)}
	if err := tree.ReadList(filename, data, "data-set", p.root, p.record); err != nil {
		return nil, err
	}
	if len(list.Entries) == 0 {
		return nil, &importer.Refused{File: filename, Offset: -1, Reason: "the list has no record"}
	}
	p.summary()
	return p.list, nil
}

type parser struct {
	file   string
	list   *importer.List
	seen   map[string]int // how often a reference came up
	commas int            // entries whose aliases are divided by commas
}

// root has attributes alone, and none of this list means anything.
func (p *parser) root(*tree.Node) string { return "" }

// record reads one record and adds it under a reference of its own.
func (p *parser) record(n *tree.Node) string {
	if n.Name != "record" {
		return fmt.Sprintf("found element %s where record is expected", n.Name)
	}
	if !n.Blank() {
		return fmt.Sprintf("the text %.40q stands in a record but in none of its elements", strings.TrimSpace(n.Text))
	}
	b := &builder{root: n}
	if err := b.build(); err != nil {
		return "the record is no entry: " + err.Error()
	}
	b.e.Place = fmt.Sprintf("%s:%d", p.file, n.Line)
	p.add(b)
	return ""
}

// add gives a record that shares its reference one of its own.
func (p *parser) add(b *builder) {
	p.seen[b.e.Ref]++
	if n := p.seen[b.e.Ref]; n > 1 {
		text := fmt.Sprintf("record %d of country, schedule and item %s: it has the reference %s@%d by its place in the file alone", n, b.e.Ref, b.e.Ref, n)
		b.e.Ref = fmt.Sprintf("%s@%d", b.e.Ref, n)
		b.warn(text)
		p.list.Warnings = append(p.list.Warnings, text)
	}
	if b.commas {
		p.commas++
	}
	p.list.Entries = append(p.list.Entries, b.e)
}

func (p *parser) summary() {
	if p.commas > 0 {
		p.list.Warnings = append(p.list.Warnings, fmt.Sprintf("%d records have aliases with commas but without semicolons: each was kept as one name", p.commas))
	}
}
