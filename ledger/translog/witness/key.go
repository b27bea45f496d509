package witness

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const (
	cosignatureV1 = 0x04 // the type of Ed25519 cosignature keys
	timeSize      = 8
	cosignSize    = timeSize + ed25519.SignatureSize
)

// Signer is a witness's secret key.
type Signer struct {
	v   Verifier
	key ed25519.PrivateKey
}

// GenerateKey makes a cosignature key. The name says who cosigns: a URL without
// scheme. Keep skey secret; vkey is what policies hold. No log can sign with
// such a key, and a log's key cannot cosign: their types differ.
func GenerateKey(name string) (skey, vkey string, err error) {
	if err := translog.CheckName(name); err != nil {
		return "", "", err
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("make a cosignature key: %w", err)
	}
	v := verifier(name, public)
	secret := base64.StdEncoding.EncodeToString(append([]byte{cosignatureV1}, private.Seed()...))
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, v.hash, secret), v.String(), nil
}

// NewSigner reads what GenerateKey returned as skey.
func NewSigner(skey string) (*Signer, error) {
	rest, ok := strings.CutPrefix(skey, "PRIVATE+KEY+")
	name, hash, seed, err := splitKey(rest)
	if !ok || err != nil {
		return nil, fmt.Errorf("read a cosignature key: %w secret key: make one with 'ledger witness --new-key'", translog.ErrMalformed)
	}
	if len(seed) != 1+ed25519.SeedSize || seed[0] != cosignatureV1 {
		return nil, fmt.Errorf("read a cosignature key: %w: %s has a key of another type than Ed25519 cosignatures (4): make one with 'ledger witness --new-key'", translog.ErrMalformed, name)
	}
	key := ed25519.NewKeyFromSeed(seed[1:])
	public, _ := key.Public().(ed25519.PublicKey)
	s := &Signer{v: verifier(name, public), key: key}
	if fmt.Sprintf("%08x", s.v.hash) != hash {
		return nil, fmt.Errorf("read a cosignature key: %w: the key of %s was damaged", translog.ErrMalformed, name)
	}
	return s, nil
}

// Verifier is the public half.
func (s *Signer) Verifier() Verifier { return s.v }

// Cosign says that at the time (seconds since 1970) the text, which is a
// checkpoint without signatures, was the largest tree of its log seen.
func (s *Signer) Cosign(text string, at int64) translog.SignatureLine {
	sig := binary.BigEndian.AppendUint64(make([]byte, 0, cosignSize), uint64(at))
	sig = append(sig, ed25519.Sign(s.key, cosigned(text, at))...)
	return translog.SignatureLine{Name: s.v.name, KeyHash: s.v.hash, Signature: sig}
}

// cosigned is what a cosignature is made over.
func cosigned(text string, at int64) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text)
}

// Verifier is a witness's public key. It is a note.Verifier, and comparable.
type Verifier struct {
	name string
	hash uint32
	key  [ed25519.PublicKeySize]byte
}

func verifier(name string, public ed25519.PublicKey) Verifier {
	id := sha256.Sum256(append([]byte(name+"\n\x04"), public...))
	return Verifier{name: name, hash: binary.BigEndian.Uint32(id[:]), key: [ed25519.PublicKeySize]byte(public)}
}

// NewVerifier reads a verifier key: name, key hash and Ed25519 cosignature key
// (type 4). It refuses keys of other types, and weak ones, for which anybody
// could cosign.
func NewVerifier(vkey string) (Verifier, error) {
	name, hash, key, err := splitKey(vkey)
	if err != nil {
		return Verifier{}, fmt.Errorf("%w verifier key %.120q: want name+hash+key", translog.ErrMalformed, vkey)
	}
	if len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureV1 {
		return Verifier{}, fmt.Errorf("%w verifier key of %s: it is of type %d, cosignatures want Ed25519 (4): ask its witness for the line that 'ledger witness --new-key' printed", translog.ErrMalformed, name, key[0])
	}
	v := verifier(name, key[1:])
	if fmt.Sprintf("%08x", v.hash) != hash {
		return Verifier{}, fmt.Errorf("%w verifier key of %s: its hash is not %s: it was copied wrongly", translog.ErrMalformed, name, hash)
	}
	weak := domain.PublicKey{Kty: "OKP", Crv: "Ed25519", X: base64.RawURLEncoding.EncodeToString(key[1:])}
	if err := weak.Check(); err != nil {
		return Verifier{}, fmt.Errorf("%w verifier key of %s: %w", translog.ErrMalformed, name, err)
	}
	return v, nil
}

// splitKey splits name+hash+base64. The key is not empty.
func splitKey(text string) (name, hash string, key []byte, err error) {
	name, rest, _ := strings.Cut(text, "+")
	hash, encoded, _ := strings.Cut(rest, "+")
	key, err = base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || len(key) == 0 || base64.StdEncoding.EncodeToString(key) != encoded {
		return "", "", nil, translog.ErrMalformed
	}
	return name, hash, key, translog.CheckName(name)
}

// Name is the cosigner's name.
func (v Verifier) Name() string { return v.name }

// KeyHash is the key's short id.
func (v Verifier) KeyHash() uint32 { return v.hash }

// String is the verifier key as policies write it.
func (v Verifier) String() string {
	return fmt.Sprintf("%s+%08x+%s", v.name, v.hash, base64.StdEncoding.EncodeToString(append([]byte{cosignatureV1}, v.key[:]...)))
}

// Verify reports whether sig, a time and a signature, is this witness's over a
// checkpoint's text.
func (v Verifier) Verify(text, sig []byte) bool {
	_, ok := v.when(string(text), sig)
	return ok
}

// when returns the time of a cosignature, seconds since 1970, if it is valid.
func (v Verifier) when(text string, sig []byte) (int64, bool) {
	if len(sig) != cosignSize {
		return 0, false
	}
	at := int64(binary.BigEndian.Uint64(sig))
	return at, at >= 0 && ed25519.Verify(v.key[:], cosigned(text, at), sig[timeSize:])
}

// signed reports whether a line claims to be by this key.
func (v Verifier) signed(l translog.SignatureLine) bool {
	return l.Name == v.name && l.KeyHash == v.hash
}
