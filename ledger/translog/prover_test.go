package translog

import (
	"errors"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func grown(t *testing.T, n int) (*Tree, Checkpoint) {
	t.Helper()
	tree, err := NewTree(MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	leaves := make([]domain.Hash, n)
	for i := range leaves {
		leaves[i] = LeafHash(int64(i), []byte{byte(i), byte(i >> 8)})
	}
	staged, err := tree.Stage(leaves)
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.Commit(staged); err != nil {
		t.Fatal(err)
	}
	return tree, Checkpoint{Origin: "ledger.example/test", Size: tree.Size(), Root: tree.Root()}
}

func TestAProverProvesFromTilesWhatTheTreeProves(t *testing.T) {
	for _, n := range []int{1, 2, 255, 256, 257, 700} {
		tree, head := grown(t, n)
		p := NewProver(head, func(path TilePath) ([]byte, error) { return tree.Tile(path.Level, path.N, path.Width) })
		for _, i := range []uint64{0, uint64(n) / 2, uint64(n) - 1} {
			leaf, err := tree.Leaf(i)
			if err != nil {
				t.Fatal(err)
			}
			proof, err := p.Inclusion(i)
			if err != nil {
				t.Fatal(err)
			}
			if err := VerifyInclusion(proof, head, i, leaf); err != nil {
				t.Errorf("%d leaves: %v", n, err)
			}
			root, err := p.RootAt(i + 1)
			if err != nil {
				t.Fatal(err)
			}
			proof, err = p.Consistency(i + 1)
			if err != nil {
				t.Fatal(err)
			}
			if err := VerifyConsistency(proof, Checkpoint{Size: i + 1, Root: root}, head); err != nil {
				t.Errorf("%d leaves: %v", n, err)
			}
		}
		if _, err := p.Inclusion(uint64(n)); !errors.Is(err, ErrRange) {
			t.Errorf("beyond the tree: got %v", err)
		}
		if _, err := p.Consistency(uint64(n) + 1); !errors.Is(err, ErrRange) {
			t.Errorf("beyond the tree: got %v", err)
		}
		if _, err := p.RootAt(uint64(n) + 1); !errors.Is(err, ErrRange) {
			t.Errorf("beyond the tree: got %v", err)
		}
	}
}

func TestAProverBelievesNoTileThatTheRootDoesNotVouchFor(t *testing.T) {
	tree, head := grown(t, 700)
	p := NewProver(head, func(path TilePath) ([]byte, error) {
		tile, err := tree.Tile(path.Level, path.N, path.Width)
		if err == nil && path.Level == 0 && path.N == 1 {
			tile[40] ^= 1
		}
		return tile, err
	})
	if _, err := p.Inclusion(300); err == nil {
		t.Error("a changed tile was believed")
	}
	cause := errors.New("no network")
	p = NewProver(head, func(TilePath) ([]byte, error) { return nil, cause })
	if _, err := p.Consistency(100); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}
