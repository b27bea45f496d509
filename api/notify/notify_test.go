package notify

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// journal is a growing list of facts that views follow.
type journal struct {
	mu    sync.Mutex
	facts []domain.Fact
	grown chan struct{}
}

func (j *journal) add(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for range n {
		i := uint64(len(j.facts))
		f := domain.Fact{Index: i, RecordedAt: time.Now().UnixMicro(), Leaf: sha256.Sum256([]byte{byte(i)})}
		f.Type, f.Version, f.Issuer, f.EventID = "enforcement.action_taken", 1, "XA/mof", fmt.Sprint("e", i)
		f.Body = domain.EnforcementActionTaken{Common: domain.Common{Case: fmt.Sprint("case-", i%2), Handling: "TLP:AMBER"}, Kind: "warning"}
		j.facts = append(j.facts, f)
	}
	close(j.grown)
	j.grown = make(chan struct{})
}

func (j *journal) Facts(_ context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) {
		j.mu.Lock()
		facts := j.facts[min(int(from), len(j.facts)):]
		j.mu.Unlock()
		for _, f := range facts {
			if !yield(f, nil) {
				return
			}
		}
	}
}

func (j *journal) Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) {
		for ctx.Err() == nil {
			j.mu.Lock()
			grown := j.grown
			j.mu.Unlock()
			for f := range j.Facts(ctx, from) {
				if from = f.Index + 1; !yield(f, nil) {
					return
				}
			}
			select {
			case <-grown:
			case <-ctx.Done():
			}
		}
	}
}

// receiver is a webhook that answers as it is told.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	got     []uint64
	bodies  [][]byte
	headers []http.Header
	status  func(n int) int // of the nth request
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{status: func(int) int { return 204 }}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		body, _ := io.ReadAll(in.Body)
		var n watch.Notice
		if err := json.Unmarshal(body, &n); err != nil {
			t.Errorf("%v in %s", err, body)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got, r.bodies, r.headers = append(r.got, n.Index), append(r.bodies, body), append(r.headers, in.Header)
		w.Header().Set("Location", r.URL)
		w.WriteHeader(r.status(len(r.got)))
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) indexes() []uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

type bench struct {
	t       testing.TB
	journal *journal
	store   *Store
	views   *projections.Runner
	signer  note.Signer
	key     note.Verifier
	leading atomic.Bool
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{t: t, journal: &journal{grown: make(chan struct{})}}
	b.leading.Store(true)
	skey, vkey, err := note.GenerateKey(nil, "ledger.example")
	b.must(err)
	b.signer, err = note.NewSigner(skey)
	b.must(err)
	b.key, err = note.NewVerifier(vkey)
	b.must(err)
	b.store, err = OpenStore(t.TempDir(), 3)
	b.must(err)
	b.views, err = projections.New(projections.Config{Clock: time.Now})
	b.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.views.Run(ctx, b.journal) }()
	t.Cleanup(func() { cancel(); b.must(<-done) })
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) subscribe(url string, watches ...watch.Watch) Subscription {
	b.t.Helper()
	sub, err := b.store.Add(Subscription{Agency: "XA/mof", Webhook: url, Loopback: strings.HasPrefix(url, "http:"), Watch: watches, CreatedAt: time.Now()})
	b.must(err)
	return sub
}

// run delivers until the returned function is called.
func (b *bench) run(change ...func(*Config)) (d *Deliverer, stop func()) {
	cfg := Config{
		Store: b.store, Views: b.views, Signer: b.signer, Leading: b.leading.Load, Clock: time.Now, Loopback: true,
		First: time.Millisecond, Longest: 4 * time.Millisecond, Tries: 4, Rescan: 5 * time.Millisecond,
	}
	for _, f := range change {
		f(&cfg)
	}
	d = New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { d.Run(ctx); close(done) }()
	return d, sync.OnceFunc(func() { cancel(); <-done })
}

