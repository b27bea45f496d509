package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// holdFolder makes the data folder and keeps other processes out of it: two
// replicas that write the same caches would spoil them.
func holdFolder(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("--data: %w", err)
	}
	lock, err := vfs.Default.Lock(filepath.Join(dir, "in-use"))
	if err != nil {
		return nil, fmt.Errorf("--data %s is in use by another ledgerd: give each a folder of its own (%w)", dir, err)
	}
	return lock, nil
}
