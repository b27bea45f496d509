package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Subject returns the dossier of the subject that a designation id, the id of a
// registered subject, an IMO number or a wallet names; false if none of these is
// known.
func (v *Views) Subject(id string, q Query) (Dossier, bool) {
	f := v.frame(q)
	number := numberOf(id)
	who := f.cluster(f.roots(id, number))
	events := slices.DeleteFunc(f.told(who.names(id, number)), func(e uint64) bool { return !f.happened(e) })
	if len(who.ids)+len(events) == 0 {
		return Dossier{}, false
	}
	out := Dossier{
		Scope: f.scope(), ID: id, Names: []domain.Name{}, Identifiers: []domain.Identifier{}, Designations: []Designation{}, Registered: []RegisteredSubject{},
		Transpositions: []Transposition{}, Links: []Link{}, Related: []Link{}, Cells: []StateCell{}, Events: []Entry{},
		Frozen: []MoneyFigure{}, Disputes: []Remark{},
	}
	f.fillDesignations(&out, who)
	f.fillEvents(&out, who, events)
	return out, true
}

func (f *frame) fillDesignations(out *Dossier, who cluster) {
	for _, d := range who.designated {
		out.Designations = append(out.Designations, f.describe(d))
		out.Transpositions = append(out.Transpositions, f.transpositionRows(d)...)
	}
	for _, id := range who.registered {
		event, s, _ := f.registration(id)
		out.Registered = append(out.Registered, RegisteredSubject{ID: id, Index: event, Kind: s.Kind, Name: nameOf(s), Marks: f.marks(event)})
	}
	for i, id := range who.ids {
		out.describe(who.descriptions[i])
		f.fillLinks(out, id)
	}
	out.Cells = f.best(who.designated)
}

func (f *frame) fillLinks(out *Dossier, id string) {
	num, ok := f.v.lists.byID[id]
	if !ok {
		return
	}
	for _, l := range f.linkRows(&f.v.lists.Rows[num]) {
		list := &out.Related
		if l.Relation == "same_as" {
			list = &out.Links
		}
		if !slices.ContainsFunc(*list, func(o Link) bool { return o.Index == l.Index }) {
			*list = append(*list, l)
		}
	}
}

// describeFrom takes over the subject among some that bears a number.
func (out *Dossier) describeFrom(all []*domain.Subject, number string) {
	i := slices.IndexFunc(all, func(s *domain.Subject) bool { return slices.Contains(numbers(s), number) })
	if i >= 0 {
		out.describe(all[i])
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

func (f *frame) fillEvents(out *Dossier, who cluster, events []uint64) {
	out.EventsTotal = len(events)
	names := who.names(out.ID, numberOf(out.ID))
	var acts []uint64 // that stand and name the subject themselves
	for _, e := range slices.Backward(events) {
		if len(out.Events) < MaxPage {
			out.Events = append(out.Events, f.entry(e))
		}
		out.Disputes = append(out.Disputes, f.disputesOf(e)...)
		if !f.namesAny(e, names) {
			continue
		}
		acts = append(acts, e)
		if out.Name == "" {
			out.describeFrom(subjectsIn(f.v.history.bodyAt(e, f.n)), numberOf(out.ID))
		}
	}
	slices.Sort(acts)
	out.Frozen, out.Permits = f.frozenWith(acts), f.permitsOf(who.ids...)
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
