package projections

import (
	"io"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// timeline finds the events of a case and of a state. A correction adds where
// its original is found; a reader checks what it says at the query's AsOf.
type timeline struct {
	timelineIndex
	sums *blockSums // for the digest
}

type timelineIndex struct {
	Cases  map[string][]uint64
	States map[domain.Country][]uint64
}

func newTimeline() *timeline {
	return &timeline{
		timelineIndex: timelineIndex{Cases: map[string][]uint64{}, States: map[domain.Country][]uint64{}},
		sums:          &blockSums{rows: blockRows},
	}
}

// Name returns the view's name in snapshots.
func (l *timeline) Name() string { return "timeline" }

// Version returns the version of the view's fold.
func (l *timeline) Version() int { return 2 }

// Fold takes the next fact.
func (l *timeline) Fold(f domain.Fact) {
	l.sums.change(f.Index)
	put(l.States, f.Issuer.Member(), f.Index)
	if b, ok := f.Body.(domain.EventCorrected); ok {
		if st, r := b.Body(); r == nil {
			l.take(b.Target.Index, st)
		}
		return
	}
	l.take(f.Index, f.Body)
}

func (l *timeline) take(event uint64, body domain.Body) {
	l.sums.change(event)
	if c := caseOf(body); c != "" {
		put(l.Cases, c, event)
	}
	for _, c := range statesOf(held(body)) {
		put(l.States, c, event)
	}
}

func caseOf(body domain.Body) string {
	if st, ok := body.(domain.Statement); ok {
		return st.Base().Case
	}
	return ""
}

// statesOf lists the states that an event is for or concerns.
func statesOf(body domain.Body) []domain.Country {
	switch b := body.(type) {
	case *domain.DesignationTransposed:
		return []domain.Country{b.Member}
	case *domain.ImplementationDeclared:
		return []domain.Country{b.Member}
	case domain.MemberAdmitted:
		return []domain.Country{b.Member.Code}
	case domain.MemberSuspended:
		return []domain.Country{b.Member}
	case domain.MemberReinstated:
		return []domain.Country{b.Member}
	case domain.RootReplaced:
		return []domain.Country{b.Member}
	case domain.InformationRequested:
		return []domain.Country{b.ToMember}
	case ofState:
		if b.Whose() != "" {
			return append([]domain.Country{b.Whose()}, concerning(body)...)
		}
	}
	return concerning(body)
}

// concerning lists the third states that an assertion names.
func concerning(body domain.Body) []domain.Country {
	switch b := body.(type) {
	case *domain.EnforcementActionTaken:
		return b.Concerning
	case *domain.InterdictionExecuted:
		return b.Concerning
	case ofThirdStates:
		return slices.Clip(b.Concerns())
	}
	return nil
}

// put adds an event to an ascending list, once.
func put[K comparable](lists map[K][]uint64, key K, event uint64) {
	list := lists[key]
	if len(list) == 0 || list[len(list)-1] < event {
		lists[key] = append(list, event)
		return
	}
	if i, found := slices.BinarySearch(list, event); !found {
		lists[key] = slices.Insert(list, i, event)
	}
}

// canonical writes the lists of cases, then of states.
func (l *timeline) canonical(w io.Writer) error {
	return l.sums.lists(w, indexOf("case", l.Cases), indexOf("state", l.States))
}

// Save writes the view.
func (l *timeline) Save(w io.Writer) error { return save(w, l.timelineIndex) }

// Load replaces the view by a saved one.
func (l *timeline) Load(r io.Reader) error {
	in := newTimeline()
	if err := load(r, &in.timelineIndex); err != nil {
		return err
	}
	*l = *in
	return nil
}
