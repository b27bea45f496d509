package projections

import (
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Views answers questions. It is safe for one writer or many readers: use
// [Runner.Read]. Answers share nothing that a later fold changes.
type Views struct{}

// NewViews returns views of an empty journal.
func NewViews() *Views { return &Views{} }

// Fold takes the next fact into every view.
func (v *Views) Fold(f domain.Fact) {}

// Size returns how many facts are folded: the index of the next one.
func (v *Views) Size() uint64 { return 0 }

// Genesis returns the hash that names the ledger, zero before genesis.
func (v *Views) Genesis() domain.Hash { return domain.Hash{} }

// RecordedAt returns when the event at an index was recorded; false if it is
// not folded yet.
func (v *Views) RecordedAt(index uint64) (time.Time, bool) { return time.Time{}, false }

// IndexAt returns the index of the last event recorded at or before t, for an
// as_of that is a time; false before genesis.
func (v *Views) IndexAt(t time.Time) (uint64, bool) { return 0, false }

// Register lists designations.
func (v *Views) Register(q RegisterQuery) RegisterPage { return RegisterPage{} }

// Designation returns one designation with its history; false if unknown.
func (v *Views) Designation(id string, q Query) (DesignationDetail, bool) {
	return DesignationDetail{}, false
}

// Compliance returns what the record says of a state; false if it is neither
// a member nor watched by a regime.
func (v *Views) Compliance(c domain.Country, q Query) (Compliance, bool) { return Compliance{}, false }

// Figure returns one figure of a state with all its events, unbounded.
func (v *Views) Figure(c domain.Country, path string, q Query) (Figure, bool) { return Figure{}, false }

// Countries returns a line for each state watched.
func (v *Views) Countries(q Query) CountriesPage { return CountriesPage{} }

// Summary returns the coalition at a glance.
func (v *Views) Summary(q Query) Summary { return Summary{} }

// Matrix returns states by regimes by measures.
func (v *Views) Matrix(q MatrixQuery) Matrix { return Matrix{} }

// Loopholes returns designations that some states hold and others do not.
func (v *Views) Loopholes(q LoopholeQuery) LoopholePage { return LoopholePage{} }

// DateConflicts returns pairs of published dates that cannot both be right.
func (v *Views) DateConflicts(q ConflictQuery) ConflictPage { return ConflictPage{} }

// ThirdCountry returns assertions concerning a state; never absent: a state of
// which nothing is asserted has none.
func (v *Views) ThirdCountry(c domain.Country, q ThirdCountryQuery) ThirdCountry {
	return ThirdCountry{}
}

// Subject returns the dossier of the subject that a designation id or an IMO
// number names; false if neither is known.
func (v *Views) Subject(id string, q Query) (Dossier, bool) { return Dossier{}, false }

// Case returns the events of a case; false if no event names it.
func (v *Views) Case(id string, q CaseQuery) (TimelinePage, bool) { return TimelinePage{}, false }

// CountryTimeline returns the events by, for or concerning a state.
func (v *Views) CountryTimeline(c domain.Country, q CaseQuery) TimelinePage { return TimelinePage{} }

// Feed returns events, newest first.
func (v *Views) Feed(q FeedQuery) TimelinePage { return TimelinePage{} }

// Entry returns one event as a timeline shows it; false if it is not known.
func (v *Views) Entry(index uint64, q Query) (Entry, bool) { return Entry{}, false }
