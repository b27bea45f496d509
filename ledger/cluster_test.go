package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// network is what lies between replicas, and between each and the store. Any
// link can be cut.
type network struct {
	mu    sync.Mutex
	nodes map[string]*ledger.Ledger
	cut   map[string]bool // "a>b"
}

func (n *network) set(cut bool, links ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, link := range links {
		n.cut[link] = cut
	}
}

func (n *network) broken(from, to string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cut[from+">"+to]
}

// line is one replica's end of the network.
type line struct {
	*network
	from string
}

func (l line) Forward(ctx context.Context, holder string, items []ledger.Forwarded) ([]ledger.Outcome, error) {
	l.mu.Lock()
	to := l.nodes[holder]
	l.mu.Unlock()
	if to == nil || l.broken(l.from, holder) {
		return nil, errors.New("no route to " + holder)
	}
	out := to.Take(ctx, items)
	if l.broken(holder, l.from) {
		return nil, errors.New("no answer from " + holder)
	}
	return out, nil
}

func (l line) Leaves(ctx context.Context, holder string, from, to uint64) ([]ledger.Leaf, error) {
	l.mu.Lock()
	at := l.nodes[holder]
	l.mu.Unlock()
	if at == nil || l.broken(l.from, holder) || l.broken(holder, l.from) {
		return nil, errors.New("no route to " + holder)
	}
	return at.Offer(ctx, from, to), nil
}

// reach is a store as one replica reaches it.
type reach struct {
	eventstore.Store
	*network
	from string
}

func (r reach) Atomic() bool { return false }

func (r reach) Close() error { return nil }

func (r reach) Append(ctx context.Context, writes ...eventstore.Write) error {
	if len(writes) > 1 {
		return eventstore.ErrNotAtomic
	}
	if r.broken(r.from, "store") {
		return eventstore.ErrUnavailable
	}
	err := r.Store.Append(ctx, writes...)
	if r.broken("store", r.from) {
		return eventstore.ErrUnknownOutcome
	}
	return err
}

func (r reach) Next(ctx context.Context, stream string) (uint64, error) {
	if r.broken(r.from, "store") || r.broken("store", r.from) {
		return 0, eventstore.ErrUnavailable
	}
	return r.Store.Next(ctx, stream)
}

func (r reach) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	return func(yield func(eventstore.Record, error) bool) {
		for rec, err := range r.Store.Read(ctx, stream, from, to) {
			if r.broken(r.from, "store") || r.broken("store", r.from) {
				yield(eventstore.Record{}, eventstore.ErrUnavailable)
				return
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// cluster is a coalition's ledger on several replicas.
type cluster struct {
	*network
	*ledgertest.Coalition
	store eventstore.Store
	names []string
	dirs  map[string]string
}

func newCluster(t *testing.T, names ...string) *cluster {
	t.Helper()
	c := &cluster{
		network:   &network{nodes: map[string]*ledger.Ledger{}, cut: map[string]bool{}},
		Coalition: ledgertest.Found(t, "XA", "XB", "XC"), store: eventstore.Memory(), names: names, dirs: map[string]string{},
	}
	for _, name := range names {
		c.dirs[name] = t.TempDir()
		c.start(t, name)
	}
	t.Cleanup(func() {
		for _, l := range c.all() {
			_ = l.Close()
		}
	})
	c.Seat(c.node(names[0]))
	return c
}

func (c *cluster) start(t *testing.T, name string) {
	t.Helper()
	cfg := c.Config(reach{c.store, c.network, name}, c.dirs[name])
	cfg.Name, cfg.Peers = name, line{c.network, name}
	l, err := ledger.Open(t.Context(), cfg)
	for errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, eventstore.ErrUnknownOutcome) {
		time.Sleep(time.Millisecond) // the link is cut
		l, err = ledger.Open(t.Context(), cfg)
	}
	if err != nil {
		t.Error(err)
		return
	}
	c.mu.Lock()
	c.nodes[name] = l
	c.mu.Unlock()
}

func (c *cluster) node(name string) *ledger.Ledger {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nodes[name]
}

func (c *cluster) all() (out []*ledger.Ledger) {
	for _, name := range c.names {
		out = append(out, c.node(name))
	}
	return out
}

func (c *cluster) leaders() (names []string) {
	for _, name := range c.names {
		if c.node(name).Leading() {
			names = append(names, name)
		}
	}
	return names
}

// persist submits an envelope until it is acknowledged, to any replica.
func (c *cluster) persist(ctx context.Context, rnd *rand.Rand, envelope []byte) (answered, error) {
	for {
		l := c.node(c.names[rnd.IntN(len(c.names))])
		limit, cancel := context.WithTimeout(ctx, 5*time.Second)
		r, err := l.Submit(limit, envelope)
		cancel()
		if err == nil {
			return answered{envelope, r, nil}, nil
		}
		if ctx.Err() != nil {
			return answered{}, fmt.Errorf("not recorded in time: %w", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// persistAll submits all envelopes by several clients, and checks what they
// were told against what stands in the journal: acknowledged once, recorded
// once, where the receipt says.
func (c *cluster) persistAll(t *testing.T, clients int, envelopes [][]byte) {
	t.Helper()
	before := int(c.settled(t))
	c.check(t, before+len(envelopes), c.persistent(t, clients, envelopes))
}

func (c *cluster) check(t *testing.T, want int, answers []answered) {
	t.Helper()
	if size := int(c.settled(t)); size != want {
		t.Fatalf("%d events, want %d", size, want)
	}
	audit(t, c.Coalition, c.node(c.names[0]), c.store, answers)
}

func (c *cluster) persistent(t *testing.T, clients int, envelopes [][]byte) []answered {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	var clientsDone sync.WaitGroup
	answers := make([]answered, len(envelopes))
	for i := range clients {
		clientsDone.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(i), 7))
			for j := i; j < len(envelopes); j += clients {
				var err error
				if answers[j], err = c.persist(ctx, rnd, envelopes[j]); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	clientsDone.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return answers
}

// settled waits until all replicas have committed the whole journal, and
// checks that they hold the same.
func (c *cluster) settled(t *testing.T) uint64 {
	t.Helper()
	var next uint64
	waitFor(t, func() bool {
		var err error
		if next, err = c.store.Next(t.Context(), eventstore.Journal); err != nil {
			t.Fatal(err)
		}
		for _, l := range c.all() {
			if l.Size() != next {
				return false
			}
		}
		return true
	})
	root := rootOf(c.node(c.names[0]))
	for _, name := range c.names {
		if got := rootOf(c.node(name)); got != root {
			t.Fatalf("%s has\n%s\n%s has\n%s", c.names[0], root, name, got)
		}
	}
	return next
}

// rootOf is the signed text of the newest checkpoint: origin, size and root.
func rootOf(l *ledger.Ledger) string {
	text, _, _ := bytes.Cut(l.Checkpoint(), []byte("\n\n"))
	return string(text)
}
