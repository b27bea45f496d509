package un

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// MaxSize is the largest file read, in bytes; the list of 2026 has two million.
const MaxSize = 64 << 20

const source = "UN Security Council Consolidated List"

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
		seen: importer.References{},
	}
	if err := p.document(); err != nil {
		return nil, err
	}
	return p.list, nil
}

type parser struct {
	file string
	d    *xml.Decoder
	list *importer.List
	seen importer.References
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
		case xml.StartElement:
			if root || t.Name.Local != "CONSOLIDATED_LIST" {
				return p.refuse(fmt.Sprintf("found element %s where CONSOLIDATED_LIST alone is expected: is this the consolidated list?", t.Name.Local), nil)
			}
			root = true
			if err := p.root(t); err != nil {
				return err
			}
		}
	}
}

// root reads what CONSOLIDATED_LIST holds, up to its end.
func (p *parser) root(start xml.StartElement) error {
	for _, a := range start.Attr {
		if a.Name.Local == "dateGenerated" && len(a.Value) >= 10 {
			p.list.PublishedOn = domain.Date(a.Value[:10])
		}
	}
	if !p.list.PublishedOn.Valid() || p.list.PublishedOn == "" {
		return p.refuse("dateGenerated is missing or is no date", nil)
	}
	return p.children(func(t xml.StartElement) error {
		kind, item := map[string]string{"INDIVIDUALS": "person", "ENTITIES": "entity"}[t.Name.Local],
			map[string]string{"INDIVIDUALS": "INDIVIDUAL", "ENTITIES": "ENTITY"}[t.Name.Local]
		if kind == "" {
			return p.refuse("unknown section "+t.Name.Local, nil)
		}
		return p.children(func(t xml.StartElement) error {
			if t.Name.Local != item {
				return p.refuse(fmt.Sprintf("found element %s where %s is expected", t.Name.Local, item), nil)
			}
			return p.entry(t, kind)
		})
	})
}

// children calls each for every element up to the end of the open one.
func (p *parser) children(each func(xml.StartElement) error) error {
	for {
		tok, err := p.d.Token()
		if err != nil {
			return p.refuse("the XML breaks off or is not well formed", tree.CutShort(err))
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if err := each(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// entry reads one subject and adds it, under a reference not seen before.
func (p *parser) entry(start xml.StartElement, kind string) error {
	n, err := tree.Read(p.d, start)
	if err != nil {
		return p.refuse("the XML breaks off or is not well formed", err)
	}
	e := newEntry(n, kind)
	e.Place = fmt.Sprintf("%s:%d", p.file, n.Line)
	if e.Ref == "" {
		return p.refuse("the entry has no REFERENCE_NUMBER", nil)
	}
	if reason := p.seen.Claim(e); reason != "" {
		return p.refuse(reason, nil)
	}
	p.list.Entries = append(p.list.Entries, e)
	return nil
}

func (p *parser) refuse(reason string, err error) error {
	line, _ := p.d.InputPos()
	return &importer.Refused{File: p.file, Offset: p.d.InputOffset(), Line: line, Reason: reason, Err: err}
}
