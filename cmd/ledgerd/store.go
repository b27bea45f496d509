package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
)

// openStore opens the event store that an address names.
func openStore(ctx context.Context, address string, log *slog.Logger) (eventstore.Store, error) {
	switch schemeOf(address) {
	case "memory":
		return eventstore.Memory(), nil
	case "pebble":
		return openPebble(address, log)
	case "esdb", "esdb+discover":
		s, err := esdb.Open(ctx, address, esdb.Options{Log: log})
		if err != nil {
			return nil, fmt.Errorf("store %s: %w", shown(address), err)
		}
		return s, nil
	}
	return nil, fmt.Errorf("store %q: use memory:, pebble:///path or esdb://host:2113", shown(address))
}

func openPebble(address string, log *slog.Logger) (eventstore.Store, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Path == "" {
		return nil, fmt.Errorf("store %q: write pebble:///path with an absolute path", shown(address))
	}
	s, err := pebblestore.Open(u.Path, pebblestore.Options{Log: log})
	if err != nil {
		return nil, err // not s: a nil *Store is no nil Store
	}
	return s, nil
}

func schemeOf(address string) string {
	scheme, _, _ := strings.Cut(address, ":")
	return scheme
}

// shared says that several ledgerd can stand on a store at once.
func shared(address string) bool { return strings.HasPrefix(schemeOf(address), "esdb") }

// shown is an address for people to read: without its password.
func shown(address string) string {
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return address
	}
	scheme, rest, ok := strings.Cut(address[:at], "://")
	if !ok {
		return schemeOf(address) + ":***" + address[at:]
	}
	user, _, _ := strings.Cut(rest, ":")
	return scheme + "://" + user + ":***" + address[at:]
}

// head is how many events a store holds.
func head(ctx context.Context, address string, log *slog.Logger) (n uint64, err error) {
	s, err := openStore(ctx, address, log)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Next(ctx, eventstore.Journal)
}
