package projections

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestLoopholes(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US", "DE", "FR", "EU"})
	un := j.add(transcriber, listing("UN", "KPe.001", "entity", "A TRADING CO", "2017-01-01"))
	j.add(transcriber, listing("UN", "KPe.002", "vessel", "A SHIP", "2017-01-01"))
	us := j.add("US/treasury", transposed("US", "UN:KPe.001", "2017-01-03"))
	eu := j.add("EU/council", transposed("EU", "UN:KPe.001", "2017-01-09"))
	de := j.add("DE/bafa", declared("DE", domain.ModeThroughEU))
	fr := j.add("FR/tresor", declared("FR", domain.ModeThroughEU))
	jp := j.add("JP/mof", declared("JP", domain.ModeOwnAct))
	page := j.views(-1).Loopholes(LoopholeQuery{MinHolders: 2})
	if page.Total != 1 {
		t.Fatalf("%d loopholes, want the entity alone: the EU and its states hold the vessel as one", page.Total)
	}
	got := page.Loopholes[0]
	if got.Designation != "UN:KPe.001" || got.HolderCount != 2 || len(got.Holders) != 4 {
		t.Errorf("%s held by %d (%d cells), want UN:KPe.001 by 2: the EU with its states, and the US", got.Designation, got.HolderCount, len(got.Holders))
	}
	calls := map[domain.Country]string{}
	for _, m := range got.Missing {
		calls[m.Country] = m.State + ", " + m.Call
	}
	want := map[domain.Country]string{"JP": "open, gap", "XA": "not_recorded, not recorded"}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]uint64{un, us, eu, de, fr, jp}, got.Events); diff != "" {
		t.Errorf("events behind (-want +got):\n%s", diff)
	}
	gaps := j.views(-1).Loopholes(LoopholeQuery{GapsOnly: true, State: "XA"})
	if gaps.Total != 0 {
		t.Errorf("silence is called a gap: %+v", gaps.Loopholes)
	}
}

// A state that lists the same subject under an act of its own holds it.
func TestOwnDesignationHoldsTheUNs(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "JP"}, "US")
	j.add(transcriber, listing("UN", "KPe.001", "entity", "A TRADING CO", "2017-01-01"))
	j.add("JP/mof", transposed("JP", "UN:KPe.001", "2017-01-05"))
	own := j.add("US/treasury", listing("US", "8985", "entity", "A TRADING CO", "2016-01-01"))
	held := func(id string) []domain.Country {
		d, ok := j.views(-1).Designation(id, Query{})
		if !ok {
			t.Fatalf("no %s", id)
		}
		return d.HeldBy
	}
	if got := held("UN:KPe.001"); slices.Contains(got, "US") {
		t.Errorf("held by %v before anything joins the two", got)
	}
	rests := listing("US", "8985", "entity", "A TRADING CO", "2016-01-01")
	rests.Basis = "UN:KPe.001"
	j.correct(own, rests)
	if got := held("UN:KPe.001"); !slices.Contains(got, "US") {
		t.Errorf("held by %v once the US's designation rests on it", got)
	}
	if d, _ := j.views(-1).Designation("UN:KPe.001", asOf(own)); slices.Contains(d.HeldBy, "US") {
		t.Errorf("held by %v as of a time before the correction", d.HeldBy)
	}
	for _, l := range j.views(-1).Loopholes(LoopholeQuery{Regime: "US-DPRK"}).Loopholes {
		for _, m := range l.Missing {
			if m.Country == "JP" {
				t.Error("Japan holds the subject under the UN's list, and is shown as missing the US's")
			}
		}
	}
}

func TestEULawBindsItsStates(t *testing.T) {
	j := given([]domain.Country{"DE", "XA", "EU", "GB"}, "EU")
	j.add(transcriber, listing("EU", "1.20", "person", "A PERSON", "2017-01-01"))
	v := j.views(-1)
	d, _ := v.Designation("EU:1.20", Query{})
	if diff := cmp.Diff([]domain.Country{"DE", "EU"}, d.HeldBy); diff != "" {
		t.Errorf("held by (-want +got):\n%s", diff)
	}
	if n := v.Loopholes(LoopholeQuery{MinHolders: 2}).Total; n != 0 {
		t.Errorf("the EU and Germany count as two holders")
	}
}

