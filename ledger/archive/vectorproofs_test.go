package archive_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const vectorOrigin = "ledger.example/vectors"

type proofsVector struct {
	Leaves      []domain.Hash     `json:"leaves"`
	Roots       []domain.Hash     `json:"roots"` // of the first 0, 1, 2, … leaves
	Inclusion   []inclusionVector `json:"inclusion"`
	Consistency []consistency     `json:"consistency"`
}

type inclusionVector struct {
	Index uint64        `json:"index"`
	Size  uint64        `json:"size"`
	Leaf  domain.Hash   `json:"leaf"`
	Root  domain.Hash   `json:"root"`
	Proof []domain.Hash `json:"proof"`
	OK    bool          `json:"ok"`
}

type consistency struct {
	Older   uint64        `json:"older"`
	Newer   uint64        `json:"newer"`
	OldRoot domain.Hash   `json:"old_root"`
	NewRoot domain.Hash   `json:"new_root"`
	Proof   []domain.Hash `json:"proof"`
	OK      bool          `json:"ok"`
}

const vectorLeaves = 13

// vectorTree is a tree of small leaves.
func vectorTree(t testing.TB) *translog.Tree {
	t.Helper()
	tree, err := translog.NewTree(translog.MemoryHashes())
	check(t, err)
	for i := range vectorLeaves {
		grow(t, tree, translog.LeafHash(int64(i), []byte{byte('a' + i)}))
	}
	return tree
}

func grow(t testing.TB, tree *translog.Tree, leaf domain.Hash) {
	t.Helper()
	staged, err := tree.Stage([]domain.Hash{leaf})
	check(t, err)
	check(t, tree.Commit(staged))
}

func proofVectors(t testing.TB) proofsVector {
	t.Helper()
	tree := vectorTree(t)
	var out proofsVector
	for n := uint64(0); n <= vectorLeaves; n++ {
		root, err := tree.RootAt(n)
		check(t, err)
		out.Roots = append(out.Roots, root)
		if n < vectorLeaves {
			leaf, err := tree.Leaf(n)
			check(t, err)
			out.Leaves = append(out.Leaves, leaf)
		}
	}
	for size := uint64(1); size <= vectorLeaves; size++ {
		for index := range size {
			proof, err := tree.Inclusion(index, size)
			check(t, err)
			v := inclusionVector{index, size, out.Leaves[index], out.Roots[size], proof, true}
			out.Inclusion = append(out.Inclusion, v)
			if index == size/2 {
				out.Inclusion = append(out.Inclusion, badInclusions(t, v)...)
			}
		}
		for older := range size + 1 {
			proof, err := tree.Consistency(older, size)
			check(t, err)
			v := consistency{older, size, out.Roots[older], out.Roots[size], proof, true}
			out.Consistency = append(out.Consistency, v)
			if older == size/2 {
				out.Consistency = append(out.Consistency, badConsistency(t, v)...)
			}
		}
	}
	return out
}

func badInclusions(t testing.TB, v inclusionVector) []inclusionVector {
	t.Helper()
	other, longer, beyond := v, v, v
	other.Leaf[0] ^= 1
	longer.Proof = append([]domain.Hash{v.Leaf}, v.Proof...)
	beyond.Index = v.Size
	out := []inclusionVector{other, longer, beyond}
	if len(v.Proof) > 0 {
		short := v
		short.Proof = v.Proof[1:]
		out = append(out, short)
	}
	for i := range out {
		out[i].OK = false
		if translog.VerifyInclusion(out[i].Proof, translog.Checkpoint{Size: out[i].Size, Root: out[i].Root}, out[i].Index, out[i].Leaf) == nil {
			t.Errorf("inclusion %+v was accepted", out[i])
		}
	}
	return out
}

func badConsistency(t testing.TB, v consistency) []consistency {
	t.Helper()
	other, longer, back := v, v, v
	other.OldRoot[0] ^= 1
	longer.Proof = append([]domain.Hash{v.NewRoot}, v.Proof...)
	back.Older, back.Newer = v.Newer, v.Older
	out := []consistency{other, longer}
	if v.Older != v.Newer {
		out = append(out, back)
	}
	for i := range out {
		out[i].OK = false
		older, newer := translog.Checkpoint{Size: out[i].Older, Root: out[i].OldRoot}, translog.Checkpoint{Size: out[i].Newer, Root: out[i].NewRoot}
		if translog.VerifyConsistency(out[i].Proof, older, newer) == nil {
			t.Errorf("consistency %+v was accepted", out[i])
		}
	}
	return out
}

