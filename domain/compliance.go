package domain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var complianceKinds = []kind{
	define[ObligationDefined]("obligation.defined", 1).from(rulesReported),
	define[ReportSubmitted](reportType, 1).from(rulesReported),
	define[ExtensionGranted]("extension.granted", 1).from(rulesReported),
	define[InapplicabilityDeclared](inapplicableType, 1).from(rulesReported),
	define[MeasureEnacted]("measure.enacted", 1).from(rulesReported),
}

const (
	reportType       = "report.submitted"
	inapplicableType = "inapplicability.declared"
)

// Duty names one case of an obligation: whose, and of which period or trigger.
type Duty struct {
	Obligation string  `json:"obligation"`
	Member     Country `json:"member"`
	Period     Period  `json:"period,omitzero"`
	Trigger    *Ref    `json:"trigger,omitempty"` // the event that set it off
}

// Whose returns the state that the duty is of.
func (d Duty) Whose() Country { return d.Member }

func (d Duty) key() string {
	trigger := ""
	if d.Trigger != nil {
		trigger = strconv.FormatUint(d.Trigger.Index, 10)
	}
	return strings.Join([]string{d.Obligation, string(d.Member), string(d.Period.From), string(d.Period.To), trigger}, "|")
}

// checkDuty finds the obligation.
func (d Duty) checkDuty(s *State, c Common) (Obligation, *Refusal) {
	o, ok := s.Obligation(d.Obligation)
	if !ok {
		return o, refuse("obligation.unknown", "obligation", fmt.Sprintf("no obligation %q is defined: check the id; its regime's custodian defines it (obligation.defined)", d.Obligation))
	}
	r := first(c.checkState("member", d.Member), d.Period.check("period"))
	if r == nil && d.Trigger != nil {
		_, r = s.target("trigger", *d.Trigger)
	}
	return o, r
}

// assume lets the duty be of a regime that the issuer keeps.
func (d Duty) assume(s *State, f Fact) {
	s.assumeRegime(f, anyRegime, f.Issuer.Member())
	s.obligations.put(d.Obligation, Obligation{ID: d.Obligation, Regime: anyRegime})
	if d.Trigger != nil {
		s.assumeEvent(*d.Trigger, Record{Statement: true})
	}
}

// ReportSubmitted says that a state submitted a report that a duty asks for. The
// document's hash stands under evidence.
type ReportSubmitted struct {
	Common
	Duty
	SubmittedOn Date     `json:"submitted_on"`
	Symbol      string   `json:"symbol,omitempty"`    // of the document
	Completed   []string `json:"completed,omitempty"` // sections of the obligation that it has
	Supplement  bool     `json:"supplement,omitzero"` // adds to a report submitted before
}

// Key is the duty; a supplement is about its own.
func (b ReportSubmitted) Key() string {
	if b.Supplement {
		return b.key() + "|supplement"
	}
	return b.key()
}

func (b ReportSubmitted) admit(s *State, f Fact) *Refusal {
	r := b.check(s, f)
	if r == nil && !b.Supplement {
		r = firstOfItsKind(s, f, "obligation", b.Key())
	}
	return r
}

func (b ReportSubmitted) check(s *State, f Fact) *Refusal {
	o, r := b.checkDuty(s, b.Common)
	r = first(r, required("submitted_on", string(b.SubmittedOn)), checkDate("submitted_on", b.SubmittedOn), s.sound(past(f, "submitted_on", b.SubmittedOn)), checkList("completed", b.Completed))
	for i, section := range b.Completed {
		if r == nil && len(o.Sections) > 0 && !slices.Contains(o.Sections, section) {
			r = refuse("report.section", fmt.Sprintf("completed[%d]", i), fmt.Sprintf("the obligation asks for no section %q: it has %s", section, strings.Join(o.Sections, ", ")))
		}
	}
	if r != nil {
		return r
	}
	return mayReport(s, f, b.Common, o.Regime, b.Member)
}

