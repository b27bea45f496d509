package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// snapshot is a state bound to the tree it was computed from and to the
// program that computed it: it counts only while the log's own hashes still
// give Root at Size, and another build might fold otherwise.
type snapshot struct {
	Build [sha256.Size]byte
	Size  uint64
	Root  domain.Hash
	State []byte
}

// build identifies the running program by its bytes: what the toolchain stamps
// into it is the same for two programs that were built without their history.
var build = sync.OnceValues(func() ([sha256.Size]byte, error) {
	path, err := os.Executable()
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("find the running program: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("read the running program: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("read the running program: %w", err)
	}
	return [sha256.Size]byte(sum.Sum(nil)), nil
})

func (l *Ledger) snapshotPath() string { return filepath.Join(l.cfg.Dir, "state.snapshot") }

// saveSnapshot writes the committed state. It is a cache: losing it costs time.
func (l *Ledger) saveSnapshot() error {
	if l.cfg.Dir == "" || l.failed() != nil || l.Size() == 0 {
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
	self, err := build()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(snapshot{Build: self, Size: size, Root: root, State: state}); err != nil {
		return fmt.Errorf("encode snapshot: %w", err)
	}
	sum := sha256.Sum256(out.Bytes())
	return writeAtomic(l.snapshotPath(), append(sum[:], out.Bytes()...))
}

// loadSnapshot restores state and tree from the caches, or empties both. What
// cannot be used is reported and ignored: the journal holds everything.
func (l *Ledger) loadSnapshot() error {
	state, err := l.readSnapshot()
	if err == nil {
		l.state = state
		err = l.tree.Truncate(state.Next())
	}
	if err == nil {
		err = l.tree.Check()
	}
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		l.cfg.Log.Warn("the caches are not used; replaying the journal instead", "cause", err)
	}
	return l.startOver()
}

// startOver empties state and tree. A hash file that cannot even be emptied is
// replaced by memory.
func (l *Ledger) startOver() error {
	l.state = domain.NewState()
	err := l.tree.Truncate(0)
	if err == nil {
		return nil
	}
	l.cfg.Log.Warn("the hash cache cannot be used; keeping the tree in memory", "cause", err)
	return l.treeInMemory()
}

func (l *Ledger) readSnapshot() (*domain.State, error) {
	if l.cfg.Dir == "" {
		return nil, fs.ErrNotExist
	}
	data, err := os.ReadFile(l.snapshotPath())
	if err != nil {
		return nil, err
	}
	if len(data) < sha256.Size || sha256.Sum256(data[sha256.Size:]) != [sha256.Size]byte(data[:sha256.Size]) {
		return nil, errors.New("the snapshot's checksum does not match")
	}
	var s snapshot
	if err := gob.NewDecoder(bytes.NewReader(data[sha256.Size:])).Decode(&s); err != nil {
		return nil, err
	}
	self, err := build()
	if err != nil {
		return nil, err
	}
	if s.Build != self {
		return nil, errors.New("another build of the program wrote the snapshot")
	}
	root, err := l.tree.RootAt(s.Size)
	if err != nil {
		return nil, err
	}
	if root != s.Root {
		return nil, errors.New("the tree's hashes give another root than the snapshot's")
	}
	state := domain.NewState()
	if err := state.UnmarshalBinary(s.State); err != nil {
		return nil, err
	}
	if state.Next() != s.Size {
		return nil, fmt.Errorf("the snapshot of %d events holds %d", s.Size, state.Next())
	}
	return state, nil
}
