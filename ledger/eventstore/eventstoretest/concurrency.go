package eventstoretest

import (
	"errors"
	"sync"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func concurrencyClauses() []clause {
	return []clause{
		{"of concurrent appenders exactly one wins each revision", oneWinner},
		{"a reader never sees part of an append", wholeAppends},
	}
}

// Several replicas may write at once after a lease went wrong. The winner's
// event must be the one that stays, and every loser must know that it lost.
func oneWinner(t subject) {
	const appenders, rounds = 8, 25
	s := t.store()
	for round := range uint64(rounds) {
		results := make([]error, appenders)
		var all sync.WaitGroup
		for i := range results {
			all.Go(func() {
				n := round*appenders + uint64(i)
				results[i] = s.Append(t.Context(), write(eventstore.Journal, 2*round, samples(2*n, 2)...))
			})
		}
		all.Wait()
		winner := t.winner(results, round*appenders)
		t.same(t.read(t.Context(), s, eventstore.Journal, 2*round), numbered(2*round, 2*winner, 2))
	}
}

// winner returns the number of the one appender that succeeded; the others
// must have met a conflict.
func (t subject) winner(results []error, first uint64) uint64 {
	t.Helper()
	winners := make([]uint64, 0, 1)
	for i, err := range results {
		conflict := new(eventstore.Conflict)
		switch {
		case err == nil:
			winners = append(winners, first+uint64(i))
		case !errors.As(err, &conflict):
			t.Fatalf("appender %d: got %v, want nil or a conflict", i, err)
		}
	}
	if len(winners) != 1 {
		t.Fatalf("%d appenders won the same revision, want 1", len(winners))
	}
	return winners[0]
}

// A batch is admitted as one: whoever signs or folds half of it has seen a
// state that never was.
func wholeAppends(t subject) {
	const batch, batches = 7, 60
	s := t.store()
	var writer sync.WaitGroup
	var failed error
	done := make(chan struct{})
	writer.Go(func() {
		defer close(done)
		for next := uint64(0); next < batch*batches && failed == nil; next += batch {
			failed = s.Append(t.Context(), write(eventstore.Journal, next, samples(next, batch)...))
		}
	})
	defer writer.Wait()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		got := t.read(t.Context(), s, eventstore.Journal, 0)
		if len(got)%batch != 0 {
			t.Fatalf("a read saw %d records, the appends have %d each", len(got), batch)
		}
		t.same(got, numbered(0, 0, uint64(len(got))))
	}
	if failed != nil {
		t.Fatal(failed)
	}
	t.holds(s, eventstore.Journal, numbered(0, 0, batch*batches))
}
