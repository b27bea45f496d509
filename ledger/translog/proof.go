package translog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Inclusion proves that the leaf at index stands in the tree of size leaves,
// from the leaf's sibling up. The proof is checked before it is returned:
// ErrCorrupt means that the cache is damaged, ErrRange that index or size lies
// beyond the tree.
func (t *Tree) Inclusion(index, size uint64) ([]domain.Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if size > t.edge.size || index >= size {
		return nil, fmt.Errorf("prove leaf %d in %d of %d leaves: %w", index, size, t.edge.size, ErrRange)
	}
	proof, err := tlog.ProveRecord(int64(size), int64(index), t.store)
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d in %d: %w", index, size, err)
	}
	leaf, err := t.leaf(index)
	if err != nil {
		return nil, err
	}
	root, err := t.rootAt(size)
	if err != nil {
		return nil, err
	}
	if err := tlog.CheckRecord(proof, int64(size), root, int64(index), leaf); err != nil {
		return nil, fmt.Errorf("prove leaf %d in %d: %w", index, size, ErrCorrupt)
	}
	return fromTlog(proof), nil
}

// Consistency proves that the tree of newer leaves begins with the tree of
// older leaves. The proof is empty when older is 0 or equals newer. ErrRange if
// they are out of order or beyond the tree, ErrCorrupt as for Inclusion.
func (t *Tree) Consistency(older, newer uint64) ([]domain.Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if older > newer || newer > t.edge.size {
		return nil, fmt.Errorf("prove %d leaves consistent with %d of %d: %w", older, newer, t.edge.size, ErrRange)
	}
	if older == 0 {
		return nil, nil
	}
	proof, err := tlog.ProveTree(int64(newer), int64(older), t.store)
	if err != nil {
		return nil, fmt.Errorf("prove %d leaves consistent with %d: %w", older, newer, err)
	}
	oldRoot, err := t.rootAt(older)
	if err != nil {
		return nil, err
	}
	newRoot, err := t.rootAt(newer)
	if err != nil {
		return nil, err
	}
	if err := tlog.CheckTree(proof, int64(newer), newRoot, int64(older), oldRoot); err != nil {
		return nil, fmt.Errorf("prove %d leaves consistent with %d: %w", older, newer, ErrCorrupt)
	}
	return fromTlog(proof), nil
}

// VerifyInclusion checks that the proof leads from the leaf at index to the
// head's root. Any input is safe; it fails with ErrProof.
func VerifyInclusion(proof []domain.Hash, head Checkpoint, index uint64, leaf domain.Hash) error {
	if head.Size > MaxSize || index >= head.Size {
		return fmt.Errorf("leaf %d in %d: %w", index, head.Size, ErrProof)
	}
	err := tlog.CheckRecord(toTlog(proof), int64(head.Size), tlog.Hash(head.Root), int64(index), tlog.Hash(leaf))
	if err != nil {
		return fmt.Errorf("leaf %d in %d: %w", index, head.Size, ErrProof)
	}
	return nil
}

// VerifyConsistency checks that the newer head's tree begins with the older
// one's. Heads of one size must have one root; a tree of no leaves begins every
// other. Any input is safe; it fails with ErrProof. Origins are not compared.
func VerifyConsistency(proof []domain.Hash, older, newer Checkpoint) error {
	fail := fmt.Errorf("%d leaves as the beginning of %d: %w", older.Size, newer.Size, ErrProof)
	if older.Size > newer.Size || newer.Size > MaxSize {
		return fail
	}
	if older.Size == 0 || older.Size == newer.Size {
		if len(proof) != 0 || !trivial(older, newer) {
			return fail
		}
		return nil
	}
	err := tlog.CheckTree(toTlog(proof), int64(newer.Size), tlog.Hash(newer.Root), int64(older.Size), tlog.Hash(older.Root))
	if err != nil {
		return fail
	}
	return nil
}

// trivial reports consistency where no proof is needed.
func trivial(older, newer Checkpoint) bool {
	var empty frontier
	if older.Size == 0 && older.Root != domain.Hash(empty.root()) {
		return false
	}
	return older.Size != newer.Size || older.Root == newer.Root
}

func fromTlog(hashes []tlog.Hash) []domain.Hash {
	out := make([]domain.Hash, len(hashes))
	for i := range hashes {
		out[i] = domain.Hash(hashes[i])
	}
	return out
}

func toTlog(hashes []domain.Hash) []tlog.Hash {
	out := make([]tlog.Hash, len(hashes))
	for i := range hashes {
		out[i] = tlog.Hash(hashes[i])
	}
	return out
}
