package projections

import (
	"io"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// subjects finds the events that name a designation or bear an identifier.
type subjects struct{ subjectsIndex }

type subjectsIndex struct {
	Naming  map[string][]uint64 // by designation id: actions, freezes, interdictions
	Bearing map[string][]uint64 // by IMO number: any event whose subject bears it
}

func newSubjects() *subjects {
	return &subjects{subjectsIndex{Naming: map[string][]uint64{}, Bearing: map[string][]uint64{}}}
}

// Name returns the view's name in snapshots.
func (s *subjects) Name() string { return "subjects" }

// Version returns the version of the view's fold.
func (s *subjects) Version() int { return 2 }

// Fold takes the next fact.
func (s *subjects) Fold(f domain.Fact) {
	event, body := f.Index, f.Body
	if b, ok := f.Body.(domain.EventCorrected); ok {
		st, r := b.Body()
		if r != nil {
			return
		}
		event, body = b.Target.Index, st
	}
	body = held(body)
	for _, id := range actedOn(body) {
		put(s.Naming, id, event)
	}
	for _, imo := range imosIn(body) {
		put(s.Bearing, imo, event)
	}
}

// actedOn lists the designations that an act names.
func actedOn(body domain.Body) []string {
	switch b := body.(type) {
	case *domain.EnforcementActionTaken:
		return b.Designations
	case *domain.AssetFrozen:
		return b.Designations
	case *domain.InterdictionExecuted:
		return b.Designations
	case interface{ About() domain.Matter }: // the acts and reports of version 3 of the rules
		return b.About().Designations
	case interface{ Naming() []string }: // reports and cases
		return b.Naming()
	}
	return nil
}

// designationOf returns the designation that a list event is about.
func designationOf(body domain.Body) string {
	switch b := body.(type) {
	case *domain.DesignationAdopted:
		return b.Designation
	case *domain.DesignationAmended:
		return b.Designation
	case *domain.DesignationRemoved:
		return b.Designation
	case *domain.DesignationTransposed:
		return b.Designation
	case domain.DesignationSuspended:
		return b.Designation
	case domain.DesignationReinstated:
		return b.Designation
	case domain.ListGapObserved:
		return b.Designation
	case domain.ListGapClosed:
		return b.Designation
	case domain.ChallengeFiled:
		return b.Designation
	case domain.CourtRuled:
		return b.Designation
	}
	return ""
}

// subjectIn returns the subject that an event describes.
func subjectIn(body domain.Body) *domain.Subject {
	switch b := body.(type) {
	case *domain.DesignationAdopted:
		return &b.Subject
	case *domain.DesignationAmended:
		return b.Subject
	case *domain.DesignationTransposed:
		return b.Entry
	case domain.DesignationReinstated:
		return b.Subject
	case *domain.EnforcementActionTaken:
		return b.Respondent
	case *domain.AssetFrozen:
		return b.Holder
	case *domain.InterdictionExecuted:
		return &b.Subject
	}
	return nil
}

// subjectsIn returns all subjects that an event describes.
func subjectsIn(body domain.Body) []*domain.Subject {
	if s := subjectIn(body); s != nil {
		return []*domain.Subject{s}
	}
	b, ok := body.(interface{ Subjects() []domain.Subject })
	if !ok {
		return nil
	}
	var out []*domain.Subject
	for _, s := range b.Subjects() {
		out = append(out, &s)
	}
	return out
}

// imosIn lists the IMO numbers of all of them.
func imosIn(body domain.Body) []string {
	var out []string
	for _, s := range subjectsIn(body) {
		out = append(out, imos(s)...)
	}
	return out
}

func imos(s *domain.Subject) []string {
	var out []string
	for _, id := range s.Identifiers {
		if id.Scheme == "imo" && !slices.Contains(out, id.Value) {
			out = append(out, id.Value)
		}
	}
	return out
}

// Save writes the view.
func (s *subjects) Save(w io.Writer) error { return save(w, s.subjectsIndex) }

// Load replaces the view by a saved one.
func (s *subjects) Load(r io.Reader) error {
	in := newSubjects()
	if err := load(r, &in.subjectsIndex); err != nil {
		return err
	}
	*s = *in
	return nil
}
