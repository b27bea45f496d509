package main

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

type releaseCmd struct {
	reading
	sending
	To    []domain.AgencyID `placeholder:"CC/NAME" help:"Agency that may read it now; repeat for more. One that changed its key may be named again."`
	ToAll bool              `help:"Publish text and salt to everybody, for ever, in the journal."`
	Why   string            `name:"reason" help:"Why, for all to see."`
}

// Help shows more under --help.
func (c *releaseCmd) Help() string {
	return "Opens the detail with the encryption key of the agency that sealed it, encrypts it to further agencies under the same commitment, uploads that and posts detail.released; with --to-all it posts detail.opened. What was released cannot be called back."
}

// Run releases sealed detail.
func (c *releaseCmd) Run(ctx context.Context, a *app) error {
	if c.ToAll == (len(c.To) > 0) {
		return usage("say to whom: --to CC/NAME, or --to-all")
	}
	s, err := c.state(ctx, a)
	if err != nil {
		return err
	}
	if i, err := c.find(s); err == nil && i.Issuer != c.Issuer {
		return fmt.Errorf("%s sealed this, and it alone releases it", i.Issuer)
	}
	d, err := c.read(ctx, a, s, c.Issuer)
	if err != nil {
		return err
	}
	if c.ToAll {
		body := domain.DetailOpened{SealedTarget: c.target(s), Salt: d.Salt}
		body.Text, body.Data = textOrData(d.Text)
		return c.send(ctx, a, "detail.opened", body)
	}
	data, err := a.upload(ctx, s, d, c.Issuer, c.To)
	if err != nil {
		return err
	}
	return c.send(ctx, a, "detail.released", domain.DetailReleased{
		SealedTarget: c.target(s), Ciphertext: sha256.Sum256(data), Size: int64(len(data)), ReleasedTo: c.To, Reason: c.Why,
	})
}

type eraseCmd struct {
	proving
	signing
	Index uint64 `arg:"" help:"Index of the event that the detail was sealed into."`
	Item  int    `arg:"" optional:"" help:"Place of the item in the event's sealed, from 0."`
	Why   string `name:"reason" required:"" help:"Why, for all to see."`
}

// Help shows more under --help.
func (c *eraseCmd) Help() string {
	return "Posts detail.erased and has the ledger remove every ciphertext of the detail. The event and every proof stay valid. Copies that were delivered, and backups, are beyond this command."
}

// Run erases sealed detail.
func (c *eraseCmd) Run(ctx context.Context, a *app) error {
	s, err := c.state(ctx, a)
	if err != nil {
		return err
	}
	at := reading{Index: c.Index, Item: c.Item}
	item, err := at.find(s)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(domain.DetailErased{SealedTarget: at.target(s), Reason: c.Why})
	if err != nil {
		return err
	}
	who, err := a.signer(ctx, c.signing)
	if err != nil {
		return err
	}
	e, err := who.sign("detail.erased", "", payload)
	if err != nil {
		return err
	}
	return c.carryOut(ctx, a, e, item)
}

// carryOut posts the event and has the ciphertexts removed.
func (c *eraseCmd) carryOut(ctx context.Context, a *app, e *seal.Envelope, item domain.SealedItem) error {
	d, err := a.record(ctx, e)
	if err != nil {
		return err
	}
	r, err := a.connect()
	if err != nil {
		return err
	}
	for _, copied := range item.Copies {
		if err := r.EraseSealed(ctx, copied.Ciphertext, d.Index); err != nil {
			return fmt.Errorf("detail.erased is recorded, and the ledger removes the ciphertexts by itself within the hour; asking for it at once failed: %w", err)
		}
	}
	a.note("%d ciphertexts removed", len(item.Copies))
	return nil
}
