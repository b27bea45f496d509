package domain

import "fmt"

var enforcementKinds = []kind{
	define[EnforcementActionTaken]("enforcement.action_taken", 1),
	define[AssetFrozen]("asset.frozen", 1),
	define[AssetUnfrozen]("asset.unfrozen", 1),
	define[InterdictionExecuted]("interdiction.executed", 1),
}

// EnforcementActionTaken is a penalty, prosecution, forfeiture, settlement or
// warning by the signing agency's member.
type EnforcementActionTaken struct {
	Common
	Kind         string    `json:"kind"`
	Regime       string    `json:"regime,omitempty"`
	Designations []string  `json:"designations,omitempty"`
	Respondent   *Subject  `json:"respondent,omitempty"`
	Amount       *Money    `json:"amount,omitempty"`
	Court        string    `json:"court,omitempty"`
	Status       string    `json:"status,omitempty"`
	Concerning   []Country `json:"concerning,omitempty"` // third states the facts concern
	Summary      *Text     `json:"summary,omitempty"`
}

// Key is empty: a correction may change everything.
func (b EnforcementActionTaken) Key() string { return "" }

func (b EnforcementActionTaken) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b EnforcementActionTaken) check(s *State, f Fact) *Refusal {
	r := first(required("occurred_on", string(b.OccurredOn)),
		oneOf("kind", b.Kind, "penalty", "prosecution", "forfeiture", "settlement", "warning"),
		oneOf("status", b.Status, "", "open", "final", "appealed", "annulled"),
		checkMoney("amount", b.Amount), checkConcerning(b.Common, b.Concerning), checkSubject("respondent", b.Respondent))
	if r != nil {
		return r
	}
	return checkBasis(s, b.Common, b.Regime, b.Designations)
}

func (b EnforcementActionTaken) apply(*State, Fact) {}

func (b EnforcementActionTaken) assume(s *State, f Fact) {
	s.assumeRegime(f, b.Regime, "")
	s.assumeDesignations(f, b.Designations...)
}

// checkBasis requires a designation, a regime or a legal basis, each known.
func checkBasis(s *State, c Common, regime string, designations []string) *Refusal {
	for i, d := range designations {
		if r := knownDesignation(s, fmt.Sprintf("designations[%d]", i), d); r != nil {
			return r
		}
	}
	if regime != "" {
		return knownRegime(s, regime)
	}
	if len(designations) == 0 && len(c.LegalBasis) == 0 {
		return refuse("basis.missing", "legal_basis", "name a designation, a regime, or the instrument under legal_basis")
	}
	return nil
}

func checkMoney(field string, m *Money) *Refusal {
	if m == nil {
		return nil
	}
	return m.check(field)
}

func checkSubject(field string, s *Subject) *Refusal {
	if s == nil {
		return nil
	}
	return s.check(field)
}

func checkConcerning(c Common, states []Country) *Refusal {
	for i, state := range states {
		at := fmt.Sprintf("concerning[%d]", i)
		if r := first(checkCountry(at, state), c.notInvented(at, state)); r != nil {
			return r
		}
	}
	return nil
}

// InterdictionExecuted says that a vessel, aircraft or cargo was stopped.
type InterdictionExecuted struct {
	Common
	Regime       string      `json:"regime,omitempty"`
	Designations []string    `json:"designations,omitempty"`
	Subject      Subject     `json:"subject"`
	FlagClaimed  string      `json:"flag_claimed,omitempty"` // a code, or unknown, false, stateless
	Place        Place       `json:"place"`
	Outcome      string      `json:"outcome"`
	Cargo        []CargoItem `json:"cargo,omitempty"`
	Concerning   []Country   `json:"concerning,omitempty"`
}

// CargoItem is one kind of goods found.
type CargoItem struct {
	Description string    `json:"description"`
	HSCode      string    `json:"hs_code,omitempty"`
	Quantity    *Quantity `json:"quantity,omitempty"`
	Value       *Money    `json:"value,omitempty"`
}

// Key is empty: a correction may change everything.
func (b InterdictionExecuted) Key() string { return "" }

func (b InterdictionExecuted) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b InterdictionExecuted) check(s *State, _ Fact) *Refusal {
	r := first(required("occurred_on", string(b.OccurredOn)), b.Subject.check("subject"),
		oneOf("outcome", b.Outcome, "detained", "released", "diverted", "seized", "inspected"),
		checkCountryIfSet("place.country", b.Place.Country), checkFlag(b.Common, "flag_claimed", b.FlagClaimed), checkConcerning(b.Common, b.Concerning))
	for i, c := range b.Cargo {
		at := fmt.Sprintf("cargo[%d]", i)
		if c.Quantity != nil {
			r = first(r, c.Quantity.check(at+".quantity"))
		}
		r = first(r, required(at+".description", c.Description), checkMoney(at+".value", c.Value))
	}
	if r != nil {
		return r
	}
	return checkBasis(s, b.Common, b.Regime, b.Designations)
}

func (b InterdictionExecuted) apply(*State, Fact) {}

func (b InterdictionExecuted) assume(s *State, f Fact) {
	s.assumeRegime(f, b.Regime, "")
	s.assumeDesignations(f, b.Designations...)
}
