package main

import (
	"context"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

// sealing says where sealed detail is kept. It is no cache: nothing brings a
// ciphertext back but who has a copy.
type sealing struct {
	Sealed      string `env:"LEDGERD_SEALED" placeholder:"DIR" help:"Folder for the ciphertexts of sealed detail; replicas share it. Back it up apart from the journal. Default: beside the Pebble store, otherwise none is kept."`
	SealedQuota int64  `env:"LEDGERD_SEALED_QUOTA" default:"1024" placeholder:"MIB" help:"Room for each agency's ciphertexts, in MiB."`
}

// beside puts the folder beside a Pebble store unless told otherwise.
func (c sealing) beside(store string) sealing {
	if path, isPebble := strings.CutPrefix(store, "pebble://"); isPebble && c.Sealed == "" {
		c.Sealed = strings.TrimSuffix(path, "/") + ".sealed"
	}
	return c
}

// open returns nil where none is kept.
func (c sealing) open() (api.Sealed, error) {
	if c.Sealed == "" {
		return nil, nil
	}
	store, err := sealed.OpenStore(c.Sealed, c.SealedQuota<<20)
	if err != nil {
		return nil, err
	}
	return store, nil
}

const sweepEvery = time.Hour

// sweep removes what was erased or forgotten, now and every hour, until the
// context ends.
func (n *node) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		gone, err := n.server.SweepSealed()
		switch {
		case err != nil:
			n.log.Warn("sealed detail was not swept: it is tried again in an hour", "cause", err)
		case gone > 0:
			n.log.Info("sealed detail swept", "removed", gone)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
