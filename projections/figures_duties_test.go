package projections

import (
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func matter(on domain.Date) domain.Matter {
	return domain.Matter{Common: domain.Common{OccurredOn: on, Confidence: "confirmed"}, Scope: domain.Scope{Regime: "UN-DPRK"}}
}

func vesselOf(imo string) domain.Subject {
	return domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "SHIP " + imo}}, Identifiers: []domain.Identifier{{Scheme: "imo", Value: imo}}}
}

// Freezes of three ships: one banned from ports as well, under another list's
// entry of the same IMO number; one declared not banned; one of which nothing
// is recorded.
func TestMeasureGap(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"}, "US")
	ship := func(authority domain.Country, ref, imo string, measures ...string) string {
		b := listing(authority, ref, "vessel", "A SHIP", "2017-01-01")
		b.Subject, b.Measures = vesselOf(imo), measures
		j.add(transcriber, b)
		return b.Designation
	}
	one := ship("UN", "V.1", "9159787", "asset_freeze")
	ship("US", "V.9", "9159787", "asset_freeze", "port_entry_ban")
	two := ship("UN", "V.2", "9000003", "asset_freeze")
	ship("UN", "V.3", "9000015", "port_entry_ban")
	for _, id := range []string{one, two} {
		b := transposed("JP", id, "2017-02-01")
		b.Measures = []string{"asset_freeze"}
		j.add("JP/mof", b)
	}
	v := j.views(-1)
	f := figureOf(t, v, "JP", "differences.measures.port_entry_ban", theDay("2018-01-01"))
	if *f.Count != 2 || *f.Of != 2 || f.Events.Total != 2 || f.Details[0].State != CellNotRecorded || f.Details[0].What != "imo 9159787" && f.Details[0].What != "imo 9000003" {
		t.Errorf("%q, %+v", f.Text, f.Details)
	}
	us := figureOf(t, v, "US", "differences.measures.port_entry_ban", theDay("2018-01-01"))
	if *us.Count != 0 || *us.Of != 1 {
		t.Errorf("the ship that the US froze and banned: %q", us.Text)
	}
	if us := figureOf(t, v, "US", "differences.measures.deflag", theDay("2018-01-01")); *us.Count != 1 {
		t.Errorf("not struck off: %q", us.Text)
	}
	none := declared("JP", domain.ModeNotInForce, "vessel")
	none.Measures = []string{"port_entry_ban"}
	j.add("JP/mof", none)
	if f := figureOf(t, j.views(-1), "JP", "differences.measures.port_entry_ban", theDay("2018-01-01")); f.Details[0].State != CellNotInForce || !strings.Contains(f.Formula, "2 of them declared not in force") {
		t.Errorf("by its own word: %+v", f.Details)
	}
	ban := declared("JP", domain.ModeGeneralProhibition, "vessel")
	ban.Measures, ban.ValidFrom = []string{"port_entry_ban"}, "2018-01-01"
	j.add("JP/mof", ban)
	v = j.views(-1)
	if f := figureOf(t, v, "JP", "differences.measures.port_entry_ban", theDay("2018-01-01")); *f.Count != 0 {
		t.Errorf("under a ban of all such ships: %q", f.Text)
	}
	if f := figureOf(t, v, "JP", "differences.measures.port_entry_ban", theDay("2017-12-31")); *f.Count != 2 {
		t.Errorf("the day before the ban: %q", f.Text)
	}
}

func TestFlagHopping(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"})
	change := func(by domain.AgencyID, imo, from, to string, on domain.Date) uint64 {
		return j.add(by, domain.VesselIdentityChanged{Matter: matter(on), IMO: imo, Old: domain.VesselIdentity{Flag: from}, New: domain.VesselIdentity{Flag: to}})
	}
	change("JP/coast", "9159787", "PA", "TG", "2016-01-01") // before the 24 months
	change("JP/coast", "9159787", "TG", "KM", "2017-06-01")
	twice := change("JP/coast", "9159787", "KM", "US", "2018-01-01")
	change("US/coast", "9159787", "KM", "US", "2018-01-01") // the same change
	change("JP/coast", "9159787", "US", "unknown", "2018-09-01")
	change("JP/coast", "9000003", "PA", "TG", "2018-02-01") // not this registry's
	q := theDay("2018-06-30")
	f := figureOf(t, j.views(-1), "US", "activity.flag_changes", q)
	if *f.Count != 2 || f.Events.Total != 3 || len(f.Details) != 1 || f.Details[0].What != "imo 9159787" {
		t.Errorf("%q from %d events, %+v", f.Text, f.Events.Total, f.Details)
	}
	change("JP/coast", "9159787", "unknown", "false", "2018-10-01") // no longer its flag
	if f := figureOf(t, j.views(-1), "US", "activity.flag_changes", theDay("2018-12-31")); *f.Count != 3 || f.Events.Total != 4 {
		t.Errorf("after the ship had left: %q from %d", f.Text, f.Events.Total)
	}
	j.withdraw(twice)
	if f := figureOf(t, j.views(-1), "US", "activity.flag_changes", q); *f.Count != 2 || f.Events.Total != 2 {
		t.Errorf("one of two reports withdrawn: %q from %d", f.Text, f.Events.Total)
	}
	if f := figureOf(t, j.views(-1), "US", "activity.flag_changes", Query{}); f.NotEnoughData == "" {
		t.Errorf("without a day: %q", f.Text)
	}
	if f := figureOf(t, j.views(-1), "US", "activity.flag_changes", theDay("2016-06-30")); f.NotEnoughData == "" {
		t.Errorf("before: %q", f.Text)
	}
}

