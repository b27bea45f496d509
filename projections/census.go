package projections

import "slices"

// census counts cells of all states over all listed designations. What states
// declared for a whole list is counted once for each kind of subject, and only
// the states with an act of their own are looked at designation by designation:
// the work grows with the acts, not with designations times members.
type census struct {
	counts [][]Counts // by number of the regime, then beside frame.states
	pairs  Differences
}

// ownAct is a state whose own act goes before what it declared.
type ownAct struct {
	state int
	verdict
}

// usual is what holds of most designations of a regime and kind.
type usual struct {
	n       int // designations counted so
	lacking Differences
	base    []verdict
	held    bool
}

func (f *frame) census() census {
	out := census{counts: make([][]Counts, len(f.byNumber))}
	for i := range out.counts {
		out.counts[i] = make([]Counts, len(f.states))
	}
	usuals := f.usuals()
	var all []verdict
	var changes []ownAct
	for num := range f.v.lists.Rows {
		d, ok := f.designation(int32(num))
		if !ok || d.status != StatusListed {
			continue
		}
		if !f.isUsual(d) {
			all = f.oneByOne(d, all, &out)
			continue
		}
		u := &usuals[d.Regime][d.Kind]
		changes = f.changes(d, changes[:0])
		f.take(d, u, changes, &out)
	}
	for r := range usuals {
		for k := range usuals[r] {
			for i, v := range usuals[r][k].base {
				out.counts[r][i].add(v, usuals[r][k].n)
			}
		}
	}
	return out
}

// usuals works out what the states' ways say, by regime and kind.
func (f *frame) usuals() [][len(kinds)]usual {
	out := make([][len(kinds)]usual, len(f.byNumber))
	for n, r := range f.byNumber {
		for k := range kinds {
			u := &out[n][k]
			if r == nil {
				continue
			}
			u.base, u.held = r.base[k], r.covers[k]
			for i, v := range u.base {
				if f.isWatched[i] {
					u.lacking.of(f.states[i].UserAssigned()).count(v, 1)
				}
			}
		}
	}
	return out
}

// isUsual reports whether acts alone decide where a designation differs from
// what states declared.
func (f *frame) isUsual(d designated) bool {
	r := f.byNumber[d.Regime]
	inPart := func(k int32) bool { return f.v.lists.Acts[k].Measures != 0 }
	return r != nil && d.plain() && d.Kind >= 0 && !slices.ContainsFunc(d.Acts, inPart) && d.Authority != "EU" && d.Basis == "" && len(d.Resting)+len(d.Linked)+len(r.some[d.Kind]) == 0
}

// changes lists the states that hold a designation by an act of their own.
func (f *frame) changes(d designated, out []ownAct) []ownAct {
	put := func(c ownAct) {
		for k := range out {
			if out[k].state == c.state {
				out[k] = c
				return
			}
		}
		out = append(out, c)
	}
	for _, k := range d.Acts {
		a := &f.v.lists.Acts[k]
		if i := f.acting[a.State]; i >= 0 && f.effective(a) && !d.stale(a) {
			put(ownAct{i, ownVerdict(a.Event)})
		}
	}
	if i, ok := f.number[d.Authority]; ok && d.Authority != "UN" {
		put(ownAct{i, ownVerdict(d.Event)})
	}
	return out
}

// take counts a usual designation.
func (f *frame) take(d designated, u *usual, changes []ownAct, out *census) {
	u.n++
	lacking := u.lacking
	for _, c := range changes {
		before := u.base[c.state]
		out.counts[d.Regime][c.state].add(before, -1)
		out.counts[d.Regime][c.state].add(c.verdict, 1)
		if f.isWatched[c.state] {
			lacking.of(f.states[c.state].UserAssigned()).count(before, -1)
		}
	}
	if u.held || len(changes) > 0 {
		out.pairs.of(d.Authority.UserAssigned()).sum(lacking.DifferenceCounts)
		out.pairs.Illustrative.sum(lacking.Illustrative)
	}
}

// oneByOne counts a designation that stands beside others, state by state.
func (f *frame) oneByOne(d designated, all []verdict, out *census) []verdict {
	all = f.verdicts(d, all)
	for i := range all {
		out.counts[d.Regime][i].add(all[i], 1)
	}
	if f.holders(all).atLeast(1) {
		q := &LoopholeQuery{}
		f.lacking = f.partial(d, q, all, f.missing(d, q, all, f.lacking[:0]))
		out.pairs.add(d.Authority, f.lacking)
	}
	return all
}

func (c *DifferenceCounts) sum(o DifferenceCounts) {
	c.Gaps += o.Gaps
	c.NotRecorded += o.NotRecorded
}

// count counts a state that does not hold a designation.
func (c *DifferenceCounts) count(v verdict, n int) {
	switch {
	case v.inForce():
	case v.isGap():
		c.Gaps += n
	default:
		c.NotRecorded += n
	}
}
