package main

import (
	"context"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type keysRegisterCmd struct {
	sending
	Agency domain.AgencyID `placeholder:"CC/NAME" help:"Agency that will use the key; with --new."`
	New    string          `placeholder:"FILE" help:"The agency's key file, when it is here."`
	Proof  string          `placeholder:"FILE" help:"What the agency wrote with ledger keys proof, when its key is elsewhere."`
}

// Run registers a key; the root key signs.
func (c *keysRegisterCmd) Run(ctx context.Context, a *app) error {
	body, err := c.body(a)
	if err != nil {
		return err
	}
	if c.Issuer == "" {
		c.Issuer = domain.RootAgency(body.Agency.Member())
	}
	return c.send(ctx, a, "key.registered", body)
}

func (c *keysRegisterCmd) body(a *app) (domain.KeyRegistered, error) {
	var body domain.KeyRegistered
	if (c.New == "") == (c.Proof == "") {
		return body, usage("name either the agency's key file (--new, with --agency) or what ledger keys proof wrote (--proof)")
	}
	if c.Proof != "" {
		text, err := a.input(c.Proof)
		if err != nil {
			return body, err
		}
		if err := json.Unmarshal(text, &body, json.RejectUnknownMembers(true)); err != nil {
			return body, usage("%s:1: this was not written by ledger keys proof: %w", c.Proof, err)
		}
		return body, nil
	}
	g, err := a.genesisKnown()
	if err != nil {
		return body, err
	}
	k, err := a.openKey(c.New)
	if err != nil {
		return body, err
	}
	return domain.KeyRegistered{Agency: c.Agency, Key: k.Public(), Proof: k.Possession(g.hash, c.Agency)}, nil
}

type keysRotateCmd struct {
	sending
	New string `required:"" placeholder:"FILE" help:"The new key file."`
}

// Run replaces --key by the new key.
func (c *keysRotateCmd) Run(ctx context.Context, a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	k, err := a.openKey(c.New)
	if err != nil {
		return err
	}
	return c.send(ctx, a, "key.rotated", domain.KeyRotated{Key: k.Public(), Proof: k.Possession(g.hash, c.Issuer)})
}

type keysRevokeCmd struct {
	sending
	KeyID string      `placeholder:"THUMBPRINT" help:"The key to revoke; default: the key that signs."`
	Since domain.Date `placeholder:"DATE" help:"Events of this key recorded from this day on are contested."`
	Why   string      `name:"reason" help:"Why."`
}

// Run revokes a key.
func (c *keysRevokeCmd) Run(ctx context.Context, a *app) error {
	if c.KeyID == "" {
		k, err := a.openKey(c.Key)
		if err != nil {
			return err
		}
		c.KeyID = k.KeyID()
	}
	return c.send(ctx, a, "key.revoked", domain.KeyRevoked{KeyID: c.KeyID, CompromisedSince: c.Since, Reason: c.Why})
}

type keysRepudiateCmd struct {
	sending
	Agency domain.AgencyID `required:"" placeholder:"CC/NAME" help:"Agency whose events these are said to be."`
	KeyID  string          `placeholder:"THUMBPRINT" help:"Only events of this key."`
	From   uint64          `required:"" help:"First index."`
	To     uint64          `required:"" help:"Last index."`
	Why    string          `name:"reason" required:"" help:"Why."`
}

// Run flags a range of events.
func (c *keysRepudiateCmd) Run(ctx context.Context, a *app) error {
	return c.send(ctx, a, "events.repudiated", domain.EventsRepudiated{
		Agency: c.Agency, KeyID: c.KeyID, FromIndex: c.From, ToIndex: c.To, Reason: c.Why,
	})
}
