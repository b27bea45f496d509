package translog

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestANoteIsSplitAndJoinedExactly(t *testing.T) {
	note := sign(t, newTree(t, 5), fixedKey(t, testOrigin).signer, fixedKey(t, "other.example").signer)
	text, lines, err := SplitNote(note)
	if err != nil || len(lines) != 2 {
		t.Fatalf("got %d lines, %v", len(lines), err)
	}
	if lines[0].Name != testOrigin || lines[0].KeyHash != fixedKey(t, testOrigin).verifier.KeyHash() || len(lines[0].Signature) != 64 {
		t.Errorf("got %+v", lines[0])
	}
	if got := JoinNote(text, lines...); !bytes.Equal(got, note) {
		t.Errorf("joined %q, want %q", got, note)
	}
	again, err := ParseSignatureLine(lines[1].String())
	if diff := cmp.Diff(lines[1], again); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, bad := range []string{"", "x\n", "x\n\ny\n", string(note[:len(note)-1]), string(note) + "\n"} {
		if _, _, err := SplitNote([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestHashesAndSizesHaveOneText(t *testing.T) {
	h := testLeaf(1)
	if got, err := ParseHashText(HashText(h)); err != nil || got != h {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "01", "-1", "+1", "72057594037927937", "1 "} {
		if _, err := ParseSize(bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("size %q: got %v", bad, err)
		}
	}
	if err := CheckName("a b"); !errors.Is(err, ErrMalformed) {
		t.Errorf("got %v", err)
	}
	if got := EmptyRoot(); got != newTree(t, 0).Root() {
		t.Errorf("got %s", got)
	}
}
