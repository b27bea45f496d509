package main

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

// A store that another process has open is an error with a cause, and no
// half-open store that would be closed later.
func TestStoreInUse(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	address := "pebble://" + t.TempDir()
	first, err := openStore(address, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = first.Close() })
	second, err := openStore(address, log)
	if !errors.Is(err, pebblestore.ErrInUse) || second != nil {
		t.Fatalf("got %v, %v; want no store and ErrInUse", second, err)
	}
}

func TestStoreAddresses(t *testing.T) {
	for _, address := range []string{"", "pebble:", "pebble://host/path", "esdb://localhost", "%"} {
		if s, err := openStore(address, slog.New(slog.DiscardHandler)); err == nil || s != nil {
			t.Errorf("%q: got %v, %v; want an error", address, s, err)
		}
	}
}
