package ledger

import (
	"context"
	"fmt"
	"iter"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Cosigned is a checkpoint with the cosignatures that the witness policy in
// force at its size asked for, a signed note.
type Cosigned struct {
	Size uint64
	Note []byte
}

// Cosigned yields what is kept of cosigned checkpoints from a size on, by size,
// each size once, up to the newest. One that this ledger's tree does not have is
// left out. An error is yielded once and ends it.
func (l *Ledger) Cosigned(ctx context.Context, from uint64) iter.Seq2[Cosigned, error] {
	return func(yield func(Cosigned, error) bool) {
		next := max(from, 1)
		give := func(note []byte) bool {
			c, ok := l.ofOurs(note, next)
			if !ok {
				return true
			}
			next = c.Size + 1
			return yield(c, nil)
		}
		start, end, err := l.marksFrom(ctx, next)
		if err != nil {
			yield(Cosigned{}, fmt.Errorf("find cosigned checkpoints from size %d: %w", from, err))
			return
		}
		for r, err := range l.cfg.Store.Read(ctx, eventstore.Checkpoints, start, end) {
			if err != nil {
				yield(Cosigned{}, fmt.Errorf("read cosigned checkpoints: %w", err))
				return
			}
			if r.Type == CosignedType && !give(r.Data) {
				return
			}
		}
		l.mu.RLock()
		newest := l.witnessed.effective // perhaps not kept yet
		l.mu.RUnlock()
		if newest != nil {
			give(newest)
		}
	}
}

// ofOurs reports whether a cosigned checkpoint is of a size from next on, and of
// the tree that this ledger has.
func (l *Ledger) ofOurs(note []byte, next uint64) (Cosigned, bool) {
	head, err := translog.PeekCheckpoint(note)
	if err != nil || head.Size < next || head.Size > l.Size() {
		return Cosigned{}, false
	}
	root, err := l.tree.RootAt(head.Size)
	return Cosigned{head.Size, note}, err == nil && root == head.Root
}

// marksFrom returns the range of the checkpoints stream that holds all that is
// cosigned from a size on: a checkpoint stands before what witnesses make of it,
// and their sizes ascend.
func (l *Ledger) marksFrom(ctx context.Context, size uint64) (start, end uint64, err error) {
	if end, err = l.cfg.Store.Next(ctx, eventstore.Checkpoints); err != nil {
		return 0, 0, err
	}
	low, high := uint64(0), end
	for low < high {
		middle := low + (high-low)/2
		at, found, err := l.sizeFrom(ctx, middle, high)
		switch {
		case err != nil:
			return 0, 0, err
		case !found || at >= size:
			high = middle
		default:
			low = middle + 1
		}
	}
	return low, end, nil
}

// sizeFrom returns the size of the first checkpoint in a range of the stream.
func (l *Ledger) sizeFrom(ctx context.Context, from, to uint64) (size uint64, found bool, err error) {
	const atOnce = 16 // leases and cosigned checkpoints stand between
	for ; from < to; from += atOnce {
		for r, err := range l.cfg.Store.Read(ctx, eventstore.Checkpoints, from, min(from+atOnce, to)) {
			if err != nil {
				return 0, false, err
			}
			if r.Type != checkpointType {
				continue
			}
			if c, err := translog.PeekCheckpoint(r.Data); err == nil {
				return c.Size, true, nil
			}
		}
	}
	return 0, false, nil
}
