package domain

import (
	"cmp"
	"fmt"
)

var licenceKinds = []kind{
	define[LicenceGranted]("licence.granted", 1).from(3),
	define[LicenceRefused]("licence.refused", 1).from(3),
	define[LicenceEnded]("licence.ended", 1).from(3),
	define[ExemptionGranted]("exemption.granted", 1).from(3),
	define[ExemptionEnded]("exemption.ended", 1).from(3),
	define[ExceptionReliedOn]("exception.relied_on", 1).from(3),
}

// Permission is what a licence or an exemption lets somebody do. A licence is a
// state's own; an exemption is the Committee's; an exception stands in the
// resolution or the law and needs no permission.
type Permission struct {
	Beneficiary *Subject `json:"beneficiary,omitempty"` // empty: whoever falls under it
	Scope       Text     `json:"scope"`
	Ground      string   `json:"ground"`
	Measures    []string `json:"measures,omitempty"` // that it lifts
	ValueLimit  *Money   `json:"value_limit,omitempty"`
	ValidFrom   Date     `json:"valid_from,omitempty"`
	ValidTo     Date     `json:"valid_to,omitempty"` // with this day it ends, without an event
}

func (p Permission) check(s *State) *Refusal {
	r := first(checkSubject("beneficiary", p.Beneficiary), required("scope.text", p.Scope.Text), checkGround(p.Ground), checkMoney("value_limit", p.ValueLimit),
		inOrder("valid_to", p.ValidFrom, p.ValidTo))
	if r == nil && p.Measures != nil {
		r = checkMeasures(s, "measures", p.Measures)
	}
	return r
}

func checkGround(ground string) *Refusal {
	return oneOf("ground", ground, "humanitarian", "basic_needs", "medical", "legal_fees", "maintenance_of_assets", "extraordinary_expenses", "prior_contract",
		"prior_judgment", "diplomatic", "official_duties", "religious", "safety", "wind_down", "other")
}

// LicenceGranted is a state's permission under its own law.
type LicenceGranted struct {
	Act
	Permission
	Licence string `json:"licence"` // number that the state gave it; member names the state
}

// Key is the state and its number.
func (b LicenceGranted) Key() string { return permitKey("licence", string(b.Member), b.Licence) }

func permitKey(kind, giver, number string) string {
	return kind + "|" + giver + "|" + number
}

func (b LicenceGranted) admit(s *State, f Fact) *Refusal {
	return first(notGranted(s, "licence", b.Key()), b.check(s, f))
}

func notGranted(s *State, field, key string) *Refusal {
	if p, _ := s.permits.get(key); p.At != 0 {
		return refuse("permit.duplicate", field, fmt.Sprintf("this number was granted at index %d: correct that event, or grant the new one under its own number", p.At))
	}
	return nil
}

func stillGranted(s *State, field, key string) *Refusal {
	switch p, _ := s.permits.get(key); {
	case p.At == 0:
		return refuse("permit.unknown", field, "no such permission is recorded: check the number and who gave it")
	case p.EndedAt != 0:
		return refuse("permit.ended", field, fmt.Sprintf("it was ended at index %d already", p.EndedAt))
	}
	return nil
}

func (b LicenceGranted) check(s *State, f Fact) *Refusal {
	return first(required("member", string(b.Member)), required("licence", b.Licence), b.checkAct(s, f), b.Permission.check(s))
}

func (b LicenceGranted) apply(s *State, f Fact) { openAt(s.permits, b.Key(), f.Index) }

func (b LicenceGranted) retract(s *State, key string, index uint64) { unopen(s.permits, key, index) }

// LicenceRefused says that a state did not permit what it was asked for.
type LicenceRefused struct {
	Act
	Application string   `json:"application,omitempty"` // its number
	Applicant   *Subject `json:"applicant,omitempty"`
	Scope       Text     `json:"scope"`
	Ground      string   `json:"ground"` // that was claimed
	Value       *Money   `json:"value,omitempty"`
	Reason      Text     `json:"reason"`
}

func (b LicenceRefused) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b LicenceRefused) check(s *State, f Fact) *Refusal {
	return first(b.checkAct(s, f), checkSubject("applicant", b.Applicant), required("scope.text", b.Scope.Text), checkGround(b.Ground),
		checkMoney("value", b.Value), required("reason.text", b.Reason.Text))
}

// Ending is how a permission ended before its time, or that it did end.
type Ending struct {
	Outcome string `json:"outcome"`
	EndedOn Date   `json:"ended_on,omitempty"` // where it differs from occurred_on
	Reason  string `json:"reason"`
}

func (e Ending) check() *Refusal {
	return first(oneOf("outcome", e.Outcome, "revoked", "expired", "surrendered", "used_up"), checkDate("ended_on", e.EndedOn), required("reason", e.Reason))
}

