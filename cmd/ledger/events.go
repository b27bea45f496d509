package main

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// event is a recorded event as the API shows it.
type event struct {
	Index      uint64          `json:"index"`
	Leaf       domain.Hash     `json:"leaf"`
	RecordedAt int64           `json:"recorded_at"`
	Type       string          `json:"type"`
	Version    int             `json:"version"`
	Issuer     domain.AgencyID `json:"issuer"`
	EventID    string          `json:"event_id"`
	Payload    jsontext.Value  `json:"payload"`
	Envelope   string          `json:"envelope"`
}

// event reads one event.
func (r *remote) event(ctx context.Context, index uint64) (event, error) {
	var e event
	err := r.Get(ctx, "/v1/events/"+strconv.FormatUint(index, 10), &e)
	return e, err
}

// events yields the recorded events of some types, from the journal itself:
// the payloads are the bytes that were signed.
func (r *remote) events(ctx context.Context, types ...string) iter.Seq2[event, error] {
	return func(yield func(event, error) bool) {
		for l, err := range r.leaves(ctx, 0) {
			var env *seal.Envelope
			if err == nil {
				env, err = seal.Parse(l.Envelope)
			}
			if err != nil {
				yield(event{}, err)
				return
			}
			if slices.Contains(types, env.Header.Type) && !yield(eventOf(l, env), nil) {
				return
			}
		}
	}
}

func eventOf(l archive.Leaf, env *seal.Envelope) event {
	return event{
		Index: l.Index, Leaf: translog.LeafHash(l.RecordedAt, l.Envelope), RecordedAt: l.RecordedAt,
		Type: env.Header.Type, Version: env.Header.Version, Issuer: env.Header.Issuer, EventID: env.Header.EventID, Payload: env.Payload,
	}
}

// verifyLeaf computes the leaf hash from the envelope's own bytes.
func (e event) verifyLeaf() (*seal.Envelope, domain.Hash, error) {
	env, err := seal.Parse([]byte(e.Envelope))
	if err != nil {
		return nil, domain.Hash{}, fmt.Errorf("event %d as the ledger shows it: %w", e.Index, err)
	}
	leaf := translog.LeafHash(e.RecordedAt, env.Raw)
	if leaf != e.Leaf {
		return nil, domain.Hash{}, fmt.Errorf("event %d: its bytes have leaf %s, the ledger says %s: do not act on it, ask the other members what they see", e.Index, leaf, e.Leaf)
	}
	return env, leaf, nil
}

// samePayload compares JSON texts but for white space.
func samePayload(a, b []byte) bool {
	x, y := jsontext.Value(bytes.Clone(a)), jsontext.Value(bytes.Clone(b))
	return x.Compact() == nil && y.Compact() == nil && bytes.Equal(x, y)
}
