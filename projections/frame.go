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
	regimes     map[string]*regime
	byNumber    []*regime        // beside lists.RegimeIDs; nil where none is adopted
	ids         []string         // of regimes, sorted
	states      []domain.Country // all of which something is recorded, sorted
	number      map[domain.Country]int
	acting      []int            // number of a state, beside lists.StateIDs; -1 for none
	union       []bool           // the EU and those whom its acts bind on the day, beside states
	silence     []verdict        // beside states
	watched     []domain.Country // members and addressees, sorted
	isWatched   []bool           // beside states
	members     map[domain.Country]bool
	scratch     []verdict
	scratchBase []verdict
	measured    []verdict
	lacking     []missing
	byGrid      []*grid // beside lists.RegimeIDs; nil until measures are asked for
	narrow      map[narrowKey][]verdict
}

// regime is a regime as adopted, with each state's ways of implementing it.
type regime struct {
	domain.Regime
	ways   [][len(kinds)]way     // beside states
	base   [len(kinds)][]verdict // what the ways say, beside states
	covers [len(kinds)]bool      // whether any state's way gives effect
	some   [len(kinds)][]int     // states whose way names measures, and so covers only what bears one
}

// kinds are the kinds of subjects, in the order that ways are kept.
var kinds = [...]string{"person", "entity", "vessel", "aircraft", "wallet"}

func kindNumber(kind string) int { return slices.Index(kinds[:], kind) }

// way is how a state implements a regime for one kind of subject: "" where
// nothing is recorded.
type way struct {
	mode     string
	event    uint64
	measures []string // nil: all of the regime's
}

func (v *Views) frame(q Query) *frame { return v.at(q).frame() }

func (t at) frame() *frame {
	f := &frame{at: t, regimes: map[string]*regime{}, number: map[domain.Country]int{}, members: map[domain.Country]bool{}, narrow: map[narrowKey][]verdict{}}
	f.findRegimes()
	f.findStates()
	f.readDeclarations()
	for _, r := range f.regimes {
		for k := range kinds {
			for i := range f.states {
				r.base[k] = append(r.base[k], r.ways[i][k].verdict())
				r.covers[k] = r.covers[k] || r.base[k][i].inForce()
				if len(r.ways[i][k].measures) > 0 {
					r.some[k] = append(r.some[k], i)
				}
			}
		}
	}
	return f
}

func (f *frame) findRegimes() {
	for id, events := range f.v.lists.Regimes {
		for k := len(events) - 1; k >= 0; k-- {
			if events[k] >= f.n {
				continue
			}
			b := f.v.history.rows[events[k]].body.(domain.RegimeAdopted)
			f.regimes[id] = &regime{Regime: b.Regime}
			break
		}
	}
	f.ids = slices.Sorted(maps.Keys(f.regimes))
	for _, id := range f.v.lists.RegimeIDs {
		f.byNumber = append(f.byNumber, f.regimes[id])
	}
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
	for i, c := range f.v.lists.StateIDs {
		states[c] = states[c] || f.v.lists.Acts[f.v.lists.ByState[i][0]].From < f.n
	}
	f.watched, f.states = countries(watched), countries(states)
	for i, c := range f.states {
		f.number[c] = i
		f.union = append(f.union, c == "EU" || c.BoundThroughEUOn(f.on))
		f.isWatched = append(f.isWatched, watched[c])
	}
	f.silence = make([]verdict, len(f.states))
	for _, c := range f.v.lists.StateIDs {
		i, ok := f.number[c]
		if !ok {
			i = -1
		}
		f.acting = append(f.acting, i)
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
		if t.on != "" && b.Mode == domain.ModeThroughEU && !c.BoundThroughEUOn(t.on) { // declared without its end
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
	return way{mode: best.Mode, event: best.event, measures: best.Measures}
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

// effective reports whether a transposition stands and has effect.
func (t at) effective(a *act) bool { return a.at(t.n) && !a.Void && a.Day <= t.day }

// transposition returns what a state's act says.
func (t at) transposition(a *act) *domain.DesignationTransposed {
	if b, ok := t.v.history.bodyAt(a.Event, t.n).(*domain.DesignationTransposed); ok {
		return b
	}
	return &domain.DesignationTransposed{}
}
