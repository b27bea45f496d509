package translog

import (
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// HashStore holds a tree's hashes in tlog's stored order, in which a complete
// subtree's hash follows its last leaf. It is a cache. A Tree calls Append and
// Truncate one at a time, ReadHashes concurrently with each other.
type HashStore interface {
	// ReadHashes returns the hashes at the indexes, in their order, or an error
	// if one is not stored.
	tlog.HashReader
	// Len is the number of whole hashes stored.
	Len() uint64
	// Append adds hashes at the end. After an error the store is as before.
	Append(hashes []tlog.Hash) error
	// Truncate keeps the first n hashes.
	Truncate(n uint64) error
}

type memoryHashes struct {
	mu     sync.RWMutex
	hashes []tlog.Hash
}

// MemoryHashes returns an empty HashStore in memory: 64 bytes for each leaf.
func MemoryHashes() HashStore { return &memoryHashes{} }

func (m *memoryHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("hash %d of %d: %w", x, len(m.hashes), ErrRange)
		}
		out[i] = m.hashes[x]
	}
	return out, nil
}

func (m *memoryHashes) Len() uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return uint64(len(m.hashes))
}

func (m *memoryHashes) Append(hashes []tlog.Hash) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hashes = append(m.hashes, hashes...)
	return nil
}

func (m *memoryHashes) Truncate(n uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n > uint64(len(m.hashes)) {
		return fmt.Errorf("truncate to %d of %d hashes: %w", n, len(m.hashes), ErrRange)
	}
	m.hashes = m.hashes[:n:n]
	return nil
}
