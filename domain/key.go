package domain

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// The signature algorithms that a key may be registered for.
const (
	AlgEd25519 = "Ed25519"
	AlgES256   = "ES256"
	AlgES384   = "ES384"
)

// PublicKey is a public JSON Web Key of exactly these members. Coordinates are
// base64url without padding, of the curve's full length. Y is empty for
// Ed25519.
type PublicKey struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y,omitempty"`
}

// Algorithm returns the one algorithm that the key signs with: "Ed25519",
// "ES256" or "ES384"; "" for any other kind of key.
func (k PublicKey) Algorithm() string {
	switch {
	case k.Kty == "OKP" && k.Crv == "Ed25519":
		return AlgEd25519
	case k.Kty == "EC" && k.Crv == "P-256":
		return AlgES256
	case k.Kty == "EC" && k.Crv == "P-384":
		return AlgES384
	}
	return ""
}

// Thumbprint returns the RFC 7638 SHA-256 thumbprint in base64url, which is the
// key's id; "" for a key whose members are not of the form that Check asks for.
func (k PublicKey) Thumbprint() string {
	var text string
	switch alg := k.Algorithm(); {
	case alg == AlgEd25519 && k.shape(32) == nil:
		text = `{"crv":"` + k.Crv + `","kty":"OKP","x":"` + k.X + `"}`
	case alg == AlgES256 && k.shape(32) == nil, alg == AlgES384 && k.shape(48) == nil:
		text = `{"crv":"` + k.Crv + `","kty":"EC","x":"` + k.X + `","y":"` + k.Y + `"}`
	default:
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Check reports whether the key may be registered: a kind we know, coordinates
// in their one canonical form, a point on the curve. Ed25519 points of small
// order are refused, because one signature under such a key fits many messages;
// so are encodings of y that are not reduced, because they give one point two
// key ids.
func (k PublicKey) Check() error {
	switch k.Algorithm() {
	case AlgEd25519:
		point, err := k.edwards()
		if err != nil {
			return err
		}
		if !onEdwards(point) {
			return errors.New("x is not a point on Ed25519: export the public key again")
		}
		return nil
	case AlgES256, AlgES384:
		_, err := k.weierstrass()
		return err
	}
	return fmt.Errorf("a key is OKP/Ed25519, EC/P-256 or EC/P-384, this one is %.20q/%.20q", k.Kty, k.Crv)
}

// Verify reports whether sig is the key's signature of message. An ES256 or
// ES384 signature is r and s at fixed length, 64 or 96 bytes, each from 1 to
// n-1. A key that Check refuses verifies nothing.
func (k PublicKey) Verify(message, sig []byte) bool {
	switch k.Algorithm() {
	case AlgEd25519:
		point, err := k.edwards()
		return err == nil && len(sig) == ed25519.SignatureSize && ed25519.Verify(point, message, sig)
	case AlgES256:
		digest := sha256.Sum256(message)
		return k.verifyECDSA(digest[:], sig, 32)
	case AlgES384:
		digest := sha512.Sum384(message)
		return k.verifyECDSA(digest[:], sig, 48)
	}
	return false
}

// VerifyPossession reports whether proof, in base64url, is the key's signature
// of its [PossessionMessage] for that ledger and agency.
func (k PublicKey) VerifyPossession(ledger Hash, agency AgencyID, proof string) bool {
	return k.verifyText(PossessionMessage(ledger, agency, k.Thumbprint()), proof)
}

// verifyText verifies a signature in the one base64url form of its length.
func (k PublicKey) verifyText(message []byte, signature string) bool {
	size := 64
	if k.Algorithm() == AlgES384 {
		size = 96
	}
	sig, ok := decodeFixed(signature, size)
	return ok && k.Verify(message, sig)
}

// PossessionMessage returns what a new key signs to prove that whoever
// registers it holds it: a label, the ledger, the agency and the key id, a line
// each. It can be taken for no envelope, because those hold no line feed.
func PossessionMessage(ledger Hash, agency AgencyID, kid string) []byte {
	return []byte(strings.Join([]string{
		"coalition-ledger/key-possession/v1", ledger.String(), string(agency), kid, "",
	}, "\n"))
}

// shape checks that the coordinates are size bytes in canonical base64url.
func (k PublicKey) shape(size int) error {
	if _, ok := decodeFixed(k.X, size); !ok {
		return fmt.Errorf("x is not %d bytes in base64url without padding: export the public key again", size)
	}
	if k.Kty == "OKP" {
		if k.Y != "" {
			return errors.New("an Ed25519 key has no y: leave it out")
		}
		return nil
	}
	if _, ok := decodeFixed(k.Y, size); !ok {
		return fmt.Errorf("y is not %d bytes in base64url without padding: export the public key again", size)
	}
	return nil
}

// weierstrass returns the P-256 or P-384 key, whose point is on the curve.
func (k PublicKey) weierstrass() (*ecdsa.PublicKey, error) {
	curve, size := elliptic.P256(), 32
	if k.Crv == "P-384" {
		curve, size = elliptic.P384(), 48
	}
	if err := k.shape(size); err != nil {
		return nil, err
	}
	x, _ := decodeFixed(k.X, size)
	y, _ := decodeFixed(k.Y, size)
	key, err := ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil, fmt.Errorf("x and y are not a point on %s: export the public key again", k.Crv)
	}
	return key, nil
}

func (k PublicKey) verifyECDSA(digest, sig []byte, size int) bool {
	if len(sig) != 2*size {
		return false
	}
	key, err := k.weierstrass()
	if err != nil {
		return false
	}
	r, s := new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:])
	n := key.Params().N
	if r.Sign() == 0 || s.Sign() == 0 || r.Cmp(n) >= 0 || s.Cmp(n) >= 0 {
		return false
	}
	return ecdsa.Verify(key, digest, r, s)
}

