package projections

import (
	"cmp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// exceptionMeasures are what an exception counts for. Its event names none; the
// humanitarian exceptions that stand in resolutions are from the asset freeze,
// so more is not taken to be free because somebody relied on one.
var exceptionMeasures = []string{"asset_freeze", "economic_resource"}

// permit reads a permission that stands; false for anything else.
func (t at) permit(e uint64) (Permit, *domain.Subject, bool) {
	out := Permit{Index: e, Designations: []string{}, Measures: []string{}}
	var who *domain.Subject
	switch b := t.v.history.standing(e, t.n).(type) {
	case domain.ExemptionGranted:
		out.Kind, out.Reference, out.Giver = PermitExemption, b.CommitteeRef, t.keeper(b.Regime)
		out.take(b.Act, b.Permission)
		who = b.Beneficiary
		t.end(&out, b.Key())
	case domain.LicenceGranted:
		out.Kind, out.Reference, out.Giver = PermitLicence, b.Licence, cmp.Or(b.Member, t.v.history.rows[e].issuer.Member())
		out.take(b.Act, b.Permission)
		who = b.Beneficiary
		t.end(&out, b.Key())
	case domain.ExceptionReliedOn:
		out.exception(b)
		out.Giver, who = cmp.Or(b.Member, t.v.history.rows[e].issuer.Member()), b.Beneficiary
	default:
		return out, nil, false
	}
	out.Beneficiary, out.Marks = named(who), t.marks(e)
	out.Valid = t.on == "" || validOn(t.on, t.on, out.ValidFrom, out.ValidTo)
	return out, who, true
}

func (p *Permit) take(a domain.Act, x domain.Permission) {
	p.Regime, p.Designations, p.Measures = a.Regime, append(p.Designations, a.Designations...), append(p.Measures, x.Measures...)
	p.Ground, p.Scope, p.ValueLimit = x.Ground, x.Scope.Text, x.ValueLimit
	p.ValidFrom, p.ValidTo = cmp.Or(x.ValidFrom, a.OccurredOn), x.ValidTo
}

func (p *Permit) exception(b domain.ExceptionReliedOn) {
	var provisions []string
	for _, l := range b.LegalBasis {
		provisions = append(provisions, strings.TrimSpace(l.Instrument+" "+l.Paragraph))
	}
	p.Kind, p.Reference = PermitException, strings.Join(provisions, "; ")
	p.Regime, p.Designations, p.Measures = b.Regime, append(p.Designations, b.Designations...), append(p.Measures, exceptionMeasures...)
	p.Ground, p.Scope, p.ValueLimit = b.Ground, b.Activity.Text, b.Amount
	p.ValidFrom, p.ValidTo = b.OccurredOn, b.OccurredOn
	if b.Period != nil {
		p.ValidFrom, p.ValidTo = cmp.Or(b.Period.From, b.OccurredOn), b.Period.To
	}
}

// keeper is the authority whose Committee keeps a regime.
func (t at) keeper(regime string) domain.Country {
	for _, e := range slices.Backward(t.v.lists.Regimes[regime]) {
		if b, ok := t.v.history.rows[e].body.(domain.RegimeAdopted); ok && e < t.n {
			return b.Authority
		}
	}
	return ""
}

// end notes the end of a permission that is known: the day counts whether or
// not it has come, as valid_to does.
func (t at) end(p *Permit, key string) {
	for _, e := range t.known(t.v.permits.Ended[key]) {
		var on domain.Date
		switch b := t.v.history.standing(e, t.n).(type) {
		case domain.LicenceEnded:
			if b.Key() != key {
				continue
			}
			on, p.Outcome = cmp.Or(b.EndedOn, b.OccurredOn), b.Outcome
		case domain.ExemptionEnded:
			if b.Key() != key {
				continue
			}
			on, p.Outcome = cmp.Or(b.EndedOn, b.OccurredOn), b.Outcome
		default:
			continue
		}
		p.EndedBy = &e
		if p.ValidTo == "" || on.Latest() < p.ValidTo.Latest() {
			p.ValidTo = on
		}
	}
}

// validOn reports whether all of a time lies in a validity; an open end, or one
// that is not stated, sets no limit.
func validOn(from, to, validFrom, validTo domain.Date) bool {
	return (validFrom == "" || from.Earliest() >= validFrom.Earliest()) && (validTo == "" || to.Latest() <= validTo.Latest())
}

// permitsOf lists the permissions that name one of some designations, ascending.
func (t at) permitsOf(ids ...string) []Permit {
	var events []uint64
	for _, id := range ids {
		events = append(events, t.known(t.v.permits.Named[id])...)
	}
	slices.Sort(events)
	out := []Permit{}
	for _, e := range slices.Compact(events) {
		p, _, ok := t.permit(e)
		if ok && slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(p.Designations, id) }) {
			out = append(out, p)
		}
	}
	return out
}
