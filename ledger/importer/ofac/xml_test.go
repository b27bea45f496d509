package ofac_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ofac"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
	"github.com/google/go-cmp/cmp"
)

func parseXML(t testing.TB, name string) *importer.List {
	t.Helper()
	list, err := ofac.Parse(strings.NewReader(importertest.Testdata(t, name)), name)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// root reads a whole file as a tree.
func root(t *testing.T, name string) *tree.Node {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader([]byte(importertest.Testdata(t, name))))
	for {
		tok, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := tok.(xml.StartElement); ok {
			n, err := tree.Read(d, start)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
}

// oneToOne are the words that a code of the ledger stands for.
var oneToOne = map[string]string{
	"strong": "good", "weak": "low", "a.k.a.": "aka", "f.k.a.": "fka", "Female": "female",
}

// TestXMLLosesNothing holds each text of each entry of sdn.xml against the
// strings of its subject, each as often as it is stated.
func TestXMLLosesNothing(t *testing.T) {
	entries := parseXML(t, "sdn.xml").ByRef()
	total := 0
	for _, n := range root(t, "sdn.xml").All("sdnEntry") {
		have := importertest.Strings(t, entries[n.Get("uid")].Subject)
		for _, f := range n.Rest() {
			want := f.Value
			if word, ok := oneToOne[want]; ok {
				want = word
			}
			if want == "Gender" {
				continue // the name of the field
			}
			total++
			if have[want] == 0 {
				t.Errorf("entry %s: %s %q is lost", n.Get("uid"), f.Path, f.Value)
			}
			have[want]--
		}
	}
	if total != 85 {
		t.Errorf("counted %d texts, want 85", total)
	}
}

// TestAdvancedLosesNothing holds each text, and each code's word, of
// sdn_advanced.xml against the strings of the entry that it belongs to; those of
// locations, which entries share, against all.
func TestAdvancedLosesNothing(t *testing.T) {
	file := root(t, "sdn_advanced.xml")
	words := make(map[string]string)
	for _, table := range file.All("ReferenceValueSets")[0].Kids {
		for _, row := range table.Kids {
			words["@"+row.Name+"ID"+row.Get("@ID")] = row.Text
		}
	}
	have := make(map[string]string)
	for _, e := range parseXML(t, "sdn_advanced.xml").Entries {
		stated := importertest.Strings(t, e.Subject)
		for s := range stated {
			have[e.Ref] += "\n" + s
			have[""] += "\n" + s
		}
	}
	total := 0
	for _, part := range file.Kids {
		if part.Name == "ReferenceValueSets" || part.Name == "DateOfIssue" {
			continue
		}
		for _, n := range part.Kids {
			owner := n.Get("@FixedRef") + n.Get("@ProfileID") + n.Get("@From-ProfileID")
			for _, f := range n.Rest() {
				want := stated(f, words)
				if want == "" {
					continue
				}
				total++
				if !strings.Contains(have[owner], want) {
					t.Errorf("%s of %q: %s %q is lost", n.Name, owner, f.Path, want)
				}
			}
		}
	}
	if total != 93 {
		t.Errorf("counted %d values, want 93", total)
	}
}

// stated is what a leaf of the advanced form says, "" for what the package
// comment leaves out or a typed field says.
func stated(f domain.RawField, words map[string]string) string {
	name := f.Path[strings.LastIndex(f.Path, "/")+1:]
	switch name {
	case "Year", "Month", "Day", "@ID":
		return ""
	}
	if !strings.HasPrefix(name, "@") {
		return f.Value
	}
	if !strings.HasSuffix(name, "ID") {
		if f.Value == "true" && !strings.Contains(f.Path, "Acronym") || f.Value == "false" {
			return "" // Primary, LowQuality, Former, Approximate: kinds of names, dates and relations
		}
		return f.Value
	}
	table := "@" + name[strings.LastIndexAny(name, "-@")+1:]
	switch table {
	case "@AliasTypeID", "@ScriptID", "@PartySubTypeID", "@NamePartTypeID", "@DetailTypeID", "@LocPartTypeID", "@IDRegDocDateTypeID", "@CalendarTypeID":
		return ""
	}
	switch word := words[table+f.Value]; word {
	case "Unknown", "Birthdate", "Place of Birth", "Location", "Gender":
		return ""
	case "Female":
		return "female"
	default:
		return word
	}
}

func TestXMLEntriesMayBeRecorded(t *testing.T) {
	for _, name := range []string{"sdn.xml", "sdn_advanced.xml", "published_sdn.xml", "published_advanced.xml"} {
		for _, e := range parseXML(t, name).Entries {
			if len(e.Measures) > 0 {
				importertest.CheckShape(t, importertest.Adopted(e, "US"))
			}
		}
	}
}

// The person, the ship and the company are the same in each form.
func TestFormsAgree(t *testing.T) {
	set, err := parseSet(small())
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []*importer.List{set, parseXML(t, "sdn.xml"), parseXML(t, "sdn_advanced.xml")} {
		e := list.ByRef()
		names := []string{e["101"].Subject.Names[0].Text, e["102"].Subject.Names[0].Text, e["103"].Subject.Names[0].Text}
		if diff := cmp.Diff([]string{"ADLER, Vanta", "ORE LINE 1", "ORE SHIPPING CO."}, names); diff != "" {
			t.Errorf("%s: names differ (-want +got):\n%s", list.File, diff)
		}
		ship := e["102"].Subject
		if id := ship.Identifiers; ship.Flags[0].Code != "KP" || !hasIdentifier(id, "imo", "7303803") || !hasIdentifier(id, "call_sign", "HMAB") || e["102"].List != "DPRK4" {
			t.Errorf("%s: ship %+v", list.File, ship)
		}
	}
}

func hasIdentifier(ids []domain.Identifier, scheme, value string) bool {
	for _, id := range ids {
		if id.Scheme == scheme && id.Value == value {
			return true
		}
	}
	return false
}

func TestParseXML(t *testing.T) {
	list := parseXML(t, "sdn.xml")
	if list.PublishedOn != "2021-05-14" || len(list.Warnings) != 0 || list.Entries[0].ListedOn != "" {
		t.Errorf("got published %s, warnings %v, listed %s", list.PublishedOn, list.Warnings, list.Entries[0].ListedOn)
	}
	s := list.Entries[0].Subject
	want := []domain.Identifier{
		{Scheme: "other", Value: "101", Label: "OFAC number"},
		{Scheme: "passport", Value: "PX123", Label: "Passport", Country: "IR", IssuedOn: "2011-05-04", ExpiresOn: "2016-05-03"},
		{Scheme: "wallet", Value: "1OreOreOre", Label: "Digital Currency Address - XBT", Chain: "XBT"},
		{Scheme: "other", Value: "77 A", Label: "Ore Mining Permit", Note: "Oreland"},
	}
	if diff := cmp.Diff(want, s.Identifiers); diff != "" {
		t.Errorf("identifiers differ (-want +got):\n%s", diff)
	}
	if s.Gender != "female" || s.Names[1].Quality != "low" || s.Names[2].Kind != "fka" || s.Remarks[1].Text != "ORE SHIPPING CO." {
		t.Errorf("got gender %s, names %+v, remarks %+v", s.Gender, s.Names, s.Remarks)
	}
}

func TestParseAdvanced(t *testing.T) {
	list := parseXML(t, "sdn_advanced.xml")
	e := list.Entries[0]
	if list.PublishedOn != "2021-05-14" || e.ListedOn != "2017-06-01" || e.List != "NPWMD UKRAINE-EO13662" || len(e.Measures) != 1 {
		t.Errorf("got published %s, listed %s, programs %s, measures %v", list.PublishedOn, e.ListedOn, e.List, e.Measures)
	}
	want := []domain.Name{
		{Text: "ADLER, Vanta", Kind: "primary", Script: "Latn", Parts: []domain.NamePart{{Part: "last", Text: "ADLER"}, {Part: "first", Text: "Vanta"}}},
		{Text: "아들러", Kind: "original", Script: "Hang"},
		{Text: "A.V.", Kind: "aka", Script: "Latn", Quality: "low"},
	}
	if diff := cmp.Diff(want, e.Subject.Names); diff != "" {
		t.Errorf("names differ (-want +got):\n%s", diff)
	}
	if other := list.Entries[2]; len(other.Measures) != 0 || other.ListedOn != "2019-09-13" {
		t.Errorf("an entry of another list has measures %v, date %s", other.Measures, other.ListedOn)
	}
}

func TestXMLRefusesTheWholeFile(t *testing.T) {
	for name, c := range map[string]struct{ file, old, new, reason string }{
		"latin-1 byte":         {"sdn.xml", "ADLER", "\xc9DLER", "0xC9 is not UTF-8"},
		"substitute":           {"sdn_advanced.xml", "ADLER", "\x1aDLER", "U+001A"},
		"not closed":           {"sdn.xml", "</sdnList>", "", "breaks off"},
		"cut in a party":       {"sdn_advanced.xml", "</Profile>", "", "breaks off"},
		"document type":        {"sdn.xml", "<sdnList", "<!DOCTYPE x><sdnList", "document type"},
		"second root":          {"sdn.xml", "</sdnList>", "</sdnList><a/>", "second element"},
		"count":                {"sdn.xml", "<Record_Count>3", "<Record_Count>4", `states "4" entries and the file has 3`},
		"no date":              {"sdn.xml", "05/14/2021", "soon", "Publish_Date is missing"},
		"unknown part":         {"sdn.xml", "<sdnEntry>", "<other/><sdnEntry>", "unknown element other"},
		"twice":                {"sdn.xml", "<uid>102<", "<uid>101<", "stands twice, first at sdn.xml:7"},
		"no number":            {"sdn.xml", "<uid>101<", "<uid>KPe<", "which is none"},
		"unknown kind":         {"sdn.xml", "Vessel<", "Balloon<", "kind of entry 102 is unknown"},
		"no name":              {"sdn.xml", "<lastName>ORE  LINE 1</lastName>", "", "has no name"},
		"another list":         {"sdn.xml", "DPRK4", "NS-PLC", "consolidated list"},
		"code without word":    {"sdn_advanced.xml", `AliasTypeID="1400"`, `AliasTypeID="9"`, `AliasType "9"`},
		"place not there":      {"sdn_advanced.xml", `LocationID="503"`, `LocationID="9"`, "location 9"},
		"document of nobody":   {"sdn_advanced.xml", `IdentityID="802"><IDReg`, `IdentityID="9"><IDReg`, "identity 9"},
		"profile not there":    {"sdn_advanced.xml", `ID="102" ProfileID="102"`, `ID="102" ProfileID="9"`, `profile "9"`},
		"relation to nobody":   {"sdn_advanced.xml", `To-ProfileID="103"`, `To-ProfileID="9"`, `profile "9"`},
		"link to nothing":      {"sdn_advanced.xml", `EntryB-SanctionsEntryID="103"`, `EntryB-SanctionsEntryID="9"`, "a link names"},
		"party twice":          {"sdn_advanced.xml", `DistinctParty FixedRef="102"`, `DistinctParty FixedRef="101"`, "stands twice"},
		"delta":                {"sdn_advanced.xml", `Version="2"`, `Version="2" DeltaBaseVersion="1"`, "delta on version 1"},
		"deletion":             {"sdn_advanced.xml", `FeatureVersion ID="7"`, `FeatureVersion DeltaAction="delete" ID="7"`, "marked as deleted"},
		"event without a date": {"sdn_advanced.xml", "<Year>2018<", "<Year>soon<", "has no date"},
		"no date of issue":     {"sdn_advanced.xml", "<Year>2021<", "<Year>soon<", "DateOfIssue"},
		"unknown section":      {"sdn_advanced.xml", "<Locations>", "<Ships/><Locations>", "unknown part Ships"},
	} {
		file := strings.Replace(importertest.Testdata(t, c.file), c.old, c.new, 1)
		list, err := ofac.Parse(strings.NewReader(file), c.file)
		var refused *importer.Refused
		if !errors.As(err, &refused) || list != nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: got %v, want a refusal with %q", name, err, c.reason)
		}
	}
}

func TestFormsAreTold(t *testing.T) {
	legacy, advanced := importertest.Testdata(t, "sdn.xml"), importertest.Testdata(t, "sdn_advanced.xml")
	if _, err := ofac.ParseXML(strings.NewReader(advanced), "f"); err == nil || !strings.Contains(err.Error(), "in this form?") {
		t.Errorf("the advanced form read as the other: got %v", err)
	}
	if _, err := ofac.ParseAdvanced(strings.NewReader(legacy), "f"); err == nil || !strings.Contains(err.Error(), "in this form?") {
		t.Errorf("sdn.xml read as the advanced form: got %v", err)
	}
	newer := strings.Replace(legacy, "http://tempuri.org/sdnList.xsd", "https://example.org/exports/XML", 1)
	if list, err := ofac.ParseXML(strings.NewReader(newer), "f"); err != nil || len(list.Entries) != 3 {
		t.Errorf("another namespace: got %v", err)
	}
	if _, err := ofac.Parse(strings.NewReader(legacy[:900]), "f"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file cut short: got %v, want io.ErrUnexpectedEOF within", err)
	}
	if _, err := ofac.Parse(strings.NewReader("<CONSOLIDATED_LIST/>"), "f"); err == nil {
		t.Error("another publisher's list was taken")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(importertest.Testdata(f, "sdn.xml")))
	f.Add([]byte(importertest.Testdata(f, "sdn_advanced.xml")))
	f.Add([]byte(`<sdnList><publshInformation><Publish_Date>05/14/2021</Publish_Date><Record_Count>1</Record_Count></publshInformation>` +
		`<sdnEntry><uid>1</uid><lastName>A</lastName><programList><program>X</program></programList><idList><id><idType>Passport</idType><idNumber>IMO</idNumber></id></idList></sdnEntry></sdnList>`))
	f.Add([]byte(`<Sanctions><DateOfIssue><Year>2021</Year></DateOfIssue><ReferenceValueSets><A><PartySubType ID="1">Vessel</PartySubType></A></ReferenceValueSets>` +
		`<DistinctParties><DistinctParty FixedRef="1"><Profile ID="1" PartySubTypeID="1"><Identity ID="2"><Alias Primary="true"><DocumentedName><DocumentedNamePart>` +
		`<NamePartValue>A</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity></Profile></DistinctParty></DistinctParties></Sanctions>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if list, err := ofac.Parse(bytes.NewReader(data), "f"); err == nil {
			sound(t, list)
		}
	})
}
