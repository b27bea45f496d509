package identity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/identity"
)

// entry makes one from parts: names first, then what each prefix says.
func entry(ref, kind string, parts ...string) importer.Entry {
	e := importer.Entry{Ref: ref, Kind: kind}
	e.Subject.Kind = kind
	for _, p := range parts {
		what, value, found := strings.Cut(p, ": ")
		if !found {
			what, value = "name", p
		}
		set(&e, what, value)
	}
	return e
}

func set(e *importer.Entry, what, value string) {
	s := &e.Subject
	value, of, _ := strings.Cut(value, "@")
	switch what {
	case "name":
		s.Names = append(s.Names, domain.Name{Text: value, Kind: "primary"})
	case "aka", "low":
		s.Names = append(s.Names, domain.Name{Text: value, Kind: "aka", Quality: map[string]string{"low": "low"}[what]})
	case "born":
		s.BirthDates = append(s.BirthDates, domain.FuzzyDate{Type: "exact", Date: domain.Date(value)})
	case "about":
		s.BirthDates = append(s.BirthDates, domain.FuzzyDate{Type: "approximately", Date: domain.Date(value)})
	case "gender":
		s.Gender = value
	case "nation":
		s.Nationalities = append(s.Nationalities, domain.Text{Text: value, Code: domain.Country(value)})
	case "role":
		s.Roles = append(s.Roles, domain.Text{Text: value})
	case "in":
		p := domain.Place{City: value}
		s.BirthPlaces, s.Addresses = append(s.BirthPlaces, p), append(s.Addresses, p)
	case "listed":
		e.ListedOn = domain.Date(value)
	default:
		s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: what, Value: value, Country: domain.Country(of)})
	}
}

