package domain

import (
	"fmt"
	"math/big"
)

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
		if r := checkCountry(at, state); r != nil {
			return r
		}
		if c.Illustrative && !state.UserAssigned() {
			return refuse("illustrative.real_state", at, "nothing invented is said of a real state: use a user-assigned code such as XX")
		}
	}
	return nil
}

// Freeze is what the state keeps of a freeze: how much of it still stands.
type Freeze struct {
	Member   Country
	Currency string
	Amount   string // frozen
	Released string // unfrozen so far
}

// AssetFrozen says that an institution froze an asset.
type AssetFrozen struct {
	Common
	Regime       string   `json:"regime,omitempty"`
	Designations []string `json:"designations,omitempty"`
	Holder       *Subject `json:"holder,omitempty"`
	AssetKind    string   `json:"asset_kind"`
	Institution  string   `json:"institution,omitempty"`
	Amount       *Money   `json:"amount,omitempty"`
	AccountHash  *Hash    `json:"account_hash,omitempty"`
}

// Key is empty: a correction may change everything.
func (b AssetFrozen) Key() string { return "" }

func (b AssetFrozen) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b AssetFrozen) check(s *State, f Fact) *Refusal {
	r := first(required("occurred_on", string(b.OccurredOn)),
		oneOf("asset_kind", b.AssetKind, "account", "securities", "real_estate", "vessel", "vehicle", "crypto", "goods", "other"),
		checkMoney("amount", b.Amount), checkSubject("holder", b.Holder))
	if r != nil {
		return r
	}
	return checkBasis(s, b.Common, b.Regime, b.Designations)
}

func (b AssetFrozen) apply(s *State, f Fact) { b.revise(s, f, f.Index) }

func (b AssetFrozen) revise(s *State, f Fact, target uint64) {
	old, _ := s.freezes.get(target)
	z := Freeze{Member: f.Issuer.Member(), Released: old.Released}
	if b.Amount != nil {
		z.Currency, z.Amount = b.Amount.Currency, b.Amount.Amount
	}
	s.freezes.put(target, z)
}

// AssetUnfrozen releases all or part of a recorded freeze.
type AssetUnfrozen struct {
	Common
	Freeze Ref    `json:"freeze"`
	Amount *Money `json:"amount,omitempty"` // empty: the whole
	Reason string `json:"reason"`
}

// Key is empty: a correction may change everything.
func (b AssetUnfrozen) Key() string { return "" }

func (b AssetUnfrozen) admit(s *State, f Fact) *Refusal {
	if r := b.check(s, f); r != nil {
		return r
	}
	z, _ := s.freezes.get(b.Freeze.Index)
	if b.Amount != nil && decimal(z.Released, b.Amount.Amount).Cmp(decimal(z.Amount)) > 0 {
		return refuse("unfreeze.exceeds", "amount", fmt.Sprintf("of %s %s frozen, %s are released already: this releases more than is left", z.Amount, z.Currency, orZero(z.Released)))
	}
	return nil
}

func (b AssetUnfrozen) check(s *State, f Fact) *Refusal {
	rec, r := s.target("freeze", b.Freeze)
	if r = first(r, required("reason", b.Reason), checkMoney("amount", b.Amount)); r != nil {
		return r
	}
	z, ok := s.freezes.get(b.Freeze.Index)
	switch {
	case !ok || rec.Withdrawn:
		return refuse("unfreeze.no_freeze", "freeze", fmt.Sprintf("index %d holds no standing asset.frozen", b.Freeze.Index))
	case z.Member != f.Issuer.Member():
		return refuse("unfreeze.foreign", "freeze", "a freeze is released by the member that made it")
	case b.Amount != nil && b.Amount.Currency != z.Currency:
		return refuse("unfreeze.currency", "amount.currency", "the freeze is in "+z.Currency+": release in the same currency")
	}
	return nil
}

func (b AssetUnfrozen) apply(s *State, _ Fact) {
	z, ok := s.freezes.get(b.Freeze.Index)
	if !ok {
		return
	}
	if b.Amount == nil {
		z.Released = z.Amount
	} else {
		z.Released = decimal(z.Released, b.Amount.Amount).FloatString(8)
	}
	s.freezes.put(b.Freeze.Index, z)
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// decimal adds exact decimals; "" counts as zero.
func decimal(texts ...string) *big.Rat {
	sum := new(big.Rat)
	for _, t := range texts {
		if v, ok := new(big.Rat).SetString(t); ok {
			sum.Add(sum, v)
		}
	}
	return sum
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
		checkCountryIfSet("place.country", b.Place.Country), checkFlag(b.FlagClaimed), checkConcerning(b.Common, b.Concerning))
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

func checkFlag(flag string) *Refusal {
	switch flag {
	case "", "unknown", "false", "stateless":
		return nil
	}
	return checkCountry("flag_claimed", Country(flag))
}

func (b InterdictionExecuted) apply(*State, Fact) {}
