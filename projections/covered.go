package projections

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// conduct is what a statement tells of, as far as a permission can cover it.
type conduct struct {
	designations []string
	measures     []string // that it touches; none: no permission can be held against it
	from, to     domain.Date
	place        domain.Country
	concerning   []domain.Country
	teller       domain.Country
	who          []domain.Subject
	reference    string // of the permission that it names itself
}

// conductOf reads an event; false where it tells of nothing that is forbidden.
// A report whose type says which measure it is about need not name it.
func (t at) conductOf(e uint64) (conduct, bool) {
	c := conduct{teller: t.v.history.rows[e].issuer.Member()}
	switch b := t.v.history.standing(e, t.n).(type) {
	case *domain.ViolationReported:
		c.of(b.Common, b.Designations, b.Measures)
		c.from, c.to = cmp.Or(b.Period.From, c.from), cmp.Or(b.Period.To, c.to)
		c.concerning, c.who = b.Concerning, b.Subjects
		if b.Place != nil {
			c.place = b.Place.Country
		}
	case *domain.TravelBanEnforced:
		c.of(b.Common, b.Designations, []string{"travel_ban"})
		c.place, c.who, c.reference = b.Member, []domain.Subject{b.Subject}, b.Exemption
		return c, b.Action == "exempted"
	case *domain.AssetUnfrozen:
		freeze, ok := t.v.history.standing(b.Freeze.Index, t.n).(*domain.AssetFrozen)
		if !ok {
			return c, false
		}
		c.of(b.Common, freeze.Designations, []string{"asset_freeze"})
	case domain.TradeViolationReported:
		c.of(b.Common, b.Designations, tradeMeasures[b.Category])
		c.concerning, c.who = b.Concerns(), b.Subjects()
	case domain.ArmsTransferReported:
		c.of(b.Common, b.Designations, []string{"arms_embargo"})
		c.concerning, c.who = b.Concerns(), b.Subjects()
	case domain.ShipToShipTransferReported:
		c.of(b.Common, b.Designations, []string{"ship_to_ship_ban"})
		c.concerning, c.who = b.Concerns(), b.Subjects()
	default:
		return c, false
	}
	return c, true
}

// tradeMeasures are the measures that a category of goods falls under by itself.
var tradeMeasures = map[string][]string{"luxury": {"luxury_goods_ban"}, "arms": {"arms_embargo"}}

func (c *conduct) of(base domain.Common, designations, measures []string) {
	c.designations, c.measures, c.from, c.to = designations, measures, base.OccurredOn, base.OccurredOn
}

// covers lists the permissions under which what an event tells of was free. It
// was only if for each designation and each measure that it names some
// permission names both, was valid at the time, and binds there.
func (t at) covers(e uint64) []Cover {
	c, ok := t.conductOf(e)
	if !ok || len(c.measures) == 0 || len(c.designations) == 0 || c.from == "" || c.to == "" {
		return nil
	}
	var out []Cover
	for _, id := range c.designations {
		open := slices.Clone(c.measures)
		for _, at := range t.known(t.v.permits.Named[id]) {
			p, who, ok := t.permit(at)
			if !ok || !t.permitted(c, p, who, id) {
				continue
			}
			lifted := common(p.Measures, c.measures)
			open = slices.DeleteFunc(open, func(m string) bool { return slices.Contains(lifted, m) })
			if len(lifted) > 0 && !slices.ContainsFunc(out, func(o Cover) bool { return o.Index == at }) {
				out = append(out, Cover{Permit: p, Why: why(p, id, lifted)})
			}
		}
		if len(open) > 0 {
			return nil
		}
	}
	return out
}

// permitted reports whether a permission is about this conduct, but for its measures.
func (t at) permitted(c conduct, p Permit, who *domain.Subject, id string) bool {
	switch {
	case !slices.Contains(p.Designations, id), !validOn(c.from, c.to, p.ValidFrom, p.ValidTo),
		c.reference != "" && c.reference != p.Reference,
		!t.acted(c.who, who):
		return false
	case p.Kind == PermitLicence:
		return c.in(p.Giver)
	case p.Kind == PermitExemption:
		num, ok := t.v.lists.byID[id]
		d, known := t.designation(num)
		return ok && known && t.regimeID(d) == p.Regime
	}
	return true
}

// in reports whether a state's own permission binds where something was done:
// there, or in its name, or by who tells of it.
func (c conduct) in(state domain.Country) bool {
	switch {
	case c.place != "":
		return c.place == state
	case len(c.concerning) > 0:
		return slices.Contains(c.concerning, state)
	}
	return c.teller == state
}

// acted reports whether the one permitted is among those who acted, where both
// are named: by an identifier or by a name.
func (t at) acted(who []domain.Subject, permitted *domain.Subject) bool {
	if len(who) == 0 || permitted == nil {
		return true
	}
	return slices.ContainsFunc(who, func(s domain.Subject) bool { return t.sameNamed(&s, permitted) })
}

func (t at) sameNamed(a, b *domain.Subject) bool {
	fold := t.v.register.fold.fold
	for _, x := range a.Identifiers {
		if slices.ContainsFunc(b.Identifiers, func(y domain.Identifier) bool { return x.Scheme == y.Scheme && x.Value == y.Value }) {
			return true
		}
	}
	for _, x := range a.Names {
		if slices.ContainsFunc(b.Names, func(y domain.Name) bool { return fold(x.Text) == fold(y.Text) }) {
			return true
		}
	}
	return false
}

func common(a, b []string) []string {
	var out []string
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

func why(p Permit, id string, lifted []string) string {
	what := map[string]string{PermitExemption: "the Committee's exemption", PermitLicence: "a licence of " + string(p.Giver), PermitException: "an exception"}[p.Kind]
	return fmt.Sprintf("%s (%s), recorded at %d, names %s and lifts %s; valid%s%s", what, p.Reference, p.Index, id,
		strings.ReplaceAll(strings.Join(lifted, ", "), "_", " "), lead("from", string(p.ValidFrom)), lead("to", string(p.ValidTo)))
}

// Violations counts reports of violations. What was permitted is shown, and is
// not among those counted.
type Violations struct {
	Reported int    `json:"reported"` // not permitted, as far as is recorded
	Disputed int    `json:"disputed"` // of these
	Events   Events `json:"events"`
	Covered  int    `json:"covered"` // by an exemption, a licence or an exception
	Permits  Events `json:"covered_events"`
}

// violations counts the reports that stand and had happened by the day.
func (t at) violations() Violations {
	var reported, covered []uint64
	for _, kind := range []string{"violation.reported", "trade_violation.reported"} {
		for _, e := range t.known(t.v.history.kinds[kind]) {
			switch body := t.v.history.standing(e, t.n); {
			case body == nil || !t.happened(e):
			case len(t.covers(e)) > 0:
				covered = append(covered, e)
			default:
				reported = append(reported, e)
			}
		}
	}
	slices.Sort(reported)
	slices.Sort(covered)
	return Violations{
		Reported: len(reported), Disputed: t.tally(reported).flags.disputed, Events: bounded(reported), Covered: len(covered), Permits: bounded(covered),
	}
}
