package ofac_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ofac"
)

func publishedSet(t testing.TB) *importer.List {
	t.Helper()
	list, err := ofac.ParseFolder(os.DirFS(importertest.Path(t, "ofac")), "sdn_2021_sdn.csv")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// rows reads a published file a second way, by the standard library.
func rows(t *testing.T, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(importertest.Path(t, "ofac"), "sdn_2021_"+name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimSuffix(data, []byte{0x1a}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPublishedSetLosesNothing holds every cell with a value of every record
// of the four files against the strings of the entry's subject, each as often
// as it is stated. The number of an entry counts once, where it is defined.
func TestPublishedSetLosesNothing(t *testing.T) {
	list := publishedSet(t)
	have := make(map[string]map[string]int)
	biggest, raw := 0, 0
	for _, e := range list.Entries {
		have[e.Ref] = importertest.Strings(t, e.Subject)
		biggest, raw = max(biggest, importertest.Size(t, e)), raw+len(e.Subject.Raw)
	}
	total := 0
	for _, name := range []string{"sdn", "add", "alt", "sdn_comments"} {
		cells := 0
		for _, r := range rows(t, name) {
			for i, cell := range r {
				if strings.TrimSpace(cell) == "-0-" || i == 0 && name != "sdn" {
					continue
				}
				cells++
				importertest.Take(t, have[r[0]], name+" "+r[0], fmt.Sprint("cell ", i), cell)
			}
		}
		t.Logf("%s: %d cells with a value", name, cells)
		total += cells
	}
	if len(list.Entries) != 8976 || total != 120579 {
		t.Errorf("%d entries and %d cells, want 8976 and 120579", len(list.Entries), total)
	}
	if biggest >= importertest.MaxEntry {
		t.Errorf("the largest entry is %d bytes, want less than 40 KiB", biggest)
	}
	t.Logf("%d entries, %d cells, %d raw fields, largest entry %d bytes, sha256 %s", len(list.Entries), total, raw, biggest, list.SHA256)
}

func TestPublishedSetFigures(t *testing.T) {
	start := time.Now()
	list := publishedSet(t)
	took := time.Since(start)
	figures := make(map[string]int)
	labels := make(map[string]int)
	for _, e := range list.Entries {
		count(e, figures)
		for _, r := range e.Subject.Remarks {
			labels[r.Label]++
		}
		for _, w := range e.Warnings {
			t.Logf("%s: %s", e.Place, w)
		}
		if e.ListedOn != "" {
			t.Errorf("%s has a date of listing, which no file states", e.Ref)
		}
	}
	for name, want := range map[string]int{
		"person": 4620, "entity": 3673, "vessel": 406, "aircraft": 277, "DPRK": 414, "warnings": 2,
		"id imo": 400, "id imo_company": 81, "id mmsi": 51, "id call_sign": 70, "id wallet": 97, "id swift": 82,
		"id passport": 1548, "id national_id": 1776, "id registration": 1181, "id other": 10889,
		"name primary ": 8976, "name aka good": 11523, "name fka good": 369, "name nka good": 18, "name aka low": 2417, "name fka low": 24,
		"birth date": 5125, "nationality": 3066, "flag": 513, "flag with code": 507, "address": 11440, "address with code": 11371,
	} {
		if figures[name] != want {
			t.Errorf("%s: got %d, want %d", name, figures[name], want)
		}
	}
	if took > 10*time.Second { // some 0.2 s on a machine at rest: this finds a slower order, not a busy machine
		t.Errorf("the set took %v to read, want well under a second", took)
	}
	t.Log(took, figures, labels, list.Warnings)
}

func count(e importer.Entry, figures map[string]int) {
	figures[e.Kind]++
	figures["warnings"] += len(e.Warnings)
	if strings.Contains(e.List, "DPRK") {
		figures["DPRK"]++
	}
	for _, id := range e.Subject.Identifiers {
		figures["id "+id.Scheme]++
	}
	for _, n := range e.Subject.Names {
		figures["name "+n.Kind+" "+n.Quality]++
	}
	for _, f := range e.Subject.Flags {
		figures["flag"]++
		if f.Code != "" {
			figures["flag with code"]++
		}
	}
	for _, p := range e.Subject.Addresses {
		figures["address"]++
		if p.Country != "" {
			figures["address with code"]++
		}
	}
	figures["birth date"] += len(e.Subject.BirthDates)
	figures["nationality"] += len(e.Subject.Nationalities)
}

// TestPublishedEntriesMayBeRecorded holds every entry to the rules that its
// designation would meet in the ledger.
func TestPublishedEntriesMayBeRecorded(t *testing.T) {
	for _, e := range publishedSet(t).Entries {
		importertest.CheckShape(t, importertest.Adopted(e, "US"))
	}
}

func BenchmarkPublishedSet(b *testing.B) {
	for b.Loop() {
		if _, err := ofac.ParseFolder(os.DirFS(importertest.Path(b, "ofac")), "sdn_2021_sdn.csv"); err != nil {
			b.Fatal(err)
		}
	}
}
