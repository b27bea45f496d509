package translog

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func signedDigests(t testing.TB) (Digests, []byte, note.Verifier) {
	t.Helper()
	skey, vkey, err := GenerateLogKey("ledger.example/test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	d := Digests{Origin: "ledger.example/test", Size: 65536, Root: domain.Hash{1}, Views: []ViewDigest{{"history", 1, domain.Hash{2}}, {"lists", 3, domain.Hash{3}}}}
	text, err := SignDigests(d, signer)
	if err != nil {
		t.Fatal(err)
	}
	return d, text, verifier
}

func TestDigestsAreReadAsTheyWereSigned(t *testing.T) {
	d, text, v := signedDigests(t)
	got, err := OpenDigests(text, d.Origin, v)
	if err != nil || !cmp.Equal(d, got) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := OpenDigests(text, "other.example", v); err == nil {
		t.Error("digests by another log were accepted")
	}
}

// A change of any byte is found.
func TestDigestsEveryByte(t *testing.T) {
	d, text, v := signedDigests(t)
	for i := range text {
		changed := bytes.Clone(text)
		changed[i] ^= 1
		if _, err := OpenDigests(changed, d.Origin, v); !errors.Is(err, ErrSignature) && !errors.Is(err, ErrMalformed) {
			t.Fatalf("byte %d: got %v", i, err)
		}
	}
}

func TestDigestsOfOddFormAreNotSigned(t *testing.T) {
	skey, _, err := GenerateLogKey("ledger.example/test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	for name, views := range map[string][]ViewDigest{
		"none": nil, "twice": {{"a", 1, domain.Hash{}}, {"a", 1, domain.Hash{}}}, "out of order": {{"b", 1, domain.Hash{}}, {"a", 1, domain.Hash{}}},
		"version 0": {{"a", 0, domain.Hash{}}}, "a space": {{"a b", 1, domain.Hash{}}},
	} {
		if _, err := SignDigests(Digests{Origin: "ledger.example/test", Size: 1, Views: views}, signer); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzDigests(f *testing.F) {
	_, text, _ := signedDigests(f)
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := PeekDigests(text)
		if err == nil && !bytes.HasPrefix(text, []byte(d.text())) {
			t.Errorf("%q was read as %q", text, d.text())
		}
	})
}
