package ca_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ca"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/google/go-cmp/cmp"
)

const publishedFile = "ca/ca_sema_consolidated_2025.xml"

// published returns the list and its bytes from the folder LEDGER_DATA names,
// which holds real published lists and is not part of the project.
func published(t testing.TB) (*importer.List, []byte) {
	t.Helper()
	data := importertest.Published(t, publishedFile)
	list, err := ca.Parse(bytes.NewReader(data), publishedFile)
	if err != nil {
		t.Fatal(err)
	}
	return list, data
}

// TestPublishedListLosesNothing holds every non-blank leaf of every record
// against the strings of the entry's subject.
func TestPublishedListLosesNothing(t *testing.T) {
	list, data := published(t)
	records := leavesOf(t, data)
	if len(list.Entries) != 4759 || len(records) != 4759 {
		t.Fatalf("%d entries, %d in the file, want 4759", len(list.Entries), len(records))
	}
	total, raw, biggest := 0, 0, 0
	for i, e := range list.Entries {
		have := importertest.Strings(t, e.Subject)
		biggest = max(biggest, importertest.Size(t, e))
		raw += len(e.Subject.Raw)
		for _, want := range records[i] {
			total++
			importertest.Take(t, have, e.Ref, "value", want)
		}
	}
	if total != 31780 {
		t.Errorf("counted %d leaves, want 31780", total)
	}
	if biggest >= importertest.MaxEntry {
		t.Errorf("largest entry is %d bytes, want less than 40 KiB", biggest)
	}
	t.Logf("%d entries, %d leaves, %d raw fields, largest entry %d bytes", len(list.Entries), total, raw, biggest)
}

func TestPublishedListFigures(t *testing.T) {
	list, data := published(t)
	figures, refs := make(map[string]int), make(map[string]bool)
	for _, e := range list.Entries {
		importertest.CheckShape(t, importertest.Adopted(e, "CA", "asset_freeze"))
		refs[e.Ref] = true
		figures[e.Kind]++
		figures["warnings"] += len(e.Warnings)
		figures["names"] += len(e.Subject.Names)
		for _, id := range e.Subject.Identifiers {
			figures[id.Scheme]++
		}
		if e.ListedOn == "" {
			t.Errorf("%s has no date of listing", e.Ref)
		}
		if strings.Contains(e.Ref, "@") {
			figures["shared references"]++
		}
	}
	for _, word := range []string{"Korea", "DPRK", "Corée", "Pyongyang", "KOREA"} {
		if bytes.Contains(data, []byte(word)) {
			t.Errorf("the list has the word %s: look whether it has come to list subjects of the DPRK", word)
		}
	}
	if len(refs) != 4759 {
		t.Errorf("%d references, want 4759", len(refs))
	}
	want := map[string]int{"person": 3334, "entity": 1316, "vessel": 109, "imo": 109, "warnings": 2, "names": 7890}
	if diff := cmp.Diff(want, figures); diff != "" {
		t.Errorf("figures differ (-want +got):\n%s", diff)
	}
	t.Log(figures, list.Warnings)
}

// leavesOf reads the file a second way: the text of every element without
// child elements, per record, blank ones left out.
func leavesOf(t *testing.T, data []byte) [][]string {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	var out [][]string
	depth := 0
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
			if depth++; depth == 2 {
				out = append(out, nil)
			}
		case xml.CharData:
			if s := string(tok); depth > 2 && strings.TrimSpace(s) != "" {
				out[len(out)-1] = append(out[len(out)-1], s)
			}
		case xml.EndElement:
			depth--
		}
	}
}
