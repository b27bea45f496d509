package ca_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ca"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/google/go-cmp/cmp"
)

const (
	person = `<record><Country>Vantia / Vantie</Country><LastName>Orel </LastName><GivenName>Sil Var</GivenName><TitleOrShip>General/général</TitleOrShip>` +
		`<Aliases>S. Orel; Сил Орел</Aliases><DateOfBirthOrShipBuildDate>1963 or 1964</DateOfBirthOrShipBuildDate><Schedule>1, Part 1.1</Schedule><Item>7</Item><DateOfListing>2022-03-10</DateOfListing></record>`
	entity = `<record><Country>Vantia / Vantie</Country><EntityOrShip>Ore Line</EntityOrShip><Aliases>Ore Group, LLC</Aliases><Schedule>1,Part 2</Schedule><Item>1</Item><DateOfListing>2020-09-28</DateOfListing></record>`
	ship   = `<record><Country>Vantia / Vantie</Country><EntityOrShip>Vanta</EntityOrShip><TitleOrShip>Oil Tanker</TitleOrShip><DateOfBirthOrShipBuildDate>1980</DateOfBirthOrShipBuildDate>` +
		`<ShipIMONumber>7303803</ShipIMONumber><Item>3</Item><DateOfListing>2025-02-21</DateOfListing></record>`
)

func document(records ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n<data-set>\n" + strings.Join(records, "\n") + "\n</data-set>"
}

