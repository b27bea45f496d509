package ofac

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// MaxSize is the largest file read, in bytes; the advanced XML has some
// hundred million.
const MaxSize = 256 << 20

// File is one file of a set; its name serves messages and places.
type File struct {
	Name string
	Data io.Reader
}

// Set is the CSV set of one day. Comments may be without Data when no remark
// is cut short: a set that needs it is refused without it.
type Set struct {
	SDN       File // sdn.csv
	Addresses File // add.csv
	Aliases   File // alt.csv
	Comments  File // sdn_comments.csv
}

// ParseFolder reads the CSV set of a folder, given the name of its main file,
// whose base name has sdn in it once or more: the names of the others have add,
// alt and sdn_comments in the place of the last.
func ParseFolder(folder fs.FS, sdn string) (*importer.List, error) {
	dir, base := path.Split(sdn)
	i := strings.LastIndex(strings.ToLower(base), "sdn")
	if i < 0 {
		return nil, fmt.Errorf("the name %s has no \"sdn\" in it: give the four files with ParseCSV", sdn)
	}
	var set Set
	for _, f := range []struct {
		to   *File
		word string
	}{{&set.SDN, "sdn"}, {&set.Addresses, "add"}, {&set.Aliases, "alt"}, {&set.Comments, "sdn_comments"}} {
		word := f.word
		if base[i:i+3] == "SDN" {
			word = strings.ToUpper(word)
		}
		f.to.Name = dir + base[:i] + word + base[i+3:]
		data, err := folder.Open(f.to.Name)
		if f.word == "sdn_comments" && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open the set of %s: %w", sdn, err)
		}
		defer data.Close()
		f.to.Data = data
	}
	return ParseCSV(set)
}

// ParseCSV reads the CSV set. List.File has the names of the files that were
// read, List.SHA256 is that of their bytes one after the other, in the order of
// the fields of Set: what "cat sdn.csv add.csv alt.csv sdn_comments.csv |
// sha256sum" prints. The error is an *importer.Refused when a file is at fault.
func ParseCSV(set Set) (*importer.List, error) {
	p := &setReader{list: &importer.List{Source: source}, byRef: make(map[string]*row), countries: make(countries)}
	sum := sha256.New()
	var names []string
	for _, part := range []struct {
		File
		read     func(*table) error
		required bool
	}{{set.SDN, p.main, true}, {set.Addresses, p.addresses, true}, {set.Aliases, p.aliases, true}, {set.Comments, p.comments, false}} {
		if part.Data == nil {
			if part.required {
				return nil, errors.New("the CSV set has four files: give sdn.csv, add.csv, alt.csv and, of the same day, sdn_comments.csv")
			}
			continue
		}
		names = append(names, part.Name)
		if err := p.file(part.File, sum, part.read); err != nil {
			return nil, err
		}
	}
	p.list.File = strings.Join(names, " ")
	sum.Sum(p.list.SHA256[:0])
	if err := p.finish(); err != nil {
		return nil, err
	}
	return p.list, nil
}

// setReader gathers the rows of each entry from the four files.
type setReader struct {
	list      *importer.List
	sdn       string // name of the main file
	rows      []*row
	byRef     map[string]*row
	countries countries
}

// row is what the four files say of one entry.
type row struct {
	record
	addresses, aliases []record
	comments           string
}

func (p *setReader) file(f File, sum io.Writer, read func(*table) error) error {
	data, err := readAll(f.Data, f.Name)
	if err != nil {
		return err
	}
	sum.Write(data) //nolint:errcheck // a hash never fails
	t, err := newTable(f.Name, data)
	if err != nil {
		return err
	}
	if bytes.ContainsRune(data, utf8.RuneError) {
		p.list.Warnings = append(p.list.Warnings, f.Name+" holds U+FFFD: some text was already damaged before it was published")
	}
	if !t.marked {
		p.list.Warnings = append(p.list.Warnings, f.Name+" does not end with the end mark 0x1A: one cut short after a whole record looks the same")
	}
	return read(t)
}

