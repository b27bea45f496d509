package domain

import (
	"strings"
	"testing"
)

// reporting is a ledger at work under version 3 of the rules. In the end, the
// shape of all that was given must pass.
func reporting(t testing.TB) *ledger {
	t.Helper()
	l := listed(t)
	l.adoptRules()
	t.Cleanup(func() {
		for _, f := range l.facts {
			checkShape(t, f)
		}
	})
	return l
}

func corrected(target, typ, replacement string) string {
	return `{"target":` + target + `,"type":"` + typ + `","version":1,"replacement":` + replacement + `,"reason":"typing error"}`
}

// CheckShape never refuses what a chapter holds.
func TestShapeOfChapters(t *testing.T) {
	for name := range chapters {
		for _, f := range chapter(t, name, nil).facts {
			if f.Index < uint64(len(goldenJournal)) {
				continue
			}
			checkShape(t, f)
		}
	}
}

func checkShape(t testing.TB, f Fact) {
	t.Helper()
	e, r := Decode(f.Header, f.Payload)
	if r == nil {
		r = CheckShape(e, f.Time())
	}
	if r != nil {
		t.Errorf("index %d, %s: %v", f.Index, f.Type, r)
	}
}

func TestThirdStatesAreReportedByAnyAgency(t *testing.T) {
	l := reporting(t)
	abroad := strings.Replace(with(workers, `"confidence":"probable","concerning":["XE"]`), `"XA"`, `"XE"`, 1)
	l.expect("", "XB/mof", "workers.reported", abroad)
	l.expect("", "XC/mof", "workers.repatriated", abroad)
	l.expect("", "XA/mof", "workers.reported", strings.Replace(workers, `"XA"`, `"XB"`, 1)) // the custodian transcribes
	l.expect("", "XA/mof", "travel_ban.enforced", strings.Replace(turnedBack, `"XA"`, `"XB"`, 1))
	l.expect("", "XB/mof", "joint_venture.reported", strings.Replace(with(venture, `"confidence":"alleged","concerning":["XE"]`), `"XA"`, `"XE"`, 1))
	l.expect("", "XB/mof", "measure.enacted", `{"confidence":"confirmed","member":"XE","regime":"XU-1","measures":["asset_freeze"],"instrument":"Act","in_force_on":"2026-02-01"}`)
}

func TestVentureIsClosedWhereItWasReported(t *testing.T) {
	l := reporting(t)
	v := l.given("XA/mof", "joint_venture.reported", venture)
	l.expect("", "XA/root", "joint_venture.closed", with(closure, `"venture":`+v))
	l.given("XA/mof", "event.withdrawn", withdrawal(v))
	l.expect("target.other_type", "XA/root", "joint_venture.closed", with(closure, `"venture":`+v))
}

func TestCaseRunsAcrossMembers(t *testing.T) {
	l := reporting(t)
	v := l.given("XB/mof", "violation.reported", violation)
	opened := l.given("XA/mof", "case.opened", with(caseOpening, `"violations":[`+v+`]`))
	q := l.given("XC/mof", "information.requested", request)
	part := l.given("XB/mof", "information.answered", strings.Replace(fill(answer, q), "complete", "partial", 1))
	full := l.given("XB/root", "information.answered", strings.Replace(fill(answer, q), "complete", "refused", 1))
	l.given("XB/mof", "event.corrected", corrected(part, "information.answered", strings.Replace(fill(answer, q), "complete", "partial", 1)))
	closed := l.given("XA/root", "case.closed", closing)
	l.given("XA/mof", "case.reopened", reopening)
	last := l.given("XA/mof", "case.closed", closing)
	l.given("XA/root", "event.withdrawn", withdrawal(closed)) // an old closing: the last one stands
	if c, ok := l.s.Case("C-1"); !ok || !c.Closed() {
		t.Errorf("case %+v, %v; want it closed", c, ok)
	}
	l.given("XA/mof", "event.withdrawn", withdrawal(last))
	l.expect("case.open", "XA/mof", "case.reopened", reopening)
	l.given("XA/mof", "event.corrected", corrected(opened, "case.opened", with(caseOpening, `"lead":"XA/root"`)))
	if c, _ := l.s.Case("C-1"); c.Lead != "XA/root" {
		t.Errorf("%s leads, want XA/root", c.Lead)
	}
	l.given("XB/root", "event.withdrawn", withdrawal(full))
	l.expect("", "XB/mof", "event.corrected", corrected(part, "information.answered", fill(answer, q)))
	l.given("XA/mof", "event.withdrawn", withdrawal(opened))
	l.expect("case.unknown", "XA/mof", "case.closed", closing)
	l.expect("", "XB/mof", "case.opened", caseOpening)
}

