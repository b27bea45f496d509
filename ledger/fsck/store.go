package fsck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

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
// that it covers, and then with each that witnesses cosigned.
func (c *checker) items(ctx context.Context) iter.Seq2[archive.Item, error] {
	return func(yield func(archive.Item, error) bool) {
		signed, cosigned := queueOf(c.marks(ctx, checkpointType)), queueOf(c.marks(ctx, ledger.CosignedType))
		defer signed.stop()
		defer cosigned.stop()
		flush := func(at uint64) bool {
			return signed.upTo(at, func(m mark, err error) bool { return yield(archive.Item{Checkpoint: m.text}, err) }) &&
				cosigned.upTo(at, func(m mark, err error) bool { return yield(archive.Item{Cosigned: m.text}, err) })
		}
		at := uint64(0)
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
			if at++; !flush(at) {
				return
			}
		}
		if at == 0 {
			yield(archive.Item{}, &archive.Bad{Rule: RuleEmpty, Message: "the store holds no events: it is empty, or another one"})
			return
		}
		flush(math.MaxUint64) // what is of leaves that are not there
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

// mark is a record of the checkpoints stream.
type mark struct {
	size uint64
	text []byte
}

// queue hands out marks as leaves come.
type queue struct {
	next func() (mark, error, bool)
	stop func()
	head mark
	err  error
	more bool
}

func queueOf(marks iter.Seq2[mark, error]) *queue {
	q := &queue{}
	q.next, q.stop = iter.Pull2(marks)
	q.head, q.err, q.more = q.next()
	return q
}

// upTo yields the marks of at most so many leaves. It reports whether to go on.
func (q *queue) upTo(at uint64, yield func(mark, error) bool) bool {
	for ; q.more && (q.err != nil || q.head.size <= at); q.head, q.err, q.more = q.next() {
		if !yield(q.head, q.err) || q.err != nil {
			return false
		}
	}
	return true
}

// marks yields the marks of a type in the store's order. One that cannot be
// read is yielded at size 0, so that it is judged at once.
func (c *checker) marks(ctx context.Context, kind string) iter.Seq2[mark, error] {
	return func(yield func(mark, error) bool) {
		at := uint64(0)
		for r, err := range c.store.Read(ctx, eventstore.Checkpoints, 0, eventstore.Head) {
			if err == nil && r.Revision != at {
				err = &archive.Bad{Index: at, Rule: RuleRevision, Message: fmt.Sprintf("the store returned checkpoint record %d where %d is due", r.Revision, at)}
			}
			at++
			if err == nil && r.Type != kind {
				continue
			}
			m := mark{text: r.Data}
			if p, err := translog.PeekCheckpoint(r.Data); err == nil {
				m.size = p.Size
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}
