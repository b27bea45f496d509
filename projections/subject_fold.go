package projections

import (
	"io"
	"slices"
	"strconv"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// subjects finds the events that name a subject, and those that refer to them.
type subjects struct {
	subjectsIndex
	sums *blockSums // for the digest
}

type subjectsIndex struct {
	Naming     map[string][]uint64 // by id of a designation or registered subject, IMO number or wallet: what names it, or was corrected to
	Bearing    map[string][]uint64 // by IMO number: any event whose subject bears it
	Registered map[string][]uint64 // by id: registrations of the subject
	Citing     map[string][]uint64 // by index of an event: those that refer to it
}

func newSubjects() *subjects {
	return &subjects{
		subjectsIndex: subjectsIndex{
			Naming: map[string][]uint64{}, Bearing: map[string][]uint64{}, Registered: map[string][]uint64{}, Citing: map[string][]uint64{},
		},
		sums: &blockSums{rows: blockRows},
	}
}

// Name returns the view's name in snapshots.
func (s *subjects) Name() string { return "subjects" }

// Version returns the version of the view's fold.
func (s *subjects) Version() int { return 3 }

// Fold takes the next fact.
func (s *subjects) Fold(f domain.Fact) {
	s.take(f.Index, f.Body)
	if b, ok := f.Body.(domain.EventCorrected); ok {
		if st, r := b.Body(); r == nil {
			s.take(b.Target.Index, st)
		}
	}
}

func (s *subjects) take(event uint64, body domain.Body) {
	s.sums.change(event)
	names, refs := subjectsOf(body)
	for _, name := range names {
		put(s.Naming, name, event)
	}
	for _, r := range refs {
		put(s.Citing, strconv.FormatUint(r, 10), event)
	}
	for _, imo := range imosIn(held(body)) {
		put(s.Bearing, imo, event)
	}
	if b, ok := body.(domain.SubjectRegistered); ok {
		put(s.Registered, b.ID, event)
	}
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

// entryOf returns the id whose description an event is part of: a designation's,
// or a registered subject's.
func entryOf(body domain.Body) string {
	if b, ok := body.(domain.SubjectRegistered); ok {
		return b.ID
	}
	return designationOf(body)
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
	case domain.SubjectRegistered:
		return &b.Subject
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
	var all []domain.Subject
	switch b := body.(type) {
	case *domain.ViolationReported:
		all = b.Subjects
	case interface{ Subjects() []domain.Subject }:
		all = b.Subjects()
	}
	var out []*domain.Subject
	for i := range all {
		out = append(out, &all[i])
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

// numbers lists what a subject is watched by beside its id: IMO numbers and
// wallets.
func numbers(s *domain.Subject) []string {
	var out []string
	for _, id := range s.Identifiers {
		if (id.Scheme == "imo" || id.Scheme == "wallet") && !slices.Contains(out, id.Value) {
			out = append(out, id.Value)
		}
	}
	return out
}

// canonical writes what names each subject, and what refers to each event.
func (s *subjects) canonical(w io.Writer) error {
	return s.sums.lists(w, indexOf("naming", s.Naming), indexOf("bearing", s.Bearing), indexOf("registered", s.Registered), indexOf("citing", s.Citing))
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