func TestWithdrawnReopeningLeavesTheCaseClosed(t *testing.T) {
	l := reporting(t)
	l.given("XA/mof", "case.opened", caseOpening)
	l.given("XA/mof", "case.closed", closing)
	r := l.given("XA/mof", "case.reopened", reopening)
	l.expect("", "XB/mof", "information.requested", strings.Replace(request, "XB", "XC", 1))
	l.given("XA/mof", "event.withdrawn", withdrawal(r))
	l.expect("case.closed", "XB/mof", "information.requested", strings.Replace(request, "XB", "XC", 1))
}

func TestCorrectedAnswerEndsTheRequest(t *testing.T) {
	l := reporting(t)
	l.given("XA/mof", "case.opened", caseOpening)
	q := l.given("XA/mof", "information.requested", request)
	part := strings.Replace(fill(answer, q), "complete", "partial", 1)
	a := l.given("XB/mof", "information.answered", part)
	l.given("XB/mof", "event.corrected", corrected(a, "information.answered", fill(answer, q)))
	l.expect("statement.duplicate", "XB/mof", "information.answered", part)
	l.given("XB/mof", "event.corrected", corrected(a, "information.answered", part))
	l.expect("", "XB/mof", "information.answered", fill(answer, q))
	l.given("XA/mof", "event.withdrawn", withdrawal(q))
	l.expect("target.other_type", "XB/mof", "information.answered", fill(answer, q))
}

func TestDisputeIsAnsweredByWhomItConcernsNow(t *testing.T) {
	l := reporting(t)
	ours := l.given(action[0], action[1], action[2])
	theirs := l.given("XC/mof", action[1], action[2])
	d := l.given("XB/mof", "event.disputed", `{"target":`+ours+`,"grounds":{"text":"g"}}`)
	const answered = `{"dispute":$1,"answer":"accepted","text":{"text":"t"}}`
	l.expect("", "XA/mof", "dispute.answered", fill(answered, d))
	l.given("XB/mof", "event.corrected", corrected(d, "event.disputed", `{"target":`+theirs+`,"grounds":{"text":"g"}}`))
	l.expect("dispute.not_addressed", "XA/mof", "dispute.answered", fill(answered, d))
	a := l.given("XC/mof", "dispute.answered", fill(answered, d))
	l.given("XC/mof", "event.withdrawn", withdrawal(a))
	l.expect("", "XC/mof", "dispute.answered", fill(answered, d))
}

func TestReportsSealTheirSources(t *testing.T) {
	l := reporting(t)
	l.given("XB/mof", "encryption_key.registered", fill(`{"agency":"XB/mof","recipient":"$1"}`, recipient("XB/mof")))
	l.given("XA/mof", "violation.reported", holding(violation, item(1, tip, "XB/mof")))
	if got := l.s.SealedFor("XB/mof"); len(got) != 1 {
		t.Errorf("XB/mof may read %v, want one item", got)
	}
	l.expect("sealed.bound", "XA/mof", "workers.reported", holding(workers, item(1, tip)))
}

// An annulment by the court, stayed for an appeal, which fails: the view needs
// each of these dates and references.
func TestRulingsOnOneAct(t *testing.T) {
	l := reporting(t)
	first := l.given("XB/mof", "challenge.filed", challenge)
	annulled := l.given("XB/mof", "court.ruled", with(ruling, `"challenge":`+first+`,"stayed_until":"2026-03-14","stayed_pending_appeal":true`))
	appealed := with(strings.Replace(challenge, `"7"`, `"7 P"`, 1), `"appeal_of":`+annulled)
	appeal := l.given("XB/mof", "challenge.filed", appealed)
	l.expect("", "XB/mof", "court.ruled", strings.Replace(ruling, `"annulled","decided_on":"2026-01-04","effective_from":"2026-01-02"`,
		`"stayed","appeal_of":`+annulled+`,"decided_on":"2026-01-05","stayed_pending_appeal":true`, 1))
	l.given("XB/mof", "court.ruled", with(ruling, `"challenge":`+appeal+`,"appeal_of":`+annulled))
	l.given("XB/mof", "stay.ended", `{"ruling":`+annulled+`,"ended_on":"2026-01-05","cause":"appeal_decided"}`)
	l.given("XB/mof", "event.withdrawn", withdrawal(first))
	l.expect("", "XB/mof", "challenge.filed", challenge)
	l.given("XA/mof", "designation.removed", `{"designation":"XU:1","reason":"delisted"}`)
	l.expect("", "XB/mof", "challenge.filed", challenge) // damages, or costs, survive a delisting
}

