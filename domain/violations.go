package domain

import (
	"fmt"
	"strconv"
	"strings"
)

var violationKinds = []kind{
	define[ViolationReported](violationType, 1).from(rulesReported),
	define[DisputeAnswered](disputeAnswerType, 1).from(rulesReported),
	define[ReplyRecorded]("reply.recorded", 1).from(rulesReported),
	define[TextTranslated]("text.translated", 1).from(rulesReported),
}

const (
	violationType     = "violation.reported"
	disputeAnswerType = "dispute.answered"
)

// ViolationReported says that somebody broke or evaded a measure. It is an
// assertion, by whoever signs it, with its confidence; a count of such reports
// measures who looked as much as who broke.
type ViolationReported struct {
	Common
	Scope
	Category     string    `json:"category"`
	Narrative    Text      `json:"narrative"`
	Subjects     []Subject `json:"subjects,omitempty"`
	Place        *Place    `json:"place,omitempty"`
	Period       Period    `json:"period,omitzero"`       // where it went on for more than a day
	TimeUTC      string    `json:"time_utc,omitempty"`    // of the day it occurred on, as 04:30
	Measures     []string  `json:"measures,omitempty"`    // that it breaks or evades
	ReporterType string    `json:"reporter_type"`         // who it came from
	Sensitivity  string    `json:"sensitivity,omitempty"` // what the public part leaves out, and seals if need be
}

// Key is empty: a correction may change everything.
func (b ViolationReported) Key() string { return "" }

func (b ViolationReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ViolationReported) check(s *State, _ Fact) *Refusal {
	return first(checkViolationCategory(b.Category), dated(b.Common, b.Period), required("narrative.text", b.Narrative.Text), checkSubjects("subjects", b.Subjects), checkPlaceIfSet("place", b.Place),
		b.Period.check("period"), checkClock("time_utc", b.TimeUTC), checkMeasuresIfSet(s, "measures", b.Measures),
		oneOf("reporter_type", b.ReporterType, "agency", "third_state", "company", "bank", "crew", "researcher", "journalist", "organisation", "individual", "withheld"),
		oneOf("sensitivity", b.Sensitivity, "", "none", "source", "method", "operation", "commercial", "personal"),
		asserted(b.Common), b.checkScope(s, b.Common))
}

// checkClock accepts a time of day, as 04:30.
func checkClock(field, clock string) *Refusal {
	h, m, ok := strings.Cut(clock, ":")
	if clock == "" || ok && len(h) == 2 && len(m) == 2 && digits(h+m, 4) && h < "24" && m < "60" {
		return nil
	}
	return refuse("time.invalid", field, fmt.Sprintf("%q is no time of day: write 04:30, in UTC", clock))
}

func (b ViolationReported) apply(*State, Fact) {}

// DisputeAnswered is the answer of whoever's statement is disputed. The dispute
// stays open until its member closes it.
type DisputeAnswered struct {
	Common
	Dispute Ref    `json:"dispute"`
	Answer  string `json:"answer"` // accepted, partly_accepted, rejected
	Text    Text   `json:"text"`
}

// Key is the index of the dispute.
func (b DisputeAnswered) Key() string { return strconv.FormatUint(b.Dispute.Index, 10) }

func (b DisputeAnswered) admit(s *State, f Fact) *Refusal {
	return first(b.check(s, f), firstOfItsKind(s, f, "dispute", b.Key()))
}

func (b DisputeAnswered) check(s *State, f Fact) *Refusal {
	_, r := s.targetOf(disputeType, "dispute", b.Dispute)
	if r = first(r, oneOf("answer", b.Answer, "accepted", "partly_accepted", "rejected"), required("text.text", b.Text.Text)); r != nil {
		return r
	}
	target, _ := s.disputes.get(b.Dispute.Index)
	if rec, _ := s.events.get(target); rec.Issuer.Member() != f.Issuer.Member() {
		return refuse("dispute.not_addressed", "dispute", fmt.Sprintf("%s issued the disputed event: its member answers; others dispute or endorse for themselves", rec.Issuer))
	}
	return nil
}

