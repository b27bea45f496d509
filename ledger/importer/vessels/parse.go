package vessels

import (
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// MaxSize is the largest file read, in bytes; the list of 2020 has 335 thousand.
const MaxSize = 16 << 20

const source = "UN Security Council 1718 Designated Vessels List"

// Parse reads a list; filename serves messages and Entry.Place. The error is an
// *importer.Refused when the file is at fault.
func Parse(r io.Reader, filename string) (*importer.List, error) {
	list, data, err := importer.ReadText(r, filename, source, MaxSize)
	if err != nil {
		return nil, err
	}
	page, err := scan(filename, data)
	if err != nil {
		return nil, err
	}
	lines, err := table(filename, page.tables)
	if err != nil {
		return nil, err
	}
	p := &parser{file: filename, list: list}
	p.published(page.title)
	if err := p.entries(lines); err != nil {
		return nil, err
	}
	return p.list, nil
}

// table lays out all tables of the page as one, without its heading.
func table(file string, tables [][]row) ([]line, error) {
	var out []line
	for i, rows := range tables {
		lines, err := lay(file, rows)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			if err := checkHeading(file, lines); err != nil {
				return nil, err
			}
			lines = lines[headingRows:]
		}
		out = append(out, lines...)
	}
	if len(out) == 0 {
		return nil, place{line: 1}.refuse(file, "the page holds no table with ships: is this the 1718 Designated Vessels List?", nil)
	}
	return out, nil
}

type parser struct {
	file string
	list *importer.List
	open *draft
}

// published reads the day in the document's title.
func (p *parser) published(title string) {
	if m := titleDay.FindString(title); m != "" {
		if t, err := time.Parse("2 January 2006", m); err == nil {
			p.list.PublishedOn = domain.DateOf(t)
			return
		}
	}
	p.list.Warnings = append(p.list.Warnings, fmt.Sprintf("the document's title %q names no day of publication", importer.Clean(title)))
}

var titleDay = regexp.MustCompile(`[0-9]{1,2} [A-Z][a-z]+ [0-9]{4}`)

// entries reads the lines: a name opens an entry, all below it belong to that.
func (p *parser) entries(lines []line) error {
	for _, l := range lines {
		if c := l.cells[columnName]; c != nil && c.width == columnIMO-columnName {
			if err := p.finish(); err != nil {
				return err
			}
			p.open = &draft{place: l.place, names: c}
		} else if p.open == nil {
			return l.refuse(p.file, "the row belongs to no ship: no name stands above it", nil)
		}
		if err := p.open.add(p.file, l); err != nil {
			return err
		}
	}
	return p.finish()
}

// finish adds the open entry to the list.
func (p *parser) finish() error {
	if p.open == nil {
		return nil
	}
	want := len(p.list.Entries) + 1
	e, err := p.open.entry(want)
	if err != nil {
		return p.open.refuse(p.file, fmt.Sprintf("the rows make no ship number %d", want), err)
	}
	e.Place = fmt.Sprintf("%s:%d (byte %d)", p.file, p.open.line, p.open.offset)
	p.list.Entries = append(p.list.Entries, e)
	return nil
}
