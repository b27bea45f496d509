package archive

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive/scratch"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// ScratchHashes returns a place for the hashes of a tree on disk, so that
// memory does not grow with them, and what removes it again.
func ScratchHashes() (translog.HashStore, func(), error) {
	dir, err := scratchFolder()
	if err != nil {
		return nil, nil, err
	}
	file, err := translog.OpenFileHashes(filepath.Join(dir, "hashes"))
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, nil, fmt.Errorf("%w: %w", ErrScratch, err)
	}
	return file, func() {
		_ = file.Close()
		_ = os.RemoveAll(dir) // a scratch file left behind is harmless
	}, nil
}

// ScratchSpill returns a place on disk for what a state keeps of every event,
// so that memory does not grow with them, and what removes it again. A state
// on it is of no use afterwards, but for what is one value (Name, LogKey).
func ScratchSpill() (domain.Spill, func(), error) {
	dir, err := scratchFolder()
	if err != nil {
		return nil, nil, err
	}
	table, err := scratch.Open(dir)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, nil, fmt.Errorf("%w: %w", ErrScratch, err)
	}
	return table, func() {
		_ = table.Close()
		_ = os.RemoveAll(dir)
	}, nil
}

func scratchFolder() (string, error) {
	dir, err := os.MkdirTemp("", "ledger-verify-")
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrScratch, err)
	}
	return dir, nil
}
