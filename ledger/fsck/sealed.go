package fsck

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// checkSealed compares each ciphertext of sealed detail with the hash that it
// is kept under. That one is missing says nothing: it may have been erased.
func (c *checker) checkSealed() error {
	if c.o.Sealed == "" {
		return nil
	}
	return filepath.WalkDir(c.o.Sealed, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		name, err := domain.ParseHash(d.Name())
		if err != nil {
			return nil // an upload that broke off
		}
		sum, err := sumOf(path)
		if err != nil {
			return fmt.Errorf("read sealed detail: %w", err)
		}
		if sum != name {
			c.bad("sealed", 0, RuleSealed, "the ciphertext %s has the hash %s: it was altered; put back a copy, its readers have some", name, sum)
		}
		return nil
	})
}

func sumOf(path string) (domain.Hash, error) {
	f, err := os.Open(path)
	if err != nil {
		return domain.Hash{}, err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return domain.Hash(sum.Sum(nil)), err
}
