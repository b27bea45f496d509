package projections

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// oneCase is a case of XA with XB and XC, worked out by hand below.
type oneCase struct {
	*journal
	report, opening, toB, toC, partial, complete, act, closing uint64
}

func inCase(id string, on domain.Date) domain.Common {
	return domain.Common{Case: id, OccurredOn: on, Illustrative: true}
}

func givenCase() oneCase {
	c := oneCase{journal: given([]domain.Country{"XA", "XB", "XC"})}
	report := domain.ViolationReported{Common: domain.Common{OccurredOn: "2026-01-02", Confidence: "probable", Illustrative: true}, Category: "coal_export"}
	report.Regime, report.Concerning = "UN-DPRK", []domain.Country{"XE"}
	c.report = c.add("XB/coast", report) // names no case: the opening names it
	opening := domain.CaseOpened{Common: inCase("C-1", "2026-01-10"), Title: domain.Text{Text: "A ship", Language: "en"}, Members: []domain.Country{"XC"}}
	opening.Violations, opening.Handling = []domain.Ref{c.ref(c.report)}, "TLP:AMBER"
	c.opening = c.add("XA/mof", opening)
	c.toB = c.add("XA/mof", domain.InformationRequested{Common: inCase("C-1", "2026-01-11"), ToMember: "XB", DueOn: "2026-02-01", Questions: []domain.Text{{Text: "Who?"}}})
	c.toC = c.add("XA/mof", domain.InformationRequested{Common: inCase("C-1", "2026-01-12"), ToMember: "XC", DueOn: "2026-01"})
	answer := domain.InformationAnswered{Common: domain.Common{OccurredOn: "2026-02-04", Illustrative: true}, Request: c.ref(c.toB), Answer: "partial", Text: domain.Text{Text: "Some."}}
	answer.Sealed = make([]domain.Sealed, 2)
	c.partial = c.add("XB/coast", answer)
	answer.Answer, answer.OccurredOn, answer.Sealed = "complete", "2026-02-11", nil
	c.complete = c.add("XB/coast", answer)
	act := domain.InterdictionExecuted{Common: inCase("C-1", "2026-02-12"), Outcome: "detained", Subject: ship()}
	c.act = c.add("XC/coast", act)
	c.closing = c.add("XA/mof", domain.CaseClosed{Common: inCase("C-1", "2026-02-20"), Outcome: "substantiated", Actions: []domain.Ref{c.ref(c.act)}, Text: &domain.Text{Text: "Done."}})
	return c
}

func (c oneCase) file(t *testing.T, q Query) CaseDetail {
	t.Helper()
	f, ok := c.views(-1).CaseFile("C-1", CaseQuery{Query: q})
	if !ok {
		t.Fatal("no such case")
	}
	return f.Case
}

// counts are violations, requests, open, answered, refused, overdue, actions, events.
func counts(c CaseCounts) [8]int {
	return [8]int{c.Violations.Count, c.Requests.Count, c.Open.Count, c.Answered.Count, c.Refused.Count, c.Overdue.Count, c.Actions.Count, c.Events.Count}
}

func TestACaseOnEachDay(t *testing.T) {
	c := givenCase()
	for _, w := range []struct {
		on     domain.Date
		state  string
		age    int
		due    domain.Date
		since  domain.Date
		counts [8]int
	}{
		{"2026-01-11", CaseOpen, 1, "2026-02-01", "", [8]int{1, 1, 1, 0, 0, 0, 0, 3}},
		{"2026-01-31", CaseOpen, 21, "2026-01", "", [8]int{1, 2, 2, 0, 0, 0, 0, 4}}, // due within January: late from February on
		{"2026-02-01", CaseOpen, 22, "2026-02-01", "2026-01", [8]int{1, 2, 2, 0, 0, 1, 0, 4}},
		{"2026-02-05", CaseOpen, 26, "", "2026-01", [8]int{1, 2, 2, 0, 0, 2, 0, 5}}, // a partial answer leaves it open
		{"2026-02-12", CaseOpen, 33, "", "2026-01", [8]int{1, 2, 1, 1, 0, 1, 1, 7}},
		{"2026-03-30", CaseClosed, 41, "", "2026-01", [8]int{1, 2, 1, 1, 0, 1, 1, 8}},
		{"", CaseClosed, 41, "2026-01", "", [8]int{1, 2, 1, 1, 0, 0, 1, 8}}, // no day: nothing is overdue
	} {
		got := c.file(t, Query{On: w.on})
		if got.State != w.state || got.AgeDays == nil || *got.AgeDays != w.age || got.AgeFrom != "occurred_on" || got.NextDue != w.due || got.OverdueSince != w.since || counts(got.Counts) != w.counts {
			t.Errorf("on %s: %s, age %v from %s, due %s, overdue since %s, %v; want %+v", w.on, got.State, got.AgeDays, got.AgeFrom, got.NextDue, got.OverdueSince, counts(got.Counts), w)
		}
	}
}

