package ledger_test

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func seated(t *testing.T) (*ledgertest.Coalition, *ledger.Ledger, eventstore.Store) {
	t.Helper()
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := eventstore.Memory()
	l := c.Open(store, "")
	c.Seat(l)
	return c, l, store
}

func TestReceiptProvesTheEvent(t *testing.T) {
	c, l, _ := seated(t)
	envelope := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))
	r := c.Must(l, envelope)
	v, err := note.NewVerifier(c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	cp, index, err := translog.VerifyReceipt(r.Proof, r.RecordedAt, envelope, "test.example/ledger", v)
	if err != nil || index != r.Index || cp.Size != r.Index+1 {
		t.Fatalf("receipt: index %d, checkpoint of %d, %v", index, cp.Size, err)
	}
	if _, _, err := translog.VerifyReceipt(r.Proof, r.RecordedAt+1, envelope, "test.example/ledger", v); err == nil {
		t.Fatal("the receipt verifies for another recorded time")
	}
}

func TestRetryGetsTheFirstReceipt(t *testing.T) {
	c, l, _ := seated(t)
	envelope := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))
	first := c.Must(l, envelope)
	again := c.Must(l, envelope)
	if again.Index != first.Index || again.Leaf != first.Leaf || again.RecordedAt != first.RecordedAt || !again.Replayed {
		t.Fatalf("got %+v, want the receipt of %d", again, first.Index)
	}
	if l.Size() != first.Index+1 {
		t.Fatalf("the retry added an event: %d", l.Size())
	}
}

func TestSameIDOtherContentIsRefused(t *testing.T) {
	c, l, _ := seated(t)
	one := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))
	c.Must(l, one)
	e, err := seal.Parse(one)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.Sign(e.Header, []byte(strings.Replace(string(e.Payload), "125000.50", "1.00", 1)), c.Desks["XA"])
	if err != nil {
		t.Fatal(err)
	}
	c.Refused(l, other.Raw, "event.duplicate_id")
}

func TestRefusalIsSignedByTheLog(t *testing.T) {
	c, l, _ := seated(t)
	envelope := c.SignWith(c.Desks["XB"], ledgertest.Desk("XA"), "enforcement.action_taken", ledgertest.Action(1))
	refused := c.Refused(l, envelope, "key.foreign_issuer")
	v, err := note.NewVerifier(c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	r, err := translog.OpenRefusal(refused.Signed, "test.example/ledger", v)
	if err != nil || r.Rule != "key.foreign_issuer" || r.Size != l.Size() {
		t.Fatalf("signed refusal: %+v, %v", r, err)
	}
}

func TestForgedSignatureIsRefused(t *testing.T) {
	c, l, _ := seated(t)
	good := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))
	other := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(2))
	forged := string(good[:strings.LastIndexByte(string(good), '.')]) + string(other[strings.LastIndexByte(string(other), '.'):])
	before := l.Size()
	if _, err := l.Submit(t.Context(), []byte(forged)); err == nil || l.Size() != before {
		t.Fatalf("a forged signature was let in: %v", err)
	}
}

// A key registered in flight is good for the event right behind it.
func TestKeyAndUseRace(t *testing.T) {
	c, l, _ := seated(t)
	k, err := seal.GenerateKey("ES256")
	if err != nil {
		t.Fatal(err)
	}
	desk := ledgertest.Desk("XA")
	reg := c.SignRoot("XA", "key.registered", domain.KeyRegistered{Agency: desk, Key: k.Public(), Proof: k.Possession(c.Ledger, desk)})
	use := c.SignWith(k, desk, "enforcement.action_taken", ledgertest.Action(1))
	c.Must(l, reg)
	c.Must(l, use)
}

func TestManyClientsEachGetTheirOwnReceipt(t *testing.T) {
	c, l, _ := seated(t)
	const clients, each = 32, 20
	first := l.Size()
	var envelopes [clients][each][]byte
	for i := range clients {
		for j := range each {
			envelopes[i][j] = c.Sign(c.Members[i%3], "enforcement.action_taken", ledgertest.Action(i*each+j))
		}
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[uint64]bool{}
	v, _ := note.NewVerifier(c.LogKey)
	for i := range clients {
		wg.Go(func() {
			for j := range each {
				r, err := l.Submit(context.Background(), envelopes[i][j])
				if err != nil {
					t.Errorf("submit: %v", err)
					return
				}
				if _, _, err := translog.VerifyReceipt(r.Proof, r.RecordedAt, envelopes[i][j], "test.example/ledger", v); err != nil {
					t.Errorf("receipt: %v", err)
				}
				mu.Lock()
				seen[r.Index] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != clients*each || l.Size() != first+clients*each {
		t.Fatalf("%d receipts, %d events; want %d", len(seen), l.Size()-first, clients*each)
	}
}

// The same envelope from many clients at once is recorded once.
func TestSameEnvelopeAtOnce(t *testing.T) {
	c, l, _ := seated(t)
	envelope := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))
	before := l.Size()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if r, err := l.Submit(context.Background(), envelope); err != nil || r.Index != before {
				t.Errorf("got %d, %v; want index %d", r.Index, err, before)
			}
		})
	}
	wg.Wait()
	if l.Size() != before+1 {
		t.Fatalf("recorded %d times", l.Size()-before)
	}
}

