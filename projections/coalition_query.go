package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const summaryNotice = "Counts are of what is recorded. Not recorded is not non-compliance, and states are not ranked."

// Summary returns the coalition at a glance.
func (v *Views) Summary(q Query) Summary {
	f := v.frame(q)
	out := Summary{Scope: f.scope(), Members: len(f.members), States: len(f.watched), Regimes: []RegimeSummary{}, Events: map[string]int{}, Notice: summaryNotice}
	for i := range f.n {
		f.tallyEvent(i, &out)
	}
	byRegime, removed := f.everyDesignation()
	for _, id := range f.ids {
		out.Regimes = append(out.Regimes, f.summarise(id, byRegime[id], removed[id]))
	}
	f.eachConflict("", "", func(DateConflict) { out.Conflicts++ })
	f.eachLoophole(&LoopholeQuery{}, func(_ designated, _ []verdict, lacking []missing) {
		out.Loopholes.add(lacking)
	})
	return out
}

func (f *frame) tallyEvent(i uint64, out *Summary) {
	rec := &f.v.history.rows[i]
	out.Events[rec.kind]++
	if !rec.statement {
		return
	}
	marks := f.flagsOf(i)
	count(&out.Disputed, marks.disputed)
	count(&out.Illustrative, marks.illustrative)
	count(&out.Withdrawn, !f.v.history.stands(i, f.n))
	count(&out.Corrected, len(rec.versions) > 0 && rec.versions[0].from < f.n)
}

func (f *frame) everyDesignation() (listed map[string][]designated, removed map[string]int) {
	listed, removed = map[string][]designated{}, map[string]int{}
	for _, num := range f.v.lists.order {
		d, ok := f.designation(num)
		switch {
		case ok && d.status == StatusListed:
			listed[d.body.Regime] = append(listed[d.body.Regime], d)
		case ok && d.status == StatusRemoved:
			removed[d.body.Regime]++
		}
	}
	return listed, removed
}

func (f *frame) summarise(id string, listed []designated, removed int) RegimeSummary {
	r := f.regimes[id]
	out := RegimeSummary{
		Regime: id, Name: r.Name, Authority: r.Authority, Listed: len(listed), Removed: removed,
		ByKind: map[string]int{}, States: map[string]int{},
	}
	for _, d := range listed {
		out.ByKind[d.body.Subject.Kind]++
	}
	for _, c := range f.watched {
		modes := f.modes(id, c)
		for _, m := range modes {
			out.States[m]++
		}
		if len(modes) == 0 {
			out.States[CellNotRecorded]++
		}
		counts, _ := f.count(listed, c)
		out.CellCounts.sum(counts)
	}
	return out
}

func (c *DifferenceCounts) add(lacking []missing) {
	for _, m := range lacking {
		if isGap(m.state) {
			c.Gaps++
		} else {
			c.NotRecorded++
		}
	}
}

// Matrix returns states by regimes by measures.
func (v *Views) Matrix(q MatrixQuery) Matrix {
	f := v.frame(q.Query)
	out := Matrix{Scope: f.scope(), States: []domain.Country{}, Regimes: []string{}, Rows: []MatrixRow{}}
	for _, c := range f.watched {
		if q.State == "" || q.State == c {
			out.States = append(out.States, c)
		}
	}
	listed := f.listed()
	for _, id := range f.ids {
		if q.Regime != "" && q.Regime != id {
			continue
		}
		out.Regimes = append(out.Regimes, id)
		for _, measure := range f.measuresOf(id, listed[id]) {
			out.Rows = append(out.Rows, f.matrixRows(id, measure, listed[id], out.States)...)
		}
	}
	return out
}

