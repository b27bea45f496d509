package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// judged is a listed designation with what it is in the sheet's state.
type judged struct {
	designated
	verdict
}

// judge looks at every designation listed on the day, once for a sheet.
func (s *sheet) judge() {
	if s.listed != nil {
		return
	}
	s.listed = make([][]judged, len(s.byNumber))
	for _, num := range s.v.lists.order {
		d, ok := s.designation(num)
		if !ok || d.status != StatusListed {
			continue
		}
		here := s.verdictAt(d, s.here)
		if s.listed[d.Regime] == nil {
			s.listed[d.Regime] = make([]judged, 0, len(s.v.lists.Rows)/len(s.listed)+1)
		}
		s.listed[d.Regime] = append(s.listed[d.Regime], judged{d, here})
		if here.inForce() || !s.heldSomewhere(d) || s.heldElsewhere(d, s.country) {
			continue
		}
		switch {
		case here.isGap():
			s.gaps = append(s.gaps, d.Event)
		case !here.lost():
			s.silent = append(s.silent, d.Event)
		}
	}
}

// differences counts what other states hold and this one does not, or has not
// recorded.
func (s *sheet) differences() {
	s.judge()
	if !slices.ContainsFunc(s.listed, func(list []judged) bool { return len(list) > 0 }) {
		return
	}
	slices.Sort(s.gaps)
	slices.Sort(s.silent)
	f := counted(ClassDifference, "differences.gaps", 4, len(s.gaps), -1)
	f.Name, f.Unit = "designations that another state holds and this one, by its own word or act, does not", "designations"
	f.Formula = "listed on the day, held by at least one state, here declared not in force or open"
	s.show(f, s.gaps)
	g := counted(ClassDifference, "differences.not_recorded", 4, len(s.silent), -1)
	g.Name, g.Unit = "designations that another state holds, not recorded here", "designations"
	g.Formula = "listed on the day, held by at least one state, nothing recorded here: not a finding"
	s.show(g, s.silent)
}

// heldElsewhere reports whether a state holds the same subject under another
// list's designation.
func (f *frame) heldElsewhere(d designated, c domain.Country) bool {
	for t := range f.twins(d) {
		if t.status == StatusListed && f.verdict(t, c).inForce() {
			return true
		}
	}
	if d.Basis == "" {
		return false
	}
	base, ok := f.designation(f.v.lists.byID[d.Basis])
	return ok && base.status == StatusListed && f.verdict(base, c).inForce()
}
