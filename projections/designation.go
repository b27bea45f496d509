package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// designated is a designation as it reads at a resolved query.
type designated struct {
	row     *row
	num     int32
	event   uint64
	body    *domain.DesignationAdopted
	status  string
	removed uint64 // the removal's event, 0 while it stands
}

// designation resolves a row; false if no adoption of it stands.
func (t at) designation(num int32) (designated, bool) {
	row := &t.v.lists.Rows[num]
	event, body := t.v.history.latest(row.Adopted, t.n)
	adopted, ok := body.(*domain.DesignationAdopted)
	if !ok {
		return designated{}, false
	}
	d := designated{row: row, num: num, event: event, body: adopted, status: StatusListed}
	if len(row.Removed) > 0 {
		d.removed, d.status = t.removal(row)
	}
	if !t.by(d.listedOn()) {
		d.status = StatusPending
	}
	return d, true
}

func (t at) removal(row *row) (uint64, string) {
	event, body := t.v.history.latest(row.Removed, t.n)
	if b, ok := body.(*domain.DesignationRemoved); ok && t.by(removedOn(b)) {
		return event, StatusRemoved
	}
	return 0, StatusListed
}

// listedOn is the day from which a designation counts as listed.
func (d designated) listedOn() domain.Date {
	if d.body.AdoptedOn != "" {
		return d.body.AdoptedOn
	}
	return d.body.InForceOn
}

func removedOn(b *domain.DesignationRemoved) domain.Date {
	if b.RemovedOn != "" {
		return b.RemovedOn
	}
	return b.InForceOn
}

// authority returns who decided a designation, "" if it is not known.
func (t at) authority(id string) domain.Country {
	num, ok := t.v.lists.byID[id]
	if !ok {
		return ""
	}
	for _, e := range t.v.lists.Rows[num].Adopted {
		if e >= t.n {
			break
		}
		if b, ok := t.v.history.bodyAt(e, t.n).(*domain.DesignationAdopted); ok {
			return b.Authority
		}
	}
	return ""
}

// amendments returns the standing amendments that have come, oldest first.
func (t at) amendments(row *row) []uint64 {
	var out []uint64
	for _, e := range row.Amended {
		if b, ok := t.v.history.standing(e, t.n).(*domain.DesignationAmended); ok && t.by(amendedOn(b)) {
			out = append(out, e)
		}
	}
	return out
}

func amendedOn(b *domain.DesignationAmended) domain.Date {
	if b.InForceOn != "" {
		return b.InForceOn
	}
	return b.AmendedOn
}

// measures are those in force after amendments.
func (t at) measures(d designated) []string {
	out := d.body.Measures
	for _, e := range d.row.Amended {
		b, ok := t.v.history.standing(e, t.n).(*domain.DesignationAmended)
		if ok && b.Measures != nil && t.by(amendedOn(b)) {
			out = b.Measures
		}
	}
	return out
}

// subject is the one listed, after amendments.
func (t at) subject(d designated) *domain.Subject {
	out := &d.body.Subject
	for _, e := range d.row.Amended {
		b, ok := t.v.history.standing(e, t.n).(*domain.DesignationAmended)
		if ok && b.Subject != nil && t.by(amendedOn(b)) {
			out = b.Subject
		}
	}
	return out
}

// nameOf returns the primary name, else the first, else the first identifier.
func nameOf(s *domain.Subject) string {
	for _, n := range s.Names {
		if n.Kind == "primary" {
			return n.Text
		}
	}
	switch {
	case len(s.Names) > 0:
		return s.Names[0].Text
	case len(s.Identifiers) > 0:
		return s.Identifiers[0].Scheme + " " + s.Identifiers[0].Value
	}
	return ""
}

// describe returns the register's row of a designation.
func (f *frame) describe(d designated) Designation {
	out := Designation{
		ID: d.row.ID, Regime: d.body.Regime, Authority: d.body.Authority, ListRef: d.body.ListRef,
		Kind: d.body.Subject.Kind, Name: nameOf(f.subject(d)), Status: d.status,
		AdoptedOn: d.body.AdoptedOn, InForceOn: d.body.InForceOn, Measures: slices.Clone(f.measures(d)),
		Basis: d.body.Basis, Marks: f.marks(d.event), HeldBy: []domain.Country{}, Events: []uint64{d.event},
	}
	if b, ok := f.removalBody(d.removed); ok {
		out.RemovedOn = removedOn(b)
	}
	out.Events = append(out.Events, f.amendments(d.row)...)
	if d.removed != 0 {
		out.Events = append(out.Events, d.removed)
	}
	for i, v := range f.verdicts(d, nil) {
		if v.inForce() && d.status == StatusListed {
			out.HeldBy = append(out.HeldBy, f.states[i])
		}
	}
	slices.Sort(out.Events)
	return out
}

func (t at) removalBody(event uint64) (*domain.DesignationRemoved, bool) {
	if event == 0 {
		return nil, false
	}
	b, ok := t.v.history.standing(event, t.n).(*domain.DesignationRemoved)
	return b, ok
}
