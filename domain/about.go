package domain

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

var aboutKinds = []kind{
	define[EventCorrected]("event.corrected", 1),
	define[EventWithdrawn]("event.withdrawn", 1),
	define[EventEndorsed]("event.endorsed", 1),
	define[EventDisputed](disputeType, 1),
	define[DisputeClosed]("dispute.closed", 1),
	define[ExplanationGiven]("explanation.given", 1),
}

const disputeType = "event.disputed"

// reviser is a statement whose correction changes the state. mayRevise holds
// the rules that depend on what is replaced.
type reviser interface {
	mayRevise(s *State, target uint64) *Refusal
	revise(s *State, f Fact, target uint64)
}

// EventCorrected replaces a statement of the same agency in full. The old
// statement stays recorded; views show the new one from this index on.
type EventCorrected struct {
	Target      Ref            `json:"target"`
	Type        string         `json:"type"`
	Version     int            `json:"version"`
	Replacement jsontext.Value `json:"replacement"`
	Reason      string         `json:"reason"`
}

// Body decodes the replacement.
func (b EventCorrected) Body() (Statement, *Refusal) {
	body, r := decodeBody(b.Type, b.Version, b.Replacement)
	if r != nil {
		return nil, within("replacement", r)
	}
	st, ok := body.(Statement)
	if !ok {
		return nil, refuse("correction.not_a_statement", "type", unstated(b.Type))
	}
	return st, nil
}

// unstated says what to do about a type that is no Statement.
func unstated(wireName string) string {
	if wireName == "event.corrected" || wireName == "event.withdrawn" {
		return wireName + " speaks of another event: name that event itself"
	}
	return wireName + " is governance, which states nothing about the world: another decision changes it"
}

func (b EventCorrected) admit(s *State, f Fact) *Refusal {
	rec, r := s.target("target", b.Target)
	if r = first(r, required("reason", b.Reason)); r != nil {
		return r
	}
	switch {
	case !rec.Statement:
		return refuse("correction.not_a_statement", "target", unstated(rec.Type))
	case rec.Type != b.Type:
		return refuse("correction.other_type", "type", fmt.Sprintf("index %d is %s: a correction replaces it by the same type", b.Target.Index, rec.Type))
	case !s.owns(f.Issuer, rec.Issuer):
		return refuse("correction.foreign", "target", fmt.Sprintf("%s issued this: only it or its recorded successor may correct it; another agency disputes it", rec.Issuer))
	case rec.Withdrawn:
		return refuse("correction.withdrawn", "target", "the event was withdrawn: post a new one")
	}
	st, r := b.Body()
	if r = first(r, adopted(s, b.Type, b.Version)); r != nil {
		return r
	}
	if st.Key() != rec.Key {
		return refuse("correction.other_subject", "replacement", fmt.Sprintf("a correction keeps what the event is about (%s): withdraw it and post a new one", rec.Key))
	}
	r = first(st.Base().checkCommon(f), checkSealed(s, f, st, true), st.check(s, f))
	if rev, ok := st.(reviser); ok && r == nil {
		r = rev.mayRevise(s, b.Target.Index)
	}
	if p, ok := st.(portrait); ok && r == nil {
		r = s.keepsLinks(st, rec.Key, b.Target.Index, p.portrays())
	}
	return within("replacement", r)
}

func (b EventCorrected) apply(s *State, f Fact) {
	st, r := b.Body()
	if r != nil {
		return
	}
	if rev, ok := st.(reviser); ok {
		rev.revise(s, f, b.Target.Index)
	}
	s.portray(st, b.Target.Index)
}

func (b EventCorrected) assume(s *State, f Fact) {
	rec := Record{Type: b.Type, Issuer: f.Issuer, Leaf: b.Target.Leaf, Statement: true}
	if k, ok := kinds[b.Type].at(b.Version); ok {
		s.head.Rules = k.rules
	}
	if st, r := b.Body(); r == nil {
		rec.Key = st.Key()
		for _, i := range st.Base().Sealed {
			s.assumeAudience(i.ReleasedTo)
		}
		if a, ok := st.(referrer); ok {
			a.assume(s, f)
		}
	}
	s.events.put(b.Target.Index, rec)
}

// EventWithdrawn takes a statement back: by the agency that made it, or by
// its member's root key.
type EventWithdrawn struct {
	Target Ref    `json:"target"`
	Reason string `json:"reason"`
}

func (b EventWithdrawn) admit(s *State, f Fact) *Refusal {
	rec, r := s.target("target", b.Target)
	if r = first(r, required("reason", b.Reason)); r != nil {
		return r
	}
	switch {
	case !rec.Statement:
		return refuse("withdrawal.not_a_statement", "target", unstated(rec.Type))
	case !s.disposes(f.Issuer, rec.Issuer):
		return refuse("withdrawal.foreign", "target", fmt.Sprintf("%s issued this: only it, its recorded successor or its member's root key may withdraw it", rec.Issuer))
	case rec.Withdrawn:
		return refuse("withdrawal.before", "target", "the event was withdrawn already")
	}
	return s.keepsLinks(kinds[rec.Type].zero, rec.Key, b.Target.Index, nil)
}

func (b EventWithdrawn) apply(s *State, _ Fact) {
	rec, ok := s.events.get(b.Target.Index)
	if !ok {
		return
	}
	rec.Withdrawn = true
	s.events.put(b.Target.Index, rec)
	zero := kinds[rec.Type].zero
	if ret, ok := zero.(retractor); ok {
		ret.retract(s, rec.Key, b.Target.Index)
	}
	s.unportray(zero, rec.Key, b.Target.Index)
}

