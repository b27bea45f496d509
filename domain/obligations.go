package domain

import (
	"fmt"
	"slices"
	"strings"
)

// ObligationKinds is the vocabulary of duties to report or to act.
func ObligationKinds() []string { return strings.Fields(obligationKindNames) }

const obligationKindNames = `implementation_report petroleum_notice crude_notice repatriation_midterm repatriation_final
 inspection_followup joint_venture_closure office_closure benchmark other`

const kindBenchmark = "benchmark"

// Obligation is what the state keeps of a duty.
type Obligation struct {
	ID        string
	Regime    string
	Kind      string
	Sections  []string
	DefinedAt uint64
	Withdrawn bool
}

// Obligation returns a duty by its id.
func (s *State) Obligation(id string) (Obligation, bool) {
	o, ok := s.obligations.get(id)
	return o, ok && !o.Withdrawn
}

// ObligationDefined transcribes a duty from an instrument, so that views invent
// none: whom it binds, what sets it off, and when it is due. The custodian of
// the regime transcribes it, or the authority's own agency. A kind benchmark
// rests on a benchmark that a quorum adopted and is no law.
type ObligationDefined struct {
	Common
	Obligation string    `json:"obligation"` // its id, as UN-2397-5-petroleum
	Regime     string    `json:"regime"`
	Kind       string    `json:"kind"`
	Title      Text      `json:"title"`
	Instrument string    `json:"instrument,omitempty"`
	Paragraph  string    `json:"paragraph,omitempty"`
	Benchmark  string    `json:"benchmark,omitempty"` // id of the one adopted, where kind is benchmark
	AppliesTo  AppliesTo `json:"applies_to"`
	Trigger    Trigger   `json:"trigger"`
	Due        Due       `json:"due"`
	Recurrence string    `json:"recurrence"`
	Sections   []string  `json:"sections,omitempty"` // that a report must have
	EndsOn     Date      `json:"ends_on,omitempty"`  // the duty ends
	Limit      *Limit    `json:"limit,omitempty"`    // that what is notified counts against
	Source     Checked   `json:"source"`
}

// AppliesTo says whom a duty binds. Who supplies, hosts or inspects is decided
// by what is recorded: without a trigger there is no duty.
type AppliesTo struct {
	Who    string    `json:"who"`
	States []Country `json:"states,omitempty"` // where who is named
}

// Trigger sets a duty off: a day, an event of some type, or each period.
type Trigger struct {
	Kind   string   `json:"kind"`             // date, event, period
	On     Date     `json:"on,omitempty"`     // of a date: that of adoption, say
	Events []string `json:"events,omitempty"` // event types
	From   Date     `json:"from,omitempty"`   // of a period: where the first begins
}

// Due is the day that a duty is due: fixed, or days after its trigger, which of
// a period is its last day.
type Due struct {
	On   Date `json:"on,omitempty"`
	Days int  `json:"days,omitzero"`
}

// Checked says whether the duty was compared with the original instrument.
// Where it was not, whatever shows it says so.
type Checked struct {
	Checked bool   `json:"checked"`
	Note    string `json:"note,omitempty"`
}

// Limit is the most of a product that all suppliers together may supply in a
// calendar year, in barrels or in another unit.
type Limit struct {
	Product string   `json:"product"`
	Amount  Quantity `json:"amount"`
	Per     string   `json:"per"`
}

func (l *Limit) check(kind string) *Refusal {
	if l == nil {
		return nil
	}
	if kind != "petroleum_notice" && kind != "crude_notice" {
		return refuse("obligation.limit", "limit", "a limit stands with the duty to notify what counts against it: petroleum_notice or crude_notice")
	}
	return first(oneOf("limit.product", l.Product, "refined", "crude"), l.Amount.check("limit.amount"), oneOf("limit.per", l.Per, "year"))
}

// Key is the id of the duty.
func (b ObligationDefined) Key() string { return b.Obligation }

func (b ObligationDefined) admit(s *State, f Fact) *Refusal {
	if o, ok := s.Obligation(b.Obligation); ok {
		return refuse("obligation.duplicate", "obligation", fmt.Sprintf("%s was defined at index %d: correct that event, or take another id", b.Obligation, o.DefinedAt))
	}
	return b.check(s, f)
}

func (b ObligationDefined) check(s *State, f Fact) *Refusal {
	r := first(checkID("obligation", b.Obligation), knownRegime(s, b.Regime), oneOf("kind", b.Kind, ObligationKinds()...),
		required("title.text", b.Title.Text), b.checkBasis(s), b.AppliesTo.check(b.Common), b.Trigger.check(s), b.checkDue(),
		checkDate("ends_on", b.EndsOn), checkList("sections", b.Sections), b.Limit.check(b.Kind))
	if r != nil {
		return r
	}
	regime, _ := s.regimes.get(b.Regime)
	return first(b.notInvented("regime", regime.Authority), mayTranscribe(s, f, b.Regime, regime.Authority))
}

