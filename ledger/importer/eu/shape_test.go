package eu_test

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/google/go-cmp/cmp"
)

// The files published.xml and published.csv have the shape of the publisher's
// files of 5 August 2026, as excerpts show it: declaration, elements, attributes
// and their order, columns, byte order mark. The bank, the act and the person of
// the CSV are the publisher's, with few of their facts; the person of the XML
// is nobody.

func TestPublishedShapeNames(t *testing.T) {
	list := parse(t, "published.xml")
	if list.PublishedOn != "2026-08-05" || len(list.Entries) != 2 {
		t.Fatalf("got published %s and %d entries", list.PublishedOn, len(list.Entries))
	}
	bank := list.Entries[0]
	if bank.Ref != "EU.4199.48" || bank.List != "PRK" || bank.ListedOn != "" || len(bank.Warnings) != 1 || bank.Subject.Names[0].Text != "Dae-Dong Credit Bank" {
		t.Errorf("the bank: %+v", bank)
	}
	if id := bank.Subject.Identifiers[1]; id != (domain.Identifier{Scheme: "swift", Value: "DCBK KPPY", Label: "SWIFT BIC"}) {
		t.Errorf("the bank's code: %+v", id)
	}
	var got []string
	for _, n := range list.Entries[1].Subject.Names {
		got = append(got, n.Kind+" "+n.Quality+" "+n.Text)
	}
	want := []string{"primary good Vanta OREL", "aka good Vanta Orel le Grand", "aka low The Quill", "aka good Orel V."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the name with a function is the primary one, and a remark beats strong (-want +got):\n%s", diff)
	}
}

func TestPublishedShapePerson(t *testing.T) {
	s := parse(t, "published.xml").Entries[1].Subject
	births := []domain.FuzzyDate{
		{Type: "exact", Date: "1965-04-14"}, {Type: "exact", Date: "1982-04-19", Note: "hijri calendar"}, {Type: "between", From: "1953", To: "1958", Note: "between 1953 and 1958"},
	}
	if diff := cmp.Diff(births, s.BirthDates); diff != "" {
		t.Errorf("dates of birth (-want +got):\n%s", diff)
	}
	korea := domain.Place{Country: "KP", CountryText: "KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF"}
	in := korea
	in.City = "Sampleton District, North Province"
	if diff := cmp.Diff([]domain.Place{korea, in}, s.BirthPlaces); diff != "" {
		t.Errorf("places of birth, of which a hyphen is none (-want +got):\n%s", diff)
	}
	office := korea
	office.Note = "Head Office. Registration No 892."
	if diff := cmp.Diff([]domain.Place{office}, s.Addresses); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	for _, f := range []domain.RawField{{Path: "birthdate[0]/@city", Value: "-"}, {Path: "birthdate[1]/@year", Value: "1402"}, {Path: "nameAlias[1]/@strong", Value: "true"}} {
		if !slices.Contains(s.Raw, f) {
			t.Errorf("Raw lacks %v", f)
		}
	}
}

func TestPublishedShapeCSV(t *testing.T) {
	list := parse(t, "published.csv")
	if list.PublishedOn != "2026-08-05" || len(list.Entries) != 1 || len(list.Warnings) != 0 {
		t.Fatalf("got published %s, %d entries, warnings %v", list.PublishedOn, len(list.Entries), list.Warnings)
	}
	e := list.Entries[0]
	if e.Ref != "EU.4068.18" || e.List != "PRK" || e.ListedOn != "2016-11-30" || e.Kind != "person" {
		t.Errorf("got %+v", e)
	}
	if n := e.Subject.Names; n[0].Text != "Cho Chun Ryong" || n[1].Quality != "low" || n[0].Quality != "" {
		t.Errorf("names %+v", n)
	}
}
