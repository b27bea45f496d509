package projections

import (
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// activity finds what each member stated, did and explained.
type activity struct {
	activityIndex
	sums *blockSums // for the digest
}

type activityIndex struct {
	Stated    map[domain.Country][]uint64 // statements by the member's agencies
	Acts      map[domain.Country][]uint64 // actions, freezes, releases, interdictions
	Explained map[domain.Country][]uint64 // explanations
	Disputed  map[domain.Country][]uint64 // disputes that it raised
}

func newActivity() *activity {
	return &activity{activityIndex: activityIndex{
		Stated: map[domain.Country][]uint64{}, Acts: map[domain.Country][]uint64{},
		Explained: map[domain.Country][]uint64{}, Disputed: map[domain.Country][]uint64{},
	}, sums: &blockSums{rows: blockRows}}
}

// Name returns the view's name in snapshots.
func (a *activity) Name() string { return "activity" }

// Version returns the version of the view's fold.
func (a *activity) Version() int { return 2 }

// Fold takes the next fact. A correction keeps the type and the issuer, so
// only first statements are noted.
func (a *activity) Fold(f domain.Fact) {
	c := f.Issuer.Member()
	a.sums.change(f.Index)
	if _, ok := f.Body.(domain.Statement); ok {
		a.Stated[c] = append(a.Stated[c], f.Index)
	}
	switch f.Body.(type) {
	case domain.EnforcementActionTaken, domain.AssetFrozen, domain.AssetUnfrozen, domain.InterdictionExecuted:
		a.Acts[c] = append(a.Acts[c], f.Index)
	case domain.ExplanationGiven:
		a.Explained[c] = append(a.Explained[c], f.Index)
	case domain.EventDisputed:
		a.Disputed[c] = append(a.Disputed[c], f.Index)
	}
}

// canonical writes the lists of statements, acts, explanations and disputes.
func (a *activity) canonical(w io.Writer) error {
	return a.sums.lists(w, indexOf("stated", a.Stated), indexOf("acts", a.Acts), indexOf("explained", a.Explained), indexOf("disputed", a.Disputed))
}

// Save writes the view.
func (a *activity) Save(w io.Writer) error { return save(w, a.activityIndex) }

// Load replaces the view by a saved one.
func (a *activity) Load(r io.Reader) error {
	in := newActivity()
	if err := load(r, &in.activityIndex); err != nil {
		return err
	}
	*a = *in
	return nil
}
