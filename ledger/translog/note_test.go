package translog

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	formats "github.com/transparency-dev/formats/log"
	formatsproof "github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const testOrigin = "ledger.example/test"

type logKey struct {
	signer   note.Signer
	verifier note.Verifier
}

// fixedKey derives a key from its name, so that signed vectors stay the same.
func fixedKey(t testing.TB, name string) logKey {
	t.Helper()
	seed := sha256.Sum256([]byte("test key of " + name))
	vkey, err := note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	private := base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...))
	return parseKey(t, "PRIVATE+KEY+"+name+"+"+strings.Split(vkey, "+")[1]+"+"+private, vkey)
}

func parseKey(t testing.TB, skey, vkey string) logKey {
	t.Helper()
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return logKey{s, v}
}

func sign(t testing.TB, tree *Tree, signers ...note.Signer) []byte {
	t.Helper()
	size, root := tree.Head()
	text, err := SignCheckpoint(Checkpoint{testOrigin, size, root}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// testReceipt is a receipt for leaf 7 of 20.
func testReceipt(t testing.TB, extra []byte) []byte {
	t.Helper()
	tree := newTree(t, 20)
	p, err := tree.Inclusion(7, 20)
	if err != nil {
		t.Fatal(err)
	}
	return NewReceipt(7, p, sign(t, tree, fixedKey(t, testOrigin).signer), extra)
}

func testRefusal() Refusal {
	return Refusal{Origin: testOrigin, Envelope: testLeaf(1), Size: 20, Root: testLeaf(2), Rule: "designation.unknown"}
}

var update = flag.Bool("update", false, "write the golden files")

// Signed texts in use can never change: these files are append-only.
func TestGoldenTexts(t *testing.T) {
	key := fixedKey(t, testOrigin)
	refusal, err := SignRefusal(testRefusal(), key.signer)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{
		"checkpoint.txt":     sign(t, newTree(t, 20), key.signer),
		"receipt.tlog-proof": testReceipt(t, nil),
		"refusal.txt":        refusal,
	} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	key, witness := fixedKey(t, testOrigin), fixedKey(t, "witness.example/jp")
	want := Checkpoint{testOrigin, 20, testLeaf(0)}
	text, err := SignCheckpoint(want, key.signer, witness.signer)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string][]note.Verifier{"log": {key.verifier}, "both": {key.verifier, witness.verifier}} {
		if got, err := OpenCheckpoint(text, testOrigin, v...); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if got, err := PeekCheckpoint(text); err != nil || got != want {
		t.Errorf("peek: got %+v, %v", got, err)
	}
	for name, v := range map[string][]note.Verifier{"nobody": nil, "only a witness": {witness.verifier}} {
		if _, err := OpenCheckpoint(text, testOrigin, v...); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: got %v, want ErrSignature", name, err)
		}
	}
	// A key of another log's name cannot speak for this one, nor the reverse.
	if _, err := OpenCheckpoint(text, "ledger.example/other", key.verifier); !errors.Is(err, ErrSignature) {
		t.Errorf("other origin: got %v, want ErrSignature", err)
	}
	forged, _ := note.Sign(&note.Note{Text: Checkpoint{"ledger.example/other", 20, testLeaf(0)}.text()}, key.signer)
	if _, err := OpenCheckpoint(forged, testOrigin, key.verifier); !errors.Is(err, ErrMalformed) {
		t.Errorf("text of another origin: got %v, want ErrMalformed", err)
	}
}

// Others' parsers read what we sign.
func TestCheckpointInterop(t *testing.T) {
	key := fixedKey(t, testOrigin)
	text := sign(t, newTree(t, 20), key.signer)
	c, rest, _, err := formats.ParseCheckpoint(text, testOrigin, key.verifier)
	if err != nil || len(rest) != 0 || c.Size != 20 || domain.Hash(c.Hash) != naiveRoot(testLeaves(0, 20)) {
		t.Fatalf("got %+v, %q, %v", c, rest, err)
	}
	var p formatsproof.TLogProof
	if err := p.Unmarshal(testReceipt(t, []byte("x"))); err != nil || p.Index != 7 || string(p.ExtraData) != "x" || !bytes.Equal(p.Checkpoint, text) {
		t.Fatalf("got %+v, %v", p, err)
	}
	if !bytes.Equal(p.Marshal(), testReceipt(t, []byte("x"))) {
		t.Fatal("written again it differs")
	}
}

// A receipt stays good when a witness cosigns its checkpoint.
func TestCosignedReceipt(t *testing.T) {
	key, witness := fixedKey(t, testOrigin), fixedKey(t, "witness.example/jp")
	tree := newTree(t, 20)
	p, _ := tree.Inclusion(7, 20)
	receipt := NewReceipt(7, p, sign(t, tree, key.signer, witness.signer), nil)
	for _, v := range [][]note.Verifier{{key.verifier}, {key.verifier, witness.verifier}} {
		if _, _, err := VerifyReceipt(receipt, 7, []byte("envelope 7"), testOrigin, v...); err != nil {
			t.Error(err)
		}
	}
}

func TestCheckpointFormIsStrict(t *testing.T) {
	key := fixedKey(t, testOrigin)
	root := encodeHash(testLeaf(0))
	for name, body := range map[string]string{
		"extension":      testOrigin + "\n20\n" + root + "\nmore\n",
		"leading zero":   testOrigin + "\n020\n" + root + "\n",
		"plus":           testOrigin + "\n+20\n" + root + "\n",
		"empty size":     testOrigin + "\n\n" + root + "\n",
		"too large":      testOrigin + "\n18446744073709551615\n" + root + "\n",
		"over 64 bits":   testOrigin + "\n99999999999999999999\n" + root + "\n",
		"short root":     testOrigin + "\n20\n" + root[4:] + "\n",
		"loose base64":   testOrigin + "\n20\n" + root[:42] + string(root[42]+1) + "=\n",
		"no root":        testOrigin + "\n20\n",
		"empty":          "\n",
		"trailing space": testOrigin + "\n20\n" + root + " \n",
	} {
		text, err := note.Sign(&note.Note{Text: body}, key.signer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenCheckpoint(text, testOrigin, key.verifier); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
	good := string(sign(t, newTree(t, 20), key.signer))
	line := good[strings.Index(good, "— "):]
	for name, text := range map[string]string{
		"signed twice": good + line, "no newline": good[:len(good)-1], "two newlines": good + "\n", "no signature": good[:strings.Index(good, "— ")],
		"carriage return": strings.ReplaceAll(good, "\n", "\r\n"), "too long": good + strings.Repeat("— x "+strings.Repeat("A", 1000)+"\n", 200),
		"base64 split": strings.TrimSuffix(good, "\n") + "\r\n", "empty": "",
	} {
		if _, err := OpenCheckpoint([]byte(text), testOrigin, key.verifier); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
}

func TestSignersMustBearTheOrigin(t *testing.T) {
	other := fixedKey(t, "ledger.example/other")
	if _, err := SignCheckpoint(Checkpoint{testOrigin, 1, testLeaf(0)}, other.signer); err == nil {
		t.Error("signed with another log's key")
	}
	if _, err := SignCheckpoint(Checkpoint{testOrigin, 1, testLeaf(0)}); err == nil {
		t.Error("signed with no key")
	}
	if _, err := SignCheckpoint(Checkpoint{testOrigin, MaxSize + 1, testLeaf(0)}, fixedKey(t, testOrigin).signer); err == nil {
		t.Error("signed an impossible size")
	}
	r := testRefusal()
	if _, err := SignRefusal(r, other.signer); err == nil {
		t.Error("refused with another log's key")
	}
	r.Rule = "two\nlines"
	if _, err := SignRefusal(r, fixedKey(t, testOrigin).signer); !errors.Is(err, ErrMalformed) {
		t.Errorf("rule of two lines: got %v", err)
	}
	for _, name := range []string{"", "two words", "a+b", "line\nbreak", "tab\x01"} {
		if _, _, err := GenerateLogKey(name); !errors.Is(err, ErrMalformed) {
			t.Errorf("key name %q: got %v, want ErrMalformed", name, err)
		}
	}
	skey, vkey, err := GenerateLogKey(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	key := parseKey(t, skey, vkey)
	if _, err := OpenCheckpoint(sign(t, newTree(t, 3), key.signer), testOrigin, key.verifier); err != nil {
		t.Error(err)
	}
}

func TestRefusal(t *testing.T) {
	key := fixedKey(t, testOrigin)
	want := testRefusal()
	text, err := SignRefusal(want, key.signer)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenRefusal(text, testOrigin, key.verifier); err != nil || got != want {
		t.Fatalf("got %+v, %v", got, err)
	}
	// What is signed as one thing is never read as the other.
	if _, err := OpenCheckpoint(text, testOrigin, key.verifier); !errors.Is(err, ErrMalformed) {
		t.Errorf("refusal as a checkpoint: got %v", err)
	}
	if _, err := OpenRefusal(sign(t, newTree(t, 3), key.signer), testOrigin, key.verifier); !errors.Is(err, ErrMalformed) {
		t.Errorf("checkpoint as a refusal: got %v", err)
	}
	other := fixedKey(t, "ledger.example/other")
	if _, err := OpenRefusal(text, testOrigin, other.verifier); !errors.Is(err, ErrSignature) {
		t.Errorf("other key: got %v, want ErrSignature", err)
	}
	body := string(text[:bytes.Index(text, []byte("\n\n"))+1])
	for name, change := range map[string][2]string{
		"version": {"/v1\n", "/v2\n"}, "upper case": {want.Envelope.String(), strings.ToUpper(want.Envelope.String())}, "origin": {testOrigin, "x"},
		"origin with space": {testOrigin, "a b"}, "size": {"\n20 ", "\n020 "}, "root": {encodeHash(want.Root), "AA=="}, "rule": {"designation.", "Designation."}, "no rule": {"designation.unknown", ""},
	} {
		bad, err := note.Sign(&note.Note{Text: strings.Replace(body, change[0], change[1], 1)}, key.signer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenRefusal(bad, testOrigin, key.verifier); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
}

func TestOneByteChangesARefusal(t *testing.T) {
	key := fixedKey(t, testOrigin)
	text, _ := SignRefusal(testRefusal(), key.signer)
	for i := range text {
		for bit := range 8 {
			bad := bytes.Clone(text)
			bad[i] ^= 1 << bit
			if _, err := OpenRefusal(bad, testOrigin, key.verifier); err == nil {
				t.Fatalf("byte %d bit %d: still valid:\n%s", i, bit, bad)
			}
		}
	}
}

func drawReceipt(t *rapid.T, key logKey) (receipt []byte, index int, tree *Tree) {
	size := rapid.IntRange(1, 90).Draw(t, "size")
	index = rapid.IntRange(0, size-1).Draw(t, "index")
	tree, err := NewTree(MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	s, _ := tree.Stage(testLeaves(0, size))
	if err := tree.Commit(s); err != nil {
		t.Fatal(err)
	}
	p, err := tree.Inclusion(uint64(index), uint64(size))
	if err != nil {
		t.Fatal(err)
	}
	cp, err := SignCheckpoint(Checkpoint{testOrigin, uint64(size), tree.Root()}, key.signer)
	if err != nil {
		t.Fatal(err)
	}
	return NewReceipt(uint64(index), p, cp, nil), index, tree
}