// noteVectors are signed texts of one log.
type noteVectors struct {
	Origin    string       `json:"origin"`
	Key       string       `json:"key"`                 // verifier key in note format
	Witnesses []string     `json:"witnesses,omitempty"` // verifier keys of cosignatures
	Cases     []noteVector `json:"cases"`
}

type noteVector struct {
	Name       string           `json:"name"`
	Text       string           `json:"text"`
	RecordedAt int64            `json:"recorded_at,omitzero"` // of a receipt's leaf
	Envelope   string           `json:"envelope,omitempty"`   // of a receipt's leaf
	OK         bool             `json:"ok"`
	Index      uint64           `json:"index,omitzero"`
	Size       uint64           `json:"size,omitzero"`
	Root       domain.Hash      `json:"root,omitzero"`
	Rule       string           `json:"rule,omitempty"` // of a refusal
	SHA256     domain.Hash      `json:"sha256,omitzero"`
	Views      [][3]any         `json:"views,omitempty"` // name, version, digest
	Times      map[string]int64 `json:"times,omitzero"`  // of cosignatures, by witness
}

// badNotes are edits of a good signed text that nobody may accept.
func badNotes(t testing.TB, good string) []noteVector {
	t.Helper()
	end := strings.LastIndex(good, "\n\n") + 2
	stranger, _ := fixedLogKey(t, vectorOrigin, "stranger")
	forged, err := note.Sign(&note.Note{Text: good[:end-1]}, stranger)
	check(t, err)
	flip := []byte(good)
	flip[len(flip)-9] ^= 1
	return []noteVector{
		{Name: "signed by a stranger of the same name", Text: string(forged)},
		{Name: "signature changed", Text: string(flip)},
		{Name: "no signature", Text: good[:end]},
		{Name: "signed twice", Text: good + good[end:]},
		{Name: "no line feed at the end", Text: strings.TrimSuffix(good, "\n")},
		{Name: "more after the end", Text: good + "x"},
		{Name: "carriage returns", Text: strings.ReplaceAll(good, "\n", "\r\n")},
		{Name: "an extension line", Text: strings.Replace(good, "\n\n", "\nmore\n\n", 1)},
	}
}

func checkpointVectors(t testing.TB) noteVectors {
	t.Helper()
	tree := vectorTree(t)
	signer, vkey := fixedLogKey(t, vectorOrigin, "first")
	verifier, err := note.NewVerifier(vkey)
	check(t, err)
	sign := func(size uint64, more ...note.Signer) string {
		root, err := tree.RootAt(size)
		check(t, err)
		text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: vectorOrigin, Size: size, Root: root}, append([]note.Signer{signer}, more...)...)
		check(t, err)
		return string(text)
	}
	witness, _ := fixedLogKey(t, "witness.example", "witness")
	good := sign(5)
	cases := []noteVector{{Name: "good", Text: good}, {Name: "of no leaves", Text: sign(0)}, {Name: "with a signature of somebody unknown", Text: sign(5, witness)}}
	cases = append(cases, badNotes(t, good)...)
	for _, edit := range [][3]string{{"another size", "\n5\n", "\n6\n"}, {"a size with a leading zero", "\n5\n", "\n05\n"}, {"another origin", "vectors\n5", "other\n5"}} {
		cases = append(cases, noteVector{Name: edit[0], Text: strings.Replace(good, edit[1], edit[2], 1)})
	}
	for i := range cases {
		c, err := translog.OpenCheckpoint([]byte(cases[i].Text), vectorOrigin, verifier)
		cases[i].OK, cases[i].Size, cases[i].Root = err == nil, c.Size, c.Root
		expect(t, cases[i], i < 3)
	}
	return noteVectors{Origin: vectorOrigin, Key: vkey, Cases: cases}
}

