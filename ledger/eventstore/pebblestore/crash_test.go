package pebblestore_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

var crashSeeds = flag.Uint64("crash.seeds", 300, "number of power failures to simulate")

// Power fails before a random operation on the disk: within an append, a flush,
// a recovery. Of what was not synced a random part survives. Whatever was acknowledged must be there, no
// append may be there in part, and the store must go on.
func TestPowerFailure(t *testing.T) {
	var kept, lost int
	seeds := *crashSeeds
	if testing.Short() {
		seeds = min(seeds, 60)
	}
	for seed := range seeds {
		w := &writer{}
		if err := powerFailure(t, w, seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		kept, lost = kept+w.kept, lost+w.lost
	}
	t.Logf("of the appends in flight %d survived and %d vanished", kept, lost)
	if seeds >= 50 && (kept == 0 || lost == 0) {
		t.Errorf("the crashes were all alike: %d appends in flight survived, %d vanished", kept, lost)
	}
}

func powerFailure(t *testing.T, w *writer, seed uint64) error {
	rng := rand.New(rand.NewPCG(seed, 1))
	disk := vfs.NewCrashableMem()
	for range 1 + rng.IntN(3) { // crashes of a store that has crashed before
		power := newPower(disk, rng)
		s, err := pebblestore.Open("store", small(errorfs.Wrap(crashable{disk}, errorfs.InjectorFunc(power.spend))))
		if err != nil {
			return fmt.Errorf("open: %w", err)
		}
		if err := errors.Join(w.check(t, s), w.writeUntil(t, s, power, rng), s.Close()); err != nil {
			return err
		}
		disk = power.left()
	}
	s, err := pebblestore.Open("store", small(disk))
	if err != nil {
		return fmt.Errorf("open after the last crash: %w", err)
	}
	return errors.Join(w.check(t, s), w.append(t, s, 3), s.Close())
}

// power lasts for a number of operations on the disk. Before the next one it
// keeps what a failure would leave; the process goes on without knowing.
type power struct {
	mu   sync.Mutex
	disk *vfs.MemFS
	ops  int
	loss vfs.CrashCloneCfg
	rest *vfs.MemFS
}

// crashable lets a crash happen while a log is recycled. MemFS takes the same
// read lock twice for that, and a clone that comes in between waits for ever.
type crashable struct{ *vfs.MemFS }

func (c crashable) ReuseForWrite(oldname, newname string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if err := c.Rename(oldname, newname); err != nil {
		return nil, err
	}
	return c.OpenReadWrite(newname, category)
}

func newPower(disk *vfs.MemFS, rng *rand.Rand) *power {
	own := rand.New(rand.NewPCG(rng.Uint64(), 2))
	return &power{disk: disk, ops: rng.IntN(250), loss: vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: own}}
}

func (p *power) spend(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() == errorfs.OpIsRead {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ops--; p.ops < 0 && p.rest == nil {
		p.rest = p.disk.CrashClone(p.loss)
	}
	return nil
}

func (p *power) failed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rest != nil
}

// left is what the failure left of the disk; it happens now if not before.
func (p *power) left() *vfs.MemFS {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rest == nil {
		p.rest = p.disk.CrashClone(p.loss)
	}
	return p.rest
}

// small makes tables so small that crashes hit flushes and log rotations too.
func small(disk vfs.FS) pebblestore.Options {
	return pebblestore.Options{FS: disk, MemTableSize: 16 << 10, CacheSize: 1 << 20}
}

// writer appends batches of records to the journal, each with one checkpoint
// that says how long the journal is then.
type writer struct {
	journal, checkpoints uint64 // acknowledged
	inFlight             bool   // when power failed
	kept, lost           int    // appends in flight that survived, or did not
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
	checkpoint := eventstore.Record{Type: "checkpoint", ID: [16]byte{2}, Data: fmt.Append(nil, w.journal+count)}
	return []eventstore.Write{journal, {Stream: eventstore.Checkpoints, Next: w.checkpoints, Records: []eventstore.Record{checkpoint}}}
}

func event(n uint64) eventstore.Record {
	return eventstore.Record{Type: "event", ID: [16]byte{1}, Data: bytes.Repeat(fmt.Append(nil, n, ";"), 1+int(n%97))}
}

// writeUntil appends until power fails. What was appended while it failed was
// never acknowledged: nobody was left to hear it.
func (w *writer) writeUntil(t testing.TB, s eventstore.Store, p *power, rng *rand.Rand) error {
	for range 200 {
		if p.failed() {
			return nil
		}
		before := *w
		if err := w.append(t, s, 1+rng.Uint64N(40)); err != nil {
			return err
		}
		if p.failed() {
			*w = before
			w.inFlight = true
		}
	}
	return nil
}

// check reads the whole store: everything acknowledged, and beyond that at most
// whole appends. Then the writer goes on from what it found.
func (w *writer) check(t testing.TB, s eventstore.Store) error {
	checkpoints, last := uint64(0), uint64(0)
	for r, err := range s.Read(t.Context(), eventstore.Checkpoints, 0, eventstore.Head) {
		if err != nil {
			return err
		}
		checkpoints++
		if _, err := fmt.Sscan(string(r.Data), &last); err != nil {
			return err
		}
	}
	journal := uint64(0)
	for r, err := range s.Read(t.Context(), eventstore.Journal, 0, eventstore.Head) {
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
	w.settle(journal, checkpoints)
	return nil
}

// settle takes what was found as the state to go on from.
func (w *writer) settle(journal, checkpoints uint64) {
	switch {
	case checkpoints > w.checkpoints:
		w.kept++
	case w.inFlight:
		w.lost++
	}
	w.inFlight, w.journal, w.checkpoints = false, journal, checkpoints
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
