package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// teller is a line over which leaves arrive as tell has it.
type teller struct {
	line
	tell func([]ledger.Leaf) ([]ledger.Leaf, error)
}

func (l teller) Leaves(ctx context.Context, holder string, from, to uint64) ([]ledger.Leaf, error) {
	leaves, err := l.line.Leaves(ctx, holder, from, to)
	if err != nil {
		return nil, err
	}
	return l.tell(leaves)
}

// reopen starts b again with another line, and counts how often it reads the
// journal from the store.
func reopen(t *testing.T, c *cluster, tell func([]ledger.Leaf) ([]ledger.Leaf, error)) *atomic.Int64 {
	t.Helper()
	had := c.settled(t)
	mustClose(t, c.node("b"))
	store := &hooked{Store: c.reach("b")}
	c.open(t, "b", store, func(cfg *ledger.Config) { cfg.Peers = teller{line{c.network, "b"}, tell} })
	var reads atomic.Int64
	store.on(func(call call) error {
		if call.what == "read" && call.stream == eventstore.Journal && call.from >= had { // below, the caches are checked
			reads.Add(1)
		}
		return nil
	})
	return &reads
}

// However many replicas there are, the store serves an event once.
func TestFollowersGetEventsFromTheReplicaThatOrdersThem(t *testing.T) {
	c := newCluster(t, "a", "b")
	reads := reopen(t, c, func(leaves []ledger.Leaf) ([]ledger.Leaf, error) { return leaves, nil })
	for _, envelope := range c.Actions(50) {
		c.Must(c.node("a"), envelope)
	}
	c.settled(t)
	if n := reads.Load(); n > 0 {
		t.Errorf("b read the journal %d times", n)
	}
	if leaves := c.node("a").Offer(t.Context(), 12, 15); len(leaves) != 3 || leaves[0].Index != 12 {
		t.Errorf("got %d leaves from %v", len(leaves), leaves)
	}
}

// A replica is taken at its word in nothing: what does not give the root that
// the log signed is read from the store.
func TestWhatAReplicaOffersIsCompared(t *testing.T) {
	lies := map[string]func([]ledger.Leaf) ([]ledger.Leaf, error){
		"nothing":   func([]ledger.Leaf) ([]ledger.Leaf, error) { return nil, nil },
		"no answer": func([]ledger.Leaf) ([]ledger.Leaf, error) { return nil, errors.New("no route") },
		"another time": func(l []ledger.Leaf) ([]ledger.Leaf, error) {
			for i, x := range l {
				l[i] = ledger.NewLeaf(x.Index, x.RecordedAt+1, x.Envelope)
			}
			return l, nil
		},
		"no envelope": func(l []ledger.Leaf) ([]ledger.Leaf, error) {
			l[0] = ledger.NewLeaf(l[0].Index, l[0].RecordedAt, bytes.ToUpper(l[0].Envelope))
			return l, nil
		},
		"one too many": func(l []ledger.Leaf) ([]ledger.Leaf, error) { return append(l, l[0]), nil },
	}
	for name, tell := range lies {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, "a", "b")
			reads := reopen(t, c, tell)
			before := c.settled(t)
			for _, envelope := range c.Actions(20) {
				c.Must(c.node("b"), envelope)
			}
			if after := c.settled(t); after != before+20 || reads.Load() == 0 {
				t.Errorf("%d events after %d, %d reads of the journal", after, before, reads.Load())
			}
			if err := c.node("b").Ready(); err != nil || c.node("b").Leading() {
				t.Errorf("b: %v, orders events: %v", err, c.node("b").Leading())
			}
		})
	}
}
