package seal

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Restore rebuilds the compact form of a stored record, as Join does. It
// reports false when no Split gave these parts: the record was not written by
// a ledger, and Foreign says what stands for it.
func Restore(protected string, payload []byte, signature string) ([]byte, bool) {
	if !part(protected) || !part(signature) || joined(len(protected), len(payload), len(signature)) > MaxEnvelope {
		return nil, false
	}
	return Join(protected, payload, signature), true
}

func part(text string) bool {
	return text != "" && inAlphabet([]byte(text)) && !strings.Contains(text, ".")
}

// joined is the length of what Join returns.
func joined(protected, payload, signature int) int {
	return protected + base64.RawURLEncoding.EncodedLen(payload) + signature + 2
}

// Foreign returns the bytes that a leaf holds in the place of an envelope for
// a record that is none: it was written into the store past the ledger. They
// begin with a dot, so Parse refuses them with CodeEncoding, and they tell any
// two records apart: a dot, data, a dot, meta, both in base64url; or, longer
// than MaxEnvelope, the SHA-256 of either in their place and a dot at the end.
func Foreign(data, meta []byte) []byte {
	enc := base64.RawURLEncoding
	if joined(0, len(data), enc.EncodedLen(len(meta))) <= MaxEnvelope {
		return enc.AppendEncode(Join("", data, ""), meta)
	}
	d, m := sha256.Sum256(data), sha256.Sum256(meta)
	return append(enc.AppendEncode(Join("", d[:], ""), m[:]), '.')
}
