package translog

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Tile returns the first width hashes, 32 bytes each, of tile n at level, as
// C2SP tlog-tiles serves them. A tile once served never changes. ErrRange if
// the tree does not hold that many of them, or width is not 1 to 256.
func (t *Tree) Tile(level int, n uint64, width int) ([]byte, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	path := TilePath{Level: level, N: n, Width: width}
	if level < 0 || level > maxTileLevel || n > maxTileIndex || width < 1 || width > TileWidth {
		return nil, fmt.Errorf("level %d, tile %d, width %d: %w", level, n, width, ErrRange)
	}
	if n*TileWidth+uint64(width) > t.edge.size>>(8*level) {
		return nil, fmt.Errorf("%s with %d leaves: %w", path, t.edge.size, ErrRange)
	}
	indexes := make([]int64, width)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(8*level, int64(n*TileWidth)+int64(i))
	}
	hashes, err := t.store.ReadHashes(indexes)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	data := make([]byte, 0, width*tlog.HashSize)
	for i := range hashes {
		data = append(data, hashes[i][:]...)
	}
	return data, nil
}

// AppendEntry adds a leaf entry to an entry bundle. An entry longer than
// MaxEntry does not fit and is refused.
func AppendEntry(bundle, entry []byte) ([]byte, error) {
	if len(entry) > MaxEntry {
		return nil, fmt.Errorf("an entry of %d bytes does not fit a bundle: the most is %d", len(entry), MaxEntry)
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...), nil
}

// ParseBundle splits a bundle of exactly width entries, which alias it. It
// fails with ErrMalformed. Compare each EntryHash with the level 0 tile.
func ParseBundle(bundle []byte, width int) ([][]byte, error) {
	if width < 1 || width > TileWidth {
		return nil, fmt.Errorf("%w bundle: width %d, want 1 to %d", ErrMalformed, width, TileWidth)
	}
	entries := make([][]byte, 0, width)
	for len(bundle) > 0 {
		if len(entries) == width {
			return nil, fmt.Errorf("%w bundle: more than %d entries", ErrMalformed, width)
		}
		if len(bundle) < 2 {
			return nil, fmt.Errorf("%w bundle: ends inside a length", ErrMalformed)
		}
		n := int(binary.BigEndian.Uint16(bundle))
		if bundle = bundle[2:]; len(bundle) < n {
			return nil, fmt.Errorf("%w bundle: ends inside entry %d", ErrMalformed, len(entries))
		}
		entries = append(entries, bundle[:n:n])
		bundle = bundle[n:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%w bundle: %d entries, want %d", ErrMalformed, len(entries), width)
	}
	return entries, nil
}
