package projections

import (
	"cmp"
	"maps"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// frame is what one query needs of regimes and states, worked out once.
type frame struct {
	at
	regimes map[string]*regime
	ids     []string         // of regimes, sorted
	states  []domain.Country // all of which something is recorded, sorted
	number  map[domain.Country]int
	union   []bool           // the EU and its states, beside states
	watched []domain.Country // members and addressees, sorted
	members map[domain.Country]bool
}

// regime is a regime as adopted, with each state's ways of implementing it.
type regime struct {
	domain.Regime
	event uint64
	ways  [][len(kinds)]way // beside states
}

// kinds are the kinds of subjects, in the order that ways are kept.
var kinds = [...]string{"person", "entity", "vessel", "aircraft", "wallet"}

func kindNumber(kind string) int { return slices.Index(kinds[:], kind) }

// way is how a state implements a regime for one kind of subject: "" where
// nothing is recorded.
type way struct {
	mode     string
	declared bool
	event    uint64
}

func (v *Views) frame(q Query) *frame { return v.at(q).frame() }

func (t at) frame() *frame {
	f := &frame{at: t, regimes: map[string]*regime{}, number: map[domain.Country]int{}, members: map[domain.Country]bool{}}
	f.findRegimes()
	f.findStates()
	f.readDeclarations()
	f.readTranspositions()
	return f
}

func (f *frame) findRegimes() {
	for id, events := range f.v.lists.Regimes {
		for k := len(events) - 1; k >= 0; k-- {
			if events[k] >= f.n {
				continue
			}
			b := f.v.history.rows[events[k]].body.(domain.RegimeAdopted)
			f.regimes[id] = &regime{Regime: b.Regime, event: events[k]}
			break
		}
	}
	f.ids = slices.Sorted(maps.Keys(f.regimes))
}

func (f *frame) findStates() {
	f.findMembers()
	watched, states := maps.Clone(f.members), map[domain.Country]bool{}
	for _, r := range f.regimes {
		for _, c := range r.Addressees {
			watched[c] = true
		}
		states[r.Authority] = true
	}
	maps.Copy(states, watched)
	for c, events := range f.v.lists.Declared {
		states[c] = states[c] || events[0] < f.n
	}
	for c, postings := range f.v.lists.Transposed {
		states[c] = states[c] || postings[0].Event < f.n
	}
	f.watched, f.states = countries(watched), countries(states)
	for i, c := range f.states {
		f.number[c] = i
		f.union = append(f.union, c == "EU" || c.EUMember())
	}
	for _, r := range f.regimes {
		r.ways = make([][len(kinds)]way, len(f.states))
	}
}

// countries lists states, sorted, without the UN, which implements nothing.
func countries(set map[domain.Country]bool) []domain.Country {
	maps.DeleteFunc(set, func(c domain.Country, in bool) bool { return !in || c == "UN" })
	return slices.Sorted(maps.Keys(set))
}

// findMembers finds who was founded or admitted and has not withdrawn.
func (f *frame) findMembers() {
	for _, e := range f.v.lists.Members {
		if e >= f.n {
			break
		}
		rec := &f.v.history.rows[e]
		switch b := rec.body.(type) {
		case domain.CoalitionFounded:
			for _, m := range b.Members {
				f.members[m.Code] = true
			}
		case domain.MemberAdmitted:
			f.members[b.Member.Code] = true
		case domain.MemberWithdrew:
			delete(f.members, rec.issuer.Member())
		}
	}
}

// readDeclarations finds each state's declared way for each kind of subject.
func (f *frame) readDeclarations() {
	for c := range f.v.lists.Declared {
		declared := f.declarations(c)
		if len(declared) == 0 {
			continue
		}
		for _, id := range f.ids {
			for k, kind := range kinds {
				f.regimes[id].ways[f.number[c]][k] = choose(declared, id, kind, "")
			}
		}
	}
}

// declaration is one that stands and is in force on the day.
type declaration struct {
	*domain.ImplementationDeclared
	event uint64
}

func (t at) declarations(c domain.Country) []declaration {
	var out []declaration
	for _, e := range t.v.lists.Declared[c] {
		b, ok := t.v.history.standing(e, t.n).(*domain.ImplementationDeclared)
		if !ok || !t.by(b.ValidFrom) || b.Illustrative && !c.UserAssigned() {
			continue
		}
		if t.on != "" && b.ValidTo != "" && b.ValidTo.Latest() < t.on {
			continue
		}
		out = append(out, declaration{b, e})
	}
	return out
}

// choose returns the way that applies to a kind and a measure ("" asks for the
// designation as a whole). What names the measure or the kind goes before what
// names none; then the later in force, then the later recorded.
func choose(list []declaration, regime, kind, measure string) way {
	var best *declaration
	for i := range list {
		d := &list[i]
		fits := d.Regime == regime && (len(d.Kinds) == 0 || slices.Contains(d.Kinds, kind)) &&
			(measure == "" || len(d.Measures) == 0 || slices.Contains(d.Measures, measure))
		if fits && (best == nil || rank(d, best, measure) > 0) {
			best = d
		}
	}
	if best == nil {
		return way{}
	}
	return way{mode: best.Mode, declared: true, event: best.event}
}

func rank(a, b *declaration, measure string) int {
	narrow := func(list []string) int { return min(len(list), 1) }
	byMeasure := cmp.Compare(narrow(a.Measures), narrow(b.Measures))
	if measure == "" { // what is declared of some measures says less of the whole
		byMeasure = -byMeasure
	}
	return cmp.Or(byMeasure, cmp.Compare(narrow(a.Kinds), narrow(b.Kinds)),
		cmp.Compare(a.ValidFrom, b.ValidFrom), cmp.Compare(a.event, b.event))
}

// readTranspositions reads an act of its own for each designation from a
// state's acts, where the state declared nothing: for the kinds of subjects
// that it transposed, and only under the UN's regimes, which bind all.
func (f *frame) readTranspositions() {
	for c, postings := range f.v.lists.Transposed {
		state, known := f.number[c]
		if !known || f.declaredAll(state) {
			continue
		}
		for _, p := range postings {
			f.readTransposition(c, state, p)
		}
	}
}

// declaredAll reports whether a state declared its way for all kinds under
// each of the UN's regimes.
func (f *frame) declaredAll(state int) bool {
	for _, r := range f.regimes {
		if r.Authority == "UN" && slices.ContainsFunc(r.ways[state][:], func(w way) bool { return w.mode == "" }) {
			return false
		}
	}
	return true
}

func (f *frame) readTransposition(c domain.Country, state int, p posting) {
	if p.Event >= f.n {
		return
	}
	_, adopted := f.v.history.latest(f.v.lists.Rows[p.Row].Adopted, f.n)
	d, ok := adopted.(*domain.DesignationAdopted)
	if !ok || d.Authority != "UN" || f.regimes[d.Regime] == nil {
		return
	}
	k := kindNumber(d.Subject.Kind)
	ways := &f.regimes[d.Regime].ways[state]
	if k >= 0 && ways[k].mode == "" && f.transposes(c, p.Event) != nil {
		ways[k] = way{mode: domain.ModeOwnAct, event: p.Event}
	}
}

// transposes returns a state's transposition if it stands and has effect.
func (t at) transposes(c domain.Country, event uint64) *domain.DesignationTransposed {
	b, ok := t.v.history.standing(event, t.n).(*domain.DesignationTransposed)
	if !ok || !t.by(b.EffectOn()) || b.Illustrative && !c.UserAssigned() {
		return nil
	}
	return b
}
