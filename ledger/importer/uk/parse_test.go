package uk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/uk"
	"github.com/google/go-cmp/cmp"
)

type reader func(io.Reader, string) (*importer.List, error)

var readers = map[string]reader{
	"list.xml": uk.ParseXML, "list.csv": uk.ParseCSV, "conlist.csv": uk.ParseConList,
	"published.xml": uk.ParseXML, "published.csv": uk.ParseCSV, "published_conlist.csv": uk.ParseConList,
}

func parse(t testing.TB, name string) *importer.List {
	t.Helper()
	list, err := readers[name](strings.NewReader(importertest.Testdata(t, name)), name)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

const regime = "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019"

func person() importer.Entry {
	return importer.Entry{
		Ref: "DPR9001", RawRef: "DPR9001", List: regime, Kind: "person", ListedOn: "2016-11-30", UpdatedOn: []domain.Date{"2026-08-04"},
		Measures: []string{"asset_freeze", "travel_ban"},
		Subject: domain.Subject{
			Kind: "person", Gender: "male",
			Names: []domain.Name{
				{Text: "VANTA IL OREL", Kind: "primary", Script: "Latn", Parts: []domain.NamePart{{Part: "first", Text: "VANTA"}, {Part: "second", Text: "IL"}, {Part: "last", Text: "OREL"}}},
				{Text: "Vanta Orell", Kind: "aka", Script: "Latn", Note: "Primary Name Variation", Parts: []domain.NamePart{{Part: "first", Text: "Vanta"}, {Part: "last", Text: "Orell"}}},
				{Text: "The Cashier", Kind: "aka", Script: "Latn", Quality: "low"},
				{Text: "반타 오렐", Kind: "original", Script: "Hang", Language: "ko"},
			},
			Identifiers: []domain.Identifier{
				{Scheme: "other", Value: "DPR9001", Label: "Unique ID"},
				{Scheme: "other", Value: "99001", Label: "OFSI Group ID"},
				{Scheme: "un_ref", Value: "XAi.001"},
				{Scheme: "passport", Value: "PX123456", Label: "Passport", Note: "issued 2011"},
				{Scheme: "national_id", Value: "77-88", Label: "National Identifier"},
			},
			BirthDates: []domain.FuzzyDate{
				{Type: "exact", Date: "1960", Text: "dd/mm/1960"},
				{Type: "exact", Date: "1961-02-03", Text: "03/02/1961"},
				{Text: "15/08/19yy"},
			},
			BirthPlaces: []domain.Place{{City: "Sampleton", Country: "KP", CountryText: "North Korea"}},
			Addresses: []domain.Place{
				{Text: "1 Example Road, Old Quarter, Sampleton", PostalCode: "00100", CountryText: "Utopia"},
				{Text: "Pyongyang", Country: "KP", CountryText: "North Korea"},
			},
			Nationalities: []domain.Text{{Text: "North Korea", Language: "en", Code: "KP"}},
			Titles:        []domain.Text{{Text: "Dr", Language: "en"}},
			Roles:         []domain.Text{{Text: "Director", Language: "en"}, {Text: "Deputy Director", Language: "en"}},
			Remarks: []domain.Text{
				{Text: "\nWorks at the Bureau of Examples.\nSecond line, with \"quotes\".", Language: "en", Label: "Other Information"},
				{Text: "Named by the UN, fictionally.", Language: "en", Label: "UK Statement of Reasons"},
			},
		},
	}
}

func TestParseXMLPerson(t *testing.T) {
	list := parse(t, "list.xml")
	if list.PublishedOn != "2026-09-21" || len(list.Entries) != 3 || len(list.Warnings) != 0 {
		t.Fatalf("got published %s, %d entries, warnings %v", list.PublishedOn, len(list.Entries), list.Warnings)
	}
	want, got := person(), list.Entries[0]
	want.Place, want.Warnings = "list.xml:4", []string{"date of birth 15/08/19yy was kept as text"}
	got.Subject.Raw = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entry differs (-want +got):\n%s", diff)
	}
}

