package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const divergenceNotice = "One row is one measure of one designation that at least one state applies and at least one does not, or has not recorded. Not recorded is no finding; a gap rests on the state's own word or act."

// Divergences returns measures of designations that some states apply and
// others do not.
func (v *Views) Divergences(q DivergenceQuery) DivergencePage {
	f := v.frame(q.Query)
	page := DivergencePage{Scope: f.scope(), Divergences: []Divergence{}, Notice: divergenceNotice}
	f.eachHeld(&LoopholeQuery{Regime: q.Regime, Kind: q.Kind}, func(d designated, all []verdict) {
		cols := slices.Clone(f.columns(d))
		slices.SortFunc(cols, func(a, b *column) int { return strings.Compare(a.measure, b.measure) })
		for _, col := range cols {
			if q.Measure != "" && col.measure != q.Measure {
				continue
			}
			f.diverges(&q, &page, d, col, all)
		}
	})
	page.Next = q.next(page.Next)
	return page
}

// diverges adds a row, or counts it where it is on another page.
func (f *frame) diverges(q *DivergenceQuery, page *DivergencePage, d designated, col *column, all []verdict) {
	f.measured = f.measured[:0]
	for i, v := range all {
		f.measured = append(f.measured, f.ofMeasure(col, d, i, v))
	}
	f.lacking = f.lackingMeasure(&q.LoopholeQuery, f.measured, f.lacking[:0])
	if !f.holders(f.measured).atLeast(q.MinHolders) || len(f.lacking) == 0 {
		return
	}
	page.Total++
	page.Pairs.add(d.Authority, f.lacking)
	key := d.ID + "|" + col.measure
	switch {
	case q.Cursor != "" && !laterRow(key, q.Cursor):
	case len(page.Divergences) == q.limit():
		last := page.Divergences[len(page.Divergences)-1]
		page.Next = last.Designation + "|" + last.Measure
	default:
		page.Divergences = append(page.Divergences, f.divergence(d, col, f.measured, f.lacking))
	}
}

// laterRow reports whether a row comes after another: by designation, then by
// measure.
func laterRow(key, cursor string) bool {
	id, measure, _ := strings.Cut(key, "|")
	last, after, _ := strings.Cut(cursor, "|")
	return id > last || id == last && measure > after
}

func (f *frame) lackingMeasure(q *LoopholeQuery, all []verdict, out []missing) []missing {
	for i, v := range all {
		if v.state != inForce && f.isWatched[i] && (q.State == "" || f.states[i] == q.State) && (!q.GapsOnly || v.isGap()) {
			out = append(out, missing{f.states[i], v, i})
		}
	}
	return out
}

func (f *frame) divergence(d designated, col *column, all []verdict, lacking []missing) Divergence {
	out := Divergence{
		Designation: d.ID, Measure: col.measure, Name: nameOf(f.subject(d)), Regime: f.regimeID(d), Authority: d.Authority, Kind: d.kind(),
		ListedOn: d.listedOn(), HolderCounts: f.holders(all), InForce: []domain.Country{}, Lacking: []StateCall{}, NotRecorded: []domain.Country{},
		Marks: f.marks(d.Event), Events: []uint64{d.Event},
	}
	for i, v := range all {
		if v.inForce() {
			out.InForce, out.Events = append(out.InForce, f.states[i]), append(out.Events, v.event)
		}
	}
	for _, m := range lacking {
		if m.state == notRecorded {
			out.NotRecorded = append(out.NotRecorded, m.country)
			continue
		}
		cell := StateCell{Country: m.country, Cell: f.cell(m.verdict)}
		out.Lacking, out.Events = append(out.Lacking, StateCall{cell, m.call()}), append(out.Events, cell.Events...)
	}
	slices.Sort(out.Events)
	out.Events = slices.Compact(out.Events)
	return out
}