// LicenceEnded ends a licence.
type LicenceEnded struct {
	Act
	Ending
	Licence string `json:"licence"`
}

// Key is the state and its number.
func (b LicenceEnded) Key() string { return permitKey("licence", string(b.Member), b.Licence) }

func (b LicenceEnded) admit(s *State, f Fact) *Refusal {
	return first(stillGranted(s, "licence", b.Key()), b.check(s, f))
}

func (b LicenceEnded) check(s *State, f Fact) *Refusal {
	return first(required("member", string(b.Member)), b.checkAct(s, f), b.Ending.check())
}

func (b LicenceEnded) apply(s *State, f Fact) { endAt(s.permits, b.Key(), f.Index) }

func (b LicenceEnded) assume(s *State, f Fact) {
	b.Act.assume(s, f)
	openAt(s.permits, b.Key(), 1)
}

func (b LicenceEnded) retract(s *State, key string, index uint64) { unend(s.permits, key, index) }

// ExemptionGranted is a permission of the Committee that keeps a regime. Its
// custodian transcribes it, or the member that asked for it records it.
type ExemptionGranted struct {
	Act
	Permission
	CommitteeRef string `json:"committee_ref"`
}

// Key is the regime and the Committee's reference.
func (b ExemptionGranted) Key() string { return permitKey("exemption", b.Regime, b.CommitteeRef) }

// maySeal keeps an exemption open: others rely on it.
func (b ExemptionGranted) maySeal() bool { return false }

func (b ExemptionGranted) admit(s *State, f Fact) *Refusal {
	return first(notGranted(s, "committee_ref", b.Key()), b.check(s, f))
}

func (b ExemptionGranted) check(s *State, f Fact) *Refusal {
	return first(checkExemption(s, f, b.Act, b.CommitteeRef), b.Permission.check(s))
}

// checkExemption lets the custodian, and the member that asked, speak of a
// decision of the Committee.
func checkExemption(s *State, f Fact, a Act, ref string) *Refusal {
	if r := first(required("regime", a.Regime), required("committee_ref", ref), a.checkAct(s, f)); r != nil {
		return r
	}
	regime, _ := s.regimes.get(a.Regime)
	return a.mayTell(s, f, cmp.Or(a.Member, regime.Authority))
}

func (b ExemptionGranted) apply(s *State, f Fact) { openAt(s.permits, b.Key(), f.Index) }

func (b ExemptionGranted) retract(s *State, key string, index uint64) { unopen(s.permits, key, index) }

// ExemptionEnded ends an exemption.
type ExemptionEnded struct {
	Act
	Ending
	CommitteeRef string `json:"committee_ref"`
}

// Key is the regime and the Committee's reference.
func (b ExemptionEnded) Key() string { return permitKey("exemption", b.Regime, b.CommitteeRef) }

func (b ExemptionEnded) admit(s *State, f Fact) *Refusal {
	return first(stillGranted(s, "committee_ref", b.Key()), b.check(s, f))
}

func (b ExemptionEnded) check(s *State, f Fact) *Refusal {
	return first(checkExemption(s, f, b.Act, b.CommitteeRef), b.Ending.check())
}

func (b ExemptionEnded) apply(s *State, f Fact) { endAt(s.permits, b.Key(), f.Index) }

func (b ExemptionEnded) assume(s *State, f Fact) {
	b.Act.assume(s, f)
	openAt(s.permits, b.Key(), 1)
}

func (b ExemptionEnded) retract(s *State, key string, index uint64) { unend(s.permits, key, index) }

// ExceptionReliedOn says that something was done that a resolution or law itself
// leaves free, as resolution 2664 leaves humanitarian aid. legal_basis names it.
type ExceptionReliedOn struct {
	Act
	Beneficiary *Subject `json:"beneficiary,omitempty"` // who acted
	Provider    *Subject `json:"provider,omitempty"`    // who served it: a bank, a carrier
	Activity    Text     `json:"activity"`
	Ground      string   `json:"ground"`
	Amount      *Money   `json:"amount,omitempty"`
	Period      *Period  `json:"period,omitempty"`
}

func (b ExceptionReliedOn) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ExceptionReliedOn) check(s *State, f Fact) *Refusal {
	if len(b.LegalBasis) == 0 {
		return refuse("exception.basis", "legal_basis", "name the provision that is relied on: what needs a permission is a licence or an exemption")
	}
	return first(b.checkAct(s, f), checkSubject("beneficiary", b.Beneficiary), checkSubject("provider", b.Provider), required("activity.text", b.Activity.Text),
		checkGround(b.Ground), checkMoney("amount", b.Amount), checkPeriod("period", b.Period))
}