// The twelve rows of the person, one for each combination, give one entry.
func TestParseCSVPerson(t *testing.T) {
	list := parse(t, "list.csv")
	if list.PublishedOn != "2026-09-21" || len(list.Entries) != 3 || len(list.Warnings) != 0 {
		t.Fatalf("got published %s, %d entries, warnings %v", list.PublishedOn, len(list.Entries), list.Warnings)
	}
	want, got := person(), list.Entries[0]
	want.Place = "list.csv:3"
	s := &want.Subject
	s.BirthDates, s.Roles = s.BirthDates[:2], s.Roles[:1]
	s.Identifiers[3].Note, s.Identifiers[4].Note = `issued 2011, "diplomatic"`, "card"
	s.Remarks[0].Text = strings.TrimSpace(s.Remarks[0].Text)
	raw := len(got.Subject.Raw)
	got.Subject.Raw = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entry differs (-want +got):\n%s", diff)
	}
	if raw > 12 {
		t.Errorf("%d fields stand in Raw", raw)
	}
}

func TestParseOthers(t *testing.T) {
	for _, c := range []struct {
		file             string
		entry            int
		ref, kind        string
		schemes          string
		measures, within string
		warnings         int
	}{
		{"list.xml", 1, "DPR9002", "entity", "other registration", "asset_freeze joint_venture_ban aircraft_technical_assistance_ban", "FictionalSanctions", 3},
		{"list.csv", 1, "DPR9002", "entity", "other registration imo_company", "asset_freeze joint_venture_ban representative_office_closure director_disqualification trust_services_ban", "", 0},
		{"list.xml", 2, "DPR9003", "vessel", "other imo imo_company other", "deflag port_entry_ban crew_services_ban chartering_ban", "fails both check digits", 2},
		{"list.csv", 2, "DPR9003", "vessel", "other imo other", "deflag port_entry_ban crew_services_ban chartering_ban", `Unique ID " DPR9003" was read as DPR9003`, 1},
		{"conlist.csv", 1, "99003", "vessel", "other imo", "", "", 0},
		{"conlist.csv", 2, "99002", "entity", "other imo_company", "", "RegimeName has several values", 3},
	} {
		e := parse(t, c.file).Entries[c.entry]
		var schemes []string
		for _, id := range e.Subject.Identifiers {
			schemes = append(schemes, id.Scheme)
		}
		if e.Ref != c.ref || e.Kind != c.kind || strings.Join(schemes, " ") != c.schemes || strings.Join(e.Measures, " ") != c.measures {
			t.Errorf("%s %d: got %s %s, identifiers %v, measures %v", c.file, c.entry, e.Ref, e.Kind, schemes, e.Measures)
		}
		if len(e.Warnings) != c.warnings || !strings.Contains(strings.Join(e.Warnings, "\n"), c.within) {
			t.Errorf("%s %d: warnings %q", c.file, c.entry, e.Warnings)
		}
	}
}

func TestParseVessel(t *testing.T) {
	s := parse(t, "list.csv").Entries[2].Subject
	want := domain.Subject{
		Flags: []domain.Text{
			{Text: "Comoros", Language: "en", Code: "KM", Label: "Current believed flag of ship"},
			{Text: "North Korea", Language: "en", Code: "KP", Label: "Previous flags"},
			{Text: "India", Language: "en", Code: "IN", Label: "Previous flags"},
		},
		Remarks: []domain.Text{
			{Text: "Ore Line", Language: "en", Label: "Current owner/operator (s)"},
			{Text: "Grey Line", Language: "en", Label: "Previous owner/operator (s)"},
			{Text: "Bulk carrier", Language: "en", Label: "Type of ship"},
			{Text: "7078", Language: "en", Label: "Tonnage of ship"},
			{Text: "110m", Language: "en", Label: "Length of ship"},
			{Text: "2011", Language: "en", Label: "Year Built"},
		},
	}
	if diff := cmp.Diff(want, domain.Subject{Flags: s.Flags, Remarks: s.Remarks}); diff != "" {
		t.Errorf("vessel differs (-want +got):\n%s", diff)
	}
}