// edwards returns the Ed25519 point if it is canonical and not of small order.
// Whether it is on the curve is left to onEdwards and to ed25519.Verify.
func (k PublicKey) edwards() (ed25519.PublicKey, error) {
	if err := k.shape(ed25519.PublicKeySize); err != nil {
		return nil, err
	}
	point, _ := decodeFixed(k.X, ed25519.PublicKeySize)
	y := [32]byte(point)
	y[31] &= 0x7f // the high bit is the sign of x
	if !belowP(y) {
		return nil, errors.New("the Ed25519 key is not canonical (y is not below p): generate a new key")
	}
	if smallOrder(y) {
		return nil, errors.New("the Ed25519 key is a point of small order, under which anyone can sign: generate a new key")
	}
	return point, nil
}

// belowP reports whether y, little-endian and of 255 bits, is below 2^255-19.
func belowP(y [32]byte) bool {
	if y[0] < 0xed || y[31] != 0x7f {
		return true
	}
	for _, b := range y[1:31] {
		if b != 0xff {
			return true
		}
	}
	return false
}

// smallOrder reports whether a reduced y belongs to one of the eight points
// whose order divides 8. They share five values of y.
func smallOrder(y [32]byte) bool {
	switch hex.EncodeToString(y[:]) {
	case "0100000000000000000000000000000000000000000000000000000000000000", // order 1
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // order 2
		"0000000000000000000000000000000000000000000000000000000000000000", // order 4
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", // order 8
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a": // order 8
		return true
	}
	return false
}

// onEdwards reports whether some x solves -x² + y² = 1 + dx²y² with
// d = -121665/121666, that is whether (y²-1)/(dy²+1) is a square modulo p.
func onEdwards(point []byte) bool {
	b := slices.Clone(point)
	b[31] &= 0x7f
	slices.Reverse(b)
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	y2 := new(big.Int).SetBytes(b)
	y2.Mul(y2, y2)
	u := new(big.Int).Sub(y2, big.NewInt(1))
	v := new(big.Int).Mul(y2, big.NewInt(121665))
	v.Sub(big.NewInt(121666), v).Mul(v, big.NewInt(121666)) // 121666²(dy²+1)
	u.Mul(u, v).Mod(u, p)
	return big.Jacobi(u, p) >= 0
}

// decodeFixed decodes exactly size bytes of canonical base64url. The length is
// checked on both sides because the decoder skips line feeds.
func decodeFixed(s string, size int) ([]byte, bool) {
	enc := base64.RawURLEncoding.Strict()
	if len(s) != enc.EncodedLen(size) {
		return nil, false
	}
	b, err := enc.DecodeString(s)
	return b, err == nil && len(b) == size
}
