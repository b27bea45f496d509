package jp_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/jp"
)

// TestPublishedWorkbookLosesNothing reads the five sheets a second way, from
// the XML inside, and holds every cell against the strings of its subject.
func TestPublishedWorkbookLosesNothing(t *testing.T) {
	data := importertest.Published(t, "jp/jp_mof_shisantouketsu_2026-03-05.xlsx")
	book, err := jp.Parse(bytes.NewReader(data), "book.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		basis, kind string
		entries     int
		file        string
	}{
		{jp.Basis1695, "entity", 16, "sheet14.xml"},
		{jp.Basis1718, "entity", 75, "sheet15.xml"},
		{jp.Basis1718, "person", 80, "sheet16.xml"},
		{jp.BasisCoordinated, "entity", 75, "sheet17.xml"},
		{jp.BasisCoordinated, "person", 84, "sheet18.xml"},
	}
	if len(book.Sheets) != len(want) {
		t.Fatalf("got %d sheets, want %d", len(book.Sheets), len(want))
	}
	shared := sharedStrings(t, data)
	cells, warnings := 0, 0
	for i, w := range want {
		s := book.Sheets[i]
		if s.Basis != w.basis || s.Kind != w.kind || len(s.Entries) != w.entries {
			t.Fatalf("sheet %d: got %s %s with %d entries, want %s %s with %d", i, s.Basis, s.Kind, len(s.Entries), w.basis, w.kind, w.entries)
		}
		rows := rowsOf(t, data, w.file, shared)
		for _, e := range s.Entries {
			row, err := strconv.Atoi(e.Place[strings.LastIndex(e.Place, "!A")+2:])
			if err != nil {
				t.Fatal(err)
			}
			have := importertest.Strings(t, e.Subject)
			if n := importertest.Size(t, e.Entry); n >= importertest.MaxEntry {
				t.Errorf("%s: %d bytes, want less than 40 KiB", e.Ref, n)
			}
			for _, cell := range rows[row] {
				cells++
				importertest.Take(t, have, e.Ref, "cell", cell)
			}
			delete(rows, row)
			for _, text := range e.Warnings {
				warnings++
				t.Logf("%s: %s", e.Ref, text)
			}
		}
		below := 0
		for row := range rows {
			if row > 5 {
				below++
			}
		}
		if below > 0 {
			t.Errorf("%s: %d rows below the heading were not read", s.Name, below)
		}
	}
	t.Logf("%d cells of 330 entries, %d warnings", cells, warnings)
}

func TestPublishedWorkbookFigures(t *testing.T) {
	book, err := jp.Parse(bytes.NewReader(importertest.Published(t, "jp/jp_mof_shisantouketsu_2026-03-05.xlsx")), "book.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	figures := make(map[string]int)
	for _, s := range book.Sheets {
		for _, e := range s.Entries {
			figures["entries"]++
			figures[e.Kind]++
			figures["cross"] += len(e.Cross)
			for _, id := range e.Subject.Identifiers {
				figures[id.Scheme]++
			}
			if e.DeletedOn != "" {
				figures["deleted"]++
			}
			for _, b := range e.Subject.BirthDates {
				if b.Date == "" && b.From == "" {
					t.Errorf("%s: birth date %+v was not understood", e.Ref, b)
				}
			}
			for _, n := range append(e.Subject.Addresses, e.Subject.BirthPlaces...) {
				if n.Country == "" {
					figures["place without country"]++
					t.Logf("%s: no country in %q", e.Ref, n.Text)
				}
			}
			for _, n := range e.Subject.Nationalities {
				if n.Code == "" {
					t.Errorf("%s: nationality %q has no code", e.Ref, n.Text)
				}
			}
		}
	}
	for name, want := range map[string]int{"entries": 330, "person": 165, "deleted": 0, "imo": 0} {
		if figures[name] != want {
			t.Errorf("%s: got %d, want %d", name, figures[name], want)
		}
	}
	t.Log(figures)
}

type richText struct {
	T    string `xml:"t"`
	Runs []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

// sharedStrings leaves out the phonetic runs (rPh).
func sharedStrings(t *testing.T, data []byte) []string {
	t.Helper()
	var x struct {
		Items []richText `xml:"si"`
	}
	decodePart(t, data, "xl/sharedStrings.xml", &x)
	out := make([]string, len(x.Items))
	for i, si := range x.Items {
		out[i] = si.T
		for _, r := range si.Runs {
			out[i] += r.T
		}
	}
	return out
}

func rowsOf(t *testing.T, data []byte, file string, shared []string) map[int][]string {
	t.Helper()
	var x struct {
		Rows []struct {
			R     int `xml:"r,attr"`
			Cells []struct {
				Type string `xml:"t,attr"`
				V    string `xml:"v"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	decodePart(t, data, "xl/worksheets/"+file, &x)
	out := make(map[int][]string)
	for _, row := range x.Rows {
		for _, c := range row.Cells {
			v := c.V
			if c.Type == "s" {
				n, err := strconv.Atoi(v)
				if err != nil {
					t.Fatal(err)
				}
				v = shared[n]
			}
			if strings.TrimSpace(v) != "" {
				out[row.R] = append(out[row.R], v)
			}
		}
	}
	return out
}

func decodePart(t *testing.T, data []byte, name string, v any) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := xml.NewDecoder(f).Decode(v); err != nil {
		t.Fatal(err)
	}
}
