package un_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/un"
)

// TestPublishedListsLoseNothing holds every non-blank leaf of every entry of
// two published lists against the strings of the entry's subject.
func TestPublishedListsLoseNothing(t *testing.T) {
	for _, c := range []struct {
		file            string
		entries, leaves int
	}{
		{"un/un_consolidated_2026-02-27.xml", 1003, 25296},
		{"un/un_consolidated_2018-10-29.xml", 1093, 25393},
	} {
		data := importertest.Published(t, c.file)
		list, err := un.Parse(bytes.NewReader(data), c.file)
		if err != nil {
			t.Fatal(err)
		}
		leaves := leavesOf(t, data)
		if len(list.Entries) != c.entries || len(leaves) != c.entries {
			t.Fatalf("%s: %d entries, %d in the file, want %d", c.file, len(list.Entries), len(leaves), c.entries)
		}
		total, raw, biggest := 0, 0, 0
		for i, e := range list.Entries {
			have := importertest.Strings(t, e.Subject)
			biggest = max(biggest, importertest.Size(t, e))
			raw += len(e.Subject.Raw)
			for _, l := range leaves[i] {
				total++
				importertest.Take(t, have, c.file+" "+e.Ref, l.element, l.want)
			}
		}
		if total != c.leaves {
			t.Errorf("%s: counted %d leaves, want %d", c.file, total, c.leaves)
		}
		if biggest >= importertest.MaxEntry {
			t.Errorf("%s: largest entry is %d bytes, want less than 40 KiB", c.file, biggest)
		}
		t.Logf("%s: %d entries, %d leaves, %d raw fields, largest entry %d bytes, published %s", c.file, len(list.Entries), total, raw, biggest, list.PublishedOn)
	}
}

func TestPublishedListFigures(t *testing.T) {
	list, err := un.Parse(bytes.NewReader(importertest.Published(t, "un/un_consolidated_2026-02-27.xml")), "2026")
	if err != nil {
		t.Fatal(err)
	}
	figures := make(map[string]int)
	for _, e := range list.Entries {
		figures[e.Kind]++
		if e.List == "DPRK" {
			figures["DPRK "+e.Kind]++
		}
		figures["warnings"] += len(e.Warnings)
		for _, id := range e.Subject.Identifiers {
			figures[id.Scheme]++
		}
		if e.ListedOn == "" {
			t.Errorf("%s has no date of listing", e.Ref)
		}
	}
	for name, want := range map[string]int{"person": 730, "entity": 273, "DPRK person": 80, "DPRK entity": 75, "un_ref": 1003, "imo_company": 16, "imo": 0} {
		if figures[name] != want {
			t.Errorf("%s: got %d, want %d", name, figures[name], want)
		}
	}
	t.Log(figures)
}

type leaf struct{ element, want string }

// codes are the words that a code stands for one to one.
var codes = map[string]map[string]string{
	"QUALITY":      {"Good": "good", "Low": "low", "a.k.a.": "aka", "f.k.a.": "fka"},
	"TYPE_OF_DATE": {"EXACT": "exact", "APPROXIMATELY": "approximately", "BETWEEN": "between"},
	"GENDER":       {"Male": "male", "Female": "female"},
}

// leavesOf reads the file a second way: the text of every element without
// child elements, per entry, blank ones left out.
func leavesOf(t *testing.T, data []byte) [][]leaf {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	var out [][]leaf
	var text strings.Builder
	depth, fresh := 0, false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if depth++; depth == 3 {
				out = append(out, nil)
			}
			fresh = true
			text.Reset()
		case xml.CharData:
			text.Write(tok)
		case xml.EndElement:
			if s := text.String(); fresh && depth > 3 && strings.TrimSpace(s) != "" {
				if code, ok := codes[tok.Name.Local][s]; ok {
					s = code
				}
				out[len(out)-1] = append(out[len(out)-1], leaf{tok.Name.Local, s})
			}
			fresh = false
			depth--
		}
	}
}
