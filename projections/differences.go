package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// differences counts what other states hold and this one does not, or has not
// recorded.
func (s *sheet) differences(listed map[string][]designated) {
	var gaps, silent []uint64
	var all []verdict
	here := s.number[s.country]
	for _, id := range s.ids {
		for _, d := range listed[id] {
			all = s.verdicts(d, all)
			if all[here].inForce() || s.holders(all) == 0 || s.heldElsewhere(d, s.country) {
				continue
			}
			if isGap(all[here].state) {
				gaps = append(gaps, d.event)
			} else {
				silent = append(silent, d.event)
			}
		}
	}
	slices.Sort(gaps)
	slices.Sort(silent)
	f := counted(ClassDifference, "differences.gaps", 4, len(gaps), -1)
	f.Name, f.Unit = "designations that another state holds and this one, by its own word or act, does not", "designations"
	f.Formula = "listed on the day, held by at least one state, here declared not in force or open"
	s.show(f, gaps)
	g := counted(ClassDifference, "differences.not_recorded", 4, len(silent), -1)
	g.Name, g.Unit = "designations that another state holds, not recorded here", "designations"
	g.Formula = "listed on the day, held by at least one state, nothing recorded here: not a finding"
	s.show(g, silent)
}

// isGap reports whether a state's own word or act makes a difference a gap.
func isGap(state string) bool { return state == CellOpen || state == CellNotInForce }

// heldElsewhere reports whether a state holds the same subject under another
// list's designation.
func (f *frame) heldElsewhere(d designated, c domain.Country) bool {
	for t := range f.twins(d) {
		if f.verdict(t, c).inForce() {
			return true
		}
	}
	if d.body.Basis == "" {
		return false
	}
	base, ok := f.designation(f.v.lists.byID[d.body.Basis])
	return ok && base.status == StatusListed && f.verdict(base, c).inForce()
}
