package pebblestore_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

// badDisk fails operations on the log while it is on.
type badDisk struct {
	on    atomic.Bool
	fails func(errorfs.OpKind) bool
	hits  atomic.Int64
}

func (d *badDisk) inject(op errorfs.Op) error {
	if !d.on.Load() || !strings.HasSuffix(op.Path, ".log") || !d.fails(op.Kind) {
		return nil
	}
	d.hits.Add(1)
	return syscall.EIO
}

var faults = map[string]func(errorfs.OpKind) bool{
	"write": func(k errorfs.OpKind) bool { return k == errorfs.OpFileWrite || k == errorfs.OpFileWriteAt },
	"sync": func(k errorfs.OpKind) bool {
		return k == errorfs.OpFileSync || k == errorfs.OpFileSyncData || k == errorfs.OpFileSyncTo
	},
}

// A disk that fails once and then seems well again is the dangerous one: the
// kernel has dropped the pages, so a second try would be acknowledged falsely.
func TestFailingDiskMakesTheStoreReadOnly(t *testing.T) {
	for name, fails := range faults {
		for _, before := range []int{0, 1, 30} {
			t.Run(fmt.Sprintf("%s after %d appends", name, before), func(t *testing.T) {
				failOnce(t, &badDisk{fails: fails}, before)
			})
		}
	}
}

func failOnce(t *testing.T, bad *badDisk, before int) {
	disk := vfs.NewCrashableMem()
	s := open(t, "store", pebblestore.Options{FS: errorfs.Wrap(disk, errorfs.InjectorFunc(bad.inject))})
	w := &writer{}
	for range before {
		if err := w.append(t, s, 4); err != nil {
			t.Fatal(err)
		}
	}
	bad.on.Store(true)
	if err := w.append(t, s, 4); !errors.Is(err, eventstore.ErrUnknownOutcome) {
		t.Fatalf("append on a failing disk: got %v, want ErrUnknownOutcome", err)
	}
	bad.on.Store(false)
	if bad.hits.Load() == 0 {
		t.Fatal("no fault was injected")
	}
	for range 3 {
		if err := w.append(t, s, 4); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("append after the fault: got %v, want ErrUnavailable", err)
		}
	}
	found := *w
	if err := found.check(t, s); err != nil || found != *w {
		t.Fatalf("reading after the fault: got %+v, %v; want %+v", found, err, *w)
	}
	reopenedKeeps(t, disk, w)
}

// reopenedKeeps checks that a restart finds what was acknowledged, with or
// without the append of unknown outcome, and takes appends again.
func reopenedKeeps(t *testing.T, disk *vfs.MemFS, w *writer) {
	t.Helper()
	s := open(t, "store", pebblestore.Options{FS: disk.CrashClone(vfs.CrashCloneCfg{})})
	if err := w.check(t, s); err != nil {
		t.Fatal(err)
	}
	if err := w.append(t, s, 4); err != nil {
		t.Fatal(err)
	}
}

// Closing a store whose disk failed must not hang.
func TestFailedStoreCloses(t *testing.T) {
	bad := &badDisk{fails: faults["sync"]}
	s := open(t, "store", pebblestore.Options{FS: errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(bad.inject))})
	bad.on.Store(true)
	w := &writer{}
	if err := w.append(t, s, 1); err == nil {
		t.Fatal("the append was acknowledged")
	}
	_ = s.Close() // an error is allowed here, waiting for ever is not
	if err := w.append(t, s, 1); !errors.Is(err, eventstore.ErrClosed) {
		t.Fatalf("got %v, want ErrClosed", err)
	}
}
