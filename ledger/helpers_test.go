package ledger_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// patience is how long a client insists, and a test waits for what has to come.
const patience = 10 * time.Second

// hooked is a store that others share, with a hook before each call: it may
// wait, or say with what error the call ends.
type hooked struct {
	eventstore.Store
	mu   sync.Mutex
	hook func(call) error
}

// call is an "append", which names revision from, a "next", or a "read" of
// [from, to).
type call struct {
	what, stream string
	from, to     uint64
}

func (s *hooked) Atomic() bool { return false }

func (s *hooked) Close() error { return nil }

func (s *hooked) on(hook func(call) error) { s.mu.Lock(); s.hook = hook; s.mu.Unlock() }

func (s *hooked) before(c call) error {
	s.mu.Lock()
	hook := s.hook
	s.mu.Unlock()
	if hook == nil {
		return nil
	}
	return hook(c)
}

func (s *hooked) Append(ctx context.Context, writes ...eventstore.Write) error {
	if len(writes) > 1 {
		return eventstore.ErrNotAtomic
	}
	if err := s.before(call{"append", writes[0].Stream, writes[0].Next, 0}); err != nil {
		return err
	}
	return s.Store.Append(ctx, writes...)
}

func (s *hooked) Next(ctx context.Context, stream string) (uint64, error) {
	if err := s.before(call{"next", stream, 0, 0}); err != nil {
		return 0, err
	}
	return s.Store.Next(ctx, stream)
}

func (s *hooked) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	return func(yield func(eventstore.Record, error) bool) {
		if err := s.before(call{"read", stream, from, to}); err != nil {
			yield(eventstore.Record{}, err)
			return
		}
		s.Store.Read(ctx, stream, from, to)(yield)
	}
}

// insist submits an envelope to one replica again and again, as a client does
// that was told to.
func insist(l *ledger.Ledger, envelope []byte, patience time.Duration) (ledger.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		r, err := l.Submit(ctx, envelope)
		if err == nil || ctx.Err() != nil {
			return r, err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func mustInsist(t *testing.T, l *ledger.Ledger, envelope []byte) ledger.Receipt {
	t.Helper()
	r, err := insist(l, envelope, patience)
	if err != nil {
		t.Fatalf("not recorded in %s: %v", patience, err)
	}
	return r
}

// reach is the shared store as the named replica reaches it.
func (c *cluster) reach(name string) reach { return reach{c.store, c.network, name} }

// tryOpen starts a replica on a store of the test's own and makes it one of the
// cluster.
func (c *cluster) tryOpen(name string, store eventstore.Store, changes ...func(*ledger.Config)) error {
	cfg := c.Config(store, c.dirs[name])
	cfg.Name, cfg.Peers = name, line{c.network, name}
	for _, change := range changes {
		change(&cfg)
	}
	l, err := ledger.Open(context.Background(), cfg)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nodes[name] = l
	if !slices.Contains(c.names, name) {
		c.names = append(c.names, name)
	}
	return nil
}

func (c *cluster) open(t *testing.T, name string, store eventstore.Store, changes ...func(*ledger.Config)) *ledger.Ledger {
	t.Helper()
	if err := c.tryOpen(name, store, changes...); err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	return c.node(name)
}

func (c *cluster) closeAll(t *testing.T) {
	t.Helper()
	for _, l := range c.all() {
		mustClose(t, l)
	}
}

// plant writes envelopes into the journal past the ledger, well formed: as a
// crash leaves them, or somebody with write access to the store.
func plant(t *testing.T, c *cluster, envelopes ...[]byte) {
	t.Helper()
	next := length(t, c.store, eventstore.Journal)
	for i, raw := range envelopes {
		index, at := next+uint64(i), c.Time.UnixMicro()
		r, err := ledger.RecordOf(ledger.Leaf{Index: index, RecordedAt: at, Envelope: raw, Hash: translog.LeafHash(at, raw)})
		if err == nil {
			err = c.store.Append(t.Context(), eventstore.Write{Stream: eventstore.Journal, Next: index, Records: []eventstore.Record{r}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// mark appends a record to the checkpoints stream past the ledger.
func mark(store eventstore.Store, kind, text string) error {
	ctx := context.Background()
	next, err := store.Next(ctx, eventstore.Checkpoints)
	if err != nil {
		return err
	}
	r := eventstore.Record{ID: [16]byte{byte(next), byte(next >> 8), 7}, Type: kind, Data: []byte(text)}
	return store.Append(ctx, eventstore.Write{Stream: eventstore.Checkpoints, Next: next, Records: []eventstore.Record{r}})
}

// markLease gives the lease to a replica that did not ask for it.
func markLease(store eventstore.Store, holder string) error {
	return mark(store, "lease", fmt.Sprintf(`{"holder":%q}`, holder))
}

func length(t *testing.T, store eventstore.Store, stream string) uint64 {
	t.Helper()
	n, err := store.Next(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// anchored signs an action of a member's desk that names a checkpoint.
func anchored(t *testing.T, c *cluster, m domain.Country, size uint64, root domain.Hash) []byte {
	t.Helper()
	e, err := seal.Parse(c.Sign(m, "enforcement.action_taken", ledgertest.Action(7)))
	if err != nil {
		t.Fatal(err)
	}
	e.Header.Anchor = fmt.Sprintf("%d:%s", size, root)
	if e, err = seal.Sign(e.Header, e.Payload, c.Desks[m]); err != nil {
		t.Fatal(err)
	}
	return e.Raw
}
