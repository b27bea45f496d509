package jp

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/xuri/excelize/v2"
)

// MaxSize is the largest workbook read, in bytes; unpacked it may be ten times
// as large.
const MaxSize = 16 << 20

// Bases of a sheet.
const (
	Basis1695        = "1695"        // Security Council resolution 1695
	Basis1718        = "1718"        // resolution 1718 and its successors
	BasisCoordinated = "coordinated" // Japan's own, coordinated with other states
)

// Workbook is what was read of one file.
type Workbook struct {
	Source string
	File   string
	SHA256 domain.Hash
	Sheets []Sheet // in the workbook's order
}

// Sheet is one table.
type Sheet struct {
	Name    string   // of the tab
	Notes   []string // what stands above the table: title, notes
	Basis   string   // Basis1695, Basis1718 or BasisCoordinated
	Kind    string   // entity or person; on the 1695 sheet, entity, with persons among the entries
	Entries []Entry  // in the sheet's order
}

// Entry is one row.
type Entry struct {
	importer.Entry
	Number    int         // 告示番号
	Cross     []Reference // to the same subject on other sheets
	DeletedOn domain.Date // of the notice that removed the entry; empty while it stands
}

// Reference points to a row of a sheet on another basis; Number is 0 when the
// sheet only marks that there is one.
type Reference struct {
	Basis  string
	Number int
}

// Find returns the sheet of a basis and kind.
func (w *Workbook) Find(basis, kind string) (Sheet, bool) {
	for _, s := range w.Sheets {
		if s.Basis == basis && s.Kind == kind {
			return s, true
		}
	}
	return Sheet{}, false
}

// List returns the entries of a sheet as a list of their own, for Match.
func (s Sheet) List() []importer.Entry {
	out := make([]importer.Entry, len(s.Entries))
	for i, e := range s.Entries {
		out[i] = e.Entry
	}
	return out
}

// Parse reads a workbook; filename serves messages and Entry.Place. The error
// is an *importer.Refused when the file is at fault.
func Parse(r io.Reader, filename string) (*Workbook, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filename, err)
	}
	if len(data) > MaxSize {
		return nil, refuse(filename, "", fmt.Sprintf("larger than %d bytes", MaxSize), nil)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: 10 * MaxSize})
	if err != nil {
		return nil, refuse(filename, "", "not a readable xlsx workbook", err)
	}
	w := &Workbook{Source: "Japan, Ministry of Finance: persons subject to asset freezes", File: filename, SHA256: sha256.Sum256(data)}
	if err := w.read(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("close %s: %w", filename, err)
	}
	return w, nil
}

func (w *Workbook) read(f *excelize.File) error {
	for _, name := range f.GetSheetList() {
		if !strings.Contains(name, "北朝鮮") {
			continue
		}
		rows, err := f.GetRows(name)
		if err != nil {
			return refuse(w.File, name, "the sheet cannot be read", err)
		}
		s, err := readSheet(w.File, name, rows)
		if err != nil {
			return err
		}
		w.Sheets = append(w.Sheets, s)
	}
	if len(w.Sheets) == 0 {
		return refuse(w.File, "", "no sheet is titled 北朝鮮: is this the Ministry's asset-freeze workbook?", nil)
	}
	return nil
}

func refuse(file, place, reason string, err error) error {
	return &importer.Refused{File: file, Offset: -1, Place: place, Reason: reason, Err: err}
}
