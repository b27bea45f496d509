package main

import (
	"fmt"
	"log/slog"
	"net/url"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

// openStore opens the event store that a URL names: memory: or pebble:///path.
func openStore(address string, log *slog.Logger) (eventstore.Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("--store %q is no URL: use memory: or pebble:///path", address)
	}
	switch {
	case u.Scheme == "memory":
		return eventstore.Memory(), nil
	case u.Scheme == "pebble" && u.Host == "" && u.Path != "":
		s, err := pebblestore.Open(u.Path, pebblestore.Options{Log: log})
		if err != nil {
			return nil, err // not s: a nil *Store is no nil Store
		}
		return s, nil
	}
	return nil, fmt.Errorf("--store %q: use memory: or pebble:///path with an absolute path", address)
}
