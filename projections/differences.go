package projections

import (
	"fmt"
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
		list, apart := &s.silent, &s.silentApart
		switch {
		case here.isGap():
			list, apart = &s.gaps, &s.gapsApart
		case here.lost():
			continue
		}
		if !s.country.UserAssigned() && inventedPair(d.Authority, s.country) {
			*apart++
			continue
		}
		*list = append(*list, d.Event)
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
	s.showBeside(f, s.gaps, s.gapsApart)
	g := counted(ClassDifference, "differences.not_recorded", 4, len(s.silent), -1)
	g.Name, g.Unit = "designations that another state holds, not recorded here", "designations"
	g.Formula = "listed on the day, held by at least one state, nothing recorded here: not a finding"
	s.showBeside(g, s.silent, s.silentApart)
}

// showBeside shows a real state's figure; its text names those of invented
// lists apart, which are not counted.
func (s *sheet) showBeside(f Figure, events []uint64, apart int) {
	y := s.tally(events)
	text := y.words(f.number())
	if apart > 0 {
		text += fmt.Sprintf("; %d illustrative are not counted", apart)
	}
	s.showAs(f, y, text)
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
