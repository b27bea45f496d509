package tree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// ReadList reads a document in which every child of the one root is an entry,
// or says something of the list. It calls open with the root, which has its
// attributes alone, and each with every child; either may refuse the file by
// giving a reason. The error is an *importer.Refused.
func ReadList(file string, data []byte, root string, open, each func(*Node) (reason string)) error {
	l := list{file: file, d: xml.NewDecoder(bytes.NewReader(data)), root: root, open: open, each: each}
	return l.document()
}

type list struct {
	file, root string
	d          *xml.Decoder
	open, each func(*Node) string
}

// document holds the file to one root, closed, alone.
func (l *list) document() error {
	seen := false
	for {
		tok, err := l.d.Token()
		if errors.Is(err, io.EOF) && seen {
			return nil
		}
		if err != nil {
			return l.broken(err)
		}
		switch t := tok.(type) {
		case xml.Directive:
			return l.refuse("a document type declaration is not part of this list", nil)
		case xml.CharData:
			if err := l.blank(t); err != nil {
				return err
			}
		case xml.StartElement:
			if seen || t.Name.Local != l.root {
				return l.refuse(fmt.Sprintf("found element %s where %s alone is expected: is this the right list?", t.Name.Local, l.root), nil)
			}
			seen = true
			if err := l.children(t); err != nil {
				return err
			}
		}
	}
}

func (l *list) children(start xml.StartElement) error {
	line, _ := l.d.InputPos()
	root := &Node{Name: start.Name.Local, Line: line, Kids: attributes(start, line)}
	if reason := l.open(root); reason != "" {
		return l.refuse(reason, nil)
	}
	for {
		tok, err := l.d.Token()
		if err != nil {
			return l.broken(err)
		}
		switch t := tok.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			if err := l.blank(t); err != nil {
				return err
			}
		case xml.StartElement:
			n, err := Read(l.d, t)
			if err != nil {
				return l.broken(err)
			}
			if reason := l.each(n); reason != "" {
				return l.refuse(reason, nil)
			}
		}
	}
}

// blank refuses text between the elements, which would be lost.
func (l *list) blank(text []byte) error {
	if text = bytes.TrimSpace(text); len(text) > 0 {
		return l.refuse(fmt.Sprintf("the text %.40q stands outside of the entries", text), nil)
	}
	return nil
}

func (l *list) broken(err error) error {
	return l.refuse("the XML breaks off or is not well formed", CutShort(err))
}

func (l *list) refuse(reason string, err error) error {
	line, _ := l.d.InputPos()
	return &importer.Refused{File: l.file, Offset: l.d.InputOffset(), Line: line, Reason: reason, Err: err}
}
