package projections

import (
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// cases finds the answers to a request. What belongs to a case by its id, the
// timeline finds; all else is read from the bodies.
type cases struct {
	Answers map[uint64][]uint64 // by index of the request
}

func newCases() *cases { return &cases{Answers: map[uint64][]uint64{}} }

// Name returns the view's name in snapshots.
func (c *cases) Name() string { return "cases" }

// Version returns the version of the view's fold.
func (c *cases) Version() int { return 1 }

// Fold takes the next fact.
func (c *cases) Fold(f domain.Fact) {
	event, body := f.Index, f.Body
	if b, ok := f.Body.(domain.EventCorrected); ok {
		st, r := b.Body()
		if r != nil {
			return
		}
		event, body = b.Target.Index, st
	}
	if b, ok := body.(domain.InformationAnswered); ok {
		put(c.Answers, b.Request.Index, event)
	}
}

// Save writes the view.
func (c *cases) Save(w io.Writer) error { return save(w, c.Answers) }

// Load replaces the view by a saved one.
func (c *cases) Load(r io.Reader) error {
	in := newCases()
	if err := load(r, &in.Answers); err != nil {
		return err
	}
	*c = *in
	return nil
}