func TestParseConListPerson(t *testing.T) {
	list := parse(t, "conlist.csv")
	e := list.Entries[0]
	if list.PublishedOn != "2025-09-21" || e.Ref != "99001" || e.ListedOn != "2016-12-01" || e.List != "Democratic People's Republic of Korea" || len(e.Warnings) != 0 {
		t.Errorf("got published %s, %+v", list.PublishedOn, e)
	}
	want := domain.Subject{
		Identifiers: []domain.Identifier{
			{Scheme: "other", Value: "99001", Label: "Group ID"},
			{Scheme: "un_ref", Value: "XAi.001", Note: "from Other Information"},
			{Scheme: "other", Value: "DPR9001", Label: "Unique ID", Note: "from Other Information"},
			{Scheme: "passport", Value: "PX123456", Label: "Passport", Note: "issued 2011"},
			{Scheme: "passport", Value: "PX999", Label: "Passport", Note: "lost"},
			{Scheme: "national_id", Value: "77-88", Label: "National Identifier"},
		},
		BirthDates:    []domain.FuzzyDate{{Type: "exact", Date: "1960", Text: "00/00/1960"}, {Type: "exact", Date: "1961-02-03", Text: "03/02/1961"}},
		BirthPlaces:   []domain.Place{{City: "Sampleton", Country: "KP", CountryText: "North Korea"}, {City: "Northville", CountryText: "Utopia"}},
		Nationalities: []domain.Text{{Text: "North Korea", Language: "en", Code: "KP"}, {Text: "Utopia", Language: "en"}},
	}
	s := e.Subject
	if diff := cmp.Diff(want, domain.Subject{Identifiers: s.Identifiers, BirthDates: s.BirthDates, BirthPlaces: s.BirthPlaces, Nationalities: s.Nationalities}); diff != "" {
		t.Errorf("person differs (-want +got):\n%s", diff)
	}
	for i, kind := range []string{"primary", "aka", "original"} {
		if s.Names[i].Kind != kind {
			t.Errorf("name %d: got %+v", i, s.Names[i])
		}
	}
}

// A heading in another order, with a column more, under no report date.
func TestCSVHeadings(t *testing.T) {
	file := "Zone,Sanctions Imposed,\"Individual, Entity, Ship\",Regime Name,Name Type,Name 6,UNIQUE ID,Date Designated\n" +
		"z1,Asset freeze,Entity,R,Primary Name,Ore,DPR9009,01/02/2020\n"
	list, err := uk.ParseCSV(strings.NewReader(file), "l")
	if err != nil || len(list.Warnings) != 1 {
		t.Fatalf("got %v, %v", list, err)
	}
	want := []domain.RawField{
		{Path: "Zone", Value: "z1"},
		{Path: "SanctionsImposed", Value: "Asset freeze"},
		{Path: "IndividualEntityShip", Value: "Entity"},
		{Path: "RegimeName", Value: "R"},
		{Path: "DateDesignated", Value: "01/02/2020"},
	}
	if diff := cmp.Diff(want, list.Entries[0].Subject.Raw); diff != "" {
		t.Errorf("raw differs (-want +got):\n%s", diff)
	}
}

