package pebblestore_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

// benchRecord has the size of a typical small event: 1024 of them fit one append.
func benchRecord() eventstore.Record {
	return eventstore.Record{
		Type: "designation.adopted", ID: [16]byte{1},
		Data: bytes.Repeat([]byte(`{"subject":"x"},`), 40),
		Meta: bytes.Repeat([]byte("0123456789abcdef"), 20),
	}
}

// BenchmarkAppend measures one append, fsync included, of 1, 64 and 1024
// records with one checkpoint each, on the disk of the temporary directory.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 64, 1024} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := open(b, b.TempDir(), pebblestore.Options{})
			next := uint64(0)
			for b.Loop() {
				appendBench(b, s, next, size)
				next += uint64(size)
			}
			b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

func appendBench(b *testing.B, s eventstore.Store, next uint64, size int) {
	b.Helper()
	records := make([]eventstore.Record, size)
	for i := range records {
		records[i] = benchRecord()
	}
	err := s.Append(b.Context(),
		eventstore.Write{Stream: eventstore.Journal, Next: next, Records: records},
		eventstore.Write{Stream: eventstore.Checkpoints, Next: next / uint64(size), Records: records[:1]})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRead measures a scan of 20,000 records and the look-up of one.
func BenchmarkRead(b *testing.B) {
	const count, batch = 20_000, 1_000
	s := open(b, b.TempDir(), pebblestore.Options{})
	for next := uint64(0); next < count; next += batch {
		appendBench(b, s, next, batch)
	}
	b.Run("scan", func(b *testing.B) {
		for b.Loop() {
			readBench(b, s, 0, count)
		}
		b.ReportMetric(float64(count*b.N)/b.Elapsed().Seconds(), "records/s")
	})
	b.Run("one", func(b *testing.B) {
		for n := uint64(0); b.Loop(); n += 7919 {
			readBench(b, s, n%count, 1)
		}
	})
}

func readBench(b *testing.B, s eventstore.Store, from uint64, count int) {
	b.Helper()
	for _, err := range s.Read(b.Context(), eventstore.Journal, from, eventstore.Head) {
		if err != nil {
			b.Fatal(err)
		}
		if count--; count == 0 {
			return
		}
	}
	b.Fatalf("%d records are missing", count)
}
