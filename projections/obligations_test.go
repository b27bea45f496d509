package projections

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// duty is an obligation under the UN's regime, transcribed and unchecked.
func duty(id, kind, who string, trigger domain.Trigger, days int) domain.ObligationDefined {
	return domain.ObligationDefined{
		Obligation: id, Regime: "UN-DPRK", Kind: kind, Title: domain.Text{Text: "A duty"}, Instrument: "Resolution 1", Paragraph: "5",
		AppliesTo: domain.AppliesTo{Who: who}, Trigger: trigger, Due: domain.Due{Days: days}, Recurrence: "none", Source: domain.Checked{Note: "general knowledge"},
	}
}

func submitted(c domain.Country, id string, on domain.Date) domain.ReportSubmitted {
	return domain.ReportSubmitted{Duty: domain.Duty{Obligation: id, Member: c}, SubmittedOn: on}
}

// dutyStatuses lists what became of a state's cases of a duty.
func dutyStatuses(t *testing.T, v *Views, c domain.Country, id string, q Query) []string {
	t.Helper()
	all, ok := v.Obligations(c, q)
	if !ok {
		t.Fatalf("nothing is watched of %s", c)
	}
	out := []string{}
	for _, o := range all.Obligations {
		if o.Obligation != id {
			continue
		}
		for _, d := range o.Cases {
			out = append(out, d.Status)
		}
		if len(o.Cases) == 0 {
			out = append(out, "none: "+o.NotApplicable)
		}
	}
	return out
}

func theDay(day domain.Date) Query { return Query{On: day} }

var dated = domain.Trigger{Kind: "date", On: "2017-12-22"}

// Due 90 days after 22 December 2017: 22 March 2018.
func TestReportsDue(t *testing.T) {
	j := given([]domain.Country{"JP", "US", "XA", "DE"})
	nir := duty("NIR", "implementation_report", "all", dated, 90)
	nir.Sections = []string{"freezes", "ports", "workers"}
	j.add(transcriber, nir)
	j.add(transcriber, duty("MID", "repatriation_midterm", "all", dated, 450))
	late := submitted("JP", "NIR", "2018-03-25")
	late.Completed = []string{"freezes"}
	first := j.add("JP/mofa", late)
	more := submitted("JP", "NIR", "2018-05-01")
	more.Supplement, more.Completed = true, []string{"ports", "freezes"}
	j.add("JP/mofa", more)
	j.add(transcriber, submitted("US", "MID", "2019-01-05"))
	v := j.views(-1)
	for _, c := range []struct {
		state domain.Country
		id    string
		q     Query
		want  string
	}{
		{"JP", "NIR", theDay("2018-03-22"), DutyDue},
		{"JP", "NIR", theDay("2018-04-01"), DutyLate},
		{"JP", "NIR", Query{}, DutyLate},
		{"JP", "MID", theDay("2019-03-17"), DutyDue},
		{"JP", "MID", theDay("2019-03-18"), DutyNotRecorded}, // a report on another duty shows nothing
		{"JP", "MID", Query{}, DutyNotRecorded},              // no day, no lateness
		{"US", "NIR", theDay("2019-03-18"), DutyNotRecorded},
		{"DE", "NIR", theDay("2019-03-18"), DutyNotRecorded}, // silence
		{"DE", "NIR", theDay("2017-01-01"), "none: the day that sets this duty off has not come"},
	} {
		if got := dutyStatuses(t, v, c.state, c.id, c.q); !cmp.Equal(got, []string{c.want}) {
			t.Errorf("%s %s on %q: %q, want %q", c.state, c.id, c.q.On, got, c.want)
		}
	}
	f := figureOf(t, v, "JP", "duties.overdue.NIR", theDay("2018-04-01"))
	if f.Text != "0 of 1 reports ("+UncheckedLabel+")" || *f.Details[0].Days != 3 || f.Events.Total != 2 {
		t.Errorf("%q from %d events, %+v", f.Text, f.Events.Total, f.Details)
	}
	if f := figureOf(t, v, "JP", "duties.completeness.NIR", theDay("2018-06-01")); *f.Count != 2 || *f.Of != 3 {
		t.Errorf("completeness %q, want 2 of 3", f.Text)
	}
	if f := figureOf(t, v, "US", "duties.overdue.NIR", theDay("2018-04-01")); f.NotEnoughData == "" || f.Count != nil {
		t.Errorf("of who reported on another duty alone %q", f.Text)
	}
	if f := figureOf(t, v, "DE", "duties.overdue.NIR", theDay("2018-04-01")); f.NotEnoughData == "" || f.Count != nil {
		t.Errorf("of a silent state %q", f.Text)
	}
	late.SubmittedOn = "2018-03-20"
	j.correct(first, late)
	if got := dutyStatuses(t, j.views(-1), "JP", "NIR", theDay("2018-04-01")); got[0] != DutySubmitted {
		t.Errorf("corrected to be in time: %q", got)
	}
	if got := dutyStatuses(t, j.views(-1), "JP", "NIR", Query{AsOf: &first, On: "2018-04-01"}); got[0] != DutyLate {
		t.Errorf("as known before the correction: %q", got)
	}
	j.withdraw(first)
	if got := dutyStatuses(t, j.views(-1), "JP", "NIR", theDay("2018-06-01")); got[0] != DutyOverdue {
		t.Errorf("withdrawn, with a supplement left: %q", got)
	}
}

