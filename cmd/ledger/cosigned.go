package main

import (
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
)

// bracketWidth is how close, in recorded time, the cosigned checkpoints of an
// archive stand, in microseconds. Closer ones would cost verifiers more than all
// else, and tell no more than the tolerance lets through.
const bracketWidth = 10_000_000

// cosignatures hands out a ledger's cosigned checkpoints as an archive grows.
type cosignatures struct {
	next func() (client.Cosigned, error, bool)
	stop func()
	head client.Cosigned
	more bool
	last int64 // recorded time at the one written last
}

// cosignatures asks for those that an archive does not hold yet. A ledger that
// does not show them, or not to this caller, has none.
func (r *remote) cosignatures(ctx context.Context, w *archive.Writer) (*cosignatures, error) {
	c := &cosignatures{}
	c.next, c.stop = iter.Pull2(r.Cosigned(ctx, max(w.Cosigned()+1, w.Next())))
	err := c.pull()
	var no *refused
	if errors.As(err, &no) && (no.Status == http.StatusNotFound || no.Status == http.StatusForbidden || no.Status >= 500) {
		return c, nil
	}
	if err != nil {
		c.stop()
	}
	return c, err
}

func (c *cosignatures) pull() (err error) {
	c.head, err, c.more = c.next()
	c.more = c.more && err == nil
	return err
}

// due returns the cosigned checkpoint of a size, if there is one that the
// archive is to hold: nil where another, up to size end, follows closely. The
// last leaf of that size was recorded at a time.
func (c *cosignatures) due(size uint64, at int64, end uint64) ([]byte, error) {
	if !c.more || c.head.Size != size {
		return nil, nil
	}
	note := []byte(c.head.Note)
	if err := c.pull(); err != nil {
		return nil, err
	}
	if at < c.last+bracketWidth && c.more && c.head.Size <= end {
		return nil, nil
	}
	c.last = at
	return note, nil
}

// write adds to an archive what is due at its end.
func (c *cosignatures) write(w *archive.Writer, at int64, end uint64) error {
	note, err := c.due(w.Next(), at, end)
	if err == nil && note != nil {
		err = w.AddCosigned(note)
	}
	return err
}
