package projections

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func indexes(p TimelinePage) []uint64 {
	out := []uint64{}
	for _, e := range p.Entries {
		out = append(out, e.Index)
	}
	return out
}

func ship() domain.Subject {
	return domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "A SHIP"}}, Identifiers: []domain.Identifier{{Scheme: "imo", Value: "9159787"}}}
}

func TestCaseTimeline(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"})
	stop := domain.InterdictionExecuted{Outcome: "detained", Subject: ship()}
	stop.OccurredOn, stop.Case = "2018-01-01", "case-1"
	first := j.add("JP/coast-guard", stop)
	j.add("JP/mof", declared("JP", domain.ModeOwnAct))
	dispute := j.dispute("US/navy", first)
	moved := stop
	moved.Case = "case-2"
	correction := j.correct(first, moved)
	v := j.views(-1)
	if _, ok := v.Case("case-1", CaseQuery{}); ok {
		t.Error("a corrected event is still found under its old case")
	}
	page, ok := v.Case("case-2", CaseQuery{})
	if diff := cmp.Diff([]uint64{first, dispute, correction}, indexes(page)); !ok || diff != "" {
		t.Errorf("case-2 (-want +got):\n%s", diff)
	}
	page, ok = v.Case("case-1", CaseQuery{Query: asOf(dispute), Newest: true, Page: Page{Limit: 1}})
	if diff := cmp.Diff([]uint64{dispute}, indexes(page)); !ok || diff != "" || page.Total != 2 {
		t.Errorf("case-1 as of the dispute (-want +got):\n%s", diff)
	}
	page, _ = v.Case("case-1", CaseQuery{Query: asOf(dispute), Newest: true, Page: Page{Limit: 1, Cursor: page.Next}})
	if diff := cmp.Diff([]uint64{first}, indexes(page)); diff != "" || page.Next != "" || !page.Entries[0].Disputed {
		t.Errorf("second page (-want +got):\n%s", diff)
	}
}

// What is said about an event has no day of its own: it is told where that is.
func TestRemarksGoWithTheirEvent(t *testing.T) {
	j := given([]domain.Country{"JP", "US"})
	stop := domain.InterdictionExecuted{Outcome: "detained", Subject: ship()}
	stop.OccurredOn = "2018-03-01"
	act := j.add("JP/coast-guard", stop)
	dispute := j.dispute("US/navy", act)
	v := j.views(-1)
	for day, want := range map[domain.Date][]uint64{"2018-02-28": {}, "2018-03-01": {act, dispute}} {
		for _, c := range []domain.Country{"JP", "US"} {
			got := slices.DeleteFunc(indexes(v.CountryTimeline(c, CaseQuery{Query: Query{On: day}})), func(e uint64) bool { return e < act })
			if c == "US" && len(want) > 0 {
				want = []uint64{dispute}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s on %s (-want +got):\n%s", c, day, diff)
			}
		}
	}
}

// An amendment and a removal are listed from their days on.
func TestAmendmentsComeByTheirDay(t *testing.T) {
	j := given([]domain.Country{"JP"})
	j.add(transcriber, listing("UN", "1", "entity", "E", "2017-01-01"))
	j.add(transcriber, domain.DesignationAmended{Designation: "UN:1", AmendedOn: "2018-03-30", Measures: []string{"asset_freeze"}})
	j.add(transcriber, domain.DesignationRemoved{Designation: "UN:1", RemovedOn: "2019-01-01", Reason: "delisted"})
	for day, want := range map[domain.Date][2]int{"2017-12-31": {0, 0}, "2018-03-30": {1, 0}, "2019-01-01": {1, 1}} {
		d, _ := j.views(-1).Designation("UN:1", Query{On: day})
		if got := [2]int{len(d.Amendments), len(d.Removals)}; got != want {
			t.Errorf("on %s: %d amendments and removals, want %d", day, got, want)
		}
	}
}

