package domain

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func edKey(point []byte) PublicKey { return PublicKey{Kty: "OKP", Crv: "Ed25519", X: b64(point)} }

func ecKey(t testing.TB, curve elliptic.Curve) (PublicKey, *ecdsa.PrivateKey) {
	t.Helper()
	priv, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := priv.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	size := len(point) / 2
	return PublicKey{Kty: "EC", Crv: curve.Params().Name, X: b64(point[1 : 1+size]), Y: b64(point[1+size:])}, priv
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 7638 has no vector for these kinds; RFC 8037 A.3 gives the Ed25519 one.
func TestThumbprint(t *testing.T) {
	k := PublicKey{Kty: "OKP", Crv: "Ed25519", X: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
	if got, want := k.Thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	ec, _ := ecKey(t, elliptic.P384())
	sum := sha256.Sum256(fmt.Appendf(nil, `{"crv":"P-384","kty":"EC","x":%q,"y":%q}`, ec.X, ec.Y))
	if got, want := ec.Thumbprint(), b64(sum[:]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []PublicKey{{}, {Kty: "OKP", Crv: "Ed25519", X: `","k":"`}, {Kty: "EC", Crv: "P-256", X: ec.X, Y: ec.Y}} {
		if got := bad.Thumbprint(); got != "" {
			t.Errorf("%+v has thumbprint %s, want none", bad, got)
		}
	}
}

// Every encoding of a point of small order that the standard library decodes.
var smallOrderEncodings = []string{
	"0100000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
}

// The forged signature R = identity, S = 0 fits every message whose challenge
// is a multiple of the key's order: that the standard library accepts one shows
// that each vector is what it claims to be.
func TestSmallOrderKeysAreRefused(t *testing.T) {
	forged := make([]byte, 64)
	forged[0] = 1
	for _, text := range smallOrderEncodings {
		point := unhex(t, text)
		k := edKey(point)
		if err := k.Check(); err == nil {
			t.Errorf("%s: Check accepts it", text)
		}
		accepted := false
		for i := 0; i < 300 && !accepted; i++ {
			message := []byte{byte(i), byte(i >> 8)}
			accepted = ed25519.Verify(point, message, forged)
			if k.Verify(message, forged) {
				t.Fatalf("%s: Verify accepts a forged signature", text)
			}
		}
		if !accepted {
			t.Errorf("%s is not of small order: wrong vector", text)
		}
	}
}

func TestNonCanonicalEd25519KeysAreRefused(t *testing.T) {
	for low := 0xed; low <= 0xff; low++ {
		for _, high := range []byte{0x7f, 0xff} {
			point := bytes.Repeat([]byte{0xff}, 32)
			point[0], point[31] = byte(low), high
			if err := edKey(point).Check(); err == nil {
				t.Errorf("%x: Check accepts it", point)
			}
		}
	}
}

// About half of all values of y are on the curve, and every generated key is.
func TestEd25519PointMustBeOnCurve(t *testing.T) {
	on := 0
	for i := range 400 {
		sum := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
		if edKey(sum[:]).Check() == nil {
			on++
		}
	}
	if on < 150 || on > 250 {
		t.Errorf("%d of 400 random values are points, want about 200", on)
	}
	two := make([]byte, 32)
	two[0] = 2 // y = 2 solves nothing: RFC 8032 decoding fails
	if err := edKey(two).Check(); err == nil {
		t.Error("y = 2 accepted")
	}
	for range 200 {
		pub, _, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := edKey(pub).Check(); err != nil {
			t.Fatalf("%x: %v", pub, err)
		}
	}
}

func TestCheckRefusesOtherForms(t *testing.T) {
	good, _ := ecKey(t, elliptic.P256())
	ed := PublicKey{Kty: "OKP", Crv: "Ed25519", X: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
	with := func(k PublicKey, edit func(*PublicKey)) PublicKey { edit(&k); return k }
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	if err := ed.Check(); err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]PublicKey{
		"empty":           {},
		"RSA":             with(good, func(k *PublicKey) { k.Kty = "RSA" }),
		"P-521":           with(good, func(k *PublicKey) { k.Crv = "P-521" }),
		"secp256k1":       with(good, func(k *PublicKey) { k.Crv = "secp256k1" }),
		"X25519":          with(ed, func(k *PublicKey) { k.Crv = "X25519" }),
		"lower-case kty":  with(good, func(k *PublicKey) { k.Kty = "ec" }),
		"wrong curve":     with(good, func(k *PublicKey) { k.Crv = "P-384" }),
		"no y":            with(good, func(k *PublicKey) { k.Y = "" }),
		"padding":         with(good, func(k *PublicKey) { k.X += "=" }),
		"line feed":       with(good, func(k *PublicKey) { k.X = k.X[:42] + "\n" }),
		"long":            with(good, func(k *PublicKey) { k.X = "AA" + k.X }),
		"short":           with(good, func(k *PublicKey) { k.Y = k.Y[:42] }),
		"standard base64": with(good, func(k *PublicKey) { k.X = "+/" + k.X[2:] }),
		"off the curve":   with(good, func(k *PublicKey) { k.X = k.Y }),
		"infinity":        with(good, func(k *PublicKey) { k.X, k.Y = b64(make([]byte, 32)), b64(make([]byte, 32)) }),
		"x above p":       with(good, func(k *PublicKey) { k.X = b64(bytes.Repeat([]byte{0xff}, 32)) }),
		"trailing bits":   with(ed, func(k *PublicKey) { k.X = k.X[:42] + "p" }),
		"ed with y":       with(ed, func(k *PublicKey) { k.Y = k.X }),
	} {
		if err := k.Check(); err == nil {
			t.Errorf("%s: accepted %+v", name, k)
		}
		if k.Verify(nil, make([]byte, 64)) {
			t.Errorf("%s: verifies a signature of zeros", name)
		}
	}
}

func TestVerifyEd25519(t *testing.T) { // RFC 8032 7.1 test 2
	k := edKey(unhex(t, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
	sig := unhex(t, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
	if !k.Verify([]byte{0x72}, sig) {
		t.Error("the RFC's signature is refused")
	}
	if k.Verify([]byte{0x73}, sig) || k.Verify([]byte{0x72}, append(sig, 0)) || k.Verify([]byte{0x72}, nil) {
		t.Error("a wrong signature is accepted")
	}
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	if k.Verify([]byte{0x72}, addOrder(sig, order)) {
		t.Error("S + L is accepted: one signature would have two forms")
	}
}

// addOrder returns sig with the group order added to its little-endian S.
func addOrder(sig []byte, order *big.Int) []byte {
	reverse := func(b []byte) []byte {
		out := make([]byte, len(b))
		for i, c := range b {
			out[len(b)-1-i] = c
		}
		return out
	}
	s := new(big.Int).SetBytes(reverse(sig[32:]))
	s.Add(s, order)
	return append(bytes.Clone(sig[:32]), reverse(s.FillBytes(make([]byte, 32)))...)
}

func TestVerifyECDSA(t *testing.T) {
	message := []byte("message")
	for _, c := range []struct {
		curve  elliptic.Curve
		size   int
		digest []byte
	}{
		{elliptic.P256(), 32, func() []byte { d := sha256.Sum256(message); return d[:] }()},
		{elliptic.P384(), 48, func() []byte { d := sha512.Sum384(message); return d[:] }()},
	} {
		k, priv := ecKey(t, c.curve)
		r, s, err := ecdsa.Sign(rand.Reader, priv, c.digest)
		if err != nil {
			t.Fatal(err)
		}
		n := c.curve.Params().N
		fixed := func(r, s *big.Int) []byte {
			return append(r.FillBytes(make([]byte, c.size)), s.FillBytes(make([]byte, c.size))...)
		}
		der, err := priv.Sign(rand.Reader, c.digest, crypto.Hash(0))
		if err != nil {
			t.Fatal(err)
		}
		if !k.Verify(message, fixed(r, s)) {
			t.Errorf("%s: good signature refused", k.Crv)
		}
		if !k.Verify(message, fixed(r, new(big.Int).Sub(n, s))) {
			t.Errorf("%s: the signature with n-s refused; devices produce either", k.Crv)
		}
		zero, most := new(big.Int), new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(8*c.size)), big.NewInt(1))
		for name, sig := range map[string][]byte{
			"none": nil, "DER": der, "short": fixed(r, s)[1:], "long": append(fixed(r, s), 0),
			"r zero": fixed(zero, s), "s zero": fixed(r, zero), "both zero": fixed(zero, zero),
			"r is n": fixed(n, s), "s is n": fixed(r, n), "r max": fixed(most, s), "s max": fixed(r, most),
			"swapped": fixed(s, r),
		} {
			if k.Verify(message, sig) {
				t.Errorf("%s: %s accepted", k.Crv, name)
			}
		}
	}
}

func TestPossession(t *testing.T) {
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := edKey(pub)
	ledger := Hash{1}
	message := PossessionMessage(ledger, "JP/mof", k.Thumbprint())
	want := "coalition-ledger/key-possession/v1\n01" + strings.Repeat("0", 62) + "\nJP/mof\n" + k.Thumbprint() + "\n"
	if string(message) != want {
		t.Errorf("got %q, want %q", message, want)
	}
	proof := b64(ed25519.Sign(priv, message))
	if !k.VerifyPossession(ledger, "JP/mof", proof) {
		t.Error("good proof refused")
	}
	if k.VerifyPossession(Hash{2}, "JP/mof", proof) || k.VerifyPossession(ledger, "JP/meti", proof) ||
		k.VerifyPossession(ledger, "JP/mof", proof+"=") || k.VerifyPossession(ledger, "JP/mof", proof[:8]+"\n"+proof[8:]) || k.VerifyPossession(ledger, "JP/mof", "") {
		t.Error("a proof for something else is accepted")
	}
}
