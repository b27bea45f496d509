package ca_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ca"
	"github.com/google/go-cmp/cmp"
)

const publishedFile = "ca/ca_sema_consolidated_2025.xml"

// published returns the list and its bytes from the folder LEDGER_DATA names,
// which holds real published lists and is not part of the project.
func published(t testing.TB) (*importer.List, []byte) {
	t.Helper()
	dir := os.Getenv("LEDGER_DATA")
	if dir == "" {
		t.Skip("set LEDGER_DATA to the folder of published lists to run this test")
	}
	data, err := os.ReadFile(filepath.Join(dir, publishedFile))
	if err != nil {
		t.Fatal(err)
	}
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
		have, size := stringsOf(t, e)
		biggest = max(biggest, size)
		raw += len(e.Subject.Raw)
		for _, want := range records[i] {
			total++
			if have[want] == 0 {
				t.Errorf("%s: %q is lost", e.Ref, want)
			}
			have[want]--
		}
	}
	if total != 31780 {
		t.Errorf("counted %d leaves, want 31780", total)
	}
	if biggest >= 40<<10 {
		t.Errorf("largest entry is %d bytes, want less than 40 KiB", biggest)
	}
	t.Logf("%d entries, %d leaves, %d raw fields, largest entry %d bytes", len(list.Entries), total, raw, biggest)
}

func TestPublishedListFigures(t *testing.T) {
	list, data := published(t)
	figures, refs := make(map[string]int), make(map[string]bool)
	for _, e := range list.Entries {
		checkShape(t, e)
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

// stringsOf counts the strings of the subject's JSON, and the entry's size.
func stringsOf(t *testing.T, e importer.Entry) (map[string]int, int) {
	t.Helper()
	whole, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := json.Marshal(e.Subject)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(subject, &v); err != nil {
		t.Fatal(err)
	}
	have := make(map[string]int)
	count(v, have)
	return have, len(whole)
}

func count(v any, have map[string]int) {
	switch v := v.(type) {
	case string:
		have[v]++
	case []any:
		for _, x := range v {
			count(x, have)
		}
	case map[string]any:
		for _, x := range v {
			count(x, have)
		}
	}
}
