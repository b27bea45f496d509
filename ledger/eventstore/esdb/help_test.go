package esdb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

// soon is how long a test waits for something that must happen.
const soon = 10 * time.Second

func event(n uint64) eventstore.Record {
	return eventstore.Record{Type: "test", ID: [16]byte{1, 14: byte(n >> 8), 15: byte(n)}, Data: fmt.Appendf(nil, `{"n":%d}`, n)}
}

// journal is an append of the events next, next+1, …
func journal(next, count uint64) eventstore.Write {
	w := eventstore.Write{Stream: eventstore.Journal, Next: next}
	for n := next; n < next+count; n++ {
		w.Records = append(w.Records, event(n))
	}
	return w
}

func mustAppend(t testing.TB, s eventstore.Store, next, count uint64) {
	t.Helper()
	if err := s.Append(t.Context(), journal(next, count)); err != nil {
		t.Fatalf("append of %d at %d: %v", count, next, err)
	}
}

// filled returns a node, and a store on it that holds count events.
func filled(t testing.TB, count uint64, settings string) (*esdbnode.Node, *esdb.Store) {
	t.Helper()
	node := start(t, esdbnode.Options{})
	s := open(t, node.ConnectionString()+settings)
	mustAppend(t, s, 0, count)
	return node, s
}

func collect(seq iter.Seq2[eventstore.Record, error]) (n uint64, err error) {
	for r, err := range seq {
		if err != nil {
			return n, err
		}
		if want := event(r.Revision); r.Revision != n || r.ID != want.ID || !bytes.Equal(r.Data, want.Data) {
			return n, fmt.Errorf("record %d is %+v", n, r)
		}
		n++
	}
	return n, nil
}

// holds fails the test unless the journal is the events 0, 1, …, count-1.
func holds(t testing.TB, s eventstore.Store, count uint64) {
	t.Helper()
	n, err := collect(s.Read(t.Context(), eventstore.Journal, 0, eventstore.Head))
	if err != nil || n != count {
		t.Fatalf("read %d records, error %v; want %d", n, err, count)
	}
}

// eventually calls try until it returns nil.
func eventually(t testing.TB, try func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err = try(); err == nil {
			return
		}
	}
	t.Fatalf("still after %s: %v", soon, err)
}

// following runs a Follow of the journal, from 0, on a goroutine of its own.
type following struct {
	t     testing.TB
	steps chan error // nil for each of the events 0, 1, … in order
}

func follow(t testing.TB, s eventstore.Store) *following {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	f := &following{t: t, steps: make(chan error, 1000)}
	var running sync.WaitGroup
	running.Go(func() {
		defer close(f.steps)
		n := uint64(0)
		for r, err := range s.Follow(ctx, eventstore.Journal, 0) {
			if err == nil && r.Revision != n {
				err = fmt.Errorf("got revision %d, want %d", r.Revision, n)
			}
			n++
			f.steps <- err
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return f
}

// take waits for n events.
func (f *following) take(n int) {
	f.t.Helper()
	for i := range n {
		select {
		case err, ok := <-f.steps:
			if err != nil || !ok {
				f.t.Fatalf("event %d of %d: error %v, ended %t", i, n, err, !ok)
			}
		case <-time.After(soon):
			f.t.Fatalf("event %d of %d did not come", i, n)
		}
	}
}

// end waits for the error that ends the follower.
func (f *following) end() error {
	f.t.Helper()
	select {
	case err, ok := <-f.steps:
		if ok && err == nil {
			f.t.Fatal("the follower went on")
		}
		return err
	case <-time.After(soon):
		f.t.Fatal("the follower did not end")
		return nil
	}
}

// missingAt fails the test unless err is damage at the revision.
func missingAt(t testing.TB, err error, revision uint64) {
	t.Helper()
	damage := new(eventstore.Corrupt)
	if !errors.As(err, &damage) || damage.Revision != revision || damage.Stream != eventstore.Journal {
		t.Fatalf("got %v, want damage at %d", err, revision)
	}
}

// logged is a log that a test can read.
type logged struct {
	mu    sync.Mutex
	lines []string
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, string(p))
	return len(p), nil
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (l *logged) count(text string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.lines {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}
