package domain

import (
	"fmt"
	"strconv"
	"strings"
)

var caseKinds = []kind{
	define[CaseOpened]("case.opened", 1).from(rulesReported),
	define[InformationRequested](requestType, 1).from(rulesReported),
	define[InformationAnswered](answerType, 1).from(rulesReported),
	define[CaseClosed]("case.closed", 1).from(rulesReported),
	define[CaseReopened]("case.reopened", 1).from(rulesReported),
}

const (
	requestType = "information.requested"
	answerType  = "information.answered"
)

// Case is what the state keeps of an investigation.
type Case struct {
	ID         string
	Lead       AgencyID
	OpenedAt   uint64
	ClosedAt   uint64 // of the last closing; 0 when there is none
	ReopenedAt uint64 // after it; 0 when it was not
	Withdrawn  bool
}

// Closed reports whether the case was closed and not reopened since.
func (c Case) Closed() bool { return c.ClosedAt != 0 && c.ReopenedAt == 0 }

// Case returns an investigation by its id.
func (s *State) Case(id string) (Case, bool) {
	c, ok := s.cases.get(id)
	return c, ok && !c.Withdrawn
}

func knownCase(s *State, id string) *Refusal {
	if _, ok := s.Case(id); !ok {
		return refuse("case.unknown", "case", fmt.Sprintf("no case %q is open or closed here: check the id, or open it first (case.opened)", id))
	}
	return nil
}

func openCase(s *State, id string) *Refusal {
	if r := knownCase(s, id); r != nil {
		return r
	}
	if c, _ := s.cases.get(id); c.Closed() {
		return refuse("case.closed", "case", fmt.Sprintf("this case was closed at index %d: whoever leads it reopens it first (case.reopened)", c.ClosedAt))
	}
	return nil
}

// leads requires a case, led by the issuer's member.
func leads(s *State, f Fact, id string) *Refusal {
	c, ok := s.Case(id)
	if !ok {
		return knownCase(s, id)
	}
	if c.Lead.Member() != f.Issuer.Member() {
		return refuse("case.foreign", "case", fmt.Sprintf("%s leads this case: its member closes and reopens it", c.Lead))
	}
	return nil
}

func (s *State) assumeCase(f Fact, id string) {
	s.cases.put(id, Case{ID: id, Lead: f.Issuer})
}

// CaseOpened opens an investigation, which then runs across members under its
// id: whatever states that id as its case belongs to it.
type CaseOpened struct {
	Common
	Scope
	Title      Text      `json:"title"`
	Lead       AgencyID  `json:"lead,omitempty"`       // of the issuer's member; empty: the issuer
	Violations []Ref     `json:"violations,omitempty"` // reports that it looks into
	Members    []Country `json:"members,omitempty"`    // asked to take part
}

// Key is the id of the case.
func (b CaseOpened) Key() string { return b.Case }

func (b CaseOpened) admit(s *State, f Fact) *Refusal {
	if c, ok := s.Case(b.Case); ok {
		return refuse("case.duplicate", "case", fmt.Sprintf("the case was opened at index %d: take another id, or have that one reopened", c.OpenedAt))
	}
	return b.check(s, f)
}

func (b CaseOpened) check(s *State, f Fact) *Refusal {
	if r := first(checkID("case", b.Case), required("title.text", b.Title.Text), b.checkLead(s, f), b.checkStates("members", b.Members)); r != nil {
		return r
	}
	for i, v := range b.Violations {
		if _, r := s.targetOf(violationType, fmt.Sprintf("violations[%d]", i), v); r != nil {
			return r
		}
	}
	return b.checkScope(s, b.Common)
}

func (b CaseOpened) checkLead(s *State, f Fact) *Refusal {
	if b.Lead == "" {
		return nil
	}
	r := first(ownAgency(f, b.Lead), knownAgency(s, b.Lead))
	if r != nil {
		r.Field = "lead"
	}
	return r
}

func (b CaseOpened) lead(f Fact) AgencyID {
	if b.Lead != "" {
		return b.Lead
	}
	return f.Issuer
}

