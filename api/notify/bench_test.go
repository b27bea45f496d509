package notify

import (
	"testing"
	"time"
)

// asServed leaves what ledgerd leaves to the defaults.
func asServed(c *Config) {
	*c = Config{Store: c.Store, Views: c.Views, Signer: c.Signer, Leading: c.Leading, Clock: c.Clock, Loopback: true}
}

// BenchmarkDeliver tells one receiver that answers at once: what an operation
// takes is a notice, signed, posted, answered and kept.
func BenchmarkDeliver(b *testing.B) {
	n, r := newBench(b), newReceiver(b)
	sub := n.subscribe(r.URL, allActs)
	n.journal.add(b.N)
	n.until("the views", func() bool { return n.views.Index() == uint64(b.N) })
	b.ResetTimer()
	_, stop := n.run(func(c *Config) {
		*c = Config{Store: c.Store, Views: c.Views, Signer: c.Signer, Leading: c.Leading, Clock: c.Clock, Loopback: true}
	})
	for n.progress(sub).Next < uint64(b.N) {
		time.Sleep(time.Millisecond)
	}
	b.StopTimer()
	stop()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notices/s")
}

// BenchmarkDeliverToThousand tells 1,000 subscriptions of one event each time.
func BenchmarkDeliverToThousand(b *testing.B) {
	n, r := newBench(b), newReceiver(b)
	n.store.most = 1000
	for range 1000 {
		n.subscribe(r.URL, allActs)
	}
	d, stop := n.run(asServed)
	told := uint64(0)
	for b.Loop() {
		n.journal.add(1)
		for told += 1000; d.Stats().Delivered < told; {
			time.Sleep(time.Millisecond)
		}
	}
	stop()
	b.ReportMetric(float64(told)/b.Elapsed().Seconds(), "notices/s")
}
