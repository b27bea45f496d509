package fsck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const checkpointType = "checkpoint"

// findGenesis takes the ledger for the one that the store begins with, unless
// it was told which it is.
func (c *checker) findGenesis(ctx context.Context) error {
	c.report.Genesis = c.o.Genesis
	if !c.o.Genesis.IsZero() {
		return nil
	}
	for r, err := range c.store.Read(ctx, eventstore.Journal, 0, 1) {
		if errors.Is(err, eventstore.ErrCorrupt) {
			return nil // verify names it
		}
		if err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		c.report.Genesis = (&seal.Envelope{Raw: ledger.LeafOf(r).Envelope}).Hash()
	}
	return nil
}

// items yields the journal's leaves with each checkpoint behind the last leaf
// that it covers.
func (c *checker) items(ctx context.Context) iter.Seq2[archive.Item, error] {
	return func(yield func(archive.Item, error) bool) {
		marks := c.checkpoints(ctx)
		next, stop := iter.Pull2(marks)
		defer stop()
		mark, err, more := next()
		at := uint64(0)
		flush := func() bool { // checkpoints of the leaves so far
			for more && (err != nil || mark.size <= at) {
				if !yield(archive.Item{Checkpoint: mark.text}, err) || err != nil {
					return false
				}
				mark, err, more = next()
			}
			return true
		}
		for r, readErr := range c.store.Read(ctx, eventstore.Journal, 0, eventstore.Head) {
			if readErr != nil {
				yield(archive.Item{}, readErr)
				return
			}
			leaf, bad := leafOf(r, at)
			if bad != nil {
				yield(archive.Item{}, bad)
				return
			}
			if !yield(archive.Item{Leaf: leaf}, nil) {
				return
			}
			if at++; !flush() {
				return
			}
		}
		if at == 0 {
			yield(archive.Item{}, &archive.Bad{Rule: RuleEmpty, Message: "the store holds no events: it is empty, or another one"})
			return
		}
		for ; more; mark, err, more = next() { // of leaves that are not there
			if !yield(archive.Item{Checkpoint: mark.text}, err) || err != nil {
				return
			}
		}
	}
}

// leafOf returns the leaf of a record that must be exactly what a ledger writes.
func leafOf(r eventstore.Record, at uint64) (archive.Leaf, *archive.Bad) {
	if r.Revision != at {
		return archive.Leaf{}, &archive.Bad{Index: at, Rule: RuleRevision, Message: fmt.Sprintf("the store returned revision %d where %d is due", r.Revision, at)}
	}
	l := ledger.LeafOf(r)
	want, err := ledger.RecordOf(l)
	if err == nil && (want.ID != r.ID || want.Type != r.Type || !bytes.Equal(want.Data, r.Data) || !bytes.Equal(want.Meta, r.Meta)) {
		return archive.Leaf{}, &archive.Bad{Index: at, Rule: RuleRecord, Message: "the record's id, type or metadata is not what a ledger writes for this event: it was altered in the store"}
	}
	return archive.Leaf{Index: l.Index, RecordedAt: l.RecordedAt, Envelope: l.Envelope}, nil
}

// marked is a checkpoint record.
type marked struct {
	size uint64
	text []byte
}

// checkpoints yields the checkpoints of the store. One that cannot be read is
// yielded at size 0, so that it is judged at once.
func (c *checker) checkpoints(ctx context.Context) iter.Seq2[marked, error] {
	return func(yield func(marked, error) bool) {
		at := uint64(0)
		for r, err := range c.store.Read(ctx, eventstore.Checkpoints, 0, eventstore.Head) {
			if err == nil && r.Revision != at {
				err = &archive.Bad{Index: at, Rule: RuleRevision, Message: fmt.Sprintf("the store returned checkpoint record %d where %d is due", r.Revision, at)}
			}
			at++
			if err == nil && r.Type != checkpointType {
				continue
			}
			m := marked{text: r.Data}
			if p, err := translog.PeekCheckpoint(r.Data); err == nil {
				m.size = p.Size
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}