func (b CaseOpened) apply(s *State, f Fact) {
	s.cases.put(b.Case, Case{ID: b.Case, Lead: b.lead(f), OpenedAt: f.Index})
}

func (b CaseOpened) assume(s *State, f Fact) {
	b.Scope.assume(s, f)
	s.agencies.put(b.Lead, Agency{ID: b.Lead})
	for _, v := range b.Violations {
		s.assumeEvent(v, Record{Type: violationType, Statement: true})
	}
}

func (b CaseOpened) mayRevise(*State, uint64) *Refusal { return nil }

func (b CaseOpened) revise(s *State, f Fact, target uint64) {
	if c, _ := s.cases.get(b.Case); c.OpenedAt == target {
		c.Lead = b.lead(f)
		s.cases.put(b.Case, c)
	}
}

func (b CaseOpened) retract(s *State, key string, index uint64) {
	if c, ok := s.cases.get(key); ok && c.OpenedAt == index {
		c.Withdrawn = true
		s.cases.put(key, c)
	}
}

// InformationRequested asks another member in an open case.
type InformationRequested struct {
	Common
	ToMember  Country `json:"to_member"`
	Questions []Text  `json:"questions"`
	DueOn     Date    `json:"due_on,omitempty"` // asked for, not a duty
}

// Key is the member asked and the case: who answers depends on it.
func (b InformationRequested) Key() string { return string(b.ToMember) + "|" + b.Case }

func (b InformationRequested) admit(s *State, f Fact) *Refusal {
	return first(openCase(s, b.Case), b.check(s, f))
}

func (b InformationRequested) check(s *State, f Fact) *Refusal {
	r := first(knownCase(s, b.Case), checkCountry("to_member", b.ToMember), checkDate("due_on", b.DueOn), memberAt(s, "to_member", b.ToMember))
	switch {
	case r != nil:
		return r
	case b.ToMember == f.Issuer.Member():
		return refuse("request.own", "to_member", "a member asks its own agencies outside the ledger: name another member")
	case len(b.Questions) == 0:
		return refuse("value.missing", "questions", "ask at least one question")
	}
	for i, q := range b.Questions {
		r = first(r, required(fmt.Sprintf("questions[%d].text", i), q.Text))
	}
	return r
}

func memberAt(s *State, field string, c Country) *Refusal {
	r := standing(s, c)
	if r != nil {
		r.Field = field
	}
	return r
}

func (b InformationRequested) apply(*State, Fact) {}

func (b InformationRequested) assume(s *State, f Fact) {
	s.assumeCase(f, b.Case)
	s.members.put(b.ToMember, Member{Code: b.ToMember})
}

// InformationAnswered answers a request, by any agency of the member asked.
// Partial answers may precede one that is complete or refuses.
type InformationAnswered struct {
	Common
	Request Ref    `json:"request"`
	Answer  string `json:"answer"` // complete, partial, refused
	Text    Text   `json:"text"`
}

// Key is the index of the request.
func (b InformationAnswered) Key() string { return strconv.FormatUint(b.Request.Index, 10) }

func (b InformationAnswered) admit(s *State, f Fact) *Refusal {
	return first(b.check(s, f), firstOfItsKind(s, f, "request", b.Key()))
}

func (b InformationAnswered) check(s *State, f Fact) *Refusal {
	rec, r := s.targetOf(requestType, "request", b.Request)
	if r = first(r, oneOf("answer", b.Answer, "complete", "partial", "refused"), required("text.text", b.Text.Text)); r != nil {
		return r
	}
	if asked, _, _ := strings.Cut(rec.Key, "|"); asked != string(f.Issuer.Member()) {
		return refuse("request.foreign", "request", asked+" was asked: its agencies answer")
	}
	return nil
}

func (b InformationAnswered) apply(s *State, f Fact) { b.revise(s, f, f.Index) }