func parse(t testing.TB, records ...string) *importer.List {
	t.Helper()
	list, err := ca.Parse(strings.NewReader(document(records...)), "list.xml")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestParse(t *testing.T) {
	list := parse(t, person, entity, ship)
	raw := func(pairs ...string) (out []domain.RawField) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, domain.RawField{Path: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	want := []importer.Entry{
		{
			Ref: "Vantia:1-Part-1.1:7", List: "Vantia", Kind: "person", ListedOn: "2022-03-10", Place: "list.xml:3",
			Subject: domain.Subject{
				Kind: "person",
				Names: []domain.Name{
					{Text: "Sil Var Orel", Kind: "primary", Script: "Latn", Parts: []domain.NamePart{{Part: "first", Text: "Sil Var"}, {Part: "last", Text: "Orel"}}},
					{Text: "S. Orel", Kind: "aka", Script: "Latn"},
					{Text: "Сил Орел", Kind: "aka", Script: "Cyrl"},
				},
				BirthDates: []domain.FuzzyDate{{Type: "exact", Date: "1963", Text: "1963 or 1964"}, {Type: "exact", Date: "1964", Text: "1963 or 1964"}},
				Titles:     []domain.Text{{Text: "General/général", Label: "TitleOrShip"}},
				Raw: raw("Country", "Vantia / Vantie", "LastName", "Orel ", "Aliases", "S. Orel; Сил Орел",
					"Schedule", "1, Part 1.1", "Item", "7", "DateOfListing", "2022-03-10"),
			},
		},
		{
			Ref: "Vantia:1-Part-2:1", List: "Vantia", Kind: "entity", ListedOn: "2020-09-28", Place: "list.xml:4",
			Subject: domain.Subject{
				Kind:  "entity",
				Names: []domain.Name{{Text: "Ore Line", Kind: "primary", Script: "Latn"}, {Text: "Ore Group, LLC", Kind: "aka", Script: "Latn"}},
				Raw:   raw("Country", "Vantia / Vantie", "Schedule", "1,Part 2", "Item", "1", "DateOfListing", "2020-09-28"),
			},
		},
		{
			Ref: "Vantia:3", List: "Vantia", Kind: "vessel", ListedOn: "2025-02-21", Place: "list.xml:5",
			Subject: domain.Subject{
				Kind:        "vessel",
				Names:       []domain.Name{{Text: "Vanta", Kind: "primary", Script: "Latn"}},
				Identifiers: []domain.Identifier{{Scheme: "imo", Value: "7303803"}},
				Remarks:     []domain.Text{{Text: "Oil Tanker", Label: "TitleOrShip"}},
				Raw:         raw("Country", "Vantia / Vantie", "DateOfBirthOrShipBuildDate", "1980", "Item", "3", "DateOfListing", "2025-02-21"),
			},
		},
	}
	if diff := cmp.Diff(want, list.Entries); diff != "" {
		t.Fatalf("entries differ (-want +got):\n%s", diff)
	}
	if len(list.Warnings) != 1 || !strings.Contains(list.Warnings[0], "1 records have aliases with commas") {
		t.Errorf("got warnings %q", list.Warnings)
	}
	for _, e := range list.Entries {
		importertest.CheckShape(t, importertest.Adopted(e, "CA", "asset_freeze"))
	}
}

func TestReferences(t *testing.T) {
	record := func(country, schedule, item string) string {
		return "<record><Country>" + country + "</Country><EntityOrShip>x</EntityOrShip><Schedule>" + schedule + "</Schedule><Item>" + item + "</Item><DateOfListing>2020-09-28</DateOfListing></record>"
	}
	long := strings.Repeat("A", 200)
	for _, c := range []struct{ country, schedule, item, want string }{
		{"Myanmar (Burma) / Myanmar (Birmanie)", "Part 1", "20", "Myanmar-(Burma):Part-1:20"},
		{"Venezuela ", "", "4.1", "Venezuela:4.1"},
		{"Côte / Sel", " 1 , Part 2 ", "(a)", "C-te:1-Part-2:(a)"},
		{long, long, long, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-70d3bf8b:AAAAAAAAAAAAAAA-70d3bf8b:AAAAAAA-70d3bf8b"},
	} {
		e := parse(t, record(c.country, c.schedule, c.item)).Entries[0]
		if e.Ref != c.want {
			t.Errorf("got %s, want %s", e.Ref, c.want)
		}
		importertest.CheckShape(t, importertest.Adopted(e, "CA", "asset_freeze"))
	}
	list := parse(t, entity, entity, entity)
	for i, want := range []string{"Vantia:1-Part-2:1", "Vantia:1-Part-2:1@2", "Vantia:1-Part-2:1@3"} {
		if e := list.Entries[i]; e.Ref != want || len(e.Warnings) != min(i, 1) {
			t.Errorf("got %s with warnings %q, want %s", e.Ref, e.Warnings, want)
		}
		importertest.CheckShape(t, importertest.Adopted(list.Entries[i], "CA", "asset_freeze"))
	}
	if len(list.Warnings) != 3 {
		t.Errorf("got warnings %q, want two on references and one on commas", list.Warnings)
	}
}

func TestDatesOfBirth(t *testing.T) {
	for printed, want := range map[string][]domain.FuzzyDate{
		"1967-01-08  ":             {{Type: "exact", Date: "1967-01-08"}},
		"1972-08":                  {{Type: "exact", Date: "1972-08"}},
		"1963-1964":                {{Type: "between", From: "1963", To: "1964", Text: "1963-1964"}},
		"1965-07-15 OR 1969-09-28": {{Type: "exact", Date: "1965-07-15", Text: "1965-07-15 OR 1969-09-28"}, {Type: "exact", Date: "1969-09-28", Text: "1965-07-15 OR 1969-09-28"}},
		"Sep-99":                   {{Text: "Sep-99"}},
		"1967-02-30":               {{Text: "1967-02-30"}},
		"1963 or so":               {{Text: "1963 or so"}},
	} {
		e := parse(t, strings.Replace(person, "1963 or 1964", printed, 1)).Entries[0]
		if diff := cmp.Diff(want, e.Subject.BirthDates); diff != "" {
			t.Errorf("%q differs (-want +got):\n%s", printed, diff)
		}
		if (len(e.Warnings) > 0) != (want[0].Type == "") {
			t.Errorf("%q: got warnings %q", printed, e.Warnings)
		}
	}
}

func TestIMONumbers(t *testing.T) {
	for printed, want := range map[string]string{"7303803": "imo", "5571322": "imo_company", "7303804": "other", "unknown": "other"} {
		e := parse(t, strings.Replace(ship, "7303803", printed, 1)).Entries[0]
		if got := e.Subject.Identifiers[0].Scheme; got != want || (len(e.Warnings) == 0) != (want == "imo") {
			t.Errorf("%q: got %q and warnings %q, want %q", printed, got, e.Warnings, want)
		}
		importertest.CheckShape(t, importertest.Adopted(e, "CA", "asset_freeze"))
	}
}

func TestRefusesTheWholeFile(t *testing.T) {
	good := document(person, entity)
	replace := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	at := int64(strings.Index(good, "Ore Line"))
	for name, c := range map[string]struct {
		file, reason string
		offset       int64
	}{
		"latin-1 byte":       {replace("Ore Line", "\xe9re Line"), "0xE9 is not UTF-8", at},
		"substitute":         {replace("Ore Line", "\x1are Line"), "U+001A", at},
		"cut short":          {good[:len(good)-9], "breaks off", -2},
		"cut in a record":    {good[:at], "breaks off", -2},
		"empty":              {"", "breaks off", -2},
		"no record":          {document(""), "the list has no record", -2},
		"another document":   {"<CONSOLIDATED_LIST/>", "is this the right list?", -2},
		"two roots":          {good + "<data-set/>", "data-set alone", -2},
		"another element":    {replace("<record>", "<entry/><record>"), "where record is expected", -2},
		"document type":      {`<!DOCTYPE x [<!ENTITY a "b">]>` + good, "document type", -2},
		"unknown entity":     {replace("Ore Line", "&a;"), "breaks off", -2},
		"text between":       {replace("<record>", "note<record>"), "outside of the entries", -2},
		"text before":        {"note" + good, "outside of the entries", -2},
		"text in a record":   {replace("<record>", "<record>note"), "in none of its elements", -2},
		"nested without end": {document(strings.Repeat("<record>", 40)), "nested", -2},
		"no country":         {replace("Vantia / Vantie", " "), "needs a Country", -2},
		"no item":            {replace("<Item>7</Item>", ""), "needs a Country and an Item", -2},
		"no name":            {replace("Ore Line", ""), "none of LastName", -2},
		"person and ship":    {replace("<LastName>", "<EntityOrShip>x</EntityOrShip><LastName>"), "at once", -2},
		"country unreadable": {replace("Vantia / Vantie", "ヴァンティア"), "needs a Country", -2},
		"closed by another":  {replace("</record>", "</data-set>"), "breaks off", -2},
		"attribute unquoted": {replace("<record>", "<record a=b>"), "breaks off", -2},
	} {
		_, err := ca.Parse(strings.NewReader(c.file), "list.xml")
		var refused *importer.Refused
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.reason) || c.offset != -2 && refused.Offset != c.offset {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := ca.Parse(strings.NewReader(good[:at]), "l"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file cut short: got %v, want io.ErrUnexpectedEOF within", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(document(ship))
	f.Add(document("<record><Country>A</Country><LastName>b</LastName><Item>1</Item></record>"))
	f.Fuzz(func(t *testing.T, data string) {
		list, err := ca.Parse(strings.NewReader(data), "f")
		if err != nil {
			var refused *importer.Refused
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a refusal", err)
			}
			return
		}
		seen := make(map[string]bool)
		for _, e := range list.Entries {
			if seen[e.Ref] || len("CA:"+e.Ref) > 96 {
				t.Fatalf("accepted reference %q", e.Ref)
			}
			seen[e.Ref] = true
			if _, err := json.Marshal(e); err != nil {
				t.Fatal(err)
			}
		}
	})
}
