package ledger_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/peer"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// A holder whose clock runs behind records nothing and says so. Its store and
// its peers are well, so only what it says lets another take over.
func TestAHolderWithASlowClockIsReplaced(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "b")
	c.Must(c.node("b"), c.Actions(1)[0])
	mustClose(t, c.node("b"))
	var behind atomic.Int64
	c.set(true, "a>b")
	a := c.open(t, "a", c.reach("a"), func(cfg *ledger.Config) {
		cfg.Clock = func() time.Time { return c.Time.Add(-time.Duration(behind.Load())) }
	})
	mustInsist(t, a, c.Actions(1)[0])
	c.set(false, "a>b")
	c.start(t, "b")
	behind.Store(int64(10 * time.Second))
	mustInsist(t, c.node("b"), c.Actions(1)[0])
}

// A replica that closes still answers its peers for a while. It does not hold
// the lease by that.
func TestAClosedHolderIsReplaced(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b")
	mustClose(t, c.node("a"))
	mustInsist(t, c.node("b"), c.Actions(1)[0])
}

// The holder cannot order events, and while b is about to replace it, the lease
// goes to another that cannot either. That is no reason to give up.
func TestTwoUnableHoldersAreReplaced(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b", "c")
	c.settled(t)
	c.set(true, "a>store", "store>a", "c>store", "store>c")
	marked := make(chan error, 1)
	time.AfterFunc(250*time.Millisecond, func() { marked <- markLease(c.store, "c") }) // c's own, under way when its link broke
	mustInsist(t, c.node("b"), c.Actions(1)[0])
	if err := <-marked; err != nil {
		t.Fatal(err)
	}
}

// Stepping up takes long when the store is slow and the unsigned tail long.
// Replicas that take the lease from one another meanwhile would never be done.
func TestASlowStepUpIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b", "c")
	c.settled(t)
	slow := fault{stream: eventstore.Journal, read: func(r eventstore.Record) (eventstore.Record, error) {
		time.Sleep(15 * time.Millisecond)
		return r, nil
	}}
	var stores []*faulty
	for _, name := range c.names {
		mustClose(t, c.node(name))
		stores = append(stores, &faulty{Store: c.reach(name), split: true, fault: slow})
		c.open(t, name, stores[len(stores)-1])
	}
	before := length(t, c.store, eventstore.Checkpoints)
	plant(t, c, c.Actions(100)...)
	for _, s := range stores {
		s.set(true)
	}
	mustClose(t, c.node("a"))
	c.set(true, "b>a", "c>a")
	c.names = []string{"b", "c"}
	var clients sync.WaitGroup
	for i, e := range c.Actions(16) {
		clients.Go(func() {
			if _, err := insist(c.node(c.names[i%2]), e, 2*patience); err != nil {
				t.Errorf("client %d: %v", i, err)
			}
		})
	}
	clients.Wait()
	leases := 0
	for r, err := range c.store.Read(t.Context(), eventstore.Checkpoints, before, eventstore.Head) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Type == "lease" {
			leases++
		}
	}
	if leases == 0 || leases > 8 {
		t.Errorf("the lease was taken %d times, want 1 to 8", leases)
	}
}

// overHTTP opens two replicas that reach each other as in production.
func overHTTP(t *testing.T, c *ledgertest.Coalition, store eventstore.Store) (nodes [2]*ledger.Ledger) {
	t.Helper()
	key := peer.Key{Signer: c.Log, Verifier: verifier(t, c)}
	for i := range nodes {
		server := httptest.NewUnstartedServer(nil)
		cfg := c.Config(&hooked{Store: store}, "")
		client := peer.NewClient(key, c.Clock)
		cfg.Name, cfg.Peers = "http://"+server.Listener.Addr().String(), client
		var err error
		if nodes[i], err = ledger.Open(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		server.Config.Handler = peer.Handler(peer.Config{Key: key, Name: cfg.Name, Clock: c.Clock, Take: nodes[i].Take, Offer: nodes[i].Offer})
		server.Start()
		t.Cleanup(func() { _ = nodes[i].Close(); client.Close(); server.Close() })
	}
	return nodes
}

// A refusal repeats what it refuses. One agency's largest refusals, all at once,
// must fit the answer between replicas: one that cannot be read looks like a
// holder that does not answer, and costs it the lease.
func TestLongRefusalsDoNotMoveTheLease(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := eventstore.Memory()
	nodes := overHTTP(t, c, store)
	c.Seat(nodes[0])
	waitFor(t, func() bool { return nodes[1].Size() == 10 })
	before := length(t, store, eventstore.Checkpoints)
	var clients sync.WaitGroup
	for i := range 200 {
		a := ledgertest.Action(i)
		a.Kind = strings.Repeat("x", 30000) // refused where events are ordered, so it is forwarded
		e := c.Sign("XA", "enforcement.action_taken", a)
		clients.Go(func() {
			_, err := nodes[1].Submit(context.Background(), e)
			var refused *ledger.Refused
			if !errors.As(err, &refused) {
				t.Errorf("event %d: got %.200v, want a refusal", i, err)
			}
		})
	}
	clients.Wait()
	if after := length(t, store, eventstore.Checkpoints); after != before || nodes[1].Leading() {
		t.Errorf("%d new marks, follower leads: %v; the lease was taken from a replica that answers", after-before, nodes[1].Leading())
	}
}

// Not parallel: it counts goroutines. A replica that steps up and down for years
// must not gather them.
func TestManyTurnsLeaveNothingBehind(t *testing.T) {
	c := newCluster(t, "a", "b")
	c.settled(t)
	before := runtime.NumGoroutine()
	for i := range 30 {
		who, other := "a", "b"
		if i%2 == 0 {
			who, other = "b", "a"
		}
		c.set(true, who+">"+other)
		mustInsist(t, c.node(who), c.Actions(1)[0])
		c.set(false, who+">"+other)
	}
	c.settled(t)
	waitFor(t, func() bool { return runtime.NumGoroutine() <= before+4 })
	audit(t, c.Coalition, c.node("a"), c.store, nil)
}
