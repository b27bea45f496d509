package un

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth bounds nesting inside an entry; the schema needs two.
const maxDepth = 8

// node is one element of an entry.
type node struct {
	name string
	text string
	line int
	kids []*node
	used bool // its text was taken into the subject
}

// readNode reads the element that start opened.
func readNode(d *xml.Decoder, start xml.StartElement, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("element %s is nested more than %d deep", start.Name.Local, maxDepth)
	}
	line, _ := d.InputPos()
	n := &node{name: start.Name.Local, line: line}
	for _, a := range start.Attr {
		n.kids = append(n.kids, &node{name: "@" + a.Name.Local, text: a.Value, line: line})
	}
	var text strings.Builder
	for {
		tok, err := d.Token()
		if err != nil {
			return nil, cutShort(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			kid, err := readNode(d, t, depth+1)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, kid)
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			n.text = text.String()
			return n, nil
		}
	}
}

// cutShort gives the two ways in which the decoder reports an early end one
// name.
func cutShort(err error) error {
	var syntax *xml.SyntaxError
	if errors.Is(err, io.EOF) || errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" {
		return io.ErrUnexpectedEOF
	}
	return err
}

// all returns the children of that name.
func (n *node) all(name string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// get returns the text of the first child of that name, "" when there is none.
func (n *node) get(name string) string {
	for _, k := range n.kids {
		if k.name == name {
			return k.text
		}
	}
	return ""
}

// blank reports whether the element says nothing itself.
func (n *node) blank() bool { return strings.TrimSpace(n.text) == "" }
