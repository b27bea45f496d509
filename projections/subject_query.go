package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Subject returns the dossier of the subject that a designation id or an IMO
// number names; false if neither is known.
func (v *Views) Subject(id string, q Query) (Dossier, bool) {
	f := v.frame(q)
	imo := strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(id), "IMO"))
	rows, bearing := f.roots(id, imo)
	if len(rows)+len(bearing) == 0 {
		return Dossier{}, false
	}
	out := Dossier{
		Scope: f.scope(), ID: id, Names: []domain.Name{}, Identifiers: []domain.Identifier{}, Designations: []Designation{},
		Transpositions: []Transposition{}, Links: []Link{}, Related: []Link{}, Cells: []StateCell{}, Events: []Entry{},
		Frozen: []MoneyFigure{}, Disputes: []Remark{},
	}
	cluster := f.cluster(rows)
	f.fillDesignations(&out, cluster)
	f.fillEvents(&out, cluster, bearing)
	return out, true
}

// roots finds the designations that an id or an IMO number names, and the
// acts whose subject bears the number.
func (f *frame) roots(id, imo string) (rows []int32, acts []uint64) {
	if num, ok := f.v.lists.byID[id]; ok {
		if _, ok := f.designation(num); ok {
			return []int32{num}, nil
		}
	}
	for _, e := range f.v.subjects.Bearing[imo] {
		body := f.v.history.standing(e, f.n)
		if !slices.Contains(imosIn(body), imo) {
			continue
		}
		d := designationOf(body)
		if d == "" {
			acts = append(acts, e)
			continue
		}
		num := f.v.lists.byID[d]
		if _, ok := f.designation(num); ok && !slices.Contains(rows, num) {
			rows = append(rows, num)
		}
	}
	return rows, acts
}

// cluster adds all designations that same_as links join, in the order of ids.
func (f *frame) cluster(rows []int32) []designated {
	seen := map[int32]bool{}
	var out []designated
	for todo := slices.Clone(rows); len(todo) > 0; todo = todo[1:] {
		if seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		if d, ok := f.designation(todo[0]); ok {
			out = append(out, d)
		}
		todo = append(todo, f.sameAs(&f.v.lists.Rows[todo[0]])...)
	}
	slices.SortFunc(out, func(a, b designated) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func (f *frame) fillDesignations(out *Dossier, cluster []designated) {
	for _, d := range cluster {
		out.Designations = append(out.Designations, f.describe(d))
		out.Transpositions = append(out.Transpositions, f.transpositionRows(d)...)
		out.describe(f.subject(d))
		for _, l := range f.linkRows(d.row) {
			list := &out.Related
			if l.Relation == "same_as" {
				list = &out.Links
			}
			if !slices.ContainsFunc(*list, func(o Link) bool { return o.Index == l.Index }) {
				*list = append(*list, l)
			}
		}
	}
	out.Cells = f.best(cluster)
}

// describeFrom takes over the subject among some that the dossier's number
// names; where none bears it, the first.
func (out *Dossier) describeFrom(all []*domain.Subject) {
	imo := strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(out.ID), "IMO"))
	i := slices.IndexFunc(all, func(s *domain.Subject) bool { return slices.Contains(imos(s), imo) })
	if len(all) > 0 {
		out.describe(all[max(i, 0)])
	}
}

// describe takes over a subject's names and identifiers, each once.
func (out *Dossier) describe(s *domain.Subject) {
	if out.Name == "" {
		out.Name, out.Kind = nameOf(s), s.Kind
	}
	for _, n := range s.Names {
		if !slices.ContainsFunc(out.Names, func(o domain.Name) bool { return o.Text == n.Text && o.Kind == n.Kind }) {
			out.Names = append(out.Names, n)
		}
	}
	for _, id := range s.Identifiers {
		if !slices.ContainsFunc(out.Identifiers, func(o domain.Identifier) bool { return o.Scheme == id.Scheme && o.Value == id.Value }) {
			out.Identifiers = append(out.Identifiers, id)
		}
	}
}

// best returns each watched state's best cell over listed designations.
func (f *frame) best(cluster []designated) []StateCell {
	order := []cellState{inForce, open, notInForce, notRecorded}
	out := []StateCell{}
	for _, c := range f.watched {
		var best verdict
		for _, d := range cluster {
			v := f.verdict(d, c)
			if d.status == StatusListed && slices.Index(order, v.state) < slices.Index(order, best.state) {
				best = v
			}
		}
		out = append(out, StateCell{Country: c, Cell: f.cell(best)})
	}
	return out
}

func (f *frame) fillEvents(out *Dossier, cluster []designated, acts []uint64) {
	events := slices.Clone(acts)
	ids := make([]string, 0, len(cluster))
	for _, d := range cluster {
		ids = append(ids, d.ID)
		for _, e := range f.v.subjects.Naming[d.ID] {
			if slices.Contains(actedOn(f.v.history.standing(e, f.n)), d.ID) {
				events = append(events, e)
			}
		}
		for _, imo := range imos(f.subject(d)) {
			_, more := f.roots("", imo)
			events = append(events, more...)
		}
		out.Disputes = append(out.Disputes, f.disputesOf(d.Event)...)
	}
	slices.Sort(events)
	events = slices.DeleteFunc(slices.Compact(events), func(e uint64) bool { return !f.happened(e) })
	out.EventsTotal = len(events)
	for _, e := range slices.Backward(events) {
		if len(out.Events) < MaxPage {
			out.Events = append(out.Events, f.entry(e))
		}
		out.Disputes = append(out.Disputes, f.disputesOf(e)...)
		if out.Name == "" {
			out.describeFrom(subjectsIn(f.v.history.bodyAt(e, f.n)))
		}
	}
	out.Frozen, out.Permits = f.frozenWith(events), f.permitsOf(ids...)
}

// frozenWith adds the releases of freezes to them and sums by currency.
func (f *frame) frozenWith(events []uint64) []MoneyFigure {
	var money []uint64
	for _, e := range events {
		if _, ok := f.v.history.bodyAt(e, f.n).(*domain.AssetFrozen); ok {
			money = append(append(money, e), f.releases(e)...)
		}
	}
	out := []MoneyFigure{}
	for _, m := range f.frozen(money) {
		out = append(out, MoneyFigure{Money: m.Money, Events: bounded(m.events)})
	}
	return out
}

// releases lists the standing releases of a freeze that had come by the day.
func (f *frame) releases(freeze uint64) []uint64 {
	var out []uint64
	c := f.v.history.rows[freeze].issuer.Member()
	for _, e := range f.v.activity.Acts[c] {
		if b, ok := f.acts(c, e).(*domain.AssetUnfrozen); ok && b.Freeze.Index == freeze {
			out = append(out, e)
		}
	}
	return out
}
