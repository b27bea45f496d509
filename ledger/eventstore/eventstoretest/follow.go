package eventstoretest

import (
	"context"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func followClauses() []clause {
	return []clause{
		{"a follower sees every record once and in order", followAll},
		{"a follower misses nothing between catching up and going live", followSeam},
		{"followers keep up with a writer that does not wait for them", followRace},
		{"a follower from beyond the head waits for that revision", followBeyond},
		{"a follower sees only its own stream", followOne},
		{"a follower ends silently with its context", followCancelled},
	}
}

// Views are fed by Follow alone: a record lost or repeated here is a wrong
// figure that nothing corrects.
func followAll(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 10)
	early := t.follow(s, eventstore.Journal, 0)
	t.same(early.take(10), numbered(0, 0, 10))
	late := t.follow(s, eventstore.Journal, 8)
	for next := uint64(10); next < 40; next += 3 {
		t.mustAppend(s, eventstore.Journal, next, next, 3)
	}
	t.same(early.take(30), numbered(10, 10, 30))
	t.same(late.take(32), numbered(8, 8, 32))
	early.silent()
	late.silent()
}

// The seam between stored and live records is where followers lose or repeat
// one, so every record of the catch-up causes an append.
func followSeam(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 20)
	next := uint64(20)
	f := t.followEach(s, eventstore.Journal, 0, func(eventstore.Record) error {
		if next == 60 {
			return nil
		}
		next += 2
		return s.Append(t.Context(), write(eventstore.Journal, next-2, samples(next-2, 2)...))
	})
	t.same(f.take(60), numbered(0, 0, 60))
	f.silent()
}

// Views start at any moment of a busy day.
func followRace(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 200)
	var followers []*follower
	for next := uint64(200); next < 400; next++ {
		if next%20 == 0 {
			followers = append(followers, t.follow(s, eventstore.Journal, next-200))
		}
		t.mustAppend(s, eventstore.Journal, next, next, 1)
	}
	for i, f := range followers {
		from := uint64(20 * i)
		t.same(f.take(int(400-from)), numbered(from, from, 400-from))
	}
	t.mustAppend(s, eventstore.Journal, 400, 400, 3) // all have met the head by now
	for _, f := range followers {
		t.same(f.take(3), numbered(400, 400, 3))
	}
}

// A view restored from a snapshot may be ahead of a store that is restored
// from an older copy; it must not be fed revisions it has already folded.
func followBeyond(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 2)
	f := t.follow(s, eventstore.Journal, 5)
	f.silent() // and by now it has met the head
	for next := uint64(2); next < 7; next++ {
		t.mustAppend(s, eventstore.Journal, next, next, 1)
	}
	t.same(f.take(2), numbered(5, 5, 2))
	f.silent()
}

// Witnesses follow checkpoints while the journal grows beside them.
func followOne(t subject) {
	s := t.store()
	f := t.follow(s, eventstore.Checkpoints, 0)
	t.mustAppend(s, eventstore.Journal, 0, 0, 5)
	t.mustAppend(s, eventstore.Checkpoints, 0, 100, 1)
	t.mustAppend(s, eventstore.Journal, 5, 5, 5)
	t.mustAppend(s, eventstore.Checkpoints, 1, 101, 1)
	t.same(f.take(2), numbered(0, 100, 2))
	f.silent()
}

// Shutting down is no failure, and it must not wait for the next event.
func followCancelled(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 2)
	f := t.follow(s, eventstore.Journal, 0)
	t.same(f.take(2), numbered(0, 0, 2))
	f.cancel()
	f.ends(nil)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for r, err := range s.Follow(ended, eventstore.Journal, 0) {
		t.Fatalf("a follower whose context had ended got record %d, error %v", r.Revision, err)
	}
}

// follower runs a Follow on its own goroutine, so that one that hangs fails
// its clause instead of the whole test binary.
type follower struct {
	t      subject
	cancel context.CancelFunc
	steps  chan step
}

type step struct {
	record eventstore.Record
	err    error
}

func (t subject) follow(s eventstore.Store, stream string, from uint64) *follower {
	return t.followEach(s, stream, from, func(eventstore.Record) error { return nil })
}

// followEach calls each in the loop over the follower.
func (t subject) followEach(s eventstore.Store, stream string, from uint64, each func(eventstore.Record) error) *follower {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	f := &follower{t: t, cancel: cancel, steps: make(chan step, 4096)}
	go func() {
		defer close(f.steps)
		for r, err := range s.Follow(ctx, stream, from) {
			if err == nil {
				err = each(r)
			}
			f.steps <- step{r, err}
		}
	}()
	return f
}

// take waits for n records.
func (f *follower) take(n int) []eventstore.Record {
	f.t.Helper()
	var got []eventstore.Record
	deadline := time.After(f.t.patience)
	for len(got) < n {
		select {
		case s, ok := <-f.steps:
			if !ok || s.err != nil {
				f.t.Fatalf("the follower ended after %d of %d records: %v", len(got), n, s.err)
			}
			got = append(got, s.record)
		case <-deadline:
			f.t.Fatalf("the follower got %d of %d records in %s", len(got), n, f.t.patience)
		}
	}
	return got
}

// silent fails the test if the follower got more than was taken, or ended.
func (f *follower) silent() {
	f.t.Helper()
	select {
	case s, ok := <-f.steps:
		f.t.Fatalf("the follower got record %d, error %v, ended %t; nothing was due", s.record.Revision, s.err, !ok)
	case <-time.After(20 * time.Millisecond):
	}
}

// ends waits for the follower to end: silently, or with the one error want.
func (f *follower) ends(want error) {
	f.t.Helper()
	var last error
	deadline := time.After(f.t.patience)
	for {
		select {
		case s, ok := <-f.steps:
			if !ok {
				f.t.endedWith(last, want)
				return
			}
			if s.err == nil || last != nil {
				f.t.Fatalf("the follower went on with record %d, error %v", s.record.Revision, s.err)
			}
			last = s.err
		case <-deadline:
			f.t.Fatalf("the follower did not end within %s", f.t.patience)
		}
	}
}
