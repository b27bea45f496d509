package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Matrix returns states by regimes by measures.
func (v *Views) Matrix(q MatrixQuery) Matrix {
	f := v.frame(q.Query)
	out := Matrix{Scope: f.scope(), States: []domain.Country{}, Regimes: []string{}, Rows: []MatrixRow{}}
	for _, c := range f.watched {
		if q.State == "" || q.State == c {
			out.States = append(out.States, c)
		}
	}
	grids := f.grids()
	for _, id := range f.ids {
		if q.Regime != "" && q.Regime != id {
			continue
		}
		out.Regimes = append(out.Regimes, id)
		g := grids[id]
		for _, measure := range g.sorted() {
			for _, c := range out.States {
				out.Rows = append(out.Rows, g.rowOf(f, measure, c))
			}
		}
	}
	return out
}

// grid is one regime's part of the matrix. Its columns are the regime's
// measures and then those that its designations add.
type grid struct {
	regime   string
	measures []string
	columns  []*column           // beside measures
	listed   map[int32][]*column // by the number of a list of measures
}

// column is one measure: how each state implements it, and the cells counted.
type column struct {
	measure string
	ways    [][len(kinds)]way // beside states
	base    [][len(kinds)]verdict
	counts  []Counts // beside states
}

// newGrids returns a grid for each regime, with a column for each of its measures.
func (f *frame) newGrids() (byID map[string]*grid, byNumber []*grid) {
	byID, byNumber = map[string]*grid{}, make([]*grid, len(f.byNumber))
	for _, id := range f.ids {
		byID[id] = &grid{regime: id, listed: map[int32][]*column{}}
		for _, m := range f.regimes[id].Measures {
			byID[id].column(f, m)
		}
		if n, ok := f.v.lists.regimes[id]; ok {
			byNumber[n] = byID[id]
		}
	}
	return byID, byNumber
}

// grids counts every listed designation under each of its measures.
func (f *frame) grids() map[string]*grid {
	out, byNumber := f.newGrids()
	var all []verdict
	for num := range f.v.lists.Rows {
		d, ok := f.designation(int32(num))
		if !ok || d.status != StatusListed || byNumber[d.Regime] == nil || d.Kind < 0 {
			continue
		}
		all = f.verdicts(d, all)
		for _, col := range byNumber[d.Regime].columnsOf(f, d) {
			f.countMeasure(col, d, all)
		}
	}
	return out
}

// columnsOf returns the columns of a designation's measures.
func (g *grid) columnsOf(f *frame, d designated) []*column {
	if !d.asListed() {
		return g.columnsFor(f, f.measures(d))
	}
	out, ok := g.listed[d.Measures]
	if !ok {
		out = g.columnsFor(f, f.measures(d))
		g.listed[d.Measures] = out
	}
	return out
}

func (g *grid) columnsFor(f *frame, measures []string) []*column {
	out := make([]*column, len(measures))
	for i, m := range measures {
		out[i] = g.column(f, m)
	}
	return out
}

// countMeasure counts the cells of one measure.
func (f *frame) countMeasure(col *column, d designated, all []verdict) {
	for i, v := range all {
		col.counts[i].add(f.ofMeasure(col, d, i, v), 1)
	}
}

// ofMeasure says of one measure what a verdict says of the whole designation:
// by the state's own act where it carries the measure, by EU law, by a court's
// ruling, or by what is declared of the measure.
func (f *frame) ofMeasure(col *column, d designated, i int, v verdict) verdict {
	if v.lost() {
		return v
	}
	throughEU := d.Authority == "EU" && v.mode == modeThroughEU
	if !throughEU && (!v.own() || v.mode == modeOwnPart && !f.bears(v, col.measure)) {
		v = col.base[i][d.Kind]
	}
	if len(d.Court) > 0 && v.state == inForce && slices.Contains(f.struck(d, i, v), col.measure) {
		v.state, v.mode = notInForce, modeAnnulled
	}
	return v
}

// bears reports whether a state's own act carries a measure.
func (f *frame) bears(v verdict, measure string) bool {
	if where := f.v.lists.Where[v.event]; where > 0 {
		if a := &f.v.lists.Acts[where-1]; a.at(f.n) {
			return a.Measures == 0 || slices.Contains(f.v.lists.measuresAt(a.Measures), measure)
		}
	}
	switch b := f.v.history.bodyAt(v.event, f.n).(type) {
	case *domain.DesignationTransposed:
		return len(b.Measures) == 0 || slices.Contains(b.Measures, measure)
	case *domain.DesignationAdopted:
		return slices.Contains(b.Measures, measure)
	}
	return false
}

// column returns a measure's column, making it if need be.
func (g *grid) column(f *frame, measure string) *column {
	if i := slices.Index(g.measures, measure); i >= 0 {
		return g.columns[i]
	}
	col := &column{measure: measure, counts: make([]Counts, len(f.states))}
	for _, c := range f.states {
		declared := f.declarations(c)
		var ways [len(kinds)]way
		var base [len(kinds)]verdict
		for k, kind := range kinds {
			ways[k] = choose(declared, g.regime, kind, measure)
			base[k] = ways[k].verdict()
		}
		col.ways, col.base = append(col.ways, ways), append(col.base, base)
	}
	g.measures, g.columns = append(g.measures, measure), append(g.columns, col)
	return col
}

func (g *grid) sorted() []string { return slices.Sorted(slices.Values(g.measures)) }

func (g *grid) rowOf(f *frame, measure string, c domain.Country) MatrixRow {
	i, col := f.number[c], g.column(f, measure)
	row := MatrixRow{Country: c, Regime: g.regime, Measure: measure, Modes: []string{}, Through: f.throughEU(c, g.regime), Counts: col.counts[i]}
	var events []uint64
	for _, w := range col.ways[i] {
		if w.mode != "" && !slices.Contains(row.Modes, w.mode) {
			row.Modes = append(row.Modes, w.mode)
		}
		if w.mode != "" && !slices.Contains(events, w.event) {
			events = append(events, w.event)
		}
	}
	slices.Sort(row.Modes)
	slices.Sort(events)
	row.Events = bounded(events)
	return row
}
