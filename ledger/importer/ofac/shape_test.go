package ofac_test

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/google/go-cmp/cmp"
)

// The files published_advanced.xml and published_sdn.xml have the shape of the
// publisher's files of 9 and 10 September 2026, as excerpts show it: namespaces,
// elements, attributes and their order, code tables with their numbers. Who
// stands in them is nobody.

func TestPublishedShapeNames(t *testing.T) {
	list := parseXML(t, "published_advanced.xml")
	if list.PublishedOn != "2026-09-09" || len(list.Entries) != 3 {
		t.Fatalf("got published %s and %d entries", list.PublishedOn, len(list.Entries))
	}
	want := [][]string{
		{"primary Latn ADLER, Vanta", "aka Latn ADLAR, V.", "original Hang 아들러, 반타"},
		{"primary Latn ORE LINE 1"},
		{"primary Latn ORE BANK OF EXAMPLES", "aka Latn ORE-BANK"},
	}
	for i, e := range list.Entries {
		var got []string
		for _, n := range e.Subject.Names {
			got = append(got, n.Kind+" "+n.Script+" "+n.Text)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("entry %s, whose primary name stands after others (-want +got):\n%s", e.Ref, diff)
		}
	}
}

func TestPublishedShapePlaces(t *testing.T) {
	s := parseXML(t, "published_advanced.xml").Entries[0].Subject
	street := []domain.Place{{
		Street: "1-117 Example Ward, Ore & Sons Building", City: "Mihon", PostalCode: "453-0015", Country: "JP", CountryText: "Japan",
	}}
	if diff := cmp.Diff(street, s.Addresses); diff != "" {
		t.Errorf("lines of a street stand out of order, and a town has a name in another script too (-want +got):\n%s", diff)
	}
	if !slices.ContainsFunc(s.Raw, func(f domain.RawField) bool { return f.Value == "見本市" }) {
		t.Error("the name in the other script is lost")
	}
	nationality := []domain.Text{{Text: "Korea, North", Language: "en", Code: "KP", Label: "Nationality Country"}}
	if diff := cmp.Diff(nationality, s.Nationalities); diff != "" {
		t.Errorf("a country that is a part of no type (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]domain.FuzzyDate{{Type: "exact", Date: "1962"}}, s.BirthDates); diff != "" {
		t.Errorf("a year (-want +got):\n%s", diff)
	}
}

func TestPublishedShapeMarks(t *testing.T) {
	entries := parseXML(t, "published_advanced.xml").Entries
	want := [][]string{{"Passport PX1081310953 is marked Fraudulent"}, {"a Vessel Owner is marked False"}, nil}
	for i, e := range entries {
		if diff := cmp.Diff(want[i], e.Warnings); diff != "" {
			t.Errorf("entry %s (-want +got):\n%s", e.Ref, diff)
		}
		for _, f := range e.Subject.Raw {
			if f.Value == "AreaCode=undetermined" && e.Ref != "4238" || len(f.Value) > 5 && f.Value[:5] == "xmlns" {
				t.Errorf("entry %s keeps %v", e.Ref, f)
			}
		}
	}
	if !slices.Contains(entries[1].Subject.Raw, domain.RawField{Path: "Location/LocationAreaCode", Value: "AreaCode=undetermined"}) {
		t.Error("a place without a code is lost")
	}
	if bank := entries[2]; !bank.Unheld() || bank.Unworded[0] != "13662 Sectoral Directive 1" || entries[0].Unheld() {
		t.Errorf("what is not blocked: %v %v", bank.Measures, bank.Unworded)
	}
}

func TestPublishedShapeOfTheLegacyForm(t *testing.T) {
	list := parseXML(t, "published_sdn.xml")
	if list.PublishedOn != "2026-09-10" || len(list.Entries) != 3 {
		t.Fatalf("got published %s and %d entries", list.PublishedOn, len(list.Entries))
	}
	bank, person := list.Entries[0], list.Entries[1]
	if bank.List != "DPRK IRAN-CON-ARMS-EO" || len(bank.Warnings)+len(person.Warnings) != 0 {
		t.Errorf("the bank: %+v", bank)
	}
	want := []domain.Identifier{
		{Scheme: "other", Value: "4632", Label: "OFAC number"},
		{Scheme: "wallet", Value: "TOreOreOreOreOreOreOreOreOreOreOreO", Chain: "TRX", Label: "Digital Currency Address - TRX"},
		{Scheme: "swift", Value: "OREBKPPY", Label: "SWIFT/BIC"},
	}
	if diff := cmp.Diff(want, bank.Subject.Identifiers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	if person.Subject.Gender != "male" || person.Subject.Identifiers[1] != (domain.Identifier{Scheme: "national_id", Value: "79123456", Country: "CO", Label: "Cedula No."}) {
		t.Errorf("the person: %+v", person.Subject)
	}
}
