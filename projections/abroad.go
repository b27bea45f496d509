package projections

import (
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// abroad finds what is asserted concerning a state.
type abroad struct{ Asserted map[domain.Country][]uint64 }

func newAbroad() *abroad { return &abroad{Asserted: map[domain.Country][]uint64{}} }

// Name returns the view's name in snapshots.
func (a *abroad) Name() string { return "third_countries" }

// Version returns the version of the view's fold.
func (a *abroad) Version() int { return 1 }

// Fold takes the next fact.
func (a *abroad) Fold(f domain.Fact) {
	event, body := f.Index, f.Body
	if b, ok := f.Body.(domain.EventCorrected); ok {
		st, r := b.Body()
		if r != nil {
			return
		}
		event, body = b.Target.Index, st
	}
	for _, c := range concerning(held(body)) {
		put(a.Asserted, c, event)
	}
}

// Save writes the view.
func (a *abroad) Save(w io.Writer) error { return save(w, a.Asserted) }

// Load replaces the view by a saved one.
func (a *abroad) Load(r io.Reader) error {
	in := newAbroad()
	if err := load(r, &in.Asserted); err != nil {
		return err
	}
	*a = *in
	return nil
}
