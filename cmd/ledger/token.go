package main

import (
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

type tokenCmd struct {
	Mint   tokenMintCmd   `cmd:"" default:"withargs" help:"Mint a token (the default)."`
	Keygen tokenKeygenCmd `cmd:"" help:"Make the key that tokens are signed with, and the key set for ledgerd."`
}

type tokenMintCmd struct {
	Key      string            `required:"" placeholder:"FILE" help:"Key file that ledger token keygen wrote."`
	Role     api.Role          `required:"" enum:"agency,auditor,coordinator,operator" help:"agency, auditor, coordinator or operator."`
	Agency   []domain.AgencyID `placeholder:"CC/NAME" help:"Agency whose envelopes the token may post; repeat for each. Only with role agency."`
	Subject  string            `help:"Who holds the token; default the first agency, or the role."`
	TTL      time.Duration     `name:"ttl" default:"30m" help:"Lifetime; ledgerd accepts an hour at most."`
	Issuer   string            `env:"LEDGER_TOKEN_ISSUER" default:"coalition-ledger" help:"iss, as ledgerd expects it."`
	Audience string            `env:"LEDGER_TOKEN_AUDIENCE" default:"coalition-ledger" help:"aud, as ledgerd expects it."`
	Out      string            `short:"o" placeholder:"FILE" help:"Write the token to a new file, for --token-file; default standard output."`
}

// Run mints a token. A token says who may call; it speaks for nobody.
func (c *tokenMintCmd) Run(a *app) error {
	switch {
	case c.Role == api.RoleAgency && len(c.Agency) == 0:
		return usage("a token of role agency names the agencies whose envelopes it may post: add --agency CC/NAME; the roles without are auditor, coordinator and operator")
	case c.Role != api.RoleAgency && len(c.Agency) > 0:
		return usage("--agency goes with --role agency alone, a token of role %s posts nothing: leave --agency out, or ask for --role agency", c.Role)
	}
	key, err := a.openKey(c.Key)
	if err != nil {
		return err
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return err
	}
	at := a.now()
	token, err := api.Mint(key, api.Claims{
		Issuer: c.Issuer, Subject: c.subject(), Audience: api.Audience{c.Audience}, ID: id.String(),
		IssuedAt: at.Unix(), ExpiresAt: at.Add(c.TTL).Unix(), Role: c.Role, MaySubmitFor: c.Agency,
	})
	if err != nil {
		return err
	}
	if c.Out != "" {
		return writeNew(c.Out, []byte(token+"\n"), 0o600)
	}
	return a.answer(map[string]string{"token": token}, func(w io.Writer) { fmt.Fprintln(w, token) })
}

func (c *tokenMintCmd) subject() string {
	switch {
	case c.Subject != "":
		return c.Subject
	case len(c.Agency) > 0:
		return string(c.Agency[0])
	}
	return string(c.Role)
}

type tokenKeygenCmd struct {
	keyMaker
	Out  string `required:"" short:"o" placeholder:"FILE" help:"Key file to write; keep it with whoever issues tokens."`
	JWKS string `name:"jwks" required:"" placeholder:"FILE" help:"Key set to write, for ledgerd serve --auth-keys."`
}

// Run makes a token key.
func (c *tokenKeygenCmd) Run(a *app) error {
	if c.Alg == domain.AlgES384 {
		return usage("tokens are signed with Ed25519 or ES256")
	}
	k, err := c.make(a, c.Out)
	if err != nil {
		return err
	}
	set, err := api.KeySet(k.Public())
	if err != nil {
		return err
	}
	if err := writeNew(c.JWKS, append(set, '\n'), 0o644); err != nil {
		return err
	}
	return show(a, k.Public(), c.Out)
}
