package projections

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const goldens = "../domain/testdata/events"

// goldenJournal holds every golden event, after a founding and some regimes.
func goldenJournal(t *testing.T) *journal {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(goldens, "*.json"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d golden files: %v", len(files), err)
	}
	j := given([]domain.Country{"XA", "XB", "XC"}, "XU")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(file)
		name, rest := base[:strings.LastIndex(base, ".v")], base[strings.LastIndex(base, ".v")+2:]
		if name == "coalition.founded" || name == "journal.voided" {
			continue // at their own places alone
		}
		version, _, _ := strings.Cut(rest, ".")
		number, err := strconv.Atoi(version)
		if err != nil {
			t.Fatal(err)
		}
		e, refusal := domain.Decode(domain.Header{Type: name, Version: number}, text)
		if refusal != nil {
			t.Fatalf("%s: %v", file, refusal)
		}
		j.add("XB/mof", e.Body)
	}
	return j
}

// What a subscription to a subject tells of and what its dossier holds are the
// same: a dossier has every event of which a subscription to its subject, by any
// of its names, tells, and no other.
func TestDossierAndSubscriptionsAgree(t *testing.T) {
	j := goldenJournal(t)
	if n := dossiersAgree(t, j.views(-1)); n < 6 {
		t.Errorf("only %d subjects", n)
	}
	rapid.Check(t, func(t *rapid.T) { dossiersAgree(t, drawJournal(t).views(-1)) })
}

// dossiersAgree compares for every subject that a facet names, and returns how
// many there are.
func dossiersAgree(t rapid.TB, v *Views) int {
	t.Helper()
	told := map[string][]uint64{}
	for e := range v.Size() {
		facets, _ := v.Facets(e)
		for _, f := range facets {
			if f.Kind == FacetSubject {
				told[f.Value] = append(told[f.Value], e)
			}
		}
	}
	for id := range told {
		d, ok := v.Subject(id, Query{})
		if !ok || d.EventsTotal > len(d.Events) {
			t.Fatalf("%s: known %v, %d of %d events", id, ok, len(d.Events), d.EventsTotal)
		}
		var want, got []uint64
		for _, name := range d.calledBy() {
			want = append(want, told[name]...)
		}
		for _, e := range d.Events {
			got = append(got, e.Index)
			if !slices.Contains(want, e.Index) && len(e.CorrectedBy) == 0 {
				t.Errorf("%s: event %d (%s) is in the dossier, and no subscription tells of it", id, e.Index, e.Type)
			}
		}
		for _, e := range want {
			if !slices.Contains(got, e) {
				t.Errorf("%s: event %d is told to who watches it, and not in the dossier %v", id, e, got)
			}
		}
	}
	return len(told)
}

// What bodies call subjects is found in them without writing them as JSON, too.
func TestShipsAreFoundInEveryBody(t *testing.T) {
	for i, f := range goldenJournal(t).facts {
		if f.Type == "event.corrected" || f.Type == "proposal.made" {
			continue // they hold a body of another event
		}
		tell(f.Body, func(kind, value string) {
			if kind == FacetSubject && domain.ValidIMO(value) && !slices.Contains(imosIn(held(f.Body)), value) {
				t.Errorf("event %d (%s) names ship %s, which imosIn does not find", i, f.Type, value)
			}
		})
	}
}

// What lists are made of is read without writing it as JSON: it says the same.
func TestSubjectsOfSaysWhatIsTold(t *testing.T) {
	same := func(t rapid.TB, facts []domain.Fact) {
		for _, f := range facts {
			var want []string
			refs := tell(f.Body, func(kind, value string) {
				if kind == FacetSubject && value != "" {
					want = append(want, value)
				}
			})
			got, cited := subjectsOf(f.Body)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(slices.Compact(got), slices.Compact(want)) || !slices.Equal(cited, refs) {
				t.Errorf("event %d (%s): named %q, told %q", f.Index, f.Type, got, want)
			}
		}
	}
	same(t, goldenJournal(t).facts)
	rapid.Check(t, func(t *rapid.T) { same(t, drawJournal(t).facts) })
}

func reportOn(s ...domain.Subject) domain.ViolationReported {
	return domain.ViolationReported{Category: "ship_to_ship_transfer", Subjects: s, Narrative: domain.Text{Text: "seen", Language: "en"}}
}