func TestPropose(t *testing.T) {
	for _, c := range []struct {
		what      string
		kind      string
		a, b      []string
		basis     string // "" for no proposal
		confirmed bool
		says      string // a part of the reasons
	}{
		{"one ship, renamed", "vessel", []string{"OREL STAR", "imo: 9159787"}, []string{"ADLER WIND", "imo: IMO 9159787"}, "identifier", true, "IMO 9159787 on both; the number stays with a ship whatever its name"},
		{"one ship", "vessel", []string{"OREL STAR", "imo: 9159787"}, []string{"OREL STAR", "imo: 9159787"}, "identifier", true, "names agree to 100 %"},
		{"two ships of one name", "vessel", []string{"OREL STAR", "imo: 9159787"}, []string{"OREL STAR", "imo: 9187629"}, "", false, ""},
		{"a number with a wrong check digit forbids nothing", "vessel", []string{"OREL STAR", "imo: 9159787"}, []string{"OREL STAR", "imo: 9187620"}, "name", false, ""},
		{"a company's number that its list calls a ship's", "entity", []string{"OREL MARITIME", "imo_company: 1790183"}, []string{"OREL MARITIME", "imo: 1790183"}, "identifier", true, "IMO company number"},
		{"MMSI is weak", "vessel", []string{"OREL STAR", "mmsi: 572469210"}, []string{"OREL STAR", "mmsi: 572 469 210"}, "identifier", false, "MMSI 572469210 on both"},
		{"passport and issuer", "person", []string{"OREL VANTA", "passport: A-0002303@IR"}, []string{"VANTA, Orel", "passport: a0002303@IR"}, "identifier", true, "passport A0002303 of IR on both"},
		{"passport without an issuer", "person", []string{"OREL VANTA", "passport: A0002303"}, []string{"OREL VANTA", "passport: A0002303@IR"}, "identifier", false, "only one states who issued it (IR)"},
		{"passport wrapped in words", "person", []string{"OREL VANTA", "passport: Libyan Passport No. 96/184442@LY"}, []string{"OREL VANTA", "passport: 96184442@LY"}, "identifier", true, "96184442"},
		{"country after the number", "person", []string{"OREL VANTA", "passport: R00012098, South Sudan"}, []string{"OREL VANTA", "passport: R00012098@SS"}, "identifier", true, "of SS on both"},
		{"passports of two countries are two", "person", []string{"OREL VANTA", "passport: 12345678@IR"}, []string{"KESTU MIRNO", "passport: 12345678@IQ"}, "", false, ""},
		{"one passport, names that differ", "person", []string{"OREL VANTA", "passport: 12345678@IR"}, []string{"KESTU MIRNO", "passport: 12345678@IR"}, "identifier", false, "names have no word in common"},
		{"a fragment is no number", "person", []string{"OREL VANTA", "passport: 123"}, []string{"KESTU MIRNO", "passport: 123"}, "", false, ""},
		{"UN reference", "person", []string{"OREL VANTA", "un_ref: KPi.001"}, []string{"VANTA", "un_ref: KPi.001"}, "identifier", true, "UN reference KPi.001"},
		{"two UN references of a regime", "person", []string{"OREL VANTA", "un_ref: KPi.001", "born: 1962-03-01"}, []string{"OREL VANTA", "un_ref: KPi.002", "born: 1962-03-01"}, "", false, ""},
		{"a passport does not outweigh two UN references", "person", []string{"OREL VANTA", "un_ref: KPi.001", "passport: 12345678@KP"}, []string{"OREL VANTA", "un_ref: KPi.002", "passport: 12345678@KP"}, "", false, ""},
		{"UN references of two regimes", "person", []string{"OREL VANTA", "un_ref: QDi.001", "born: 1962-03-01"}, []string{"OREL VANTA", "un_ref: SOi.001", "born: 1962-03-01"}, "name", true, ""},
		{"LEI", "entity", []string{"OREL BANK", "lei: 5493001KJTIIGC8Y1R12"}, []string{"Orel Bank Ltd", "lei: 5493 001K JTII GC8Y 1R12"}, "identifier", true, "LEI"},
		{"SWIFT code and branch", "entity", []string{"OREL BANK", "swift: DCBKKPPY"}, []string{"OREL BANK", "swift: DCBKKPPYXXX"}, "identifier", true, "SWIFT code DCBKKPPY on both"},
		{"wallets are shared", "person", []string{"OREL VANTA", "wallet: 0x08723392Ed15743cc38513C4925f5e6be5c17243"}, []string{"OREL VANTA", "wallet: 0x08723392ED15743CC38513C4925F5E6BE5C17243"}, "identifier", false, "wallet"},
		{"case tells some wallets apart", "person", []string{"OREL VANTA", "wallet: 1DJoVLgn1foJHHngduRPJvRbwpaFEKxvxd"}, []string{"KESTU MIRNO", "wallet: 1DJoVLgn1foJHHngduRPJvRbwpaFEKxvxD"}, "", false, ""},
		{"registers are of a country", "entity", []string{"OREL BANK", "registration: 123-456@CH"}, []string{"ADLER", "registration: 123456@PA"}, "", false, ""},
		{"registration", "entity", []string{"OREL BANK", "registration: CHE-123@CH"}, []string{"OREL BANK", "registration: CHE 123@CH"}, "identifier", true, "registration number CHE123 of CH"},
		{"genders differ", "person", []string{"OREL VANTA", "gender: male", "born: 1962-03-01"}, []string{"OREL VANTA", "gender: female", "born: 1962-03-01"}, "", false, ""},
		{"a number outweighs a gender", "person", []string{"OREL VANTA", "gender: male", "passport: 12345678@IR"}, []string{"OREL VANTA", "gender: female", "passport: 12345678@IR"}, "identifier", false, "genders differ"},
		{"father and son", "person", []string{"OREL VANTA", "born: 1932"}, []string{"OREL VANTA", "born: 1962-03-01"}, "", false, ""},
		{"born nearly then", "person", []string{"OREL VANTA", "born: 1962-03-01"}, []string{"OREL VANTA", "born: 1962-01-03"}, "name", false, "all but agree"},
		{"born in another year", "person", []string{"OREL VANTA", "born: 1962-03-01", "nation: KP", "in: Nampo"}, []string{"OREL VANTA", "born: 1966", "nation: KP", "in: Nampo"}, "name", false, "birth dates differ: 1962-03-01 and 1966"},
		{"name and day of birth", "person", []string{"OREL VANTA", "born: 1962-03-01"}, []string{"VANTA, Orel", "born: 1962-03-01"}, "name", true, "born 1962-03-01 on both"},
		{"name and year of birth", "person", []string{"OREL VANTA", "born: 1962-03-01"}, []string{"VANTA, Orel", "about: 1961"}, "name", false, "birth dates fit: 1962-03-01 and about 1961"},
		{"a common name alone", "person", []string{"KIM CHOL"}, []string{"KIM, Chol"}, "", false, ""},
		{"a common name and nationality", "person", []string{"KIM CHOL", "nation: KP"}, []string{"KIM, Chol", "nation: KP"}, "name", false, "nationality Democratic People's Republic of Korea on both"},
		{"a common name and role", "person", []string{"KIM CHOL", "role: Tanchon Bank representative"}, []string{"KIM, Chol", "role: Representative of Tanchon Bank"}, "name", false, "roles agree"},
		{"a common name and date", "person", []string{"KIM CHOL", "listed: 2017-06-02"}, []string{"KIM, Chol", "listed: 2017-06-09"}, "name", false, "listed 7 days apart"},
		{"a common name and day of birth", "person", []string{"KIM CHOL", "born: 1962-03-01"}, []string{"KIM CHOL", "born: 1962-03-01"}, "name", false, ""},
		{"a common name, day and place of birth", "person", []string{"KIM CHOL", "born: 1962-03-01", "in: Nampo"}, []string{"KIM CHOL", "born: 1962-03-01", "in: Nampo"}, "name", true, "born in Nampo on both"},
		{"two Hangul characters differ", "person", []string{"김철", "born: 1962-03-01"}, []string{"김절", "born: 1962-03-01"}, "", false, ""},
		{"two Hangul characters", "person", []string{"김철", "born: 1962-03-01"}, []string{"김철", "born: 1962-03-01"}, "name", false, "original script"},
		{"original script alone", "person", []string{"Орел Ванта", "born: 1962-03-01"}, []string{"OREL VANTA", "born: 1962-03-01"}, "name", false, "after romanisation"},
		{"lookalikes", "vessel", []string{"ОRЕL ВАNТА", "in: Nampo"}, []string{"OREL BANTA", "in: Nampo"}, "name", false, "look alike"},
		{"trading companies", "entity", []string{"OREL GENERAL TRADING COMPANY", "in: Nampo"}, []string{"KESTU GENERAL TRADING COMPANY", "in: Nampo"}, "", false, ""},
		{"a weak alias does not confirm", "person", []string{"KESTU MIRNO", "low: OREL VANTA", "born: 1962-03-01"}, []string{"OREL VANTA", "born: 1962-03-01"}, "name", false, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			a := []importer.Entry{entry("A", c.kind, c.a...)}
			b := append(crowd(), entry("B", c.kind, c.b...))
			got := find(identity.Propose(a, b, identity.Options{}), "A", "B")
			reasons := strings.Join(append(slices.Clone(got.For), got.Against...), "; ")
			if got.Basis != c.basis || got.Confirmed != c.confirmed || !strings.Contains(reasons, c.says) {
				t.Errorf("got %+v; want basis %q, confirmed %v, %q", got, c.basis, c.confirmed, c.says)
			}
		})
	}
}

