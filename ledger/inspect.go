package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// ErrOtherBuild says that another build of the program wrote a snapshot, so
// that nothing can be said about it: it might fold otherwise.
var ErrOtherBuild = errors.New("another build of the program wrote the snapshot")

// Cached is the snapshot in a ledger's folder: a state, and the size and root of
// the tree that it was computed from.
type Cached struct {
	Size  uint64
	Root  domain.Hash
	State *domain.State
}

// Files of a ledger's folder, below what [Config] calls Dir.
const (
	HashesFile   = "hashes"
	MarkFile     = "highest-checkpoint"
	SnapshotFile = "state.snapshot"
)

// ReadCached reads the snapshot in a ledger's folder and trusts nothing in it
// but its checksum: who reads it compares. It fails with fs.ErrNotExist where
// there is none, and with ErrOtherBuild.
func ReadCached(dir string) (Cached, error) {
	data, err := os.ReadFile(filepath.Join(dir, SnapshotFile))
	if err != nil {
		return Cached{}, err
	}
	if len(data) < sha256.Size || sha256.Sum256(data[sha256.Size:]) != [sha256.Size]byte(data[:sha256.Size]) {
		return Cached{}, errors.New("the snapshot's checksum does not match: it is torn or changed")
	}
	var s snapshot
	if err := gob.NewDecoder(bytes.NewReader(data[sha256.Size:])).Decode(&s); err != nil {
		return Cached{}, fmt.Errorf("the snapshot is no snapshot: %w", err)
	}
	self, err := build()
	if err != nil {
		return Cached{}, err
	}
	if s.Build != self {
		return Cached{}, ErrOtherBuild
	}
	state := domain.NewState()
	if err := state.UnmarshalBinary(s.State); err != nil {
		return Cached{}, fmt.Errorf("the snapshot's state: %w", err)
	}
	return Cached{Size: s.Size, Root: s.Root, State: state}, nil
}
