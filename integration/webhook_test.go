package integration

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// told is a receiver of webhooks that notes the indexes in the order in which
// they come.
type told struct {
	mu   sync.Mutex
	got  []uint64
	then func(n int)
}

func (r *told) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	body, _ := io.ReadAll(in.Body)
	var n watch.Notice
	if json.Unmarshal(body, &n) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, n.Index)
	r.then(len(r.got))
	w.WriteHeader(http.StatusNoContent)
}

func (r *told) indexes() []uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// kill -9 while webhooks are delivered: none is lost, at most the sixteen since
// the cursor was kept come again, and they bear the same index.
func TestWebhooksOutliveAKill(t *testing.T) {
	const events, rounds, again = 400, 4, 16
	f := found(t)
	kills := make(chan struct{}, rounds)
	r := &told{then: func(n int) {
		time.Sleep(2 * time.Millisecond) // so that there is something left to tell
		if n%80 == 0 && n/80 <= rounds {
			kills <- struct{}{}
		}
	}}
	receiver := httptest.NewServer(r)
	defer receiver.Close()
	t.Setenv("LEDGERD_WEBHOOK_LOOPBACK", "true")
	f.serve(t)
	f.seat(t)
	from := f.size(t)
	for i := range events {
		f.post(t, f.Sign("XA", "enforcement.action_taken", ledgertest.Action(i)))
	}
	_, err := f.Subscribe(t.Context(), client.NewSubscription{
		Agency: ledgertest.Desk("XB"), Watch: []watch.Watch{{Kind: "type", Value: "enforcement.*"}}, Webhook: receiver.URL, From: &from,
	})
	if err != nil {
		t.Fatal(err)
	}
	for range rounds {
		<-kills
		f.kill()
		f.serve(t)
	}
	f.waitFor(t, "all notices", func() bool { got := r.indexes(); return len(got) > 0 && slices.Max(got) == from+events-1 })
	got := r.indexes()
	slices.Sort(got)
	once := slices.Compact(slices.Clone(got))
	t.Logf("%d events, %d of them told again after %d kills", len(once), len(got)-len(once), rounds)
	if len(once) != events || once[0] != from || len(got)-len(once) > rounds*again {
		t.Errorf("of %d events %d were told, %d of them again", events, len(once), len(got)-len(once))
	}
}
