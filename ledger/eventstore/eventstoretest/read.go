package eventstoretest

import (
	"context"
	"errors"
	"iter"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func readClauses() []clause {
	return []clause{
		{"a read starts at the revision asked for", readFrom},
		{"a read ends before the revision that it was told", readTo},
		{"a read from the head or beyond yields nothing", readBeyond},
		{"a read may be left early", readLeft},
		{"a read ends though the loop appends", readWhileAppending},
		{"a read ends with its context's error", readCancelled},
	}
}

// A view resumes after the last fact it folded: one record too many counts it
// twice, one too few loses it.
func readFrom(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 12)
	for from := range uint64(12) {
		t.same(t.read(t.Context(), s, eventstore.Journal, from), numbered(from, from, 12-from))
	}
}

// Reading a batch back, or one event, must not pay for the rest of the journal.
func readTo(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 12)
	for _, r := range [][2]uint64{{0, 0}, {0, 1}, {0, 12}, {3, 7}, {7, 3}, {11, 12}, {10, 99}, {12, 13}} {
		from, to := r[0], min(max(r[1], r[0]), 12)
		t.same(t.collect(s.Read(t.Context(), eventstore.Journal, r[0], r[1])), numbered(from, from, to-from))
	}
}

// A reader ahead of the store waits elsewhere; it must not be told that
// something failed, nor be given the last record again.
func readBeyond(t subject) {
	s := t.store()
	for _, from := range []uint64{0, 1, 1<<64 - 1} {
		t.same(t.read(t.Context(), s, eventstore.Journal, from), nil)
	}
	t.mustAppend(s, eventstore.Journal, 0, 0, 3)
	for _, from := range []uint64{3, 4, 1 << 40, 1<<64 - 1} {
		t.same(t.read(t.Context(), s, eventstore.Journal, from), nil)
	}
}

// Looking up one record breaks out after it; nothing may stay locked.
func readLeft(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 5)
	for range 50 {
		for r, err := range s.Read(t.Context(), eventstore.Journal, 2, eventstore.Head) {
			if err != nil {
				t.Fatal(err)
			}
			t.same([]eventstore.Record{r}, numbered(2, 2, 1))
			break
		}
	}
	t.mustAppend(s, eventstore.Journal, 5, 5, 1)
	t.holds(s, eventstore.Journal, numbered(0, 0, 6))
}

// A reader that could be outrun by a writer, or by itself, would never end.
func readWhileAppending(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 5)
	next := uint64(5)
	for r, err := range s.Read(t.Context(), eventstore.Journal, 0, eventstore.Head) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Revision >= 5 {
			t.Fatalf("the read began at head 5 and yielded revision %d", r.Revision)
		}
		t.mustAppend(s, eventstore.Journal, next, next, 2)
		next += 2
	}
	t.holds(s, eventstore.Journal, numbered(0, 0, 15))
}

// A read cut short must not look like one that reached the head: a verifier
// would call the shorter journal complete.
func readCancelled(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []eventstore.Record
	var errs []error
	for r, err := range s.Read(ctx, eventstore.Journal, 0, eventstore.Head) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if got = append(got, r); len(got) == 3 {
			cancel()
		}
	}
	if len(errs) != 1 || !errors.Is(errs[0], context.Canceled) {
		t.Fatalf("got errors %v after %d records, want the context's error once", errs, len(got))
	}
	t.same(got, numbered(0, 0, uint64(len(got))))
	t.onlyError(s.Read(ctx, eventstore.Journal, 0, eventstore.Head), context.Canceled)
	if _, err := s.Next(ctx, eventstore.Journal); !errors.Is(err, context.Canceled) {
		t.Fatalf("next with an ended context: got %v", err)
	}
}

// onlyError fails the test unless seq yields want once and nothing else.
func (t subject) onlyError(seq iter.Seq2[eventstore.Record, error], want error) {
	t.Helper()
	n := 0
	for r, err := range seq {
		if n++; n > 1 || !errors.Is(err, want) {
			t.Fatalf("step %d: got record %d, error %v; want only the error %v", n, r.Revision, err, want)
		}
	}
	if n == 0 {
		t.Fatalf("ended without the error %v", want)
	}
}
