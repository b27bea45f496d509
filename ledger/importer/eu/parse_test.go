package eu_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/eu"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/google/go-cmp/cmp"
)

func parse(t testing.TB, name string) *importer.List {
	t.Helper()
	read := eu.ParseXML
	if strings.HasSuffix(name, ".csv") {
		read = eu.ParseCSV
	}
	list, err := read(strings.NewReader(importertest.Testdata(t, name)), name)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestParseXMLPerson(t *testing.T) {
	list := parse(t, "list.xml")
	if list.PublishedOn != "2026-09-21" || len(list.Entries) != 4 {
		t.Fatalf("got published %s and %d entries", list.PublishedOn, len(list.Entries))
	}
	got := list.Entries[0]
	if len(got.Subject.Raw) == 0 {
		t.Error("nothing stands in Raw")
	}
	got.Subject.Raw = nil
	want := importer.Entry{
		Ref: "EU.9001.10", RawRef: "EU.9001.10", List: "PRK", Kind: "person", ListedOn: "2016-11-30", Place: "list.xml:3",
		Warnings: []string{
			"a date of birth in the calendar ISLAMIC was left in Raw",
			"identification PX123456 is marked knownFalse",
			"UK is no country code; GB was read from the name",
		},
		Subject: domain.Subject{
			Kind: "person", Gender: "male",
			Names: []domain.Name{
				{Text: "Vanta Il Orel", Kind: "primary", Script: "Latn", Language: "en", Quality: "good", Parts: []domain.NamePart{{Part: "first", Text: "Vanta"}, {Part: "middle", Text: "Il"}, {Part: "last", Text: "Orel"}}},
				{Text: "반타 오렐", Kind: "aka", Script: "Hang", Language: "ko", Quality: "low", Note: "original script"},
				{Text: "Ванта Орел", Kind: "aka", Script: "Cyrl", Language: "bg", Quality: "good"},
			},
			Identifiers: []domain.Identifier{
				{Scheme: "other", Value: "EU.9001.10", Label: "euReferenceNumber"},
				{Scheme: "un_ref", Value: "XAi.001"},
				{Scheme: "passport", Value: "PX123456", Country: "KP", IssuedOn: "2011-02-03", ExpiresOn: "2021-02-02", Label: "National passport", Note: "(issued to a courier)"},
				{Scheme: "national_id", Value: "77-88", Country: "GB", Label: "National identification card"},
			},
			BirthDates: []domain.FuzzyDate{
				{Type: "exact", Date: "1961-02-03"},
				{Type: "approximately", Date: "1962", Note: "as a school record says"},
				{Type: "between", From: "1960", To: "1963"},
			},
			BirthPlaces:   []domain.Place{{City: "Sampleton", Text: "near the mill", Country: "KP", CountryText: "KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF"}},
			Addresses:     []domain.Place{{Street: "1 Example Road", City: "Sampleton", Region: "North", PostalCode: "00100", Country: "XA", CountryText: "EXAMPLE LAND", Note: "former office"}},
			Nationalities: []domain.Text{{Text: "KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF", Language: "en", Code: "KP"}},
			Titles:        []domain.Text{{Text: "Dr", Language: "en"}},
			Roles:         []domain.Text{{Text: "Director of the Bureau of Examples", Language: "en"}},
			Remarks:       []domain.Text{{Text: "(Date of UN designation: 2016-11-30)\n(Head of a fictional bureau & more)", Label: "remark"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("entry differs (-want +got):\n%s", diff)
	}
}

func TestParseXMLOthers(t *testing.T) {
	entries := parse(t, "list.xml").Entries
	e := entries[1]
	if e.Kind != "entity" || e.DelistedOn != "2026-08-01" || e.ListedOn != "" || len(e.UpdatedOn) != 0 || len(e.Warnings) != 1 {
		t.Errorf("the delisted entity: %+v", e)
	}
	if ids := schemesOf(e); ids != "other imo_company registration other" || len(e.Subject.Remarks) != 2 {
		t.Errorf("the delisted entity: identifiers %s, remarks %v", ids, e.Subject.Remarks)
	}
	if place := e.Subject.Addresses[0]; place != (domain.Place{Street: "2 Quay"}) {
		t.Errorf("an address without country: %+v", place)
	}
	e = entries[2]
	if e.Ref != "900103" || e.Kind != "vessel" || schemesOf(e) != "other imo other" || len(e.Warnings) != 2 {
		t.Errorf("the vessel without a reference: %+v", e)
	}
	e = entries[3]
	if e.Ref != "EU.9004.13" || e.RawRef != "EU. 9004.13 " || e.List != "XYZ" || e.Subject.Names[0].Text != "Tessa Quill" || e.Subject.Gender != "female" {
		t.Errorf("the entry with a loose reference: %+v", e)
	}
}

func schemesOf(e importer.Entry) string {
	var out []string
	for _, id := range e.Subject.Identifiers {
		out = append(out, id.Scheme)
	}
	return strings.Join(out, " ")
}

func TestParseCSV(t *testing.T) {
	list := parse(t, "list.csv")
	if list.PublishedOn != "2026-09-21" || len(list.Entries) != 3 || len(list.Warnings) != 0 {
		t.Fatalf("got published %s, %d entries, warnings %v", list.PublishedOn, len(list.Entries), list.Warnings)
	}
	e := list.Entries[0]
	if e.Ref != "EU.9001.10" || e.Kind != "person" || e.List != "PRK" || e.ListedOn != "2016-11-30" || e.Place != "list.csv:2" {
		t.Errorf("got %+v", e)
	}
	if diff := cmp.Diff([]domain.FuzzyDate{{Type: "exact", Date: "1961-02-03"}, {Type: "approximately", Date: "1962-04"}}, e.Subject.BirthDates); diff != "" {
		t.Errorf("births differ:\n%s", diff)
	}
	if schemesOf(e) != "other un_ref passport" || len(e.Subject.Names) != 3 || e.Subject.Remarks[0].Text != "(Date of UN designation: 2016-11-30)\n(Head of a \"bureau\"; fictional)" {
		t.Errorf("got %+v", e.Subject)
	}
	if e := list.Entries[1]; e.Kind != "entity" || e.ListedOn != "2018-04-01" || schemesOf(e) != "other imo_company" || e.Subject.Names[0].Text != "Ore Line; Shipping Co Ltd" {
		t.Errorf("got %+v", e)
	}
	if e := list.Entries[2]; e.Ref != "900103" || len(e.Warnings) != 2 || e.Subject.Names[0].Text != `The "Heron" Office` {
		t.Errorf("got %+v", e)
	}
}

// Without headings the columns are in the publisher's order; with them, in any,
// and there may be more and fewer.
func TestCSVHeadings(t *testing.T) {
	file := strings.TrimPrefix(importertest.Testdata(t, "list.csv"), "\ufeff")
	want := parse(t, "list.csv").Entries
	_, headless, _ := strings.Cut(file, "\r\n")
	list, err := eu.ParseCSV(strings.NewReader(headless), "list.csv")
	if err != nil || len(list.Warnings) != 1 {
		t.Fatalf("without headings: %v", err)
	}
	for i := range want {
		got := list.Entries[i]
		got.Place = want[i].Place
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("without headings:\n%s", diff)
		}
	}
	simple := "Zone;ENTITY_SubjectType ;NameAlias_WholeName;Entity_LogicalId\nz1;P;Vanta;7\n"
	list, err = eu.ParseCSV(strings.NewReader(simple), "list.csv")
	if err != nil {
		t.Fatal(err)
	}
	if raw := list.Entries[0].Subject.Raw; raw[0] != (domain.RawField{Path: "Zone", Value: "z1"}) {
		t.Errorf("an unknown column: %v", raw)
	}
}

func TestRefusesTheWholeFile(t *testing.T) {
	good := importertest.Testdata(t, "list.xml")
	at := strings.Index(good, "Vanta Il Orel")
	second := good[strings.LastIndex(good, "<sanctionEntity"):strings.LastIndex(good, "</export>")]
	for name, c := range map[string]struct {
		file, reason string
		offset       int64
	}{
		"latin-1 byte":     {good[:at] + "\xe9" + good[at:], "0xE9 is not UTF-8", int64(at)},
		"substitute":       {good[:at] + "\x1a" + good[at:], "U+001A", int64(at)},
		"cut in an entry":  {good[:at], "breaks off", -2},
		"cut short":        {good[:len(good)-11], "breaks off", -2},
		"empty":            {"", "breaks off", -2},
		"duplicate":        {strings.Replace(good, "</export>", second+"</export>", 1), "EU.9004.13 stands twice", -2},
		"text between":     {strings.Replace(good, "</export>", "note</export>", 1), `"note" stands outside`, -2},
		"no reference":     {strings.Replace(good, `euReferenceNumber="" logicalId="900103"`, "", 1), "has no reference", -2},
		"no date":          {strings.Replace(good, "generationDate", "date", 1), "generationDate is missing", -2},
		"no kind":          {strings.Replace(good, `code="vessel" classificationCode="E"`, `code="idea" classificationCode=""`, 1), `subjectType "idea" is no known kind`, -2},
		"two kinds":        {strings.Replace(good, `code="person" classificationCode="P"`, `code="vessel" classificationCode="P"`, 1), "both vessel and person", -2},
		"another document": {"<Designations/>", "export alone is expected", -2},
		"another element":  {strings.Replace(good, "</export>", "<note/></export>", 1), "found element note", -2},
		"document type":    {"<!DOCTYPE x>" + good, "document type", -2},
		"two roots":        {good + good[strings.Index(good, "<export"):], "export alone", -2},
	} {
		_, err := eu.ParseXML(strings.NewReader(c.file), "list.xml")
		var refused *importer.Refused
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.reason) || c.offset != -2 && refused.Offset != c.offset {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := eu.ParseXML(strings.NewReader(good[:at]), "l"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file cut short: got %v, want io.ErrUnexpectedEOF within", err)
	}
}

func TestRefusesTheWholeCSV(t *testing.T) {
	good := importertest.Testdata(t, "list.csv")
	for name, c := range map[string]struct{ file, reason string }{
		"latin-1 byte":   {strings.Replace(good, "Sampleton", "\xe9", 1), "0xE9 is not UTF-8"},
		"cut in a row":   {good[:len(good)-300], "cells, the heading 118"},
		"empty":          {"", "is this the right list?"},
		"no key":         {strings.Replace(good, "Entity_LogicalId", "Entity_Number", 1), `the column "Entity_LogicalId"`},
		"no kind column": {strings.ReplaceAll(good, "Entity_SubjectType", "Entity_Type"), `the column "Entity_SubjectType" or`},
		"no names":       {strings.Replace(good, "NameAlias_WholeName", "NameAlias_Name", 1), `the column "NameAlias_WholeName" is missing`},
		"duplicate":      {strings.ReplaceAll(good, "EU.9002.11", "EU.9001.10"), "EU.9001.10 stands twice"},
	} {
		_, err := eu.ParseCSV(strings.NewReader(c.file), "list.csv")
		var refused *importer.Refused
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestEntriesAreAdmissible holds every subject to the rules of the ledger.
func TestEntriesAreAdmissible(t *testing.T) {
	for _, name := range []string{"list.xml", "list.csv", "published.xml", "published.csv"} {
		for _, e := range parse(t, name).Entries {
			importertest.CheckShape(t, importertest.Adopted(e, "EU", "asset_freeze"))
		}
	}
}

// TestManyNamesStaySmall: what every detail repeats must not fill the entry.
func TestManyNamesStaySmall(t *testing.T) {
	file := importertest.Testdata(t, "list.xml")
	alias := file[strings.Index(file, "<nameAlias"):]
	alias = alias[:strings.Index(alias, "</nameAlias>")+len("</nameAlias>")]
	list, err := eu.ParseXML(strings.NewReader(strings.Replace(file, alias, strings.Repeat(alias, 80), 1)), "l")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := json.Marshal(list.Entries[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(whole) >= 40<<10 {
		t.Errorf("an entry with 82 names has %d bytes, want less than 40 KiB", len(whole))
	}
	t.Logf("%d bytes", len(whole))
}

func FuzzParseXML(f *testing.F) {
	file := importertest.Testdata(f, "list.xml")
	head, rest, _ := strings.Cut(file, "<sanctionEntity")
	last := rest[strings.LastIndex(rest, "<sanctionEntity"):]
	f.Add([]byte(head + last))
	f.Add([]byte(head + `<sanctionEntity logicalId="1"><subjectType code="person"/><birthdate year="1960" monthOfYear="2"/></sanctionEntity></export>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := eu.ParseXML(bytes.NewReader(data), "f")
		if err == nil {
			importertest.Sound(t, list, "EU", "asset_freeze")
		}
	})
}

func FuzzParseCSV(f *testing.F) {
	f.Add([]byte("Entity_LogicalId;Entity_SubjectType;NameAlias_WholeName;Address_City\n1;P;\"V;O\";x\n2;E;;\n"))
	f.Add([]byte("\ufeffEntity_LogicalId;Entity_SubjectType;NameAlias_WholeName;Identification_TypeCode;Identification_Number\r\n1;P;V;imo;IMO\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := eu.ParseCSV(bytes.NewReader(data), "f")
		if err == nil {
			importertest.Sound(t, list, "EU", "asset_freeze")
		}
	})
}