// crowd is a list of others, so that words have a weight: many of them are
// called KIM or CHOL, or are trading companies.
func crowd() []importer.Entry {
	var out []importer.Entry
	for i := range 300 {
		name := []string{"KIM", "CHOL", "KIM CHOL"}[i%3] + fmt.Sprintf(" W%dX", i)
		out = append(out,
			entry(fmt.Sprintf("p%d", i), "person", name),
			entry(fmt.Sprintf("e%d", i), "entity", fmt.Sprintf("U%dZ GENERAL TRADING COMPANY", i)))
	}
	return out
}

func find(all []identity.Proposal, a, b string) identity.Proposal {
	for _, p := range all {
		if p.A == a && p.B == b {
			return p
		}
	}
	return identity.Proposal{}
}

func TestKindsDiffer(t *testing.T) {
	name := []string{"OREL STAR", "imo: 9159787"}
	for _, c := range []struct {
		a, b  string
		basis string
	}{{"person", "vessel", ""}, {"entity", "vessel", "identifier"}, {"vessel", "aircraft", ""}, {"entity", "person", ""}} {
		a, b := entry("A", c.a, name...), entry("B", c.b, name...)
		got := find(identity.Propose([]importer.Entry{a}, []importer.Entry{b}, identity.Options{}), "A", "B")
		if got.Basis != c.basis || got.Confirmed {
			t.Errorf("%s and %s: %+v", c.a, c.b, got)
		}
	}
	a, b := entry("A", "entity", "OREL STAR", "lei: 5493001KJTIIGC8Y1R12"), entry("B", "vessel", "OREL STAR", "lei: 5493001KJTIIGC8Y1R12")
	if got := identity.Propose([]importer.Entry{a}, []importer.Entry{b}, identity.Options{}); len(got) > 0 { // a ledger refuses that link
		t.Errorf("a company's number on a ship: %+v", got)
	}
}

