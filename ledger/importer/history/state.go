package history

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// State is what a ledger holds of designations.
type State struct {
	Designations map[string]*Held
	gaps         map[gap]mark      // that stand
	imports      map[string]Import // by source: the newest
	files        map[file]coverage // imported to the end
	turn         int               // events folded
}

// Held is one designation as it reads now.
type Held struct {
	domain.DesignationAdopted
	Removed   bool
	RemovedOn domain.Date
	ListedOn  domain.Date // as the list stated it last
	Changes   int         // events that named it
	last      mark
	did       Kind // what the last event did
}

// Import is the newest import of a source.
type Import struct {
	SHA256      domain.Hash
	PublishedOn domain.Date
	Count       int // imports of the source, this one included
	turn        int
}

type (
	gap  struct{ designation, source string }
	file struct {
		source string
		sum    domain.Hash
	}
	// mark is when an event was folded, and on which file it rests.
	mark struct {
		turn int
		file domain.Hash
	}
)

// NewState returns the state of an empty ledger.
func NewState() *State {
	return &State{Designations: map[string]*Held{}, gaps: map[gap]mark{}, imports: map[string]Import{}, files: map[file]coverage{}}
}

// Newest is the newest import of a source, zero when there is none.
func (s *State) Newest(source string) Import { return s.imports[source] }

// Imported reports whether a file was imported to its end, for these regimes;
// none are all.
func (s *State) Imported(source string, sum domain.Hash, regimes []string) bool {
	c, ok := s.files[file{source, sum}]
	if !ok || c.whole {
		return ok
	}
	return len(regimes) > 0 && !slices.ContainsFunc(regimes, func(r string) bool { return !slices.Contains(c.regimes, r) })
}

// coverage is for which regimes a file was imported.
type coverage struct {
	whole   bool
	regimes []string
}

func (c coverage) with(regimes []string) coverage {
	return coverage{c.whole || len(regimes) == 0, slices.Concat(c.regimes, regimes)}
}

// Fold takes the next recorded body. Types that do not concern lists change nothing.
func (s *State) Fold(body domain.Body) {
	s.turn++
	switch b := body.(type) {
	case domain.DesignationAdopted:
		s.Designations[b.Designation] = &Held{DesignationAdopted: b, ListedOn: b.AdoptedOn, Changes: 1, did: New, last: s.mark(b.Common)}
	case domain.DesignationAmended:
		s.amend(b)
	case domain.DesignationRemoved:
		if h := s.touch(b.Designation, b.Common, Removed); h != nil {
			h.Removed, h.RemovedOn = true, max(b.RemovedOn, b.InForceOn)
		}
	case domain.DesignationReinstated:
		s.reinstate(b)
	case domain.ListGapObserved:
		s.gaps[gap{b.Designation, b.Source}] = mark{s.turn, b.Snapshot}
	case domain.ListGapClosed:
		s.close(b)
	case domain.ListImported:
		s.imports[b.Source] = Import{SHA256: b.SHA256, PublishedOn: max(b.PublisherDate, b.PublishedOn), Count: s.imports[b.Source].Count + 1, turn: s.turn}
		s.files[file{b.Source, b.SHA256}] = s.files[file{b.Source, b.SHA256}].with(b.Regimes)
	}
}

// mark says when, and on which file, a statement of now rests.
func (s *State) mark(c domain.Common) mark {
	m := mark{turn: s.turn}
	if len(c.Evidence) > 0 {
		m.file = c.Evidence[0].SHA256
	}
	return m
}

// touch notes an event on a designation; nil when none is held.
func (s *State) touch(id string, c domain.Common, did Kind) *Held {
	h, ok := s.Designations[id]
	if !ok {
		return nil
	}
	h.Changes++
	h.last, h.did = s.mark(c), did
	h.PublishedOn = max(h.PublishedOn, c.PublishedOn)
	return h
}

func (s *State) amend(b domain.DesignationAmended) {
	did := Cosmetic
	if b.Substantive {
		did = Substantively
	}
	h := s.touch(b.Designation, b.Common, did)
	if h == nil {
		return
	}
	h.reads(b.Subject, b.Measures)
	for _, c := range b.Changes {
		if c.Path == listedOn {
			h.ListedOn = domain.Date(c.New)
		}
	}
}

func (s *State) reinstate(b domain.DesignationReinstated) {
	if h := s.touch(b.Designation, b.Common, Reinstated); h != nil {
		h.Removed, h.RemovedOn = false, ""
		h.reads(b.Subject, b.Measures)
		if b.ReinstatedOn != "" {
			h.ListedOn = b.ReinstatedOn
		}
	}
}

func (h *Held) reads(subject *domain.Subject, measures []string) {
	if subject != nil {
		h.Subject = *subject
	}
	if measures != nil {
		h.Measures = measures
	}
}

// Gap reports whether a designation is missing from a list, as was observed.
func (s *State) Gap(designation, source string) bool {
	_, ok := s.gaps[gap{designation, source}]
	return ok
}

// close ends a gap; one that reappeared is what the file did to the designation.
func (s *State) close(b domain.ListGapClosed) {
	delete(s.gaps, gap{b.Designation, b.Source})
	if h, ok := s.Designations[b.Designation]; ok && b.Outcome == reappeared && b.Snapshot != nil {
		h.Changes++
		h.did, h.last = Reappeared, mark{s.turn, *b.Snapshot}
	}
}

// Newer is the latest publication of a source that what is held rests on.
func (s *State) Newer(source string, owns func(id string) bool) domain.Date {
	latest := s.imports[source].PublishedOn
	for id, h := range s.Designations {
		if owns(id) {
			latest = max(latest, h.PublishedOn)
		}
	}
	return latest
}
