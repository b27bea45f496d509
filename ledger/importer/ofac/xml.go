package ofac

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// Parse reads the list in either XML form, which its first element tells:
// sdnList or Sanctions. Filename serves messages and places. The error is an
// *importer.Refused when the file is at fault.
func Parse(r io.Reader, filename string) (*importer.List, error) {
	return parse(r, filename, "sdnList", "Sanctions")
}

// ParseXML reads sdn.xml.
func ParseXML(r io.Reader, filename string) (*importer.List, error) {
	return parse(r, filename, "sdnList")
}

// ParseAdvanced reads sdn_advanced.xml, which follows the United Nations'
// Advanced Sanctions Data Model. Each code is replaced by its word; a code
// without one has the file refused. ListedOn is the day of the event Created on
// the SDN list. A profile's relationships become remarks that name the other
// one. Of the attributes these are left out: numbers that tie an element to
// another of the same file, flags that are false, FixedRef where it repeats the
// entry's, and codes whose word is Unknown, or Gregorian.
func ParseAdvanced(r io.Reader, filename string) (*importer.List, error) {
	return parse(r, filename, "Sanctions")
}

// document reads one XML file.
type document struct {
	file      string
	d         *xml.Decoder
	list      *importer.List
	seen      map[string]string // reference to place
	countries countries
}

const notWhole = "the XML breaks off or is not well formed"

func parse(r io.Reader, filename string, roots ...string) (*importer.List, error) {
	data, err := readAll(r, filename)
	if err != nil {
		return nil, err
	}
	if refused := importer.CheckText(filename, data); refused != nil {
		return nil, refused
	}
	p := &document{
		file: filename, d: xml.NewDecoder(bytes.NewReader(data)), seen: make(map[string]string), countries: make(countries),
		list: &importer.List{Source: source, File: filename, SHA256: sha256.Sum256(data)},
	}
	if bytes.ContainsRune(data, utf8.RuneError) {
		p.list.Warnings = append(p.list.Warnings, "the file holds U+FFFD: some text was already damaged before it was published")
	}
	if err := p.read(roots); err != nil {
		return nil, err
	}
	if len(p.list.Entries) == 0 {
		return nil, p.refuse("the list has no entry", nil)
	}
	return p.list, nil
}

// read holds the file to one root, one of those, closed, alone.
func (p *document) read(roots []string) error {
	done := false
	for {
		tok, err := p.d.Token()
		if errors.Is(err, io.EOF) && done {
			return nil
		}
		if err != nil {
			return p.refuse(notWhole, tree.CutShort(err))
		}
		switch t := tok.(type) {
		case xml.Directive:
			return p.refuse("a document type declaration is not part of this list", nil)
		case xml.StartElement:
			if done {
				return p.refuse("a second element "+t.Name.Local+" follows the list", nil)
			}
			done = true
			if err := p.root(t, roots); err != nil {
				return err
			}
		}
	}
}

func (p *document) root(t xml.StartElement, roots []string) error {
	for _, name := range roots {
		switch {
		case name != t.Name.Local:
		case name == "sdnList":
			return p.sdnList()
		default:
			return newAdvanced(p).sanctions(t)
		}
	}
	return p.refuse(fmt.Sprintf("found element %s where one of %q is expected: is this OFAC's list, and in this form?", t.Name.Local, roots), nil)
}

// children calls each for every element up to the end of the open one.
func (p *document) children(each func(xml.StartElement) error) error {
	for {
		tok, err := p.d.Token()
		if err != nil {
			return p.refuse(notWhole, tree.CutShort(err))
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

// node reads an element to its end.
func (p *document) node(t xml.StartElement) (*tree.Node, error) {
	n, err := tree.Read(p.d, t)
	if err != nil {
		return nil, p.refuse(notWhole, err)
	}
	return n, nil
}

// begin starts the entry of that reference, which must be a number and new.
func (p *document) begin(ref, kind string, line int) (*builder, error) {
	place := fmt.Sprintf("%s:%d", p.file, line)
	switch first, twice := p.seen[ref]; {
	case !isNumber(ref):
		return nil, p.refuse(fmt.Sprintf("the entry's number is %q, which is none", ref), nil)
	case twice:
		return nil, p.refuse(fmt.Sprintf("entry %s stands twice, first at %s", ref, first), nil)
	case kind == "":
		return nil, p.refuse("the kind of entry "+ref+" is unknown", nil)
	}
	p.seen[ref] = place
	return newBuilder(ref, kind, place, p.countries), nil
}

func (p *document) refuse(reason string, err error) error {
	line, _ := p.d.InputPos()
	return &importer.Refused{File: p.file, Offset: p.d.InputOffset(), Line: line, Reason: reason, Err: err}
}