func TestObligations(t *testing.T) {
	l := reporting(t)
	l.decide("benchmark.adopted", `{"id":"b","regime":"XU-1","measure":"obligation_days","days":30,"text":"soon"}`)
	const dated = `"trigger":{"kind":"date","on":"2026-01-01"},"due":{"days":90},"recurrence":"none"`
	for _, change := range [][2]string{
		{"", ""},
		{`"due":{"days":90}`, `"due":{"on":"2026-03-22"}`},
		{dated, `"trigger":{"kind":"event","events":["interdiction.executed","joint_venture.reported"]},"due":{"days":30},"recurrence":"none"`},
		{dated, `"trigger":{"kind":"period","from":"2026-01"},"due":{"days":30},"recurrence":"quarterly"`},
		{`"all"`, `"named","states":["XB","XE"]`},
		{`"implementation_report"`, `"benchmark","benchmark":"b"`},
	} {
		l.expect("", "XA/mof", "obligation.defined", strings.Replace(obligation, change[0], change[1], 1))
	}
	o := l.given("XA/mof", "obligation.defined", obligation)
	sent := l.given("XB/mof", "report.submitted", with(report, `"completed":["freezes"]`))
	l.expect("", "XB/mof", "report.submitted", with(report, `"supplement":true`))
	l.expect("", "XB/mof", "report.submitted", with(report, `"period":{"from":"2026"}`))
	l.expect("", "XC/mof", "report.submitted", strings.Replace(with(report, `"confidence":"confirmed"`), "XB", "XE", 1))
	l.given("XB/mof", "event.withdrawn", withdrawal(sent))
	l.expect("", "XB/mof", "report.submitted", report)
	l.given("XA/mof", "event.corrected", corrected(o, "obligation.defined", strings.Replace(obligation, "freezes", "ports", 1)))
	l.expect("report.section", "XB/mof", "report.submitted", with(report, `"completed":["freezes"]`))
	l.given("XA/mof", "event.withdrawn", withdrawal(o))
	l.expect("obligation.unknown", "XB/mof", "report.submitted", report)
	l.expect("", "XA/mof", "obligation.defined", obligation)
}

func TestSuccessorSpeaksForItsPredecessor(t *testing.T) {
	l := reporting(t)
	for _, id := range []string{"XA/mof", "XB/mof"} {
		l.given(id, "encryption_key.registered", fill(`{"agency":"$1","recipient":"$2"}`, id, recipient(id)))
	}
	sealing := holding(penalty, item(1, tip))
	a := l.given("XA/mof", "enforcement.action_taken", sealing)
	b := l.given("XA/mof", "enforcement.action_taken", penalty)
	for _, id := range []string{"XA/desk", "XA/unit"} {
		l.agency(id)
	}
	l.given("XA/root", "agency.succeeded", succession)
	l.expect("sealed.recipient", "XB/mof", "enforcement.action_taken", holding(penalty, item(2, "x", "XA/mof")))
	l.given("XA/root", "agency.succeeded", `{"agency":"XA/desk","successor":"XA/unit","reason":"once more"}`)
	if got := l.s.Holder("XA/mof"); got != "XA/unit" {
		t.Errorf("%s speaks for XA/mof, want XA/unit", got)
	}
	l.expect("agency.succeeded", "XA/desk", "event.corrected", corrected(b, "enforcement.action_taken", penalty))
	l.given("XA/unit", "event.corrected", corrected(a, "enforcement.action_taken", sealing))
	l.given("XA/unit", "event.reaffirmed", fill(reaffirming, b))
	l.given("XA/unit", "detail.opened", fill(`{"event":$1,"item":0,"salt":"$2","text":"$3"}`, a, salt.String(), tip))
	l.given("XA/unit", "designation.adopted", fill(adoption, "XU:3")) // the list's custodian
	l.given("XA/unit", "events.repudiated", `{"agency":"XA/mof","from_index":20,"to_index":21,"reason":"r"}`)
	l.given("XA/unit", "event.withdrawn", withdrawal(b))
	l.expect("", "XA/root", "agency.succeeded", `{"agency":"XA/mof","successor":"XA/unit","reason":"the same in one step"}`)
}

func TestWhatStandsOnceMayBeSaidAgainWhenWithdrawn(t *testing.T) {
	l := reporting(t)
	l.given("XA/mof", "obligation.defined", obligation)
	stay := l.given("XA/mof", "court.ruled", with(strings.Replace(ruling, `"XB"`, `"XA"`, 1), `"stayed_until":"2026-03-14"`))
	for _, c := range [][2]string{
		{"stay.ended", `{"ruling":` + stay + `,"ended_on":"2026-01-05","cause":"no_appeal"}`},
		{"mandate.ended", ending},
		{"inapplicability.declared", strings.Replace(report, `"submitted_on":"2026-01-04"`, `"reason":{"text":"r"}`, 1)},
		{"challenge.filed", challenge},
	} {
		said := l.given("XA/mof", c[0], c[1])
		l.expect("statement.duplicate", "XA/mof", c[0], c[1])
		l.given("XA/mof", "event.corrected", corrected(said, c[0], c[1]))
		l.given("XA/mof", "event.withdrawn", withdrawal(said))
		l.expect("", "XA/mof", c[0], c[1])
	}
}
