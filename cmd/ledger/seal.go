package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

type sealCmd struct {
	proving
	Issuer   domain.AgencyID   `env:"LEDGER_ISSUER" placeholder:"CC/NAME" help:"Agency that seals, and will sign the event."`
	File     string            `arg:"" help:"Text or file to seal, or - for standard input."`
	To       []domain.AgencyID `placeholder:"CC/NAME" help:"Agency that may read it, beside the issuer; repeat for more. None yet: an embargo."`
	Label    string            `help:"What kind of detail this is, for all to see, as: source."`
	Handling string            `placeholder:"TLP:…" help:"TLP 2.0 label of the detail."`
	Into     string            `placeholder:"FILE" help:"Payload to put the item into, under sealed."`
}

// Help shows more under --help.
func (c *sealCmd) Help() string {
	return "Encrypts the file to the encryption keys that the journal, verified from genesis on, names for the agencies and for the issuer itself; uploads the ciphertext; and prints the item that belongs under sealed in the payload of an enforcement, freeze or interdiction, or puts it there. Post that event within two days, or the ciphertext is removed."
}

// Run seals a file.
func (c *sealCmd) Run(ctx context.Context, a *app) error {
	text, err := a.input(c.File)
	if err != nil {
		return err
	}
	state, err := c.state(ctx, a)
	if err != nil {
		return err
	}
	d := sealed.New(text)
	data, err := a.upload(ctx, state, d, c.Issuer, c.To)
	if err != nil {
		return err
	}
	item := domain.Sealed{
		Commitment: d.Commitment(), Ciphertext: sha256.Sum256(data), Size: int64(len(data)),
		ReleasedTo: c.To, Label: c.Label, Handling: c.Handling,
	}
	if item.ReleasedTo == nil {
		item.ReleasedTo = []domain.AgencyID{}
	}
	if c.Into != "" {
		return c.put(a, item)
	}
	return a.answer(item, func(w io.Writer) { writeJSON(w, item) })
}

// upload seals a detail to agencies and hands the ciphertext, which it returns,
// to the ledger.
func (a *app) upload(ctx context.Context, s *domain.State, d sealed.Detail, issuer domain.AgencyID, to []domain.AgencyID) ([]byte, error) {
	data, err := encryptFor(s, d, issuer, to)
	if err != nil {
		return nil, err
	}
	r, err := a.connect()
	if err != nil {
		return nil, err
	}
	if err := r.PutSealed(ctx, issuer, data); err != nil {
		return nil, fmt.Errorf("upload the ciphertext: %w", err)
	}
	return data, nil
}

// encryptFor seals a detail to agencies and to the issuer itself.
func encryptFor(s *domain.State, d sealed.Detail, issuer domain.AgencyID, to []domain.AgencyID) ([]byte, error) {
	var recipients []string
	for _, id := range append([]domain.AgencyID{issuer}, to...) {
		k, ok := s.EncryptionKeyFor(id)
		if !ok {
			return nil, fmt.Errorf("%s has no encryption key in force: it registers one first (ledger keys encryption register)", id)
		}
		if !slices.Contains(recipients, k.Recipient) {
			recipients = append(recipients, k.Recipient)
		}
	}
	return d.Encrypt(recipients...)
}

// put adds the item to a payload file, whose other members stay as they are.
func (c *sealCmd) put(a *app, item domain.Sealed) error {
	text, err := a.input(c.Into)
	if err != nil {
		return err
	}
	out, err := withItem(text, item)
	if err != nil {
		return usage("%s: %w", c.Into, err)
	}
	if err := replaceFile(c.Into, out); err != nil {
		return err
	}
	return a.answer(item, func(w io.Writer) {
		fmt.Fprintf(w, "sealed into %s: sign and post it now\n", c.Into)
	})
}

// withItem adds an item to the end of a payload's sealed.
func withItem(payload []byte, item domain.Sealed) ([]byte, error) {
	var held struct {
		Sealed []jsontext.Value `json:"sealed"`
		Rest   jsontext.Value   `json:",embed"`
	}
	if err := json.Unmarshal(payload, &held); err != nil {
		return nil, fmt.Errorf("this is no payload, one JSON object: %w", err)
	}
	added, err := json.Marshal(item)
	if err != nil {
		return nil, err
	}
	held.Sealed = append(held.Sealed, added)
	out, err := json.Marshal(held, jsontext.WithIndent("  "))
	return append(bytes.TrimSpace(out), '\n'), err
}
