package ledger

import (
	"context"
	"iter"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Followers that keep up are served from memory.
const (
	recentEvents = 8192
	recentBytes  = 16 << 20
)

// entry is a committed leaf and, if it is at hand, the fact it holds.
type entry struct {
	leaf Leaf
	fact *domain.Fact // nil: decode the leaf
}

// recent holds the newest committed events, guarded by Ledger.mu.
type recent struct {
	entries []entry
	bytes   int
}

func (r *recent) add(b *batch) {
	if len(b.entries) != len(b.leaves) {
		r.entries, r.bytes = nil, 0 // too many to keep
		return
	}
	for _, e := range b.entries {
		r.bytes += len(e.leaf.Envelope)
	}
	r.entries = append(r.entries, b.entries...)
	if len(r.entries) <= recentEvents && r.bytes <= recentBytes {
		return
	}
	half := len(r.entries) / 2
	for _, e := range r.entries[:half] {
		r.bytes -= len(e.leaf.Envelope)
	}
	r.entries = slices.Clone(r.entries[half:]) // lets the older half go
}

// from returns the entries from an index on, if they are all here.
func (r *recent) from(index uint64) []entry {
	if len(r.entries) == 0 || index < r.entries[0].leaf.Index {
		return nil
	}
	return r.entries[min(index-r.entries[0].leaf.Index, uint64(len(r.entries))):]
}

// followEntries yields the committed events from an index, then new ones as
// they are committed, until ctx ends, silently, or the ledger is closed, with
// ErrClosed.
func (l *Ledger) followEntries(ctx context.Context, from uint64) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		for {
			l.mu.RLock()
			size, grown, kept := l.state.Next(), l.grown, l.recent.from(from)
			l.mu.RUnlock()
			for e, err := range l.entriesTo(ctx, kept, from, size) {
				if ctx.Err() != nil || !yield(e, err) || err != nil {
					return
				}
			}
			from = max(from, size)
			select {
			case <-grown:
			case <-ctx.Done():
				return
			case <-l.stop:
				yield(entry{}, ErrClosed)
				return
			}
		}
	}
}

func (l *Ledger) entriesTo(ctx context.Context, kept []entry, from, to uint64) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		if kept != nil {
			for _, e := range kept {
				if !yield(e, nil) {
					return
				}
			}
			return
		}
		for leaf, err := range l.leavesTo(ctx, from, to) {
			if !yield(entry{leaf: leaf}, err) {
				return
			}
		}
	}
}
