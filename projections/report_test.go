package projections

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// quarter is a journal with one quarter in its middle, and that quarter's
// bounds: events before it, and the last in it.
func quarter() (j *journal, from, to uint64) {
	j = given([]domain.Country{"JP", "US", "DE", "EU"})
	old := j.add(transcriber, listing("UN", "1", "entity", "OLD ONE", "2017-01-01"))
	j.add(transcriber, listing("UN", "2", "entity", "OLD TWO", "2017-01-01"))
	frozen := domain.AssetFrozen{AssetKind: "account", Amount: &domain.Money{Amount: "100", Currency: "USD"}}
	frozen.OccurredOn = "2018-01-01"
	first := j.add("US/treasury", frozen)
	slip := j.add("JP/mof", transposed("JP", "UN:1", "2017-02-01"))
	from = uint64(len(j.facts))

	j.add(transcriber, listing("UN", "3", "vessel", "NEW <b>SHIP</b>", "2020-01-05"))
	wrong := j.add(transcriber, listing("UN", "4", "vessel", "A MISTAKE", "2020-01-05"))
	j.withdraw(wrong)
	j.add(transcriber, domain.DesignationRemoved{Designation: "UN:2", RemovedOn: "2020-01-06", Reason: "delisted"})
	j.add(transcriber, domain.DesignationAmended{Designation: "UN:1", AmendedOn: "2020-01-07", Measures: []string{"travel_ban"}})
	j.add("EU/council", transposed("EU", "UN:3", "2020-01-20"))
	j.add("DE/bafa", transposed("DE", "UN:3", "2020-01-21"))
	us := j.add("US/treasury", transposed("US", "UN:3", "2020-01-08"))
	frozen.Amount = &domain.Money{Amount: "50.5", Currency: "USD"}
	second := j.add("US/treasury", frozen)
	frozen.Amount = &domain.Money{Amount: "9", Currency: "EUR"}
	j.add("DE/zoll", frozen)
	release := domain.AssetUnfrozen{Freeze: j.ref(first), Amount: &domain.Money{Amount: "40", Currency: "USD"}, Reason: "licence"}
	release.OccurredOn = "2020-02-01"
	j.add("US/treasury", release)
	j.add("JP/mof", violation("2018-03-05", []string{"asset_freeze"}, "UN:1"))
	j.add("JP/mof", violation("2018-03-06", []string{"asset_freeze"}, "UN:1"))
	j.add(transcriber, exemption("C/1", "2018-03-06", "2018-03-06", []string{"asset_freeze"}, "UN:1"))
	d := j.dispute("US/state", slip)
	j.add("US/state", domain.DisputeClosed{Dispute: j.ref(d), Outcome: "resolved"})
	j.dispute("JP/mof", us)
	ref := j.ref(us)
	j.add("US/state", domain.ExplanationGiven{Target: &ref, Text: domain.Text{Text: "as <script>alert(1)</script> says", Language: "en"}})
	j.correct(old, listing("UN", "1", "entity", "OLD ONE, CORRECTED", "2017-01-01"))
	j.add(transcriber, domain.ListImported{Source: "UN-SC", SHA256: domain.Hash{1}, Entries: 3, Counts: domain.ImportCounts{New: 1, Unchanged: 2}, ParserVersion: "1"})
	to = uint64(len(j.facts) - 1)

	j.withdraw(second)
	j.dispute("JP/mof", from)
	return j, from, to
}

func changesOf(s ReportSection) map[string]string {
	out := map[string]string{}
	for _, c := range s.Changes {
		out[c.Key] = c.Text
	}
	return out
}

func sectionOf(t testing.TB, r Report, c domain.Country) ReportSection {
	t.Helper()
	for _, s := range r.Members {
		if s.Country == c {
			return s
		}
	}
	t.Fatalf("no section of %s", c)
	return ReportSection{}
}

func TestQuarterByHand(t *testing.T) {
	j, from, to := quarter()
	r := j.views(-1).Changes(from, to)
	for name, c := range map[string]struct {
		section ReportSection
		want    map[string]string
	}{
		"coalition": {r.Coalition, map[string]string{
			"designations_new": "1", "designations_removed": "1", "designations_amended": "1",
			"transpositions": "2, of which 1 disputed", // the EU and Germany once
			"freezes":        "3", "violations": "1", "permissions": "1", "disputes_raised": "2", "disputes_closed": "1", "explanations": "1",
			"corrections": "1", "withdrawals": "1", "sources": "1",
		}},
		"UN": {sectionOf(t, r, "UN"), map[string]string{"designations_new": "1", "designations_removed": "1", "designations_amended": "1", "permissions": "1"}}, // the Committee's
		"US": {sectionOf(t, r, "US"), map[string]string{
			"transpositions": "1, of which 1 disputed", "freezes": "2", "disputes_raised": "1", "disputes_closed": "1", "explanations": "1",
		}},
		"JP": {sectionOf(t, r, "JP"), map[string]string{"violations": "1", "disputes_raised": "1"}},
		"DE": {sectionOf(t, r, "DE"), map[string]string{"transpositions": "1", "freezes": "1"}},
	} {
		if diff := cmp.Diff(c.want, changesOf(c.section)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := sectionOf(t, r, "JP").Changes[0]; got.Covered != 1 || len(got.Entries) != 2 {
		t.Errorf("violations: %d covered, %d told; want 1 of 2", got.Covered, len(got.Entries))
	}
	money := func(s ReportSection) []string {
		out := []string{}
		for _, m := range s.Frozen {
			out = append(out, m.Band+" "+m.Currency+" "+m.Before+" "+m.After)
		}
		return out
	}
	if diff := cmp.Diff([]string{"stated EUR 0 9", "stated USD 100 110.5"}, money(r.Coalition)); diff != "" {
		t.Errorf("frozen (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"stated USD 100 110.5"}, money(sectionOf(t, r, "US"))); diff != "" {
		t.Errorf("frozen by the US (-want +got):\n%s", diff)
	}
	if l := r.Lists[0]; l.Before != (ListCounts{Listed: 2}) || l.After != (ListCounts{Listed: 2, Removed: 1}) {
		t.Errorf("list %+v", l)
	}
	if s := sectionOf(t, r, "XA").Sources; len(s) != 1 || s[0].Entries != 3 {
		t.Errorf("sources %+v", s)
	}
	if e := sectionOf(t, r, "US").Explanations; len(e) != 1 || e[0].Text != "as <script>alert(1)</script> says" {
		t.Errorf("explanations %+v", e)
	}
	if r.From.Size != from || *r.To.Index != to || r.To.On != "2026-03-01" || len(r.Views) == 0 {
		t.Errorf("from %+v to %+v", r.From, r.To)
	}
}

// A report uses no fact after its end: asked later, it is the same.
func TestReportRepeats(t *testing.T) {
	j, from, to := quarter()
	if diff := cmp.Diff(j.views(int(to+1)).Changes(from, to), j.views(-1).Changes(from, to)); diff != "" {
		t.Errorf("asked when it was new, and later (-new +later):\n%s", diff)
	}
	all := j.views(-1).Changes(0, to)
	if all.From.Size != 0 || all.From.Index != nil || len(all.Coalition.Changes) == 0 {
		t.Errorf("from before genesis: %+v", all.From)
	}
	none := j.views(-1).Changes(to+1, to)
	if len(none.Members) != 0 || len(none.Coalition.Changes) != 0 || len(none.Silent) == 0 {
		t.Errorf("between a point and itself: %+v", none.Coalition)
	}
}
