package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// passphrase returns the passphrase of key files, read once: from the file
// named, or from the terminal. fresh asks twice.
func (a *app) passphrase(fresh bool) ([]byte, error) {
	if a.pass != nil {
		return a.pass, nil
	}
	var err error
	if a.PassphraseFile != "" {
		a.pass, err = passphraseFile(a.PassphraseFile)
	} else {
		a.pass, err = a.ask(fresh)
	}
	return a.pass, err
}

func passphraseFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("read the passphrase: %w", err)
	}
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	if len(line) == 0 {
		return nil, usage("%s:1: the first line is empty: write the passphrase there", path)
	}
	return line, nil
}

func (a *app) ask(twice bool) ([]byte, error) {
	tty := int(os.Stdin.Fd())
	if !term.IsTerminal(tty) {
		return nil, usage("a key file needs its passphrase: name a file that holds it with LEDGER_PASSPHRASE_FILE, or run this in a terminal")
	}
	first, err := a.prompt(tty, "Passphrase of the key files: ")
	if err != nil || !twice {
		return first, err
	}
	second, err := a.prompt(tty, "Again: ")
	if err == nil && !bytes.Equal(first, second) {
		err = errors.New("the two passphrases differ: nothing was written")
	}
	return first, err
}

func (a *app) prompt(tty int, text string) ([]byte, error) {
	fmt.Fprint(a.err, text)
	answer, err := term.ReadPassword(tty)
	fmt.Fprintln(a.err)
	if err == nil && len(answer) == 0 {
		err = usage("the passphrase is empty")
	}
	return answer, err
}

// openKey reads a private key file.
func (a *app) openKey(path string) (*seal.PrivateKey, error) {
	if path == "" {
		return nil, usage("name the key file to sign with: --key or LEDGER_KEY")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, usage("open the key file: %w", err)
	}
	pass, err := a.passphrase(false)
	if err != nil {
		return nil, err
	}
	k, err := seal.ReadKeyFile(path, pass)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return k, nil
}

// keyMaker says how new key files are made.
type keyMaker struct {
	Alg        string `enum:"Ed25519,ES256,ES384" default:"Ed25519" help:"Algorithm: Ed25519, ES256 or ES384."`
	WorkFactor int    `env:"LEDGER_WORK_FACTOR" hidden:"" default:"18" help:"Cost of one guess at the passphrase, as a power of two."`
}

func (m keyMaker) make(a *app, path string) (*seal.PrivateKey, error) {
	pass, err := a.passphrase(true)
	if err != nil {
		return nil, err
	}
	k, err := seal.GenerateKey(m.Alg)
	if err != nil {
		return nil, err
	}
	if err := seal.WriteKeyFile(path, k, pass, seal.WorkFactor(m.WorkFactor)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}
