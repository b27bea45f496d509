package domain

var mandateKinds = []kind{
	define[RegimeAmended]("regime.amended", 1).from(rulesReported),
	define[RegimeLapsed]("regime.lapsed", 1).from(rulesReported),
	define[RegimeRenewed]("regime.renewed", 1).from(rulesReported),
	define[MandateEnded](mandateType, 1).from(rulesReported),
}

// RegimeChange is an act of a regime's authority about the regime itself. It is
// told by the authority's own agency or transcribed by the custodian, and can be
// disputed and corrected as any fact; what the coalition watches under the
// regime, and who keeps its list, a quorum decides (regime.adopted).
type RegimeChange struct {
	Regime     string `json:"regime"`
	Instrument string `json:"instrument,omitempty"`
	DecidedOn  Date   `json:"decided_on,omitempty"`
	InForceOn  Date   `json:"in_force_on,omitempty"` // where it differs
	SunsetOn   Date   `json:"sunset_on,omitempty"`   // the day that the regime ends by itself, as it stands now
	Summary    *Text  `json:"summary,omitempty"`
}

func (x RegimeChange) checkChange(s *State, f Fact, c Common) *Refusal {
	r := first(knownRegime(s, x.Regime), checkDate("decided_on", x.DecidedOn), checkDate("in_force_on", x.InForceOn), checkDate("sunset_on", x.SunsetOn))
	if r != nil {
		return r
	}
	regime, _ := s.regimes.get(x.Regime)
	return first(c.notInvented("regime", regime.Authority), mayTranscribe(s, f, x.Regime, regime.Authority))
}

func (x RegimeChange) assume(s *State, f Fact) { s.assumeRegime(f, x.Regime, f.Issuer.Member()) }

// EffectOn is the date from which the change has effect.
func (x RegimeChange) EffectOn() Date {
	if x.InForceOn != "" {
		return x.InForceOn
	}
	return x.DecidedOn
}

// RegimeAmended says that a regime's authority changed its measures or terms.
type RegimeAmended struct {
	Common
	RegimeChange
	Adds    []string `json:"adds,omitempty"` // measures
	Removes []string `json:"removes,omitempty"`
}

// Key is the regime's id.
func (b RegimeAmended) Key() string { return b.Regime }

func (b RegimeAmended) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b RegimeAmended) check(s *State, f Fact) *Refusal {
	r := first(required("instrument", b.Instrument), required("decided_on", string(b.DecidedOn)), b.checkChange(s, f, b.Common),
		checkMeasuresIfSet(s, "adds", b.Adds), checkMeasuresIfSet(s, "removes", b.Removes))
	if r == nil && len(b.Adds) == 0 && len(b.Removes) == 0 && b.SunsetOn == "" && b.Summary == nil {
		return refuse("regime.unchanged", "adds", "say what changed: adds, removes, sunset_on, or a summary in words")
	}
	return r
}

func (b RegimeAmended) apply(*State, Fact) {}

// RegimeLapsed says that a regime, or some of its measures, ended.
type RegimeLapsed struct {
	Common
	RegimeChange
	LapsedOn Date     `json:"lapsed_on"`
	Cause    string   `json:"cause"`              // sunset, terminated, not_renewed, vetoed, annulled
	Measures []string `json:"measures,omitempty"` // empty: all
}

// Key is the regime's id.
func (b RegimeLapsed) Key() string { return b.Regime }

func (b RegimeLapsed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b RegimeLapsed) check(s *State, f Fact) *Refusal {
	return first(required("lapsed_on", string(b.LapsedOn)), checkDate("lapsed_on", b.LapsedOn),
		oneOf("cause", b.Cause, "sunset", "terminated", "not_renewed", "vetoed", "annulled"),
		checkMeasuresIfSet(s, "measures", b.Measures), b.checkChange(s, f, b.Common))
}

func (b RegimeLapsed) apply(*State, Fact) {}

// RegimeRenewed says that a regime goes on, or is in force again, until a later
// sunset or without one.
type RegimeRenewed struct {
	Common
	RegimeChange
	Measures []string `json:"measures,omitempty"` // empty: all
}

// Key is the regime's id.
func (b RegimeRenewed) Key() string { return b.Regime }

func (b RegimeRenewed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b RegimeRenewed) check(s *State, f Fact) *Refusal {
	return first(required("instrument", b.Instrument), required("decided_on", string(b.DecidedOn)),
		checkMeasuresIfSet(s, "measures", b.Measures), b.checkChange(s, f, b.Common), inOrder("sunset_on", b.EffectOn(), b.SunsetOn))
}

func (b RegimeRenewed) apply(*State, Fact) {}

// MandateEnded says that a body that watched a regime ended, and how.
type MandateEnded struct {
	Common
	Regime     string    `json:"regime"`
	Body       string    `json:"body"`
	Instrument string    `json:"instrument,omitempty"` // that gave the mandate, or the draft that was to renew it
	DecidedOn  Date      `json:"decided_on,omitempty"` // of the vote
	EndedOn    Date      `json:"ended_on"`
	Cause      string    `json:"cause"` // vote, veto, expiry
	Votes      *Votes    `json:"votes,omitempty"`
	VetoedBy   []Country `json:"vetoed_by,omitempty"`
}

// Votes is how a body voted.
type Votes struct {
	For       int `json:"for"`
	Against   int `json:"against"`
	Abstained int `json:"abstained"`
}

// Key is the regime and the body.
func (b MandateEnded) Key() string { return b.Regime + "|" + b.Body }

func (b MandateEnded) admit(s *State, f Fact) *Refusal {
	return first(b.check(s, f), firstOfItsKind(s, f, "body", b.Key()))
}

func (b MandateEnded) check(s *State, f Fact) *Refusal {
	r := first(required("body", b.Body), required("ended_on", string(b.EndedOn)), checkDate("ended_on", b.EndedOn), checkDate("decided_on", b.DecidedOn),
		oneOf("cause", b.Cause, "vote", "veto", "expiry"), b.checkStates("vetoed_by", b.VetoedBy), b.checkVotes(), knownRegime(s, b.Regime))
	if r != nil {
		return r
	}
	regime, _ := s.regimes.get(b.Regime)
	return first(b.notInvented("regime", regime.Authority), mayTranscribe(s, f, b.Regime, regime.Authority))
}

func (b MandateEnded) checkVotes() *Refusal {
	if v := b.Votes; v != nil && (v.For < 0 || v.Against < 0 || v.Abstained < 0) {
		return refuse("mandate.votes", "votes", "give numbers of votes from 0")
	}
	if (b.Cause == "veto") != (len(b.VetoedBy) > 0) {
		return refuse("mandate.veto", "vetoed_by", "name who vetoed where the cause is a veto, and only there")
	}
	return nil
}

const mandateType = "mandate.ended"

func (b MandateEnded) apply(s *State, f Fact) { s.stand(mandateType, b.Key(), f.Index) }

func (b MandateEnded) assume(s *State, f Fact) { s.assumeRegime(f, b.Regime, f.Issuer.Member()) }

func (b MandateEnded) retract(s *State, key string, index uint64) { s.lapse(mandateType, key, index) }
