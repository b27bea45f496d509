package api

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// Mint signs a token with an Ed25519 or P-256 key. Its kid is the key's
// thumbprint, so whoever trusts the key by KeySet verifies it. Mint checks the
// role but not the lifetime: that is the verifier's policy.
func Mint(key seal.Signer, c Claims) (string, error) {
	alg := tokenAlg(key.Public())
	if alg == "" {
		return "", errors.New("tokens are signed with an Ed25519 or ES256 key: make one with alg Ed25519")
	}
	if err := checkRole(c); err != nil {
		return "", err
	}
	head, err := json.Marshal(header{Alg: alg, Kid: key.Public().Thumbprint(), Typ: "at+jwt"})
	if err != nil {
		return "", fmt.Errorf("encode token header: %w", err)
	}
	body, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode claims: %w", err)
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString(head) + "." + enc.EncodeToString(body)
	sig, err := key.Sign([]byte(signed))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signed + "." + enc.EncodeToString(sig), nil
}
