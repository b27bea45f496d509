package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const loopholeNotice = "A difference is called a gap only where the state declared the measure not in force, or acts by an act of its own and has not acted. Where nothing is recorded, it is called not recorded: that is no finding. The EU and its states count once among holders."

// Loopholes returns designations that some states hold and others do not.
func (v *Views) Loopholes(q LoopholeQuery) LoopholePage {
	f := v.frame(q.Query)
	page := LoopholePage{Scope: f.scope(), Loopholes: []Loophole{}, Notice: loopholeNotice}
	f.eachLoophole(&q, func(d designated, all []verdict, lacking []missing) {
		page.Total++
		page.Pairs.add(lacking)
		if q.Cursor != "" && d.row.ID <= q.Cursor {
			return
		}
		if len(page.Loopholes) == q.limit() {
			page.Next = page.Loopholes[len(page.Loopholes)-1].Designation
			return
		}
		page.Loopholes = append(page.Loopholes, f.loophole(d, all, lacking))
	})
	return page
}

// eachLoophole calls see with every designation that enough states hold and
// at least one state watched does not, in the order of ids.
func (f *frame) eachLoophole(q *LoopholeQuery, see func(d designated, all []verdict, lacking []missing)) {
	var all []verdict
	for _, num := range f.v.lists.order {
		d, ok := f.designation(num)
		if !ok || d.status != StatusListed || q.Regime != "" && d.body.Regime != q.Regime || q.Kind != "" && d.body.Subject.Kind != q.Kind {
			continue
		}
		all = f.verdicts(d, all)
		if f.holders(all) < max(q.MinHolders, 1) {
			continue
		}
		if lacking := f.missing(d, q, all); len(lacking) > 0 {
			see(d, all, lacking)
		}
	}
}

func (f *frame) missing(d designated, q *LoopholeQuery, all []verdict) []missing {
	var out []missing
	for _, c := range f.watched {
		v := all[f.number[c]]
		if q.State != "" && c != q.State || v.inForce() || q.GapsOnly && !isGap(v.state) || f.heldElsewhere(d, c) {
			continue
		}
		out = append(out, missing{c, v})
	}
	return out
}

// missing is a state that does not hold a designation, before it is shown.
type missing struct {
	country domain.Country
	verdict
}

func (m missing) shown() Difference {
	call := "not recorded"
	if isGap(m.state) {
		call = "gap"
	}
	return Difference{StateCell: StateCell{Country: m.country, Cell: m.cell()}, Call: call}
}

func (f *frame) loophole(d designated, all []verdict, lacking []missing) Loophole {
	out := Loophole{
		Designation: d.row.ID, Name: nameOf(f.subject(d)), Regime: d.body.Regime, Authority: d.body.Authority,
		Kind: d.body.Subject.Kind, ListedOn: d.listedOn(), HolderCount: f.holders(all), Holders: []StateCell{},
		Missing: []Difference{}, Measures: slices.Clone(f.measures(d)), Marks: f.marks(d.event), Events: []uint64{d.event},
	}
	for i, v := range all {
		if v.inForce() {
			out.Holders = append(out.Holders, StateCell{Country: f.states[i], Cell: v.cell()})
			out.Events = append(out.Events, v.event)
		}
	}
	for _, m := range lacking {
		out.Missing = append(out.Missing, m.shown())
		out.Events = append(out.Events, m.cell().Events...)
	}
	slices.Sort(out.Events)
	out.Events = slices.Compact(out.Events)
	return out
}