func (b ReportSubmitted) apply(s *State, f Fact) {
	if !b.Supplement {
		s.stand(reportType, b.Key(), f.Index)
	}
}

func (b ReportSubmitted) retract(s *State, key string, index uint64) {
	s.lapse(reportType, key, index)
}

// ExtensionGranted gives a state more time, by whoever the report is owed to:
// the regime's authority itself, or its custodian transcribing.
type ExtensionGranted struct {
	Common
	Duty
	Until     Date   `json:"until"`
	GrantedBy string `json:"granted_by,omitempty"` // the body, where it is not the signer
	Reason    *Text  `json:"reason,omitempty"`
}

// Key is the duty.
func (b ExtensionGranted) Key() string { return b.key() }

func (b ExtensionGranted) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b ExtensionGranted) check(s *State, f Fact) *Refusal {
	o, r := b.checkDuty(s, b.Common)
	if r = first(r, required("until", string(b.Until)), checkDate("until", b.Until)); r != nil {
		return r
	}
	regime, _ := s.regimes.get(o.Regime)
	return mayTranscribe(s, f, o.Regime, regime.Authority)
}

func (b ExtensionGranted) apply(*State, Fact) {}

// InapplicabilityDeclared says that a duty does not bind a state, or not for a
// period: it supplied nothing, it hosts nobody.
type InapplicabilityDeclared struct {
	Common
	Duty
	Reason Text `json:"reason"`
}

// Key is the duty.
func (b InapplicabilityDeclared) Key() string { return b.key() }

func (b InapplicabilityDeclared) admit(s *State, f Fact) *Refusal {
	return first(b.check(s, f), firstOfItsKind(s, f, "obligation", b.Key()))
}

func (b InapplicabilityDeclared) check(s *State, f Fact) *Refusal {
	o, r := b.checkDuty(s, b.Common)
	if r = first(r, required("reason.text", b.Reason.Text)); r != nil {
		return r
	}
	return mayTranscribe(s, f, o.Regime, b.Member)
}

func (b InapplicabilityDeclared) apply(s *State, f Fact) { s.stand(inapplicableType, b.Key(), f.Index) }

func (b InapplicabilityDeclared) retract(s *State, key string, index uint64) {
	s.lapse(inapplicableType, key, index)
}

// MeasureEnacted says that a state gave measures of a regime effect in its law.
type MeasureEnacted struct {
	Common
	Member     Country  `json:"member"`
	Regime     string   `json:"regime"`
	Measures   []string `json:"measures"`
	Instrument string   `json:"instrument"` // national
	EnactedOn  Date     `json:"enacted_on,omitempty"`
	InForceOn  Date     `json:"in_force_on"`
	InForceTo  Date     `json:"in_force_to,omitempty"`
}

// Key is the state, the regime and the instrument.
func (b MeasureEnacted) Key() string {
	return strings.Join([]string{string(b.Member), b.Regime, b.Instrument}, "|")
}

func (b MeasureEnacted) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b MeasureEnacted) check(s *State, f Fact) *Refusal {
	return first(b.checkState("member", b.Member), knownRegime(s, b.Regime), checkMeasures(s, "measures", b.Measures),
		required("instrument", b.Instrument), required("in_force_on", string(b.InForceOn)), checkDate("in_force_on", b.InForceOn),
		checkDate("enacted_on", b.EnactedOn), checkDate("in_force_to", b.InForceTo), inOrder("in_force_to", b.InForceOn, b.InForceTo),
		mayReport(s, f, b.Common, b.Regime, b.Member))
}

// Whose returns the state that enacted them.
func (b MeasureEnacted) Whose() Country { return b.Member }

func (b MeasureEnacted) apply(*State, Fact) {}

func (b MeasureEnacted) assume(s *State, f Fact) { s.assumeRegime(f, b.Regime, b.Member) }
