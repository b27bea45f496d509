package eventstoretest

import (
	"errors"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func closeClauses() []clause {
	return []clause{
		{"a closed store refuses every call", closedRefuses},
		{"closing the store ends its followers", closeEndsFollowers},
	}
}

// During shutdown requests are still in flight: they must be told, neither be
// acknowledged nor bring the process down.
func closedRefuses(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 3)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	err := s.Append(t.Context(), write(eventstore.Journal, 3, sample(3)))
	if !errors.Is(err, eventstore.ErrClosed) {
		t.Errorf("append: got %v, want ErrClosed", err)
	}
	if _, err := s.Next(t.Context(), eventstore.Journal); !errors.Is(err, eventstore.ErrClosed) {
		t.Errorf("next: got %v, want ErrClosed", err)
	}
	t.onlyError(s.Read(t.Context(), eventstore.Journal, 0, eventstore.Head), eventstore.ErrClosed)
	t.onlyError(s.Follow(t.Context(), eventstore.Journal, 0), eventstore.ErrClosed)
}

// A follower that is left waiting on a closed store holds up the shutdown.
func closeEndsFollowers(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 3)
	f := t.follow(s, eventstore.Journal, 0)
	t.same(f.take(3), numbered(0, 0, 3))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f.ends(eventstore.ErrClosed)
}

func (t subject) endedWith(got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("the follower ended with %v, want %v", got, want)
	}
}
