package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// publicFile reads a public key: a JWK, or what HSM tools write (X.509
// SubjectPublicKeyInfo, PEM or DER).
func publicFile(path string) (domain.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return domain.PublicKey{}, &usageError{err}
	}
	k, err := parsePublic(text)
	if err != nil {
		return k, usage("%s:%d: this is no public key (a JWK with kty, crv, x and y alone, or PEM, or DER): %w", path, lineOf(text, ""), err)
	}
	if err := k.Check(); err != nil {
		return k, usage("%s:1: %w", path, err)
	}
	return k, nil
}

func parsePublic(text []byte) (domain.PublicKey, error) {
	var k domain.PublicKey
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte{'{'}) {
		return k, json.Unmarshal(text, &k, json.RejectUnknownMembers(true))
	}
	if block, _ := pem.Decode(text); block != nil {
		text = block.Bytes
	}
	parsed, err := x509.ParsePKIXPublicKey(text)
	if err != nil {
		return k, err
	}
	enc := base64.RawURLEncoding
	switch p := parsed.(type) {
	case ed25519.PublicKey:
		return domain.PublicKey{Kty: "OKP", Crv: "Ed25519", X: enc.EncodeToString(p)}, nil
	case *ecdsa.PublicKey:
		point, err := p.Bytes()
		if err != nil {
			return k, err
		}
		size := len(point) / 2
		return domain.PublicKey{Kty: "EC", Crv: p.Params().Name, X: enc.EncodeToString(point[1 : 1+size]), Y: enc.EncodeToString(point[1+size:])}, nil
	}
	return k, fmt.Errorf("keys of type %T sign no events: make one of Ed25519, P-256 or P-384", parsed)
}