func (b *bench) until(what string, ok func() bool) {
	b.t.Helper()
	for range 6000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	b.t.Fatalf("not within 30 s: %s", what)
}

func (b *bench) progress(sub Subscription) Progress {
	b.t.Helper()
	p, err := b.store.Progress(sub)
	b.must(err)
	return p
}

var allActs = watch.Watch{Kind: "type", Value: "enforcement.*"}

func upTo(n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = uint64(i)
	}
	return out
}

func TestInOrderAndOnlyWhatIsWatched(t *testing.T) {
	b, all, odd := newBench(t), newReceiver(t), newReceiver(t)
	sub := b.subscribe(all.URL, allActs)
	b.subscribe(odd.URL, watch.Watch{Kind: "case", Value: "case-1"}, watch.Watch{Kind: "case", Value: "case-9"})
	b.journal.add(30)
	d, stop := b.run()
	defer stop()
	b.until("30 notices", func() bool { return len(all.indexes()) == 30 })
	b.journal.add(30)
	b.until("60 notices", func() bool { return len(all.indexes()) == 60 && len(odd.indexes()) == 30 })
	if !slices.Equal(all.indexes(), upTo(60)) {
		t.Errorf("got %v", all.indexes())
	}
	for i, index := range odd.indexes() {
		if index != uint64(2*i+1) {
			t.Fatalf("of case-1: %v", odd.indexes())
		}
	}
	b.until("the cursor", func() bool { return b.progress(sub).Next == 60 })
	if s := d.Stats(); s.Delivered != 90 || s.Failures != 0 || s.Parked != 0 {
		t.Errorf("got %+v", s)
	}
	var n watch.Notice
	b.must(json.Unmarshal(odd.bodies[0], &n))
	if n.Handling != "TLP:AMBER" || n.Receipt != "/v1/events/1/receipt" || len(n.Reasons) != 1 || n.Reasons[0].Value != "case-1" || n.Summary == "" {
		t.Errorf("the notice says %s", odd.bodies[0])
	}
	if _, err := watch.Verify([]note.Verifier{b.key}, all.headers[3], sub.ID, all.bodies[3]); err != nil {
		t.Error(err)
	}
	if _, err := watch.Verify([]note.Verifier{b.key}, all.headers[3], sub.ID, all.bodies[4]); err == nil {
		t.Error("another body verifies")
	}
}

func TestFailuresAreTriedAgainInOrder(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe(r.URL, allActs)
	r.status = func(n int) int { return []int{200, 500, 302, 204}[n%4] }
	b.journal.add(9)
	d, stop := b.run()
	defer stop()
	b.until("all", func() bool { return b.progress(sub).Next == 9 })
	got := r.indexes()
	if !slices.IsSorted(got) || !slices.Equal(slices.Compact(slices.Clone(got)), upTo(9)) || len(got) == 9 {
		t.Errorf("not in order, or not again: %v", got)
	}
	if s := d.Stats(); s.Failures == 0 || s.Delivered != 9 {
		t.Errorf("got %+v", s)
	}
}

// A receiver whose answer is lost is told again: it knows the index.
func TestALostAnswerIsARepetition(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe(r.URL, allActs)
	r.status = func(n int) int {
		if n == 2 {
			panic(http.ErrAbortHandler)
		}
		return 204
	}
	b.journal.add(3)
	_, stop := b.run()
	defer stop()
	b.until("all", func() bool { return b.progress(sub).Next == 3 })
	if got := r.indexes(); !slices.Equal(got, []uint64{0, 1, 1, 2}) {
		t.Errorf("got %v", got)
	}
}

func TestRestartGoesOnAtTheCursor(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe(r.URL, allActs)
	b.journal.add(5)
	_, stop := b.run()
	b.until("5", func() bool { return b.progress(sub).Next == 5 })
	stop()
	b.journal.add(4)
	again, err := OpenStore(b.store.dir, 3)
	b.must(err)
	b.store = again
	_, stop = b.run()
	defer stop()
	b.until("9", func() bool { return b.progress(sub).Next == 9 })
	if !slices.Equal(r.indexes(), upTo(9)) {
		t.Errorf("got %v", r.indexes())
	}
}

