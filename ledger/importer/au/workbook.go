package au

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/xuri/excelize/v2"
)

// MaxSize is the largest file read, in bytes.
const MaxSize = 32 << 20

const source = "Australia, DFAT Consolidated List"

// headingRows is within how many rows the headings must stand.
const headingRows = 20

// Parse reads a workbook; filename serves messages and Entry.Place. The error
// is an *importer.Refused when the file is at fault.
func Parse(r io.Reader, filename string) (*importer.List, error) {
	data, err := importer.ReadWhole(r, filename, MaxSize)
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: 10 * MaxSize})
	if err != nil {
		return nil, refuse(filename, "", "not a readable xlsx workbook", err)
	}
	p := &parser{
		list: &importer.List{Source: source, File: filename, SHA256: sha256.Sum256(data)},
		last: make(map[string]*group),
	}
	if err := p.workbook(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("close %s: %w", filename, err)
	}
	return p.list, p.finish()
}

type parser struct {
	list   *importer.List
	groups []*group
	last   map[string]*group // the group that takes the next row of a number
}

func (p *parser) workbook(f *excelize.File) error {
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			return refuse(p.list.File, name, "the sheet cannot be read", err)
		}
		if err := p.sheet(name, rows); err != nil {
			return err
		}
	}
	if len(p.groups) == 0 {
		return refuse(p.list.File, "", "no sheet has the heading Reference with rows below it: is this the Consolidated List?", nil)
	}
	return nil
}

// sheet reads the rows below the headings; a sheet without them is reported.
func (p *parser) sheet(name string, rows [][]string) error {
	head := slices.IndexFunc(rows[:min(len(rows), headingRows)], func(row []string) bool {
		return len(row) > 0 && column(row[0]) == colReference
	})
	if head < 0 {
		if n := filled(rows); n > 0 {
			p.warn(fmt.Sprintf("sheet %s has no heading Reference: its %d cells were not read", name, n))
		}
		return nil
	}
	for _, row := range rows[:head] {
		if note := strings.TrimSpace(strings.Join(row, " ")); note != "" {
			p.warn(fmt.Sprintf("sheet %s says above its headings: %s", name, note))
		}
	}
	columns, err := p.headings(fmt.Sprintf("%s!A%d", name, head+1), rows[head])
	if err != nil {
		return err
	}
	for i := head + 1; i < len(rows); i++ {
		if filled(rows[i:i+1]) == 0 {
			continue
		}
		if err := p.row(fmt.Sprintf("%s!A%d", name, i+1), columns, rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// headings returns the headings as printed, and holds them to those needed.
func (p *parser) headings(place string, cells []string) ([]string, error) {
	columns, seen := make([]string, len(cells)), make(map[string]bool)
	for i, c := range cells {
		columns[i] = importer.Clean(c)
		key := column(c)
		if key != "" && seen[key] {
			return nil, refuse(p.list.File, place, fmt.Sprintf("heading %q stands twice", columns[i]), nil)
		}
		seen[key] = true
		if !slices.Contains(known(), key) && key != "" {
			p.warn(fmt.Sprintf("heading %q is not known; its cells stay in Raw", columns[i]))
		}
	}
	for _, key := range []string{colReference, colName, colType, colNameType} {
		if !seen[key] {
			return nil, refuse(p.list.File, place, fmt.Sprintf("the heading %s is missing: is this the Consolidated List in the layout of 2025?", key), nil)
		}
	}
	for _, m := range measureColumns() {
		if !seen[m.column] {
			p.warn(fmt.Sprintf("the heading %s is missing: no entry has its measure", m.column))
		}
	}
	return columns, nil
}

// row adds one row to the entry of its number.
func (p *parser) row(place string, columns, cells []string) error {
	r, err := newRow(place, columns, cells)
	if err != nil {
		return refuse(p.list.File, place, "the row is no entry", err)
	}
	g := p.last[r.number]
	apart := g != nil && g != p.groups[len(p.groups)-1]
	if g == nil || r.primary && g.rows[0].primary {
		g = &group{before: g}
		p.groups = append(p.groups, g)
		p.last[r.number] = g
	} else if apart {
		g.warnings = append(g.warnings, fmt.Sprintf("row %s stands apart from the others of its number at %s: check that it is the same subject", r.printed, place))
	}
	g.add(r)
	return nil
}

// finish makes the entries of the groups.
func (p *parser) finish() error {
	for _, g := range p.groups {
		e, err := g.entry()
		if err != nil {
			return refuse(p.list.File, g.rows[0].place, "the row is no entry", err)
		}
		e.Place = p.list.File + ":" + g.rows[0].place
		if g.before != nil {
			p.warn(fmt.Sprintf("number %s stands for a second entry at %s: it has the reference %s by its place in the file alone", g.rows[0].number, g.rows[0].place, e.Ref))
		}
		p.list.Entries = append(p.list.Entries, e)
	}
	return nil
}

func (p *parser) warn(text string) { p.list.Warnings = append(p.list.Warnings, text) }

func refuse(file, place, reason string, err error) error {
	return &importer.Refused{File: file, Offset: -1, Place: place, Reason: reason, Err: err}
}

// filled counts the cells that are not blank.
func filled(rows [][]string) int {
	n := 0
	for _, row := range rows {
		for _, c := range row {
			if strings.TrimSpace(c) != "" {
				n++
			}
		}
	}
	return n
}
