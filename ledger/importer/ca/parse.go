package ca

import (
	"bytes"
	"encoding/xml"
	"errors"
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
	p := &parser{
		file: filename,
		d:    xml.NewDecoder(bytes.NewReader(data)),
		list: list,
		seen: make(map[string]int),
	}
	if err := p.document(); err != nil {
		return nil, err
	}
	p.summary()
	return p.list, nil
}

type parser struct {
	file   string
	d      *xml.Decoder
	list   *importer.List
	seen   map[string]int // how often a reference came up
	commas int            // entries whose aliases are divided by commas
}

// document reads the root and holds the file to one root, closed, alone.
func (p *parser) document() error {
	root := false
	for {
		tok, err := p.d.Token()
		if errors.Is(err, io.EOF) && root {
			return nil
		}
		if err != nil {
			return p.refuse("the XML breaks off or is not well formed", tree.CutShort(err))
		}
		switch t := tok.(type) {
		case xml.Directive:
			return p.refuse("a document type declaration is not part of this list", nil)
		case xml.CharData:
			if err := p.blank(t); err != nil {
				return err
			}
		case xml.StartElement:
			if root || t.Name.Local != "data-set" {
				return p.refuse(fmt.Sprintf("found element %s where data-set alone is expected: is this Canada's consolidated list?", t.Name.Local), nil)
			}
			root = true
			if err := p.records(); err != nil {
				return err
			}
		}
	}
}

// records reads all records up to the end of the root.
func (p *parser) records() error {
	for {
		tok, err := p.d.Token()
		if err != nil {
			return p.refuse("the XML breaks off or is not well formed", tree.CutShort(err))
		}
		switch t := tok.(type) {
		case xml.StartElement:
			err = p.record(t)
		case xml.CharData:
			err = p.blank(t)
		case xml.EndElement:
			if len(p.list.Entries) == 0 {
				return p.refuse("the list has no record", nil)
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// record reads one record and adds it under a reference of its own.
func (p *parser) record(start xml.StartElement) error {
	if start.Name.Local != "record" {
		return p.refuse(fmt.Sprintf("found element %s where record is expected", start.Name.Local), nil)
	}
	n, err := tree.Read(p.d, start)
	if err != nil {
		return p.refuse("the XML breaks off or is not well formed", err)
	}
	if !n.Blank() {
		return p.refuse(fmt.Sprintf("the text %.40q stands in a record but in none of its elements", strings.TrimSpace(n.Text)), nil)
	}
	b := &builder{root: n}
	if err := b.build(); err != nil {
		return p.refuse("the record is no entry", err)
	}
	b.e.Place = fmt.Sprintf("%s:%d", p.file, n.Line)
	p.add(b)
	return nil
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

// blank refuses text between the elements.
func (p *parser) blank(text xml.CharData) error {
	if len(bytes.TrimSpace(text)) > 0 {
		return p.refuse(fmt.Sprintf("the text %.40q stands outside of the records", bytes.TrimSpace(text)), nil)
	}
	return nil
}

func (p *parser) refuse(reason string, err error) error {
	line, _ := p.d.InputPos()
	return &importer.Refused{File: p.file, Offset: p.d.InputOffset(), Line: line, Reason: reason, Err: err}
}