func TestParkedUntilResumed(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe(r.URL+"/secret-path", allActs)
	var well atomic.Bool
	r.status = func(int) int {
		if well.Load() {
			return 200
		}
		return 503
	}
	b.journal.add(2)
	d, stop := b.run()
	defer stop()
	b.until("it is parked", func() bool { return b.progress(sub).Parked && d.Stats().Parked == 1 })
	p := b.progress(sub)
	if p.Failures != 4 || p.Next != 0 || p.LastError != "the receiver answered 503" || len(r.indexes()) != 4 {
		t.Errorf("parked: %+v after %v", p, r.indexes())
	}
	time.Sleep(20 * time.Millisecond)
	if len(r.indexes()) != 4 {
		t.Error("it is told while it is parked")
	}
	well.Store(true)
	_, err := b.store.Resume("XA/mof", sub.ID)
	b.must(err)
	b.until("all", func() bool { return b.progress(sub).Next == 2 && d.Stats().Parked == 0 })
	if p := b.progress(sub); p.Parked || p.Failures != 0 || p.LastError != "" || p.Delivered != 2 {
		t.Errorf("resumed: %+v", p)
	}
}

func TestGoneParksAtOnceAndRemovedIsToldNoMore(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	r.status = func(int) int { return 410 }
	sub := b.subscribe(r.URL, allActs)
	b.journal.add(1)
	_, stop := b.run()
	defer stop()
	b.until("it is parked", func() bool { return b.progress(sub).Parked })
	if len(r.indexes()) != 1 {
		t.Errorf("told %d times", len(r.indexes()))
	}
	b.must(b.store.Remove("XA/mof", sub.ID))
	b.journal.add(1)
	time.Sleep(30 * time.Millisecond)
	if files, _ := filepath.Glob(filepath.Join(b.store.dir, "XA_mof", "*")); len(files) != 0 || len(r.indexes()) != 1 {
		t.Errorf("left %v, told %v", files, r.indexes())
	}
}

func TestOnlyTheLeaderDelivers(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	b.leading.Store(false)
	sub := b.subscribe(r.URL, allActs)
	b.journal.add(3)
	_, stop := b.run()
	defer stop()
	time.Sleep(30 * time.Millisecond)
	if len(r.indexes()) != 0 {
		t.Fatal("a replica that follows delivered")
	}
	// Another replica told of two before this one's turn.
	b.must(b.store.advance(sub, Progress{Next: 2, Delivered: 2}))
	b.leading.Store(true)
	b.until("the third", func() bool { return b.progress(sub).Next == 3 })
	if got := r.indexes(); !slices.Equal(got, []uint64{2}) {
		t.Errorf("got %v", got)
	}
}

func TestASuspendedAgencyIsToldLater(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	sub := b.subscribe(r.URL, allActs)
	var good atomic.Bool
	b.journal.add(2)
	_, stop := b.run(func(c *Config) { c.Speaks = func(a domain.AgencyID) bool { return a == "XA/mof" && good.Load() } })
	defer stop()
	time.Sleep(30 * time.Millisecond)
	if len(r.indexes()) != 0 {
		t.Fatal("told while it is suspended")
	}
	good.Store(true)
	b.until("all", func() bool { return b.progress(sub).Next == 2 })
}

// A receiver that is slow holds up nobody but itself.
func TestASlowReceiverHoldsUpItselfAlone(t *testing.T) {
	b, r := newBench(t), newReceiver(t)
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(slow.Close)
	b.subscribe(slow.URL, allActs)
	sub := b.subscribe(r.URL, allActs)
	b.journal.add(40)
	_, stop := b.run(func(c *Config) { c.Workers = 2 })
	b.until("all", func() bool { return b.progress(sub).Next == 40 })
	close(release)
	stop()
}
