package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// observed is a coalition whose checkpoints three witnesses cosign, two of
// which are enough.
type observed struct {
	*ledgertest.Coalition
	down   [3]atomic.Bool
	policy string
}

func newObserved(t *testing.T) *observed {
	t.Helper()
	o := &observed{Coalition: ledgertest.Found(t, "XA", "XB", "XC")}
	logKey := verifier(t, o.Coalition)
	policy := strings.Builder{}
	fmt.Fprintf(&policy, "log %s\n", o.LogKey)
	for i := range o.down {
		skey, vkey, err := witness.GenerateKey(fmt.Sprintf("w%d.example/witness", i))
		if err != nil {
			t.Fatal(err)
		}
		signer, err := witness.NewSigner(skey)
		if err != nil {
			t.Fatal(err)
		}
		s, err := witness.NewServer(witness.Config{Key: signer, Logs: []note.Verifier{logKey}, Dir: t.TempDir(), Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if o.down[i].Load() {
				http.Error(w, "down", http.StatusServiceUnavailable)
				return
			}
			s.Handler().ServeHTTP(w, r)
		}))
		t.Cleanup(func() { server.Close(); _ = s.Close() })
		fmt.Fprintf(&policy, "witness w%d %s %s\n", i, vkey, server.URL)
	}
	policy.WriteString("group g 2 w0 w1 w2\nquorum g\n")
	o.policy = policy.String()
	return o
}