// checkBasis keeps duties and benchmarks apart.
func (b ObligationDefined) checkBasis(s *State) *Refusal {
	_, adopted := s.benchmarks.get(b.Benchmark)
	switch {
	case b.Kind == kindBenchmark && !adopted:
		return refuse("obligation.no_benchmark", "benchmark", fmt.Sprintf("no benchmark %q is adopted: a quorum adopts it first (benchmark.adopted)", b.Benchmark))
	case b.Kind != kindBenchmark && b.Benchmark != "":
		return refuse("obligation.not_law", "benchmark", "a benchmark is no law: give kind benchmark, or leave it out")
	case b.Kind != kindBenchmark:
		return required("instrument", b.Instrument)
	}
	return nil
}

func (a AppliesTo) check(c Common) *Refusal {
	if (a.Who == "named") != (len(a.States) > 0) {
		return refuse("obligation.applies_to", "applies_to.states", "name the states where who is named, and only there")
	}
	return first(oneOf("applies_to.who", a.Who, "all", "suppliers", "hosts", "inspectors", "named"), c.checkStates("applies_to.states", a.States))
}

func (t Trigger) check(s *State) *Refusal {
	for i, typ := range t.Events {
		if !mayTrigger(s, typ) {
			return refuse("obligation.trigger_type", fmt.Sprintf("trigger.events[%d]", i), fmt.Sprintf("no event type %q is known under these rules: check the spelling", typ))
		}
	}
	if (t.Kind == "date") != (t.On != "") || (t.Kind == "event") != (len(t.Events) > 0) || t.From != "" && t.Kind != "period" {
		return refuse("obligation.trigger", "trigger", "give the day (on) of a date, the types (events) of an event, and of a period at most its start (from)")
	}
	return first(oneOf("trigger.kind", t.Kind, "date", "event", "period"), checkDate("trigger.on", t.On), checkDate("trigger.from", t.From))
}

// mayTrigger accepts the types of the rules in force. Without any, as in a
// check of the shape, all types do.
func mayTrigger(s *State, typ string) bool {
	k, ok := kinds[typ]
	return ok && (k.rules <= s.Rules() || s.Rules() == 0)
}

func (b ObligationDefined) checkDue() *Refusal {
	periodic := b.Recurrence == "monthly" || b.Recurrence == "quarterly" || b.Recurrence == "yearly"
	switch {
	case b.Due.Days < 0, (b.Due.On == "") == (b.Due.Days == 0), b.Due.On != "" && b.Trigger.Kind != "date":
		return refuse("obligation.due", "due", "give either the day (on), which only a date can have, or the days after the trigger (days)")
	case periodic != (b.Trigger.Kind == "period"):
		return refuse("obligation.recurrence", "recurrence", "a period comes monthly, quarterly or yearly; a date or an event sets a duty off each time by itself (none)")
	}
	return first(oneOf("recurrence", b.Recurrence, "none", "monthly", "quarterly", "yearly"), checkDate("due.on", b.Due.On))
}

func checkList(field string, list []string) *Refusal {
	for i, x := range list {
		if x == "" || slices.Contains(list[:i], x) {
			return refuse("list.repeated", fmt.Sprintf("%s[%d]", field, i), "each entry stands once, and none is empty")
		}
	}
	return nil
}

func (b ObligationDefined) apply(s *State, f Fact) {
	s.obligations.put(b.Obligation, b.kept(f.Index))
}

func (b ObligationDefined) kept(at uint64) Obligation {
	return Obligation{ID: b.Obligation, Regime: b.Regime, Kind: b.Kind, Sections: b.Sections, DefinedAt: at}
}

func (b ObligationDefined) assume(s *State, f Fact) {
	s.assumeRegime(f, b.Regime, f.Issuer.Member())
	s.benchmarks.put(b.Benchmark, 1)
}

func (b ObligationDefined) mayRevise(*State, uint64) *Refusal { return nil }

func (b ObligationDefined) revise(s *State, _ Fact, target uint64) {
	if o, _ := s.obligations.get(b.Obligation); o.DefinedAt == target {
		s.obligations.put(b.Obligation, b.kept(target))
	}
}

func (b ObligationDefined) retract(s *State, key string, index uint64) {
	if o, ok := s.obligations.get(key); ok && o.DefinedAt == index {
		o.Withdrawn = true
		s.obligations.put(key, o)
	}
}