// Only what is recorded of the very duty makes silence on it count, and the case
// names it.
func TestWhatShowsThatADutyIsFollowed(t *testing.T) {
	of := func(id string) domain.Duty { return domain.Duty{Obligation: id, Member: "JP"} }
	partial := submitted("JP", "NIR", "2018-02-01")
	partial.Supplement = true
	explained := domain.ExplanationGiven{Figure: "duties.overdue.NIR", Text: domain.Text{Text: "It is being translated."}}
	ofAnother := explained
	ofAnother.Figure = "duties.overdue.OTHER-NIR"
	for name, c := range map[string]struct {
		body domain.Body
		want string
	}{
		"a declaration on another duty": {domain.InapplicabilityDeclared{Duty: of("MID"), Reason: domain.Text{Text: "no workers"}}, DutyNotRecorded},
		"a report on another duty":      {submitted("JP", "MID", "2018-02-01"), DutyNotRecorded},
		"an extension of another duty":  {domain.ExtensionGranted{Duty: of("MID"), Until: "2019-12-31"}, DutyNotRecorded},
		"an explanation of another":     {ofAnother, DutyNotRecorded},
		"a part of the report":          {partial, DutyOverdue},
		"an extension":                  {domain.ExtensionGranted{Duty: of("NIR"), Until: "2018-03-25"}, DutyOverdue},
		"an explanation":                {explained, DutyOverdue},
	} {
		j := given([]domain.Country{"JP"})
		j.add(transcriber, duty("NIR", "implementation_report", "all", dated, 90))
		j.add(transcriber, duty("MID", "repatriation_midterm", "all", dated, 450))
		shown := j.add("JP/mofa", c.body)
		all, _ := j.views(-1).Obligations("JP", theDay("2018-04-01"))
		got := all.Obligations[slices.IndexFunc(all.Obligations, func(o Obligation) bool { return o.Obligation == "NIR" })].Cases[0]
		if got.Status != c.want || (got.Status == DutyOverdue) != slices.Contains(got.Events, shown) {
			t.Errorf("%s: %s from %v, want %s", name, got.Status, got.Events, c.want)
		}
	}
}

