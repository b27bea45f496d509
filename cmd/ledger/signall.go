package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/history"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// signAll makes the envelopes of changes, on all cores. A key that another
// program holds signs one after the other: devices do not like to share.
func (s *signer) signAll(a *app, changes []history.Change) ([]*seal.Envelope, error) {
	bar := a.progress("signing", len(changes))
	defer bar.End()
	workers := runtime.GOMAXPROCS(0)
	if _, elsewhere := s.key.(*external); elsewhere {
		workers = 1
	}
	envelopes, failed := make([]*seal.Envelope, len(changes)), make([]error, workers)
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(changes) && failed[w] == nil; i = int(next.Add(1)) - 1 {
				c := changes[i]
				envelopes[i], failed[w] = s.signBody(c.Type, c.About, c.Body, strconv.Itoa(c.Turn))
				bar.Add(1)
			}
		})
	}
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return envelopes, nil
}

// signBody encodes and signs a body under an id that follows from its content,
// so that a second run of the same import makes the same event.
func (s *signer) signBody(kind, about string, body domain.Body, more ...string) (*seal.Envelope, error) {
	payload, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(payload)
	names := append([]string{about, hex.EncodeToString(sum[:])}, more...)
	e, err := s.sign(kind, eventID(s.ledger, s.issuer, kind, names...), payload)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", about, err)
	}
	return e, nil
}