func TestMatrixByMeasure(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "CA"})
	b := listing("UN", "KPi.001", "person", "A PERSON", "2017-01-01")
	b.Measures = []string{"asset_freeze", "travel_ban"}
	j.add(transcriber, b)
	freezeOnly := transposed("US", "UN:KPi.001", "2017-01-03")
	freezeOnly.Measures = []string{"asset_freeze"}
	j.add("US/treasury", freezeOnly)
	j.add("US/treasury", declared("US", domain.ModeOwnAct))
	not := declared("CA", domain.ModeNotInForce)
	not.Measures = []string{"travel_ban"}
	j.add("CA/gac", declared("CA", domain.ModeByReference))
	no := j.add("CA/gac", not)
	got := map[string]Counts{}
	for _, r := range j.views(-1).Matrix(MatrixQuery{}).Rows {
		got[string(r.Country)+" "+r.Measure] = r.Counts
		if r.Country == "CA" && r.Measure == "travel_ban" && !slices.Equal(r.Events.Indexes, []uint64{no}) {
			t.Errorf("events behind Canada's travel ban: %v, want the declaration %d", r.Events.Indexes, no)
		}
	}
	want := map[string]Counts{
		"US asset_freeze": {Listed: 1, Transposed: 1}, "US travel_ban": {Listed: 1, Open: 1},
		"CA asset_freeze": {Listed: 1, Covered: 1}, "CA travel_ban": {Listed: 1, NotInForce: 1},
		"XA asset_freeze": {Listed: 1, NotRecorded: 1}, "XA travel_ban": {Listed: 1, NotRecorded: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matrix (-want +got):\n%s", diff)
	}
}

func TestSummaryAndConflicts(t *testing.T) {
	j := japan(t)
	v := j.views(-1)
	s := v.Summary(Query{On: "2026-03-05"})
	if s.Members != 3 || s.Regimes[0].Listed != 155 || s.Events["designation.transposed"] != 155 || s.Regimes[0].States[CellNotRecorded] != 1 {
		t.Errorf("summary %+v", s)
	}
	if apart := s.Regimes[0].Illustrative; apart.States[CellNotRecorded] != 1 || apart.CellCounts.Listed != 155 || s.Regimes[0].CellCounts.Listed != 310 {
		t.Errorf("XA stands for nobody real and is counted apart: %+v and %+v", s.Regimes[0].StateCounts, apart)
	}
	all := v.DateConflicts(ConflictQuery{})
	if all.Total != s.Conflicts || all.Total == 0 {
		t.Errorf("%d conflicts, the summary says %d", all.Total, s.Conflicts)
	}
	seen := 0
	q := ConflictQuery{Page: Page{Limit: 1}}
	for {
		p := v.DateConflicts(q)
		seen += len(p.Conflicts)
		if p.Next == "" {
			break
		}
		q.Cursor = p.Next
	}
	if seen != all.Total {
		t.Errorf("%d conflicts over pages, want %d", seen, all.Total)
	}
}

