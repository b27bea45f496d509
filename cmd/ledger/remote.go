package main

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"os"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// remote is a ledger over HTTP.
type remote struct{ *client.Client }

// refused is a problem that the ledger answered with.
type refused = client.Error

// receipt is the ledger's answer to one event.
type receipt = client.Receipt

// connect says which ledger, and as whom; it sends nothing yet.
func (a *app) connect() (*remote, error) {
	if a.Server == "" {
		return nil, usage("name the ledger's address: --server or LEDGER_SERVER, as https://ledger.example")
	}
	token := strings.TrimSpace(a.getenv("LEDGER_TOKEN"))
	if a.TokenFile != "" {
		text, err := os.ReadFile(a.TokenFile)
		if err != nil {
			return nil, usage("read the token: %w", err)
		}
		token = strings.TrimSpace(string(text))
	}
	c, err := client.New(a.Server, token, &http.Client{Transport: patient{http.DefaultTransport}})
	if err != nil {
		return nil, usage("--server: %w", err)
	}
	return &remote{c}, nil
}

// final reports whether the same envelope would be refused again: not so when
// the ledger is busy or the token is at fault.
func final(e *refused) bool {
	return e.Status >= 400 && !e.Temporary() && e.Status != http.StatusUnauthorized && e.Status != http.StatusForbidden
}

// turnedAway reports that the token, not the envelope, was at fault.
func turnedAway(err error) bool {
	var no *refused
	return errors.As(err, &no) && (no.Status == http.StatusUnauthorized || no.Status == http.StatusForbidden)
}

// read returns a JSON answer as the ledger sent it.
func (r *remote) read(ctx context.Context, path string) ([]byte, error) {
	var text []byte
	err := r.Get(ctx, path, &text)
	return text, err
}

// submit posts one envelope, and once more when the answer was lost: the
// ledger answers the same envelope with the first receipt.
func (r *remote) submit(ctx context.Context, raw []byte) (receipt, error) {
	got, err := r.Submit(ctx, raw)
	var no *refused
	if err == nil || errors.As(err, &no) || ctx.Err() != nil {
		return got, err
	}
	return r.Submit(ctx, raw)
}

const (
	bulkSize  = 2000     // envelopes in one request
	bulkBytes = 32 << 20 // a ledger takes 64 MiB
)

// bulk posts envelopes; each gets its answer as it comes.
func (r *remote) bulk(ctx context.Context, envelopes []*seal.Envelope, each func(i int, got receipt, err error)) error {
	for from := 0; from < len(envelopes); {
		part := portion(envelopes[from:])
		i := from
		err := r.Bulk(ctx, raws(part), func(res client.Result) {
			var got receipt
			if res.Receipt != nil {
				got = *res.Receipt
			}
			each(i, got, res.Err())
			i++
		})
		if err != nil {
			return err
		}
		from += len(part)
	}
	return nil
}

// portion returns as many envelopes as fit one request.
func portion(envelopes []*seal.Envelope) []*seal.Envelope {
	size := 0
	for i, e := range envelopes {
		if size += len(e.Raw); i > 0 && (i == bulkSize || size > bulkBytes) {
			return envelopes[:i]
		}
	}
	return envelopes
}

func raws(envelopes []*seal.Envelope) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, e := range envelopes {
			if !yield(e.Raw, nil) {
				return
			}
		}
	}
}

// leaves streams the journal from an index to the head.
func (r *remote) leaves(ctx context.Context, from uint64) iter.Seq2[archive.Leaf, error] {
	return func(yield func(archive.Leaf, error) bool) {
		for l, err := range r.Leaves(ctx, from) {
			if !yield(archive.Leaf{Index: l.Index, RecordedAt: l.RecordedAt, Envelope: []byte(l.Envelope)}, err) || err != nil {
				return
			}
		}
	}
}
