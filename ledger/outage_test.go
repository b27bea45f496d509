package ledger_test

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// Clients that try again must not put off the replica's own next attempt: an
// outage under load would never end, however well the store is by now.
func TestAnOutageUnderLoadEnds(t *testing.T) {
	t.Parallel()
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &hooked{Store: eventstore.Memory()}
	l := c.Open(store, "")
	c.Seat(l)
	store.on(func(call) error { return eventstore.ErrUnavailable })
	if _, err := l.Submit(t.Context(), c.Actions(1)[0]); err == nil {
		t.Fatal("recorded in a store that is away")
	}
	time.Sleep(1800 * time.Millisecond) // the next attempt is more than 1 s away, what clients cause much less
	store.on(nil)
	mustInsist(t, l, c.Actions(1)[0])
}

// A follower that lived through an outage remembers how long it waits between
// attempts. It takes over all the same when the leader dies later and clients
// press.
func TestAFollowerTakesOverAfterAnOutage(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b")
	c.settled(t)
	c.set(true, "b>store")
	c.Must(c.node("a"), c.Actions(1)[0]) // b misses it
	time.Sleep(time.Second)              // b tries ever more rarely
	c.set(false, "b>store")
	waitFor(t, func() bool { return c.node("b").Ready() == nil && c.node("b").Size() == 11 })
	c.set(true, "b>a", "a>store")
	mustInsist(t, c.node("b"), c.Actions(1)[0])
}

// A store that answers reads but takes nothing is no reason to be ready, nor to
// ask it as fast as it refuses.
func TestAStoreThatTakesNothingIsLeftInPeace(t *testing.T) {
	t.Parallel()
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &hooked{Store: eventstore.Memory()}
	l := c.Open(store, "")
	c.Seat(l)
	var appends atomic.Int32
	store.on(func(c call) error {
		if c.what != "append" {
			return nil
		}
		if c.stream == eventstore.Journal {
			appends.Add(1)
		}
		return eventstore.ErrUnavailable
	})
	const span = 2 * time.Second
	var clients sync.WaitGroup
	for _, e := range c.Actions(8) {
		clients.Go(func() {
			if r, err := insist(l, e, span); err == nil {
				t.Errorf("event %d is acknowledged, the store took nothing", r.Index)
			}
		})
	}
	ready, asked := 0, 0
	for end := time.Now().Add(span); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if asked++; l.Ready() == nil {
			ready++
		}
	}
	clients.Wait()
	if n := appends.Load(); n == 0 || n > 80 {
		t.Errorf("the store was asked %d times in %s, want 1 to 80", n, span)
	}
	if ready > asked/10 {
		t.Errorf("ready in %d of %d samples", ready, asked)
	}
}

// The background check of what the caches hold goes on after an outage: else
// one at the wrong moment hides an altered event for good.
func TestTheBackgroundCheckOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	c, grown, dir := grown(t, 8)
	store := &hooked{Store: grown.Store}
	var tries atomic.Int32
	store.on(func(c call) error {
		if c.what == "read" && c.stream == eventstore.Journal && c.from == 0 && tries.Add(1) == 1 {
			return eventstore.ErrUnavailable
		}
		return nil
	})
	l := mustOpen(t, c, store, dir)
	waitFor(t, func() bool { return tries.Load() > 1 })
	mustClose(t, l)
}

// mute is a store whose subscription is half dead: it never yields, and never
// ends.
type mute struct{ eventstore.Store }

func (mute) Follow(ctx context.Context, _ string, _ uint64) iter.Seq2[eventstore.Record, error] {
	return func(func(eventstore.Record, error) bool) { <-ctx.Done() }
}

// A follower does not rest on the subscription alone: it would serve an old
// journal and call itself ready.
func TestASilentSubscriptionIsNoticed(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a")
	b := c.open(t, "b", mute{c.reach("b")})
	c.Must(c.node("a"), c.Actions(1)[0])
	waitFor(t, func() bool { return b.Size() == 11 })
}
