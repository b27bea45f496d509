package translog

import (
	"path/filepath"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const benchSize = 200_000

func benchStores(b *testing.B, run func(b *testing.B, tree *Tree)) {
	leaves := make([]domain.Hash, benchSize)
	for i := range leaves {
		leaves[i] = testLeaf(i)
	}
	for _, name := range []string{"memory", "file"} {
		b.Run(name, func(b *testing.B) {
			store := MemoryHashes()
			if name == "file" {
				f, err := OpenFileHashes(filepath.Join(b.TempDir(), "hashes"))
				if err != nil {
					b.Fatal(err)
				}
				b.Cleanup(func() { _ = f.Close() })
				store = f
			}
			tree, err := NewTree(store)
			if err != nil {
				b.Fatal(err)
			}
			grow(b, tree, leaves)
			run(b, tree)
		})
	}
}

// One operation is 1,024 leaves staged and committed; ns/leaf is the figure.
func BenchmarkAppend(b *testing.B) {
	batch := testLeaves(0, 1024)
	benchStores(b, func(b *testing.B, tree *Tree) {
		for b.Loop() {
			grow(b, tree, batch)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(batch)), "ns/leaf")
	})
}

func BenchmarkAppendOne(b *testing.B) {
	leaf := testLeaves(0, 1)
	benchStores(b, func(b *testing.B, tree *Tree) {
		for b.Loop() {
			grow(b, tree, leaf)
		}
	})
}

func BenchmarkInclusion(b *testing.B) {
	benchStores(b, func(b *testing.B, tree *Tree) {
		for i := uint64(0); b.Loop(); i += 7919 {
			if _, err := tree.Inclusion(i%benchSize, benchSize); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkConsistency(b *testing.B) {
	benchStores(b, func(b *testing.B, tree *Tree) {
		for i := uint64(0); b.Loop(); i += 7919 {
			if _, err := tree.Consistency(1+i%benchSize, benchSize); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkTile(b *testing.B) {
	benchStores(b, func(b *testing.B, tree *Tree) {
		for i := uint64(0); b.Loop(); i++ {
			if _, err := tree.Tile(0, i%700, TileWidth); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// One operation checks 200,000 leaves.
func BenchmarkCheck(b *testing.B) {
	benchStores(b, func(b *testing.B, tree *Tree) {
		for b.Loop() {
			if err := tree.Check(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkVerifyReceipt(b *testing.B) {
	key, receipt := fixedKey(b, testOrigin), testReceipt(b, nil)
	for b.Loop() {
		if _, _, err := VerifyReceipt(receipt, 7, []byte("envelope 7"), testOrigin, key.verifier); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignCheckpoint(b *testing.B) {
	key := fixedKey(b, testOrigin)
	for b.Loop() {
		if _, err := SignCheckpoint(Checkpoint{testOrigin, 7, testLeaf(1)}, key.signer); err != nil {
			b.Fatal(err)
		}
	}
}
