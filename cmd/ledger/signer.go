package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// keyed says which key signs, and what holds it.
type keyed struct {
	Key    string `env:"LEDGER_KEY" placeholder:"FILE" help:"Key file to sign with; with --signer, the key's public JWK."`
	Signer string `env:"LEDGER_SIGNER" placeholder:"exec:COMMAND" help:"A command that signs with a key held elsewhere, as in an HSM: see docs/KEYS.md."`
}

// openSigner opens the key file, or makes ready the command that signs for the
// public key.
func (a *app) openSigner(k keyed) (seal.Signer, error) {
	if k.Signer == "" {
		return a.openKey(k.Key)
	}
	line, ok := strings.CutPrefix(k.Signer, "exec:")
	words := strings.Fields(line)
	switch {
	case strings.HasPrefix(k.Signer, "pkcs11:"):
		return nil, usage("--signer %s: this program holds no driver for PKCS #11, which is C: name the wrapper of docs/KEYS.md, as --signer exec:./ledger-pkcs11", k.Signer)
	case !ok || len(words) == 0:
		return nil, usage("--signer %s: write exec: and a command", k.Signer)
	case k.Key == "":
		return nil, usage("name the public JWK of the key that the signer holds: --key or LEDGER_KEY")
	}
	public, err := publicFile(k.Key)
	if err != nil {
		return nil, err
	}
	return &external{public: public, words: words, out: a.err}, nil
}

// external is a key that another program holds. The program gets the bytes to
// sign on standard input and answers with the signature on standard output:
// raw, of fixed length, nothing around it.
type external struct {
	public domain.PublicKey
	words  []string
	out    io.Writer // for what the program has to say
}

// Public returns the key that signatures must verify under.
func (x *external) Public() domain.PublicKey { return x.public }

// Sign runs the command. What it answers is used only if it verifies.
func (x *external) Sign(message []byte) ([]byte, error) {
	cmd := exec.Command(x.words[0], x.words[1:]...)
	cmd.Env = append(os.Environ(), "LEDGER_SIGN_KID="+x.public.Thumbprint(), "LEDGER_SIGN_ALG="+x.public.Algorithm())
	cmd.Stdin, cmd.Stderr = bytes.NewReader(message), x.out
	sig, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the signer %s: %w", x.words[0], err)
	}
	if want := x.size(); len(sig) != want {
		return nil, fmt.Errorf("the signer %s answered %d bytes, a signature with %s has %d: it must write it raw, r and s at fixed length and not DER, and nothing else", x.words[0], len(sig), x.public.Algorithm(), want)
	}
	if !x.public.Verify(message, sig) {
		return nil, fmt.Errorf("the signature by %s does not verify under key %s: it signed with another key, or something else than its input", x.words[0], x.public.Thumbprint())
	}
	return sig, nil
}

func (x *external) size() int {
	if x.public.Algorithm() == domain.AlgES384 {
		return 96
	}
	return 64
}

// possession proves that a key's holder agrees to its registration.
func possession(k seal.Signer, ledger domain.Hash, agency domain.AgencyID) (string, error) {
	sig, err := k.Sign(domain.PossessionMessage(ledger, agency, k.Public().Thumbprint()))
	return base64.RawURLEncoding.EncodeToString(sig), err
}
