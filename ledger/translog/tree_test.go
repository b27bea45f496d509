package translog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func testLeaf(i int) domain.Hash { return LeafHash(int64(i), fmt.Appendf(nil, "envelope %d", i)) }

func testLeaves(from, to int) []domain.Hash {
	var leaves []domain.Hash
	for i := from; i < to; i++ {
		leaves = append(leaves, testLeaf(i))
	}
	return leaves
}

func newTree(t testing.TB, leaves int) *Tree {
	t.Helper()
	tree, err := NewTree(MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	grow(t, tree, testLeaves(0, leaves))
	return tree
}

func grow(t testing.TB, tree *Tree, leaves []domain.Hash) {
	t.Helper()
	s, err := tree.Stage(leaves)
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.Commit(s); err != nil {
		t.Fatal(err)
	}
}

// naiveRoot is RFC 6962 section 2.1, word for word.
func naiveRoot(leaves []domain.Hash) domain.Hash {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	default:
		k := 1 << (bits.Len(uint(n-1)) - 1)
		l, r := naiveRoot(leaves[:k]), naiveRoot(leaves[k:])
		return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
	}
}

func naiveInclusion(leaves []domain.Hash, i int) []domain.Hash {
	n := len(leaves)
	if n <= 1 {
		return nil
	}
	k := 1 << (bits.Len(uint(n-1)) - 1)
	if i < k {
		return append(naiveInclusion(leaves[:k], i), naiveRoot(leaves[k:]))
	}
	return append(naiveInclusion(leaves[k:], i-k), naiveRoot(leaves[:k]))
}

func raw(hashes []domain.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}

// The published RFC 6962 test tree (Certificate Transparency's merkletree test).
func TestRFC6962Vectors(t *testing.T) {
	inputs := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	tree := newTree(t, 0)
	for i, want := range roots {
		if got := tree.Root().String(); got != want {
			t.Fatalf("root of %d leaves: got %s, want %s", i, got, want)
		}
		if i < len(inputs) {
			data, _ := hex.DecodeString(inputs[i])
			grow(t, tree, []domain.Hash{EntryHash(data)})
		}
	}
}

func TestLeafEntry(t *testing.T) {
	entry := LeafEntry(0x0102030405060708, []byte("abc"))
	if want := "coalition-ledger/leaf/v1\n\x01\x02\x03\x04\x05\x06\x07\x08abc"; string(entry) != want {
		t.Fatalf("got %q, want %q", entry, want)
	}
	if got, want := LeafHash(0x0102030405060708, []byte("abc")), domain.Hash(tlog.RecordHash(entry)); got != want || EntryHash(entry) != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	at, envelope, err := ParseLeafEntry(entry)
	if err != nil || at != 0x0102030405060708 || string(envelope) != "abc" {
		t.Fatalf("got %d %q %v", at, envelope, err)
	}
	for _, bad := range [][]byte{nil, entry[:30], []byte("coalition-ledger/leaf/v2\n12345678"), LeafEntry(-1, nil), LeafEntry(1, make([]byte, MaxEnvelope+1))} {
		if _, _, err := ParseLeafEntry(bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("%.40q: got %v, want ErrMalformed", bad, err)
		}
	}
}

