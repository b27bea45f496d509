package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// Three replicas take posts at once; one of them orders them all.
func TestReplicasShareOneJournal(t *testing.T) {
	c := newCluster(t, "a", "b", "c")
	c.persistAll(t, 24, c.Actions(600))
	if got := c.leaders(); len(got) != 1 {
		t.Fatalf("%v order events, want one", got)
	}
	for _, l := range c.all() {
		if err := l.Ready(); err != nil {
			t.Fatal(err)
		}
	}
}

// What one replica refuses for another is signed, and proves at the size that
// it was decided on.
func TestRefusalsAndRepeatsThroughAFollower(t *testing.T) {
	c := newCluster(t, "a", "b")
	one := c.Actions(1)[0]
	first := c.Must(c.node("a"), one)
	c.settled(t)
	again := c.Must(c.node("b"), one)
	if !again.Replayed || again.Index != first.Index || again.Leaf != first.Leaf {
		t.Fatalf("got %+v, want the first receipt %+v", again, first)
	}
	reused := c.Refused(c.node("b"), reuse(t, one, c.Desks["XA"]), "event.duplicate_id")
	audit(t, c.Coalition, c.node("b"), c.store, []answered{{reuse(t, one, c.Desks["XA"]), ledger.Receipt{}, reused}})
	if _, err := c.node("b").Submit(t.Context(), []byte("x.y.z")); err == nil {
		t.Fatal("junk was recorded")
	}
}

// The replica that orders events dies; another takes over at the next post.
func TestALostLeaderIsReplaced(t *testing.T) {
	c := newCluster(t, "a", "b", "c")
	if got := c.leaders(); len(got) != 1 || got[0] != "a" {
		t.Fatalf("%v order events, want a", got)
	}
	c.set(true, "a>store", "store>a", "b>a", "c>a", "a>b", "a>c")
	r := c.Must(c.node("b"), c.Actions(1)[0])
	if r.Index != 10 || !c.node("b").Leading() {
		t.Fatalf("recorded at %d, want 10 by b", r.Index)
	}
	if _, err := c.node("a").Submit(t.Context(), c.Actions(1)[0]); !errors.Is(err, ledger.ErrNotReady) {
		t.Fatalf("cut off: got %v, want ErrNotReady", err)
	}
	if c.node("a").Size() < 10 {
		t.Fatal("cut off, the replica no longer serves what it had")
	}
	c.set(false, "a>store", "store>a", "b>a", "c>a", "a>b", "a>c")
	waitFor(t, func() bool { return c.node("a").Ready() == nil })
	c.persistAll(t, 6, c.Actions(60))
	if got := c.leaders(); len(got) != 1 {
		t.Fatalf("%v order events, want one", got)
	}
}

// The replica that orders events lost the store, not its peers: one that still
// reaches the store takes over.
func TestALeaderWithoutTheStoreIsReplaced(t *testing.T) {
	c := newCluster(t, "a", "b")
	c.set(true, "a>store", "store>a")
	if r := c.Must(c.node("b"), c.Actions(1)[0]); r.Index != 10 || !c.node("b").Leading() {
		t.Fatalf("recorded at %d, want 10 by b", r.Index)
	}
	c.set(false, "a>store", "store>a")
	c.persistAll(t, 4, c.Actions(20))
}

// A replica that still believes that it orders events does no harm: the
// revision it names is taken.
func TestAStaleLeaseDoesNoHarm(t *testing.T) {
	c := newCluster(t, "a", "b")
	c.set(true, "b>a") // b cannot reach a and takes over; a does not hear of it
	gone := c.Must(c.node("b"), c.Actions(1)[0])
	stale := c.Must(c.node("a"), c.Actions(1)[0])
	if gone.Index != 10 || stale.Index != 11 {
		t.Fatalf("recorded at %d and %d, want 10 and 11", gone.Index, stale.Index)
	}
	c.persistAll(t, 8, c.Actions(80))
}