func receiptVectors(t testing.TB) noteVectors {
	t.Helper()
	tree := vectorTree(t)
	signer, vkey := fixedLogKey(t, vectorOrigin, "first")
	verifier, err := note.NewVerifier(vkey)
	check(t, err)
	root := tree.Root()
	signed, err := translog.SignCheckpoint(translog.Checkpoint{Origin: vectorOrigin, Size: vectorLeaves, Root: root}, signer)
	check(t, err)
	proof, err := tree.Inclusion(6, vectorLeaves)
	check(t, err)
	good := string(translog.NewReceipt(6, proof, signed, nil))
	cases := []noteVector{{Name: "good", Text: good, RecordedAt: 6, Envelope: "g"}}
	add := func(name, text, envelope string, at int64) {
		cases = append(cases, noteVector{Name: name, Text: text, Envelope: envelope, RecordedAt: at})
	}
	add("of another envelope", good, "h", 6)
	add("of another time", good, "g", 7)
	add("another index", strings.Replace(good, "index 6", "index 7", 1), "g", 6)
	add("a hash less", strings.Replace(good, std64(proof[0])+"\n", "", 1), "g", 6)
	add("a hash more", strings.Replace(good, std64(proof[0])+"\n", std64(proof[0])+"\n"+std64(proof[0])+"\n", 1), "g", 6)
	add("an extra line", string(translog.NewReceipt(6, proof, signed, []byte("hello"))), "g", 6)
	add("another header", strings.Replace(good, "@v1", "@v2", 1), "g", 6)
	for _, bad := range badNotes(t, string(signed)) {
		add("checkpoint: "+bad.Name, string(translog.NewReceipt(6, proof, []byte(bad.Text), nil)), "g", 6)
	}
	for i := range cases {
		c, index, err := translog.VerifyReceipt([]byte(cases[i].Text), cases[i].RecordedAt, []byte(cases[i].Envelope), vectorOrigin, verifier)
		cases[i].OK, cases[i].Index, cases[i].Size, cases[i].Root = err == nil, index, c.Size, c.Root
		expect(t, cases[i], i == 0)
	}
	return noteVectors{Origin: vectorOrigin, Key: vkey, Cases: cases}
}

func refusalVectors(t testing.TB) noteVectors {
	t.Helper()
	signer, vkey := fixedLogKey(t, vectorOrigin, "first")
	verifier, err := note.NewVerifier(vkey)
	check(t, err)
	good, err := translog.SignRefusal(translog.Refusal{
		Origin: vectorOrigin, Envelope: domain.Hash{1, 2, 3}, Size: 5, Root: domain.Hash{9}, Rule: "designation.unknown",
	}, signer)
	check(t, err)
	cases := append([]noteVector{{Name: "good", Text: string(good)}}, badNotes(t, string(good))...)
	body, _, _ := bytes.Cut(good, []byte("\n\n"))
	sign := func(name, old, new string) {
		text, err := note.Sign(&note.Note{Text: strings.Replace(string(body)+"\n", old, new, 1)}, signer)
		check(t, err)
		cases = append(cases, noteVector{Name: "signed all the same: " + name, Text: string(text)})
	}
	sign("another format", "refusal/v1", "refusal/v2")
	sign("a rule in upper case", "designation.unknown", "Designation.unknown")
	sign("no rule", "designation.unknown", "")
	sign("another origin", vectorOrigin, "other.example")
	sign("envelope hash in upper case", "010203", "0A0203")
	sign("size with a sign", "\n5 ", "\n+5 ")
	for i := range cases {
		r, err := translog.OpenRefusal([]byte(cases[i].Text), vectorOrigin, verifier)
		cases[i].OK, cases[i].Size, cases[i].Root, cases[i].Rule, cases[i].SHA256 = err == nil, r.Size, r.Root, r.Rule, r.Envelope
		expect(t, cases[i], i == 0)
	}
	return noteVectors{Origin: vectorOrigin, Key: vkey, Cases: cases}
}

func expect(t testing.TB, c noteVector, ok bool) {
	t.Helper()
	if c.OK != ok {
		t.Errorf("%q: accepted %t, want %t", c.Name, c.OK, ok)
	}
}
