package projections

import (
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// verdict is a cell before it is shown. Event is meant only when mode is set.
type verdict struct {
	state string
	mode  string
	since domain.Date
	event uint64
}

func (v verdict) cell() Cell {
	c := Cell{State: v.state, Mode: v.mode, Since: v.since, Events: []uint64{}}
	if v.mode != "" {
		c.Events = append(c.Events, v.event)
	}
	return c
}

func (v verdict) inForce() bool { return v.state == CellInForce }

// own reports that an act of the state itself gives effect.
func (v verdict) own() bool { return v.inForce() && v.mode == domain.ModeOwnAct }

// verdict says whether a designation has effect in a state. A state's own act
// goes before what it declared for a whole list.
func (f *frame) verdict(d designated, c domain.Country) verdict {
	if v, ok := f.ownAct(d, c); ok {
		return v
	}
	if d.body.Authority == "EU" && c.EUMember() {
		return throughEU(d)
	}
	return f.way(d, c).verdict()
}

// verdicts says the same for every state, in the order of f.states.
func (f *frame) verdicts(d designated, out []verdict) []verdict {
	out = out[:0]
	r, k := f.regimes[d.body.Regime], kindNumber(d.body.Subject.Kind)
	for i := range f.states {
		switch {
		case d.body.Authority == "EU" && f.union[i]:
			out = append(out, throughEU(d))
		case r == nil || k < 0:
			out = append(out, way{}.verdict())
		default:
			out = append(out, r.ways[i][k].verdict())
		}
	}
	for t := range f.twins(d) {
		if i, ok := f.number[t.body.Authority]; ok {
			out[i] = ownVerdict(t.listedOn(), t.event)
		}
	}
	for _, h := range d.row.Transposed {
		if i, ok := f.number[h.Country]; ok {
			if b := f.transposes(h.Country, h.Event); b != nil {
				out[i] = ownVerdict(b.EffectOn(), h.Event)
			}
		}
	}
	if i, ok := f.number[d.body.Authority]; ok {
		out[i] = ownVerdict(d.listedOn(), d.event)
	}
	return out
}

func ownVerdict(since domain.Date, event uint64) verdict {
	return verdict{state: CellInForce, mode: domain.ModeOwnAct, since: since, event: event}
}

func throughEU(d designated) verdict {
	return verdict{state: CellInForce, mode: domain.ModeThroughEU, since: d.listedOn(), event: d.event}
}

// ownAct finds an act of the state itself: it decided the designation, it
// transposed it, or a designation of its own rests on it or has its subject.
func (f *frame) ownAct(d designated, c domain.Country) (verdict, bool) {
	if d.body.Authority == c {
		return ownVerdict(d.listedOn(), d.event), true
	}
	for k := len(d.row.Transposed) - 1; k >= 0; k-- {
		h := d.row.Transposed[k]
		if h.Country != c {
			continue
		}
		if b := f.transposes(c, h.Event); b != nil {
			return ownVerdict(b.EffectOn(), h.Event), true
		}
	}
	var own verdict
	for t := range f.twins(d) {
		if t.body.Authority == c {
			own = ownVerdict(t.listedOn(), t.event)
		}
	}
	return own, own.mode != ""
}

// twins yields listed designations of other lists that stand for d: they rest
// on it, or a link calls both the same subject.
func (f *frame) twins(d designated) func(yield func(designated) bool) {
	return func(yield func(designated) bool) {
		for _, num := range d.row.Resting {
			if t, ok := f.designation(num); ok && t.status == StatusListed && t.body.Basis == d.row.ID && !yield(t) {
				return
			}
		}
		for _, num := range f.sameAs(d.row) {
			if t, ok := f.designation(num); ok && t.status == StatusListed && t.body.Basis != d.row.ID && !yield(t) {
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

// way returns how a state implements a designation's regime for its kind.
func (f *frame) way(d designated, c domain.Country) way {
	r, k := f.regimes[d.body.Regime], kindNumber(d.body.Subject.Kind)
	i, ok := f.number[c]
	if r == nil || k < 0 || !ok {
		return way{}
	}
	return r.ways[i][k]
}

// verdict is what a way says of a designation that has no act of its own.
func (w way) verdict() verdict {
	v := verdict{mode: w.mode, event: w.event}
	switch {
	case domain.Covers(w.mode):
		v.state = CellInForce
	case w.mode == domain.ModeNotInForce:
		v.state = CellNotInForce
	case w.mode == domain.ModeOwnAct:
		v.state = CellOpen
	default:
		v.state = CellNotRecorded
	}
	return v
}

// add counts a cell.
func (c *Counts) add(v verdict) {
	c.Listed++
	switch {
	case v.own():
		c.Transposed++
	case v.inForce():
		c.Covered++
	case v.state == CellOpen:
		c.Open++
	case v.state == CellNotInForce:
		c.NotInForce++
	default:
		c.NotRecorded++
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
func (f *frame) holders(all []verdict) int {
	n, union := 0, 0
	for i, v := range all {
		switch {
		case !v.inForce():
		case f.union[i]:
			union = 1
		default:
			n++
		}
	}
	return n + union
}