// Every proof in every tree up to 130 leaves, judged by another implementation.
func TestProofsByOracle(t *testing.T) {
	const most = 130
	tree := newTree(t, most)
	leaves := testLeaves(0, most)
	for size := uint64(1); size <= most; size++ {
		root, err := tree.RootAt(size)
		if err != nil || root != naiveRoot(leaves[:size]) {
			t.Fatalf("root at %d: got %s, %v", size, root, err)
		}
		for i := range size {
			p, err := tree.Inclusion(i, size)
			if err != nil {
				t.Fatal(err)
			}
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, i, size, leaves[i][:], raw(p), root[:]); err != nil {
				t.Fatalf("leaf %d of %d: %v", i, size, err)
			}
			if proofLength(i, size) != len(p) {
				t.Fatalf("leaf %d of %d: length %d, predicted %d", i, size, len(p), proofLength(i, size))
			}
			oldRoot, _ := tree.RootAt(i)
			c, err := tree.Consistency(i, size)
			if err != nil {
				t.Fatal(err)
			}
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, i, size, raw(c), oldRoot[:], root[:]); err != nil {
				t.Fatalf("%d in %d: %v", i, size, err)
			}
			if err := VerifyConsistency(c, Checkpoint{"", i, oldRoot}, Checkpoint{"", size, root}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTreeIsTheNaiveTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree, err := NewTree(MemoryHashes())
		if err != nil {
			t.Fatal(err)
		}
		var leaves []domain.Hash
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 40), 0, 6).Draw(t, "batches") {
			batch := testLeaves(len(leaves), len(leaves)+n)
			s, err := tree.Stage(batch)
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, batch...)
			if s.Root() != naiveRoot(leaves) || s.Size() != uint64(len(leaves)) {
				t.Fatalf("staged %d: wrong root", len(leaves))
			}
			if err := tree.Commit(s); err != nil {
				t.Fatal(err)
			}
		}
		if len(leaves) == 0 {
			return
		}
		size := rapid.IntRange(1, len(leaves)).Draw(t, "size")
		index := rapid.IntRange(0, size-1).Draw(t, "index")
		got, err := tree.Inclusion(uint64(index), uint64(size))
		if err != nil {
			t.Fatal(err)
		}
		if want := append([]domain.Hash{}, naiveInclusion(leaves[:size], index)...); !cmp.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
		if err := tree.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBeyondTheTree(t *testing.T) {
	tree := newTree(t, 5)
	_, e1 := tree.RootAt(6)
	_, e2 := tree.Leaf(5)
	_, e3 := tree.Inclusion(5, 5)
	_, e4 := tree.Inclusion(0, 6)
	_, e5 := tree.Consistency(4, 3)
	_, e6 := tree.Consistency(4, 6)
	_, e7 := tree.Inclusion(1<<63, 1<<63+1)
	_, e8 := tree.Consistency(1<<62, 1<<63)
	for i, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8, tree.Truncate(6)} {
		if !errors.Is(err, ErrRange) {
			t.Errorf("case %d: got %v, want ErrRange", i+1, err)
		}
	}
	leaf, err := tree.Leaf(4)
	if err != nil || leaf != testLeaf(4) {
		t.Errorf("leaf 4: got %s, %v", leaf, err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	tree := newTree(t, 20)
	head := Checkpoint{"", 20, tree.Root()}
	at7, _ := tree.RootAt(7)
	old := Checkpoint{"", 7, at7}
	incl, _ := tree.Inclusion(7, 20)
	cons, _ := tree.Consistency(7, 20)
	huge := Checkpoint{"", 1<<64 - 1, tree.Root()}
	empty := Checkpoint{"", 0, naiveRoot(nil)}
	fork := Checkpoint{"", 7, testLeaf(1)}
	for name, err := range map[string]error{
		"wrong index":       VerifyInclusion(incl, head, 8, testLeaf(7)),
		"wrong leaf":        VerifyInclusion(incl, head, 7, testLeaf(8)),
		"short":             VerifyInclusion(incl[1:], head, 7, testLeaf(7)),
		"long":              VerifyInclusion(append(incl[:len(incl):len(incl)], at7), head, 7, testLeaf(7)),
		"index at size":     VerifyInclusion(incl, head, 20, testLeaf(7)),
		"huge":              VerifyInclusion(incl, huge, 7, testLeaf(7)),
		"backwards":         VerifyConsistency(cons, head, old),
		"short consistency": VerifyConsistency(cons[1:], old, head),
		"fork":              VerifyConsistency(nil, fork, old),
		"fork with proof":   VerifyConsistency(cons, fork, head),
		"needless proof":    VerifyConsistency(cons, old, old),
		"from nothing":      VerifyConsistency(cons, empty, head),
		"false nothing":     VerifyConsistency(nil, Checkpoint{"", 0, at7}, head),
		"huge consistency":  VerifyConsistency(cons, old, huge),
	} {
		if !errors.Is(err, ErrProof) {
			t.Errorf("%s: got %v, want ErrProof", name, err)
		}
	}
	if err := errors.Join(VerifyConsistency(nil, empty, head), VerifyConsistency(nil, old, old), VerifyConsistency(cons, old, head)); err != nil {
		t.Error(err)
	}
}

func TestStagedStacksAndDrops(t *testing.T) {
	tree := newTree(t, 3)
	a, _ := tree.Stage(testLeaves(3, 9))
	b, _ := a.Stage(testLeaves(9, 12))
	other, _ := tree.Stage(testLeaves(50, 56)) // same size as a, other content
	if tree.Size() != 3 || tree.Root() != naiveRoot(testLeaves(0, 3)) {
		t.Fatal("staging changed the tree")
	}
	if b.Size() != 12 || b.Root() != naiveRoot(testLeaves(0, 12)) {
		t.Fatal("stacked root is wrong")
	}
	if err := tree.Commit(b); !errors.Is(err, ErrStale) {
		t.Fatalf("commit before its base: got %v, want ErrStale", err)
	}
	if err := tree.Commit(other); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Staged{"dropped": a, "stacked on the dropped one": b, "committed twice": other} {
		if err := tree.Commit(s); !errors.Is(err, ErrStale) {
			t.Errorf("%s: got %v, want ErrStale", name, err)
		}
	}
	again, _ := tree.Stage(testLeaves(9, 12))
	if err := tree.Commit(again); err != nil {
		t.Fatal(err)
	}
	want := append(append(testLeaves(0, 3), testLeaves(50, 56)...), testLeaves(9, 12)...)
	if tree.Root() != naiveRoot(want) {
		t.Error("wrong root after a discarded batch")
	}
}

type failingHashes struct {
	HashStore
	fail bool
}

var errDisk = errors.New("disk full")

func (f *failingHashes) Append(h []tlog.Hash) error {
	if f.fail {
		return errDisk
	}
	return f.HashStore.Append(h)
}

func TestCommitIsAllOrNothing(t *testing.T) {
	store := &failingHashes{HashStore: MemoryHashes()}
	tree, err := NewTree(store)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := tree.Stage(testLeaves(0, 9))
	store.fail = true
	if err := tree.Commit(s); !errors.Is(err, errDisk) || tree.Size() != 0 {
		t.Fatalf("got %v, size %d", err, tree.Size())
	}
	store.fail = false
	if err := tree.Commit(s); err != nil || tree.Root() != naiveRoot(testLeaves(0, 9)) {
		t.Fatalf("second try: %v", err)
	}
}

func TestReadersBesideTheWriter(t *testing.T) {
	tree := newTree(t, 1)
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				size, root := tree.Head()
				p, err := tree.Inclusion(size/2, size)
				if err != nil {
					t.Error(err)
					return
				}
				if err := VerifyInclusion(p, Checkpoint{"", size, root}, size/2, testLeaf(int(size/2))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := 1; i < 300; i++ {
		grow(t, tree, []domain.Hash{testLeaf(i)})
	}
	close(stop)
	readers.Wait()
}
