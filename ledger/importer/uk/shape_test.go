package uk_test

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/google/go-cmp/cmp"
)

// The files published.* have the shape of the publisher's: of the XML of
// 10 September 2026, the CSV of 24 June 2026 and the ConList of 3 June 2026, as
// excerpts show them: declaration, elements and their order, line of the date,
// headings. The ship Petrel 8 is listed, with few of its facts; the others are
// nobody.

func TestPublishedShapeXML(t *testing.T) {
	list := parse(t, "published.xml")
	if list.PublishedOn != "2026-09-10" || len(list.Entries) != 3 || len(list.Warnings) != 0 {
		t.Fatalf("got published %s, %d entries, warnings %v", list.PublishedOn, len(list.Entries), list.Warnings)
	}
	s := list.Entries[0].Subject
	var names []string
	for _, n := range s.Names {
		names = append(names, n.Kind+" "+n.Quality+" "+n.Text)
	}
	want := []string{"primary  VANTA OREL", "aka low Orel", "aka good Wanta Orel", "original  반타 오렐", "aka  Vanta Oreľ"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("a name without a type repeats the primary one; one filed as non-Latin is Latin (-want +got):\n%s", diff)
	}
	births := []domain.FuzzyDate{
		{Type: "exact", Date: "1945", Text: "dd/mm/1945"}, {Type: "exact", Date: "1958-09", Text: "dd/09/1958"}, {Type: "exact", Date: "1946", Text: "1946"},
	}
	if diff := cmp.Diff(births, s.BirthDates); diff != "" {
		t.Errorf("dates of birth, each once (-want +got):\n%s", diff)
	}
	numbers := []domain.Identifier{
		{Scheme: "other", Value: "DPR9006", Label: "Unique ID"},
		{Scheme: "other", Value: "7172", Label: "OFSI Group ID"},
		{Scheme: "un_ref", Value: "XAi.002"},
		{Scheme: "passport", Value: "PX4581926", Label: "Passport", Note: "issued in Sampleton (expires 7 August 2034)"},
	}
	if diff := cmp.Diff(numbers, s.Identifiers); diff != "" {
		t.Errorf("numbers, each once (-want +got):\n%s", diff)
	}
}

func TestPublishedShapeMeasures(t *testing.T) {
	entries := append(parse(t, "published.xml").Entries, parse(t, "published.csv").Entries...)
	want := []struct {
		ref      string
		measures []string
	}{
		{"DPR9006", []string{"asset_freeze", "travel_ban"}},
		{"DPR9107", []string{"asset_freeze", "trust_services_ban", "director_disqualification"}},
		{"DPR0075", []string{"port_entry_ban"}},
		{"DPR0075", []string{"port_entry_ban"}},
		{"DPR9176", []string{"maritime_restriction"}},
		{"DPR9078", []string{"asset_freeze", "travel_ban"}},
	}
	for i, e := range entries {
		w := want[i]
		if !slices.Equal(w.measures, e.Measures) || e.Ref != w.ref || len(e.Warnings)+len(e.Unworded) != 0 {
			t.Errorf("%s: got %v, %v, warnings %q", e.Ref, e.Measures, e.Unworded, e.Warnings)
		}
	}
	if ship := entries[2]; ship.Subject.Identifiers[1] != (domain.Identifier{Scheme: "imo", Value: "9562233"}) || ship.Subject.Flags[0].Code != "KM" {
		t.Errorf("the ship: %+v", ship.Subject)
	}
}

func TestPublishedShapeCSV(t *testing.T) {
	list := parse(t, "published.csv")
	if list.PublishedOn != "2026-06-24" || len(list.Entries) != 3 || len(list.Warnings) != 0 {
		t.Fatalf("got published %s, %d entries, warnings %v", list.PublishedOn, len(list.Entries), list.Warnings)
	}
	if names := list.Entries[2].Subject.Names; len(names) != 1 || names[0].Kind != "primary" {
		t.Errorf("a row without a type of name: %+v", names)
	}
	con := parse(t, "published_conlist.csv")
	e := con.Entries[0]
	if con.PublishedOn != "2026-06-03" || e.Ref != "14630" || e.ListedOn != "2022-03-11" || e.Subject.Gender != "male" || len(e.Warnings) != 0 {
		t.Errorf("got published %s, %+v", con.PublishedOn, e)
	}
	if id := e.Subject.Identifiers[1]; id != (domain.Identifier{Scheme: "other", Value: "DPR9078", Label: "Unique ID", Note: "from Other Information"}) {
		t.Errorf("the link to the other list: %+v", id)
	}
}
