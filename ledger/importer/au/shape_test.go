package au_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/importertest"
	"github.com/google/go-cmp/cmp"
)

// published are rows in the shape of the publisher's workbook of 3 September
// 2026, as excerpts show it: 19 columns in this order, references with letters,
// dates of birth and of listing in words, measures as words, control dates as
// dates. Who stands in them is nobody.
func published() []cells {
	control := time.Date(2026, 4, 14, 0, 0, 0, 0, time.UTC)
	person := func(ref, name, kind string, strength any) cells {
		return cells{
			ref, name, "Individual", kind, strength, "1945, 1946, 30/01/1972", "Sel village, Old District, North Korea",
			"Congo, Democratic Republic of the;Rwanda", "Sel, North Korea", "KPi.901. Title: a) Colonel b) Dr Designation: a) First Deputy (1996-2001).",
			"Listed on 25 January 2001 (amended on 3 Sep 2003, 20 December 2005)", nil, "1718 (DPRK)", control,
			"Charter of the United Nations (Sanctions—Democratic People's Republic of Korea) Regulations 2008", "true", "true", "true", "false",
		}
	}
	return []cells{
		headings,
		person("2", "VANTA OREL", "Primary Name", nil),
		person("2a", "Wanta Orel", "Alias", "Strong"),
		person("2b", "반타 오렐", "Original Script", nil),
		{
			"155", "ORE LINE", "Entity", "Primary Name", nil, nil, nil, nil, nil, "QDe.904. Review was concluded on 21 Jun. 2010.",
			"Listed by UN 1267 Committee on 6 Oct. 2001 (amended on 5 Mar. 2009)", nil, "1267 (Ore and Examples)", control, "Example Regulations 2008", "true", "false", "true", "false",
		},
		{
			"8227", "ORE SKIES", "Vessel", "Primary Name", nil, nil, nil, nil, nil, nil, "Designated as a sanctioned vessel in an example of 2025", "7303803",
			"Autonomous (Vessels)", control, "Example Designation 2025", "false", "false", "false", "true",
		},
	}
}

func TestPublishedShape(t *testing.T) {
	list := parse(t, published())
	if len(list.Entries) != 3 {
		t.Fatalf("got %d entries of five rows, want 3", len(list.Entries))
	}
	e := list.Entries[0]
	if e.Ref != "2" || e.ListedOn != "2001-01-25" || e.UpdatedOn[0] != "2026-04-14" || strings.Join(e.Measures, " ") != "asset_freeze travel_ban arms_embargo" || len(e.Warnings) != 0 {
		t.Errorf("the person: %+v", e)
	}
	names := []domain.Name{
		{Text: "VANTA OREL", Kind: "primary", Script: "Latn"},
		{Text: "Wanta Orel", Kind: "aka", Script: "Latn", Quality: "good", Note: "2a"},
		{Text: "반타 오렐", Kind: "original", Script: "Hang", Note: "2b"},
	}
	births := []domain.FuzzyDate{{Type: "exact", Date: "1945"}, {Type: "exact", Date: "1946"}, {Type: "exact", Date: "1972-01-30", Text: "30/01/1972"}}
	nationalities := []domain.Text{{Text: "Congo, Democratic Republic of the", Language: "en", Code: "CD"}, {Text: "Rwanda", Language: "en", Code: "RW"}}
	if diff := cmp.Diff(names, e.Subject.Names) + cmp.Diff(births, e.Subject.BirthDates) + cmp.Diff(nationalities, e.Subject.Nationalities); diff != "" {
		t.Errorf("the person (-want +got):\n%s", diff)
	}
	entity, ship := list.Entries[1], list.Entries[2]
	if id := entity.Subject.Identifiers[0]; entity.ListedOn != "2001-10-06" || id.Scheme != "un_ref" || id.Value != "QDe.904" {
		t.Errorf("the entity: %+v", entity)
	}
	if !slices.Equal(ship.Measures, []string{"maritime_restriction"}) || ship.ListedOn != "" {
		t.Errorf("the ship: %+v", ship)
	}
	for _, e := range list.Entries {
		importertest.CheckShape(t, importertest.Adopted(e, "AU"))
	}
}

func TestPublishedDates(t *testing.T) {
	for printed, want := range map[string][]domain.FuzzyDate{
		"5 Feb. 1970":                    {{Type: "exact", Date: "1970-02-05", Text: "5 Feb. 1970"}},
		"Sept. 1970":                     {{Type: "exact", Date: "1970-09", Text: "Sept. 1970"}},
		"May 1957":                       {{Type: "exact", Date: "1957-05", Text: "May 1957"}},
		"circa 1957":                     {{Type: "approximately", Date: "1957", Text: "circa 1957"}},
		"Approximately 1963, 30/01/1972": {{Type: "approximately", Date: "1963", Text: "Approximately 1963"}, {Type: "exact", Date: "1972-01-30", Text: "30/01/1972"}},
		"1970-1973":                      {{Type: "between", From: "1970", To: "1973", Text: "1970-1973"}},
		"Between 1955 and 1957":          {{Type: "between", From: "1955", To: "1957", Text: "Between 1955 and 1957"}},
		"5/06/1953   15/06/1953":         {{Text: "5/06/1953 15/06/1953"}},
		"March 16, 1972":                 {{Text: "March 16, 1972"}},
		"2/2/26":                         {{Text: "2/2/26"}},
	} {
		e := parse(t, []cells{headings, {"1", "Vanta", "Individual", "Primary Name", nil, printed}}).Entries[0]
		if diff := cmp.Diff(want, e.Subject.BirthDates); diff != "" {
			t.Errorf("%q differs (-want +got):\n%s", printed, diff)
		}
		importertest.CheckShape(t, importertest.Adopted(e, "AU", "asset_freeze"))
	}
}

// A primary row without a type has that of another; older words for a name's
// type are understood.
func TestPublishedWords(t *testing.T) {
	e := parse(t, []cells{headings, {"275", "Vanta", nil, "Primary"}, {"275a", "Wanta", "Entity", "Formerly known as"}, {"275b", "Vantta", "Entity", "aka"}}).Entries[0]
	if e.Kind != "entity" || e.Subject.Names[1].Kind != "fka" || e.Subject.Names[2].Kind != "aka" || len(e.Warnings) != 1 || !strings.Contains(e.Warnings[0], "that of row 275a was taken") {
		t.Errorf("got %+v", e)
	}
	if e := parse(t, []cells{headings, {"9", "Ore 1", "Aircraft", "Primary Name"}}).Entries[0]; e.Kind != "aircraft" {
		t.Errorf("got %+v", e)
	}
}
