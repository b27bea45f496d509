package archive

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// ScratchHashes returns a place for the hashes of a tree on disk, so that
// memory does not grow with them, and what removes it again.
func ScratchHashes() (translog.HashStore, func(), error) {
	dir, err := os.MkdirTemp("", "ledger-verify-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a scratch folder for hashes: %w", err)
	}
	file, err := translog.OpenFileHashes(filepath.Join(dir, "hashes"))
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, nil, err
	}
	return file, func() {
		_ = file.Close()
		_ = os.RemoveAll(dir) // a scratch file left behind is harmless
	}, nil
}