func TestRefusesTheWholeFile(t *testing.T) {
	x, c, o := importertest.Testdata(t, "list.xml"), importertest.Testdata(t, "list.csv"), importertest.Testdata(t, "conlist.csv")
	for name, f := range map[string]struct {
		read         reader
		file, reason string
	}{
		"xml latin-1":       {uk.ParseXML, strings.Replace(x, "VANTA", "\xe9", 1), "0xE9 is not UTF-8"},
		"xml cut":           {uk.ParseXML, x[:len(x)-40], "breaks off"},
		"xml empty":         {uk.ParseXML, "", "breaks off"},
		"xml other":         {uk.ParseXML, "<export/>", "Designations alone is expected"},
		"xml element":       {uk.ParseXML, "<Designations><Entry><UniqueID>1</UniqueID></Entry></Designations>", "found element Entry"},
		"xml duplicate":     {uk.ParseXML, strings.ReplaceAll(x, "DPR9002", "DPR9001"), "DPR9001 stands twice, first at l:4"},
		"xml no reference":  {uk.ParseXML, strings.ReplaceAll(x, "DPR9002", " "), "has no reference"},
		"xml unknown kind":  {uk.ParseXML, strings.ReplaceAll(x, ">Ship<", ">Idea<"), `the kind of the entry is "Idea"`},
		"csv latin-1":       {uk.ParseCSV, strings.Replace(c, "VANTA", "\xe9", 1), "0xE9 is not UTF-8"},
		"csv substitute":    {uk.ParseCSV, c + "\x1a", "U+001A"},
		"csv cut":           {uk.ParseCSV, c[:len(c)-60], "cells, the heading 58"},
		"csv cut in quotes": {uk.ParseCSV, c[:strings.Index(c, "Second line")], "a quoted cell has no end"},
		"csv no key":        {uk.ParseCSV, strings.Replace(c, "Unique ID", "Number", 1), `no row of headings with the column "Unique ID"`},
		"csv no measures":   {uk.ParseCSV, strings.Replace(c, "Sanctions Imposed", "Measures", 1), `the column "Sanctions Imposed" is missing`},
		"csv no kind":       {uk.ParseCSV, strings.Replace(c, "Designation Type", "Type", 1), `the column "Designation Type" or "Individual, Entity, Ship" is missing`},
		"csv two kinds":     {uk.ParseCSV, strings.Replace(c, ",Ship,", ",Entity,", 1), `is "Entity; Ship"`},
		"csv duplicate":     {uk.ParseCSV, strings.Replace(c, "\" DPR9003\"", "", 1) + strings.Replace(rowOf(c, " DPR9003"), " DPR9003", "DPR 9003", 1), "DPR9003 stands twice"},
		"another list":      {uk.ParseCSV, o, `with the column "Unique ID"`},
		"con list cut":      {uk.ParseConList, o[:len(o)-20], "cells, the heading 36"},
		"con list column":   {uk.ParseConList, strings.Replace(o, "Group Type", "Type", 1), `the column "Group Type" is missing`},
		"con list no key":   {uk.ParseConList, strings.Replace(o, "99003\r", "\r", 1), "the row has no Group ID"},
	} {
		_, err := f.read(strings.NewReader(f.file), "l")
		var refused *importer.Refused
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), f.reason) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	at := int64(strings.Index(c, "VANTA"))
	_, err := uk.ParseCSV(strings.NewReader(strings.Replace(c, "VANTA", "\xe9", 1)), "l")
	var refused *importer.Refused
	if !errors.As(err, &refused) || refused.Offset != at || refused.Line != 3 {
		t.Errorf("broken encoding: got %v, want byte %d", err, at)
	}
}

// rowOf returns the last row that has the text.
func rowOf(file, text string) string {
	row := file[strings.LastIndex(file, text):]
	row, _, _ = strings.Cut(row, "\n")
	return "18/12/2021," + row + "\n"
}

// TestEntriesAreAdmissible holds every subject to the rules of the ledger.
func TestEntriesAreAdmissible(t *testing.T) {
	for name := range readers {
		for _, e := range parse(t, name).Entries {
			importertest.CheckShape(t, importertest.Adopted(e, "GB", "asset_freeze"))
			whole, err := json.Marshal(e)
			if err != nil || len(whole) >= 40<<10 {
				t.Errorf("%s: %d bytes, %v", e.Ref, len(whole), err)
			}
		}
	}
}

func FuzzParseXML(f *testing.F) {
	f.Add([]byte(`<Designations><Designation><UniqueID>A</UniqueID><IndividualEntityShip>Ship</IndividualEntityShip><IMONumber>(1) IMO (2) 9074729</IMONumber></Designation></Designations>`))
	f.Add([]byte(`<Designations><Designation><UniqueID>A</UniqueID><IndividualEntityShip>Individual</IndividualEntityShip><DOB>00/00/1960</DOB><Name><Name6>x</Name6></Name></Designation></Designations>`))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, uk.ParseXML, data) })
}

func FuzzParseCSV(f *testing.F) {
	f.Add([]byte("Unique ID,Name 6,Name type,Regime Name,Designation Type,Sanctions Imposed,Date Designated,UN Reference Number\nA,\"x\ny\",Alias,R,Entity,Asset freeze|x,1/2/2020,z\n"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, uk.ParseCSV, data) })
}

func FuzzParseConList(f *testing.F) {
	f.Add([]byte("Last Updated,1/2/2020\nGroup ID,Name 6,Group Type,Alias Type,Regime,Listed On,Other Information\n1,x,Entity,AKA,R,00/02/2020,IMO 5500112\n"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, uk.ParseConList, data) })
}

// sound holds accepted entries to what an importer promises.
func sound(t *testing.T, read reader, data []byte) {
	t.Helper()
	list, err := read(bytes.NewReader(data), "f")
	if err != nil {
		return
	}
	importertest.Sound(t, list, "GB", "asset_freeze")
}
