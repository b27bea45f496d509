package eventstoretest

import (
	"context"
	"errors"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func refusalClauses() []clause {
	return []clause{
		{"an empty append is refused", refuseEmpty},
		{"an unknown stream is refused", refuseUnknownStream},
		{"a stream named twice in one append is refused", refuseTwice},
		{"a record without a proper type is refused", refuseType},
		{"a record without an id is refused", refuseNoID},
		{"an append of the greatest size is taken and a larger one refused", greatestSize},
		{"an append with an ended context writes nothing", appendCancelled},
	}
}

// An empty append that succeeds looks like a committed batch to its caller.
func refuseEmpty(t subject) {
	s := t.store()
	t.invalid(s)
	t.invalid(s, write(eventstore.Journal, 0))
	t.invalid(s, write(eventstore.Journal, 0, sample(0)), write(eventstore.Checkpoints, 0))
	t.holds(s, eventstore.Journal, nil)
}

// A typing error must not open a second, empty journal that is then founded.
func refuseUnknownStream(t subject) {
	s := t.store()
	for _, name := range []string{"", "journals", "Journal", "journal ", "$all"} {
		t.invalid(s, write(name, 0, sample(0)))
		if _, err := s.Next(t.Context(), name); !errors.Is(err, eventstore.ErrInvalid) {
			t.Errorf("next of stream %q: got %v, want ErrInvalid", name, err)
		}
		t.onlyError(s.Read(t.Context(), name, 0, eventstore.Head), eventstore.ErrInvalid)
		t.onlyError(s.Follow(t.Context(), name, 0), eventstore.ErrInvalid)
	}
}

// Two expectations about one stream cannot both hold, and guessing an order
// for them is not the store's business.
func refuseTwice(t subject) {
	s := t.store()
	t.invalid(s, write(eventstore.Journal, 0, sample(0)), write(eventstore.Journal, 1, sample(1)))
	t.invalid(s, write(eventstore.Journal, 0, sample(0)), write(eventstore.Journal, 0, sample(1)))
	t.holds(s, eventstore.Journal, nil)
}

// The type is what a reader dispatches on; engines disagree about what else
// they take, so the line is drawn here for all.
func refuseType(t subject) {
	s := t.store()
	for _, name := range []string{"", strings.Repeat("x", eventstore.MaxType+1), "\xff"} {
		t.invalid(s, write(eventstore.Journal, 0, sample(0), eventstore.Record{Type: name, ID: sample(1).ID, Data: []byte("x")}))
	}
	t.holds(s, eventstore.Journal, nil)
}

// Engines tell a repeated append from another one by the ids.
func refuseNoID(t subject) {
	s := t.store()
	t.invalid(s, write(eventstore.Journal, 0, sample(0), eventstore.Record{Type: "no.id", Data: []byte("x")}))
	t.holds(s, eventstore.Journal, nil)
}

// A journal must move from one engine to another batch by batch.
func greatestSize(t subject) {
	s := t.store()
	build := func(size int) eventstore.Record {
		return eventstore.Record{Type: "big", ID: [16]byte{1}, Data: make([]byte, size-2*len("big")-10), Meta: make([]byte, 10)}
	}
	t.invalid(s, write(eventstore.Journal, 0, build(eventstore.MaxAppend+1)))
	t.append(s, build(eventstore.MaxAppend))
	t.holds(s, eventstore.Journal, []eventstore.Record{build(eventstore.MaxAppend)})
}

// A caller whose request ended long ago must be able to rely on nothing having
// happened since.
func appendCancelled(t subject) {
	s := t.store()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Append(ctx, write(eventstore.Journal, 0, sample(0)))
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the context's error", err)
	}
	t.holds(s, eventstore.Journal, nil)
}

func (t subject) invalid(s eventstore.Store, writes ...eventstore.Write) {
	t.Helper()
	if err := s.Append(t.Context(), writes...); !errors.Is(err, eventstore.ErrInvalid) {
		t.Errorf("append of %d writes: got %v, want ErrInvalid", len(writes), err)
	}
}
