package translog

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestTilePath(t *testing.T) {
	for path, want := range map[string]TilePath{
		"tile/0/000":                     {0, 0, 256},
		"tile/0/x001/234.p/5":            {0, 1234, 5},
		"tile/1/x001/x234/067":           {1, 1234067, 256},
		"tile/63/255.p/255":              {63, 255, 255},
		"tile/entries/x001/000.p/1":      {EntriesLevel, 1000, 1},
		"tile/entries/999":               {EntriesLevel, 999, 256},
		"tile/2/x281/x474/x976/x710/655": {2, maxTileIndex, 256},
	} {
		got, err := ParseTilePath(path)
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", path, got, err, want)
		}
		if want.String() != path {
			t.Errorf("got %s, want %s", want, path)
		}
	}
	for _, bad := range []string{
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000",
		"tile/0/x000/001", "tile/0/001/234", "tile/0/x001", "tile/0/x001/x234", "tile/0/1234", "tile/0/x1/234", "tile/0/000.p/0",
		"tile/0/000.p/256", "tile/0/000.p/05", "tile/0/000.p/", "tile/0/000.p/5.p/5", "tile/8/0/000", "/tile/0/000", "tile/0/000/",
		"tile/entries", "tile/data/000", "tile/0/x281/x474/x976/x710/656", "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/+01", "xtile/0/000",
	} {
		if got, err := ParseTilePath(bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: got %+v, %v, want ErrMalformed", bad, got, err)
		}
	}
}

// C2SP's own example: a tree of 70,000 leaves.
func TestTilesOf70000(t *testing.T) {
	tree, _ := openFile(t, filepath.Join(t.TempDir(), "hashes"))
	leaves := testLeaves(0, 70000)
	grow(t, tree, leaves)
	for _, c := range []struct {
		level int
		n     uint64
		width int
	}{{0, 0, 256}, {0, 272, 256}, {0, 273, 112}, {0, 273, 3}, {1, 0, 256}, {1, 1, 17}, {2, 0, 1}} {
		got, err := tree.Tile(c.level, c.n, c.width)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		span := 1 << (8 * c.level)
		var want []byte
		for i := range c.width {
			at := (int(c.n)*256 + i) * span
			h := naiveRoot(leaves[at : at+span])
			want = append(want, h[:]...)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%+v: wrong hashes", c)
		}
	}
	for _, c := range []TilePath{{0, 273, 113}, {0, 274, 1}, {1, 1, 18}, {2, 0, 2}, {3, 0, 1}, {63, 0, 1}, {64, 0, 1}, {-1, 0, 1}, {0, 0, 0}, {0, 0, 257}, {0, 1<<64 - 1, 256}} {
		if _, err := tree.Tile(c.Level, c.N, c.Width); !errors.Is(err, ErrRange) {
			t.Errorf("%+v: got %v, want ErrRange", c, err)
		}
	}
}

func TestBundle(t *testing.T) {
	entries := [][]byte{LeafEntry(1, []byte("a")), {}, LeafEntry(2, make([]byte, MaxEnvelope))}
	var bundle []byte
	var err error
	for _, e := range entries {
		if bundle, err = AppendEntry(bundle, e); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ParseBundle(bundle, 3)
	if err != nil || !cmp.Equal(got, entries) {
		t.Fatalf("got %d entries, %v", len(got), err)
	}
	if EntryHash(got[0]) != LeafHash(1, []byte("a")) || EntryHash(nil) == (domain.Hash{}) {
		t.Error("entry hash is not the leaf hash")
	}
	if _, err := AppendEntry(nil, LeafEntry(2, make([]byte, MaxEnvelope+1))); err == nil {
		t.Error("an entry too long was bundled")
	}
	for name, c := range map[string]struct {
		data  []byte
		width int
	}{"few": {bundle, 4}, "many": {bundle, 2}, "cut": {bundle[:len(bundle)-1], 3}, "half a length": {append(bundle[:len(bundle):len(bundle)], 0), 4}, "width 0": {nil, 0}, "width 257": {bundle, 257}} {
		if _, err := ParseBundle(c.data, c.width); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
}
