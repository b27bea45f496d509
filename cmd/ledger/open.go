package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

// reading is what commands share that read sealed detail.
type reading struct {
	proving
	Encryption string `name:"encryption-key" env:"LEDGER_ENCRYPTION_KEY" placeholder:"FILE" help:"The agency's encryption key file."`
	Index      uint64 `arg:"" help:"Index of the event that the detail was sealed into."`
	Item       int    `arg:"" optional:"" help:"Place of the item in the event's sealed, from 0."`
}

// find returns the sealed detail that the arguments name.
func (c reading) find(s *domain.State) (domain.SealedItem, error) {
	i, ok := s.Sealed(domain.SealedRef{Index: c.Index, Item: c.Item})
	if !ok {
		return i, fmt.Errorf("the event at index %d sealed no item %d among the %d events verified: see its payload (ledger view events/%d), and keep the archive current", c.Index, c.Item, s.Next(), c.Index)
	}
	return i, nil
}

// target names the detail in an event.
func (c reading) target(s *domain.State) domain.SealedTarget {
	rec, _ := s.Record(c.Index)
	return domain.SealedTarget{Event: domain.Ref{Index: c.Index, Leaf: rec.Leaf}, Item: c.Item}
}

// read fetches and opens the detail for an agency: the newest copy first, or
// what was opened to all.
func (c reading) read(ctx context.Context, a *app, s *domain.State, agency domain.AgencyID) (sealed.Detail, error) {
	i, err := c.find(s)
	if err != nil {
		return sealed.Detail{}, err
	}
	r, err := a.connect()
	if err != nil {
		return sealed.Detail{}, err
	}
	if i.OpenedAt != 0 {
		return r.opened(ctx, i)
	}
	copies := i.ReadableBy(agency, s.Next()-1)
	if len(copies) == 0 {
		return sealed.Detail{}, unreadable(i, agency)
	}
	k, err := a.openEncryptionKey(c.Encryption)
	if err != nil {
		return sealed.Detail{}, err
	}
	for _, copied := range slices.Backward(copies) {
		data, err := r.Sealed(ctx, agency, copied.Ciphertext, s.Next()-1)
		if err != nil {
			return sealed.Detail{}, err
		}
		d, err := sealed.Open(data, i.Commitment, k)
		if !errors.Is(err, sealed.ErrNotForKey) {
			return d, err
		}
	}
	return sealed.Detail{}, sealed.ErrNotForKey
}

// unreadable says why an agency cannot read some detail.
func unreadable(i domain.SealedItem, agency domain.AgencyID) error {
	for _, c := range i.Copies {
		if c.ErasedAt != 0 && i.Released(c, agency) {
			return fmt.Errorf("this was erased at index %d: a copy that you kept is all there is", c.ErasedAt)
		}
	}
	return fmt.Errorf("this was not released to %s: ask %s, which sealed it", agency, i.Issuer)
}

// opened reads what detail.opened published, and holds it to the commitment.
func (r *remote) opened(ctx context.Context, i domain.SealedItem) (sealed.Detail, error) {
	e, err := r.event(ctx, i.OpenedAt)
	if err != nil {
		return sealed.Detail{}, err
	}
	decoded, refusal := domain.Decode(domain.Header{Type: e.Type, Version: e.Version}, e.Payload)
	if refusal != nil {
		return sealed.Detail{}, refusal
	}
	b, ok := decoded.Body.(domain.DetailOpened)
	d := sealed.Detail{Salt: b.Salt, Text: b.Content()}
	if !ok || d.Commitment() != i.Commitment {
		return sealed.Detail{}, sealed.ErrCommitment
	}
	return d, nil
}

type openCmd struct {
	reading
	Issuer domain.AgencyID `env:"LEDGER_ISSUER" placeholder:"CC/NAME" help:"Agency that reads."`
	Out    string          `short:"o" placeholder:"FILE" help:"File to write it to, for its owner alone; default standard output."`
}

// Help shows more under --help.
func (c *openCmd) Help() string {
	return "Fetches the ciphertext, opens it with the agency's encryption key and compares it with what the journal, verified from genesis on, says was committed to. What was opened to all needs no key."
}

// openedDetail is what the command answers in JSON.
type openedDetail struct {
	Index      uint64      `json:"index"`
	Item       int         `json:"item"`
	Commitment domain.Hash `json:"commitment"`
	Salt       domain.Hash `json:"salt"`
	Text       string      `json:"text,omitempty"`
	Data       []byte      `json:"data,omitempty"` // base64, when it is no text
}

// Run reads sealed detail.
func (c *openCmd) Run(ctx context.Context, a *app) error {
	s, err := c.state(ctx, a)
	if err != nil {
		return err
	}
	d, err := c.read(ctx, a, s, c.Issuer)
	if err != nil {
		return err
	}
	if c.Out != "" {
		return writeNew(c.Out, d.Text, 0o600)
	}
	v := openedDetail{Index: c.Index, Item: c.Item, Commitment: d.Commitment(), Salt: d.Salt}
	v.Text, v.Data = textOrData(d.Text)
	return a.answer(v, func(w io.Writer) { _, _ = w.Write(d.Text) })
}

// textOrData says how an event can hold some bytes: those with characters that
// no text of an event may hold as data.
func textOrData(b []byte) (string, []byte) {
	if utf8.Valid(b) && bytes.IndexFunc(b, domain.Unseen) < 0 {
		return string(b), nil
	}
	return "", b
}