func (b EventWithdrawn) assume(s *State, f Fact) {
	s.assumeEvent(b.Target, Record{Issuer: f.Issuer, Statement: true})
}

// EventEndorsed says that another agency holds a statement to be right.
type EventEndorsed struct {
	Common
	Target Ref `json:"target"`
}

// Key is empty: an endorsement is about its target.
func (b EventEndorsed) Key() string { return "" }

func (b EventEndorsed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b EventEndorsed) check(s *State, f Fact) *Refusal {
	rec, r := s.target("target", b.Target)
	if r == nil && s.owns(f.Issuer, rec.Issuer) {
		return refuse("endorsement.own", "target", "an agency does not endorse its own event")
	}
	return first(r, statementOnly(rec))
}

func (b EventEndorsed) apply(*State, Fact) {}

func (b EventEndorsed) assume(s *State, _ Fact) {
	s.assumeEvent(b.Target, Record{Statement: true})
}

func statementOnly(rec Record) *Refusal {
	if rec.Statement {
		return nil
	}
	return refuse("target.not_a_statement", "target", unstated(rec.Type))
}

// EventDisputed sets a member's counter-statement beside an event. Both stand.
type EventDisputed struct {
	Common
	Target  Ref  `json:"target"`
	Grounds Text `json:"grounds"`
}

// Key is empty: a dispute is about its target.
func (b EventDisputed) Key() string { return "" }

func (b EventDisputed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b EventDisputed) check(s *State, f Fact) *Refusal {
	rec, r := s.target("target", b.Target)
	if r == nil && s.owns(f.Issuer, rec.Issuer) {
		return refuse("dispute.own", "target", "an agency corrects or withdraws its own event")
	}
	return first(r, required("grounds.text", b.Grounds.Text), statementOnly(rec))
}

func (b EventDisputed) apply(s *State, f Fact) { b.revise(s, f, f.Index) }

func (b EventDisputed) mayRevise(*State, uint64) *Refusal { return nil }

// revise keeps whose event is disputed: who answers depends on it.
func (b EventDisputed) revise(s *State, _ Fact, target uint64) {
	s.disputes.put(target, b.Target.Index)
}

func (b EventDisputed) assume(s *State, _ Fact) {
	s.assumeEvent(b.Target, Record{Statement: true})
}

// DisputeClosed ends a dispute, saying how: by the member that raised it.
type DisputeClosed struct {
	Common
	Dispute Ref    `json:"dispute"`
	Outcome string `json:"outcome"` // withdrawn, resolved, corrected, unresolved
	Text    *Text  `json:"text,omitempty"`
}

// Key is the index of the dispute.
func (b DisputeClosed) Key() string { return strconv.FormatUint(b.Dispute.Index, 10) }

func (b DisputeClosed) admit(s *State, f Fact) *Refusal {
	if rec, r := s.target("dispute", b.Dispute); r == nil && rec.Closed {
		return refuse("dispute.closed_before", "dispute", "this dispute is closed already")
	}
	return b.check(s, f)
}

func (b DisputeClosed) check(s *State, f Fact) *Refusal {
	rec, r := s.target("dispute", b.Dispute)
	if r != nil {
		return r
	}
	if rec.Type != disputeType {
		return refuse("dispute.unknown", "dispute", fmt.Sprintf("index %d is no event.disputed", b.Dispute.Index))
	}
	if rec.Withdrawn {
		return refuse("dispute.withdrawn", "dispute", "the dispute was withdrawn: there is nothing to close")
	}
	if rec.Issuer.Member() != f.Issuer.Member() {
		return refuse("dispute.foreign", "dispute", fmt.Sprintf("%s raised this dispute: its member closes it", rec.Issuer))
	}
	return oneOf("outcome", b.Outcome, "withdrawn", "resolved", "corrected", "unresolved")
}

func (b DisputeClosed) apply(s *State, _ Fact) { s.setClosed(b.Dispute.Index, true) }

func (b DisputeClosed) assume(s *State, f Fact) {
	s.assumeEvent(b.Dispute, Record{Type: disputeType, Issuer: f.Issuer, Statement: true})
}

func (b DisputeClosed) retract(s *State, key string, _ uint64) {
	if i, err := strconv.ParseUint(key, 10, 64); err == nil {
		s.setClosed(i, false)
	}
}

func (s *State) setClosed(index uint64, closed bool) {
	if rec, ok := s.events.get(index); ok {
		rec.Closed = closed
		s.events.put(index, rec)
	}
}

// ExplanationGiven is a member's own word beside a figure or an event, for
// ever. Figure names what it explains: a path in that member's view, as in
// duties.transposition.UN-DPRK.
type ExplanationGiven struct {
	Common
	Target *Ref   `json:"target,omitempty"`
	Figure string `json:"figure,omitempty"`
	Text   Text   `json:"text"`
}

// Key is empty.
func (b ExplanationGiven) Key() string { return "" }

func (b ExplanationGiven) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ExplanationGiven) check(s *State, _ Fact) *Refusal {
	return first(checkExplained(s, b.Target, b.Figure), required("text.text", b.Text.Text))
}

// checkExplained requires one thing that words stand beside: an event or a figure.
func checkExplained(s *State, target *Ref, figure string) *Refusal {
	if (target == nil) == (figure == "") {
		return refuse("explanation.target", "target", "name either an event (target) or a figure")
	}
	if target == nil {
		return nil
	}
	_, r := s.target("target", *target)
	return r
}

func (b ExplanationGiven) apply(*State, Fact) {}

func (b ExplanationGiven) assume(s *State, _ Fact) {
	if b.Target != nil {
		s.assumeEvent(*b.Target, Record{Statement: true})
	}
}
