// Package tree reads elements of published XML as trees that remember which of
// their values were taken. An importer reads one entry, moves its values into
// the typed fields of a subject with [Node.Typed] or [Node.Take], and what
// nobody took comes out of [Node.Rest]: so nothing of an entry is lost, and
// nobody has to list what has no field.
//
// Names are local names: publishers have changed their namespaces. Attributes
// stand among the children, as "@name".
package tree

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// MaxDepth bounds nesting inside an entry; the deepest format, OFAC's advanced
// one, needs ten.
const MaxDepth = 24

// Node is one element or attribute of an entry.
type Node struct {
	Name string
	Text string // character data as published
	Line int    // of the file, from 1
	Kids []*Node
	Used bool // its text stands in a typed field, to the letter
}

// Read reads the element that start opened, to its end. An input that breaks
// off gives io.ErrUnexpectedEOF.
func Read(d *xml.Decoder, start xml.StartElement) (*Node, error) { return read(d, start, 1) }

func read(d *xml.Decoder, start xml.StartElement, depth int) (*Node, error) {
	if depth > MaxDepth {
		return nil, fmt.Errorf("element %s is nested more than %d deep", start.Name.Local, MaxDepth)
	}
	line, _ := d.InputPos()
	n := &Node{Name: start.Name.Local, Line: line}
	n.Kids = attributes(start, line)
	var text strings.Builder
	for {
		tok, err := d.Token()
		if err != nil {
			return nil, CutShort(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			kid, err := read(d, t, depth+1)
			if err != nil {
				return nil, err
			}
			n.Kids = append(n.Kids, kid)
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			n.Text = text.String()
			return n, nil
		}
	}
}

// attributes are those of an element but for declarations of namespaces, which
// say how names are written and nothing of the entry.
func attributes(start xml.StartElement, line int) []*Node {
	var out []*Node
	for _, a := range start.Attr {
		if a.Name.Local != "xmlns" && a.Name.Space != "xmlns" {
			out = append(out, &Node{Name: "@" + a.Name.Local, Text: a.Value, Line: line})
		}
	}
	return out
}

// CutShort gives the two ways in which the decoder reports an early end one
// name, io.ErrUnexpectedEOF.
func CutShort(err error) error {
	var syntax *xml.SyntaxError
	if errors.Is(err, io.EOF) || errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" {
		return io.ErrUnexpectedEOF
	}
	return err
}

// All returns the children of that name.
func (n *Node) All(name string) []*Node {
	var out []*Node
	for _, k := range n.Kids {
		if k.Name == name {
			out = append(out, k)
		}
	}
	return out
}

// Get returns the text of the first child of that name, "" when there is none.
func (n *Node) Get(name string) string {
	for _, k := range n.Kids {
		if k.Name == name {
			return k.Text
		}
	}
	return ""
}

// Blank reports whether the element says nothing itself.
func (n *Node) Blank() bool { return strings.TrimSpace(n.Text) == "" }

// Typed returns the text with its white space collapsed, for a typed field. The
// node counts as taken unless that changed it: then Rest keeps the exact text.
func (n *Node) Typed() string {
	clean := importer.Clean(n.Text)
	n.Used = clean == n.Text
	return clean
}

// Field is Typed on the first child of that name, "" when there is none.
func (n *Node) Field(name string) string {
	for _, k := range n.Kids {
		if k.Name == name {
			return k.Typed()
		}
	}
	return ""
}

// Code returns what the table has for the text of the first child of that name,
// and takes it; "" for a word that the table lacks, which stays in Rest.
func (n *Node) Code(name string, table map[string]string) string {
	for _, k := range n.Kids {
		if c, ok := table[k.Text]; ok && k.Name == name {
			k.Used = true
			return c
		}
	}
	return ""
}

// Rest returns every value below n that was not taken, under its path from n;
// elements that repeat carry their place, from 0.
func (n *Node) Rest() []domain.RawField { return n.rest(nil, "") }

func (n *Node) rest(out []domain.RawField, path string) []domain.RawField {
	count, seen := make(map[string]int), make(map[string]int)
	for _, k := range n.Kids {
		count[k.Name]++
	}
	for _, k := range n.Kids {
		at := path + k.Name
		if count[k.Name] > 1 {
			at = fmt.Sprintf("%s[%d]", at, seen[k.Name])
			seen[k.Name]++
		}
		if !k.Used && !k.Blank() {
			out = append(out, domain.RawField{Path: at, Value: k.Text})
		}
		out = k.rest(out, at+"/")
	}
	return out
}
