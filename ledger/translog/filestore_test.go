package translog

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

func openFile(t *testing.T, path string) (*Tree, *FileHashes) {
	t.Helper()
	f, err := OpenFileHashes(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	tree, err := NewTree(f)
	if err != nil {
		t.Fatal(err)
	}
	return tree, f
}

func TestFileReopens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hashes")
	tree, f := openFile(t, path)
	grow(t, tree, testLeaves(0, 700))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	tree, _ = openFile(t, path)
	if tree.Size() != 700 || tree.Root() != naiveRoot(testLeaves(0, 700)) {
		t.Fatalf("reopened with %d leaves", tree.Size())
	}
	grow(t, tree, testLeaves(700, 1500))
	if tree.Root() != naiveRoot(testLeaves(0, 1500)) {
		t.Fatal("wrong root after growing a reopened file")
	}
	for _, i := range []uint64{0, 1, 699, 700, 1023, 1499} {
		if _, err := tree.Inclusion(i, 1500); err != nil {
			t.Error(err)
		}
	}
	if err := tree.Check(); err != nil {
		t.Error(err)
	}
}

// Whatever length a crash leaves, the tree is a prefix and grows again.
func TestFileCutAnywhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hashes")
	const leaves = 37
	tree, f := openFile(t, path)
	grow(t, tree, testLeaves(0, leaves))
	_ = f.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := -1
	for n := 0; n <= len(whole); n += 5 {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := OpenFileHashes(path)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := NewTree(f)
		if err != nil {
			t.Fatal(err)
		}
		size := int(tree.Size())
		if size < last || tree.Root() != naiveRoot(testLeaves(0, size)) {
			t.Fatalf("%d bytes: %d leaves, wrong root", n, size)
		}
		last = size
		grow(t, tree, testLeaves(size, leaves))
		if tree.Root() != naiveRoot(testLeaves(0, leaves)) {
			t.Fatalf("%d bytes: cannot grow back", n)
		}
		_ = f.Close()
	}
	if last < leaves-1 {
		t.Fatalf("the longest cut kept %d of %d leaves", last, leaves)
	}
}

func TestTruncate(t *testing.T) {
	tree, f := openFile(t, filepath.Join(t.TempDir(), "hashes"))
	grow(t, tree, testLeaves(0, 100))
	for _, n := range []int{100, 63, 64 - 8, 1, 0} {
		if err := tree.Truncate(uint64(n)); err != nil {
			t.Fatal(err)
		}
		if tree.Root() != naiveRoot(testLeaves(0, n)) || f.Len() != storedCount(uint64(n)) {
			t.Fatalf("truncated to %d: wrong", n)
		}
	}
	grow(t, tree, testLeaves(0, 30))
	if tree.Root() != naiveRoot(testLeaves(0, 30)) {
		t.Fatal("cannot rebuild")
	}
}

// A damaged cache gives an error, never a proof that fails later.
func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hashes")
	const leaves = 64
	tree, _ := openFile(t, path)
	grow(t, tree, testLeaves(0, leaves))
	root := tree.Root()
	whole, _ := os.ReadFile(path)
	rapid.Check(t, func(rt *rapid.T) {
		damaged := append([]byte{}, whole...)
		damaged[rapid.IntRange(0, len(whole)-1).Draw(rt, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			rt.Fatal(err)
		}
		if err := tree.Check(); !errors.Is(err, ErrCorrupt) {
			rt.Fatalf("check: got %v, want ErrCorrupt", err)
		}
		for i := range uint64(leaves) {
			p, err := tree.Inclusion(i, leaves)
			if err == nil {
				err = VerifyInclusion(p, Checkpoint{"", leaves, root}, i, testLeaf(int(i)))
			} else if errors.Is(err, ErrCorrupt) {
				err = nil
			}
			if err != nil {
				rt.Fatalf("leaf %d: %v", i, err)
			}
		}
	})
}

func TestStoredSize(t *testing.T) {
	for n := range uint64(5000) {
		size := storedSize(n)
		if storedCount(size) > n || storedCount(size+1) <= n {
			t.Fatalf("%d hashes: %d leaves", n, size)
		}
	}
}
