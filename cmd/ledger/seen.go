package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// seen is the folder of what this tool has verified of one ledger:
// ledgers/GENESIS/checkpoint, the newest checkpoint, and log.keys, the keys
// that its log has had.
type seen struct{ dir string }

func (a *app) seen(ledger domain.Hash) (seen, error) {
	home, err := a.home()
	if err != nil {
		return seen{}, err
	}
	return seenIn(home, ledger), nil
}

func seenIn(home string, ledger domain.Hash) seen {
	return seen{filepath.Join(home, "ledgers", ledger.String())}
}

func (s seen) checkpointPath() string { return filepath.Join(s.dir, "checkpoint") }

// checkpoint returns the newest checkpoint verified so far, and its text; nil
// when there is none. It is verified again: files change hands.
func (s seen) checkpoint(g genesis) (*translog.Checkpoint, error) {
	text, err := os.ReadFile(s.checkpointPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &usageError{err}
	}
	c, err := g.open(text)
	if err != nil {
		return nil, fmt.Errorf("the checkpoint kept in %s: %w\nput it aside if the file was damaged; it is what a rollback or a second history would be found by", s.checkpointPath(), err)
	}
	return &c, nil
}

// keep makes text the newest checkpoint verified.
func (s seen) keep(text []byte) error { return s.replace(s.checkpointPath(), text) }

func (s seen) replace(path string, text []byte) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return &usageError{err}
	}
	return replaceFile(path, text)
}

// evidence keeps a checkpoint that does not fit the one kept, and returns where.
func (s seen) evidence(c translog.Checkpoint, text []byte) (string, error) {
	path := filepath.Join(s.dir, fmt.Sprintf("fork-%d-%s.checkpoint", c.Size, c.Root.String()[:16]))
	return path, s.replace(path, text)
}

// logKey is a key that the log had, from the index on at which it was adopted.
type logKey struct {
	since    uint64
	text     string
	verifier note.Verifier
}

func (s seen) logKeysPath() string { return filepath.Join(s.dir, "log.keys") }

// logKeys reads the keys that ledger keys log has learned from an archive.
func (s seen) logKeys() ([]logKey, error) {
	text, err := os.ReadFile(s.logKeysPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &usageError{err}
	}
	var out []logKey
	for line := range strings.Lines(string(text)) {
		index, key, _ := strings.Cut(strings.TrimSpace(line), " ")
		since, err := strconv.ParseUint(index, 10, 64)
		v, verr := note.NewVerifier(key)
		if err = errors.Join(err, verr); err != nil {
			return nil, usage("%s: this was not written by ledger keys log, write it again: %w", s.logKeysPath(), err)
		}
		out = append(out, logKey{since: since, text: key, verifier: v})
	}
	return out, nil
}

func (s seen) keepLogKeys(keys []logKey) error {
	var text bytes.Buffer
	for _, k := range keys {
		fmt.Fprintf(&text, "%d %s\n", k.since, k.text)
	}
	return s.replace(s.logKeysPath(), text.Bytes())
}

// replaceFile writes a file whole or not at all, durably.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
