package ledger_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// Replicas are started together, by one command, on an empty store: whatever
// order their calls arrive in, there is one genesis and all go on from it.
func TestManyReplicasFoundOneLedger(t *testing.T) {
	t.Parallel()
	for range 40 {
		c := &cluster{
			network:   &network{nodes: map[string]*ledger.Ledger{}, cut: map[string]bool{}},
			Coalition: ledgertest.Found(t, "XA", "XB", "XC"), store: eventstore.Memory(), names: []string{"a", "b", "c", "d"},
		}
		var founders sync.WaitGroup
		for i, name := range c.names {
			founders.Go(func() {
				store := &hooked{Store: c.reach(name)}
				store.on(func(call) error {
					time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
					return nil
				})
				at := c.Time.Add(time.Duration(i) * time.Microsecond) // each would write another record
				if err := c.tryOpen(name, store, func(cfg *ledger.Config) { cfg.Clock = func() time.Time { return at } }); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		founders.Wait()
		if t.Failed() {
			return
		}
		if n := c.settled(t); n != 1 {
			t.Fatalf("%d events, want genesis", n)
		}
		c.closeAll(t)
	}
}

// Two replicas that were given neither names nor peers cannot forward to each
// other. They lose time over that, not events.
func TestANamelessPairLosesNothing(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := eventstore.Memory()
	pair := []*ledger.Ledger{c.Open(&hooked{Store: store}, ""), nil}
	c.Seat(pair[0])
	pair[1] = c.Open(&hooked{Store: store}, "")
	var clients sync.WaitGroup
	answers := make([]answered, 40)
	for i, e := range c.Actions(len(answers)) {
		clients.Go(func() {
			r, err := insist(pair[i%2], e, 3*patience)
			if answers[i] = (answered{e, r, err}); err != nil {
				t.Errorf("event %d: %v", i, err)
			}
		})
	}
	clients.Wait()
	seen := map[uint64]bool{}
	for _, a := range answers {
		if seen[a.receipt.Index] {
			t.Errorf("two events are recorded at %d", a.receipt.Index)
		}
		seen[a.receipt.Index] = true
	}
}

// Two replicas start at once and one takes the lease while the other, which has
// looked already, still starts. It follows; it does not end.
func TestALeaseTakenWhileStartingIsLeftAlone(t *testing.T) {
	c, grown, _ := grown(t, 1)
	store := &hooked{Store: grown.Store}
	var taken sync.Once
	store.on(func(c call) (err error) {
		if c.what == "read" && c.stream == eventstore.Checkpoints && c.to == eventstore.Head {
			taken.Do(func() { err = markLease(grown.Store, "b") })
		}
		return err
	})
	cfg := c.Config(store, "")
	cfg.Name = "a"
	l, err := ledger.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if l.Leading() {
		t.Error("a orders events, the lease is b's")
	}
	mustClose(t, l)
}

// The checkpoints stream lost its end, the journal did not. A follower whose
// snapshot covers more than is signed serves receipts of what is.
func TestASnapshotAheadOfTheCheckpoints(t *testing.T) {
	c := newCluster(t, "a", "b")
	for _, e := range c.Actions(3) {
		c.Must(c.node("a"), e)
	}
	c.settled(t)
	c.closeAll(t)
	cut, n := eventstore.Memory(), length(t, c.store, eventstore.Checkpoints)
	copyStream(t, cut, c.store, eventstore.Journal, eventstore.Head)
	copyStream(t, cut, c.store, eventstore.Checkpoints, n-2)
	c.store = cut
	c.start(t, "b") // a has the lease and is not here
	b := c.node("b")
	r, err := b.Receipt(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := b.Leaf(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	proves(t, verifier(t, c.Coalition), answered{envelope: leaf.Envelope, receipt: r})
}

// Whoever may write to the store can put junk among the checkpoints. That must
// not stop replicas that run, nor keep them from starting again.
func TestJunkAmongTheCheckpointsIsPassedOver(t *testing.T) {
	junk := map[string]string{
		"no note": "x",
		"forged":  "test.example/ledger\n999\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— test.example/ledger AAAAAAAA\n",
	}
	for name, text := range junk {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, "a", "b")
			for _, restart := range []bool{false, true} {
				c.settled(t)
				if err := mark(c.store, "checkpoint", text); err != nil {
					t.Fatal(err)
				}
				if restart {
					c.closeAll(t)
					c.start(t, "a")
					c.start(t, "b")
				}
				c.Must(c.node("b"), c.Actions(1)[0])
			}
			c.settled(t)
		})
	}
}

// However many checkpoints there are, a start looks at the newest and the last
// lease.
func TestAStartIsNotAsLongAsTheCheckpoints(t *testing.T) {
	c := newCluster(t, "a")
	for _, e := range c.Actions(500) {
		c.Must(c.node("a"), e)
	}
	mustClose(t, c.node("a"))
	store := &counting{Store: c.reach("a")}
	l := mustOpen(t, c.Coalition, store, c.dirs["a"])
	store.mu.Lock()
	calls := len(store.calls)
	store.mu.Unlock()
	mustClose(t, l)
	if calls > 50 {
		t.Fatalf("%d calls of the store to start behind 500 checkpoints", calls)
	}
}

// The store is exchanged under a leader for a fork of the same lengths, so that
// the revisions it names are right. It must not sign two histories.
func TestAForkOfTheSameLengthIsNotSigned(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &swapped{Store: eventstore.Memory()}
	l := mustOpen(t, c, store, "")
	c.Seat(l)
	fork := eventstore.Memory()
	copyStream(t, fork, store, eventstore.Journal, 10)
	copyStream(t, fork, store, eventstore.Checkpoints, 10)
	c.Must(l, c.Actions(1)[0])
	other := mustOpen(t, c, &hooked{Store: fork}, "")
	c.Must(other, c.Actions(1)[0])
	mustClose(t, other)
	store.swap(fork)
	if r, err := l.Submit(t.Context(), c.Actions(1)[0]); err == nil {
		t.Errorf("event %d is acknowledged in a store that holds another event 10", r.Index)
	}
	mustClose(t, l)
	mustClose(t, mustOpen(t, c, &hooked{Store: fork}, "")) // and the fork is not spoilt
}

// The coalition adopts another log key: this ledger signs no more until it is
// started with that key; the old one is refused, and what it signed still
// counts.
func TestALogKeyThatTheCoalitionAdopted(t *testing.T) {
	c := newCluster(t, "a", "b")
	skey, vkey, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	index := c.Decide(c.node("a"), "log_key.adopted", domain.LogKeyAdopted{LogKey: vkey}).Index
	if _, err := c.node("a").Submit(t.Context(), c.Actions(1)[0]); !errors.Is(err, ledger.ErrNotReady) {
		t.Fatalf("got %v, want ErrNotReady", err)
	}
	waitFor(t, func() bool { return c.node("b").Size() == index+1 })
	c.closeAll(t)
	_, err = ledger.Open(t.Context(), c.Config(c.reach("a"), c.dirs["a"]))
	if err == nil || !strings.Contains(err.Error(), "give the key that the coalition adopted last") {
		t.Fatalf("got %v, want the old key refused", err)
	}
	if c.Log, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, name := range c.names {
			c.start(t, name)
			c.Must(c.node(name), c.Actions(1)[0])
		}
		c.settled(t)
		c.closeAll(t)
	}
}
