package eu

import (
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/table"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// MaxSize is the largest file read, in bytes; the XML of 2026 has 25 million.
const MaxSize = 128 << 20

const source = "EU consolidated list of financial sanctions"

// ParseXML reads the XML edition; filename serves messages and Entry.Place.
// The error is an *importer.Refused when the file is at fault.
func ParseXML(r io.Reader, filename string) (*importer.List, error) {
	list, data, err := importer.ReadText(r, filename, source, MaxSize)
	if err != nil {
		return nil, err
	}
	p := &parser{list: list, refs: make(importer.References)}
	if err := tree.ReadList(filename, data, "export", p.export, p.entity); err != nil {
		return nil, err
	}
	return list, nil
}

// ParseCSV reads the CSV edition, as ParseXML does the other.
func ParseCSV(r io.Reader, filename string) (*importer.List, error) {
	list, data, err := importer.ReadText(r, filename, source, MaxSize)
	if err != nil {
		return nil, err
	}
	t, err := table.Read(filename, data, csvLayout())
	if err != nil {
		return nil, err
	}
	list.Warnings = append(list.Warnings, t.Warnings...)
	p := &parser{list: list, refs: make(importer.References)}
	for _, e := range t.Entries {
		p.generated(e.Tree)
		if reason := p.entry(e.Tree); reason != "" {
			return nil, &importer.Refused{File: filename, Offset: -1, Line: e.Line, Reason: reason}
		}
	}
	if list.PublishedOn == "" {
		list.Warnings = append(list.Warnings, "no row has a fileGenerationDate that is a date")
	}
	return list, nil
}

type parser struct {
	list *importer.List
	refs importer.References
}

func (p *parser) export(root *tree.Node) (reason string) {
	if date := root.Get("@generationDate"); len(date) >= 10 {
		p.list.PublishedOn = domain.Date(date[:10])
	}
	if !p.list.PublishedOn.Valid() {
		return "generationDate is missing or is no date"
	}
	return ""
}

// generated takes the date of the file, which each row of the CSV repeats.
func (p *parser) generated(n *tree.Node) {
	for _, k := range n.All(generationDate) {
		if d, ok := day(k.Text); ok {
			k.Used, p.list.PublishedOn = true, d
		}
	}
}

func (p *parser) entity(n *tree.Node) (reason string) {
	if n.Name != "sanctionEntity" {
		return fmt.Sprintf("found element %s where sanctionEntity is expected", n.Name)
	}
	return p.entry(n)
}

func (p *parser) entry(n *tree.Node) (reason string) {
	e, reason := newEntry(n)
	if reason != "" {
		return reason
	}
	e.Place = fmt.Sprintf("%s:%d", p.list.File, n.Line)
	if reason := p.refs.Claim(e); reason != "" {
		return reason
	}
	p.list.Entries = append(p.list.Entries, e)
	return ""
}
