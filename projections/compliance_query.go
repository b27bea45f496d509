package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// complianceNotice says how to read the page.
const complianceNotice = "Not recorded means that the ledger holds no word on it: it is not a finding of non-compliance. Of a state as a whole, recorded is false where no way of implementing that is in force on the day, no act on a designation in effect on it and no regime of its own is recorded; other events of it may be. Open is said only where a state acts by an act of its own for each designation. Duties, differences, activity and data quality are four kinds of figures and are never added."

// Countries returns a line for each state watched.
func (v *Views) Countries(q Query) CountriesPage {
	f := v.frame(q)
	counts := f.byRegime(f.census())
	page := CountriesPage{Scope: f.scope(), Countries: []CountryRow{}}
	for _, c := range f.watched {
		row := CountryRow{
			Country: c, Name: countryName(c), Member: f.members[c], EUMember: c.EUMemberOn(f.on),
			Illustrative: c.UserAssigned(), Recorded: f.recorded(c), Regimes: []RegimeCounts{},
		}
		for _, id := range f.ids {
			row.Regimes = append(row.Regimes, RegimeCounts{Regime: id, Modes: f.modes(id, c), Through: f.throughEU(c, id), Counts: counts[id][f.number[c]]})
		}
		page.Countries = append(page.Countries, row)
	}
	return page
}

// byRegime names the regimes of a census's counts: those adopted.
func (f *frame) byRegime(c census) map[string][]Counts {
	out := map[string][]Counts{}
	for _, id := range f.ids {
		out[id] = make([]Counts, len(f.states))
	}
	for n, counts := range c.counts {
		out[f.v.lists.RegimeIDs[n]] = counts
	}
	return out
}

func countryName(c domain.Country) string {
	if name := domain.CountryName(c); name != "" {
		return name
	}
	if c.UserAssigned() {
		return "illustrative state " + string(c)
	}
	return string(c)
}

// recorded reports whether anything is known of how a state implements.
func (f *frame) recorded(c domain.Country) bool {
	if len(f.declarations(c)) > 0 {
		return true
	}
	for _, k := range f.v.lists.actsOf(c) {
		if f.effective(&f.v.lists.Acts[k]) {
			return true
		}
	}
	return slices.ContainsFunc(f.ids, func(id string) bool { return f.regimes[id].Authority == c })
}

// modes lists the ways in which a state implements a regime, sorted.
func (f *frame) modes(id string, c domain.Country) []string {
	out := []string{}
	if i, ok := f.number[c]; ok {
		for _, w := range f.regimes[id].ways[i] {
			if w.mode != "" && !slices.Contains(out, w.mode) {
				out = append(out, w.mode)
			}
		}
	}
	slices.Sort(out)
	return out
}

// count counts a state's cells over listed designations, in all and by how
// the state implements.
func (s *sheet) count(listed []judged) (Counts, []Group) {
	var total Counts
	groups := [len(modeNames)]*Group{}
	for i := range listed {
		d := &listed[i]
		total.add(d.verdict, 1)
		w := s.declaredAt(d.designated, s.here)
		if groups[w.mode] == nil {
			groups[w.mode] = &Group{Mode: modeNames[w.mode], Kinds: []string{}}
		}
		g := groups[w.mode]
		g.add(d.verdict, 1)
		if kind := d.kind(); !slices.Contains(g.Kinds, kind) {
			g.Kinds = append(g.Kinds, kind)
		}
	}
	out := []Group{}
	for _, g := range groups {
		if g != nil {
			slices.Sort(g.Kinds)
			out = append(out, *g)
		}
	}
	return total, out
}

// Compliance returns what the record says of a state; false if it is neither
// a member nor watched by a regime.
func (v *Views) Compliance(c domain.Country, q Query) (Compliance, bool) {
	f := v.frame(q)
	if !slices.Contains(f.watched, c) {
		return Compliance{}, false
	}
	out, figures := f.compliance(c)
	for _, fig := range figures {
		shown := fig.shown()
		switch fig.Class {
		case ClassDuty:
			out.Duties = append(out.Duties, shown)
		case ClassDifference:
			out.Differences = append(out.Differences, shown)
		case ClassActivity:
			out.Activity = append(out.Activity, shown)
		default:
			out.DataQuality = append(out.DataQuality, shown)
		}
	}
	return out, true
}

// Figure returns one figure of a state with all its events and parts,
// unbounded. Only what the figure rests on is worked out.
func (v *Views) Figure(c domain.Country, path string, q Query) (Figure, bool) {
	for _, fig := range v.figures(c, path, q) {
		if fig.Path == path {
			out := fig.Figure
			out.Events = whole(fig.events)
			if fig.of != nil {
				of := whole(fig.of)
				out.OfEvents = &of
			}
			return out, true
		}
	}
	return Figure{}, false
}

// FiguresUnder lists the paths of a state's figures that go on from one.
func (v *Views) FiguresUnder(c domain.Country, path string, q Query) []string {
	var out []string
	for _, fig := range v.figures(c, path, q) {
		if under(fig.Path, path) {
			out = append(out, fig.Path)
		}
	}
	return out
}

// figures works out those that a path may be of; none for a state that is not
// watched.
func (v *Views) figures(c domain.Country, path string, q Query) []figure {
	numbers := indicatorsOf(path)
	f := v.frame(q)
	if len(numbers) == 0 || !slices.Contains(f.watched, c) {
		return nil
	}
	s := f.sheet(c)
	s.workOut(numbers, path)
	return s.figures
}

func (f *frame) compliance(c domain.Country) (Compliance, []figure) {
	s := f.sheet(c)
	out := Compliance{
		Scope: f.scope(), Country: c, Name: countryName(c), Member: f.members[c], Illustrative: c.UserAssigned(),
		Recorded: f.recorded(c), Notice: complianceNotice, Headline: []Headline{}, Regimes: []RegimeCompliance{},
		Duties: []Figure{}, Differences: []Figure{}, Activity: []Figure{}, DataQuality: []Figure{}, Explanations: s.explanations,
	}
	s.workOut(nil, "")
	for _, id := range f.ids {
		out.Regimes = append(out.Regimes, s.timed(id).RegimeCompliance)
	}
	out.Headline = s.headline()
	return out, s.figures
}

// explained lists what a state explained, oldest first.
func (t at) explained(c domain.Country) []Remark {
	out := []Remark{}
	for _, e := range t.v.activity.Explained[c] {
		if r, ok := t.explanation(e); ok {
			out = append(out, r)
		}
	}
	return out
}
