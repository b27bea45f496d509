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
	body, err := a.introduced(c.Agency, c.New, c.Proof)
	if err != nil {
		return err
	}
	if c.Issuer == "" {
		c.Issuer = domain.RootAgency(body.Agency.Member())
	}
	return c.send(ctx, a, "key.registered", body)
}

// introduced returns a new key with its proof of possession: of a key file, or
// from what ledger keys proof wrote.
func (a *app) introduced(agency domain.AgencyID, file, proof string) (domain.KeyRegistered, error) {
	var body domain.KeyRegistered
	if (file == "") == (proof == "") {
		return body, usage("name either the new key's file (--new) or what ledger keys proof wrote (--proof)")
	}
	if proof != "" {
		text, err := a.input(proof)
		if err != nil {
			return body, err
		}
		if err := json.Unmarshal(text, &body, json.RejectUnknownMembers(true)); err != nil {
			return body, usage("%s:1: this was not written by ledger keys proof: %w", proof, err)
		}
		return body, nil
	}
	g, err := a.genesisKnown()
	if err != nil {
		return body, err
	}
	k, err := a.openKey(file)
	if err != nil {
		return body, err
	}
	return domain.KeyRegistered{Agency: agency, Key: k.Public(), Proof: k.Possession(g.hash, agency)}, nil
}

type keysRotateCmd struct {
	sending
	New   string `placeholder:"FILE" help:"The new key file, when it is here."`
	Proof string `placeholder:"FILE" help:"What ledger keys proof wrote for the new key and the same agency, when it is elsewhere."`
}

// Run replaces --key by the new key.
func (c *keysRotateCmd) Run(ctx context.Context, a *app) error {
	body, err := a.introduced(c.Issuer, c.New, c.Proof)
	if err != nil {
		return err
	}
	if body.Agency != c.Issuer {
		return usage("%s is for %s, the key that signs is of %s: prove the new key for the same agency", c.Proof, body.Agency, c.Issuer)
	}
	return c.send(ctx, a, "key.rotated", domain.KeyRotated{Key: body.Key, Proof: body.Proof})
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
		k, err := a.openSigner(c.keyed)
		if err != nil {
			return err
		}
		c.KeyID = k.Public().Thumbprint()
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
