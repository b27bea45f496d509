package api

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// cutOff is a ledger whose store went away, that another replica leads.
type cutOff struct {
	Ledger
	since time.Duration
}

func (c cutOff) Contact() time.Time { return time.Now().Add(-c.since) }

func (cutOff) Leading() bool { return false }

func (cutOff) Leaf(context.Context, uint64) (ledger.Leaf, error) {
	return ledger.Leaf{}, eventstore.ErrUnavailable
}

func (cutOff) Leaves(context.Context, uint64) iter.Seq2[ledger.Leaf, error] {
	return func(yield func(ledger.Leaf, error) bool) { yield(ledger.Leaf{}, eventstore.ErrUnavailable) }
}

// A replica that has lost its store lives, answers reads and says how old they
// are, and is not ready for writes.
func TestALostStoreMakesReadsStaleAndWritesUnready(t *testing.T) {
	f := newFixture(t)
	f.server.cfg.Ledger = cutOff{f.server.cfg.Ledger, 42500 * time.Millisecond}
	for _, path := range []string{"/v1/countries", "/v1/members", "/v1/checkpoint", "/v1/coalition/summary", "/v1/events", "/healthz"} {
		if a := f.get(path); a.status != 200 || a.header.Get("Ledger-Stale") != "42" {
			t.Errorf("%s: got %d with Ledger-Stale %q, want 200 with 42", path, a.status, a.header.Get("Ledger-Stale"))
		}
	}
	a := f.get("/v1/events/0")
	f.problem(a, 503, "store.unavailable")
	if a.header.Get("Retry-After") == "" || a.header.Get("Ledger-Stale") != "42" {
		t.Errorf("got %v", a.header)
	}
	a = f.do("GET", "/readyz", "", nil)
	p := f.problem(a, 503, "store.silent")
	if p.StoreContact == nil || p.Leading || p.Seconds < 42 || p.Seconds > 60 || time.Since(p.At) < 42*time.Second {
		t.Errorf("readiness tells %+v of the store", p.StoreContact)
	}
	if a.header.Get("Ledger-Stale") != "42" || a.header.Get("Retry-After") == "" {
		t.Errorf("readiness: got %v", a.header)
	}
	metrics := string(f.do("GET", "/metrics", f.token(RoleOperator), nil).body)
	if !strings.Contains(metrics, "ledger_store_contact_seconds ") || !strings.Contains(metrics, "ledger_leading 1") {
		t.Error("the metrics lack the store's contact or the lead") // they ask the ledger itself
	}
}

func TestAStoreThatAnswersMakesNothingStale(t *testing.T) {
	f := newFixture(t)
	f.server.cfg.Ledger = cutOff{f.server.cfg.Ledger, 4 * time.Second}
	if a := f.get("/v1/countries"); a.status != 200 || a.header.Get("Ledger-Stale") != "" {
		t.Errorf("got %d with Ledger-Stale %q", a.status, a.header.Get("Ledger-Stale"))
	}
	var h health
	a := f.do("GET", "/readyz", "", nil)
	f.decode(a.body, &h)
	if a.status != 200 || h.StoreContact == nil || h.Seconds < 4 || h.Seconds > 5 || h.Leading {
		t.Errorf("readiness: got %d %s", a.status, a.body)
	}
	if a := f.do("GET", "/healthz", "", nil); strings.Contains(string(a.body), "store_contact") {
		t.Errorf("liveness speaks of the store: %s", a.body)
	}
}
