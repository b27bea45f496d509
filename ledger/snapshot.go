package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// snapshot is a state bound to the tree it was computed from: it counts only
// while the log's own hashes still give Root at Size.
type snapshot struct {
	Size  uint64
	Root  domain.Hash
	State []byte
}

func (l *Ledger) snapshotPath() string { return filepath.Join(l.cfg.Dir, "state.snapshot") }

// saveSnapshot writes the committed state. It is a cache: losing it costs time.
func (l *Ledger) saveSnapshot() error {
	if l.cfg.Dir == "" || l.broken() != nil || l.Size() == 0 {
		return nil
	}
	l.mu.RLock()
	state, err := l.state.MarshalBinary()
	size := l.state.Next()
	l.mu.RUnlock()
	if err != nil {
		return err
	}
	root, err := l.tree.RootAt(size)
	if err != nil {
		return fmt.Errorf("bind snapshot: %w", err)
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(snapshot{Size: size, Root: root, State: state}); err != nil {
		return fmt.Errorf("encode snapshot: %w", err)
	}
	sum := sha256.Sum256(out.Bytes())
	return writeAtomic(l.snapshotPath(), append(sum[:], out.Bytes()...))
}

// loadSnapshot restores the newest usable state. What cannot be used is
// reported and ignored: the journal holds everything.
func (l *Ledger) loadSnapshot() {
	err := l.tryLoadSnapshot()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.cfg.Log.Warn("the state snapshot is not used; replaying the journal instead", "cause", err)
	}
	if err != nil {
		l.state = domain.NewState()
	}
	if err := l.tree.Truncate(l.state.Next()); err != nil {
		l.cfg.Log.Warn("the tree's hashes are not used; hashing the journal instead", "cause", err)
		l.state = domain.NewState()
	}
}

func (l *Ledger) tryLoadSnapshot() error {
	if l.cfg.Dir == "" {
		return fs.ErrNotExist
	}
	data, err := os.ReadFile(l.snapshotPath())
	if err != nil {
		return err
	}
	if len(data) < sha256.Size || sha256.Sum256(data[sha256.Size:]) != [sha256.Size]byte(data[:sha256.Size]) {
		return errors.New("its checksum does not match")
	}
	var s snapshot
	if err := gob.NewDecoder(bytes.NewReader(data[sha256.Size:])).Decode(&s); err != nil {
		return err
	}
	root, err := l.tree.RootAt(s.Size)
	if err != nil {
		return err
	}
	if root != s.Root {
		return errors.New("the tree's hashes give another root")
	}
	return l.state.UnmarshalBinary(s.State)
}
