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
		page.Pairs.add(d.Authority, lacking)
		if q.Cursor != "" && d.ID <= q.Cursor {
			return
		}
		if len(page.Loopholes) == q.limit() {
			page.Next = page.Loopholes[len(page.Loopholes)-1].Designation
			return
		}
		page.Loopholes = append(page.Loopholes, f.loophole(d, all, lacking))
	})
	page.Next = q.next(page.Next)
	return page
}

// eachLoophole calls see with every designation that enough states hold and
// at least one state watched does not, or not with all measures, in the order
// of ids. What see is given holds until it returns.
func (f *frame) eachLoophole(q *LoopholeQuery, see func(d designated, all []verdict, lacking []missing)) {
	f.eachHeld(q, func(d designated, all []verdict) {
		f.lacking = f.partial(d, q, all, f.missing(d, q, all, f.lacking[:0]))
		if len(f.lacking) > 0 {
			see(d, all, f.lacking)
		}
	})
}

// eachHeld calls see with every designation listed on the day that enough
// states hold.
func (f *frame) eachHeld(q *LoopholeQuery, see func(d designated, all []verdict)) {
	var all []verdict
	for _, num := range f.v.lists.order {
		d, ok := f.designation(num)
		if !ok || d.status != StatusListed || q.Regime != "" && f.regimeID(d) != q.Regime || q.Kind != "" && d.kind() != q.Kind {
			continue
		}
		if all = f.verdicts(d, all); f.holders(all).atLeast(q.MinHolders) {
			see(d, all)
		}
	}
}

// missing is a state that does not hold a designation, before it is shown.
type missing struct {
	country domain.Country
	verdict
	number int // beside frame.states
}

func (f *frame) missing(d designated, q *LoopholeQuery, all []verdict, out []missing) []missing {
	joined := d.Basis != "" || len(d.Resting)+len(d.Linked) > 0
	for i, v := range all {
		if v.state == inForce || !f.isWatched[i] || q.State != "" && f.states[i] != q.State || q.GapsOnly && !v.isGap() {
			continue
		}
		if !joined || !f.heldElsewhere(d, f.states[i]) {
			out = append(out, missing{f.states[i], v, i})
		}
	}
	return out
}

// partial adds the states watched in which a designation is in force without
// some of its measures.
func (f *frame) partial(d designated, q *LoopholeQuery, all []verdict, out []missing) []missing {
	cols := f.columns(d)
	for i, v := range all {
		whole := v.own() && v.mode != modeOwnPart && len(d.Court) == 0
		if v.state != inForce || whole || !f.isWatched[i] || q.State != "" && f.states[i] != q.State {
			continue
		}
		if slices.ContainsFunc(cols, func(col *column) bool {
			of := f.ofMeasure(col, d, i, v)
			return of.state != inForce && (!q.GapsOnly || of.isGap())
		}) {
			out = append(out, missing{f.states[i], v, i})
		}
	}
	return out
}

// columns returns the columns of a designation's measures; none where its
// regime is not adopted or its kind is unknown.
func (f *frame) columns(d designated) []*column {
	if f.byGrid == nil {
		_, f.byGrid = f.newGrids()
	}
	if g := f.byGrid[d.Regime]; g != nil && d.Kind >= 0 {
		return g.columnsOf(f, d)
	}
	return nil
}

func (f *frame) difference(d designated, m missing) Difference {
	out := Difference{StateCell: StateCell{Country: m.country, Cell: f.cell(m.verdict)}, Call: m.call(), Through: f.throughEU(m.country, f.regimeID(d)), Measures: []MeasureCell{}}
	for _, col := range f.columns(d) {
		v := f.ofMeasure(col, d, m.number, m.verdict)
		out.Measures = append(out.Measures, MeasureCell{Measure: col.measure, State: stateNames[v.state], Mode: modeNames[v.mode], Call: v.call()})
	}
	return out
}

// call names a difference: a gap only by the state's own word or act.
func (v verdict) call() string {
	switch {
	case v.state == inForce:
		return ""
	case v.isGap():
		return "gap"
	case v.lost():
		return "by court"
	}
	return "not recorded"
}

func (f *frame) loophole(d designated, all []verdict, lacking []missing) Loophole {
	out := Loophole{
		Designation: d.ID, Name: nameOf(f.subject(d)), Regime: f.regimeID(d), Authority: d.Authority, Kind: d.kind(), ListedOn: d.Listed,
		HolderCounts: f.holders(all), Holders: []StateCell{}, Missing: []Difference{}, Partial: []Difference{},
		Measures: append([]string{}, f.measures(d)...), Marks: f.marks(d.Event), Events: []uint64{d.Event},
	}
	for i, v := range all {
		if v.inForce() {
			out.Holders = append(out.Holders, StateCell{Country: f.states[i], Cell: f.cell(v)})
			out.Events = append(out.Events, v.event)
		}
	}
	for _, m := range lacking {
		diff := f.difference(d, m)
		list := &out.Missing
		if m.inForce() {
			diff.Call, list = "partial", &out.Partial
		}
		*list, out.Events = append(*list, diff), append(out.Events, diff.Events...)
	}
	slices.Sort(out.Events)
	out.Events = slices.Compact(out.Events)
	return out
}
