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
	entries := parse(t, "list.xml").Entries
	leaves := leavesOf(t, importertest.Testdata(t, "list.xml"))
	if len(leaves) != len(entries) {
		t.Fatalf("%d entries, %d in the file", len(entries), len(leaves))
	}
	total := 0
	for i, e := range entries {
		total += len(leaves[i])
		holds(t, e, leaves[i])
	}
	if total < 85 {
		t.Errorf("only %d leaves were compared", total)
	}
}

// TestCSVLosesNothing does so for each different cell of each entry.
func TestCSVLosesNothing(t *testing.T) {
	for name, key := range map[string]string{"list.csv": "Unique ID", "conlist.csv": "Group ID"} {
		leaves := cellsOf(t, importertest.Testdata(t, name), key)
		total := 0
		for _, e := range parse(t, name).Entries {
			total += len(leaves[e.Ref])
			holds(t, e, leaves[e.Ref])
		}
		if total < 45 {
			t.Errorf("%s: only %d cells were compared", name, total)
		}
	}
}

// codes are the words that a code stands for one to one.
var codes = map[string]string{
	"Primary Name": "primary", "Primary name": "primary", "Alias": "aka", "ALias": "aka", "AKA": "aka", "FKA": "fka",
	"Low quality a.k.a": "low", "Good quality a.k.a": "good", "Low quality": "low", "Male": "male", "Korean": "ko",
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
			if depth > 2 && strings.TrimSpace(string(tok)) != "" {
				out[len(out)-1] = append(out[len(out)-1], leaf{name, string(tok)})
			}
		case xml.EndElement:
			depth--
		}
	}
}