// Links between replicas, and to the store, are cut and mended at random,
// replicas are stopped and started again, while clients post.
func TestChaos(t *testing.T) {
	c := newCluster(t, "a", "b", "c")
	links := []string{"a>b", "b>a", "a>c", "c>a", "b>c", "c>b", "a>store", "b>store", "c>store", "store>a", "store>b", "store>c"}
	done := make(chan struct{})
	var chaos sync.WaitGroup
	chaos.Go(func() {
		rnd := rand.New(rand.NewPCG(1, 2))
		for {
			link := links[rnd.IntN(len(links))]
			c.set(true, link)
			time.Sleep(time.Duration(rnd.IntN(60)) * time.Millisecond)
			c.set(false, link)
			if name := c.names[rnd.IntN(3)]; rnd.IntN(4) == 0 {
				_ = c.node(name).Close()
				c.start(t, name)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	envelopes := c.Actions(1500)
	answers := c.persistent(t, 32, envelopes)
	close(done)
	chaos.Wait()
	c.check(t, 10+len(envelopes), answers)
}

// A store that came back without acknowledged events is noticed by every
// replica, which then signs no more and names the place.
func TestMissingEventsStopSigning(t *testing.T) {
	c := newCluster(t, "a", "b")
	c.Must(c.node("a"), c.Actions(1)[0])
	c.settled(t)
	cut := eventstore.Memory()
	for _, stream := range []string{eventstore.Journal, eventstore.Checkpoints} {
		copyStream(t, cut, c.store, stream, 9)
	}
	lost := &swapped{Store: cut}
	for _, name := range c.names {
		mustClose(t, c.node(name))
		cfg := c.Config(reach{lost, c.network, name}, c.dirs[name])
		_, err := ledger.Open(t.Context(), cfg)
		if err == nil || !strings.Contains(err.Error(), "covers 11 events, the store holds 9: acknowledged events are missing") {
			t.Fatalf("got %v, want the missing events named", err)
		}
	}
}

// swapped is a store whose content can be exchanged under a running ledger.
type swapped struct {
	mu sync.Mutex
	eventstore.Store
}

func (s *swapped) now() eventstore.Store { s.mu.Lock(); defer s.mu.Unlock(); return s.Store }

func (s *swapped) swap(to eventstore.Store) { s.mu.Lock(); s.Store = to; s.mu.Unlock() }

func (s *swapped) Atomic() bool { return false }

func (s *swapped) Append(ctx context.Context, w ...eventstore.Write) error {
	return s.now().Append(ctx, w...)
}

func (s *swapped) Next(ctx context.Context, stream string) (uint64, error) {
	return s.now().Next(ctx, stream)
}

func (s *swapped) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	return s.now().Read(ctx, stream, from, to)
}

// A running ledger notices too, before anybody posts.
func TestMissingEventsAreNoticedWhileRunning(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &swapped{Store: eventstore.Memory()}
	l := mustOpen(t, c, store, t.TempDir())
	c.Seat(l)
	cut := eventstore.Memory()
	copyStream(t, cut, store, eventstore.Journal, 8)
	copyStream(t, cut, store, eventstore.Checkpoints, 8)
	store.swap(cut)
	waitFor(t, func() bool { return l.Ready() != nil })
	if err := l.Ready(); !strings.Contains(err.Error(), "covers 10 events, the store holds 8") {
		t.Fatalf("got %v, want the missing events named", err)
	}
	if _, err := l.Submit(t.Context(), c.Actions(1)[0]); !errors.Is(err, ledger.ErrNotReady) {
		t.Fatalf("got %v, want ErrNotReady", err)
	}
	mustClose(t, l)
}

// counting counts the calls that reach the store.
type counting struct {
	eventstore.Store
	mu    sync.Mutex
	calls []string
}

func (s *counting) Atomic() bool { return false }

func (s *counting) note(call string) { s.mu.Lock(); s.calls = append(s.calls, call); s.mu.Unlock() }

func (s *counting) Append(ctx context.Context, w ...eventstore.Write) error {
	s.note("append " + w[0].Stream)
	return s.Store.Append(ctx, w...)
}

func (s *counting) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	s.note(fmt.Sprintf("read %s %d", stream, to-from))
	return s.Store.Read(ctx, stream, from, to)
}

// A receipt costs a lone client three round trips, and no timer.
func TestAReceiptCostsThreeRoundTrips(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &counting{Store: eventstore.Memory()}
	l := mustOpen(t, c, store, "")
	c.Seat(l)
	store.calls = nil
	c.Must(l, c.Actions(1)[0])
	if got, want := strings.Join(store.calls, ", "), "append journal, read journal 2, append checkpoints"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	mustClose(t, l)
}

// Who starts finds the replica that orders events, however long ago it took
// the lease, and leaves it to it.
func TestAnOldLeaseIsFound(t *testing.T) {
	c := newCluster(t, "a", "b")
	for _, e := range c.Actions(600) {
		c.Must(c.node("a"), e)
	}
	c.settled(t)
	mustClose(t, c.node("b"))
	c.start(t, "b")
	c.Must(c.node("b"), c.Actions(1)[0])
	if got := c.leaders(); len(got) != 1 || got[0] != "a" {
		t.Fatalf("%v order events, want a", got)
	}
}