func TestThirdCountryAnswers(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "CN", "US"})
	stop := domain.InterdictionExecuted{Outcome: "inspected", Concerning: []domain.Country{"CN"}, FlagClaimed: "unknown", Subject: domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "A SHIP"}}}}
	stop.OccurredOn, stop.Confidence = "2018-01-01", "alleged"
	a := j.add("JP/coast-guard", stop)
	j.add("US/navy", stop)
	j.dispute("CN/mfa", a)
	ref := j.ref(a)
	j.add("CN/mfa", domain.ExplanationGiven{Target: &ref, Text: domain.Text{Text: "a fishing boat"}})
	got := j.views(-1).ThirdCountry("CN", ThirdCountryQuery{Page: Page{Limit: 1}})
	if got.Total != 2 || got.Disputed != 1 || len(got.ByAsserter) != 2 || got.ByAsserter[0].Confidence != "alleged" {
		t.Errorf("total %d, disputed %d, by %+v", got.Total, got.Disputed, got.ByAsserter)
	}
	if len(got.Disputes) != 1 || len(got.Explanations) != 1 || got.Notice != AssertionsNotice || got.Next == "" {
		t.Errorf("the state's answers: %d disputes, %d explanations", len(got.Disputes), len(got.Explanations))
	}
	if got.Replies == nil || len(got.Replies) != 0 {
		t.Errorf("replies of a member: %+v", got.Replies)
	}
	next := j.views(-1).ThirdCountry("CN", ThirdCountryQuery{Page: Page{Limit: 1, Cursor: got.Next}})
	if len(next.Assertions) != 1 || next.Assertions[0].Index != a || len(next.Assertions[0].Disputes) != 1 || next.Assertions[0].Flag != "unknown" {
		t.Errorf("second page %+v", next.Assertions)
	}
}

// A state's own words are no assertions by others, and others' no words of its own.
func TestThirdCountryLeavesOutItsOwnWords(t *testing.T) {
	j := given([]domain.Country{"RU", "US"})
	j.add("RU/mfa", oil("RU", "notified", "1", "bbl", "2020-01", "2020-01"))
	j.add(transcriber, oil("RU", "notified", "2", "bbl", "2020-02", "2020-02"))
	alleged := j.add("US/state", oil("RU", "alleged", "3", "bbl", "2020-03", "2020-03"))
	got := j.views(-1).ThirdCountry("RU", ThirdCountryQuery{})
	if got.Total != 1 || len(got.ByAsserter) != 1 || got.Assertions[0].Index != alleged {
		t.Errorf("of RU %d things are asserted: %+v", got.Total, got.ByAsserter)
	}
}

// What a state that is no member said stands beside what is asserted of it, from
// the day on which it said so.
func TestThirdCountryReplies(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	stop := domain.InterdictionExecuted{Outcome: "inspected", Concerning: []domain.Country{"CN"}, Subject: domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "A SHIP"}}}}
	stop.OccurredOn, stop.Confidence = "2018-01-01", "alleged"
	ref := j.ref(j.add("JP/coast-guard", stop))
	reply := domain.ReplyRecorded{State: "CN", Author: "Foreign ministry", Target: &ref, Text: domain.Text{Text: "A fishing boat."}}
	reply.PublishedOn = "2018-02-01"
	at := j.add("JP/coast-guard", reply)
	other := reply
	other.State = "RU"
	j.add("JP/coast-guard", other)
	invented := reply
	invented.Illustrative = true
	j.add("XA/desk", invented)
	got := j.views(-1).ThirdCountry("CN", ThirdCountryQuery{}).Replies
	if len(got) != 1 || got[0].Index != at || got[0].Author != "Foreign ministry" || got[0].Text != "A fishing boat." || got[0].Target == nil || *got[0].Target != ref.Index {
		t.Errorf("got %+v", got)
	}
	for name, q := range map[string]Query{"on an earlier day": {On: "2018-01-15"}, "as known before": {AsOf: &ref.Index}} {
		if got := j.views(-1).ThirdCountry("CN", ThirdCountryQuery{Query: q}).Replies; len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What the record holds is counted whatever the day, and the notice says so; a
// state's page says what recorded means.
func TestNoticesSayWhatTheDayBounds(t *testing.T) {
	j := given([]domain.Country{"JP"})
	j.add(transcriber, listing("UN", "1", "person", "P", "2017-01-01"))
	v := j.views(-1)
	s := v.Summary(theDay("1990-01-01"))
	if s.Events["designation.adopted"] != 1 || s.Regimes[0].Listed != 0 || !strings.Contains(s.Notice, "whatever the day (on)") {
		t.Errorf("summary %+v", s)
	}
	if c := mustCompliance(t, v, "JP", theDay("1990-01-01")); c.Recorded || !strings.Contains(c.Notice, "recorded is false where") {
		t.Errorf("recorded %v: %s", c.Recorded, c.Notice)
	}
}