func (b InformationAnswered) assume(s *State, f Fact) {
	s.assumeEvent(b.Request, Record{Type: requestType, Statement: true, Key: string(f.Issuer.Member()) + "|"})
}

// mayRevise keeps a corrected answer from ending a request twice.
func (b InformationAnswered) mayRevise(s *State, target uint64) *Refusal {
	i, _ := s.once.get(onceKey{answerType, b.Key()})
	if i == 0 || i == target || b.Answer == "partial" {
		return nil
	}
	return refuse("request.answered_before", "answer", fmt.Sprintf("index %d answered this request in full: this answer stays partial", i))
}

func (b InformationAnswered) revise(s *State, _ Fact, target uint64) {
	s.lapse(answerType, b.Key(), target)
	if i, _ := s.once.get(onceKey{answerType, b.Key()}); i == 0 && b.Answer != "partial" {
		s.stand(answerType, b.Key(), target)
	}
}

func (b InformationAnswered) retract(s *State, key string, index uint64) {
	s.lapse(answerType, key, index)
}

// CaseClosed ends an investigation, by the member that leads it.
type CaseClosed struct {
	Common
	Outcome string `json:"outcome"`
	Actions []Ref  `json:"actions,omitempty"` // what was done: enforcement, freezes, designations …
	Text    *Text  `json:"text,omitempty"`
}

// Key is the id of the case.
func (b CaseClosed) Key() string { return b.Case }

func (b CaseClosed) admit(s *State, f Fact) *Refusal {
	return first(openCase(s, b.Case), b.check(s, f))
}

func (b CaseClosed) check(s *State, f Fact) *Refusal {
	r := first(leads(s, f, b.Case), oneOf("outcome", b.Outcome, "substantiated", "unsubstantiated", "inconclusive", "referred", "merged", "no_jurisdiction"))
	for i, a := range b.Actions {
		rec, missing := s.target(fmt.Sprintf("actions[%d]", i), a)
		r = first(r, missing)
		if r == nil {
			r = within(fmt.Sprintf("actions[%d]", i), statementOnly(rec))
		}
	}
	return r
}

func (b CaseClosed) apply(s *State, f Fact) {
	c, _ := s.cases.get(b.Case)
	c.ClosedAt, c.ReopenedAt = f.Index, 0
	s.cases.put(b.Case, c)
}

func (b CaseClosed) assume(s *State, f Fact) {
	s.assumeCase(f, b.Case)
	for _, a := range b.Actions {
		s.assumeEvent(a, Record{Statement: true})
	}
}

func (b CaseClosed) retract(s *State, key string, index uint64) {
	if c, ok := s.cases.get(key); ok && c.ClosedAt == index {
		c.ClosedAt, c.ReopenedAt = 0, 0
		s.cases.put(key, c)
	}
}

// CaseReopened takes up a closed case again: new evidence came, or a court
// sent it back.
type CaseReopened struct {
	Common
	Reason Text `json:"reason"`
}

// Key is the id of the case.
func (b CaseReopened) Key() string { return b.Case }

func (b CaseReopened) admit(s *State, f Fact) *Refusal {
	if c, ok := s.Case(b.Case); ok && !c.Closed() {
		return refuse("case.open", "case", "this case is open: there is nothing to reopen")
	}
	return b.check(s, f)
}

func (b CaseReopened) check(s *State, f Fact) *Refusal {
	return first(leads(s, f, b.Case), required("reason.text", b.Reason.Text))
}

func (b CaseReopened) apply(s *State, f Fact) {
	c, _ := s.cases.get(b.Case)
	c.ReopenedAt = f.Index
	s.cases.put(b.Case, c)
}

func (b CaseReopened) assume(s *State, f Fact) {
	s.cases.put(b.Case, Case{ID: b.Case, Lead: f.Issuer, ClosedAt: 1})
}

func (b CaseReopened) retract(s *State, key string, index uint64) {
	if c, ok := s.cases.get(key); ok && c.ReopenedAt == index {
		c.ReopenedAt = 0
		s.cases.put(key, c)
	}
}
