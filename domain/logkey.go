package domain

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// checkLogKey lets in what the log can sign with and everybody can verify: an
// Ed25519 verifier key in note format, name+hash+key, that bears the log's
// origin and is not the one in force. Version 1 of the rules let in any text.
func checkLogKey(s *State, text string) *Refusal {
	if s.Rules() < 2 {
		return required("log_key", text)
	}
	if text == s.LogKey() {
		return refuse("log_key.in_force", "log_key", "this is the log key in force: propose another, or none")
	}
	if !noteKey(text, s.Origin()) {
		return refuse("log_key.invalid", "log_key", fmt.Sprintf("write a verifier key of this log, %s+HASH+KEY, as ledger keys new-log prints it", s.Origin()))
	}
	return nil
}

// noteKey reports whether text is an Ed25519 verifier key of a name.
func noteKey(text, name string) bool {
	rest, ok := strings.CutPrefix(text, name+"+")
	hash, encoded, _ := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil || base64.StdEncoding.EncodeToString(key) != encoded {
		return false
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	return len(key) == 1+ed25519.PublicKeySize && key[0] == 1 && hash == hex.EncodeToString(sum[:4])
}
