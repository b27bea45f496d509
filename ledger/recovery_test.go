package ledger_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// grown makes a ledger with n actions on a store and closes it, caches written.
func grown(t *testing.T, n int) (*ledgertest.Coalition, *faulty, string) {
	t.Helper()
	c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
	store := &faulty{Store: eventstore.Memory()}
	l := mustOpen(t, c, store, dir)
	c.Seat(l)
	for _, e := range c.Actions(n) {
		c.Must(l, e)
	}
	mustClose(t, l)
	return c, store, dir
}

func mustClose(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// A damaged cache costs time, never the ledger.
func TestDamagedCachesFallBack(t *testing.T) {
	edits := map[string]func([]byte) []byte{
		"emptied":   func([]byte) []byte { return nil },
		"cut short": func(b []byte) []byte { return b[:len(b)/2-5] },
		"too long":  func(b []byte) []byte { return append(b, b[:100]...) },
		"zeros":     func(b []byte) []byte { return make([]byte, len(b)) },
		"first bit": func(b []byte) []byte { b[0] ^= 1; return b },
		"a bit":     func(b []byte) []byte { b[len(b)/3] ^= 4; return b },
		"last bit":  func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
	}
	for _, file := range []string{"hashes", "state.snapshot"} {
		for name, edit := range edits {
			t.Run(file+" "+name, func(t *testing.T) {
				c, store, dir := grown(t, 5)
				path := filepath.Join(dir, file)
				data, err := os.ReadFile(path)
				if err := errors.Join(err, os.WriteFile(path, edit(data), 0o600)); err != nil {
					t.Fatal(err)
				}
				stillGood(t, c, store, dir)
			})
		}
	}
	t.Run("hashes is a folder", func(t *testing.T) {
		c, store, dir := grown(t, 5)
		path := filepath.Join(dir, "hashes")
		if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
			t.Fatal(err)
		}
		stillGood(t, c, store, dir)
	})
	t.Run("both of another ledger", func(t *testing.T) {
		c, store, dir := grown(t, 5)
		_, _, foreign := grown(t, 3)
		for _, file := range []string{"hashes", "state.snapshot"} {
			data, err := os.ReadFile(filepath.Join(foreign, file))
			if err := errors.Join(err, os.WriteFile(filepath.Join(dir, file), data, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		stillGood(t, c, store, dir)
	})
}

// stillGood opens a ledger, writes to it, and audits it, twice.
func stillGood(t *testing.T, c *ledgertest.Coalition, store *faulty, dir string) {
	t.Helper()
	for range 2 {
		l := mustOpen(t, c, store, dir)
		if l.Size() < 15 {
			t.Fatalf("%d events, want 15 at least", l.Size())
		}
		c.Must(l, c.Actions(1)[0])
		audit(t, c, l, store, nil)
		mustClose(t, l)
	}
}

func changeAmount(at uint64) fault {
	return fault{stream: eventstore.Journal, read: func(r eventstore.Record) (eventstore.Record, error) {
		if r.Revision == at {
			r.Data = bytes.Replace(r.Data, []byte("125000.50"), []byte("125000.51"), 1)
		}
		return r, nil
	}}
}

// Without caches an altered event is found at start, with its place.
func TestAlterationIsLocated(t *testing.T) {
	c, store, _ := grown(t, 8)
	store.fault = changeAmount(13)
	store.set(true)
	_, err := ledger.Open(t.Context(), c.Config(store, ""))
	if err == nil || !strings.Contains(err.Error(), "altered, at event 13;") {
		t.Fatalf("got %v, want a refusal that names event 13", err)
	}
}

// Between two checkpoints the range is named.
func TestAlterationIsLocatedBetweenCheckpoints(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &faulty{Store: eventstore.Memory(), gate: make(chan struct{})}
	l := mustOpen(t, c, store, "")
	c.Seat(l)
	store.set(true)
	blocked := submitting(l, c.Actions(1)[0])
	waitFor(t, func() bool { return l.Size() == 10 })
	time.Sleep(20 * time.Millisecond) // the first is being appended, the rest make one batch
	var rest []<-chan answered
	for _, e := range c.Actions(5) {
		rest = append(rest, submitting(l, e))
	}
	time.Sleep(50 * time.Millisecond)
	close(store.gate)
	for _, ch := range append(rest, blocked) {
		if a := <-ch; a.err != nil {
			t.Fatal(a.err)
		}
	}
	mustClose(t, l)
	store.fault = changeAmount(13)
	_, err := ledger.Open(t.Context(), c.Config(store, ""))
	if err == nil || !strings.Contains(err.Error(), "altered, first among events 11 to 15;") {
		t.Fatalf("got %v, want a refusal that names events 11 to 15", err)
	}
}

// With caches the ledger starts at once, and finds the event in the background.
func TestAlterationUnderTheCachesStopsSigning(t *testing.T) {
	c, store, dir := grown(t, 8)
	store.fault = changeAmount(13)
	store.set(true)
	l := mustOpen(t, c, store, dir)
	waitFor(t, func() bool { return l.Ready() != nil })
	if err := l.Ready(); !strings.Contains(err.Error(), "event 13") {
		t.Fatalf("got %v, want event 13 named", err)
	}
	if _, err := l.Submit(t.Context(), c.Actions(1)[0]); !errors.Is(err, ledger.ErrNotReady) {
		t.Fatalf("got %v, want ErrNotReady", err)
	}
	if _, err := l.Leaf(t.Context(), 13); err == nil {
		t.Fatal("the altered event was served")
	}
	if _, err := l.Leaf(t.Context(), 12); err != nil {
		t.Fatalf("an event that is as recorded is not served: %v", err)
	}
	mustClose(t, l)
}

// Close does not wait for the background check of a slow store.
func TestCloseEndsTheBackgroundCheck(t *testing.T) {
	c, store, dir := grown(t, 8)
	held := make(chan struct{})
	store.fault = fault{stream: eventstore.Journal, read: func(r eventstore.Record) (eventstore.Record, error) {
		if r.Revision == 3 {
			<-held
		}
		return r, nil
	}}
	store.set(true)
	l := mustOpen(t, c, store, dir)
	time.AfterFunc(50*time.Millisecond, func() { close(held) })
	mustClose(t, l)
	if err := l.Ready(); err != nil {
		t.Fatalf("ending the check early counts as a fault: %v", err)
	}
}

// A store that lost its last events is refused, whatever cache remains.
func TestShorterStoreIsRefusedByEachTrace(t *testing.T) {
	for _, keep := range []string{"highest-checkpoint", "state.snapshot"} {
		t.Run(keep, func(t *testing.T) {
			c, store, dir := grown(t, 5)
			cut := eventstore.Memory()
			for _, stream := range []string{eventstore.Journal, eventstore.Checkpoints} {
				copyStream(t, cut, store, stream, 13)
			}
			for _, other := range []string{"highest-checkpoint", "state.snapshot"} {
				if other != keep {
					if err := os.Remove(filepath.Join(dir, other)); err != nil {
						t.Fatal(err)
					}
				}
			}
			_, err := ledger.Open(t.Context(), c.Config(cut, dir))
			if err == nil || !strings.Contains(err.Error(), "covers 15 events, the store holds 13: acknowledged events are missing") {
				t.Fatalf("got %v, want the missing events named", err)
			}
		})
	}
}

func copyStream(t *testing.T, to, from eventstore.Store, stream string, n uint64) {
	t.Helper()
	for r, err := range from.Read(t.Context(), stream, 0, eventstore.Head) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Revision == n {
			return
		}
		if err := to.Append(t.Context(), eventstore.Write{Stream: stream, Next: r.Revision, Records: []eventstore.Record{r}}); err != nil {
			t.Fatal(err)
		}
	}
}

// What a rogue writer put above the checkpoint is never signed; what a crash
// left before it is.
func TestRogueRecordStopsSigningBeforeIt(t *testing.T) {
	rogues := map[string]func(eventstore.Record) eventstore.Record{
		"recorded twice": func(r eventstore.Record) eventstore.Record { return r },
		"not a record":   func(r eventstore.Record) eventstore.Record { r.Meta = []byte("{}x"); return r },
		"forged":         func(r eventstore.Record) eventstore.Record { r.Data = append(r.Data, ' '); return r },
	}
	for name, rogue := range rogues {
		t.Run(name, func(t *testing.T) {
			c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
			store := &faulty{Store: eventstore.Memory(), split: true, fault: fault{stream: eventstore.Checkpoints, append: eventstore.ErrUnavailable}}
			l := mustOpen(t, c, store, dir)
			c.Seat(l)
			last := c.Must(l, c.Actions(1)[0]).Index
			store.set(true)
			if _, err := l.Submit(t.Context(), c.Actions(1)[0]); !errors.Is(err, ledger.ErrNotReady) {
				t.Fatal(err)
			}
			mustClose(t, l)
			store.set(false)
			appendCopy(t, store, last, rogue)
			for range 2 {
				l = mustOpen(t, c, store, dir)
				if err := l.Ready(); err == nil || !strings.Contains(err.Error(), "event 12 stands in the store") {
					t.Fatalf("got %v, want event 12 named", err)
				}
				audit(t, c, l, store, nil)
				if l.Size() != 12 {
					t.Fatalf("%d events are signed, want 12", l.Size())
				}
				mustClose(t, l)
			}
		})
	}
}

func appendCopy(t *testing.T, s eventstore.Store, index uint64, change func(eventstore.Record) eventstore.Record) {
	t.Helper()
	next, err := s.Next(t.Context(), eventstore.Journal)
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range s.Read(t.Context(), eventstore.Journal, index, eventstore.Head) {
		if err == nil {
			err = s.Append(t.Context(), eventstore.Write{Stream: eventstore.Journal, Next: next, Records: []eventstore.Record{change(r)}})
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited 10 s in vain")
		}
	}
}