// A benchmark that the coalition adopted is followed by all; the decision is
// named.
func TestBenchmarksAreFollowed(t *testing.T) {
	j := given([]domain.Country{"JP"})
	adopted := j.add(transcriber, domain.BenchmarkAdopted{ID: "B-90", Regime: "UN-DPRK", Measure: "obligation_days", Days: 90})
	b := duty("BENCH", "benchmark", "all", dated, 90)
	b.Benchmark = "B-90"
	defined := j.add(transcriber, b)
	f := figureOf(t, j.views(-1), "JP", "duties.overdue.BENCH", theDay("2018-04-01"))
	if f.Text != "1 of 1 reports ("+BenchmarkLabel+")" || !cmp.Equal(f.Details[0].Events, []uint64{adopted}) || f.Events.Total != 2 {
		t.Errorf("%q from %v and %d", f.Text, f.Details, defined)
	}
}

func TestExtensionsAndInapplicability(t *testing.T) {
	j := given([]domain.Country{"JP", "US", "XA"})
	j.add(transcriber, duty("NIR", "implementation_report", "all", dated, 90))
	j.add(transcriber, domain.ExtensionGranted{Duty: domain.Duty{Obligation: "NIR", Member: "JP"}, Until: "2018-06-30"})
	j.add("US/state", domain.InapplicabilityDeclared{Duty: domain.Duty{Obligation: "NIR", Member: "US"}, Reason: domain.Text{Text: "it binds us not"}})
	v := j.views(-1)
	for day, want := range map[domain.Date]string{"2018-06-30": DutyDue, "2018-07-01": DutyOverdue} {
		if got := dutyStatuses(t, v, "JP", "NIR", theDay(day)); got[0] != want {
			t.Errorf("extended to 30 June, on %s: %q, want %q", day, got, want)
		}
	}
	all, _ := v.Obligations("JP", theDay("2018-07-03"))
	if o := all.Obligations[0]; !o.Marks.Transcribed || o.Cases[0].Transcribed != 1 {
		t.Errorf("what the custodian transcribed is marked %+v", o.Marks)
	}
	if c := all.Obligations[0].Cases[0]; c.FirstDueOn != "2018-03-22" || c.DueOn != "2018-06-30" || *c.DaysLate != 3 || all.Obligations[0].Label != UncheckedLabel {
		t.Errorf("case %+v", c)
	}
	if f := figureOf(t, v, "US", "duties.overdue.NIR", theDay("2020-01-01")); f.NotApplicable == "" || f.Count != nil {
		t.Errorf("declared not applicable: %q", f.Text)
	}
}