func readAll(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > MaxSize {
		return nil, &importer.Refused{File: name, Offset: MaxSize, Reason: fmt.Sprintf("larger than %d bytes", MaxSize)}
	}
	return data, nil
}

func (p *setReader) main(t *table) error {
	p.sdn = t.file
	for {
		r, err := t.next(len(sdnColumns))
		if errors.Is(err, io.EOF) && len(p.rows) > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return t.refuse("the file holds no record")
		}
		if err != nil {
			return err
		}
		ref := r.cells[0]
		if first, ok := p.byRef[ref]; ok {
			return t.refuseAt(r, fmt.Sprintf("ent_num %s stands twice, first on line %d", ref, first.line))
		}
		if kindOf(r.cells[2]) == "" {
			return t.refuseAt(r, fmt.Sprintf("SDN_Type %q is unknown", r.cells[2]))
		}
		if strings.TrimSpace(r.cells[1]) == "" {
			return t.refuseAt(r, "the entry has no name")
		}
		p.byRef[ref] = &row{record: r}
		p.rows = append(p.rows, p.byRef[ref])
	}
}

// joined reads a file whose records belong to entries of the main one; those
// with a number of their own bear it in the second cell, unique in the file.
func (p *setReader) joined(t *table, columns int, own bool, add func(*row, record) bool) error {
	seen := make(map[string]int)
	for {
		r, err := t.next(columns)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		to, ok := p.byRef[r.cells[0]]
		if !ok {
			return t.refuseAt(r, fmt.Sprintf("ent_num %s is not in %s: take the files of one day", r.cells[0], p.sdn))
		}
		if own {
			if first, twice := seen[r.cells[1]]; twice || !isNumber(r.cells[1]) {
				return t.refuseAt(r, fmt.Sprintf("the record's own number %q is none or stands twice (line %d)", r.cells[1], first))
			}
			seen[r.cells[1]] = r.line
		}
		if !add(to, r) {
			return t.refuseAt(r, fmt.Sprintf("the remarks of ent_num %s are continued twice, or by nothing", r.cells[0]))
		}
	}
}

func (p *setReader) addresses(t *table) error {
	return p.joined(t, len(addColumns), true, func(to *row, r record) bool {
		to.addresses = append(to.addresses, r)
		return true
	})
}

func (p *setReader) aliases(t *table) error {
	return p.joined(t, len(altColumns), true, func(to *row, r record) bool {
		to.aliases = append(to.aliases, r)
		return true
	})
}

func (p *setReader) comments(t *table) error {
	return p.joined(t, 2, false, func(to *row, r record) bool {
		twice := to.comments != ""
		to.comments = r.cells[1]
		return !twice && to.comments != ""
	})
}

// cutAt is the length at which sdn.csv cuts remarks.
const cutAt = 1000

func (p *setReader) finish() error {
	for _, r := range p.rows {
		remarks := r.cells[11]
		refuse := func(reason string) error {
			return &importer.Refused{File: p.sdn, Offset: int64(r.at), Line: r.line, Reason: reason}
		}
		if utf8.RuneCountInString(remarks) >= cutAt && r.comments == "" && !strings.HasSuffix(remarks, ".") {
			return refuse(fmt.Sprintf("the remarks are cut at %d characters and nothing continues them: give sdn_comments.csv of the same day", cutAt))
		}
		if r.comments != "" && remarks == "" {
			return refuse("the comments continue remarks that are not there: take the files of one day")
		}
		b := newBuilder(r.cells[0], kindOf(r.cells[2]), fmt.Sprintf("%s:%d", p.sdn, r.line), p.countries)
		b.row(r)
		if !b.blocked() {
			return refuse(otherList)
		}
		p.list.Entries = append(p.list.Entries, b.e)
	}
	return nil
}
