package domain

import (
	"fmt"
	"strconv"
	"strings"
)

var courtKinds = []kind{
	define[ChallengeFiled](challengeType, 1).from(rulesReported),
	define[CourtRuled](rulingType, 1).from(rulesReported),
	define[StayEnded](stayType, 1).from(rulesReported),
}

const (
	challengeType = "challenge.filed"
	rulingType    = "court.ruled"
	stayType      = "stay.ended"
)

// ContestedAct names the act that is before a court: a designation itself, where
// Member is its authority, or Member's transposition of it.
type ContestedAct struct {
	Member      Country `json:"member"`
	Designation string  `json:"designation"`
	Court       string  `json:"court"`
	CaseNumber  string  `json:"case_number"`
}

func (x ContestedAct) checkContested(s *State, f Fact, c Common) *Refusal {
	r := first(c.checkState("member", x.Member), knownDesignation(s, "designation", x.Designation),
		required("court", x.Court), required("case_number", x.CaseNumber))
	if r != nil {
		return r
	}
	d, _ := s.designations.get(x.Designation)
	return mayTranscribe(s, f, d.Regime, x.Member)
}

// Whose returns the state whose act is contested.
func (x ContestedAct) Whose() Country { return x.Member }

func (x ContestedAct) act() string { return string(x.Member) + "|" + x.Designation }

func (x ContestedAct) assume(s *State, f Fact) { s.assumeDesignations(f, x.Designation) }

// ChallengeFiled says that somebody went to court against a designation, or
// against a member's transposition of it, or appealed against a ruling on it.
type ChallengeFiled struct {
	Common
	ContestedAct
	Applicant *Subject `json:"applicant,omitempty"`
	Seeks     string   `json:"seeks"` // annulment, interim_measures, damages
	FiledOn   Date     `json:"filed_on"`
	AppealOf  *Ref     `json:"appeal_of,omitempty"` // the court.ruled that is appealed against
}

// Key is the act contested, the court and its case number.
func (b ChallengeFiled) Key() string { return b.act() + "|" + b.Court + "|" + b.CaseNumber }

func (b ChallengeFiled) admit(s *State, f Fact) *Refusal {
	return first(b.check(s, f), firstOfItsKind(s, f, "case_number", b.Key()))
}

func (b ChallengeFiled) check(s *State, f Fact) *Refusal {
	return first(b.checkContested(s, f, b.Common), checkSubject("applicant", b.Applicant),
		oneOf("seeks", b.Seeks, "annulment", "interim_measures", "damages"),
		required("filed_on", string(b.FiledOn)), checkDate("filed_on", b.FiledOn), ofAct(s, rulingType, "appeal_of", b.AppealOf, b.ContestedAct))
}

func (b ChallengeFiled) apply(s *State, f Fact) { s.stand(challengeType, b.Key(), f.Index) }

func (b ChallengeFiled) assume(s *State, f Fact) {
	b.ContestedAct.assume(s, f)
	s.assumeAct(rulingType, b.AppealOf, b.ContestedAct)
}

func (b ChallengeFiled) retract(s *State, key string, index uint64) {
	s.lapse(challengeType, key, index)
}

// ofAct requires that a challenge or ruling named concerns the same act.
func ofAct(s *State, typ, field string, at *Ref, x ContestedAct) *Refusal {
	if at == nil {
		return nil
	}
	rec, r := s.targetOf(typ, field, *at)
	if r == nil && rec.Key != x.act() && !strings.HasPrefix(rec.Key, x.act()+"|") {
		return refuse("court.other_act", field, fmt.Sprintf("index %d concerns another act (%s): name that of %s", at.Index, rec.Key, x.act()))
	}
	return r
}

func (s *State) assumeAct(typ string, at *Ref, x ContestedAct) {
	if at != nil {
		s.assumeEvent(*at, Record{Type: typ, Statement: true, Key: x.act()})
	}
}

// CourtRuled says what a court decided about an act. Relief always speaks of
// the act, on appeal too: of rulings on one act the one that no later ruling
// names as AppealOf counts. Exceptions are stayed and remitted, which speak of
// the ruling below.
//
// EffectiveFrom is the day from which the act counts as annulled or suspended;
// it may lie before the ruling, down to the act's own date (ab initio). A stay
// keeps the act in effect meanwhile: until StayedUntil, and where
// StayedPendingAppeal and an appeal was filed by then, until that is decided.
// A stay.ended overrides both.
type CourtRuled struct {
	Common
	ContestedAct
	Challenge           *Ref     `json:"challenge,omitempty"` // the challenge.filed that it decides
	AppealOf            *Ref     `json:"appeal_of,omitempty"` // the court.ruled that it replaces, stays or remits
	Relief              string   `json:"relief"`
	Measures            []string `json:"measures,omitempty"` // of the act, where the relief concerns only these
	DecidedOn           Date     `json:"decided_on"`
	EffectiveFrom       Date     `json:"effective_from,omitempty"`
	EffectiveTo         Date     `json:"effective_to,omitempty"` // of interim measures
	StayedUntil         Date     `json:"stayed_until,omitempty"`
	StayedPendingAppeal bool     `json:"stayed_pending_appeal,omitzero"`
	Grounds             *Text    `json:"grounds,omitempty"`
}

