package domain

import (
	"fmt"
	"slices"
)

// rulesReported is the version of the rules that people, cases, courts, duties,
// mandates and findings came with.
const rulesReported = 3

// Scope says what a report stands on and which third states it concerns.
type Scope struct {
	Regime       string    `json:"regime,omitempty"`
	Designations []string  `json:"designations,omitempty"`
	Concerning   []Country `json:"concerning,omitempty"` // asserted of them, so with confidence
}

// checkScope requires a basis, and of what concerns third states how sure it is.
func (x Scope) checkScope(s *State, c Common) *Refusal {
	r := checkConcerning(c, x.Concerning)
	if r == nil && len(x.Concerning) > 0 {
		r = asserted(c)
	}
	return first(r, checkBasis(s, c, x.Regime, x.Designations))
}

// Concerns lists the third states that the statement speaks of, each once.
func (x Scope) Concerns() []Country { return x.concerns() }

// concerns adds states that stand in members of their own.
func (x Scope) concerns(more ...Country) []Country {
	var out []Country
	for _, c := range slices.Concat(x.Concerning, more) {
		if c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// regime is the one under which a custodian may transcribe the statement.
func (x Scope) regime(s *State) string {
	if x.Regime != "" || len(x.Designations) == 0 {
		return x.Regime
	}
	d, _ := s.designations.get(x.Designations[0])
	return d.Regime
}

// Naming lists the designations that the report is about.
func (x Scope) Naming() []string { return x.Designations }

func (x Scope) assume(s *State, f Fact) {
	s.assumeDesignations(f, x.Designations...)
	s.assumeRegime(f, x.Regime, "")
}

// asserted requires that a report says how sure it is.
func asserted(c Common) *Refusal {
	if c.Confidence != "" {
		return nil
	}
	return refuse("confidence.missing", "confidence", "say how sure this is: confirmed, probable or alleged")
}

// mayReport lets a state's own agencies say what happened there, the regime's
// custodian transcribe what was published, and of a state that is no member any
// agency assert it, saying how sure it is.
func mayReport(s *State, f Fact, c Common, regime string, state Country) *Refusal {
	r := mayTranscribe(s, f, regime, state)
	if m, ok := s.members.get(state); r == nil || ok && !m.Withdrew {
		return r
	}
	return asserted(c)
}

// mayAssert is mayReport for what may weigh against a state: who asserts it
// names the state among those concerned, where its assertions are collected.
func (x Scope) mayAssert(s *State, f Fact, c Common, state Country) *Refusal {
	r := mayReport(s, f, c, x.Regime, state)
	if r != nil || mayTranscribe(s, f, x.Regime, state) == nil || slices.Contains(x.Concerning, state) {
		return r
	}
	return refuse("concerning.missing", "concerning", fmt.Sprintf("this asserts something of %s, which is no member: name it here as well", state))
}

// checkState accepts a state that may be spoken of here.
func (c Common) checkState(field string, state Country) *Refusal {
	return first(checkCountry(field, state), c.notInvented(field, state))
}

func (c Common) checkStateIfSet(field string, state Country) *Refusal {
	if state == "" {
		return nil
	}
	return c.checkState(field, state)
}

func (c Common) checkStates(field string, states []Country) *Refusal {
	for i, state := range states {
		if r := c.checkState(fmt.Sprintf("%s[%d]", field, i), state); r != nil {
			return r
		}
	}
	return nil
}

func checkSubjects(field string, list []Subject) *Refusal {
	for i, x := range list {
		if r := x.check(fmt.Sprintf("%s[%d]", field, i)); r != nil {
			return r
		}
	}
	return nil
}

func checkPlaceIfSet(field string, p *Place) *Refusal {
	if p == nil {
		return nil
	}
	return checkCountryIfSet(field+".country", p.Country)
}

func checkMeasuresIfSet(s *State, field string, list []string) *Refusal {
	if len(list) == 0 {
		return nil
	}
	return checkMeasures(s, field, list)
}

// Period is the time that a figure or a duty is about; an end left out is open.
type Period struct {
	From Date `json:"from,omitempty"`
	To   Date `json:"to,omitempty"`
}

func (p Period) check(field string) *Refusal {
	if r := first(checkDate(field+".from", p.From), checkDate(field+".to", p.To)); r != nil {
		return r
	}
	return inOrder(field+".to", p.From, p.To)
}

// dated requires that a report says when: on a day, or over a time.
func dated(c Common, p Period) *Refusal {
	if c.OccurredOn != "" || p != (Period{}) {
		return nil
	}
	return refuse("value.missing", "occurred_on", "say when: occurred_on, or period; a year is enough")
}

// inOrder requires that the second date can lie on or after the first.
func inOrder(field string, a, b Date) *Refusal {
	if a == "" || b == "" || b.Latest() >= a.Earliest() {
		return nil
	}
	return refuse("date.order", field, fmt.Sprintf("%s lies before %s: check which date is which", b, a))
}

// past refuses a day that has not come where what is told has happened.
func past(f Fact, field string, d Date) *Refusal {
	if latest := DateOf(f.Time().Add(occurredAhead)); d != "" && d.Earliest() > latest {
		return refuse("date.ahead", field, fmt.Sprintf("%s has not come yet (latest possible today: %s): check the year", d, latest))
	}
	return nil
}

// onceKey names what stands once: a type, and what its event is about.
type onceKey struct{ Type, Key string }

// firstOfItsKind refuses a second statement of a type about the same thing.
func firstOfItsKind(s *State, f Fact, field, key string) *Refusal {
	if i, _ := s.once.get(onceKey{f.Type, key}); i != 0 {
		return refuse("statement.duplicate", field, fmt.Sprintf("index %d says this already: correct or withdraw that event", i))
	}
	return nil
}

// stand notes a statement that stands once; lapse takes that back.
func (s *State) stand(typ, key string, index uint64) { s.once.put(onceKey{typ, key}, index) }

func (s *State) lapse(typ, key string, index uint64) {
	if i, _ := s.once.get(onceKey{typ, key}); i == index {
		s.once.put(onceKey{typ, key}, 0)
	}
}

// targetOf finds the standing statement of one type that r names.
func (s *State) targetOf(typ, field string, r Ref) (Record, *Refusal) {
	rec, refusal := s.target(field, r)
	if refusal == nil && (rec.Type != typ || rec.Withdrawn) {
		refusal = refuse("target.other_type", field, fmt.Sprintf("index %d holds no standing %s: copy index and leaf from the receipt of one", r.Index, typ))
	}
	return rec, refusal
}
