package main

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type keysCmd struct {
	New        keysNewCmd        `cmd:"" help:"Make a key file."`
	Show       keysShowCmd       `cmd:"" help:"Show the public half of a key file."`
	Proof      keysProofCmd      `cmd:"" help:"Prove possession of a key to the member's root, for registration."`
	Register   keysRegisterCmd   `cmd:"" help:"Register an agency's key with the member's root key."`
	Rotate     keysRotateCmd     `cmd:"" help:"Replace a key by a new one; the old one signs."`
	Revoke     keysRevokeCmd     `cmd:"" help:"Revoke a key: with itself, or with the member's root key."`
	Repudiate  keysRepudiateCmd  `cmd:"" help:"Say of a range of recorded events that they are not by us."`
	Encryption keysEncryptionCmd `cmd:"" help:"The keys that detail is sealed to: make, show, register and revoke them."`
	Log        keysLogCmd        `cmd:"" help:"Show the keys of the log, and learn later ones from an archive."`
	NewLog     keysNewLogCmd     `cmd:"" help:"Make the log's next key; prints the draft that adopts it."`
}

// shownKey is a public key as the tool prints it.
type shownKey struct {
	KeyID string           `json:"key_id"`
	Alg   string           `json:"alg"`
	JWK   domain.PublicKey `json:"jwk"`
	File  string           `json:"file,omitempty"`
}

func show(a *app, k domain.PublicKey, file string) error {
	v := shownKey{KeyID: k.Thumbprint(), Alg: k.Algorithm(), JWK: k, File: file}
	return a.answer(v, func(w io.Writer) {
		jwk, err := json.Marshal(k)
		if err != nil {
			jwk = []byte(err.Error())
		}
		fmt.Fprintf(w, "%s %s\n%s\n", v.Alg, v.KeyID, jwk)
	})
}

type keysNewCmd struct {
	keyMaker
	Out string `required:"" short:"o" placeholder:"FILE" help:"Key file to write; an existing one is never replaced."`
}

// Run makes a key file.
func (c *keysNewCmd) Run(a *app) error {
	k, err := c.make(a, c.Out)
	if err != nil {
		return err
	}
	return show(a, k.Public(), c.Out)
}

type keysShowCmd struct {
	File string `arg:"" help:"Key file; or a public key as JWK, PEM or DER."`
}

// Run prints thumbprint and public JWK.
func (c *keysShowCmd) Run(a *app) error {
	if public, err := publicFile(c.File); err == nil {
		return show(a, public, c.File)
	}
	k, err := a.openKey(c.File)
	if err != nil {
		return err
	}
	return show(a, k.Public(), c.File)
}

type keysProofCmd struct {
	File   string          `arg:"" help:"Key file of the agency; with --signer, the key's public JWK."`
	Signer string          `env:"LEDGER_SIGNER" placeholder:"exec:COMMAND" help:"A command that signs with the key."`
	Agency domain.AgencyID `required:"" placeholder:"CC/NAME" help:"Agency that will use the key."`
	Out    string          `short:"o" placeholder:"FILE" help:"Where to write the request; default standard output."`
}

// Run writes the payload of key.registered, for the root key to sign.
func (c *keysProofCmd) Run(a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	k, err := a.openSigner(keyed{Key: c.File, Signer: c.Signer})
	if err != nil {
		return err
	}
	proof, err := possession(k, g.hash, c.Agency)
	if err != nil {
		return err
	}
	text, err := json.Marshal(domain.KeyRegistered{Agency: c.Agency, Key: k.Public(), Proof: proof})
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if c.Out != "" {
		return writeNew(c.Out, text, 0o644)
	}
	_, err = a.out.Write(text)
	return err
}
