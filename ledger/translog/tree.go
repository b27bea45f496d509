package translog

import (
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Tree is an append-only RFC 6962 Merkle tree. Any number of goroutines may
// read it while one commits.
type Tree struct {
	mu    sync.RWMutex
	store HashStore
	edge  frontier
	root  tlog.Hash
}

// NewTree returns the tree whose hashes the store holds, as far as they are
// complete; the rest is cut off. It does not check them: see Check and RootAt.
func NewTree(hashes HashStore) (*Tree, error) {
	t := &Tree{store: hashes}
	if err := t.reset(storedSize(hashes.Len())); err != nil {
		return nil, fmt.Errorf("load the tree: %w", err)
	}
	return t, nil
}

// reset makes the tree that of its first size leaves.
func (t *Tree) reset(size uint64) error {
	if size > MaxSize {
		return fmt.Errorf("%d leaves: %w", size, ErrCorrupt)
	}
	edge, err := readFrontier(size, t.store)
	if err != nil {
		return err
	}
	if err := t.store.Truncate(storedCount(size)); err != nil {
		return err
	}
	t.edge, t.root = edge, edge.root()
	return nil
}

// Size is the number of committed leaves.
func (t *Tree) Size() uint64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.edge.size
}

// Root is the root of the committed tree.
func (t *Tree) Root() domain.Hash {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return domain.Hash(t.root)
}

// Head returns the size and root of one moment, for a checkpoint.
func (t *Tree) Head() (size uint64, root domain.Hash) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.edge.size, domain.Hash(t.root)
}

// RootAt is the root the tree had when it was n leaves; ErrRange if it never
// was.
func (t *Tree) RootAt(n uint64) (domain.Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	h, err := t.rootAt(n)
	return domain.Hash(h), err
}

func (t *Tree) rootAt(n uint64) (tlog.Hash, error) {
	if n == t.edge.size {
		return t.root, nil
	}
	if n > t.edge.size {
		return tlog.Hash{}, fmt.Errorf("root at %d of %d leaves: %w", n, t.edge.size, ErrRange)
	}
	return tlog.TreeHash(int64(n), t.store)
}

// Leaf is the hash of the leaf at index; ErrRange beyond the end.
func (t *Tree) Leaf(index uint64) (domain.Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	h, err := t.leaf(index)
	return domain.Hash(h), err
}

func (t *Tree) leaf(index uint64) (tlog.Hash, error) {
	if index >= t.edge.size {
		return tlog.Hash{}, fmt.Errorf("leaf %d of %d: %w", index, t.edge.size, ErrRange)
	}
	h, err := t.store.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
	if err != nil {
		return tlog.Hash{}, err
	}
	return h[0], nil
}

// Truncate keeps the first n leaves. It is for a cache that is ahead of its
// journal, or damaged; a signed tree is never shortened.
func (t *Tree) Truncate(n uint64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n > t.edge.size {
		return fmt.Errorf("truncate to %d of %d leaves: %w", n, t.edge.size, ErrRange)
	}
	if err := t.reset(n); err != nil {
		return fmt.Errorf("truncate the tree to %d leaves: %w", n, err)
	}
	return nil
}
