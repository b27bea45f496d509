package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// faulty is a store that does one thing wrong to one stream once it is armed,
// and waits at the gate, if there is one, before it appends.
type faulty struct {
	eventstore.Store
	split bool // not atomic
	mu    sync.Mutex
	armed bool
	fault fault
	gate  chan struct{}
}

type fault struct {
	name   string
	stream string
	append error // what Append returns
	wrote  bool  // although it wrote
	read   func(eventstore.Record) (eventstore.Record, error)
}

func (s *faulty) Atomic() bool { return !s.split }

func (s *faulty) set(armed bool) { s.mu.Lock(); s.armed = armed; s.mu.Unlock() }

func (s *faulty) is() (fault, bool) { s.mu.Lock(); defer s.mu.Unlock(); return s.fault, s.armed }

func (s *faulty) Append(ctx context.Context, writes ...eventstore.Write) error {
	if s.gate != nil {
		if _, armed := s.is(); armed {
			<-s.gate
		}
	}
	if s.split && len(writes) > 1 {
		return eventstore.ErrNotAtomic
	}
	f, armed := s.is()
	if !armed || f.append == nil || !slices.ContainsFunc(writes, func(w eventstore.Write) bool { return w.Stream == f.stream }) {
		return s.Store.Append(ctx, writes...)
	}
	if f.wrote {
		return errors.Join(f.append, s.Store.Append(ctx, writes...))
	}
	return f.append
}

func (s *faulty) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range s.Store.Read(ctx, stream, from, to) {
			if f, armed := s.is(); armed && f.read != nil && stream == f.stream && err == nil {
				r, err = f.read(r)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func faults() []fault {
	var all []fault
	for _, stream := range []string{eventstore.Journal, eventstore.Checkpoints} {
		all = append(all,
			fault{name: "unavailable", stream: stream, append: eventstore.ErrUnavailable},
			fault{name: "unknown and absent", stream: stream, append: eventstore.ErrUnknownOutcome},
			fault{name: "unknown and written", stream: stream, append: eventstore.ErrUnknownOutcome, wrote: true},
			fault{name: "conflict", stream: stream, append: &eventstore.Conflict{Stream: stream, Want: 1, Have: 2}})
	}
	return append(all,
		fault{name: "read back fails", stream: eventstore.Journal, read: func(r eventstore.Record) (eventstore.Record, error) {
			return eventstore.Record{}, &eventstore.Corrupt{Stream: eventstore.Journal, Revision: r.Revision, Reason: "test"}
		}},
		fault{name: "read back differs", stream: eventstore.Journal, read: func(r eventstore.Record) (eventstore.Record, error) {
			r.Data = append(r.Data, ' ')
			return r, nil
		}},
		fault{name: "read back elsewhere", stream: eventstore.Journal, read: func(r eventstore.Record) (eventstore.Record, error) {
			r.Revision++
			return r, nil
		}})
}

// Whatever goes wrong around an append, nothing is acknowledged, everybody is
// answered, and after a restart every envelope can be submitted again.
func TestFaultGrid(t *testing.T) {
	for _, f := range faults() {
		t.Run(fmt.Sprintf("own/%s/%s", f.stream, f.name), func(t *testing.T) { meetFault(t, f) })
		t.Run(fmt.Sprintf("shared/%s/%s", f.stream, f.name), func(t *testing.T) { outliveFault(t, f) })
	}
}

// A store that others share may be away for a while, or written by others: the
// ledger goes on by itself once it is well, and nobody was told anything else
// than what stands in the journal then. Only a store that changes what it was
// given stops it until a restart.
func outliveFault(t *testing.T, f fault) {
	c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
	store := &faulty{Store: eventstore.Memory(), split: true, fault: f}
	l := mustOpen(t, c, store, dir)
	c.Seat(l)
	envelopes := c.Actions(20)
	store.set(true)
	time.AfterFunc(300*time.Millisecond, func() { store.set(false) })
	for i, err := range submitAtOnce(l, envelopes) {
		if err != nil && !errors.Is(err, ledger.ErrNotReady) {
			t.Errorf("event %d: got %v, want it recorded or ErrNotReady", i, err)
		}
	}
	waitFor(t, func() bool { _, armed := store.is(); return !armed })
	if f.read != nil {
		if l.Ready() == nil {
			t.Fatal("the ledger signs on a store that changes what it was given")
		}
		mustClose(t, l)
		l = mustOpen(t, c, store, dir)
	}
	waitFor(t, func() bool { return l.Ready() == nil })
	for i, err := range submitAtOnce(l, envelopes) {
		if err != nil {
			t.Errorf("event %d again: %v", i, err)
		}
	}
	if want := uint64(10 + len(envelopes)); l.Size() != want {
		t.Fatalf("%d events, want each recorded once: %d", l.Size(), want)
	}
	audit(t, c, l, store, nil)
	mustClose(t, l)
}

func meetFault(t *testing.T, f fault) {
	c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
	store := &faulty{Store: eventstore.Memory(), fault: f}
	l := mustOpen(t, c, store, dir)
	c.Seat(l)
	size, checkpoint := l.Size(), string(l.Checkpoint())
	envelopes := c.Actions(20)
	store.set(true)
	for i, err := range submitAtOnce(l, envelopes) {
		if !errors.Is(err, ledger.ErrNotReady) {
			t.Errorf("event %d: got %v, want ErrNotReady", i, err)
		}
	}
	if l.Size() != size || string(l.Checkpoint()) != checkpoint || l.Ready() == nil {
		t.Fatalf("%d events, want %d and the old checkpoint; ready: %v", l.Size(), size, l.Ready())
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	store.set(false)
	l = mustOpen(t, c, store, dir)
	if wrote := f.wrote || f.read != nil; wrote != (l.Size() > size) {
		t.Fatalf("after the restart %d events, before the fault %d", l.Size(), size)
	}
	for i, err := range submitAtOnce(l, envelopes) {
		if err != nil {
			t.Errorf("event %d again: %v", i, err)
		}
	}
	if l.Size() != size+uint64(len(envelopes)) {
		t.Fatalf("%d events, want each recorded once: %d", l.Size(), size+uint64(len(envelopes)))
	}
	audit(t, c, l, store, nil)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustOpen(t *testing.T, c *ledgertest.Coalition, store eventstore.Store, dir string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), c.Config(store, dir))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// submitAtOnce submits every envelope from a goroutine of its own.
func submitAtOnce(l *ledger.Ledger, envelopes [][]byte) []error {
	errs := make([]error, len(envelopes))
	var wg sync.WaitGroup
	for i := range envelopes {
		wg.Go(func() { _, errs[i] = l.Submit(context.Background(), envelopes[i]) })
	}
	wg.Wait()
	return errs
}
