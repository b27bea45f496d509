package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// verdict is a cell before it is shown: small, because a query over a large
// list makes hundreds of thousands. Event is meant only when there is a mode.
type verdict struct {
	event uint64
	state cellState
	mode  uint8 // place in modeNames
}

type cellState uint8

const (
	notRecorded cellState = iota
	open
	notInForce
	inForce
)

var (
	stateNames = [...]string{CellNotRecorded, CellOpen, CellNotInForce, CellInForce}
	modeNames  = [...]string{
		"", domain.ModeOwnAct, domain.ModeThroughEU, domain.ModeAutomatic, domain.ModeByReference,
		domain.ModeGeneralProhibition, domain.ModeInherited, domain.ModeNotInForce, domain.ModeOwnAct,
		StatusAnnulled, StatusSuspended, StatusRemoved, StatusPending,
	}
)

const (
	modeOwnAct    = 1
	modeThroughEU = 2
	modeOwnPart   = 8 // an act of its own that may not carry all measures
	modeAnnulled  = 9 // this and those after it: it has no effect, by no word of the state
)

func (v verdict) inForce() bool { return v.state == inForce }

// own reports that an act of the state itself gives effect.
func (v verdict) own() bool {
	return v.state == inForce && (v.mode == modeOwnAct || v.mode == modeOwnPart)
}

// isGap reports whether a state's own word or act makes a difference a gap. What
// a court decided, or became of the designation itself, does not.
func (v verdict) isGap() bool { return v.state == open || v.state == notInForce && !v.lost() }

// lost reports that effect ended with the designation or by a court's ruling.
func (v verdict) lost() bool { return v.state == notInForce && v.mode >= modeAnnulled }

func ownVerdict(event uint64) verdict { return verdict{event, inForce, modeOwnAct} }

// cell shows a verdict, with the day from which it holds.
func (t at) cell(v verdict) Cell {
	c := Cell{State: stateNames[v.state], Mode: modeNames[v.mode], Events: []uint64{}}
	if v.mode == 0 {
		return c
	}
	c.Events = append(c.Events, v.event)
	switch b := t.v.history.bodyAt(v.event, t.n).(type) {
	case *domain.DesignationTransposed:
		if v.inForce() {
			c.Since = b.EffectOn()
		}
	case *domain.DesignationAdopted:
		if c.Since = b.AdoptedOn; c.Since == "" {
			c.Since = b.InForceOn
		}
	case *domain.ImplementationDeclared:
		c.Since = b.ValidFrom
	case domain.CourtRuled:
		c.Since = t.lostSince(v.event, b)
	default:
		_, c.Since = t.turned(v.event)
	}
	return c
}

// verdicts says of every state, in the order of f.states, whether a
// designation has effect there. A state's own act goes before what it declared
// for a whole list: its own decision, then its transposition, then a
// designation of its own that stands for this one.
func (f *frame) verdicts(d designated, out []verdict) []verdict {
	out = append(out[:0], f.declared(d)...)
	if d.Authority == "EU" {
		for i := range out {
			if f.union[i] {
				out[i] = verdict{d.Event, inForce, modeThroughEU}
			}
		}
	}
	for t := range f.twins(d) {
		if i, ok := f.number[t.Authority]; ok {
			out[i] = f.byTwin(t, out[i])
		}
	}
	for _, k := range d.Acts {
		a := &f.v.lists.Acts[k]
		if i := f.acting[a.State]; i >= 0 && f.effective(a) && !d.stale(a) {
			out[i] = ownVerdict(a.Event)
			if a.Measures != 0 {
				out[i].mode = modeOwnPart
			}
		}
	}
	if i, ok := f.number[d.Authority]; ok && d.Authority != "UN" {
		out[i] = ownVerdict(d.Event)
	}
	if len(d.Court) > 0 {
		f.heed(d, out)
	}
	if d.status != StatusListed {
		f.follow(d, out)
	}
	return out
}

