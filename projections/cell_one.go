package projections

import "slices"

// verdictAt says of one state, by its place in f.states, what verdicts says of
// all: a page about one state looks at no other.
func (f *frame) verdictAt(d designated, i int) verdict {
	state := f.states[i]
	if !d.plain() {
		f.scratch = f.verdicts(d, f.scratch)
		return f.scratch[i]
	}
	if d.Authority == state && state != "UN" {
		return ownVerdict(d.Event)
	}
	for _, k := range slices.Backward(d.Acts) {
		a := &f.v.lists.Acts[k]
		if f.acting[a.State] != i || !f.effective(a) || d.stale(a) {
			continue
		}
		v := ownVerdict(a.Event)
		if a.Measures != 0 {
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
			out = f.byTwin(t, out)
		}
	}
	return out
}

// byTwin is what a state's own designation of another list that stands for one
// makes of a verdict.
func (f *frame) byTwin(t designated, was verdict) verdict {
	switch {
	case t.status == StatusListed:
		return verdict{t.Event, inForce, modeOwnPart}
	case !was.inForce() && f.lostInCourt(t):
		return verdict{t.fate.event, notInForce, uint8(slices.Index(modeNames[:], t.status))}
	}
	return was
}

// plain reports whether a designation is listed and no court was asked about it.
func (d designated) plain() bool { return len(d.Court) == 0 && d.status == StatusListed }

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
	if !d.plain() {
		f.scratch = f.verdicts(d, f.scratch)
		return slices.ContainsFunc(f.scratch, verdict.inForce)
	}
	if _, ok := f.number[d.Authority]; ok && d.Authority != "UN" {
		return true
	}
	for _, k := range d.Acts {
		if a := &f.v.lists.Acts[k]; f.acting[a.State] >= 0 && f.effective(a) && !d.stale(a) {
			return true
		}
	}
	if f.covered(d) || d.Authority == "EU" && slices.Contains(f.union, true) {
		return true
	}
	for t := range f.twins(d) {
		if _, ok := f.number[t.Authority]; ok && t.status == StatusListed {
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