func TestRivals(t *testing.T) {
	a := []importer.Entry{entry("A", "person", "OREL VANTA", "passport: 12345678@IR")}
	b := []importer.Entry{entry("B", "person", "OREL VANTA", "passport: 12345678@IR"), entry("C", "person", "OREL VANTA", "passport: 12345678@IR")}
	got := identity.Propose(a, b, identity.Options{})
	if len(got) != 2 || got[0].Confirmed || got[1].Confirmed || !strings.Contains(got[0].Against[0], "C of the second list may be meant too") {
		t.Errorf("one passport on two entries: %+v", got)
	}
	b[1] = entry("C", "person", "OREL VANDA")
	if got := identity.Propose(a, b, identity.Options{}); len(got) != 1 || got[0].B != "B" || !got[0].Confirmed {
		t.Errorf("a name far behind a passport: %+v", got)
	}
}

func TestMinScore(t *testing.T) {
	a, b := []importer.Entry{entry("A", "entity", "OREL ADLER VANTA")}, []importer.Entry{entry("B", "entity", "OREL ADLER VANTA")}
	if got := identity.Propose(a, b, identity.Options{MinScore: 0.9}); len(got) != 0 {
		t.Errorf("above the threshold: %+v", got)
	}
	if got := identity.Propose(a, b, identity.Options{MinScore: 0.5}); len(got) != 1 || got[0].Basis != identity.ByName {
		t.Errorf("below it: %+v", got)
	}
}

// TestThresholdHidesNoRival has two of one name and day of birth, of which one
// alone is above the threshold.
func TestThresholdHidesNoRival(t *testing.T) {
	a := []importer.Entry{entry("A", "person", "OREL VANTA ADLER", "born: 1962-03-01", "in: Nampo")}
	b := []importer.Entry{
		entry("B", "person", "OREL VANTA ADLER", "born: 1962-03-01", "in: Nampo"),
		entry("C", "person", "OREL VANTA ADLER", "born: 1962-03-01"),
	}
	got := identity.Propose(a, b, identity.Options{MinScore: 0.98})
	if len(got) != 1 || got[0].Confirmed || len(got[0].Against) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestEmpty(t *testing.T) {
	if got := identity.Propose(nil, nil, identity.Options{}); len(got) != 0 {
		t.Errorf("links between no lists: %+v", got)
	}
	bare := []importer.Entry{{Ref: "A", Kind: "person"}}
	if got := identity.Propose(bare, bare, identity.Options{}); len(got) != 0 {
		t.Errorf("links of entries that say nothing: %+v", got)
	}
}
