package esdb_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

// benchRecord has the size of a typical small event: 1024 of them fit one append.
func benchRecord() eventstore.Record {
	return eventstore.Record{
		Type: "designation.adopted", ID: [16]byte{1},
		Data: fmt.Appendf(nil, `{"subject":"%s"}`, bytes.Repeat([]byte("x"), 550)),
		Meta: bytes.Repeat([]byte("0123456789abcdef"), 20),
	}
}

func appendBench(b *testing.B, s eventstore.Store, next uint64, size int) {
	b.Helper()
	w := eventstore.Write{Stream: eventstore.Journal, Next: next}
	for range size {
		w.Records = append(w.Records, benchRecord())
	}
	if err := s.Append(b.Context(), w); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAppend measures one append of 1, 64 and 1024 records to a node that
// keeps them in memory.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 64, 1024} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := open(b, start(b, esdbnode.Options{}).ConnectionString())
			next := uint64(0)
			for b.Loop() {
				appendBench(b, s, next, size)
				next += uint64(size)
			}
			b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkReplay reads the whole journal, and the same events with the
// vendor's bare client in turn. "of-bare" is the ratio of their speeds, "peak-MB"
// how far the heap grew above what it was before.
func BenchmarkReplay(b *testing.B) {
	const count, batch = 100_000, 1_000
	node := start(b, esdbnode.Options{})
	s := open(b, node.ConnectionString())
	for next := uint64(0); next < count; next += batch {
		appendBench(b, s, next, batch)
	}
	c, err := bare(node.ConnectionString())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var own, vendor time.Duration
	var peak uint64
	for b.Loop() {
		begin := time.Now()
		peak = max(peak, replay(b, s, count))
		middle := time.Now()
		replayBare(b, c, count)
		own, vendor = own+middle.Sub(begin), vendor+time.Since(middle)
	}
	b.ReportMetric(float64(count*b.N)/own.Seconds(), "records/s")
	b.ReportMetric(vendor.Seconds()/own.Seconds(), "of-bare")
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
}

func replay(b *testing.B, s *esdb.Store, count int) (peak uint64) {
	b.Helper()
	runtime.GC()
	before := heap()
	n := 0
	for _, err := range s.Read(b.Context(), eventstore.Journal, 0, eventstore.Head) {
		if err != nil {
			b.Fatal(err)
		}
		if n++; n%10_000 == 0 {
			peak = max(peak, heap())
		}
	}
	if n != count {
		b.Fatalf("read %d records, want %d", n, count)
	}
	return peak - min(peak, before)
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func replayBare(b *testing.B, c *client.Client, count int) {
	b.Helper()
	answer, err := c.ReadStream(b.Context(), eventstore.Journal, client.ReadStreamOptions{}, uint64(count))
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Close()
	n := 0
	for ; ; n++ {
		if _, err := answer.Recv(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			b.Fatal(err)
		}
	}
	if n != count {
		b.Fatalf("the client read %d events, want %d", n, count)
	}
}
