package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

type keysEncryptionCmd struct {
	New      encryptionNewCmd      `cmd:"" help:"Make an encryption key file."`
	Show     encryptionShowCmd     `cmd:"" help:"Show the public half of an encryption key file."`
	Register encryptionRegisterCmd `cmd:"" help:"Register the key that detail is sealed to for the agency, in place of the one before."`
	Revoke   encryptionRevokeCmd   `cmd:"" help:"Revoke an encryption key: nothing is sealed to it any more."`
}

// openEncryptionKey reads an encryption key file.
func (a *app) openEncryptionKey(path string) (*sealed.Key, error) {
	if path == "" {
		return nil, usage("name the key file to open sealed detail with: --encryption-key or LEDGER_ENCRYPTION_KEY")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, usage("open the encryption key file: %w", err)
	}
	pass, err := a.passphrase(false)
	if err != nil {
		return nil, err
	}
	text, err := seal.ReadSecretFile(path, pass)
	if err != nil {
		return nil, err
	}
	k, err := sealed.ParseKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

func showRecipient(a *app, k *sealed.Key, file string) error {
	v := map[string]string{"recipient": k.Recipient(), "file": file}
	return a.answer(v, func(w io.Writer) { fmt.Fprintln(w, k.Recipient()) })
}

type encryptionNewCmd struct {
	Out        string `required:"" short:"o" placeholder:"FILE" help:"Key file to write; an existing one is never replaced."`
	WorkFactor int    `env:"LEDGER_WORK_FACTOR" hidden:"" default:"18" help:"Cost of one guess at the passphrase, as a power of two."`
}

// Run makes an encryption key file.
func (c *encryptionNewCmd) Run(a *app) error {
	pass, err := a.passphrase(true)
	if err != nil {
		return err
	}
	k, err := sealed.GenerateKey()
	if err != nil {
		return err
	}
	if err := seal.WriteSecretFile(c.Out, []byte(k.Secret()+"\n"), pass, seal.WorkFactor(c.WorkFactor)); err != nil {
		return fmt.Errorf("%s: %w", c.Out, err)
	}
	return showRecipient(a, k, c.Out)
}

type encryptionShowCmd struct {
	File string `arg:"" help:"Encryption key file."`
}

// Run prints the recipient.
func (c *encryptionShowCmd) Run(a *app) error {
	k, err := a.openEncryptionKey(c.File)
	if err != nil {
		return err
	}
	return showRecipient(a, k, c.File)
}

type encryptionRegisterCmd struct {
	sending
	Agency    domain.AgencyID `placeholder:"CC/NAME" help:"Agency that reads with the key; default: the one that signs."`
	New       string          `placeholder:"FILE" help:"The encryption key file, when it is here."`
	Recipient string          `placeholder:"AGE1…" help:"The key's public half, when the file is elsewhere."`
}

// Run registers an encryption key; the agency or its member's root key signs.
func (c *encryptionRegisterCmd) Run(ctx context.Context, a *app) error {
	if (c.New == "") == (c.Recipient == "") {
		return usage("name either the encryption key file (--new) or its public half (--recipient)")
	}
	if c.Agency == "" {
		c.Agency = c.Issuer
	}
	if c.New != "" {
		k, err := a.openEncryptionKey(c.New)
		if err != nil {
			return err
		}
		c.Recipient = k.Recipient()
	}
	return c.send(ctx, a, "encryption_key.registered", domain.EncryptionKeyRegistered{Agency: c.Agency, Recipient: c.Recipient})
}

type encryptionRevokeCmd struct {
	sending
	Recipient string      `arg:"" help:"The key's public half, age1…"`
	Since     domain.Date `placeholder:"DATE" help:"From this day on others may have read what was sealed to it."`
	Why       string      `name:"reason" help:"Why."`
}

// Run revokes an encryption key.
func (c *encryptionRevokeCmd) Run(ctx context.Context, a *app) error {
	return c.send(ctx, a, "encryption_key.revoked", domain.EncryptionKeyRevoked{Recipient: c.Recipient, CompromisedSince: c.Since, Reason: c.Why})
}
