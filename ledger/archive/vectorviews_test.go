package archive_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

func digestVectors(t testing.TB) noteVectors {
	t.Helper()
	signer, vkey := fixedLogKey(t, vectorOrigin, "first")
	verifier, err := note.NewVerifier(vkey)
	check(t, err)
	tree := vectorTree(t)
	good, err := translog.SignDigests(translog.Digests{Origin: vectorOrigin, Size: vectorLeaves, Root: tree.Root(), Views: vectorViews}, signer)
	check(t, err)
	cases := append([]noteVector{{Name: "good", Text: string(good)}}, badNotes(t, string(good))...)
	body, _, _ := bytes.Cut(good, []byte("\n\n"))
	sign := func(name, old, new string) {
		text, err := note.Sign(&note.Note{Text: strings.Replace(string(body)+"\n", old, new, 1)}, signer)
		check(t, err)
		cases = append(cases, noteVector{Name: "signed all the same: " + name, Text: string(text)})
	}
	sign("another format", "digests/v1", "digests/v2")
	sign("of no events", "\n13 ", "\n0 ")
	sign("a version with a leading zero", "tides 1 ", "tides 01 ")
	sign("views out of order", "tides", "zephyrs")
	sign("a view twice", "weather", "tides")
	sign("a digest in upper case", " 0100", " 0A00")
	for i := range cases {
		d, err := translog.OpenDigests([]byte(cases[i].Text), vectorOrigin, verifier)
		cases[i].OK, cases[i].Size, cases[i].Root = err == nil, d.Size, d.Root
		for _, v := range d.Views {
			cases[i].Views = append(cases[i].Views, [3]any{v.View, v.Version, v.Sum})
		}
	}
	for i, c := range cases {
		expect(t, c, i == 0)
	}
	return noteVectors{Origin: vectorOrigin, Key: vkey, Cases: cases}
}

// fixedWitness makes a witness's key from a name.
func fixedWitness(t testing.TB, name string) *witness.Signer {
	t.Helper()
	k := newFixedKey(t, "Ed25519", name)
	sum := sha256.Sum256(append([]byte(name+"\n\x04"), k.ed[32:]...))
	s, err := witness.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, sum[:4], base64.StdEncoding.EncodeToString(append([]byte{4}, k.ed.Seed()...))))
	check(t, err)
	return s
}

func cosignatureVectors(t testing.TB) noteVectors {
	t.Helper()
	signer, vkey := fixedLogKey(t, vectorOrigin, "first")
	plain, err := translog.SignCheckpoint(translog.Checkpoint{Origin: vectorOrigin, Size: vectorLeaves, Root: vectorTree(t).Root()}, signer)
	check(t, err)
	text, lines, err := translog.SplitNote(plain)
	check(t, err)
	a, b := fixedWitness(t, "a.witness.example"), fixedWitness(t, "b.witness.example")
	out := noteVectors{Origin: vectorOrigin, Key: vkey, Witnesses: []string{a.Verifier().String(), b.Verifier().String()}}
	policy, err := witness.ParsePolicy(fmt.Sprintf("log %s\nwitness a %s\nwitness b %s\nquorum none\n", vkey, out.Witnesses[0], out.Witnesses[1]))
	check(t, err)
	add := func(name string, more ...translog.SignatureLine) {
		note := translog.JoinNote(text, append(lines[:len(lines):len(lines)], more...)...)
		v := noteVector{Name: name, Text: string(note)}
		c, err := policy.Open(note, vectorOrigin)
		if err != nil && !errors.Is(err, translog.ErrSignature) {
			t.Fatal(err)
		}
		if v.OK = err == nil; v.OK {
			v.Times = map[string]int64{}
			for _, by := range c.Cosignatures {
				v.Times[by.Witness+".witness.example"] = by.Time
			}
		}
		out.Cases = append(out.Cases, v)
	}
	add("none")
	add("one", a.Cosign(text, 1_767_225_600))
	add("two", a.Cosign(text, 1_767_225_600), b.Cosign(text, 1_767_225_601))
	add("of another checkpoint", a.Cosign(strings.Replace(text, "13", "12", 1), 1_767_225_600))
	add("by a witness that is not known", fixedWitness(t, "c.witness.example").Cosign(text, 1_767_225_600))
	late := a.Cosign(text, 1_767_225_600)
	late.Signature = bytes.Clone(late.Signature)
	late.Signature[7] ^= 1
	add("its time changed", late)
	return out
}
