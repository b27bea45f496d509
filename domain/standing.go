package domain

import (
	"fmt"
	"slices"
)

// Standing says whether a designation stands. At most one index is not 0.
type Standing struct {
	RemovedAt    uint64
	SuspendedAt  uint64
	ReinstatedAt uint64
	Turns        []Turn // that stand, in order of record; replaced, never changed in place
}

// Turn is one removal, suspension or reinstatement.
type Turn struct {
	Index uint64
	To    string
}

const (
	turnRemoved    = "removed"
	turnSuspended  = "suspended"
	turnReinstated = "reinstated"
)

// standingAfter derives the indexes from the last turn.
func standingAfter(turns []Turn) Standing {
	out := Standing{Turns: turns}
	if len(turns) == 0 {
		return out
	}
	last := turns[len(turns)-1]
	switch last.To {
	case turnRemoved:
		out.RemovedAt = last.Index
	case turnSuspended:
		out.SuspendedAt = last.Index
	case turnReinstated:
		out.ReinstatedAt = last.Index
	}
	return out
}

func (s *State) setStanding(id, to string, at uint64) {
	d, _ := s.designations.get(id)
	d.Standing = standingAfter(append(slices.Clone(d.Turns), Turn{at, to}))
	s.designations.put(id, d)
}

// unsetStanding takes the turn back that was recorded at an index: what was
// before it, or came after it, stands.
func (s *State) unsetStanding(id string, at uint64) {
	d, ok := s.designations.get(id)
	if !ok {
		return
	}
	d.Standing = standingAfter(slices.DeleteFunc(slices.Clone(d.Turns), func(t Turn) bool { return t.Index == at }))
	s.designations.put(id, d)
}

// takesNew refuses what only a designation that stands takes.
func (g Standing) takesNew(id string) *Refusal {
	switch {
	case g.RemovedAt != 0:
		return refuse("designation.removed", "designation", fmt.Sprintf("%s was removed at index %d: a removed designation takes neither transposition nor suspension", id, g.RemovedAt))
	case g.SuspendedAt != 0:
		return refuse("designation.suspended", "designation", fmt.Sprintf("%s was suspended at index %d: wait until it is reinstated (designation.reinstated)", id, g.SuspendedAt))
	}
	return nil
}

// Decision is the act that a suspension or reinstatement follows from.
type Decision struct {
	DecidedBy  string `json:"decided_by,omitempty"` // court, committee, authority
	Instrument string `json:"instrument,omitempty"`
}

func (d Decision) check() *Refusal {
	return oneOf("decided_by", d.DecidedBy, "", "court", "committee", "authority")
}

// DesignationSuspended takes effect from a designation for a time, as when a
// court stays it. It stays on the list and takes no new transposition.
type DesignationSuspended struct {
	Common
	Decision
	Designation string `json:"designation"`
	SuspendedOn Date   `json:"suspended_on,omitempty"`
	InForceOn   Date   `json:"in_force_on,omitempty"`
	Until       Date   `json:"until,omitempty"` // as decided; it ends by designation.reinstated, never by a clock
	Reason      string `json:"reason"`
}

// Key is the designation's id.
func (b DesignationSuspended) Key() string { return b.Designation }

func (b DesignationSuspended) admit(s *State, f Fact) *Refusal {
	if r := b.check(s, f); r != nil {
		return r
	}
	d, _ := s.designations.get(b.Designation)
	return d.takesNew(b.Designation)
}

func (b DesignationSuspended) check(s *State, f Fact) *Refusal {
	return first(maintains(s, f, b.Designation), required("reason", b.Reason), b.Decision.check(),
		checkDate("suspended_on", b.SuspendedOn), checkDate("in_force_on", b.InForceOn), checkDate("until", b.Until))
}

func (b DesignationSuspended) apply(s *State, f Fact) {
	s.setStanding(b.Designation, turnSuspended, f.Index)
}

func (b DesignationSuspended) assume(s *State, f Fact) { s.assumeDesignations(f, b.Designation) }

func (b DesignationSuspended) retract(s *State, key string, index uint64) {
	s.unsetStanding(key, index)
}

// DesignationReinstated gives a removed or suspended designation effect again.
// What is listed again under its old reference is the same designation. Members
// may transpose it anew; what they transposed before stays recorded.
type DesignationReinstated struct {
	Common
	Decision
	Designation  string   `json:"designation"`
	ReinstatedOn Date     `json:"reinstated_on,omitempty"`
	InForceOn    Date     `json:"in_force_on,omitempty"`
	Subject      *Subject `json:"subject,omitempty"`  // whole, where it reads otherwise than before
	Measures     []string `json:"measures,omitempty"` // whole, where they are others than before
	Reason       string   `json:"reason"`
}

// Key is the designation's id.
func (b DesignationReinstated) Key() string { return b.Designation }

func (b DesignationReinstated) admit(s *State, f Fact) *Refusal {
	if r := b.check(s, f); r != nil {
		return r
	}
	if d, _ := s.designations.get(b.Designation); d.RemovedAt == 0 && d.SuspendedAt == 0 {
		return refuse("designation.stands", "designation", b.Designation+" is neither removed nor suspended: amend it, or leave it as it is")
	}
	return nil
}

func (b DesignationReinstated) check(s *State, f Fact) *Refusal {
	r := first(maintains(s, f, b.Designation), required("reason", b.Reason), b.Decision.check(),
		checkDate("reinstated_on", b.ReinstatedOn), checkDate("in_force_on", b.InForceOn), checkSubject("subject", b.Subject))
	if r == nil && b.Measures != nil {
		r = checkMeasures(s, "measures", b.Measures)
	}
	return r
}

func (b DesignationReinstated) apply(s *State, f Fact) {
	s.setStanding(b.Designation, turnReinstated, f.Index)
}

func (b DesignationReinstated) assume(s *State, f Fact) {
	s.assumeDesignations(f, b.Designation)
	s.setStanding(b.Designation, turnSuspended, 1)
}

func (b DesignationReinstated) retract(s *State, key string, index uint64) {
	s.unsetStanding(key, index)
}