// A ship that no list names has a dossier under its registered id and its
// number, linked or not, with the reports, the cases and the registration.
func TestDossierOfARegisteredSubject(t *testing.T) {
	j := given([]domain.Country{"JP", "US"})
	registered := j.add("JP/coast-guard", domain.SubjectRegistered{ID: "subject:JP-1", Subject: ship()})
	report := j.add("JP/coast-guard", reportOn(ship()))
	opening := j.add("JP/coast-guard", domain.CaseOpened{Common: domain.Common{Case: "case-1"}, Violations: []domain.Ref{j.ref(report)}})
	other := domain.SubjectRegistered{ID: "subject:US-2", Subject: domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "OTHER NAME"}}}}
	j.add("US/navy", other)
	link := domain.SubjectLinked{A: "subject:JP-1", B: "subject:US-2", Relation: "same_as", Basis: "document", Reasons: []string{"one hull"}}
	before := uint64(len(j.facts) - 1)
	j.add("US/navy", link)
	v := j.views(-1)
	for _, id := range []string{"subject:JP-1", "subject:US-2", "9159787", "IMO 9159787"} {
		d, ok := v.Subject(id, Query{})
		if !ok || len(d.Registered) != 2 || len(d.Links) != 1 || d.Kind != "vessel" || d.Name == "" || d.EventsTotal != 5 {
			t.Errorf("%s: %v, %d registered, %d links, %q, %d events", id, ok, len(d.Registered), len(d.Links), d.Name, d.EventsTotal)
		}
	}
	d, ok := v.Subject("subject:JP-1", asOf(before))
	var got []uint64
	for _, e := range d.Events {
		got = append(got, e.Index)
	}
	if want := []uint64{opening, report, registered}; !ok || !slices.Equal(got, want) || d.Registered[0].Index != registered {
		t.Errorf("before the link: %v, events %v, want %v", ok, got, want)
	}
	if _, ok := v.Subject("subject:JP-1", asOf(registered-1)); ok {
		t.Error("it is known before its registration")
	}
}

// A search finds registered subjects beside designations, by name and number.
func TestSubjectsAreFoundByText(t *testing.T) {
	j := given([]domain.Country{"JP", "US"})
	b := listing("UN", "V.1", "vessel", "BLUE STAR", "2017-01-01")
	listed := j.add(transcriber, b)
	registered := j.add("JP/coast-guard", domain.SubjectRegistered{ID: "subject:JP-1", Subject: ship()})
	star := domain.SubjectRegistered{ID: "subject:JP-2", Subject: domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "Red Stár"}}}}
	j.add("JP/coast-guard", star)
	j.add("JP/coast-guard", drawLink("UN:V.1", "subject:JP-2"))
	v := j.views(-1)
	found := func(q SubjectQuery) (out []string) {
		for _, s := range v.Subjects(q).Subjects {
			out = append(out, s.ID)
		}
		return out
	}
	for text, want := range map[string][]string{
		"star": {"UN:V.1", "subject:JP-2"}, "9159787": {"subject:JP-1"}, "subject:jp-2": {"subject:JP-2"}, "nothing": nil, "!": nil,
	} {
		if got := found(SubjectQuery{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%q: found %v, want %v", text, got, want)
		}
	}
	page := v.Subjects(SubjectQuery{Text: "star", Page: Page{Limit: 1}})
	next := v.Subjects(SubjectQuery{Text: "star", Page: Page{Limit: 1, Cursor: page.Next}})
	if page.Total != 2 || page.Next != "UN:V.1" || page.Subjects[0].Event != listed || page.Subjects[0].Registered || next.Next != "" ||
		!next.Subjects[0].Registered || !slices.Equal(next.Subjects[0].SameAs, []string{"UN:V.1"}) {
		t.Errorf("pages %+v, then %+v", page, next)
	}
	if got := found(SubjectQuery{Query: asOf(registered - 1), Text: "9159787"}); got != nil {
		t.Errorf("before its registration: %v", got)
	}
}

// Ships without a number are told apart, never left out.
func TestVesselsWithoutANumber(t *testing.T) {
	j := given([]domain.Country{"JP"})
	listed := listing("UN", "V.1", "vessel", "NAMELESS STAR", "2017-01-01")
	j.add(transcriber, listed)
	numbered := listing("UN", "V.2", "vessel", "STAR", "2017-01-01")
	numbered.Subject = ship()
	j.add(transcriber, numbered)
	barge := domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "BARGE"}}}
	j.add("JP/coast-guard", domain.SubjectRegistered{ID: "subject:JP-1", Subject: barge})
	report := j.add("JP/coast-guard", reportOn(barge, ship()))
	page := j.views(-1).Vessels(VesselQuery{MinChanges: 5})
	w := page.WithoutIMO
	if page.Total != 0 || w.Total != 2 || len(w.Subjects) != 2 || w.Subjects[0].ID != "UN:V.1" || !w.Subjects[1].Registered || !slices.Equal(w.Events.Indexes, []uint64{report}) {
		t.Errorf("got %+v", page)
	}
	if all := j.views(-1).Vessels(VesselQuery{}); all.Total != 1 || all.Vessels[0].IMO != "9159787" || !slices.Contains(all.Vessels[0].Events.Indexes, report) {
		t.Errorf("by number: %+v", all.Vessels)
	}
}
