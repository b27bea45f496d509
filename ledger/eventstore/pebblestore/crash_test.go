package pebblestore_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

var crashSeeds = flag.Uint64("crash.seeds", 500, "number of power failures to simulate")

// Power fails at a random moment, while an append is in flight; of what was not
// synced a random part survives. Whatever was acknowledged must be there, no
// append may be there in part, and the store must go on.
func TestPowerFailure(t *testing.T) {
	for seed := range *crashSeeds {
		if err := powerFailure(t, seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func powerFailure(t *testing.T, seed uint64) error {
	rng := rand.New(rand.NewPCG(seed, 1))
	disk := vfs.NewCrashableMem()
	w := &writer{}
	for range 1 + rng.IntN(3) { // crashes of a store that has crashed before
		s, err := pebblestore.Open("store", small(disk))
		if err != nil {
			return fmt.Errorf("open: %w", err)
		}
		if err := w.check(t, s); err != nil {
			return err
		}
		disk = w.writeUntilCrash(t, s, disk, rng)
		_ = s.Close()
	}
	s, err := pebblestore.Open("store", small(disk))
	if err != nil {
		return fmt.Errorf("open after the last crash: %w", err)
	}
	defer s.Close()
	if err := w.check(t, s); err != nil {
		return err
	}
	return w.append(t, s, 3)
}

// small makes tables so small that crashes hit flushes and log rotations too.
func small(disk vfs.FS) pebblestore.Options {
	return pebblestore.Options{FS: disk, MemTableSize: 16 << 10, CacheSize: 1 << 20}
}

// writer appends batches of records to the journal, each with one checkpoint
// that says how long the journal is then.
type writer struct {
	journal, checkpoints uint64 // acknowledged
}

func (w *writer) append(t testing.TB, s eventstore.Store, count uint64) error {
	err := s.Append(t.Context(), w.batch(count)...)
	if err == nil {
		w.journal += count
		w.checkpoints++
	}
	return err
}

func (w *writer) batch(count uint64) []eventstore.Write {
	journal := eventstore.Write{Stream: eventstore.Journal, Next: w.journal}
	for n := w.journal; n < w.journal+count; n++ {
		journal.Records = append(journal.Records, event(n))
	}
	checkpoint := eventstore.Record{Type: "checkpoint", Data: fmt.Append(nil, w.journal+count)}
	return []eventstore.Write{journal, {Stream: eventstore.Checkpoints, Next: w.checkpoints, Records: []eventstore.Record{checkpoint}}}
}

func event(n uint64) eventstore.Record {
	return eventstore.Record{Type: "event", Data: bytes.Repeat(fmt.Append(nil, n, ";"), 1+int(n%97))}
}

// writeUntilCrash returns what a crash left of the disk. Half of the crashes
// come between appends, half while one is in flight.
func (w *writer) writeUntilCrash(t testing.TB, s eventstore.Store, disk *vfs.MemFS, rng *rand.Rand) *vfs.MemFS {
	t.Helper()
	for range rng.IntN(20) {
		if err := w.append(t, s, 1+rng.Uint64N(12)); err != nil {
			t.Fatal(err)
		}
	}
	loss := vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng}
	if rng.IntN(2) == 0 {
		return disk.CrashClone(loss)
	}
	pending := w.batch(1 + rng.Uint64N(40))
	done := make(chan error)
	go func() { done <- s.Append(t.Context(), pending...) }()
	for range rng.IntN(2000) { // let the append get a varying distance
		_ = rng.Uint64()
	}
	left := disk.CrashClone(loss)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return left
}

// check reads the whole store: everything acknowledged, and beyond that at most
// whole appends. Then the writer goes on from what it found.
func (w *writer) check(t testing.TB, s eventstore.Store) error {
	checkpoints, last := uint64(0), uint64(0)
	for r, err := range s.Read(t.Context(), eventstore.Checkpoints, 0) {
		if err != nil {
			return err
		}
		checkpoints++
		if _, err := fmt.Sscan(string(r.Data), &last); err != nil {
			return err
		}
	}
	journal := uint64(0)
	for r, err := range s.Read(t.Context(), eventstore.Journal, 0) {
		if err != nil {
			return err
		}
		if want := event(journal); r.Revision != journal || !bytes.Equal(r.Data, want.Data) {
			return fmt.Errorf("record %d has revision %d and data %q", journal, r.Revision, r.Data)
		}
		journal++
	}
	if journal < w.journal || checkpoints < w.checkpoints {
		return fmt.Errorf("lost: %d records and %d checkpoints of %d and %d acknowledged", journal, checkpoints, w.journal, w.checkpoints)
	}
	if journal != last || checkpoints > w.checkpoints+1 {
		return fmt.Errorf("half an append: %d records, the last of %d checkpoints says %d", journal, checkpoints, last)
	}
	w.journal, w.checkpoints = journal, checkpoints
	return nil
}

// A store that promised nothing it has not synced must not have lost anything
// when all that was not synced is gone: this fails if an fsync is left out.
func TestNothingUnsyncedIsAcknowledged(t *testing.T) {
	disk := vfs.NewCrashableMem()
	s := open(t, "store", small(disk))
	w := &writer{}
	for range 100 {
		if err := w.append(t, s, 5); err != nil {
			t.Fatal(err)
		}
		reopened, err := pebblestore.Open("store", small(disk.CrashClone(vfs.CrashCloneCfg{})))
		if err != nil {
			t.Fatal(err)
		}
		found := *w
		if err := errors.Join(found.check(t, reopened), reopened.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
