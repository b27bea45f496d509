package api

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	maxKeySet = 256 << 10
	algEdDSA  = "EdDSA"
)

// Keys are the public keys whose tokens are trusted. They never change.
type Keys struct{ byID map[string]tokenKey }

// tokenKey is a key with the one algorithm it is for.
type tokenKey struct {
	alg    string
	public any // ed25519.PublicKey or *ecdsa.PublicKey
}

// find looks a kid up as a map key and in no other way.
func (k *Keys) find(kid string) (tokenKey, bool) {
	key, ok := k.byID[kid]
	return key, ok
}

// jwk is a public key as a JWK Set holds it.
type jwk struct {
	domain.PublicKey
	Kid string   `json:"kid"`
	Alg string   `json:"alg,omitempty"`
	Use string   `json:"use,omitempty"`
	Ops []string `json:"key_ops,omitempty"`
}

type jwkSet struct {
	Keys []jwk `json:"keys"`
}

// ParseKeys reads a JWK Set of public keys, Ed25519 or P-256, each with a kid
// of 1 to 64 characters A-Z a-z 0-9 . _ -. Any other member is refused, a
// private key above all.
func ParseKeys(set []byte) (*Keys, error) {
	if len(set) > maxKeySet {
		return nil, fmt.Errorf("the key set has %d bytes, allowed are %d", len(set), maxKeySet)
	}
	var in jwkSet
	if err := json.Unmarshal(set, &in, json.RejectUnknownMembers(true)); err != nil {
		return nil, errors.New(`the key set is not {"keys":[…]} of public keys with kty, crv, x, y, kid, alg, use only: a private key must not stand there`)
	}
	if len(in.Keys) == 0 {
		return nil, errors.New("the key set is empty: no token could be verified")
	}
	out := &Keys{byID: make(map[string]tokenKey, len(in.Keys))}
	for i, k := range in.Keys {
		key, err := k.tokenKey()
		if err != nil {
			return nil, fmt.Errorf("keys[%d]: %w", i, err)
		}
		if _, ok := out.byID[k.Kid]; ok {
			return nil, fmt.Errorf("keys[%d]: kid %s stands there twice", i, k.Kid)
		}
		out.byID[k.Kid] = key
	}
	return out, nil
}

// NewKeys trusts public keys under their thumbprints, as Mint names them.
func NewKeys(public ...domain.PublicKey) (*Keys, error) {
	set, err := KeySet(public...)
	if err != nil {
		return nil, err
	}
	return ParseKeys(set)
}

// KeySet writes the JWK Set that ParseKeys reads, each key under its
// thumbprint.
func KeySet(public ...domain.PublicKey) ([]byte, error) {
	set := jwkSet{Keys: make([]jwk, len(public))}
	for i, k := range public {
		set.Keys[i] = jwk{PublicKey: k, Kid: k.Thumbprint(), Alg: tokenAlg(k), Use: "sig"}
	}
	return json.Marshal(set)
}

func tokenAlg(k domain.PublicKey) string {
	switch k.Algorithm() {
	case domain.AlgEd25519:
		return algEdDSA
	case domain.AlgES256:
		return domain.AlgES256
	}
	return ""
}

func (k jwk) tokenKey() (tokenKey, error) {
	alg := tokenAlg(k.PublicKey)
	switch {
	case alg == "":
		return tokenKey{}, errors.New("tokens are signed with Ed25519 or P-256 keys only")
	case !validKid(k.Kid):
		return tokenKey{}, errors.New("a kid has 1 to 64 characters A-Z a-z 0-9 . _ -")
	case k.Alg != "" && k.Alg != alg && (alg != algEdDSA || k.Alg != domain.AlgEd25519):
		return tokenKey{}, fmt.Errorf("alg %.20q is not the key's, which is %s", k.Alg, alg)
	case k.Use != "" && k.Use != "sig":
		return tokenKey{}, fmt.Errorf("use %.20q is not sig", k.Use)
	}
	if err := k.Check(); err != nil {
		return tokenKey{}, err
	}
	public, err := publicKey(k.PublicKey)
	return tokenKey{alg: alg, public: public}, err
}

// publicKey converts a key that Check has passed.
func publicKey(k domain.PublicKey) (any, error) {
	x, err := base64.RawURLEncoding.DecodeString(k.X)
	if err != nil {
		return nil, err
	}
	if k.Kty == "OKP" {
		return ed25519.PublicKey(x), nil
	}
	y, err := base64.RawURLEncoding.DecodeString(k.Y)
	if err != nil {
		return nil, err
	}
	return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
}

func validKid(kid string) bool {
	for _, c := range []byte(kid) {
		alnum := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alnum && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return kid != "" && len(kid) <= 64
}
