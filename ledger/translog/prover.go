package translog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Prover proves things of one tree from its tiles, wherever they come from.
// Every hash that it reads is checked against the head's root, so what it
// returns needs no further trust in who serves the tiles.
type Prover struct {
	head  Checkpoint
	tiles tlog.HashReader
}

// NewProver returns a prover of the head's tree. Its tiles are read with read,
// each once for each proof.
func NewProver(head Checkpoint, read func(TilePath) ([]byte, error)) *Prover {
	tree := tlog.Tree{N: int64(min(head.Size, MaxSize)), Hash: tlog.Hash(head.Root)}
	return &Prover{head: head, tiles: tlog.TileHashReader(tree, tileSource(read))}
}

// Inclusion proves that the leaf at index stands in the head's tree.
func (p *Prover) Inclusion(index uint64) ([]domain.Hash, error) {
	if index >= p.head.Size || p.head.Size > MaxSize {
		return nil, fmt.Errorf("prove leaf %d in %d: %w", index, p.head.Size, ErrRange)
	}
	proof, err := tlog.ProveRecord(int64(p.head.Size), int64(index), p.tiles)
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d in %d: %w", index, p.head.Size, err)
	}
	return fromTlog(proof), nil
}

// Consistency proves that the head's tree begins with its first older leaves.
// The proof is empty when older is 0 or the head's size.
func (p *Prover) Consistency(older uint64) ([]domain.Hash, error) {
	if older > p.head.Size || p.head.Size > MaxSize {
		return nil, fmt.Errorf("prove %d leaves consistent with %d: %w", older, p.head.Size, ErrRange)
	}
	if older == 0 || older == p.head.Size {
		return nil, nil
	}
	proof, err := tlog.ProveTree(int64(p.head.Size), int64(older), p.tiles)
	if err != nil {
		return nil, fmt.Errorf("prove %d leaves consistent with %d: %w", older, p.head.Size, err)
	}
	return fromTlog(proof), nil
}

// RootAt is the root that the tree had when it was size leaves.
func (p *Prover) RootAt(size uint64) (domain.Hash, error) {
	if size > p.head.Size || p.head.Size > MaxSize {
		return domain.Hash{}, fmt.Errorf("root at %d of %d leaves: %w", size, p.head.Size, ErrRange)
	}
	if size == p.head.Size {
		return p.head.Root, nil
	}
	root, err := tlog.TreeHash(int64(size), p.tiles)
	if err != nil {
		return domain.Hash{}, fmt.Errorf("root at %d of %d leaves: %w", size, p.head.Size, err)
	}
	return domain.Hash(root), nil
}

// tileSource reads C2SP tiles for package tlog, which caches and saves none.
type tileSource func(TilePath) ([]byte, error)

// Height is that of C2SP tiles: 256 hashes.
func (tileSource) Height() int { return 8 }

// ReadTiles reads tiles one by one.
func (read tileSource) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		path := TilePath{Level: t.L, N: uint64(t.N), Width: t.W}
		data, err := read(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out[i] = data
	}
	return out, nil
}

// SaveTiles keeps nothing.
func (tileSource) SaveTiles([]tlog.Tile, [][]byte) {}
