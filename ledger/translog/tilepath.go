package translog

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	// TileWidth is the number of hashes or entries in a full tile.
	TileWidth = 256
	// EntriesLevel is the level of an entry bundle in a TilePath.
	EntriesLevel = -1

	maxTileLevel = 63
	maxTileIndex = MaxSize/TileWidth - 1
)

// TilePath names a C2SP tile: TileWidth hashes of a level, or entries.
type TilePath struct {
	Level int    // 0 to 63, or EntriesLevel
	N     uint64 // index of the tile in its level
	Width int    // 1 to 256; 256 is a full tile
}

// String is the path below the log's prefix: tile/0/x001/234 for a full tile,
// tile/0/x001/234.p/5 for its first five hashes, tile/entries/… for entries.
func (p TilePath) String() string {
	var b strings.Builder
	b.WriteString("tile/")
	if p.Level == EntriesLevel {
		b.WriteString("entries/")
	} else {
		fmt.Fprintf(&b, "%d/", p.Level)
	}
	b.WriteString(tileIndex(p.N))
	if p.Width != TileWidth {
		fmt.Fprintf(&b, ".p/%d", p.Width)
	}
	return b.String()
}

// tileIndex writes n in groups of three digits, all but the last marked x.
func tileIndex(n uint64) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	return s
}

// ParseTilePath reads what String writes and nothing else; it fails with
// ErrMalformed. Whether the log has such a tile is not looked at.
func ParseTilePath(path string) (TilePath, error) {
	bad := fmt.Errorf("%w tile path %.80q: want tile/<level>/<index>[.p/<width>]", ErrMalformed, path)
	rest, ok := strings.CutPrefix(path, "tile/")
	level, rest, _ := strings.Cut(rest, "/")
	p := TilePath{Level: EntriesLevel, Width: TileWidth}
	if level != "entries" {
		n, err := decodeNumber(level, maxTileLevel)
		if err != nil {
			return TilePath{}, bad
		}
		p.Level = int(n)
	}
	index, width, partial := strings.Cut(rest, ".p/")
	if partial {
		w, err := decodeNumber(width, TileWidth-1)
		if err != nil || w == 0 {
			return TilePath{}, bad
		}
		p.Width = int(w)
	}
	n, err := strconv.ParseUint(strings.NewReplacer("x", "", "/", "").Replace(index), 10, 64)
	// Writing it again settles everything else: grouping, marks, zeroes.
	if p.N = n; !ok || err != nil || n > maxTileIndex || p.String() != path {
		return TilePath{}, bad
	}
	return p, nil
}
