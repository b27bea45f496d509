package seal

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// PrivateKey signs with Ed25519, ES256 or ES384. Printing it shows its key id
// only.
type PrivateKey struct {
	public domain.PublicKey
	ed     ed25519.PrivateKey // Ed25519, else nil
	ec     *ecdsa.PrivateKey  // ES256 and ES384, else nil
}

var errNoKey = errors.New("the private key is empty: make one with GenerateKey or read one with ReadKeyFile")

// GenerateKey makes a new key for alg: Ed25519, ES256 or ES384.
func GenerateKey(alg string) (*PrivateKey, error) {
	switch alg {
	case domain.AlgEd25519:
		_, priv, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("generate an Ed25519 key: %w", err)
		}
		return edPrivate(priv), nil
	case domain.AlgES256:
		return generateEC(elliptic.P256())
	case domain.AlgES384:
		return generateEC(elliptic.P384())
	}
	return nil, refuse(CodeAlg, "no keys for alg %.20q: choose Ed25519, ES256 or ES384", alg)
}

func generateEC(curve elliptic.Curve) (*PrivateKey, error) {
	priv, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate a %s key: %w", curve.Params().Name, err)
	}
	return ecPrivate(priv)
}

func edPrivate(priv ed25519.PrivateKey) *PrivateKey {
	x := base64.RawURLEncoding.EncodeToString(priv[ed25519.SeedSize:])
	return &PrivateKey{public: domain.PublicKey{Kty: "OKP", Crv: "Ed25519", X: x}, ed: priv}
}

func ecPrivate(priv *ecdsa.PrivateKey) (*PrivateKey, error) {
	point, err := priv.PublicKey.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	enc, size := base64.RawURLEncoding, len(point)/2
	return &PrivateKey{ec: priv, public: domain.PublicKey{
		Kty: "EC", Crv: priv.Params().Name,
		X: enc.EncodeToString(point[1 : 1+size]), Y: enc.EncodeToString(point[1+size:]),
	}}, nil
}

// Public returns the public key.
func (k *PrivateKey) Public() domain.PublicKey { return k.public }

// KeyID returns the public key's RFC 7638 thumbprint.
func (k *PrivateKey) KeyID() string { return k.public.Thumbprint() }

// String names the key without showing it.
func (k *PrivateKey) String() string { return k.public.Algorithm() + " private key " + k.KeyID() }

// GoString is String: %#v must not print the key either.
func (k *PrivateKey) GoString() string { return k.String() }

// Sign signs message: for ES256 and ES384 its SHA-256 or SHA-384, as r and s at
// fixed length.
func (k *PrivateKey) Sign(message []byte) ([]byte, error) {
	switch k.public.Algorithm() {
	case domain.AlgEd25519:
		return ed25519.Sign(k.ed, message), nil
	case domain.AlgES256:
		digest := sha256.Sum256(message)
		return signFixed(k.ec, digest[:])
	case domain.AlgES384:
		digest := sha512.Sum384(message)
		return signFixed(k.ec, digest[:])
	}
	return nil, errNoKey
}

func signFixed(priv *ecdsa.PrivateKey, digest []byte) ([]byte, error) {
	r, s, err := ecdsa.Sign(rand.Reader, priv, digest)
	if err != nil {
		return nil, err
	}
	size := (priv.Params().BitSize + 7) / 8
	out := make([]byte, 2*size)
	r.FillBytes(out[:size])
	s.FillBytes(out[size:])
	return out, nil
}

// Possession returns the proof, in base64url, that this key's holder agrees to
// its registration for agency in ledger. domain.PublicKey.VerifyPossession
// checks it. It is empty for an empty key.
func (k *PrivateKey) Possession(ledger domain.Hash, agency domain.AgencyID) string {
	sig, err := k.Sign(domain.PossessionMessage(ledger, agency, k.KeyID()))
	if err != nil {
		return "" // of an empty key; it proves nothing
	}
	return base64.RawURLEncoding.EncodeToString(sig)
}

// privateJWK is how a private key is written (RFC 7517, RFC 8037).
type privateJWK struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y,omitempty"`
	D   string `json:"d"`
}

func (k *PrivateKey) marshal() ([]byte, error) {
	d, err := k.secret()
	if err != nil {
		return nil, fmt.Errorf("encode the private key: %w", err)
	}
	p := k.public
	return json.Marshal(privateJWK{p.Kty, p.Crv, p.X, p.Y, base64.RawURLEncoding.EncodeToString(d)})
}

func (k *PrivateKey) secret() ([]byte, error) {
	switch {
	case k.ec != nil:
		return k.ec.Bytes()
	case k.ed != nil:
		return k.ed.Seed(), nil
	}
	return nil, errNoKey
}

// unmarshal reads a private JWK and checks that its halves belong together.
func unmarshal(text []byte) (*PrivateKey, error) {
	var j privateJWK
	if err := json.Unmarshal(text, &j); err != nil {
		return nil, fmt.Errorf("the key is not a private JWK: %w", err)
	}
	d, err := base64.RawURLEncoding.Strict().DecodeString(j.D)
	if err != nil {
		return nil, errors.New("the private key's d is not base64url")
	}
	public := domain.PublicKey{Kty: j.Kty, Crv: j.Crv, X: j.X, Y: j.Y}
	k, err := private(public.Algorithm(), d)
	if err != nil {
		return nil, err
	}
	if k.public != public {
		return nil, errors.New("the private key's d does not belong to its x and y: restore the file from a copy")
	}
	return k, nil
}

func private(alg string, d []byte) (*PrivateKey, error) {
	if alg == domain.AlgEd25519 {
		if len(d) != ed25519.SeedSize {
			return nil, fmt.Errorf("an Ed25519 private key has 32 bytes, this has %d", len(d))
		}
		return edPrivate(ed25519.NewKeyFromSeed(slices.Clone(d))), nil
	}
	curves := map[string]elliptic.Curve{domain.AlgES256: elliptic.P256(), domain.AlgES384: elliptic.P384()}
	curve, ok := curves[alg]
	if !ok {
		return nil, errors.New("the key is not Ed25519, P-256 or P-384")
	}
	priv, err := ecdsa.ParseRawPrivateKey(curve, d)
	if err != nil {
		return nil, fmt.Errorf("the private key is not one of %s: %w", alg, err)
	}
	return ecPrivate(priv)
}
