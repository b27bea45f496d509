package uk_test

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
)

type leaf struct{ at, value string }

// TestXMLLosesNothing reads the file a second way and holds every text of
// every entry against the strings of its subject.
func TestXMLLosesNothing(t *testing.T) {
	for file, atLeast := range map[string]int{"list.xml": 85, "published.xml": 50} {
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
	for _, c := range []struct {
		name, key string
		atLeast   int
	}{
		{"list.csv", "Unique ID", 45}, {"conlist.csv", "Group ID", 45}, {"published.csv", "Unique ID", 35}, {"published_conlist.csv", "Group ID", 15},
	} {
		leaves := cellsOf(t, importertest.Testdata(t, c.name), c.key)
		total := 0
		for _, e := range parse(t, c.name).Entries {
			total += len(leaves[e.Ref])
			holds(t, e, leaves[e.Ref])
		}
		if total < c.atLeast {
			t.Errorf("%s: only %d cells were compared", c.name, total)
		}
	}
}

// codes are the words that a code stands for one to one.
var codes = map[string]string{
	"Primary Name": "primary", "Primary name": "primary", "Alias": "aka", "ALias": "aka", "AKA": "aka", "FKA": "fka",
	"Low quality a.k.a": "low", "Good quality a.k.a": "good", "Low quality": "low", "Male": "male", "Korean": "ko", "Serbian": "sr",
}

func holds(t *testing.T, e importer.Entry, leaves []leaf) {
	t.Helper()
	if len(leaves) == 0 {
		t.Fatalf("%s: nothing to compare", e.Ref)
	}
	have := importertest.Strings(t, e.Subject)
	for _, l := range leaves {
		importertest.Take(t, have, e.Ref, l.at, l.value, codes[l.value])
	}
}

func cellsOf(t *testing.T, file, key string) map[string][]leaf {
	t.Helper()
	_, table, _ := strings.Cut(file, "\n")
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], key)
	out := make(map[string][]leaf)
	seen := make(map[[3]string]bool)
	for _, row := range rows[1:] {
		ref := strings.TrimSpace(row[at])
		for i, cell := range row {
			id := [3]string{ref, rows[0][i], cell}
			if strings.TrimSpace(cell) != "" && !seen[id] {
				seen[id] = true
				out[ref] = append(out[ref], leaf{rows[0][i], cell})
			}
		}
	}
	return out
}

func leavesOf(t *testing.T, file string) [][]leaf {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(file))
	var out [][]leaf
	depth := 0
	name := ""
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
			depth++
			if name = tok.Name.Local; name == "Designation" {
				out = append(out, nil)
			}
		case xml.CharData:
			l := leaf{name, string(tok)}
			if depth > 2 && strings.TrimSpace(l.value) != "" && !slices.Contains(out[len(out)-1], l) { // what is repeated is kept once
				out[len(out)-1] = append(out[len(out)-1], l)
			}
		case xml.EndElement:
			depth--
		}
	}
}
