package translog

import (
	"crypto/sha256"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxSize is the largest tree that this package reads or builds, in leaves. It
// keeps index arithmetic inside 63 bits, whatever a foreign text claims.
const MaxSize = 1 << 56

// frontier is all of a tree that appending needs: its size and the hash of each
// complete subtree on its right edge. The subtree with 1<<l leaves is peak[l],
// present when bit l of size is set.
type frontier struct {
	size uint64
	peak [57]tlog.Hash
}

// add appends a leaf, and appends to stored the hashes that it completes, in
// stored order.
func (f *frontier) add(leaf tlog.Hash, stored []tlog.Hash) []tlog.Hash {
	stored = append(stored, leaf)
	level := bits.TrailingZeros64(^f.size)
	for l := range level {
		leaf = tlog.NodeHash(f.peak[l], leaf)
		stored = append(stored, leaf)
	}
	f.peak[level] = leaf
	f.size++
	return stored
}

// root is the RFC 6962 hash of the tree.
func (f *frontier) root() tlog.Hash {
	if f.size == 0 {
		return sha256.Sum256(nil)
	}
	level := bits.TrailingZeros64(f.size)
	h := f.peak[level]
	for rest := f.size &^ (1 << level); rest != 0; rest &= rest - 1 {
		h = tlog.NodeHash(f.peak[bits.TrailingZeros64(rest)], h)
	}
	return h
}

// readFrontier reads the right edge of the tree of size leaves.
func readFrontier(size uint64, r tlog.HashReader) (frontier, error) {
	f := frontier{size: size}
	var indexes []int64
	var levels []int
	for rest := size; rest != 0; rest &= rest - 1 {
		l := bits.TrailingZeros64(rest)
		levels = append(levels, l)
		indexes = append(indexes, tlog.StoredHashIndex(l, int64(size>>l)-1))
	}
	hashes, err := r.ReadHashes(indexes)
	if err != nil {
		return frontier{}, err
	}
	for i, l := range levels {
		f.peak[l] = hashes[i]
	}
	return f, nil
}

// storedSize is the size of the largest tree whose hashes are all among the
// first n stored ones.
func storedSize(n uint64) uint64 {
	// A tree of s leaves stores 2s - popcount(s) hashes: the answer is within 64
	// leaves above n/2.
	size := n / 2
	for storedCount(size+1) <= n {
		size++
	}
	return size
}

func storedCount(size uint64) uint64 { return 2*size - uint64(bits.OnesCount64(size)) }
