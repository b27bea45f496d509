package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// keeper keeps a copy of the newest signed checkpoint beside the store,
// fsynced, off the write path: the newest wins, older ones are skipped. It is
// what tells a store that came back shorter from one that never grew.
type keeper struct {
	path   string
	log    *slog.Logger
	mu     sync.Mutex
	newest []byte
	wake   chan struct{}
	ended  chan struct{}
	err    error // of the newest attempt
}

func newKeeper(dir string, log *slog.Logger) *keeper {
	k := &keeper{log: log, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	if dir != "" {
		k.path = filepath.Join(dir, "highest-checkpoint")
	}
	go k.run()
	return k
}

// read returns the kept checkpoint, nil if there is none.
func (k *keeper) read() ([]byte, error) {
	if k.path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

func (k *keeper) keep(text []byte) {
	k.mu.Lock()
	k.newest = text
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func (k *keeper) run() {
	defer close(k.ended)
	for range k.wake {
		k.mu.Lock()
		text := k.newest
		k.mu.Unlock()
		if k.path == "" || text == nil {
			continue
		}
		if k.err = writeAtomic(k.path, text); k.err != nil {
			k.err = fmt.Errorf("keep checkpoint: %w", k.err)
			k.log.Error("the newest checkpoint is not kept: a store that comes back shorter would go unnoticed", "cause", k.err)
		}
	}
}

// close waits until the newest checkpoint is on disk.
func (k *keeper) close() error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	select {
	case <-k.ended:
	default:
		close(k.wake)
		k.mu.Unlock()
		<-k.ended
		k.mu.Lock()
	}
	return k.err
}

// writeAtomic replaces a file: write beside it, fsync, rename, fsync the folder.
func writeAtomic(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone after the rename; an error leaves no litter
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
