package eventstoretest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Rapid must not save the failures that are provoked here as regressions.
func TestMain(m *testing.M) {
	flag.Parse()
	err := errors.Join(flag.Set("rapid.nofailfile", "true"), flag.Set("rapid.shrinktime", "100ms"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// A suite that passes a broken store is worse than none. Every store below has
// one fault; the clause that names the fault must fail.
func TestBrokenStoresFail(t *testing.T) {
	used := map[string]bool{}
	for _, b := range slices.Concat(brokenAppends(), brokenReads(), brokenLives()) {
		for _, says := range b.breaks {
			used[says] = true
		}
		t.Run(b.fault, func(t *testing.T) {
			t.Parallel()
			mustBreak(t, b)
		})
	}
	for _, says := range every() {
		if !used[says] {
			t.Errorf("no broken store shows that this clause can fail: %s", says)
		}
		delete(used, says)
	}
	for says := range used {
		t.Errorf("a broken store names a clause that does not exist: %s", says)
	}
}

// brokenStore has one fault, which breaks these clauses and maybe others.
type brokenStore struct {
	fault  string
	breaks []string
	open   func() eventstore.Store
}

func mustBreak(t *testing.T, b brokenStore) {
	t.Helper()
	open := func(testing.TB) eventstore.Store { return b.open() }
	for _, says := range b.breaks {
		reason, ok := failures(t, open, 200*time.Millisecond, says)[says]
		if !ok {
			t.Errorf("passed the clause %q", says)
		}
		t.Logf("%s: %.200s", says, reason)
	}
}

// The recorder that catches the failures above must not invent any.
func TestSoundStorePasses(t *testing.T) {
	open := func(testing.TB) eventstore.Store { return &faulty{Store: eventstore.Memory()} }
	failed := failures(t, open, patience, every()...)
	for says, why := range failed {
		t.Errorf("%s: %s", says, why)
	}
}

func every() (says []string) {
	for _, c := range slices.Concat(clauses(), durableClauses(nil)) {
		says = append(says, c.says)
	}
	return says
}

// failures runs the named clauses on a recorder and returns what failed, and
// why.
func failures(t *testing.T, open Open, wait time.Duration, says ...string) map[string]string {
	t.Helper()
	failed := map[string]string{}
	for _, c := range slices.Concat(clauses(), durableClauses(reopenFaulty)) {
		if !slices.Contains(says, c.says) {
			continue
		}
		r := &recorder{TB: t}
		done := make(chan struct{})
		go func() { // FailNow ends the goroutine it is called on
			defer close(done)
			c.check(subject{TB: r, open: open, patience: wait})
		}()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatalf("the clause %q hangs", c.says)
		}
		if r.Failed() {
			failed[c.says] = r.why()
		}
	}
	return failed
}

// recorder is a test that remembers its failures instead of reporting them.
type recorder struct {
	testing.TB
	failed atomic.Bool
	reason atomic.Pointer[string]
}

func (r *recorder) Helper()                   {}
func (r *recorder) Log(...any)                {}
func (r *recorder) Logf(string, ...any)       {}
func (r *recorder) Fail()                     { r.failed.Store(true) }
func (r *recorder) Failed() bool              { return r.failed.Load() }
func (r *recorder) FailNow()                  { r.Fail(); runtime.Goexit() }
func (r *recorder) Error(args ...any)         { r.note(fmt.Sprint(args...)) }
func (r *recorder) Errorf(f string, a ...any) { r.note(fmt.Sprintf(f, a...)) }
func (r *recorder) Fatal(args ...any)         { r.note(fmt.Sprint(args...)); r.FailNow() }
func (r *recorder) Fatalf(f string, a ...any) { r.note(fmt.Sprintf(f, a...)); r.FailNow() }
func (r *recorder) note(reason string)        { r.Fail(); r.reason.CompareAndSwap(nil, &reason) }

func (r *recorder) why() string {
	if reason := r.reason.Load(); reason != nil {
		return strings.TrimSpace(*reason)
	}
	return "no reason given"
}

// faulty is a memory store with some methods replaced.
type faulty struct {
	eventstore.Store
	append func(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error
	read   func(ctx context.Context, s eventstore.Store, stream string, from uint64) iter.Seq2[eventstore.Record, error]
	follow func(ctx context.Context, s eventstore.Store, stream string, from uint64) iter.Seq2[eventstore.Record, error]
	next   func(ctx context.Context, s eventstore.Store, stream string) (uint64, error)
	close  func(s eventstore.Store) error
	reopen func(s eventstore.Store) eventstore.Store
}

func (f *faulty) Append(ctx context.Context, writes ...eventstore.Write) error {
	if f.append != nil {
		return f.append(ctx, f.Store, writes)
	}
	return f.Store.Append(ctx, writes...)
}

func (f *faulty) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	if f.read != nil {
		return f.read(ctx, f.Store, stream, from)
	}
	return f.Store.Read(ctx, stream, from, to)
}

func (f *faulty) Follow(ctx context.Context, stream string, from uint64) iter.Seq2[eventstore.Record, error] {
	if f.follow != nil {
		return f.follow(ctx, f.Store, stream, from)
	}
	return f.Store.Follow(ctx, stream, from)
}

func (f *faulty) Next(ctx context.Context, stream string) (uint64, error) {
	if f.next != nil {
		return f.next(ctx, f.Store, stream)
	}
	return f.Store.Next(ctx, stream)
}

func (f *faulty) Close() error {
	if f.close != nil {
		return f.close(f.Store)
	}
	return f.Store.Close()
}

// reopenFaulty restarts a faulty store: the memory survives, as a disk would,
// unless that is its fault.
func reopenFaulty(_ testing.TB, s eventstore.Store) eventstore.Store {
	f, ok := s.(*faulty)
	if !ok || f.reopen == nil {
		return s
	}
	return f.reopen(f.Store)
}
