package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// recorded is a coalition's store with some events, more than one append, and
// a lease among the checkpoints.
func recorded(t *testing.T, events int) (*ledgertest.Coalition, eventstore.Store) {
	t.Helper()
	c, store := ledgertest.Found(t, "XA", "XB", "XC"), eventstore.Memory()
	l := c.Open(store, "")
	c.Seat(l)
	for _, envelope := range c.Actions(events / 2) {
		c.Must(l, envelope)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, store, eventstore.Checkpoints, eventstore.Record{Type: "lease", ID: [16]byte{1}, Data: []byte(`{"holder":"http://a:1"}`)})
	l = c.Open(store, "")
	for _, envelope := range c.Actions(events - events/2) {
		c.Must(l, envelope)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return c, store
}

func put(t *testing.T, s eventstore.Store, stream string, records ...eventstore.Record) {
	t.Helper()
	if len(records) == 0 {
		return
	}
	out := &appender{store: s, stream: stream, next: length(t, s, stream)}
	for _, r := range records {
		if err := out.add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func length(t *testing.T, s eventstore.Store, stream string) uint64 {
	t.Helper()
	n, err := s.Next(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func content(t *testing.T, s eventstore.Store, stream string) (out []eventstore.Record) {
	t.Helper()
	for r, err := range s.Read(t.Context(), stream, 0, eventstore.Head) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func wantSame(t *testing.T, want, got eventstore.Store) {
	t.Helper()
	for _, stream := range []string{eventstore.Journal, eventstore.Checkpoints} {
		if a, b := content(t, want, stream), content(t, got, stream); !slices.EqualFunc(a, b, equal) {
			t.Errorf("%s: %d records, not the same as the %d of the other", stream, len(b), len(a))
		}
	}
}

func TestACopyIsTheSameToTheByte(t *testing.T) {
	c, from := recorded(t, 1500)
	to := eventstore.Memory()
	r, err := copyAll(t.Context(), testEnv(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, from, to)
	l := c.Open(to, "")
	signed, err := translog.PeekCheckpoint(l.Checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	if r.Events != l.Size() || r.EventsCopied != r.Events || r.Root != signed.Root || r.CheckpointsCopied != r.Checkpoints || r.Grown != 0 {
		t.Errorf("reported %+v of a ledger of %d events, root %s", r, l.Size(), signed.Root)
	}
	again, err := copyAll(t.Context(), testEnv(), from, to)
	if err != nil || again.EventsCopied != 0 || again.CheckpointsCopied != 0 || again.Root != r.Root {
		t.Errorf("again: got %+v, %v", again, err)
	}
}

// breaking is a store that fails an append, once, before or after it wrote.
type breaking struct {
	eventstore.Store
	at    int
	after bool
	calls int
}

func (b *breaking) Append(ctx context.Context, writes ...eventstore.Write) error {
	if b.calls++; b.calls != b.at {
		return b.Store.Append(ctx, writes...)
	}
	if b.after {
		return errors.Join(b.Store.Append(ctx, writes...), eventstore.ErrUnknownOutcome)
	}
	return eventstore.ErrUnavailable
}

func TestACopyThatBrokeOffGoesOn(t *testing.T) {
	_, from := recorded(t, 1500)
	for _, after := range []bool{false, true} {
		at := 1
		for ; ; at++ {
			to := &breaking{Store: eventstore.Memory(), at: at, after: after}
			first, err := copyAll(t.Context(), testEnv(), from, to)
			if err == nil {
				break
			}
			if !strings.Contains(err.Error(), "run this again") {
				t.Errorf("append %d: the error does not say what to do: %v", at, err)
			}
			second, err := copyAll(t.Context(), testEnv(), from, to)
			if err != nil || second.Events != length(t, from, eventstore.Journal) {
				t.Fatalf("append %d: got %+v then %+v, %v", at, first, second, err)
			}
			wantSame(t, from, to)
		}
		if at < 4 {
			t.Errorf("only %d appends were broken off", at-1)
		}
	}
}

func TestACopyRefusesWhatElseIsThere(t *testing.T) {
	_, from := recorded(t, 20)
	journal, marks := content(t, from, eventstore.Journal), content(t, from, eventstore.Checkpoints)
	changed := func(records []eventstore.Record, at int, change func(*eventstore.Record)) []eventstore.Record {
		out := append([]eventstore.Record(nil), records...)
		change(&out[at])
		return out
	}
	for _, row := range []struct {
		name           string
		journal, marks []eventstore.Record
		want           string
	}{
		{"other data", changed(journal, 5, func(r *eventstore.Record) { r.Data = []byte("{}") }), nil, "at 5 of journal"},
		{"other metadata", changed(journal, 0, func(r *eventstore.Record) { r.Meta = nil }), nil, "at 0 of journal"},
		{"another type", changed(journal, 7, func(r *eventstore.Record) { r.Type = "x" }), nil, "at 7 of journal"},
		{"another id", changed(journal, 8, func(r *eventstore.Record) { r.ID[3]++ }), nil, "at 8 of journal"},
		{"one event more", append(journal[:len(journal):len(journal)], journal[3]), nil, fmt.Sprintf("goes on at %d", len(journal))},
		{"another checkpoint", journal, changed(marks, 2, func(r *eventstore.Record) { r.Data = marks[1].Data }), "at 2 of checkpoints"},
		{"one checkpoint more", journal, append(marks[:len(marks):len(marks)], marks[3]), fmt.Sprintf("goes on at %d", len(marks))},
	} {
		to := eventstore.Memory()
		put(t, to, eventstore.Journal, row.journal...)
		put(t, to, eventstore.Checkpoints, row.marks...)
		if _, err := copyAll(t.Context(), testEnv(), from, to); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
		if n := length(t, to, eventstore.Journal); n != uint64(len(row.journal)) {
			t.Errorf("%s: the target was changed: %d events, before %d", row.name, n, len(row.journal))
		}
	}
}

// A source that was altered, or is shorter than what was signed, is not a
// ledger to move to.
func TestACopyOfADamagedLedgerSaysSo(t *testing.T) {
	_, whole := recorded(t, 20)
	journal, marks := content(t, whole, eventstore.Journal), content(t, whole, eventstore.Checkpoints)
	altered, shorter := eventstore.Memory(), eventstore.Memory()
	put(t, shorter, eventstore.Journal, journal[:10]...)
	put(t, shorter, eventstore.Checkpoints, marks...)
	journal[4].Data = []byte("{}")
	put(t, altered, eventstore.Journal, journal...)
	put(t, altered, eventstore.Checkpoints, marks...)
	for want, from := range map[string]eventstore.Store{"was altered": altered, "ledgerd repair": shorter, "is empty": eventstore.Memory()} {
		if r, err := copyAll(t.Context(), testEnv(), from, eventstore.Memory()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %+v, %v; want an error with %q", r, err, want)
		}
	}
}

// growing gets one more event whenever it is asked for its length.
type growing struct {
	eventstore.Store
	t *testing.T
}

func (g growing) Next(ctx context.Context, stream string) (uint64, error) {
	n, err := g.Store.Next(ctx, stream)
	if stream == eventstore.Journal {
		put(g.t, g.Store, stream, content(g.t, g.Store, stream)[0])
	}
	return n, err
}

func TestACopySaysThatItsSourceGrew(t *testing.T) {
	_, from := recorded(t, 20)
	r, err := copyAll(t.Context(), testEnv(), growing{from, t}, eventstore.Memory())
	if err != nil || r.Grown != 1 {
		t.Fatalf("got %+v, %v; want 1 event more", r, err)
	}
}

func TestCopyRefusesStoresThatDoNotLast(t *testing.T) {
	for _, c := range []copyCmd{{From: "memory:", To: "pebble:///a"}, {From: "pebble:///a", To: "memory:"}, {From: "pebble:///a", To: "pebble:///a"}} {
		if err := c.Run(t.Context(), testEnv()); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
}
