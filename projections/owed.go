package projections

import (
	"cmp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// plainSource names where a duty stands.
func plainSource(o owed) string {
	if o.Benchmark != "" {
		return "benchmark " + o.Benchmark
	}
	return strings.TrimSpace(o.Instrument + " " + o.Paragraph)
}

// owed works out the duties that may bind the sheet's state, by id, once for a
// sheet.
func (s *sheet) owed() []owed {
	if s.owing != nil {
		return s.owing
	}
	s.owing = []owed{}
	filed := s.filings()
	for _, e := range s.v.history.kinds["obligation.defined"] {
		b, ok := s.acts(s.country, e).(*domain.ObligationDefined)
		if !ok || !s.mayBind(b) {
			continue
		}
		o := owed{ObligationDefined: b, event: e}
		for _, c := range s.occasions(&o) {
			o.cases = append(o.cases, s.judgeCase(&o, c, filed))
		}
		if len(o.cases) == 0 && o.none == "" {
			o.none = "nothing that sets this duty off is recorded of this state"
		}
		s.owing = append(s.owing, o)
	}
	slices.SortFunc(s.owing, func(a, b owed) int {
		return cmp.Or(cmp.Compare(a.Obligation, b.Obligation), cmp.Compare(a.event, b.event))
	})
	return s.owing
}

// mayBind reports whether a duty can be this state's: the UN's bind every state
// watched, another authority's itself, its union and those that its regime
// addresses. A code that stands for nobody real may play the UN.
func (s *sheet) mayBind(b *domain.ObligationDefined) bool {
	r := s.regimes[b.Regime]
	switch {
	case r == nil:
		return false
	case b.AppliesTo.Who == "named":
		return slices.Contains(b.AppliesTo.States, s.country)
	case r.Authority == "EU" && s.union[s.here]:
		return true
	}
	return r.Authority == "UN" || r.Authority.UserAssigned() || r.Authority == s.country || slices.Contains(r.Addressees, s.country)
}

// occasion is what sets a duty off once.
type occasion struct {
	day      domain.Date // of the period, the last
	period   *domain.Period
	event    *uint64
	asserted bool     // by others alone
	own      bool     // something here is the state's own word
	behind   []uint64 // what shows that the duty binds
}

func (s *sheet) occasions(o *owed) []occasion {
	var out []occasion
	switch o.Trigger.Kind {
	case "date":
		out = s.onDate(o)
	case "event":
		out = s.onEvents(o)
	case "period":
		out = s.onPeriods(o)
	}
	return slices.DeleteFunc(out, func(c occasion) bool { return o.EndsOn != "" && c.day.Earliest() > o.EndsOn.Latest() })
}

// onDate is set off once, on its day; of those that supply, host or inspect,
// only where something shows that they do.
func (s *sheet) onDate(o *owed) []occasion {
	if s.on != "" && !o.Trigger.On.OnOrBefore(s.on) {
		o.none = "the day that sets this duty off has not come"
		return nil
	}
	one := occasion{day: o.Trigger.On.Latest()}
	if !takesPart(o.AppliesTo.Who) {
		return []occasion{one}
	}
	shown := s.shows(o)
	if len(shown) == 0 {
		return nil
	}
	return []occasion{s.joined(one, shown)}
}

func takesPart(who string) bool { return who == "suppliers" || who == "hosts" || who == "inspectors" }

// joined is an occasion with the events that show that the duty binds.
func (s *sheet) joined(c occasion, shown []occasion) occasion {
	c.asserted = true
	for _, x := range shown {
		c.behind = append(c.behind, x.behind...)
		c.asserted, c.own = c.asserted && x.asserted, c.own || x.own
	}
	return c
}

// onEvents is set off by each event of the state.
func (s *sheet) onEvents(o *owed) []occasion {
	var out []occasion
	for _, kind := range o.Trigger.Events {
		out = append(out, s.eventsOf(o, kind)...)
	}
	slices.SortFunc(out, func(a, b occasion) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(*a.event, *b.event)) })
	return out
}

