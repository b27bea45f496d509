package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// free refuses a path at which something stands.
func (c *exporting) free() error {
	_, err := os.Lstat(c.Out)
	switch {
	case err == nil:
		return usage("%s exists and is not replaced: choose another name or move it away", c.Out)
	case !errors.Is(err, fs.ErrNotExist):
		return &usageError{err}
	}
	return nil
}

// place lets an export be written beside where it is to stand, and moves it
// there when it is whole: who finds it finds all of it.
func (c *exporting) place(write func(path string) error) error {
	dir, err := os.MkdirTemp(filepath.Dir(c.Out), ".ledger-export-")
	if err != nil {
		return &usageError{fmt.Errorf("write beside %s: %w", c.Out, err)}
	}
	defer func() { _ = os.RemoveAll(dir) }() // empty but for what failed
	path := filepath.Join(dir, "part")
	if err := write(path); err != nil {
		return fmt.Errorf("%w\nnothing was left at %s: run the command again", err, c.Out)
	}
	if err := c.free(); err != nil {
		return err
	}
	return os.Rename(path, c.Out)
}