func TestACaseStepByStep(t *testing.T) {
	c := givenCase()
	dispute := c.dispute("XC/coast", c.report)
	ref := c.ref(c.act)
	c.add("XC/coast", domain.ExplanationGiven{Target: &ref, Text: domain.Text{Text: "At our request."}})
	got := c.file(t, Query{On: "2026-03-30"})
	if got.Lead != "XA/mof" || got.Title != "A ship" || got.Outcome != "substantiated" || got.OutcomeText != "Done." || got.Handling != "TLP:AMBER" || got.Sealed != 2 {
		t.Errorf("got %+v", got.CaseRow)
	}
	if d := cmp.Diff([]domain.Country{"XA", "XB", "XC"}, got.Members); d != "" || !slices.Equal(got.Regimes, []string{"UN-DPRK"}) {
		t.Errorf("members, or regimes %v (-want +got):\n%s", got.Regimes, d)
	}
	v := got.Violations[0]
	if len(got.Violations) != 1 || v.Index != c.report || v.Category != "coal_export" || v.Confidence != "probable" || !v.Disputed || got.Counts.Violations.Text != "1, of which 1 disputed" {
		t.Errorf("violations: %+v", got.Violations)
	}
	b, late := got.Requests[0], got.Requests[1]
	if b.To != "XB" || b.State != RequestAnswered || b.Overdue || *b.DaysLate != 10 || len(b.Answers) != 2 || b.Answers[0].Sealed != 2 || b.Answers[1].Answer != "complete" || b.Answers[1].AnsweredOn != "2026-02-11" {
		t.Errorf("the request to XB: %+v", b)
	}
	if late.To != "XC" || late.State != RequestOpen || !late.Overdue || *late.DaysLate != 58 {
		t.Errorf("the request to XC: %+v", late)
	}
	if !slices.Equal(got.Counts.Answered.Events.Indexes, []uint64{c.toB, c.partial, c.complete}) || got.Counts.Events.Illustrative != 8 {
		t.Errorf("behind answered: %+v", got.Counts.Answered)
	}
	if len(got.Actions) != 1 || got.Actions[0].Index != c.act || len(got.Disputes) != 1 || got.Disputes[0].Index != dispute || len(got.Explanations) != 1 {
		t.Errorf("actions %+v, disputes %+v, explanations %+v", got.Actions, got.Disputes, got.Explanations)
	}
	page, _ := c.views(-1).Case("C-1", CaseQuery{})
	if !slices.Contains(indexes(page), c.complete) || !slices.Contains(indexes(page), c.report) {
		t.Errorf("the timeline lacks the answer or the report: %v", indexes(page))
	}
}

// Corrections, withdrawals and reopenings are what was known at each index.
func TestACaseAsItWasKnown(t *testing.T) {
	c := givenCase()
	state := func(i uint64) CaseDetail {
		q := asOf(i)
		q.On = "2026-04-30"
		return c.file(t, q)
	}
	again := c.add("XA/mof", domain.CaseReopened{Common: inCase("C-1", "2026-03-01"), Reason: domain.Text{Text: "New evidence."}})
	c.withdraw(again)
	closedAgain := uint64(len(c.facts)) - 1
	c.withdraw(c.closing)
	open := uint64(len(c.facts)) - 1
	var answer domain.InformationAnswered
	answer, _ = c.facts[c.complete].Body.(domain.InformationAnswered)
	answer.Answer = "refused"
	refused := c.correct(c.complete, answer)
	c.withdraw(c.complete)
	unanswered := uint64(len(c.facts)) - 1
	c.withdraw(c.opening)
	unopened := uint64(len(c.facts)) - 1
	for _, w := range []struct {
		at    uint64
		state string
	}{{c.opening, CaseOpen}, {c.closing, CaseClosed}, {again, CaseOpen}, {closedAgain, CaseClosed}, {open, CaseOpen}, {unopened, CaseNotRecorded}} {
		if got := state(w.at); got.State != w.state {
			t.Errorf("as of %d: %s, want %s", w.at, got.State, w.state)
		}
	}
	if got := state(again); got.Reopened != "New evidence." || got.Outcome != "" {
		t.Errorf("reopened: %q, outcome %q", got.Reopened, got.Outcome)
	}
	for at, want := range map[uint64]string{c.partial: RequestPartial, c.complete: RequestAnswered, refused: RequestRefused, unanswered: RequestPartial} {
		if got := state(at).Requests[0]; got.State != want {
			t.Errorf("the request to XB as of %d: %s, want %s", at, got.State, want)
		}
	}
	if got := state(unopened); got.Lead != "" || got.AgeDays != nil || got.OpenedAt != nil {
		t.Errorf("nothing is known of an opening that was withdrawn: %+v", got.CaseRow)
	}
}

