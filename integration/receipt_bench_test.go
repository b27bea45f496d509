package integration

import (
	"context"
	"fmt"
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
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// BenchmarkReceipts measures how long a client waits for a receipt, on Pebble:
// recorded (signed by the log) and effective (cosigned by 5 of 7 witnesses, each
// 40 ms of round trip away). p50 and p99 in milliseconds.
func BenchmarkReceipts(b *testing.B) {
	for _, clients := range []int{1, 1024} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			c := ledgertest.Found(b, "XA", "XB", "XC")
			g := witness.NewGatherer(witness.Options{Clock: time.Now})
			cfg := c.Config(openPebble(b), b.TempDir())
			cfg.Witnesses = g
			l, err := ledger.Open(b.Context(), cfg)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = l.Close(); g.Close() })
			c.Seat(l)
			c.Decide(l, "witness_policy.adopted", domain.WitnessPolicyAdopted{Policy: sevenWitnesses(b, c, 40*time.Millisecond)})
			recorded, effective := waits(b, l, c.Actions(b.N), clients)
			for name, took := range map[string][]time.Duration{"recorded": recorded, "effective": effective} {
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, name+"-p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, name+"-p99-ms")
			}
		})
	}
}

// sevenWitnesses starts them and returns a policy that asks for five.
func sevenWitnesses(b *testing.B, c *ledgertest.Coalition, away time.Duration) string {
	b.Helper()
	v, err := note.NewVerifier(c.LogKey)
	if err != nil {
		b.Fatal(err)
	}
	policy, names := strings.Builder{}, ""
	fmt.Fprintf(&policy, "log %s\n", c.LogKey)
	for i := range 7 {
		skey, vkey, err := witness.GenerateKey(fmt.Sprintf("w%d.example/witness", i))
		if err != nil {
			b.Fatal(err)
		}
		signer, err := witness.NewSigner(skey)
		if err != nil {
			b.Fatal(err)
		}
		s, err := witness.NewServer(witness.Config{Key: signer, Logs: []note.Verifier{v}, Dir: b.TempDir(), Clock: c.Clock})
		if err != nil {
			b.Fatal(err)
		}
		handler := s.Handler()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(away)
			handler.ServeHTTP(w, r)
		}))
		b.Cleanup(func() { server.Close(); _ = s.Close() })
		fmt.Fprintf(&policy, "witness w%d %s %s\n", i, vkey, server.URL)
		names += fmt.Sprintf(" w%d", i)
	}
	fmt.Fprintf(&policy, "group all 5%s\nquorum all\n", names)
	return policy.String()
}

// waits submits every envelope once and returns, of each, how long it took
// until it was recorded, and until it was effective.
func waits(b *testing.B, l *ledger.Ledger, envelopes [][]byte, clients int) (recorded, effective []time.Duration) {
	b.Helper()
	recorded, effective = make([]time.Duration, len(envelopes)), make([]time.Duration, len(envelopes))
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range min(clients, len(envelopes)) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(envelopes)); i = next.Add(1) - 1 {
				began := time.Now()
				r, err := l.Submit(context.Background(), envelopes[i])
				recorded[i] = time.Since(began)
				if err == nil {
					_, err = l.Effective(context.Background(), r.Index)
				}
				effective[i] = time.Since(began)
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	return recorded, effective
}