func TestFeed(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"})
	un := j.add(transcriber, listing("UN", "1", "vessel", "A SHIP", "2017-01-01"))
	us := j.add("US/treasury", transposed("US", "UN:1", "2017-01-03"))
	stop := domain.InterdictionExecuted{Outcome: "detained", Subject: ship(), Designations: []string{"UN:1"}}
	stop.OccurredOn = "2018-01-01"
	act := j.add("JP/coast-guard", stop)
	v := j.views(-1)
	for name, c := range map[string]struct {
		q    FeedQuery
		want []uint64
	}{
		"newest first":      {FeedQuery{}, []uint64{act, us, un, 1, 0}},
		"of a group":        {FeedQuery{Types: []string{"designation.*"}}, []uint64{us, un}},
		"but for a type":    {FeedQuery{NotTypes: []string{"designation.adopted", "regime.adopted"}}, []uint64{act, us, 0}},
		"by a member":       {FeedQuery{Member: "US"}, []uint64{us}},
		"among":             {FeedQuery{Among: map[uint64]bool{us: true, 0: true}}, []uint64{us, 0}},
		"among none":        {FeedQuery{Among: map[uint64]bool{}}, []uint64{}},
		"by an agency":      {FeedQuery{Agency: "XA/transcriber"}, []uint64{un}},
		"of a designation":  {FeedQuery{Subject: "UN:1"}, []uint64{act, us, un}},
		"that had happened": {FeedQuery{Query: Query{On: "2017-06-05"}}, []uint64{us, un, 1, 0}},
	} {
		if diff := cmp.Diff(c.want, indexes(v.Feed(c.q))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDossierFollowsLinks(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"}, "US")
	un := listing("UN", "1", "vessel", "A SHIP", "2017-01-01")
	un.Subject = ship()
	j.add(transcriber, un)
	j.add("US/treasury", listing("US", "7", "vessel", "A SHIP, LATER NAME", "2017-01-01"))
	link := j.add(transcriber, domain.SubjectLinked{A: "UN:1", B: "US:7", Relation: "same_as", Reasons: []string{"one hull"}})
	freeze := domain.AssetFrozen{AssetKind: "vessel", Designations: []string{"US:7"}, Amount: &domain.Money{Amount: "5", Currency: "USD"}}
	freeze.OccurredOn = "2018-01-01"
	f := j.add("US/treasury", freeze)
	j.add("US/treasury", domain.AssetUnfrozen{Freeze: j.ref(f), Amount: &domain.Money{Amount: "2", Currency: "USD"}, Reason: "upkeep"})
	stop := domain.InterdictionExecuted{Outcome: "detained", Subject: ship()}
	stop.OccurredOn = "2018-02-01"
	j.add("JP/coast-guard", stop)
	for _, id := range []string{"UN:1", "US:7", "9159787", "IMO 9159787"} {
		d, ok := j.views(-1).Subject(id, Query{})
		if !ok || len(d.Designations) != 2 || d.EventsTotal != 6 || len(d.Links) != 1 || len(d.Names) != 2 {
			t.Errorf("%s: %v, %d designations, %d events, %d links", id, ok, len(d.Designations), d.EventsTotal, len(d.Links))
			continue
		}
		if len(d.Frozen) != 1 || d.Frozen[0].Amount != "3" || d.Frozen[0].Currency != "USD" {
			t.Errorf("%s: frozen %+v, want 3 USD", id, d.Frozen)
		}
	}
	if d, _ := j.views(-1).Subject("US:7", asOf(link-1)); len(d.Designations) != 1 {
		t.Errorf("%d designations before the link", len(d.Designations))
	}
	j.add("US/treasury", domain.SubjectUnlinked{A: "UN:1", B: "US:7", Relation: "same_as", Reasons: []string{"two hulls"}})
	if d, _ := j.views(-1).Subject("US:7", Query{}); len(d.Designations) != 1 {
		t.Errorf("%d designations after the link was ended", len(d.Designations))
	}
	if _, ok := j.views(-1).Subject("1234567", Query{}); ok {
		t.Error("a dossier of a number that nobody recorded")
	}
}

// Every type has a sentence of its own.
func TestSummariesOfEveryType(t *testing.T) {
	for _, name := range domain.Types() {
		body, _, _ := domain.New(name)
		got := summary(&record{kind: name, issuer: "JP/mof"}, held(body))
		if strings.Contains(got, "recorded "+name) || !strings.HasSuffix(got, ".") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestEntrySaysHowToHandleIt(t *testing.T) {
	j := given([]domain.Country{"JP"})
	stop := domain.InterdictionExecuted{Outcome: "detained", Subject: ship()}
	plain := j.add("JP/coast-guard", stop)
	stop.Handling, stop.Sealed = "TLP:AMBER", []domain.Sealed{{}, {}}
	amber := j.add("JP/coast-guard", stop)
	v := j.views(-1)
	for _, c := range []struct {
		index    uint64
		handling string
		sealed   int
	}{{0, "", 0}, {plain, "TLP:CLEAR", 0}, {amber, "TLP:AMBER", 2}} {
		if e, ok := v.Entry(c.index, Query{}); !ok || e.Handling != c.handling || e.Sealed != c.sealed {
			t.Errorf("event %d: %q and %d sealed, want %q and %d", c.index, e.Handling, e.Sealed, c.handling, c.sealed)
		}
	}
}
