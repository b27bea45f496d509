package eventstoretest

import (
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func ownershipClauses() []clause {
	return []clause{
		{"the writer may reuse its slices", writerReuses},
		{"the reader may change what it reads", readerChanges},
		{"a follower may change what it reads", followerChanges},
	}
}

// Buffers are pooled on the way in. A store that keeps a reference would let a
// later request overwrite an acknowledged event.
func writerReuses(t subject) {
	s := t.store()
	records := samples(0, 4)
	writes := []eventstore.Write{write(eventstore.Journal, 0, records...)}
	if err := s.Append(t.Context(), writes...); err != nil {
		t.Fatal(err)
	}
	for i := range records {
		scribble(records[i])
		records[i] = sample(77)
	}
	writes[0].Stream = eventstore.Checkpoints
	t.holds(s, eventstore.Journal, numbered(0, 0, 4))
}

// One view that normalises in place must not change what the next one reads,
// nor a record it read a step earlier.
func readerChanges(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 4)
	var kept []eventstore.Record
	for r, err := range s.Read(t.Context(), eventstore.Journal, 0, eventstore.Head) {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, r)
	}
	t.same(kept, numbered(0, 0, 4))
	for _, r := range kept {
		scribble(r)
	}
	t.holds(s, eventstore.Journal, numbered(0, 0, 4))
}

// Followers live longest and share most.
func followerChanges(t subject) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 4)
	f := t.follow(s, eventstore.Journal, 0)
	got := f.take(4)
	t.same(got, numbered(0, 0, 4))
	for _, r := range got {
		scribble(r)
	}
	t.holds(s, eventstore.Journal, numbered(0, 0, 4))
}

// scribble overwrites a record's bytes, spare capacity included.
func scribble(r eventstore.Record) {
	for _, b := range [][]byte{r.Data[:cap(r.Data)], r.Meta[:cap(r.Meta)]} {
		for i := range b {
			b[i] = 'X'
		}
	}
}
