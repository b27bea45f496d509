package vessels

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"golang.org/x/net/html"
)

// place is where something begins in the file.
type place struct {
	offset int64
	line   int
}

// cell is one cell of a table as it is written.
type cell struct {
	place
	lines         []string // its paragraphs, to the letter, blank ones left out
	links         []string // targets of links whose text differs
	width, height int      // in columns and rows
}

func (c *cell) text() string { return strings.Join(c.lines, "\n") }

func (c *cell) clean() string { return importer.Clean(c.text()) }

// row is one row as it is written, without the cells that reach into it.
type row struct {
	place
	cells []*cell
}

// scanner reads the tables of a page. The levels of a table must open and close
// one within the other: what a browser would guess at is damage here.
type scanner struct {
	file   string
	z      *html.Tokenizer
	at     place // of the token at hand
	depth  int   // how many levels stand open
	hold   string
	title  string
	text   strings.Builder // the line at hand
	href   string
	tables [][]row
	ended  bool // </html> was seen
}

// levels of a table: table, row, cell.
const levels = 3

// scan returns the tables of the page and its title.
func scan(file string, data []byte) (*scanner, error) {
	s := &scanner{file: file, z: html.NewTokenizer(bytes.NewReader(data)), at: place{line: 1}}
	for {
		kind := s.z.Next()
		raw := s.z.Raw()
		next := place{s.at.offset + int64(len(raw)), s.at.line + bytes.Count(raw, []byte{'\n'})}
		if kind == html.ErrorToken {
			return s, s.end()
		}
		if err := s.token(s.z.Token()); err != nil {
			return nil, err
		}
		s.at = next
	}
}

// end holds the page to its end.
func (s *scanner) end() error {
	if err := s.z.Err(); !errors.Is(err, io.EOF) {
		return s.refuse("the page cannot be read", err)
	}
	if !s.ended || s.depth > 0 {
		return s.refuse("the page breaks off: a table or the page itself is not closed", io.ErrUnexpectedEOF)
	}
	return nil
}

func (s *scanner) token(t html.Token) error {
	switch t.Type {
	case html.TextToken:
		return s.characters(t.Data)
	case html.StartTagToken, html.SelfClosingTagToken:
		return s.start(t)
	case html.EndTagToken:
		return s.close(t.Data)
	}
	return nil
}

func (s *scanner) characters(text string) error {
	switch {
	case s.hold == "title":
		s.title += text
	case s.hold != "": // style sheets
	case s.depth == levels:
		s.text.WriteString(text)
	case strings.TrimSpace(text) != "":
		return s.refuse(fmt.Sprintf("the text %.40q stands in no cell of the table", strings.TrimSpace(text)), nil)
	}
	return nil
}

func (s *scanner) start(t html.Token) error {
	switch t.Data {
	case "title", "style", "script":
		s.hold = t.Data
	case "p", "br", "div", "li":
		s.breakLine()
	case "a":
		s.href = attribute(t, "href")
	}
	if level := levelOf(t.Data); level >= 0 {
		return s.open(level, t)
	}
	return nil
}

func (s *scanner) open(level int, t html.Token) error {
	if s.depth != level {
		return s.refuse(fmt.Sprintf("element %s opens where it cannot: an element before it is missing or not closed", t.Data), nil)
	}
	s.depth++
	switch level {
	case 0:
		s.tables = append(s.tables, nil)
	case 1:
		last := &s.tables[len(s.tables)-1]
		*last = append(*last, row{place: s.at})
	case 2:
		c := &cell{place: s.at, width: span(t, "colspan"), height: span(t, "rowspan")}
		if c.width == 0 || c.height == 0 {
			return s.refuse("a cell spans no number of columns or rows", nil)
		}
		r := s.row()
		r.cells = append(r.cells, c)
	}
	return nil
}

func (s *scanner) close(name string) error {
	switch name {
	case s.hold:
		s.hold = ""
	case "html":
		s.ended = true
	case "p", "div", "li":
		s.breakLine()
	case "a":
		s.link()
	}
	level := levelOf(name)
	if level < 0 {
		return nil
	}
	if s.depth != level+1 {
		return s.refuse(fmt.Sprintf("element %s closes where it cannot: an element within it is not closed", name), nil)
	}
	s.breakLine()
	s.depth--
	return nil
}

// row is the one at hand.
func (s *scanner) row() *row {
	rows := s.tables[len(s.tables)-1]
	return &rows[len(rows)-1]
}

// breakLine ends the line at hand.
func (s *scanner) breakLine() {
	if s.depth == levels && strings.TrimSpace(s.text.String()) != "" {
		r := s.row()
		c := r.cells[len(r.cells)-1]
		c.lines = append(c.lines, s.text.String())
	}
	s.text.Reset()
}

// link keeps where a link leads unless its text says so.
func (s *scanner) link() {
	if s.depth == levels && s.href != "" && !strings.Contains(s.text.String(), s.href) {
		r := s.row()
		c := r.cells[len(r.cells)-1]
		c.links = append(c.links, s.href)
	}
	s.href = ""
}

func (s *scanner) refuse(reason string, err error) error { return s.at.refuse(s.file, reason, err) }

func (p place) refuse(file, reason string, err error) error {
	return &importer.Refused{File: file, Offset: p.offset, Line: p.line, Reason: reason, Err: err}
}

// levelOf returns the level that an element opens, -1 for those that open none.
func levelOf(name string) int {
	switch name {
	case "table":
		return 0
	case "tr":
		return 1
	case "td", "th":
		return 2
	}
	return -1
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// span reads how many columns or rows a cell takes; 0 when that is no number
// from 1 to 99.
func span(t html.Token, name string) int {
	text := attribute(t, name)
	if text == "" {
		return 1
	}
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' || n > 9 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}
