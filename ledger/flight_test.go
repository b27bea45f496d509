package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func submitting(l *ledger.Ledger, envelope []byte) <-chan answered {
	ch := make(chan answered, 1)
	go func() {
		r, err := l.Submit(context.Background(), envelope)
		ch <- answered{envelope, r, err}
	}()
	return ch
}

// held opens a seated ledger whose store waits at a gate from now on.
func held(t *testing.T, f fault) (*ledgertest.Coalition, *ledger.Ledger, *faulty) {
	t.Helper()
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := &faulty{Store: eventstore.Memory(), fault: f, gate: make(chan struct{})}
	l := c.Open(store, t.TempDir())
	c.Seat(l)
	store.set(true)
	return c, l, store
}

// inFlight submits the first envelope, and the rest when it is being appended.
func inFlight(l *ledger.Ledger, envelopes ...[]byte) (out []<-chan answered) {
	for _, e := range envelopes {
		out = append(out, submitting(l, e))
		time.Sleep(20 * time.Millisecond) // to the gate, or into the batch behind
	}
	return out
}

func TestRepeatedWhileInFlight(t *testing.T) {
	c, l, store := held(t, fault{})
	one := c.Actions(1)[0]
	answers := inFlight(l, one, one, reuse(t, one, c.Desks["XA"]), one)
	close(store.gate)
	a, b, other, d := <-answers[0], <-answers[1], <-answers[2], <-answers[3]
	if a.err != nil || b.err != nil || d.err != nil || b.receipt.Index != a.receipt.Index || !b.receipt.Replayed || !d.receipt.Replayed {
		t.Fatalf("got %+v, %+v, %+v", a, b, d)
	}
	var refused *ledger.Refused
	if !errors.As(other.err, &refused) || refused.Refusal.Rule != "event.duplicate_id" {
		t.Fatalf("got %v, want event.duplicate_id", other.err)
	}
	audit(t, c, l, store, []answered{a, b, other, d})
}

// When the batch in flight fails, what was decided on top of it was never so:
// neither receipts nor refusals go out.
func TestAnswersOnDiscardedOverlayAreWithheld(t *testing.T) {
	c, l, store := held(t, fault{stream: eventstore.Journal, append: eventstore.ErrUnknownOutcome})
	one := c.Actions(1)[0]
	answers := inFlight(l, one, one, reuse(t, one, c.Desks["XA"]), c.Actions(1)[0])
	close(store.gate)
	for i, ch := range answers {
		if a := <-ch; !errors.Is(a.err, ledger.ErrNotReady) || !errors.Is(a.err, eventstore.ErrUnknownOutcome) {
			t.Errorf("answer %d: %+v, want ErrNotReady", i, a)
		}
	}
}

func TestCancelledWhileQueued(t *testing.T) {
	c, l, store := held(t, fault{})
	first, second := c.Actions(1)[0], c.Actions(1)[0]
	a := inFlight(l, first)[0]
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := l.Submit(ctx, second); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want the context's error", err)
	}
	close(store.gate)
	if got := <-a; got.err != nil {
		t.Fatal(got.err)
	}
	if r := c.Must(l, second); r.Index != 11 || l.Size() != 12 {
		t.Fatalf("index %d of %d, want 11 of 12", r.Index, l.Size())
	}
}

// Close answers everybody: with a receipt that proves, or with ErrClosed and
// nothing recorded.
func TestCloseDuringLoad(t *testing.T) {
	for range 5 {
		c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
		store := &faulty{Store: eventstore.Memory()}
		l := mustOpen(t, c, store, dir)
		c.Seat(l)
		var chans []<-chan answered
		for _, e := range c.Actions(200) {
			chans = append(chans, submitting(l, e))
		}
		if err := errors.Join(l.Close(), l.Close()); err != nil {
			t.Fatal(err)
		}
		var recorded []answered
		for _, ch := range chans {
			if a := <-ch; a.err == nil {
				recorded = append(recorded, a)
			} else if !errors.Is(a.err, ledger.ErrClosed) {
				t.Fatalf("got %v, want ErrClosed", a.err)
			}
		}
		l = mustOpen(t, c, store, dir)
		if l.Size() != 10+uint64(len(recorded)) {
			t.Fatalf("%d events, %d receipts", l.Size()-10, len(recorded))
		}
		audit(t, c, l, store, recorded)
		mustClose(t, l)
	}
}

// The largest events there are fit into an append, however many come at once.
func TestLargestEventsFit(t *testing.T) {
	c, l, store := held(t, fault{})
	chans := inFlight(l, largest(c, 0))
	for i := range 80 {
		chans = append(chans, submitting(l, largest(c, i+1)))
	}
	time.Sleep(200 * time.Millisecond)
	close(store.gate)
	var answers []answered
	for _, ch := range chans {
		a := <-ch
		if a.err != nil {
			t.Fatal(a.err)
		}
		answers = append(answers, a)
	}
	audit(t, c, l, store, answers)
}

func largest(c *ledgertest.Coalition, i int) []byte {
	a := ledgertest.Action(i)
	a.Summary = &domain.Text{Text: strings.Repeat("x", 40<<10-400), Language: "en"}
	return c.Sign(c.Members[i%3], "enforcement.action_taken", a)
}

func TestFollowEnds(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	l := mustOpen(t, c, eventstore.Memory(), "")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	follow := func(ctx context.Context) {
		var last error
		for _, err := range l.FollowLeaves(ctx, 0) {
			last = err
		}
		ended <- last
	}
	go follow(ctx)
	time.Sleep(10 * time.Millisecond)
	cancel()
	if err := <-ended; err != nil {
		t.Fatalf("cancelled: got %v, want silence", err)
	}
	go follow(context.Background())
	time.Sleep(10 * time.Millisecond)
	mustClose(t, l)
	if err := <-ended; !errors.Is(err, ledger.ErrClosed) {
		t.Fatalf("closed: got %v, want ErrClosed", err)
	}
}

// A use that came before its key was registered is refused, at the size before
// the registration, although both answers rest on one batch.
func TestRefusalNamesTheJournalItWasDecidedOn(t *testing.T) {
	c, l, store := held(t, fault{})
	k, err := seal.GenerateKey("Ed25519")
	if err != nil {
		t.Fatal(err)
	}
	desk := ledgertest.Desk("XA")
	chans := inFlight(l, c.Actions(1)[0], c.SignWith(k, desk, "enforcement.action_taken", ledgertest.Action(1)),
		c.SignRoot("XA", "key.registered", domain.KeyRegistered{Agency: desk, Key: k.Public(), Proof: k.Possession(c.Ledger, desk)}))
	close(store.gate)
	first, early, key := <-chans[0], <-chans[1], <-chans[2]
	var refused *ledger.Refused
	if first.err != nil || key.err != nil || !errors.As(early.err, &refused) {
		t.Fatalf("got %v, %v, %v; want the use refused", first.err, early.err, key.err)
	}
	r, err := translog.OpenRefusal(refused.Signed, origin, verifier(t, c))
	if err != nil || r.Size != 11 {
		t.Fatalf("refused at size %d, %v; want 11", r.Size, err)
	}
	audit(t, c, l, store, []answered{first, early, key})
}