// shows lists what shows that a state supplies, hosts or inspects.
func (s *sheet) shows(o *owed) []occasion {
	var out []occasion
	for _, kind := range map[string][]string{
		"suppliers":  {"petroleum_transfer.reported"},
		"hosts":      {"workers.reported", "workers.repatriated"},
		"inspectors": {"vessel.inspected"},
	}[o.AppliesTo.Who] {
		out = append(out, s.eventsOf(o, kind)...)
	}
	return out
}

// eventsOf lists the state's events of a type under the duty's regime.
func (s *sheet) eventsOf(o *owed, kind string) []occasion {
	var out []occasion
	for _, a := range s.affairs(s.country, kind) {
		if id := s.regimeOf(a.body); id != "" && id != o.Regime || !ofProduct(o.Kind, a.body) {
			continue
		}
		own := s.v.history.rows[a.event].issuer.Member() == s.country
		c := occasion{day: s.dayOf(a).Latest(), event: &a.event, own: own, asserted: !s.established(o.Regime, a), behind: []uint64{a.event}}
		if p := periodOf(a.body); p != nil {
			c.day, c.period = p.To, p
		}
		out = append(out, c)
	}
	return out
}

// ofProduct keeps notices on crude apart from those on what is refined.
func ofProduct(kind string, body domain.Body) bool {
	b, ok := body.(domain.PetroleumTransferReported)
	return !ok || kind != "petroleum_notice" && kind != "crude_notice" || (kind == "crude_notice") == (b.Product == "crude")
}

// established reports whether an event of another's telling is more than an
// assertion: the supplier's own notification, or what the custodian transcribed.
func (s *sheet) established(regime string, a affair) bool {
	issuer := s.v.history.rows[a.event].issuer
	if b, ok := a.body.(domain.PetroleumTransferReported); ok {
		return b.Status == "notified" || issuer.Member() == s.country
	}
	r := s.regimes[regime]
	return s.members[s.country] || issuer.Member() == s.country || r != nil && issuer == r.Custodian
}

// regimeOf returns the regime that a statement names, or its first designation's.
func (t at) regimeOf(body domain.Body) string {
	id, designations := matterOf(body)
	if id != "" || len(designations) == 0 {
		return id
	}
	num, ok := t.v.lists.byID[designations[0]]
	if !ok {
		return ""
	}
	d, ok := t.designation(num)
	if !ok {
		return ""
	}
	return t.regimeID(d)
}

func matterOf(body domain.Body) (regime string, designations []string) {
	switch b := body.(type) {
	case interface{ About() domain.Matter }:
		return b.About().Regime, b.About().Designations
	case *domain.WorkersReported:
		return b.Regime, b.Designations
	case *domain.WorkersRepatriated:
		return b.Regime, b.Designations
	case *domain.JointVentureReported:
		return b.Regime, b.Designations
	}
	return "", nil
}

// periodOf is the period that a statement counts over, at whole days.
func periodOf(body domain.Body) *domain.Period {
	var p domain.Period
	switch b := body.(type) {
	case domain.PetroleumTransferReported:
		p = b.Period
	case *domain.WorkersReported:
		p = b.Period
	case *domain.WorkersRepatriated:
		p = b.Period
	}
	if p == (domain.Period{}) {
		return nil
	}
	whole := wholeDays(p)
	return &whole
}

// wholeDays writes a period with its first and last day; of one whose other
// end is left out, those of the end that is there.
func wholeDays(p domain.Period) domain.Period {
	return domain.Period{From: cmp.Or(p.From, p.To).Earliest(), To: cmp.Or(p.To, p.From).Latest()}
}

// meets reports whether two periods of whole days have a day in common.
func meets(a, b domain.Period) bool { return a.From <= b.To && b.From <= a.To }
