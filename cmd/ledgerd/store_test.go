package main

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

// A store that another process has open is an error with a cause, and no
// half-open store that would be closed later.
func TestStoreInUse(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	address := "pebble://" + t.TempDir()
	first, err := openStore(t.Context(), address, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = first.Close() })
	second, err := openStore(t.Context(), address, log)
	if !errors.Is(err, pebblestore.ErrInUse) || second != nil {
		t.Fatalf("got %v, %v; want no store and ErrInUse", second, err)
	}
}

func TestStoreAddresses(t *testing.T) {
	for _, address := range []string{"", "pebble:", "pebble://host/path", "%", "http://host", "esdb://", "esdb://host:port"} {
		if s, err := openStore(t.Context(), address, slog.New(slog.DiscardHandler)); err == nil || s != nil {
			t.Errorf("%q: got %v, %v; want an error", address, s, err)
		}
	}
}

func TestNoMessageShowsAPassword(t *testing.T) {
	for address, want := range map[string]string{
		"esdb://admin:s3cret@host:2113?tls=true":   "esdb://admin:***@host:2113?tls=true",
		"esdb://admin:s3cr@et@a:2113,b:2113":       "esdb://admin:***@a:2113,b:2113",
		"esdb+discover://ops:s3cret@cluster:2113":  "esdb+discover://ops:***@cluster:2113",
		"esdb://host:2113?tls=false":               "esdb://host:2113?tls=false",
		"esdb:admin:s3cret@host":                   "esdb:***@host",
		"kurrentdb://admin:s3cret@host:2113":       "kurrentdb://admin:***@host:2113",
		"esdb://admin:s3cret@host:port?tls=%zz":    "esdb://admin:***@host:port?tls=%zz",
		"esdb://admin:s3cret%zz@host:2113/?a=b;;=": "esdb://admin:***@host:2113/?a=b;;=",
	} {
		if got := shown(address); got != want {
			t.Errorf("%s is shown as %s, want %s", address, got, want)
		}
		if s, err := openStore(t.Context(), address, slog.New(slog.DiscardHandler)); err != nil && strings.Contains(err.Error(), "s3cr") {
			t.Errorf("the password is in %q", err)
		} else if s != nil {
			_ = s.Close()
		}
	}
}

func TestPeerFlags(t *testing.T) {
	for _, row := range []struct {
		store, listen, url, want string
	}{
		{"pebble:///a", "", "", ""},
		{"esdb://a", "", "", ""},
		{"esdb://a", ":8471", "http://ledgerd-1:8471", ""},
		{"esdb+discover://a", ":8471", "https://ledgerd-1", ""},
		{"esdb://a", ":8471", "", "give both"},
		{"esdb://a", "", "http://a:1", "give both"},
		{"esdb://a", ":8471", "ledgerd-1:8471", "write it as http"},
		{"pebble:///a", ":8471", "http://a:1", "this process's own"},
	} {
		err := peersConfig{listen: row.listen, url: row.url}.check(row.store)
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%+v: got %v", row, err)
		}
	}
}
