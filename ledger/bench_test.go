package ledger_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// BenchmarkSubmit measures whole submissions: parsed, Ed25519 verified,
// admitted, fsynced by Pebble, read back, proven. Envelopes are signed before
// the clock starts. ofVerify is the rate against what the cores can verify in
// the same run.
func BenchmarkSubmit(b *testing.B) {
	for _, clients := range []int{1, 64, 1024} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchSubmit(b, clients) })
	}
}

func benchSubmit(b *testing.B, clients int) {
	c := ledgertest.Found(b, "XA", "XB", "XC")
	dir := b.TempDir()
	store, err := pebblestore.Open(filepath.Join(dir, "journal"), pebblestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	l := c.Open(store, filepath.Join(dir, "cache"))
	c.Seat(l)
	envelopes := make([][]byte, b.N)
	for i := range envelopes {
		envelopes[i] = c.Sign(c.Members[i%3], "enforcement.action_taken", ledgertest.Action(i))
	}
	b.ResetTimer()
	submitAll(b, l, envelopes, clients)
	b.StopTimer()
	rate := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "events/s")
	b.ReportMetric(rate/verifyRate(b, c, envelopes), "ofVerify")
}

func submitAll(b *testing.B, l *ledger.Ledger, envelopes [][]byte, clients int) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(envelopes) {
					return
				}
				if _, err := l.Submit(context.Background(), envelopes[i]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// verifyRate is how many of these signatures all cores verify per second.
func verifyRate(b *testing.B, c *ledgertest.Coalition, envelopes [][]byte) float64 {
	const total = 20000
	var next atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := next.Add(1); i <= total; i = next.Add(1) {
				e, err := seal.Parse(envelopes[int(i)%len(envelopes)])
				if err == nil {
					err = e.Verify(c.Desks[e.Header.Issuer.Member()].Public())
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return total / time.Since(began).Seconds()
}
