package table_test

import (
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/table"
	"github.com/google/go-cmp/cmp"
)

func layout() table.Layout {
	return table.Layout{
		Comma: ';', Key: "Unique ID", Essential: []string{"Unique ID", "Kind|Type of subject"}, Above: 1,
		Columns: []table.Column{
			{Name: "Unique ID", Path: "id"},
			{Name: "Name", Record: "name", Path: "@text"},
			{Name: "Name act", Record: "name", Path: "act/@title"},
			{Name: "Name date", Record: "name", Path: "act/@date"},
			{Name: "Remark", Record: "remark"},
			{Name: "Type of subject", Path: "kind"},
		},
	}
}

func TestRowsOfOneEntryAreFolded(t *testing.T) {
	file := "\ufeffreport;1\r\n" +
		"KIND;unique id ;Name;Name act;Name date;Remark;Extra [a]\r\n" +
		"ship;B ;\"x; \"\"y\"\"\r\nz\";act 1;2001;r;e\r\n" +
		"ship;A;say \"no\";;;;\r\n" +
		"ship;B ;\"x; \"\"y\"\"\r\nz\";act 1;2001;s;e\r\n" +
		";;;;;;\r\n"
	l := layout()
	l.Columns = append(l.Columns, table.Column{Name: "Kind", Path: "kind"})
	got, err := table.Read("f", []byte(file), l)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Entries) != 2 || got.Entries[0].Key != "B" || got.Entries[0].Line != 3 || got.Entries[1].Line != 5 || got.Above[0][1] != "1" {
		t.Fatalf("got %+v", got)
	}
	want := []domain.RawField{
		{Path: "kind", Value: "ship"},
		{Path: "id", Value: "B "},
		{Path: "name/@text", Value: "x; \"y\"\r\nz"},
		{Path: "name/act/@title", Value: "act 1"},
		{Path: "name/act/@date", Value: "2001"},
		{Path: "remark[0]", Value: "r"},
		{Path: "Extra [a]", Value: "e"},
		{Path: "remark[1]", Value: "s"},
	}
	if diff := cmp.Diff(want, got.Entries[0].Tree.Rest()); diff != "" {
		t.Errorf("tree differs (-want +got):\n%s", diff)
	}
	if text := got.Entries[1].Tree.All("name")[0].Get("@text"); text != `say "no"` {
		t.Errorf("a mark in a bare cell: got %s", text)
	}
}

func TestHeadless(t *testing.T) {
	l := layout()
	l.Headless = true
	got, err := table.Read("f", []byte("A;n;;;;ship"), l)
	if err != nil || len(got.Entries) != 1 || len(got.Warnings) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestRefusesTheWholeTable(t *testing.T) {
	head := "Unique ID;Name;Kind\n"
	for name, c := range map[string]struct {
		file, reason string
		line         int
	}{
		"empty":           {"", `with the column "Unique ID"`, 1},
		"no heading":      {"A;b;c\nA;b;c\n", `with the column "Unique ID"`, 3},
		"missing column":  {"Unique ID;Name\nA;b\n", `the column "Kind" or "Type of subject" is missing`, 2},
		"cut in a row":    {head + "A;b;c\nB;b", "the row has 2 cells, the heading 3", 3},
		"too many cells":  {head + "A;b;c;d\n", "the row has 4 cells", 2},
		"cut in quotes":   {head + "A;b;\"c\n", "a quoted cell has no end", 2},
		"text after mark": {head + "A;\"b\"c;d\n", "text follows the end of a quoted cell", 2},
		"no key":          {head + "A;b;c\n;b;c\n", "the row has no Unique ID", 3},
	} {
		_, err := table.Read("f", []byte(c.file), layout())
		var refused *importer.Refused
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.reason) || refused.Line != c.line {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzRead holds the rows against the library's reader, where that reads them.
func FuzzRead(f *testing.F) {
	f.Add("Unique ID;Name;Kind\nA;\"b;\"\"c\";d\r\nA;e;d\n")
	f.Add("\ufeffx\nUnique ID;Kind\nA;\"b\nc\"\n")
	f.Fuzz(func(t *testing.T, file string) {
		got, err := table.Read("f", []byte(file), layout())
		if err != nil {
			return
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
		r.Comma, r.FieldsPerRecord = ';', -1
		rows, err := r.ReadAll()
		if err != nil || strings.Contains(file, "\r") {
			return
		}
		at := slices.IndexFunc(rows, func(row []string) bool {
			return slices.ContainsFunc(row, func(c string) bool { return c == "Unique ID" })
		})
		if at < 0 {
			return
		}
		key := slices.Index(rows[at], "Unique ID")
		keys := make(map[string]bool)
		for _, row := range rows[at+1:] {
			if strings.TrimSpace(strings.Join(row, "")) != "" {
				keys[strings.TrimSpace(row[key])] = true
			}
		}
		if len(keys) != len(got.Entries) {
			t.Fatalf("%d entries, the library's reader sees %d", len(got.Entries), len(keys))
		}
	})
}