// Petroleum notices bind who supplies, in the months in which it does.
func TestPetroleumNotices(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "JP"})
	notices := duty("NOTICE", "petroleum_notice", "suppliers", domain.Trigger{Kind: "period", From: "2018-01"}, 30)
	notices.Recurrence = "monthly"
	notices.Limit = &domain.Limit{Product: "refined", Amount: domain.Quantity{Amount: "1000", Unit: "bbl"}, Per: "year"}
	defined := j.add(transcriber, notices)
	supplied := func(month, notified domain.Date, status, amount, unit string) uint64 {
		b := domain.PetroleumTransferReported{
			Matter: domain.Matter{Common: domain.Common{OccurredOn: month, Confidence: "alleged"}, Scope: domain.Scope{Regime: "UN-DPRK"}}, Product: "refined", Supplier: "US",
			Quantity: domain.Quantity{Amount: amount, Unit: unit}, Period: domain.Period{From: month, To: month}, Status: status, NotifiedOn: notified,
		}
		return j.add(map[bool]domain.AgencyID{true: "US/doe", false: "JP/mofa"}[status == "notified"], b)
	}
	supplied("2018-01", "2018-03-02", "notified", "100.5", "bbl") // due on 2 March
	late := supplied("2018-03", "2018-05-02", "notified", "50", "bbl")
	supplied("2018-05", "", "alleged", "700", "bbl")
	supplied("2018-05", "", "alleged", "3", "t")
	twin := j.facts[late].Body.(domain.PetroleumTransferReported) // the custodian copied what the supplier signed
	j.add(transcriber, twin)
	twin.Status, twin.Quantity.Amount = "alleged", "900"
	j.add("XA/desk", twin) // another asserter
	v := j.views(-1)
	if got := dutyStatuses(t, v, "US", "NOTICE", theDay("2018-12-31")); !cmp.Equal(got, []string{DutySubmitted, DutyLate, DutyAsserted}) {
		t.Errorf("notices %q", got)
	}
	if f := figureOf(t, v, "US", "duties.petroleum_notices.NOTICE", theDay("2018-12-31")); *f.Count != 1 || *f.Of != 2 || f.Label != UncheckedLabel {
		t.Errorf("punctuality %q", f.Text)
	}
	if f := figureOf(t, v, "JP", "duties.petroleum_notices.NOTICE", theDay("2018-12-31")); f.NotApplicable == "" {
		t.Errorf("of who supplied nothing: %q", f.Text)
	}
	for path, want := range map[string]string{
		"2018.refined.notified.UN-DPRK": "150.5 of 1000 bbl (" + UncheckedLabel + ")", "2018.refined.alleged.JP.UN-DPRK": "700 of 1000 bbl (" + UncheckedLabel + ")",
		"2018.refined.alleged.JP.UN-DPRK.t": "3 t", "2018.refined.alleged.XA.UN-DPRK": "900 of 1000 bbl (" + UncheckedLabel + ")",
	} {
		if f := figureOf(t, v, "US", "duties.petroleum_cap."+path, theDay("2018-12-31")); f.Text != want {
			t.Errorf("%s: %q, want %q", path, f.Text, want)
		}
	}
	if f := figureOf(t, v, "US", "duties.petroleum_cap.2018.refined.notified.UN-DPRK", theDay("2018-03-15")); f.Value != "100.5" {
		t.Errorf("in March 2018: %s", f.Value)
	}
	if f := figureOf(t, v, "US", "duties.petroleum_cap", theDay("2018-03-01")); f.NotEnoughData == "" { // it was notified on the next day
		t.Errorf("before it was notified: %q", f.Text)
	}
	j.withdraw(late)
	j.withdraw(late + 3) // the copy
	j.withdraw(defined)
	f := figureOf(t, j.views(-1), "US", "duties.petroleum_cap.2018.refined.notified.UN-DPRK", theDay("2018-12-31"))
	if f.Value != "100.5" || f.OfValue != "" {
		t.Errorf("without the duty that names the cap: %q of %q", f.Value, f.OfValue)
	}
	j.dispute("JP/mofa", 3)
	if f := figureOf(t, j.views(-1), "US", "duties.petroleum_cap.2018.refined.notified.UN-DPRK", theDay("2018-12-31")); f.Disputed != 1 {
		t.Errorf("disputed: %q", f.Text)
	}
}

