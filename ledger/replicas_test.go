package ledger_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
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

// Somebody writes into the journal behind the ledger's back. Nothing from
// there on is signed until a quorum voids it; then the ledger goes on, on every
// replica, also after a restart and for whoever replays.
func TestARogueRecordIsVoided(t *testing.T) {
	rogues := map[string]func(eventstore.Record) eventstore.Record{
		"no event of ours": func(r eventstore.Record) eventstore.Record { r.Meta = []byte("{}"); return r },
		"recorded twice":   func(r eventstore.Record) eventstore.Record { return r },
		"forged": func(r eventstore.Record) eventstore.Record {
			r.Data = bytes.Replace(r.Data, []byte("125000.50"), []byte("1.00"), 1)
			return r
		},
	}
	for name, rogue := range rogues {
		t.Run(name, func(t *testing.T) { voidRogue(t, rogue) })
	}
}

func voidRogue(t *testing.T, rogue func(eventstore.Record) eventstore.Record) {
	c := newCluster(t, "a", "b")
	last := c.Must(c.node("a"), c.Actions(1)[0]).Index
	c.settled(t)
	appendCopy(t, c.store, last, rogue)
	appendCopy(t, c.store, last, func(r eventstore.Record) eventstore.Record { return r })
	waitFor(t, func() bool { return c.node("a").Ready() != nil })
	if err := c.node("a").Ready(); !strings.Contains(err.Error(), "event 11 stands in the store") {
		t.Fatalf("got %v, want event 11 named", err)
	}
	for _, l := range c.all() {
		if _, err := l.Submit(t.Context(), c.Actions(1)[0]); !errors.Is(err, ledger.ErrNotReady) {
			t.Fatalf("got %v, want ErrNotReady", err)
		}
	}
	if n := c.node("b").Size(); n != 11 {
		t.Fatalf("%d events are signed, want 11", n)
	}
	voided := c.Must(c.node("b"), voiding(t, c, 11, 13))
	after := c.Must(c.node("a"), c.Actions(1)[0])
	if voided.Index != 13 || after.Index != 14 {
		t.Fatalf("voided at %d, went on at %d; want 13 and 14", voided.Index, after.Index)
	}
	c.settled(t)
	for _, name := range c.names {
		holdsVoided(t, c.node(name))
		mustClose(t, c.node(name))
		c.start(t, name)
		holdsVoided(t, c.node(name))
	}
	fresh := mustOpen(t, c.Coalition, reach{c.store, c.network, "fresh"}, "")
	holdsVoided(t, fresh)
	mustClose(t, fresh)
}

func holdsVoided(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	l.View(func(s *domain.State) {
		if s.Next() != 15 || !s.Voided(11) || !s.Voided(12) || len(s.Pending()) > 0 {
			t.Errorf("%d events, pending %v", s.Next(), s.Pending())
		}
	})
	var seen []uint64
	for f, err := range l.Facts(t.Context(), 9) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, f.Index)
	}
	if want := fmt.Sprint([]uint64{9, 10, 13, 14}); fmt.Sprint(seen) != want {
		t.Fatalf("facts %v, want %s", seen, want)
	}
}

// voiding signs journal.voided for the records [from, to) of the store.
func voiding(t *testing.T, c *cluster, from, to uint64) []byte {
	t.Helper()
	var pending []domain.Ref
	for r, err := range c.store.Read(t.Context(), eventstore.Journal, from, to) {
		if err != nil {
			t.Fatal(err)
		}
		pending = append(pending, domain.Ref{Index: r.Revision, Leaf: ledger.LeafOf(r).Hash})
	}
	v := domain.JournalVoided{Leaves: domain.VoidLeaves(pending), Reason: "written past the ledger"}
	text := domain.VoidText(c.Ledger, v.Leaves, v.Reason)
	for _, m := range c.Members {
		sig, err := c.Roots[m].Sign(text)
		if err != nil {
			t.Fatal(err)
		}
		v.Approvals = append(v.Approvals, domain.Approval{Member: m, Signature: base64.RawURLEncoding.EncodeToString(sig)})
	}
	return c.Sign("XA", "journal.voided", v)
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
