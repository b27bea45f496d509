package ledger

import (
	"io"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// openTree opens the tree on its hash file, or in memory where there is none
// or it cannot be used.
func (l *Ledger) openTree() error {
	if l.cfg.Dir == "" {
		return l.treeInMemory()
	}
	file, err := translog.OpenFileHashes(filepath.Join(l.cfg.Dir, "hashes"))
	if err == nil {
		l.hashes = file
		l.tree, err = translog.NewTree(file)
	}
	if err == nil {
		return nil
	}
	l.cfg.Log.Warn("the hash cache cannot be used; keeping the tree in memory", "cause", err)
	return l.treeInMemory()
}

// treeInMemory gives up the hash file, if there is one.
func (l *Ledger) treeInMemory() (err error) {
	if l.hashes != nil {
		if err := l.hashes.Close(); err != nil {
			l.cfg.Log.Warn("close the hash cache", "cause", err)
		}
	}
	l.hashes = io.NopCloser(nil)
	l.tree, err = translog.NewTree(translog.MemoryHashes())
	return err
}