func (b DisputeAnswered) apply(s *State, f Fact) { s.stand(disputeAnswerType, b.Key(), f.Index) }

func (b DisputeAnswered) assume(s *State, f Fact) {
	s.assumeEvent(b.Dispute, Record{Type: disputeType, Statement: true})
	target := b.Dispute.Index + 1 // any other
	s.disputes.put(b.Dispute.Index, target)
	s.events.put(target, Record{Issuer: f.Issuer, Statement: true})
}

func (b DisputeAnswered) retract(s *State, key string, index uint64) {
	s.lapse(disputeAnswerType, key, index)
}

// ReplyRecorded transcribes what a state that is no member said of an event or
// a figure, so that its own words stand beside what is asserted of it.
type ReplyRecorded struct {
	Common
	State  Country `json:"state"`
	Author string  `json:"author"` // who said it for the state
	Target *Ref    `json:"target,omitempty"`
	Figure string  `json:"figure,omitempty"` // as in explanation.given
	Text   Text    `json:"text"`
}

// Key is the state.
func (b ReplyRecorded) Key() string { return string(b.State) }

func (b ReplyRecorded) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ReplyRecorded) check(s *State, _ Fact) *Refusal {
	r := first(b.checkState("state", b.State), required("author", b.Author), required("text.text", b.Text.Text),
		required("published_on", string(b.PublishedOn)), checkExplained(s, b.Target, b.Figure))
	if m, ok := s.members.get(b.State); r == nil && ok && !m.Withdrew {
		return refuse("reply.member", "state", string(b.State)+" is a member: its own agency explains (explanation.given) or disputes (event.disputed)")
	}
	return r
}

func (b ReplyRecorded) apply(*State, Fact) {}

func (b ReplyRecorded) assume(s *State, _ Fact) {
	if b.Target != nil {
		s.assumeEvent(*b.Target, Record{Statement: true})
	}
}

// TextTranslated gives a text of an event in another language. The original
// alone was signed by who issued it.
type TextTranslated struct {
	Common
	Target   Ref    `json:"target"`
	Field    string `json:"field"` // which text: its path in the payload, as narrative
	Text     Text   `json:"text"`
	Official bool   `json:"official,omitzero"` // by the issuer of the original, or on its behalf
}

// Key is the index of the event, the text and the language.
func (b TextTranslated) Key() string {
	return strconv.FormatUint(b.Target.Index, 10) + "|" + b.Field + "|" + b.Text.Language
}

func (b TextTranslated) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b TextTranslated) check(s *State, f Fact) *Refusal {
	rec, r := s.target("target", b.Target)
	if r = first(r, required("field", b.Field), required("text.text", b.Text.Text), checkLanguage("text.language", b.Text.Language)); r != nil {
		return r
	}
	if b.Official && rec.Issuer.Member() != f.Issuer.Member() {
		return refuse("translation.not_official", "official", fmt.Sprintf("%s issued the text: a translation by another member is not official", rec.Issuer))
	}
	return nil
}

func (b TextTranslated) apply(*State, Fact) {}

func (b TextTranslated) assume(s *State, f Fact) {
	s.assumeEvent(b.Target, Record{Issuer: f.Issuer, Statement: true})
}

// checkLanguage accepts what a language tag (BCP 47) is made of.
func checkLanguage(field, tag string) *Refusal {
	first, _, _ := strings.Cut(tag, "-")
	alien := strings.ContainsFunc(tag, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if alien || len(first) < 2 || len(first) > 8 || len(tag) > 35 {
		return refuse("language.invalid", field, fmt.Sprintf("%q is no language tag: write en, ko or zh-Hant", tag))
	}
	return nil
}
