package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Register lists designations.
func (v *Views) Register(q RegisterQuery) RegisterPage {
	f := v.frame(q.Query)
	page := RegisterPage{Scope: f.scope(), Designations: []Designation{}}
	words := v.words(q.Text)
	if len(words) == 0 && strings.TrimSpace(q.Text) != "" {
		return page
	}
	start := v.lists.after(q.Cursor)
	for pos, num := range v.lists.order {
		d, ok := f.designation(num)
		if !ok || !f.selects(&q, d, words) {
			continue
		}
		page.Total++
		if q.Cursor != "" && pos < start {
			continue
		}
		if len(page.Designations) == q.limit() {
			page.Next = page.Designations[len(page.Designations)-1].ID
			continue
		}
		page.Designations = append(page.Designations, f.describe(d))
	}
	page.Next = q.next(page.Next)
	return page
}

func (f *frame) selects(q *RegisterQuery, d designated, words []string) bool {
	switch {
	case q.Regime != "" && f.regimeID(d) != q.Regime,
		q.Authority != "" && d.Authority != q.Authority,
		q.Kind != "" && d.kind() != q.Kind,
		q.Status != "" && d.status != q.Status,
		len(q.HeldBy) > 0 && d.status != StatusListed,
		len(q.NotHeldBy) > 0 && q.Status == "" && d.status != StatusListed,
		len(words) > 0 && !f.matches(d.ID, words):
		return false
	}
	if len(q.HeldBy)+len(q.NotHeldBy) == 0 {
		return true
	}
	f.scratch = f.verdicts(d, f.scratch)
	held := func(c domain.Country) bool {
		i, ok := f.number[c]
		return ok && f.scratch[i].inForce()
	}
	return !slices.ContainsFunc(q.HeldBy, func(c domain.Country) bool { return !held(c) }) && !slices.ContainsFunc(q.NotHeldBy, held)
}

// Designation returns one designation with its history; false if unknown.
func (v *Views) Designation(id string, q Query) (DesignationDetail, bool) {
	num, ok := v.lists.byID[id]
	if !ok {
		return DesignationDetail{}, false
	}
	f := v.frame(q)
	d, ok := f.designation(num)
	if !ok {
		return DesignationDetail{}, false
	}
	return f.detail(d), true
}

func (f *frame) detail(d designated) DesignationDetail {
	out := DesignationDetail{
		Scope: f.scope(), Designation: f.describe(d), Subject: *f.subject(d), Instrument: f.adopted(d).Instrument, Reason: f.adopted(d).Reason,
		Amendments: f.amendmentRows(d.row), Removals: f.removalRows(d.row), Transpositions: f.transpositionRows(d),
		Links: f.linkRows(d.row), Permits: f.permitsOf(d.ID), Cells: []StateCell{}, Disputes: []Remark{}, Explanations: []Remark{},
	}
	for _, c := range f.watched {
		out.Cells = append(out.Cells, StateCell{Country: c, Cell: f.cell(f.verdict(d, c))})
	}
	events := slices.Clone(out.Events)
	for _, t := range out.Transpositions {
		events = append(events, t.Index)
	}
	for _, e := range events {
		out.Disputes = append(out.Disputes, f.disputesOf(e)...)
		out.Explanations = append(out.Explanations, f.explanationsOf(e)...)
	}
	return out
}

// amendmentRows lists those that have come by the day, as removalRows does.
func (t at) amendmentRows(r *row) []Amendment {
	out := []Amendment{}
	for _, e := range r.Amended {
		b, ok := t.v.history.standing(e, t.n).(*domain.DesignationAmended)
		if !ok || !t.by(amendedOn(b)) {
			continue
		}
		out = append(out, Amendment{
			Index: e, AmendedOn: b.AmendedOn, InForceOn: b.InForceOn, Substantive: b.Substantive,
			Changes: b.Changes, Measures: b.Measures, Marks: t.marks(e),
		})
	}
	return out
}

func (t at) removalRows(r *row) []Removal {
	out := []Removal{}
	for _, e := range r.Removed {
		if b, ok := t.v.history.standing(e, t.n).(*domain.DesignationRemoved); ok && t.by(removedOn(b)) {
			out = append(out, Removal{Index: e, RemovedOn: b.RemovedOn, InForceOn: b.InForceOn, Reason: b.Reason, Marks: t.marks(e)})
		}
	}
	return out
}

// transpositionRows lists all that are recorded, whatever the day.
func (f *frame) transpositionRows(d designated) []Transposition {
	out := []Transposition{}
	for _, k := range d.Acts {
		a := &f.v.lists.Acts[k]
		if !a.at(f.n) {
			continue
		}
		b := f.transposition(a)
		row := Transposition{
			Index: a.Event, Member: b.Member, Designation: b.Designation, NationalRef: b.NationalRef,
			Instrument: b.Instrument, Notice: b.Notice, NoticeOn: b.NoticeOn, InForceOn: b.InForceOn, EffectOn: b.EffectOn(),
			Measures: b.Measures, LinkReasons: b.LinkReasons, Marks: f.marks(a.Event),
		}
		if days, ok := daysBetween(d.listedFor(a), b.EffectOn()); ok {
			row.LagDays = &days
		}
		v := f.verdict(d, b.Member)
		row.InForce = d.status == StatusListed && v.inForce() && v.own() && v.event == a.Event
		out = append(out, row)
	}
	return out
}

func (t at) linkRows(r *row) []Link {
	out := []Link{}
	for _, key := range r.Linked {
		event, body := t.v.history.latest(t.v.lists.Links[key], t.n)
		if b, ok := body.(domain.SubjectLinked); ok {
			out = append(out, Link{Index: event, A: b.A, B: b.B, Relation: b.Relation, Reasons: b.Reasons, Marks: t.marks(event)})
		}
	}
	return out
}