// measuresOf lists the measures of a regime and of its listed designations.
func (f *frame) measuresOf(id string, listed []designated) []string {
	out := slices.Clone(f.regimes[id].Measures)
	for _, d := range listed {
		for _, m := range f.measures(d) {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (f *frame) matrixRows(id, measure string, listed []designated, states []domain.Country) []MatrixRow {
	under := slices.DeleteFunc(slices.Clone(listed), func(d designated) bool { return !slices.Contains(f.measures(d), measure) })
	var out []MatrixRow
	for _, c := range states {
		declared := f.declarations(c)
		row := MatrixRow{Country: c, Regime: id, Measure: measure, Modes: []string{}}
		ways := [len(kinds)]way{}
		var events []uint64
		for k, kind := range kinds {
			if ways[k] = f.measureWay(declared, id, c, k, kind, measure); ways[k].mode == "" {
				continue
			}
			if !slices.Contains(row.Modes, ways[k].mode) {
				row.Modes = append(row.Modes, ways[k].mode)
			}
			if ways[k].declared && !slices.Contains(events, ways[k].event) {
				events = append(events, ways[k].event)
			}
		}
		for _, d := range under {
			row.Counts.add(f.measureCell(d, c, measure, ways[kindNumber(d.body.Subject.Kind)]))
		}
		slices.Sort(row.Modes)
		slices.Sort(events)
		row.Events = bounded(events)
		out = append(out, row)
	}
	return out
}

// measureWay is how a state implements one measure: as declared of it, else
// an act of its own read from its transpositions.
func (f *frame) measureWay(declared []declaration, id string, c domain.Country, k int, kind, measure string) way {
	if w := choose(declared, id, kind, measure); w.mode != "" {
		return w
	}
	if w := f.regimes[id].ways[f.number[c]][k]; !w.declared {
		return w
	}
	return way{}
}

// measureCell says whether one measure of a designation has effect.
func (f *frame) measureCell(d designated, c domain.Country, measure string, w way) verdict {
	if v, ok := f.ownAct(d, c); ok && f.actBears(d, v, measure) {
		return v
	}
	if d.body.Authority == "EU" && c.EUMember() {
		return throughEU(d)
	}
	return w.verdict()
}

// actBears reports whether a state's own act carries a measure; an act that
// names none carries all.
func (f *frame) actBears(d designated, act verdict, measure string) bool {
	switch b := f.v.history.bodyAt(act.event, f.n).(type) {
	case *domain.DesignationTransposed:
		return len(b.Measures) == 0 || slices.Contains(b.Measures, measure)
	case *domain.DesignationAdopted:
		return act.event == d.event || slices.Contains(b.Measures, measure)
	}
	return false
}

// DateConflicts returns pairs of published dates that cannot both be right.
func (v *Views) DateConflicts(q ConflictQuery) ConflictPage {
	f := v.frame(q.Query)
	var all []DateConflict
	f.eachConflict(q.State, q.Regime, func(c DateConflict) { all = append(all, c) })
	slices.SortFunc(all, func(a, b DateConflict) int { return strings.Compare(conflictKey(a), conflictKey(b)) })
	page := ConflictPage{Scope: f.scope(), Total: len(all), Conflicts: []DateConflict{}}
	for _, c := range all {
		if q.Cursor != "" && conflictKey(c) <= q.Cursor {
			continue
		}
		if len(page.Conflicts) == q.limit() {
			page.Next = conflictKey(page.Conflicts[len(page.Conflicts)-1])
			break
		}
		page.Conflicts = append(page.Conflicts, c)
	}
	return page
}

func conflictKey(c DateConflict) string { return string(c.Country) + "|" + c.Designation }

// eachConflict calls see with every conflict of entries on UN designations.
func (t at) eachConflict(state domain.Country, regime string, see func(DateConflict)) {
	for c, postings := range t.v.lists.Transposed {
		if state != "" && c != state {
			continue
		}
		for _, p := range postings {
			b := t.transposes(c, p.Event)
			if b == nil {
				continue
			}
			d, ok := t.designation(p.Row)
			if !ok || d.body.Authority != "UN" || regime != "" && d.body.Regime != regime {
				continue
			}
			days, dated := daysBetween(d.listedOn(), b.EffectOn())
			if reason := conflict(days); dated && reason != "" {
				see(t.conflict(d, b, p.Event, days, reason))
			}
		}
	}
}
