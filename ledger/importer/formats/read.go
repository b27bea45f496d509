package formats

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/eu"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/jp"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ofac"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/uk"
)

// Reading is one publication, read whole.
type Reading struct {
	Format Format
	Source Source
	Path   string
	Media  string // type of the file
	List   *importer.List
}

// Read reads a file, or for a list that comes in several the folder that holds
// them. The error is an *importer.Refused when the publication is at fault.
func (f Format) Read(path string) (Reading, error) {
	r := Reading{Format: f, Path: path, Media: mediaType(path)}
	info, err := os.Stat(path)
	if err != nil {
		return r, err
	}
	if info.IsDir() {
		if path, err = f.inFolder(path); err != nil {
			return r, err
		}
		r.Media = mediaType(path)
	}
	if r.List, err = f.open(path); err != nil {
		return r, err
	}
	for i := range r.List.Entries {
		if err = r.List.Entries[i].Legible(); err != nil {
			return r, err
		}
	}
	r.Source = f.Sources[0]
	for _, s := range f.Sources[1:] {
		if strings.HasPrefix(r.List.Source, s.title) {
			r.Source = s
		}
	}
	return r, nil
}

func (f Format) open(path string) (*importer.List, error) {
	if f.folder && isSet(path) {
		return ofac.ParseFolder(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return f.parse(file, filepath.Base(path))
}

// inFolder finds the one publication that a folder holds.
func (f Format) inFolder(dir string) (string, error) {
	found, err := f.Publications(dir)
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%s holds %d publications of %s: name one file, or import all with --series", dir, len(found), f.Title)
	}
	return found[0], nil
}

// Publications lists what a folder holds of a list, by the names of its files:
// each file with the list's ending, each set of files, and each folder within
// it. What starts with a dot is left out.
func (f Format) Publications(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch ending := strings.ToLower(filepath.Ext(e.Name())); {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			out = append(out, path)
		case !slices.Contains(strings.Fields(f.Endings), ending):
		case f.folder && ending == ".csv" && !isSet(path): // part of a set
		default:
			out = append(out, path)
		}
	}
	return out, nil
}

// isSet reports whether a file is the main one of OFAC's CSV set: beside it
// stands one with "add" in the place of the last "sdn" of its name.
func isSet(path string) bool {
	base := filepath.Base(path)
	i := strings.LastIndex(strings.ToLower(base), "sdn")
	if i < 0 || !strings.EqualFold(filepath.Ext(base), ".csv") {
		return false
	}
	word := "add"
	if base[i:i+3] == "SDN" {
		word = "ADD"
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(path), base[:i]+word+base[i+3:]))
	return !errors.Is(err, fs.ErrNotExist)
}

func mediaType(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xml":
		return "application/xml"
	case ".csv", "":
		return "text/csv"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/html"
}

// ID is the designation's id of an entry.
func (r Reading) ID(e importer.Entry) string {
	return string(r.Format.Authority) + ":" + fit(e.Ref)
}

// Owns reports whether a held designation of the authority is one of this source.
func (r Reading) Owns(designation string) bool {
	ref, ok := strings.CutPrefix(designation, string(r.Format.Authority)+":")
	return ok && (r.Source.owns == nil || r.Source.owns(ref))
}

func isShip(ref string) bool { return strings.HasPrefix(ref, "1718V.") }

func numeric(ref string) bool { return strings.Trim(ref, "0123456789") == "" }

// ofacXML reads either XML edition; a CSV file that is no set says so.
func ofacXML(r io.Reader, name string) (*importer.List, error) {
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		return nil, fmt.Errorf("%s is no whole publication: put sdn.csv, add.csv, alt.csv and sdn_comments.csv of one day beside each other and name sdn.csv or their folder", name)
	}
	return ofac.Parse(r, name)
}

// begins looks at the first bytes of a file.
func begins(r io.Reader) (string, io.Reader, error) {
	head := make([]byte, 4096)
	n, err := io.ReadFull(r, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	text := strings.TrimSpace(strings.TrimPrefix(string(head[:n]), "\ufeff"))
	return text, io.MultiReader(bytes.NewReader(head[:n]), r), err
}

func parseEU(r io.Reader, name string) (*importer.List, error) {
	head, r, err := begins(r)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(head, "<") {
		return eu.ParseXML(r, name)
	}
	return eu.ParseCSV(r, name)
}

func parseUK(r io.Reader, name string) (*importer.List, error) {
	head, r, err := begins(r)
	switch {
	case err != nil:
		return nil, err
	case strings.HasPrefix(head, "<"):
		return uk.ParseXML(r, name)
	case strings.Contains(head, "Group Type") && !strings.Contains(head, "Unique ID"):
		return uk.ParseConList(r, name)
	}
	return uk.ParseCSV(r, name)
}

// parseJP takes Japan's own designations; those on resolution 1718 give the
// UN's national effect, and are linked, not imported.
func parseJP(r io.Reader, name string) (*importer.List, error) {
	book, err := jp.Parse(r, name)
	if err != nil {
		return nil, err
	}
	list := &importer.List{Source: book.Source, File: book.File, SHA256: book.SHA256}
	for _, basis := range []string{jp.Basis1695, jp.BasisCoordinated} {
		for _, s := range book.Sheets {
			if s.Basis != basis {
				continue
			}
			for _, e := range s.Entries {
				e.DelistedOn = max(e.DelistedOn, e.DeletedOn)
				list.Entries = append(list.Entries, e.Entry)
			}
		}
	}
	return list, nil
}

// DateIn finds the one date, as 2026-02-27, 20260227 or 2026_02_27, in a name;
// "" when there is none, an error when there are several.
func DateIn(file string) (domain.Date, error) {
	name := file
	var found []domain.Date
	for m := dateText.FindStringSubmatchIndex(name); m != nil; m = dateText.FindStringSubmatchIndex(name) {
		d := domain.Date(name[m[2]:m[3]] + "-" + name[m[4]:m[5]] + "-" + name[m[6]:m[7]])
		name = name[m[7]:] // what divides it from the next may begin that
		if d.Valid() && !slices.Contains(found, d) {
			found = append(found, d)
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("the name %s holds several dates: %v", file, found)
}

var dateText = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:\D|$)`)