func TestResponseToOrders(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "JP"})
	struck := func(ordered, done domain.Date) {
		b := domain.VesselDeregistered{Flag: "US"}
		b.Matter, b.Vessel = matter(done), vesselOf("9159787")
		if ordered != "" {
			b.Order = &domain.Order{RequestedBy: "the Committee", OrderedOn: ordered}
		}
		j.add("US/coast", b)
	}
	struck("2018-01-01", "2018-01-11")
	struck("2018-01-01", "2018-01-31")
	struck("", "2018-02-01")
	denied := domain.PortEntryDenied{}
	denied.Matter, denied.Order = matter("2018-03-04"), &domain.Order{RequestedBy: "the Committee", OrderedOn: "2018-03-01"}
	j.add("US/coast", denied)
	v := j.views(-1)
	if f := figureOf(t, v, "US", "duties.response.deflag", Query{}); *f.Count != 10 || f.Events.Total != 2 || !strings.Contains(f.Formula, "1 more name no order") {
		t.Errorf("deflag %q: %s", f.Text, f.Formula)
	}
	if f := figureOf(t, v, "US", "duties.response.port_denial", Query{}); *f.Count != 3 {
		t.Errorf("port denial %q", f.Text)
	}
	if _, ok := v.Figure("US", "duties.response.port_denial", theDay("2018-03-01")); ok {
		t.Error("an act of the future counts")
	}
}

func TestFreezeLatency(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	for _, ref := range []string{"1", "2", "3"} {
		j.add(transcriber, listing("UN", ref, "entity", "NAME", "2018-01-01"))
	}
	j.add("JP/mof", transposed("JP", "UN:1", "2018-01-10"))
	frozen := func(on domain.Date, ids ...string) {
		b := domain.AssetFrozen{AssetKind: "account", Designations: ids}
		b.OccurredOn = on
		j.add("JP/mof", b)
	}
	frozen("2018-02-01", "UN:1")
	frozen("2018-01-15", "UN:1", "UN:2") // 5 from its own act, 14 from the listing
	frozen("2017-12-01", "UN:3")
	f := figureOf(t, j.views(-1), "JP", "activity.freeze_latency", Query{})
	if *f.Count != 5 || !strings.Contains(f.Formula, "median over 2, p90 14") || !strings.Contains(f.Formula, "1 freezes came before") {
		t.Errorf("%q: %s", f.Text, f.Formula)
	}
}

func TestWorkers(t *testing.T) {
	j := given([]domain.Country{"US", "XA"})
	remain := func(n int64) *int64 { return &n }
	told := func(home bool, sector string, n, to int64, left *int64, from, until domain.Date) uint64 {
		w := domain.Workforce{Host: "US", Origin: "KP", Sector: sector, Count: n, CountTo: to, Remaining: left, Period: domain.Period{From: from, To: until}}
		if home {
			return j.add("US/labor", domain.WorkersRepatriated{Workforce: w})
		}
		return j.add("US/labor", domain.WorkersReported{Workforce: w})
	}
	told(false, "fishing", 120, 150, nil, "2018-01", "2018-06")
	told(true, "fishing", 70, 0, remain(50), "2018-07", "2018-12")
	told(true, "fishing", 30, 0, nil, "2018-10", "2018-11") // within the half year above
	last := told(true, "fishing", 20, 0, nil, "2019-01", "2019-03")
	told(false, "textiles", 10, 12, nil, "2018-01", "2018-03")
	v := j.views(-1)
	f := figureOf(t, v, "US", "duties.workers.remaining", theDay("2019-12-31"))
	if *f.Count != 60 || f.Events.Total != 2 || !strings.Contains(f.Formula, "at their upper 62") || !strings.Contains(f.Formula, "of 1 workplaces a newer") {
		t.Errorf("remaining %q: %s", f.Text, f.Formula)
	}
	if f := figureOf(t, v, "US", "duties.workers.remaining", theDay("2018-06-30")); *f.Count != 130 {
		t.Errorf("in June 2018 %q", f.Text)
	}
	if f := figureOf(t, v, "US", "duties.workers.repatriated", theDay("2019-12-31")); *f.Count != 90 || f.Events.Total != 2 || !strings.Contains(f.Formula, "1 statements over the same days") {
		t.Errorf("sent home %q: %s", f.Text, f.Formula)
	}
	j.withdraw(last)
	if f := figureOf(t, j.views(-1), "US", "duties.workers.repatriated", theDay("2019-12-31")); *f.Count != 70 {
		t.Errorf("one withdrawn %q", f.Text)
	}
	if f := figureOf(t, j.views(-1), "XA", "duties.workers", Query{}); f.NotEnoughData == "" {
		t.Errorf("where no number is recorded: %q", f.Text)
	}
}

