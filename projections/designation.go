package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// designated is a designation as it reads at a resolved query.
type designated struct {
	*row
	*adoption
	num     int32
	status  string
	removed uint64 // the removal's event, 0 while it stands
	fate    *fate  // nil for what was never removed, suspended or before a court
}

// designation resolves a row; false if no adoption of it stands.
func (t at) designation(num int32) (designated, bool) {
	d := designated{row: &t.v.lists.Rows[num], num: num, status: StatusListed}
	for k := len(d.Adoptions) - 1; k >= 0; k-- {
		if d.Adoptions[k].at(t.n) {
			d.adoption = &d.Adoptions[k]
			break
		}
	}
	if d.adoption == nil {
		return designated{}, false
	}
	if len(d.Removed) > 0 {
		t.turn(&d)
	}
	if len(d.Court) > 0 {
		t.judged(&d)
	}
	if d.Day > t.day {
		d.status = StatusPending
	}
	return d, true
}

func reinstatedOn(b domain.DesignationReinstated) domain.Date {
	if b.ReinstatedOn != "" {
		return b.ReinstatedOn
	}
	return b.InForceOn
}

func removedOn(b *domain.DesignationRemoved) domain.Date {
	if b.RemovedOn != "" {
		return b.RemovedOn
	}
	return b.InForceOn
}

// adopted returns what the designation's event says.
func (t at) adopted(d designated) *domain.DesignationAdopted {
	if b, ok := t.v.history.bodyAt(d.Event, t.n).(*domain.DesignationAdopted); ok {
		return b
	}
	return &domain.DesignationAdopted{}
}

func (t at) regimeID(d designated) string { return t.v.lists.RegimeIDs[d.Regime] }

func (d designated) kind() string {
	if d.Kind < 0 {
		return ""
	}
	return kinds[d.Kind]
}

// authority returns who decided a designation, "" if it is not known.
func (t at) authority(id string) domain.Country {
	num, ok := t.v.lists.byID[id]
	if !ok {
		return ""
	}
	for _, a := range t.v.lists.Rows[num].Adoptions {
		if a.From < t.n {
			return a.Authority
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

// measures are those in force after amendments, but for what a court took.
func (t at) measures(d designated) []string {
	out := t.v.lists.measuresAt(d.Measures)
	for _, e := range d.Amended {
		if _, measures := t.amended(e); measures != nil {
			out = measures
		}
	}
	if d.fate != nil && len(d.fate.struck) > 0 {
		out = slices.DeleteFunc(slices.Clone(out), func(m string) bool { return slices.Contains(d.fate.struck, m) })
	}
	return out
}

// asListed reports that nothing changed the measures that were listed.
func (d designated) asListed() bool {
	return len(d.Amended) == 0 && (d.fate == nil || len(d.fate.struck) == 0)
}

// subject is the one listed, after amendments.
func (t at) subject(d designated) *domain.Subject {
	out := &t.adopted(d).Subject
	for _, e := range d.Amended {
		if subject, _ := t.amended(e); subject != nil {
			out = subject
		}
	}
	return out
}

// amended returns what an amendment or reinstatement that has come puts in
// place; nil for what it leaves.
func (t at) amended(e uint64) (*domain.Subject, []string) {
	switch b := t.v.history.standing(e, t.n).(type) {
	case *domain.DesignationAmended:
		if t.by(amendedOn(b)) {
			return b.Subject, b.Measures
		}
	case domain.DesignationReinstated:
		if t.by(reinstatedOn(b)) {
			return b.Subject, b.Measures
		}
	}
	return nil, nil
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
	body := f.adopted(d)
	out := Designation{
		ID: d.ID, Regime: body.Regime, Authority: body.Authority, ListRef: body.ListRef,
		Kind: body.Subject.Kind, Name: nameOf(f.subject(d)), Status: d.status, StatusSince: d.since(), Court: f.courtSteps(d),
		AdoptedOn: body.AdoptedOn, InForceOn: body.InForceOn, Measures: append([]string{}, f.measures(d)...),
		Basis: body.Basis, Marks: f.marks(d.Event), HeldBy: []domain.Country{}, Events: []uint64{d.Event},
	}
	if b, ok := f.removalBody(d.removed); ok {
		out.RemovedOn = removedOn(b)
		out.Events = append(out.Events, d.removed)
	}
	if d.fate != nil && d.fate.event != 0 {
		out.Events = append(out.Events, d.fate.event)
	}
	out.Events = append(out.Events, f.amendments(d.row)...)
	for i, v := range f.verdicts(d, nil) {
		if v.inForce() && d.status == StatusListed {
			out.HeldBy = append(out.HeldBy, f.states[i])
		}
	}
	slices.Sort(out.Events)
	out.Events = slices.Compact(out.Events)
	return out
}

func (t at) removalBody(event uint64) (*domain.DesignationRemoved, bool) {
	if event == 0 {
		return nil, false
	}
	b, ok := t.v.history.standing(event, t.n).(*domain.DesignationRemoved)
	return b, ok
}