// declared says what each state declared for designations of this regime and
// kind. What a state declared of some measures says nothing of a designation
// that bears none of them. The answer is good until the next call.
func (f *frame) declared(d designated) []verdict {
	r := f.byNumber[d.Regime]
	if r == nil || d.Kind < 0 {
		return f.silence
	}
	if len(r.some[d.Kind]) == 0 {
		return r.base[d.Kind]
	}
	if !d.asListed() {
		f.scratchBase = r.narrowed(d.Kind, f.measures(d), f.scratchBase[:0])
		return f.scratchBase
	}
	key := narrowKey{d.Regime, d.Kind, d.Measures}
	out, ok := f.narrow[key]
	if !ok {
		out = r.narrowed(d.Kind, f.measures(d), nil)
		f.narrow[key] = out
	}
	return out
}

// narrowKey is what a state's words are narrowed by: the measures listed.
type narrowKey struct {
	regime   int16
	kind     int8
	measures int32
}

func (r *regime) narrowed(kind int8, borne []string, out []verdict) []verdict {
	out = append(out, r.base[kind]...)
	for _, i := range r.some[kind] {
		named := r.ways[i][kind].measures
		if !bearsOne(borne, named) {
			out[i] = verdict{}
		}
	}
	return out
}

// verdict says the same of one state.
func (f *frame) verdict(d designated, c domain.Country) verdict {
	i, ok := f.number[c]
	if !ok {
		return verdict{}
	}
	return f.verdictAt(d, i)
}

// twins yields designations of other lists that stand for d: they rest on it,
// or a link calls both the same subject. Some may not be listed on the day.
func (f *frame) twins(d designated) func(yield func(designated) bool) {
	return func(yield func(designated) bool) {
		for _, num := range d.Resting {
			if t, ok := f.designation(num); ok && t.Basis == d.ID && !yield(t) {
				return
			}
		}
		for _, num := range f.sameAs(d.row) {
			if t, ok := f.designation(num); ok && t.Basis != d.ID && !yield(t) {
				return
			}
		}
	}
}

// sameAs returns the rows that a standing link joins to this one.
func (t at) sameAs(r *row) []int32 {
	var out []int32
	for _, key := range r.Linked {
		link := t.link(key)
		if link == nil || link.Relation != "same_as" {
			continue
		}
		other := link.A
		if other == r.ID {
			other = link.B
		}
		out = append(out, t.v.lists.byID[other])
	}
	return out
}

// link returns the link of a key if the last standing word on it joins.
func (t at) link(key string) *domain.SubjectLinked {
	_, body := t.v.history.latest(t.v.lists.Links[key], t.n)
	if b, ok := body.(domain.SubjectLinked); ok {
		return &b
	}
	return nil
}

// verdict is what a way says of a designation that has no act of its own.
func (w way) verdict() verdict {
	v := verdict{event: w.event, mode: uint8(slices.Index(modeNames[:], w.mode))}
	switch {
	case domain.Covers(w.mode):
		v.state = inForce
	case w.mode == domain.ModeNotInForce:
		v.state = notInForce
	case w.mode == domain.ModeOwnAct:
		v.state = open
	}
	return v
}

// add counts a cell n times.
func (c *Counts) add(v verdict, n int) {
	c.Listed += n
	switch {
	case v.own():
		c.Transposed += n
	case v.state == inForce:
		c.Covered += n
	case v.state == open:
		c.Open += n
	case v.state == notInForce:
		c.NotInForce += n
	default:
		c.NotRecorded += n
	}
}

func (c *Counts) sum(o Counts) {
	c.Listed += o.Listed
	c.Transposed += o.Transposed
	c.Open += o.Open
	c.Covered += o.Covered
	c.NotInForce += o.NotInForce
	c.NotRecorded += o.NotRecorded
}

// holders counts the states in which a designation is in force, the EU and
// its states once. Verdicts are in the order of f.states.
func (f *frame) holders(all []verdict) HolderCounts {
	n, union, nobody := 0, 0, 0
	for i, v := range all {
		switch {
		case v.state != inForce:
		case f.states[i].UserAssigned():
			nobody++
		case f.union[i] || v.mode == modeThroughEU: // a state that has left was part of it then
			union = 1
		default:
			n++
		}
	}
	return HolderCounts{n + union, nobody}
}
