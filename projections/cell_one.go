package projections

import "slices"

// verdictAt says of one state, by its place in f.states, what verdicts says of
// all: a page about one state looks at no other.
func (f *frame) verdictAt(d designated, i int) verdict {
	state := f.states[i]
	if d.Authority == state && state != "UN" {
		return ownVerdict(d.Event)
	}
	for _, k := range slices.Backward(d.Acts) {
		a := &f.v.lists.Acts[k]
		if f.acting[a.State] != i || !f.effective(a) {
			continue
		}
		v := ownVerdict(a.Event)
		if !a.Whole {
			v.mode = modeOwnPart
		}
		return v
	}
	out := f.declaredAt(d, i)
	if d.Authority == "EU" && f.union[i] {
		out = verdict{d.Event, inForce, modeThroughEU}
	}
	if len(d.Resting)+len(d.Linked) == 0 {
		return out
	}
	for t := range f.twins(d) {
		if t.Authority == state {
			out = verdict{t.Event, inForce, modeOwnPart}
		}
	}
	return out
}

// declaredAt says of one state what declared says of all.
func (f *frame) declaredAt(d designated, i int) verdict {
	r := f.byNumber[d.Regime]
	if r == nil || d.Kind < 0 {
		return verdict{}
	}
	if named := r.ways[i][d.Kind].measures; len(named) > 0 && !bearsOne(f.measures(d), named) {
		return verdict{}
	}
	return r.base[d.Kind][i]
}

func bearsOne(borne, named []string) bool {
	return slices.ContainsFunc(borne, func(m string) bool { return slices.Contains(named, m) })
}

// heldSomewhere reports whether a designation is in force in any state.
func (f *frame) heldSomewhere(d designated) bool {
	if _, ok := f.number[d.Authority]; ok && d.Authority != "UN" {
		return true
	}
	for _, k := range d.Acts {
		if a := &f.v.lists.Acts[k]; f.acting[a.State] >= 0 && f.effective(a) {
			return true
		}
	}
	if f.covered(d) || d.Authority == "EU" && slices.Contains(f.union, true) {
		return true
	}
	for t := range f.twins(d) {
		if _, ok := f.number[t.Authority]; ok {
			return true
		}
	}
	return false
}

// covered reports whether what some state declared for the whole list covers a
// designation.
func (f *frame) covered(d designated) bool {
	r := f.byNumber[d.Regime]
	if r == nil || d.Kind < 0 || !r.covers[d.Kind] {
		return false
	}
	return len(r.some[d.Kind]) == 0 || slices.ContainsFunc(f.declared(d), verdict.inForce)
}
