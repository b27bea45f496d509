package eventstoretest

import (
	"errors"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func conflictClauses() []clause {
	return []clause{
		{"an append behind the head is refused as a conflict", conflictBehind},
		{"an append beyond the head is refused as a conflict", conflictBeyond},
		{"a refused append leaves nothing behind", refusedLeavesNothing},
		{"an append to several streams is all or nothing", severalStreams},
	}
}

// Two processes that both believe to hold the head must not both extend it:
// this is the fence that keeps the journal one.
func conflictBehind(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 5)
	for _, next := range []uint64{0, 3, 4} {
		t.conflicts(s, 5, write(eventstore.Journal, next, sample(99)))
	}
	t.holds(s, eventstore.Journal, numbered(0, 0, 5))
}

// A writer ahead of the store has seen records that the store lost. Filling
// the gap with anything would hide that.
func conflictBeyond(t subject) {
	s := t.store()
	t.conflicts(s, 0, write(eventstore.Journal, 1, sample(99)))
	t.mustAppend(s, eventstore.Journal, 0, 0, 2)
	for _, next := range []uint64{3, 1 << 32, 1<<64 - 1} {
		t.conflicts(s, 2, write(eventstore.Journal, next, sample(99)))
	}
	t.holds(s, eventstore.Journal, numbered(0, 0, 2))
}

// Half an append is an event without its predecessors: the refused writer
// admits its batch again from the start, at the same revision.
func refusedLeavesNothing(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 3)
	t.conflicts(s, 3, write(eventstore.Journal, 2, samples(50, 4)...))
	t.conflicts(s, 3, write(eventstore.Journal, 4, samples(50, 4)...))
	t.holds(s, eventstore.Journal, numbered(0, 0, 3))
	t.mustAppend(s, eventstore.Journal, 3, 3, 3)
	t.holds(s, eventstore.Journal, numbered(0, 0, 6))
}

// Journal records and the checkpoint that covers them go together where the
// store can do it. A store that cannot must say so rather than do half.
func severalStreams(t subject) {
	s := t.store()
	both := func(journal, checkpoints uint64) []eventstore.Write {
		return []eventstore.Write{
			write(eventstore.Journal, journal, samples(journal, 3)...),
			write(eventstore.Checkpoints, checkpoints, sample(checkpoints)),
		}
	}
	if !s.Atomic() {
		if err := s.Append(t.Context(), both(0, 0)...); !errors.Is(err, eventstore.ErrNotAtomic) {
			t.Fatalf("a store that is not atomic: got %v, want ErrNotAtomic", err)
		}
		t.holds(s, eventstore.Journal, nil)
		t.holds(s, eventstore.Checkpoints, nil)
		return
	}
	if err := s.Append(t.Context(), both(0, 0)...); err != nil {
		t.Fatal(err)
	}
	t.conflicts(s, 1, both(3, 0)...)
	t.conflicts(s, 3, both(0, 1)...)
	t.holds(s, eventstore.Journal, numbered(0, 0, 3))
	t.holds(s, eventstore.Checkpoints, numbered(0, 0, 1))
}

// conflicts fails the test unless the append is refused with a Conflict that
// names a write whose expectation was wrong and the true next revision.
func (t subject) conflicts(s eventstore.Store, have uint64, writes ...eventstore.Write) {
	t.Helper()
	err := s.Append(t.Context(), writes...)
	conflict := new(eventstore.Conflict)
	if !errors.As(err, &conflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
	for _, w := range writes {
		want := eventstore.Conflict{Stream: w.Stream, Want: w.Next, Have: have}
		if *conflict == want && w.Next != have {
			return
		}
	}
	t.Fatalf("the conflict %+v does not say what is wrong with %d writes (next revision %d)", *conflict, len(writes), have)
}
