package au_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/au"
)

func TestRefusesTheWholeFile(t *testing.T) {
	with := func(rows ...cells) []byte { return workbook(t, append(made(), rows...)) }
	for name, c := range map[string]struct {
		file          []byte
		reason, place string
	}{
		"no workbook":       {[]byte("PK\x03\x04"), "not a readable xlsx", ""},
		"empty":             {nil, "not a readable xlsx", ""},
		"cut short":         {with()[:2000], "not a readable xlsx", ""},
		"no list":           {workbook(t, []cells{{"x"}}), "is this the Consolidated List?", ""},
		"headings alone":    {workbook(t, []cells{headings}), "is this the Consolidated List?", ""},
		"heading missing":   {workbook(t, []cells{{"Reference", "Name"}, {"1", "x"}}), "the heading type is missing", "Sheet1!A1"},
		"heading twice":     {workbook(t, []cells{{"Reference", "Name", "Name of Individual or Entity"}}), "stands twice", "Sheet1!A1"},
		"no reference":      {with(cells{nil, "Vanta"}), `reference "" is not a number`, "Sheet1!A7"},
		"another reference": {with(cells{"AF1", "Vanta"}), `reference "AF1" is not a number`, "Sheet1!A7"},
		"no name":           {with(cells{"104"}), "it has no name", "Sheet1!A7"},
		"unknown type":      {with(cells{"104", "Vanta", "Ghost"}), `type "Ghost" is none of`, "Sheet1!A7"},
		"unclear measure":   {with(append(slices.Clone(made()[4][:15]), "perhaps")), "neither TRUE nor FALSE", "Sheet1!A"},
	} {
		_, err := au.Parse(bytes.NewReader(c.file), "list.xlsx")
		var refused *importer.Refused
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.reason) || !strings.HasPrefix(refused.Place, c.place) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(workbook(f, []cells{headings[:4], {"1", "A", "Entity", "Alias"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := au.Parse(bytes.NewReader(data), "f")
		if err != nil {
			var refused *importer.Refused
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a refusal", err)
			}
			return
		}
		checkList(t, list)
	})
}

// FuzzRows reaches behind the zip, where FuzzParse seldom does: the text is a
// sheet, its lines rows and their cells divided by |.
func FuzzRows(f *testing.F) {
	f.Add("1|A|Entity|Alias\n1a|B|Entity|Alias|Weak|1960|Sel|Iran, Iraq|Var, Iran|KPe.901 x|y|7303803|z|44927|i|1|0")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		rows := []cells{headings}
		for line := range strings.SplitSeq(text, "\n") {
			var row cells
			for c := range strings.SplitSeq(line, "|") {
				row = append(row, c)
			}
			rows = append(rows, row)
		}
		list, err := au.Parse(bytes.NewReader(workbook(t, rows)), "f")
		if err == nil {
			checkList(t, list)
		}
	})
}

func checkList(t *testing.T, list *importer.List) {
	t.Helper()
	seen := make(map[string]bool)
	for _, e := range list.Entries {
		if e.Ref == "" || seen[e.Ref] || len(e.Subject.Names) == 0 || e.ListedOn != "" {
			t.Fatalf("accepted %+v", e)
		}
		seen[e.Ref] = true
		if _, err := json.Marshal(e); err != nil {
			t.Fatal(err)
		}
	}
}
