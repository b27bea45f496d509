package domain

import "fmt"

// Matter is what acts and reports share: what they rest on, and the third
// states that they concern. Embedding it makes a statement that may be corrected
// in full, changes no state, and may seal detail.
type Matter struct {
	Common
	Scope
	Summary *Text `json:"summary,omitempty"`
}

// Key is empty: a correction may change everything.
func (m Matter) Key() string { return "" }

// About returns the matter itself.
func (m Matter) About() Matter { return m }

func (m Matter) maySeal() bool { return true }

func (m Matter) apply(*State, Fact) {}

func (m Matter) checkMatter(s *State) *Refusal {
	return first(required("occurred_on", string(m.OccurredOn)), checkConcerning(m.Common, m.Concerning), checkBasis(s, m.Common, m.Regime, m.Designations))
}

// checkReport lets any agency say what happened in the world, and has it say how
// sure it is: whoever reads the report knows whose word it is.
func (m Matter) checkReport(s *State) *Refusal {
	return first(m.checkMatter(s), asserted(m.Common))
}

// mayTell lets a member speak for itself and the custodian transcribe. Of what a
// third state did, any agency may report, saying how sure it is.
func (m Matter) mayTell(s *State, f Fact, whose Country) *Refusal {
	if whose == "" {
		return nil
	}
	return mayReport(s, f, m.Common, m.regime(s), whose)
}

// Act is a matter that a state did itself. Member is that state, where it is not
// the signer's.
type Act struct {
	Matter
	Member Country `json:"member,omitempty"`
}

// Whose returns the state whose act it is, "" for the signer's own.
func (a Act) Whose() Country { return a.Member }

func (a Act) checkAct(s *State, f Fact) *Refusal {
	return first(a.checkMatter(s), checkCountryIfSet("member", a.Member), a.checkOwn(f), a.mayTell(s, f, a.Member))
}

func (a Act) checkOwn(f Fact) *Refusal {
	if a.Member == "" || a.Member == f.Issuer.Member() {
		return nil
	}
	return a.notInvented("member", a.Member)
}

// Order is the order or request that an act answers, so that the days between
// them can be counted.
type Order struct {
	RequestedBy string `json:"requested_by"` // a state, the Committee, a court, in words
	OrderedOn   Date   `json:"ordered_on"`
	Instrument  string `json:"instrument,omitempty"`
	Event       *Ref   `json:"event,omitempty"` // where it is recorded
}

func (o *Order) check(s *State, answered Date) *Refusal {
	if o == nil {
		return nil
	}
	if o.OrderedOn.Valid() && o.OrderedOn.Earliest() > answered.Latest() {
		return refuse("order.after_answer", "order.ordered_on", fmt.Sprintf("%s is later than %s, when it was answered: one of the two dates is wrong", o.OrderedOn, answered))
	}
	r := first(required("order.requested_by", o.RequestedBy), required("order.ordered_on", string(o.OrderedOn)), checkDate("order.ordered_on", o.OrderedOn))
	if r == nil && o.Event != nil {
		_, r = s.target("order.event", *o.Event)
	}
	return r
}

func (o *Order) assume(s *State) {
	if o != nil && o.Event != nil {
		s.assumeEvent(*o.Event, Record{Statement: true})
	}
}

func checkPeriod(field string, p *Period) *Refusal {
	if p == nil {
		return nil
	}
	return p.check(field)
}

// Party is who took part in a deal or a transfer, and as what.
type Party struct {
	Role    string  `json:"role"`
	Subject Subject `json:"subject"`
	Country Country `json:"country,omitempty"` // that it acts from
}

func checkParties(c Common, field string, parties []Party) *Refusal {
	for i, p := range parties {
		at := fmt.Sprintf("%s[%d]", field, i)
		r := first(oneOf(at+".role", p.Role, "supplier", "seller", "receiver", "buyer", "broker", "carrier", "vessel", "consignor", "consignee", "owner",
			"operator", "agent", "financier", "insurer", "manufacturer", "end_user", "trainer", "other"),
			p.Subject.check(at+".subject"), checkCountryIfSet(at+".country", p.Country))
		if r == nil && p.Country != "" {
			r = c.notInvented(at+".country", p.Country)
		}
		if r != nil {
			return r
		}
	}
	return nil
}
