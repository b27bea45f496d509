package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/peer"
)

// mountedSecret is how Kubernetes and systemd hand a secret to who is not root:
// owned by root, read by the group that runs ledgerd, written by nobody.
const mountedSecret = 0o440

// readLogKey reads a note signing key from a file that only its owner reads.
func readLogKey(path string) (peer.Key, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return peer.Key{}, fmt.Errorf("--log-key %s does not exist: 'ledger found' writes it", path)
	}
	if err != nil {
		return peer.Key{}, fmt.Errorf("--log-key: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && mode != mountedSecret {
		return peer.Key{}, fmt.Errorf("--log-key %s can be read by others (mode %04o): run chmod 600 on it", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return peer.Key{}, fmt.Errorf("--log-key: %w", err)
	}
	key, err := parseLogKey(strings.TrimSpace(string(text)))
	if err != nil {
		return peer.Key{}, fmt.Errorf("--log-key %s holds no log key: %w", path, err)
	}
	return key, nil
}

// parseLogKey parses a note signing key and derives its public half.
func parseLogKey(skey string) (key peer.Key, err error) {
	if key.Signer, err = note.NewSigner(skey); err != nil {
		return key, err
	}
	parts := strings.SplitN(skey, "+", 5) // PRIVATE+KEY+name+hash+base64(1 ‖ seed)
	secret, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil {
		return key, err
	}
	public, _ := ed25519.NewKeyFromSeed(secret[1:]).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(key.Signer.Name(), public)
	if err != nil {
		return key, err
	}
	key.Verifier, err = note.NewVerifier(vkey)
	return key, err
}
