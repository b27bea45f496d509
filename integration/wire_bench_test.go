package integration

import (
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/peer"
	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// BenchmarkWire submits the same number of events to a ledger on Pebble and to
// one on the protocol node, which keeps them with Pebble too, over loopback:
// two runs of each, in turn. ofEmbedded is the ratio of their rates.
func BenchmarkWire(b *testing.B) {
	for _, clients := range []int{1, 64, 1024} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			var embedded, wire time.Duration
			for range 2 {
				embedded += submitTo(b, clients, openPebble)
				wire += submitTo(b, clients, openWire)
			}
			b.ReportMetric(2*float64(b.N)/wire.Seconds(), "events/s")
			b.ReportMetric(embedded.Seconds()/wire.Seconds(), "ofEmbedded")
		})
	}
}

func openPebble(b *testing.B) eventstore.Store {
	b.Helper()
	s, err := pebblestore.Open(filepath.Join(b.TempDir(), "journal"), pebblestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func openWire(b *testing.B) eventstore.Store {
	b.Helper()
	return dial(b, newNode(b))
}

func newNode(b *testing.B) *esdbnode.Node {
	b.Helper()
	node, err := esdbnode.Start(esdbnode.Options{Listen: "127.0.0.1:0", Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = node.Close() })
	return node
}

func dial(b *testing.B, node *esdbnode.Node) eventstore.Store {
	b.Helper()
	s, err := esdb.Open(b.Context(), node.ConnectionString(), esdb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func submitTo(b *testing.B, clients int, open func(*testing.B) eventstore.Store) time.Duration {
	b.Helper()
	c := ledgertest.Found(b, "XA", "XB", "XC")
	l := c.Open(open(b), b.TempDir())
	c.Seat(l)
	envelopes := c.Actions(b.N)
	began := time.Now()
	submitAll(b, []*ledger.Ledger{l}, envelopes, clients)
	return time.Since(began)
}

// submitAll submits every envelope once, by clients that are spread over the
// replicas, and returns how many each replica took.
func submitAll(b *testing.B, replicas []*ledger.Ledger, envelopes [][]byte, clients int) []int {
	b.Helper()
	var next atomic.Int64
	taken := make([]atomic.Int64, len(replicas))
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			at := i % len(replicas)
			for {
				j := int(next.Add(1)) - 1
				if j >= len(envelopes) {
					return
				}
				if _, err := replicas[at].Submit(context.Background(), envelopes[j]); err != nil {
					b.Error(err)
					return
				}
				taken[at].Add(1)
			}
		})
	}
	all.Wait()
	out := make([]int, len(replicas))
	for i := range taken {
		out[i] = int(taken[i].Load())
	}
	return out
}

// BenchmarkReplicas submits through one replica, then through three at once, to
// a protocol node on the same machine, with 1,024 clients in all. ofOne is the
// processor time of an event with three replicas, the node's share included,
// against that with one; fewest is the share of the replica that took least.
func BenchmarkReplicas(b *testing.B) {
	var one, three time.Duration
	fewest := 1.0
	for range 2 {
		cost, _ := costs(b, 1)
		one += cost
		cost, least := costs(b, 3)
		three, fewest = three+cost, min(fewest, least)
	}
	b.ReportMetric(float64(three.Microseconds())/float64(2*b.N), "µs/event")
	b.ReportMetric(three.Seconds()/one.Seconds(), "ofOne")
	b.ReportMetric(fewest, "fewest")
}

func costs(b *testing.B, n int) (processor time.Duration, fewest float64) {
	b.Helper()
	c := ledgertest.Found(b, "XA", "XB", "XC")
	node := newNode(b)
	replicas := make([]*ledger.Ledger, n)
	for i := range replicas {
		replicas[i] = startReplica(b, c, dial(b, node))
		if i == 0 {
			c.Seat(replicas[0])
		}
	}
	envelopes := c.Actions(b.N)
	began := processorTime(b)
	taken := submitAll(b, replicas, envelopes, 1024)
	for _, l := range replicas {
		for l.Size() < uint64(10+b.N) {
			time.Sleep(time.Millisecond)
		}
	}
	processor = processorTime(b) - began
	fewest = 1
	for _, t := range taken {
		fewest = min(fewest, float64(t)/float64(b.N))
	}
	return processor, fewest
}

func startReplica(b *testing.B, c *ledgertest.Coalition, store eventstore.Store) *ledger.Ledger {
	b.Helper()
	server := httptest.NewUnstartedServer(nil)
	cfg := c.Config(store, b.TempDir())
	cfg.Name = "http://" + server.Listener.Addr().String()
	verifier, err := note.NewVerifier(c.LogKey)
	if err != nil {
		b.Fatal(err)
	}
	key := peer.Key{Signer: c.Log, Verifier: verifier}
	client := peer.NewClient(key, time.Now)
	cfg.Peers = client
	l, err := ledger.Open(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	server.Config = peer.NewServer(peer.Config{Key: key, Name: cfg.Name, Clock: time.Now, Take: l.Take, Offer: l.Offer})
	server.Start()
	b.Cleanup(func() { client.Close(); server.Close(); _ = l.Close() })
	return l
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
