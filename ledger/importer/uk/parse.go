package uk

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/table"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// MaxSize is the largest file read, in bytes; the XML of 2026 has some 20 million.
const MaxSize = 128 << 20

const (
	sanctionsList = "UK Sanctions List"
	conList       = "OFSI consolidated list of financial sanctions targets"
)

// ParseXML reads the XML of the UK Sanctions List; filename serves messages
// and Entry.Place. The error is an *importer.Refused when the file is at fault.
func ParseXML(r io.Reader, filename string) (*importer.List, error) {
	list, data, err := importer.ReadText(r, filename, sanctionsList, MaxSize)
	if err != nil {
		return nil, err
	}
	p := &parser{list: list, refs: make(importer.References), ref: "UniqueID"}
	if err := tree.ReadList(filename, data, "Designations", p.attributes, p.child); err != nil {
		return nil, err
	}
	return p.dated(), nil
}

// ParseCSV reads the CSV of the UK Sanctions List, as ParseXML does the other.
func ParseCSV(r io.Reader, filename string) (*importer.List, error) {
	return readTable(r, filename, sanctionsList, "UniqueID", csvLayout())
}

// ParseConList reads OFSI's consolidated list; what ParseXML says holds.
func ParseConList(r io.Reader, filename string) (*importer.List, error) {
	return readTable(r, filename, conList, "GroupID", conListLayout())
}

func readTable(r io.Reader, filename, source, ref string, layout table.Layout) (*importer.List, error) {
	list, data, err := importer.ReadText(r, filename, source, MaxSize)
	if err != nil {
		return nil, err
	}
	t, err := table.Read(filename, data, layout)
	if err != nil {
		return nil, err
	}
	list.Warnings = append(list.Warnings, t.Warnings...)
	p := &parser{list: list, refs: make(importer.References), ref: ref}
	for _, row := range t.Above {
		p.dateIn(strings.Join(row, " "))
	}
	for _, e := range t.Entries {
		if reason := p.entry(e.Tree); reason != "" {
			return nil, &importer.Refused{File: filename, Offset: -1, Line: e.Line, Reason: reason}
		}
	}
	return p.dated(), nil
}

type parser struct {
	list *importer.List
	refs importer.References
	ref  string // the element that the entry goes by
}

func (p *parser) attributes(root *tree.Node) (reason string) {
	for _, a := range root.Kids {
		p.dateIn(a.Text)
	}
	return ""
}

// child reads an entry, or the date of the file that stands before the first.
func (p *parser) child(n *tree.Node) (reason string) {
	switch {
	case n.Name == "Designation":
		return p.entry(n)
	case len(n.Kids) > 0:
		return fmt.Sprintf("found element %s where Designation is expected", n.Name)
	}
	p.dateIn(n.Text)
	return ""
}

func (p *parser) entry(n *tree.Node) (reason string) {
	e, reason := newEntry(n, p.ref)
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

var (
	dateText = regexp.MustCompile(`\b(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})\b|\b(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})\b`)
	months   = "janfebmaraprmayjunjulaugsepoctnovdec"
)

// dateIn takes the first date of a text: "Report Date: 23-Sep-2026".
func (p *parser) dateIn(text string) {
	m := dateText.FindStringSubmatch(text)
	if m == nil || p.list.PublishedOn != "" {
		return
	}
	d, ok := day(m[1])
	if at := strings.Index(months, strings.ToLower(m[3])); m[3] != "" && at >= 0 && at%3 == 0 {
		d, ok = day(fmt.Sprintf("%s/%d/%s", m[2], time.Month(at/3+1), m[4]))
	}
	if ok && d.Precision() == "day" {
		p.list.PublishedOn = d
	}
}

func (p *parser) dated() *importer.List {
	if p.list.PublishedOn == "" {
		p.list.Warnings = append(p.list.Warnings, "the file bears no date: note the day on which it was obtained")
	}
	return p.list
}

// day reads a date, dd/mm/yyyy or as XML writes it.
func day(s string) (domain.Date, bool) {
	if d, ok := importer.SlashDay(s); ok {
		return d, true
	}
	return importer.Day(s)
}