// At the calendar's end no period comes twice, and nothing is due before it was
// set off.
func TestDutiesAtTheEndOfTheCalendar(t *testing.T) {
	j := given([]domain.Country{"US"})
	notices := duty("NOTICE", "petroleum_notice", "suppliers", domain.Trigger{Kind: "period", From: "2018-01"}, 30)
	notices.Recurrence = "monthly"
	j.add(transcriber, notices)
	yearly := duty("YEARLY", "implementation_report", "all", domain.Trigger{Kind: "period", From: "9998-05"}, 30)
	yearly.Recurrence = "yearly"
	j.add(transcriber, yearly)
	for _, month := range []domain.Date{"2018-01", "2018-03", "9999-12"} {
		j.add("US/doe", domain.PetroleumTransferReported{
			Matter: domain.Matter{Scope: domain.Scope{Regime: "UN-DPRK"}}, Product: "refined", Supplier: "US",
			Quantity: domain.Quantity{Amount: "1", Unit: "bbl"}, Period: domain.Period{From: month, To: month}, Status: "notified",
		})
	}
	v := j.views(-1)
	for day, want := range map[domain.Date][]string{"9999-12-30": {DutyOverdue, DutyOverdue}, endOfDates: {DutyOverdue, DutyOverdue, DutyDue}} {
		if got := dutyStatuses(t, v, "US", "NOTICE", theDay(day)); !cmp.Equal(got, want) {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
	if got := dutyStatuses(t, v, "US", "YEARLY", theDay(endOfDates)); !cmp.Equal(got, []string{DutyNotRecorded, DutyDue}) {
		t.Errorf("yearly %q", got)
	}
}

func TestInspectionsFollowedUp(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	j.add(transcriber, duty("FOLLOW", "inspection_followup", "inspectors", domain.Trigger{Kind: "event", Events: []string{"vessel.inspected"}}, 30))
	inspected := func(day, reported domain.Date) uint64 {
		b := domain.VesselInspected{Act: domain.Act{Matter: domain.Matter{Common: domain.Common{OccurredOn: day}, Scope: domain.Scope{Regime: "UN-DPRK"}}}, ReportedOn: reported}
		return j.add("JP/coast", b)
	}
	inspected("2018-01-01", "2018-01-11") // 10 days
	second := inspected("2018-02-01", "")
	ref := j.ref(second)
	report := submitted("JP", "FOLLOW", "2018-03-13") // 40 days
	report.Trigger = &ref
	j.add("JP/coast", report)
	inspected("2018-06-01", "")
	v := j.views(-1)
	if got := dutyStatuses(t, v, "JP", "FOLLOW", theDay("2018-06-30")); !cmp.Equal(got, []string{DutySubmitted, DutyLate, DutyDue}) {
		t.Errorf("follow-ups %q", got)
	}
	if got := dutyStatuses(t, v, "JP", "FOLLOW", theDay("2018-07-02")); got[2] != DutyOverdue { // its own inspection set it off
		t.Errorf("after 30 days %q", got)
	}
	if f := figureOf(t, v, "JP", "duties.followup", theDay("2018-07-02")); *f.Count != 10 || f.Events.Total != 2 {
		t.Errorf("median %q from %d", f.Text, f.Events.Total)
	}
	if f := figureOf(t, v, "JP", "duties.followup_overdue.FOLLOW", theDay("2018-07-02")); *f.Count != 1 || *f.Of != 3 {
		t.Errorf("overdue %q", f.Text)
	}
	if got := dutyStatuses(t, v, "XA", "FOLLOW", theDay("2018-07-02")); len(got) != 1 || !slices.Contains(got, "none: nothing that sets this duty off is recorded of this state") {
		t.Errorf("of who inspected nothing %q", got)
	}
}

// A regime's duties bind whom its authority can bind.
func TestWhomDutiesBind(t *testing.T) {
	j := given([]domain.Country{"US", "DE", "EU", "XA"}, "EU", "US")
	for _, regime := range []string{"EU-DPRK", "US-DPRK", "UN-DPRK"} {
		b := duty("D-"+regime, "implementation_report", "all", dated, 90)
		b.Regime = regime
		j.add(transcriber, b)
	}
	named := duty("D-NAMED", "implementation_report", "named", dated, 90)
	named.AppliesTo.States = []domain.Country{"DE"}
	j.add(transcriber, named)
	made := duty("D-MADE", "implementation_report", "all", dated, 90)
	made.Illustrative = true
	j.add(transcriber, made)
	for c, want := range map[domain.Country][]string{
		"US": {"D-UN-DPRK", "D-US-DPRK"}, "DE": {"D-EU-DPRK", "D-NAMED", "D-UN-DPRK"}, "EU": {"D-EU-DPRK", "D-UN-DPRK"}, "XA": {"D-MADE", "D-UN-DPRK"},
	} {
		all, _ := j.views(-1).Obligations(c, theDay("2018-01-01"))
		got := []string{}
		for _, o := range all.Obligations {
			got = append(got, o.Obligation)
		}
		if !cmp.Equal(got, want) {
			t.Errorf("%s owes %q, want %q", c, got, want)
		}
	}
}
