package archive

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// An extract proves what is in it; a change of any byte but of its filter's
// words is found.
func TestExtract(t *testing.T) {
	b := newBook(t)
	for _, name := range []string{"a", "b", "c"} {
		b.agency(name)
	}
	text := b.checkpoint()
	b.must(b.w.Checkpoint(text))
	var leaves []Leaf
	for item, err := range Read(bytes.NewReader(b.out.Bytes())) {
		b.must(err)
		if item.Checkpoint == nil && item.Leaf.Index%2 == 1 {
			leaves = append(leaves, item.Leaf)
		}
	}
	var out bytes.Buffer
	b.must(WriteExtract(&out, "every other one", b.tree, leaves, text))
	verifier, err := note.NewVerifier(b.state.LogKey())
	b.must(err)
	open := func(text []byte) (translog.Checkpoint, error) {
		return translog.OpenCheckpoint(text, origin, verifier)
	}
	if !IsExtract(out.Bytes()) || IsExtract(b.out.Bytes()) {
		t.Error("extracts and archives are not told apart")
	}
	e, err := VerifyExtract(bytes.NewReader(out.Bytes()), open)
	if err != nil || len(e.Leaves) != 2 || e.Filter != "every other one" || e.Head.Size != 5 {
		t.Fatalf("got %+v, %v", e, err)
	}
	from := bytes.Index(out.Bytes(), []byte("every")) + len("every other one")
	for i := from; i < out.Len(); i++ {
		bad := bytes.Clone(out.Bytes())
		bad[i] ^= 1
		var fault *Bad
		if _, err := VerifyExtract(bytes.NewReader(bad), open); !errors.As(err, &fault) {
			t.Fatalf("byte %d (%q): got %v", i, out.Bytes()[i], err)
		}
	}
	for i := range out.Len() {
		if _, err := VerifyExtract(bytes.NewReader(out.Bytes()[:i]), open); err == nil {
			t.Fatalf("cut at %d: verified", i)
		}
	}
	if err := WriteExtract(&out, "", b.tree, []Leaf{{Index: 99}}, text); err == nil {
		t.Error("a leaf that is not there was proven")
	}
}
