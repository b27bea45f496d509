package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Fold takes the next fact.
func (l *lists) Fold(f domain.Fact) {
	l.Where = append(l.Where, 0)
	switch b := f.Body.(type) {
	case domain.CoalitionFounded, domain.MemberAdmitted, domain.MemberWithdrew:
		l.Members = append(l.Members, f.Index)
	case domain.RegimeAdopted:
		l.Regimes[b.ID] = append(l.Regimes[b.ID], f.Index)
	case domain.BenchmarkAdopted:
		if b.Measure != "obligation_days" { // that is told with its obligation
			l.Benchmarks[b.Regime] = append(l.Benchmarks[b.Regime], f.Index)
		}
	case domain.ImplementationDeclared:
		l.Declared[b.Member] = append(l.Declared[b.Member], f.Index)
	case domain.SubjectLinked:
		l.link(b.Key(), b.A, b.B, f.Index)
	case domain.SubjectUnlinked:
		l.Links[b.Key()] = append(l.Links[b.Key()], f.Index)
	case domain.EventCorrected:
		l.correct(f.Index, b)
	case domain.EventWithdrawn:
		l.end(b.Target.Index, f.Index)
	case domain.ChallengeFiled, domain.CourtRuled, domain.StayEnded:
		l.court(f.Index, f.Body)
	default:
		l.foldDesignation(f)
	}
}

func (l *lists) foldDesignation(f domain.Fact) {
	switch b := f.Body.(type) {
	case domain.DesignationAdopted:
		l.adopt(Span{f.Index, f.Index, forever}, b)
	case domain.DesignationTransposed:
		l.transpose(Span{f.Index, f.Index, forever}, b)
	case domain.DesignationAmended:
		r := &l.Rows[l.row(b.Designation)]
		r.Amended = append(r.Amended, f.Index)
	case domain.DesignationRemoved:
		r := &l.Rows[l.row(b.Designation)]
		r.Removed = append(r.Removed, f.Index)
	case domain.DesignationSuspended:
		r := &l.Rows[l.row(b.Designation)]
		r.Removed = append(r.Removed, f.Index)
	case domain.DesignationReinstated:
		r := &l.Rows[l.row(b.Designation)]
		r.Removed, r.Amended = append(r.Removed, f.Index), append(r.Amended, f.Index)
	}
}

func (l *lists) adopt(k Span, b domain.DesignationAdopted) {
	n := l.row(b.Designation)
	l.Where[k.Event] = -(n + 1)
	listed := b.AdoptedOn
	if listed == "" {
		listed = b.InForceOn
	}
	regime, kind := l.regime(b.Regime), kindNumber(b.Subject.Kind)
	l.Rows[n].Adoptions = append(l.Rows[n].Adoptions, adoption{
		Span: k, Listed: listed, Day: lastDay(listed), Authority: b.Authority, Basis: b.Basis, Measures: l.measures(b.Measures), Regime: regime, Kind: int8(kind),
	})
	if b.Basis == "" {
		return
	}
	if r := &l.Rows[l.row(b.Basis)]; !slices.Contains(r.Resting, n) {
		r.Resting = append(r.Resting, n)
	}
}

func (l *lists) transpose(k Span, b domain.DesignationTransposed) {
	n, state, number := l.row(b.Designation), l.state(b.Member), int32(len(l.Acts))
	l.Where[k.Event] = number + 1
	l.Acts = append(l.Acts, act{
		Span: k, Effect: b.EffectOn(), Day: lastDay(b.EffectOn()), Row: n, Notice: l.notice(b), State: state, Measures: l.measures(b.Measures), Void: b.Illustrative && !b.Member.UserAssigned(),
	})
	l.Rows[n].Acts = append(l.Rows[n].Acts, number)
	l.ByState[state] = append(l.ByState[state], number)
}

func (l *lists) correct(at uint64, b domain.EventCorrected) {
	st, r := b.Body()
	if r != nil {
		return
	}
	switch body := st.(type) {
	case domain.ChallengeFiled, domain.CourtRuled, domain.StayEnded:
		l.court(b.Target.Index, body)
	case domain.DesignationAdopted:
		if l.end(b.Target.Index, at) {
			l.adopt(Span{b.Target.Index, at, forever}, body)
		}
	case domain.DesignationTransposed:
		if l.end(b.Target.Index, at) {
			l.transpose(Span{b.Target.Index, at, forever}, body)
		}
	}
}

// court notes what was brought to or decided by a court under the designation
// that it speaks of. A reader checks what it says at its query.
func (l *lists) court(event uint64, body domain.Body) {
	id := ""
	switch b := body.(type) {
	case domain.ChallengeFiled:
		id = b.Designation
	case domain.CourtRuled:
		id = b.Designation
	case domain.StayEnded:
		put(l.Stays, b.Ruling.Index, event)
		return
	}
	r := &l.Rows[l.row(id)]
	if i, found := slices.BinarySearch(r.Court, event); !found {
		r.Court = slices.Insert(r.Court, i, event)
	}
}

// end closes the version of an event that stands; false if none does.
func (l *lists) end(event, at uint64) bool {
	if event >= uint64(len(l.Where)) {
		return false
	}
	if where := l.Where[event]; where > 0 {
		return l.Acts[where-1].end(at)
	} else if where < 0 {
		versions := l.Rows[-where-1].Adoptions
		for i := range versions {
			if versions[i].Event == event && versions[i].end(at) {
				return true
			}
		}
	}
	return false
}

func (k *Span) end(at uint64) bool {
	if k.To != forever {
		return false
	}
	k.To = at
	return true
}

func (l *lists) link(key, a, b string, event uint64) {
	l.Links[key] = append(l.Links[key], event)
	for _, id := range []string{a, b} {
		r := &l.Rows[l.row(id)]
		if !slices.Contains(r.Linked, key) {
			r.Linked = append(r.Linked, key)
		}
	}
}
