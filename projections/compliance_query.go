package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// complianceNotice says how to read the page.
const complianceNotice = "Not recorded means that the ledger holds no word on it: it is not a finding of non-compliance. Open is said only where a state acts by an act of its own for each designation. Duties, differences, activity and data quality are four kinds of figures and are never added."

// Countries returns a line for each state watched.
func (v *Views) Countries(q Query) CountriesPage {
	f := v.frame(q)
	listed := f.listed()
	page := CountriesPage{Scope: f.scope(), Countries: []CountryRow{}}
	for _, c := range f.watched {
		row := CountryRow{
			Country: c, Name: countryName(c), Member: f.members[c], EUMember: c.EUMember(),
			Illustrative: c.UserAssigned(), Recorded: f.recorded(c), Regimes: []RegimeCounts{},
		}
		for _, id := range f.ids {
			counts, _ := f.count(listed[id], c)
			row.Regimes = append(row.Regimes, RegimeCounts{Regime: id, Modes: f.modes(id, c), Counts: counts})
		}
		page.Countries = append(page.Countries, row)
	}
	return page
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

// listed returns the designations listed on the day, by regime.
func (f *frame) listed() map[string][]designated {
	out := map[string][]designated{}
	for _, num := range f.v.lists.order {
		if d, ok := f.designation(num); ok && d.status == StatusListed {
			out[d.body.Regime] = append(out[d.body.Regime], d)
		}
	}
	return out
}

// recorded reports whether anything is known of how a state implements.
func (f *frame) recorded(c domain.Country) bool {
	if len(f.declarations(c)) > 0 {
		return true
	}
	for _, p := range f.v.lists.Transposed[c] {
		if f.transposes(c, p.Event) != nil {
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
func (f *frame) count(listed []designated, c domain.Country) (Counts, []Group) {
	var total Counts
	groups := map[string]*Group{}
	for i := range listed {
		v, w := f.verdict(listed[i], c), f.way(listed[i], c)
		total.add(v)
		g := groups[w.mode]
		if g == nil {
			g = &Group{Mode: w.mode, Declared: w.declared, Kinds: []string{}}
			groups[w.mode] = g
		}
		if kind := listed[i].body.Subject.Kind; !slices.Contains(g.Kinds, kind) {
			g.Kinds = append(g.Kinds, kind)
		}
		g.add(v)
	}
	return total, sortedGroups(groups)
}

func sortedGroups(groups map[string]*Group) []Group {
	out := []Group{}
	for _, g := range groups {
		slices.Sort(g.Kinds)
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int { return strings.Compare(a.Mode, b.Mode) })
	return out
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

// Figure returns one figure of a state with all its events, unbounded.
func (v *Views) Figure(c domain.Country, path string, q Query) (Figure, bool) {
	f := v.frame(q)
	if !slices.Contains(f.watched, c) {
		return Figure{}, false
	}
	_, figures := f.compliance(c)
	for _, fig := range figures {
		if fig.Path == path {
			out := fig.shown()
			out.Events.Indexes = append([]uint64{}, fig.events...)
			return out, true
		}
	}
	return Figure{}, false
}

func (f *frame) compliance(c domain.Country) (Compliance, []figure) {
	out := Compliance{
		Scope: f.scope(), Country: c, Name: countryName(c), Member: f.members[c], Illustrative: c.UserAssigned(),
		Recorded: f.recorded(c), Notice: complianceNotice, Regimes: []RegimeCompliance{},
		Duties: []Figure{}, Differences: []Figure{}, Activity: []Figure{}, DataQuality: []Figure{}, Explanations: f.explained(c),
	}
	s := &sheet{frame: f, country: c, explanations: out.Explanations}
	listed := f.listed()
	for _, id := range f.ids {
		r := s.regime(id, listed[id])
		out.Regimes = append(out.Regimes, r.RegimeCompliance)
		s.duties(r)
	}
	s.differences(listed)
	s.actions()
	s.dataQuality()
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
