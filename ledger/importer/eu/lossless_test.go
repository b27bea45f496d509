package eu_test

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
)

type leaf struct{ at, value string }

// TestXMLLosesNothing reads the file a second way and holds every attribute
// and text of every entry against the strings of its subject.
func TestXMLLosesNothing(t *testing.T) {
	for file, atLeast := range map[string]int{"list.xml": 250, "published.xml": 180} {
		entries := parse(t, file).Entries
		leaves := leavesOf(t, importertest.Testdata(t, file))
		if len(leaves) != len(entries) {
			t.Fatalf("%d entries, %d in %s", len(entries), len(leaves), file)
		}
		total := 0
		for i, e := range entries {
			total += len(leaves[i])
			holds(t, e, leaves[i])
		}
		if total < atLeast {
			t.Errorf("only %d leaves of %s were compared", total, file)
		}
	}
}

// TestCSVLosesNothing does so for each different cell of each entry.
func TestCSVLosesNothing(t *testing.T) {
	entries := parse(t, "list.csv").Entries
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(importertest.Testdata(t, "list.csv"), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	leaves := make(map[string][]leaf)
	seen := make(map[[3]string]bool)
	for _, row := range rows[1:] {
		for i, cell := range row {
			id := [3]string{row[1], rows[0][i], cell}
			if i > 0 && cell != "" && !seen[id] { // the first is the date of the file
				seen[id] = true
				leaves[row[1]] = append(leaves[row[1]], leaf{rows[0][i], cell})
			}
		}
	}
	for _, e := range entries {
		id := map[string]string{"EU.9001.10": "900101", "EU.9002.11": "900102", "900103": "900103"}[e.Ref]
		if len(leaves[id]) < 15 {
			t.Fatalf("%s: %d cells", e.Ref, len(leaves[id]))
		}
		holds(t, e, leaves[id])
	}
}

// codes are the words that stand for one another.
var codes = map[string]string{
	"M": "male", "F": "female", "EN": "en", "KO": "ko", "BG": "bg", "FR": "fr",
}

var flags = map[string][2]string{
	"nameAlias/@strong": {"good", "low"}, "birthdate/@circa": {"approximately", "exact"}, "BirthDate_Circa": {"approximately", "exact"},
}

func holds(t *testing.T, e importer.Entry, leaves []leaf) {
	t.Helper()
	have := importertest.Strings(t, e.Subject)
	for _, l := range leaves {
		want := []string{l.value, codes[l.value]}
		if f, ok := flags[l.at]; ok {
			want = []string{f[map[string]int{"true": 0, "false": 1}[l.value]], l.value}
		}
		importertest.Take(t, have, e.Ref, l.at, want...)
	}
}

// repeated stand in the subject once, however many names state them.
var repeated = map[string]bool{"nameAlias/@gender": true, "nameAlias/@function": true, "nameAlias/@title": true}

func leavesOf(t *testing.T, file string) [][]leaf {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(file))
	var out [][]leaf
	var path []string
	seen := make(map[leaf]bool)
	add := func(at, value string) {
		l := leaf{at, value}
		if strings.TrimSpace(value) == "" || repeated[at] && seen[l] {
			return
		}
		seen[l] = true
		out[len(out)-1] = append(out[len(out)-1], l)
	}
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
			if path = append(path, tok.Name.Local); len(path) == 2 {
				out = append(out, nil)
				seen = make(map[leaf]bool)
			}
			for _, a := range tok.Attr {
				if len(path) > 1 {
					add(strings.Join(path[2:], "/")+"/@"+a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			if len(path) > 2 {
				add(strings.Join(path[2:], "/"), string(tok))
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}