func TestFollowSeesEveryFactOnce(t *testing.T) {
	c, l, _ := seated(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	go func() {
		for i := range 50 {
			_, _ = l.Submit(ctx, c.Sign("XA", "enforcement.action_taken", ledgertest.Action(i)))
		}
	}()
	want := uint64(0)
	for f, err := range l.Follow(ctx, 0) {
		if err != nil || f.Index != want {
			t.Fatalf("got %d, %v; want %d", f.Index, err, want)
		}
		if want++; want == 60 {
			return
		}
	}
	t.Fatalf("ended after %d facts", want)
}

func openPebble(t *testing.T, dir string) *pebblestore.Store {
	t.Helper()
	s, err := pebblestore.Open(filepath.Join(dir, "journal"), pebblestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// restart runs f on a ledger opened on dir, and closes everything.
func restart(t *testing.T, c *ledgertest.Coalition, dir string, f func(*ledger.Ledger)) {
	t.Helper()
	store := openPebble(t, dir)
	l, err := ledger.Open(t.Context(), c.Config(store, filepath.Join(dir, "cache")))
	if err != nil {
		t.Fatal(err)
	}
	f(l)
	if err := errors.Join(l.Close(), store.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
	envelope := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))
	var first ledger.Receipt
	restart(t, c, dir, func(l *ledger.Ledger) { c.Seat(l); first = c.Must(l, envelope) })
	for i := range 3 { // with the snapshot, and the checkpoint mark, of each run before
		restart(t, c, dir, func(l *ledger.Ledger) {
			if r := c.Must(l, envelope); r.Index != first.Index || !r.Replayed {
				t.Fatalf("restart %d forgot the event: %+v", i, r)
			}
			c.Must(l, c.Sign("XB", "enforcement.action_taken", ledgertest.Action(10+i)))
		})
	}
}

func TestDeletedCachesAreRebuilt(t *testing.T) {
	c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
	restart(t, c, dir, func(l *ledger.Ledger) { c.Seat(l) })
	store := openPebble(t, dir)
	l := c.Open(store, t.TempDir())
	c.Must(l, c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1)))
	t.Cleanup(func() { _ = store.Close() })
}

func TestShorterStoreIsRefused(t *testing.T) {
	c, dir := ledgertest.Found(t, "XA", "XB", "XC"), t.TempDir()
	restart(t, c, dir, func(l *ledger.Ledger) { c.Seat(l) })
	_, err := ledger.Open(t.Context(), c.Config(eventstore.Memory(), filepath.Join(dir, "cache")))
	if err == nil {
		t.Fatal("an empty store was taken for the ledger that signed a larger checkpoint")
	}
}

// altered serves a journal with one byte of one payload changed.
type altered struct {
	eventstore.Store
	at uint64
}

func (a altered) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range a.Store.Read(ctx, stream, from, to) {
			if stream == eventstore.Journal && r.Revision == a.at && err == nil {
				r.Data = []byte(strings.Replace(string(r.Data), "125000.50", "125000.51", 1))
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func TestAlteredStoreIsRefused(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := eventstore.Memory()
	l := c.Open(store, "")
	c.Seat(l)
	at := c.Must(l, c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))).Index
	_, err := ledger.Open(t.Context(), c.Config(altered{store, at}, ""))
	if err == nil || !strings.Contains(err.Error(), "altered") {
		t.Fatalf("got %v, want a refusal to open an altered store", err)
	}
}

// liar changes a record between write and read.
func TestChangedOnTheWayToDiskIsNotAcknowledged(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	store := eventstore.Memory()
	l := c.Open(altered{store, 10}, "")
	c.Seat(l) // genesis, 3 acceptances, 6 registrations: the next index is 10
	_, err := l.Submit(t.Context(), c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1)))
	if !errors.Is(err, ledger.ErrNotReady) || l.Ready() == nil {
		t.Fatalf("got %v, want the ledger to stop", err)
	}
	if l.Size() != 10 {
		t.Fatalf("%d events are committed, want 10", l.Size())
	}
}

func TestWrongLogKeyIsRefused(t *testing.T) {
	c, _, store := seated(t)
	skey, _, _ := note.GenerateKey(nil, "test.example/ledger")
	other, _ := note.NewSigner(skey)
	cfg := c.Config(store, "")
	cfg.Signer = other
	if _, err := ledger.Open(t.Context(), cfg); err == nil {
		t.Fatal("a log key that genesis does not name was accepted")
	}
}

func TestRecordedTimeNeverRunsBackwards(t *testing.T) {
	c, l, _ := seated(t)
	a := c.Must(l, c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1)))
	c.Time = c.Time.Add(-3 * time.Second)
	b := c.Must(l, c.Sign("XA", "enforcement.action_taken", ledgertest.Action(2)))
	if b.RecordedAt < a.RecordedAt {
		t.Fatalf("%d after %d", b.RecordedAt, a.RecordedAt)
	}
	c.Time = c.Time.Add(-time.Hour)
	if err := l.Ready(); err == nil {
		t.Fatal("a clock an hour behind the newest event is no reason to stop")
	}
}

func TestClosedLedger(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	l, err := ledger.Open(t.Context(), c.Config(eventstore.Memory(), ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Submit(t.Context(), c.SignRoot("XA", "member.accepted", domain.MemberAccepted{})); !errors.Is(err, ledger.ErrClosed) {
		t.Fatalf("got %v, want ErrClosed", err)
	}
}