func (o *observed) open(t *testing.T, store eventstore.Store, dir string) *ledger.Ledger {
	t.Helper()
	l, err := o.tryOpen(t, store, dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (o *observed) tryOpen(t *testing.T, store eventstore.Store, dir string) (*ledger.Ledger, error) {
	t.Helper()
	g := witness.NewGatherer(witness.Options{Clock: time.Now})
	cfg := o.Config(store, dir)
	cfg.Witnesses = g
	l, err := ledger.Open(t.Context(), cfg)
	t.Cleanup(func() {
		if err == nil {
			_ = l.Close()
		}
		g.Close()
	})
	return l, err
}

// effective waits for the receipt that a quorum of witnesses cosigned.
func (o *observed) effective(t *testing.T, l *ledger.Ledger, index uint64, patience time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := l.Effective(ctx, index)
	if err != nil {
		return err
	}
	leaf, err := l.Leaf(t.Context(), index)
	if err != nil {
		t.Fatal(err)
	}
	proves(t, verifier(t, o.Coalition), answered{envelope: leaf.Envelope, receipt: r})
	p, err := witness.ParsePolicy(o.policy)
	if err != nil {
		t.Fatal(err)
	}
	_, checkpoint, _ := strings.Cut(string(r.Proof), "\n\n")
	if _, err := p.Open([]byte(checkpoint), origin); err != nil {
		t.Fatalf("the receipt's checkpoint does not satisfy the policy: %v\n%s", err, r.Proof)
	}
	return nil
}

// kept counts the cosigned checkpoints from a size on, each of which must
// satisfy the policy, and be of a larger tree than the one before.
func (o *observed) kept(t *testing.T, l *ledger.Ledger, from uint64) (n int) {
	t.Helper()
	p, err := witness.ParsePolicy(o.policy)
	if err != nil {
		t.Fatal(err)
	}
	for c, err := range l.Cosigned(t.Context(), from) {
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Open(c.Note, origin)
		if err != nil || got.Checkpoint.Size != c.Size || c.Size < from || string(got.Note) != string(c.Note) {
			t.Fatalf("from %d: %+v, %v", from, got, err)
		}
		from = c.Size + 1
		n++
	}
	return n
}

// An event becomes effective once two of three witnesses cosigned; with two
// down it does not, and does when one is back. It stays so after a restart.
func TestEventsBecomeEffective(t *testing.T) {
	o, store, dir := newObserved(t), eventstore.Memory(), t.TempDir()
	l := o.open(t, store, dir)
	o.Seat(l)
	o.Decide(l, "witness_policy.adopted", domain.WitnessPolicyAdopted{Policy: o.policy})
	first := o.Must(l, o.Actions(1)[0]).Index
	if err := o.effective(t, l, first, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	o.down[0].Store(true)
	if err := o.effective(t, l, o.Must(l, o.Actions(1)[0]).Index, 10*time.Second); err != nil {
		t.Fatalf("one of three is down: %v", err)
	}
	o.down[1].Store(true)
	late := o.Must(l, o.Actions(1)[0]).Index
	if err := o.effective(t, l, late, 200*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("two of three are down: got %v, want the context's error", err)
	}
	o.down[0].Store(false)
	if err := o.effective(t, l, late, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if reports := l.Witnesses(); len(reports) != 3 || reports[0].Outcome != witness.OutcomeCosigned || reports[1].Outcome == witness.OutcomeCosigned {
		t.Fatalf("reports %+v, want w0 to have cosigned and w1 not", reports)
	}
	waitFor(t, func() bool {
		n, err := store.Next(t.Context(), eventstore.Checkpoints)
		return err == nil && n > l.Size() // the cosigned ones are kept as well
	})
	if n := o.kept(t, l, 0); n < 3 || o.kept(t, l, late+1) != 1 || o.kept(t, l, late+2) != 0 {
		t.Fatalf("%d cosigned checkpoints are shown, %d of the last size", n, o.kept(t, l, late+1))
	}
	mustClose(t, l)
	for i := range o.down {
		o.down[i].Store(true)
	}
	if err := o.effective(t, o.open(t, store, dir), late, time.Millisecond); err != nil {
		t.Fatalf("after a restart: %v", err)
	}
}

// Who puts an old copy of the store back is told by any witness, and signs
// nothing.
func TestAWitnessShowsThatTheStoreIsOld(t *testing.T) {
	o, store := newObserved(t), eventstore.Memory()
	l := o.open(t, store, "")
	o.Seat(l)
	o.Decide(l, "witness_policy.adopted", domain.WitnessPolicyAdopted{Policy: o.policy})
	old := eventstore.Memory()
	n, err := store.Next(t.Context(), eventstore.Journal)
	if err != nil {
		t.Fatal(err)
	}
	copyStream(t, old, store, eventstore.Journal, n)
	for r, err := range store.Read(t.Context(), eventstore.Checkpoints, 0, eventstore.Head) {
		if err != nil {
			t.Fatal(err)
		}
		if next, _ := old.Next(t.Context(), eventstore.Checkpoints); r.Type == "checkpoint" {
			if err := old.Append(t.Context(), eventstore.Write{Stream: eventstore.Checkpoints, Next: next, Records: []eventstore.Record{r}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := o.effective(t, l, o.Must(l, o.Actions(1)[0]).Index, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	mustClose(t, l)
	o.down[0].Store(true)
	if _, err := o.tryOpen(t, old, ""); !errors.Is(err, witness.ErrRolledBack) {
		t.Fatalf("got %v, want ErrRolledBack", err)
	}
}

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.text.String() }

// A witness that holds our signature on another history is an alarm: in its
// report, in the log, and by an end of signing.
func TestAWitnessThatDisagreesIsAnAlarm(t *testing.T) {
	o := newObserved(t)
	policy, err := witness.ParsePolicy(o.policy)
	if err != nil {
		t.Fatal(err)
	}
	other, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		staged, err := other.Stage([]domain.Hash{{byte(i)}})
		if err == nil {
			err = other.Commit(staged)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: origin, Size: 100, Root: other.Root()}, o.Log)
	if err != nil {
		t.Fatal(err)
	}
	g := witness.NewGatherer(witness.Options{Clock: time.Now})
	defer g.Close()
	if _, err := g.Gather(t.Context(), witness.Round{Policy: policy, Checkpoint: text, Tree: other}); err != nil {
		t.Fatal(err)
	}
	var log lines
	cfg := o.Config(eventstore.Memory(), "")
	cfg.Witnesses, cfg.Log = witness.NewGatherer(witness.Options{Clock: time.Now}), slog.New(slog.NewTextHandler(&log, nil))
	defer cfg.Witnesses.Close()
	l, err := ledger.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o.Seat(l)
	o.Decide(l, "witness_policy.adopted", domain.WitnessPolicyAdopted{Policy: o.policy})
	waitFor(t, func() bool { return l.Ready() != nil && strings.Contains(log.String(), "a witness disagrees") })
	if !slices.ContainsFunc(l.Witnesses(), func(r witness.Report) bool { return r.Outcome == witness.OutcomeDisagrees }) {
		t.Errorf("reports %+v, want one that disagrees", l.Witnesses())
	}
}
