package csvout

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
)

// Counts are how many rows were written, by table.
type Counts map[string]int

// Write writes the files into a folder that exists and has none of them.
func Write(dir string, s *exporter.Source) (Counts, error) {
	register := table("register", dir, registerColumns)
	transpositions := table("transpositions", dir, transpositionColumns)
	acts := table("acts", dir, actColumns)
	for d := range s.Designations() {
		register.row(registerRow(d))
		for _, t := range d.Transpositions {
			transpositions.row(transpositionRow(d, t))
		}
	}
	for a := range s.Acts() {
		acts.row(actRow(a))
	}
	counts := Counts{}
	var err error
	for _, t := range []*file{register, transpositions, acts} {
		err = errors.Join(err, t.close())
		counts[t.name] = t.rows
	}
	if err == nil {
		err = provenance(dir, s, counts)
	}
	if err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return counts, nil
}

// provenance states what the files rest on.
func provenance(dir string, s *exporter.Source, rows Counts) error {
	text, err := json.Marshal(struct {
		exporter.Stated
		Rows Counts `json:"rows"`
	}{s.States(), rows}, json.Deterministic(true), jsontext.Multiline(true))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "provenance.json"), append(text, '\n'), 0o644)
}

// file is one table being written; its first error stays.
type file struct {
	name string
	f    *os.File
	buf  *bufio.Writer
	csv  *csv.Writer
	rows int
	cols int
	err  error
}

func table(name, dir string, columns []string) *file {
	t := &file{name: name, cols: len(columns)}
	if t.f, t.err = os.OpenFile(filepath.Join(dir, name+".csv"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644); t.err != nil {
		return t
	}
	t.buf = bufio.NewWriterSize(t.f, 1<<16)
	t.csv = csv.NewWriter(t.buf)
	t.csv.UseCRLF = true
	t.err = t.csv.Write(columns)
	return t
}

func (t *file) row(cells []string) {
	if t.err != nil {
		return
	}
	if len(cells) != t.cols {
		t.err = fmt.Errorf("a row of %s has %d cells for %d columns: this program is at fault", t.name, len(cells), t.cols)
		return
	}
	for i := range cells {
		cells[i] = guard(tidy(cells[i]))
	}
	t.err = t.csv.Write(cells)
	t.rows++
}

func (t *file) close() error {
	if t.f == nil {
		return t.err
	}
	if t.err == nil {
		t.csv.Flush()
		t.err = errors.Join(t.csv.Error(), t.buf.Flush())
	}
	return errors.Join(t.err, t.f.Close())
}
