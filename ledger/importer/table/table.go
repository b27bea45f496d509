// Package table reads published CSV files in which one entry takes several
// rows, and folds the rows of each entry into a [tree.Node]: the tree that the
// XML edition of the same list has. So one builder serves both editions, and
// what no typed field took comes out of [tree.Node.Rest] for a row as it does
// for an element.
//
//	t, err := table.Read(file, data, table.Layout{Comma: ';', Key: "Entity_LogicalId", Columns: columns})
//
// Columns are known by their headings, of which letters and digits count,
// not by their place; an unknown column becomes a child of the entry under its
// own heading. Cells may be quoted, and then hold commas and line breaks; a
// quotation mark inside a cell that is not quoted is text. A byte order mark
// and CRLF are accepted.
//
// A row that has fewer cells than the heading, a quoted cell without its end, or
// a row that is of no entry refuses the whole file. A file cut exactly at the
// end of a row is still a table: nothing in a CSV file says how long it is. One
// that does not end in a line end is read with a warning.
package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// Layout says what the columns of a list mean.
type Layout struct {
	Comma     byte
	Columns   []Column // in the publisher's order
	Key       string   // heading of the column that says which entry a row is of
	Essential []string // headings without which a file is refused; alternatives are joined by |
	Above     int      // rows that may stand above the heading
	Headless  bool     // without a heading the columns are taken in order
}

// Column places the cells of one column in the tree of an entry.
type Column struct {
	Name   string // heading
	Record string // the element that one row gives, with other columns of that record; "" for the entry itself
	Path   string // of the value in the record, elements separated by /; "" for the record's own text
}

// Table is a file, read whole.
type Table struct {
	Above    [][]string // rows above the heading
	Entries  []Entry    // in the order of their first rows
	Warnings []string
}

// Entry is the rows of one key. What the rows repeat stands in Tree once.
type Entry struct {
	Key  string // without the white space around it
	Line int    // of its first row
	Tree *tree.Node
}

const mark = "\ufeff" // byte order mark

// Read reads the table. The error is an *importer.Refused.
func Read(file string, data []byte, layout Layout) (*Table, error) {
	text, marked := bytes.CutPrefix(data, []byte(mark))
	r := &reader{file: file, layout: layout, table: &Table{}, at: make(map[string]*fold)}
	r.scan = scanner{data: text, comma: layout.Comma, line: 1}
	if marked {
		r.skipped = len(mark)
	}
	if err := r.heading(); err != nil {
		return nil, err
	}
	if err := r.rows(); err != nil {
		return nil, err
	}
	if n := len(text); n > 0 && text[n-1] != '\n' {
		r.table.Warnings = append(r.table.Warnings, "the file does not end in a line end: compare its size with the publisher's, it may have been cut short")
	}
	return r.table, nil
}

type reader struct {
	file    string
	layout  Layout
	scan    scanner
	skipped int // bytes before the scanner's first
	table   *Table
	records []record
	key     int
	width   int
	at      map[string]*fold
}

// heading reads up to the row of headings, and holds it to the layout.
func (r *reader) heading() error {
	for range r.layout.Above + 1 {
		start := r.scan
		row, reason := r.scan.next()
		if reason != "" {
			return r.refuse(reason)
		}
		if row == nil {
			break
		}
		if r.key = slices.IndexFunc(row, func(h string) bool { return letters(h) == letters(r.layout.Key) }); r.key >= 0 {
			return r.columns(row)
		}
		if r.layout.Headless && len(row) == len(r.layout.Columns) && !r.heads(row) {
			r.scan = start
			return r.inOrder()
		}
		r.table.Above = append(r.table.Above, row)
	}
	return r.refuse(fmt.Sprintf("no row of headings with the column %q was found: is this the right list?", r.layout.Key))
}

// heads reports whether a row has a heading of the layout.
func (r *reader) heads(row []string) bool {
	return slices.ContainsFunc(r.layout.Columns, func(c Column) bool { return slices.Contains(row, c.Name) })
}

func (r *reader) inOrder() error {
	names := make([]string, len(r.layout.Columns))
	for i, c := range r.layout.Columns {
		names[i] = c.Name
	}
	r.key = slices.Index(names, r.layout.Key)
	r.table.Warnings = append(r.table.Warnings, "the file has no row of headings: its columns were taken in the publisher's order")
	return r.columns(names)
}

// columns refuses a heading that lacks an essential column.
func (r *reader) columns(names []string) error {
	have := make(map[string]bool)
	for _, n := range names {
		have[letters(n)] = true
	}
	for _, want := range r.layout.Essential {
		if !slices.ContainsFunc(strings.Split(want, "|"), func(n string) bool { return have[letters(n)] }) {
			return r.refuse(fmt.Sprintf("the column \"%s\" is missing", strings.ReplaceAll(want, "|", `" or "`)))
		}
	}
	r.width, r.records = len(names), plan(names, r.layout.Columns)
	return nil
}

func (r *reader) rows() error {
	for {
		line := r.scan.line
		row, reason := r.scan.next()
		if reason != "" {
			return r.refuse(reason)
		}
		if row == nil {
			return nil
		}
		if blank(row) {
			continue
		}
		if reason := r.row(row, line); reason != "" {
			return r.refuseAt(reason, line)
		}
	}
}

// row adds one row to the entry it is of.
func (r *reader) row(row []string, line int) (reason string) {
	if len(row) < r.width || !blank(row[r.width:]) {
		return fmt.Sprintf("the row has %d cells, the heading %d: the file is cut or a cell is not quoted", len(row), r.width)
	}
	key := strings.TrimSpace(row[r.key])
	if key == "" {
		return fmt.Sprintf("the row has no %s", r.layout.Key)
	}
	f, ok := r.at[key]
	if !ok {
		n := &tree.Node{Name: r.layout.Key, Line: line}
		f = &fold{root: n, seen: make(map[string]bool)}
		r.at[key] = f
		r.table.Entries = append(r.table.Entries, Entry{Key: key, Line: line, Tree: n})
	}
	for i, rec := range r.records {
		f.add(i, rec, row, line)
	}
	return ""
}

func (r *reader) refuse(reason string) error { return r.refuseAt(reason, r.scan.line) }

func (r *reader) refuseAt(reason string, line int) error {
	return &importer.Refused{File: r.file, Offset: int64(r.scan.pos + r.skipped), Line: line, Reason: reason}
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// letters returns what counts of a heading.
func letters(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
