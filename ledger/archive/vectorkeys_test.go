package archive_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/big"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// fixedKey makes the same key and the same signatures whenever the vectors are
// made: from a name, and with nonces of RFC 6979.
type fixedKey struct {
	t      testing.TB
	public domain.PublicKey
	ed     ed25519.PrivateKey
	ec     *ecdsa.PrivateKey
}

func newFixedKey(t testing.TB, alg, name string) *fixedKey {
	t.Helper()
	seed := sha256.Sum256([]byte("vectors " + name))
	if alg == domain.AlgEd25519 {
		k := &fixedKey{t: t, ed: ed25519.NewKeyFromSeed(seed[:])}
		k.public = domain.PublicKey{Kty: "OKP", Crv: "Ed25519", X: b64(k.ed[32:])}
		return k
	}
	curve, size, secret := elliptic.P256(), 32, seed[:]
	if alg == domain.AlgES384 {
		curve, size, secret = elliptic.P384(), 48, append(make([]byte, 16), seed[:]...)
	}
	ec, err := ecdsa.ParseRawPrivateKey(curve, secret)
	check(t, err)
	point, err := ec.PublicKey.Bytes()
	check(t, err)
	public := domain.PublicKey{Kty: "EC", Crv: curve.Params().Name, X: b64(point[1 : 1+size]), Y: b64(point[1+size:])}
	return &fixedKey{t: t, ec: ec, public: public}
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Public returns the public half.
func (k *fixedKey) Public() domain.PublicKey { return k.public }

// Sign signs as an agency does.
func (k *fixedKey) Sign(message []byte) ([]byte, error) {
	if k.ed != nil {
		return ed25519.Sign(k.ed, message), nil
	}
	size, opts := 32, domain.AlgES256
	digest := sha256.Sum256(message)
	sum := digest[:]
	if k.public.Algorithm() == domain.AlgES384 {
		long := sha512.Sum384(message)
		size, sum, opts = 48, long[:], domain.AlgES384
	}
	der, err := k.ec.Sign(nil, sum, hashOf[opts])
	if err != nil {
		return nil, err
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		return nil, err
	}
	out := make([]byte, 2*size)
	rs.R.FillBytes(out[:size])
	rs.S.FillBytes(out[size:])
	return out, nil
}

// proof is a proof of possession.
func (k *fixedKey) proof(ledger domain.Hash, agency domain.AgencyID) string {
	k.t.Helper()
	sig, err := k.Sign(domain.PossessionMessage(ledger, agency, k.public.Thumbprint()))
	check(k.t, err)
	return b64(sig)
}

// fixedLogKey makes a note key from a name.
func fixedLogKey(t testing.TB, origin, name string) (note.Signer, string) {
	t.Helper()
	seed := sha256.Sum256([]byte("vectors log " + name))
	public := ed25519.NewKeyFromSeed(seed[:])[32:]
	sum := sha256.Sum256(append([]byte(origin+"\n\x01"), public...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", origin, sum[:4], base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...))))
	check(t, err)
	vkey, err := note.NewEd25519VerifierKey(origin, ed25519.PublicKey(public))
	check(t, err)
	return signer, vkey
}

func signatureLine(s note.Signer, sig []byte) string {
	hash := binary.BigEndian.AppendUint32(nil, s.KeyHash())
	return "— " + s.Name() + " " + base64.StdEncoding.EncodeToString(append(hash, sig...))
}