func TestTheListOfCases(t *testing.T) {
	c := givenCase()
	stop := domain.EnforcementActionTaken{Common: inCase("C-2", "2026-01-20"), Kind: "warning"}
	c.add("XB/coast", stop) // nobody opened C-2
	c.add("XB/coast", domain.CaseOpened{Common: domain.Common{Case: "C-3"}})
	list := func(q CasesQuery) []string {
		q.On = "2026-03-30"
		out := []string{}
		for _, row := range c.views(-1).Cases(q).Cases {
			out = append(out, row.ID)
		}
		return out
	}
	for name, w := range map[string]struct {
		q    CasesQuery
		want []string
	}{
		"all":          {CasesQuery{}, []string{"C-3", "C-2", "C-1"}},
		"open":         {CasesQuery{State: CaseOpen}, []string{"C-3"}},
		"closed":       {CasesQuery{State: CaseClosed}, []string{"C-1"}},
		"not recorded": {CasesQuery{State: CaseNotRecorded}, []string{"C-2"}},
		"of XC":        {CasesQuery{Member: "XC"}, []string{"C-1"}},
		"regime":       {CasesQuery{Regime: "UN-DPRK"}, []string{"C-1"}},
		"overdue":      {CasesQuery{Overdue: true}, []string{"C-1"}},
		"none":         {CasesQuery{Overdue: true, Member: "XE"}, []string{}},
	} {
		if d := cmp.Diff(w.want, list(w.q)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	page := c.views(-1).Cases(CasesQuery{Page: Page{Limit: 2}})
	next := c.views(-1).Cases(CasesQuery{Page: Page{Limit: 2, Cursor: page.Next}})
	if page.Total != 3 || len(page.Cases) != 2 || len(next.Cases) != 1 || next.Cases[0].ID != "C-1" || next.Next != "" {
		t.Errorf("pages: %+v, then %+v", page, next)
	}
	opened := page.Cases[0] // its opening names no day
	if opened.AgeFrom != "recorded_at" && opened.AgeDays != nil || opened.OpenedOn != "" {
		t.Errorf("C-3: %+v", opened)
	}
}

// Recorded in another order than opened: the days decide, over pages too.
func TestCasesOpenedLastComeFirst(t *testing.T) {
	j := given([]domain.Country{"XA"})
	for _, c := range [][2]string{{"A", "2026-03-01"}, {"B", "2026-01-01"}, {"C", "2026-03-01"}, {"D", "2026-02-01"}} {
		j.add("XA/mof", domain.CaseOpened{Common: inCase(c[0], domain.Date(c[1]))})
	}
	j.add("XA/mof", domain.EnforcementActionTaken{Common: inCase("E", "2026-02-15"), Kind: "warning"}) // nobody opened E
	var got []string
	q := CasesQuery{Page: Page{Limit: 1}}
	for range 5 {
		page := j.views(-1).Cases(q)
		got = append(got, page.Cases[0].ID)
		q.Cursor = page.Next
	}
	if diff := cmp.Diff([]string{"C", "A", "E", "D", "B"}, got); diff != "" || q.Cursor != "" {
		t.Errorf("next %q (-want +got):\n%s", q.Cursor, diff)
	}
}

// BenchmarkCases lists 2,000 cases of 10 events each.
func BenchmarkCases(b *testing.B) {
	j := given([]domain.Country{"XA", "XB"})
	for i := range 2000 {
		id := fmt.Sprint("C-", i)
		j.add("XA/mof", domain.CaseOpened{Common: inCase(id, "2026-01-10")})
		for range 4 {
			asked := j.add("XA/mof", domain.InformationRequested{Common: inCase(id, "2026-01-11"), ToMember: "XB", DueOn: "2026-02-01"})
			j.add("XB/coast", domain.InformationAnswered{Request: j.ref(asked), Answer: "complete"})
		}
		j.add("XB/coast", domain.InterdictionExecuted{Common: inCase(id, "2026-02-12"), Outcome: "detained", Subject: ship()})
	}
	v := j.views(-1)
	for b.Loop() {
		if got := v.Cases(CasesQuery{Query: Query{On: "2026-03-01"}}); got.Total != 2000 {
			b.Fatal(got.Total)
		}
	}
}
