package pebblestore_test

import (
	"errors"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/eventstoretest"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

func open(t testing.TB, dir string, opts pebblestore.Options) *pebblestore.Store {
	t.Helper()
	s, err := pebblestore.Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestContract(t *testing.T) {
	eventstoretest.Run(t, func(t testing.TB) eventstore.Store {
		return open(t, "store", pebblestore.Options{FS: vfs.NewMem()})
	})
}

// With tables so small that every clause runs through flushes and compactions.
func TestContractAcrossFlushes(t *testing.T) {
	eventstoretest.Run(t, func(t testing.TB) eventstore.Store {
		return open(t, "store", pebblestore.Options{FS: vfs.NewMem(), MemTableSize: 64 << 10})
	})
}

func TestDurableContractOnDisk(t *testing.T) {
	dirs := map[eventstore.Store]string{}
	at := func(t testing.TB, dir string) eventstore.Store {
		s := open(t, dir, pebblestore.Options{})
		dirs[s] = dir
		return s
	}
	eventstoretest.RunDurable(t,
		func(t testing.TB) eventstore.Store { return at(t, t.TempDir()) },
		func(t testing.TB, s eventstore.Store) eventstore.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return at(t, dirs[s])
		})
}

func TestSecondProcessIsTold(t *testing.T) {
	for name, opts := range map[string]pebblestore.Options{"disk": {}, "memory": {FS: vfs.NewMem()}} {
		dir := t.TempDir()
		s := open(t, dir, opts)
		if _, err := pebblestore.Open(dir, opts); !errors.Is(err, pebblestore.ErrInUse) {
			t.Errorf("%s: got %v, want ErrInUse", name, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		open(t, dir, opts)
	}
}