func TestJointVentures(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "JP"})
	venture := func(deadline domain.Date, approval string) uint64 {
		b := domain.JointVentureReported{Country: "US", Parties: []domain.Subject{vesselOf("9159787")}, Deadline: deadline, Approval: approval}
		b.Regime = "UN-DPRK"
		return j.add("US/trade", b)
	}
	first := venture("2018-01-09", "")
	venture("2018-01-09", "Committee 12")
	venture("2018-01-09", "")
	venture("", "") // under the duty to close, if there is one
	closed := domain.JointVentureClosed{Closure: domain.Closure{Country: "US"}}
	closed.OccurredOn = "2018-02-01"
	ref := j.ref(first)
	closed.Venture = &ref
	end := j.add("US/trade", closed)
	count := func(j *journal, day domain.Date) [2]int {
		f := figureOf(t, j.views(-1), "US", "duties.joint_ventures", theDay(day))
		return [2]int{*f.Count, *f.Of}
	}
	for day, want := range map[domain.Date][2]int{"2018-01-09": {0, 2}, "2018-01-10": {2, 2}, "2018-02-01": {1, 2}} {
		if got := count(j, day); got != want {
			t.Errorf("open past their deadline on %s: %v, want %v", day, got, want)
		}
	}
	j.add(transcriber, duty("CLOSE", "joint_venture_closure", "all", domain.Trigger{Kind: "date", On: "2017-09-11"}, 120))
	if got := count(j, "2018-02-01"); got != [2]int{2, 3} {
		t.Errorf("with a duty to close by 9 January 2018: %v", got)
	}
	if f := figureOf(t, j.views(-1), "US", "duties.joint_ventures", theDay("2018-02-01")); f.Label != UncheckedLabel {
		t.Errorf("a deadline that nobody checked is labelled %q", f.Label)
	}
	j.withdraw(end)
	if got := count(j, "2018-02-01"); got != [2]int{3, 3} {
		t.Errorf("the closing withdrawn: %v", got)
	}
	if f := figureOf(t, j.views(-1), "JP", "duties.joint_ventures", theDay("2018-02-01")); f.NotApplicable == "" {
		t.Errorf("where there is none: %q", f.Text)
	}
}

// The headline holds what was measured of the duties, and nothing else.
func TestHeadline(t *testing.T) {
	j := japan(t)
	j.add("JP/mofa", domain.ExplanationGiven{Figure: "duties.transposition.UN-DPRK", Text: domain.Text{Text: "The next notice is being prepared."}})
	j.dispute("US/state", 200)
	got := mustCompliance(t, j.views(-1), "JP", Query{On: "2017-06-05"}).Headline
	want := "UN designations transposed under UN-DPRK: 81 of 99 designations"
	if len(got) == 0 || !strings.HasPrefix(got[0].Sentence, want) || got[0].Transcribed != 81 || got[0].Signed != 0 || len(got[0].Explanations) != 1 || !strings.HasSuffix(got[0].Sentence, "The state explains: The next notice is being prepared.") {
		t.Fatalf("headline %+v, want it to begin %q", got[0], want)
	}
	allowed := []int{0, 1, 2, 3, 8, 9, 10, 13, 16, 17, 18, 19, 27}
	for _, h := range got {
		if !slices.Contains(allowed, h.Indicator) {
			t.Errorf("indicator %d stands in the headline", h.Indicator)
		}
		if h.Indicator > 0 && h.Formula == "" {
			t.Errorf("%q has no formula", h.Sentence)
		}
	}
}

func TestModesByMeasure(t *testing.T) {
	j := given([]domain.Country{"CA", "XA"})
	travel := declared("CA", domain.ModeOwnAct)
	travel.Measures = []string{"travel_ban"}
	j.add("CA/gac", travel)
	f := figureOf(t, j.views(-1), "CA", "duties.modes.UN-DPRK", Query{})
	if f.Text != "1 of 2 measures" || f.Details[0].State != CellNotRecorded || f.Details[1].State != domain.ModeOwnAct {
		t.Errorf("%q, %+v", f.Text, f.Details)
	}
	if f := figureOf(t, j.views(-1), "XA", "duties.modes.UN-DPRK", Query{}); f.NotEnoughData == "" || f.Count != nil {
		t.Errorf("of who declared nothing: %q", f.Text)
	}
}