// Reliefs of a court.
const (
	ReliefAnnulled = "annulled"         // the act falls from EffectiveFrom on
	ReliefInterim  = "interim_measures" // the act is suspended for the time being
	ReliefUpheld   = "upheld"           // the act was examined and stands
	ReliefDismiss  = "dismissed"        // the challenge failed unexamined: inadmissible, withdrawn, moot
	ReliefStayed   = "stayed"           // the ruling below waits
	ReliefRemitted = "remitted"         // the ruling below is void, and its court decides again
)

// Annuls reports whether the ruling takes effect from the act, for good or for
// the time being.
func (b CourtRuled) Annuls() bool { return b.Relief == ReliefAnnulled || b.Relief == ReliefInterim }

// Stayed reports whether the ruling says that it, or the one below, waits.
func (b CourtRuled) Stayed() bool { return b.StayedUntil != "" || b.StayedPendingAppeal }

// Key is the act contested.
func (b CourtRuled) Key() string { return b.act() }

func (b CourtRuled) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b CourtRuled) check(s *State, f Fact) *Refusal {
	return first(b.checkContested(s, f, b.Common),
		oneOf("relief", b.Relief, ReliefAnnulled, ReliefInterim, ReliefUpheld, ReliefDismiss, ReliefStayed, ReliefRemitted),
		required("decided_on", string(b.DecidedOn)), checkDate("decided_on", b.DecidedOn), checkDate("effective_from", b.EffectiveFrom),
		checkDate("effective_to", b.EffectiveTo), checkDate("stayed_until", b.StayedUntil), checkMeasuresIfSet(s, "measures", b.Measures),
		ofAct(s, challengeType, "challenge", b.Challenge, b.ContestedAct), ofAct(s, rulingType, "appeal_of", b.AppealOf, b.ContestedAct),
		b.checkEffect(), b.checkStay())
}

// checkEffect ties the dates of effect to the reliefs that have one.
func (b CourtRuled) checkEffect() *Refusal {
	ofBelow := b.Relief == ReliefStayed || b.Relief == ReliefRemitted
	switch {
	case ofBelow && b.AppealOf == nil:
		return refuse("court.appeal_missing", "appeal_of", "name the ruling that this one stays or remits")
	case b.Annuls() && b.EffectiveFrom == "":
		return refuse("value.missing", "effective_from", "say from which day the act has no effect: the act's own date where it falls from the beginning")
	case !b.Annuls() && (b.EffectiveFrom != "" || b.EffectiveTo != ""), b.Relief == ReliefAnnulled && b.EffectiveTo != "":
		return refuse("court.no_effect", "effective_from", "only an annulment or interim measures take effect from the act, and only interim measures end: leave the date out")
	}
	return inOrder("effective_to", b.EffectiveFrom, b.EffectiveTo)
}

func (b CourtRuled) checkStay() *Refusal {
	waits := b.Annuls() || b.Relief == ReliefStayed
	if b.Stayed() && !waits || b.Relief == ReliefStayed && !b.Stayed() {
		return refuse("court.stay", "stayed_until", "an annulment, interim measures or the ruling below may be stayed, and relief stayed says until when (stayed_until, or stayed_pending_appeal)")
	}
	return inOrder("stayed_until", b.DecidedOn, b.StayedUntil)
}

func (b CourtRuled) apply(*State, Fact) {}

func (b CourtRuled) assume(s *State, f Fact) {
	b.ContestedAct.assume(s, f)
	s.assumeAct(challengeType, b.Challenge, b.ContestedAct)
	s.assumeAct(rulingType, b.AppealOf, b.ContestedAct)
}

// StayEnded says that a ruling waits no longer, and why: a stay ends by a
// signed event, or on the day that the ruling itself named.
type StayEnded struct {
	Common
	Ruling  Ref    `json:"ruling"`
	EndedOn Date   `json:"ended_on"`
	Cause   string `json:"cause"`
}

// Key is the index of the ruling.
func (b StayEnded) Key() string { return strconv.FormatUint(b.Ruling.Index, 10) }

func (b StayEnded) admit(s *State, f Fact) *Refusal {
	return first(b.check(s, f), firstOfItsKind(s, f, "ruling", b.Key()))
}

func (b StayEnded) check(s *State, f Fact) *Refusal {
	rec, r := s.targetOf(rulingType, "ruling", b.Ruling)
	r = first(r, required("ended_on", string(b.EndedOn)), checkDate("ended_on", b.EndedOn),
		oneOf("cause", b.Cause, "no_appeal", "appeal_decided", "appeal_withdrawn", "lifted", "expired"))
	if r != nil {
		return r
	}
	member, designation, _ := strings.Cut(rec.Key, "|")
	d, _ := s.designations.get(designation)
	return mayTranscribe(s, f, d.Regime, Country(member))
}

func (b StayEnded) apply(s *State, f Fact) { s.stand(stayType, b.Key(), f.Index) }

func (b StayEnded) assume(s *State, f Fact) {
	s.assumeEvent(b.Ruling, Record{Type: rulingType, Statement: true, Key: string(f.Issuer.Member()) + "|"})
}

func (b StayEnded) retract(s *State, key string, index uint64) { s.lapse(stayType, key, index) }
