package eventstoretest

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func brokenLives() []brokenStore {
	build := func(f faulty) func() eventstore.Store {
		return func() eventstore.Store {
			f := f
			f.Store = eventstore.Memory()
			return &f
		}
	}
	return []brokenStore{
		{
			"goes on after close",
			[]string{"a closed store refuses every call", "closing the store ends its followers"},
			build(faulty{close: func(eventstore.Store) error { return nil }}),
		},
		{"closes only once", []string{"a closed store refuses every call"}, closesOnce},
		{
			"counts one too many",
			[]string{"next is the number of records", "a new store has two empty streams"},
			build(faulty{next: oneMore}),
		},
		{
			"forgets the last record when it restarts",
			[]string{"what was acknowledged is there after reopening"},
			build(faulty{reopen: withoutLast}),
		},
		{
			"forgets everything when it restarts",
			[]string{"a reopened store goes on at the next revision"},
			build(faulty{reopen: func(eventstore.Store) eventstore.Store { return eventstore.Memory() }}),
		},
		{
			"keeps the caller's memory",
			[]string{"the writer may reuse its slices"},
			func() eventstore.Store { return &aliasing{records: map[string][]eventstore.Record{}, keep: true} },
		},
		{
			"hands out its own memory",
			[]string{"the reader may change what it reads", "a follower may change what it reads"},
			func() eventstore.Store { return &aliasing{records: map[string][]eventstore.Record{}} },
		},
		{"locks up when a read is left", []string{"a read may be left early", "a read ends though the loop appends"}, locking},
	}
}

func closesOnce() eventstore.Store {
	closed := false
	return &faulty{Store: eventstore.Memory(), close: func(s eventstore.Store) error {
		if closed {
			return eventstore.ErrClosed
		}
		closed = true
		return s.Close()
	}}
}

func oneMore(ctx context.Context, s eventstore.Store, stream string) (uint64, error) {
	next, err := s.Next(ctx, stream)
	return next + 1, err
}

// withoutLast copies all but the last record of each stream.
func withoutLast(s eventstore.Store) eventstore.Store {
	restarted := eventstore.Memory()
	for _, stream := range []string{eventstore.Journal, eventstore.Checkpoints} {
		var all []eventstore.Record
		for r, err := range s.Read(context.Background(), stream, 0, eventstore.Head) {
			if err == nil {
				all = append(all, r)
			}
		}
		if len(all) > 1 {
			_ = restarted.Append(context.Background(), write(stream, 0, all[:len(all)-1]...))
		}
	}
	return restarted
}

// locking refuses appends while a read is in progress and, because it cleans
// up only at the end of a read, also after one that was left.
func locking() eventstore.Store {
	reading := false
	return &faulty{
		Store: eventstore.Memory(),
		append: func(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
			if reading {
				return errors.New("a read is in progress")
			}
			return s.Append(ctx, writes...)
		},
		read: func(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
			return func(yield func(eventstore.Record, error) bool) {
				reading = true
				for r, err := range s.Read(ctx, stream, from, eventstore.Head) {
					if !yield(r, err) {
						return
					}
				}
				reading = false
			}
		},
	}
}

// aliasing shares memory with its callers: on the way in, or on the way out.
type aliasing struct {
	keep    bool
	mu      sync.Mutex
	records map[string][]eventstore.Record
}

func (a *aliasing) Atomic() bool { return true }
func (a *aliasing) Close() error { return nil }

func (a *aliasing) Append(_ context.Context, writes ...eventstore.Write) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range writes {
		for i, r := range w.Records {
			if !a.keep {
				r.Data, r.Meta = append([]byte(nil), r.Data...), append([]byte(nil), r.Meta...)
			}
			r.Revision = w.Next + uint64(i)
			a.records[w.Stream] = append(a.records[w.Stream], r)
		}
	}
	return nil
}

func (a *aliasing) Read(_ context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	a.mu.Lock()
	records := a.records[stream]
	a.mu.Unlock()
	return func(yield func(eventstore.Record, error) bool) {
		for _, r := range records[min(from, uint64(len(records))):min(to, uint64(len(records)))] {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Follow never goes live: that is enough for the clauses about memory.
func (a *aliasing) Follow(ctx context.Context, stream string, from uint64) iter.Seq2[eventstore.Record, error] {
	return a.Read(ctx, stream, from, eventstore.Head)
}

func (a *aliasing) Next(_ context.Context, stream string) (uint64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return uint64(len(a.records[stream])), nil
}
