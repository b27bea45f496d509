package translog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Staged is a tree with a batch added that nobody can see yet. It is immutable;
// dropping it discards the batch.
type Staged struct {
	baseSize uint64
	baseRoot tlog.Hash
	edge     frontier
	root     tlog.Hash
	stored   []tlog.Hash
}

// Stage computes the tree with the leaves added. It changes nothing.
func (t *Tree) Stage(leaves []domain.Hash) (*Staged, error) {
	t.mu.RLock()
	edge, root := t.edge, t.root
	t.mu.RUnlock()
	return stage(edge, root, leaves)
}

// Stage computes the tree with the leaves added to the staged one. The result
// can be committed after s was.
func (s *Staged) Stage(leaves []domain.Hash) (*Staged, error) {
	return stage(s.edge, s.root, leaves)
}

func stage(edge frontier, root tlog.Hash, leaves []domain.Hash) (*Staged, error) {
	if uint64(len(leaves)) > MaxSize-edge.size {
		return nil, fmt.Errorf("stage %d leaves on %d: larger than any tree", len(leaves), edge.size)
	}
	s := &Staged{baseSize: edge.size, baseRoot: root, edge: edge, root: root}
	if len(leaves) == 0 {
		return s, nil
	}
	end := edge.size + uint64(len(leaves))
	s.stored = make([]tlog.Hash, 0, storedCount(end)-storedCount(edge.size))
	for i := range leaves {
		s.stored = s.edge.add(tlog.Hash(leaves[i]), s.stored)
	}
	s.root = s.edge.root()
	return s, nil
}

// Size is the number of leaves with the batch.
func (s *Staged) Size() uint64 { return s.edge.size }

// Root is the root with the batch.
func (s *Staged) Root() domain.Hash { return domain.Hash(s.root) }

// Commit makes the staged batch part of the tree. It fails with ErrStale, and
// changes nothing, unless the tree is the one that the batch was staged on; and
// with the store's error, changing nothing, if the hashes cannot be stored.
func (t *Tree) Commit(s *Staged) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s.baseSize != t.edge.size || s.baseRoot != t.root {
		return fmt.Errorf("commit leaves %d to %d on a tree of %d: %w", s.baseSize, s.edge.size, t.edge.size, ErrStale)
	}
	if err := t.store.Append(s.stored); err != nil {
		return fmt.Errorf("commit leaves %d to %d: %w", s.baseSize, s.edge.size, err)
	}
	t.edge, t.root = s.edge, s.root
	return nil
}
