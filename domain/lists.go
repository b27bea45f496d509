package domain

import (
	"fmt"
	"slices"
	"strings"
)

var listKinds = []kind{define[ImplementationDeclared]("implementation.declared", 1)}

// Measures is the vocabulary of measures. It keeps apart what coarser lists
// lump together: a port ban is not a deflagging.
func Measures() []string { return MeasuresUnder(RulesVersion) }

// MeasuresUnder is the vocabulary under a version of the rules; 0 is the newest.
func MeasuresUnder(rules int) []string {
	out := strings.Fields(measures)
	if Sound(rules) {
		out = append(out, strings.Fields(measuresSound)...)
	}
	return out
}

const measures = `asset_freeze travel_ban arms_embargo export_control import_ban luxury_goods_ban
 financial_services_ban services_ban investment_ban joint_venture_ban representative_office_closure
 port_entry_ban deflag crew_services_ban insurance_ban bunkering_ban chartering_ban ship_to_ship_ban
 economic_resource petroleum_limit workers_ban cargo_inspection specialised_teaching_ban director_disqualification`

// measuresSound came with version 4 of the rules. A maritime restriction is one
// that a list states of a ship without saying which: Australia's, and the UK's
// "Shipping sanctions".
const measuresSound = "maritime_restriction aircraft_technical_assistance_ban trust_services_ban"

func checkMeasures(s *State, field string, list []string) *Refusal {
	known := MeasuresUnder(s.Rules())
	for i, m := range list {
		if slices.Contains(known, m) {
			continue
		}
		advice := "use one of " + strings.Join(known, " ")
		if slices.Contains(Measures(), m) {
			advice = fmt.Sprintf("it came with version %d of the rules, version %d is in force: a quorum adopts the newer first (rules.adopted)", rulesSound, s.Rules())
		}
		return refuse("measure.unknown", fmt.Sprintf("%s[%d]", field, i), fmt.Sprintf("%q is no known measure: %s", m, advice))
	}
	if len(list) == 0 {
		return refuse("value.missing", field, "name at least one measure")
	}
	return nil
}

// checkID accepts 1 to 96 printable characters without spaces at the ends,
// of a kind that fit a path: letters, digits and -._:@()
func checkID(field, id string) *Refusal {
	if !ValidID(id) {
		return refuse("id.invalid", field, fmt.Sprintf("%q is no id: 1 to 96 of A-Z a-z 0-9 - . _ : @ ( )", id))
	}
	return nil
}

// ValidID reports whether an event may bear an id: of a designation, a case, a
// regime or a registered subject.
func ValidID(id string) bool {
	bad := strings.ContainsFunc(id, func(r rune) bool {
		alnum := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !alnum && !strings.ContainsRune("-._:@()", r)
	})
	return !bad && id != "" && len(id) <= 96 && id != "." && id != ".."
}

// ImplementationDeclared says how a member implements a regime, or some of
// its measures. One such event can cover a whole list.
type ImplementationDeclared struct {
	Common
	Member     Country  `json:"member"`
	Regime     string   `json:"regime"`
	Measures   []string `json:"measures,omitempty"` // empty: all of the regime's
	Kinds      []string `json:"kinds,omitempty"`    // of subjects it covers; empty: all
	Mode       string   `json:"mode"`
	Instrument string   `json:"instrument,omitempty"`
	ValidFrom  Date     `json:"valid_from,omitempty"`
	ValidTo    Date     `json:"valid_to,omitempty"`
}

// Modes of implementation. Under own_act each designation is transposed by an
// act of its own; under the covering modes the regime's list has effect as it
// stands; not_in_force is a declared absence.
const (
	ModeAutomatic          = "automatic"
	ModeByReference        = "by_reference"
	ModeOwnAct             = "own_act"
	ModeGeneralProhibition = "general_prohibition"
	ModeThroughEU          = "through_eu"
	ModeInherited          = "inherited"
	ModeNotInForce         = "not_in_force"
)

// Covers reports whether a mode gives a whole list effect without an act for
// each designation.
func Covers(mode string) bool {
	switch mode {
	case ModeAutomatic, ModeByReference, ModeGeneralProhibition, ModeThroughEU, ModeInherited:
		return true
	}
	return false
}

// Key is the member, the regime and what of it is covered; a correction may
// change the mode.
func (b ImplementationDeclared) Key() string {
	return strings.Join([]string{string(b.Member), b.Regime, strings.Join(b.Measures, ","), strings.Join(b.Kinds, ",")}, "|")
}

func (b ImplementationDeclared) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ImplementationDeclared) check(s *State, f Fact) *Refusal {
	r := first(checkCountry("member", b.Member), knownRegime(s, b.Regime), mayTranscribe(s, f, b.Regime, b.Member),
		oneOf("mode", b.Mode, ModeAutomatic, ModeByReference, ModeOwnAct, ModeGeneralProhibition, ModeThroughEU, ModeInherited, ModeNotInForce),
		checkDate("valid_from", b.ValidFrom), checkDate("valid_to", b.ValidTo), b.notInvented("member", b.Member))
	if r == nil && len(b.Measures) > 0 {
		r = checkMeasures(s, "measures", b.Measures)
	}
	r = first(r, b.checkUnion(s, f), s.sound(inOrder("valid_to", b.ValidFrom, b.ValidTo)))
	for i, k := range b.Kinds {
		r = first(r, oneOf(fmt.Sprintf("kinds[%d]", i), k, "person", "entity", "vessel", "aircraft", "wallet"))
	}
	return r
}

func (b ImplementationDeclared) apply(*State, Fact) {}

func (b ImplementationDeclared) assume(s *State, f Fact) {
	s.assumeRegime(f, b.Regime, b.Member)
}

// mayTranscribe lets a member speak for itself, and the regime's custodian
// transcribe what others published.
func mayTranscribe(s *State, f Fact, regime string, speaksFor Country) *Refusal {
	if f.Issuer.Member() == speaksFor {
		return nil
	}
	if r, ok := s.regimes.get(regime); ok && s.owns(f.Issuer, r.Custodian) {
		return nil
	}
	return refuse("authority.not_custodian", "iss", fmt.Sprintf("%s may not speak for %s here: only its own agencies, or the regime's custodian transcribing a published act", f.Issuer, speaksFor))
}
