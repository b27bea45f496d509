package projections

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// snapshotHead is the first line of a snapshot file, in JSON; the saved view
// follows. Sum covers the head, with Sum itself zero, and the view.
type snapshotHead struct {
	View    string      `json:"view"`
	Version int         `json:"version"`
	Size    uint64      `json:"size"` // facts folded
	Genesis domain.Hash `json:"genesis"`
	Sum     domain.Hash `json:"sha256"`
}

// errVoid marks a snapshot that is whole but not this view's.
var errVoid = errors.New("the snapshot is of another view, version or ledger")

// snapshot writes every view with its index, each file whole or not at all.
func (r *Runner) snapshot() error {
	if r.cfg.Dir == "" {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	size := r.views.Size()
	if size == 0 {
		return nil
	}
	for i, view := range r.views.all {
		head := snapshotHead{View: view.Name(), Version: view.Version(), Size: r.views.next[i], Genesis: r.views.Genesis()}
		if err := writeSnapshot(r.cfg.Dir, head, view); err != nil {
			return fmt.Errorf("snapshot of view %s: %w", view.Name(), err)
		}
	}
	if err := r.saveDigests(); err != nil {
		return fmt.Errorf("digests of views: %w", err)
	}
	r.waitMu.Lock()
	defer r.waitMu.Unlock()
	r.live.Snapshot = size
	return nil
}

func writeSnapshot(dir string, head snapshotHead, view View) error {
	var body bytes.Buffer
	if err := view.Save(&body); err != nil {
		return err
	}
	sum, err := sumOf(head, body.Bytes())
	if err != nil {
		return err
	}
	head.Sum = sum
	line, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("encode head: %w", err)
	}
	return replaceFile(snapshotPath(dir, view), append(append(line, '\n'), body.Bytes()...))
}

func sumOf(head snapshotHead, body []byte) (domain.Hash, error) {
	head.Sum = domain.Hash{}
	line, err := json.Marshal(head)
	if err != nil {
		return domain.Hash{}, fmt.Errorf("encode head: %w", err)
	}
	hash := sha256.New()
	hash.Write(line)
	hash.Write(body)
	return domain.Hash(hash.Sum(nil)), nil
}

func snapshotPath(dir string, view View) string {
	return filepath.Join(dir, view.Name()+".snapshot")
}

// replaceFile puts a file in place whole: written aside, synced, renamed, and
// the folder synced.
func replaceFile(path string, content []byte) error {
	aside, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	defer func() { _ = os.Remove(aside.Name()) }() // gone already when all went well
	_, err = aside.Write(content)
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := os.Rename(aside.Name(), path); err != nil {
		return fmt.Errorf("put in place: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

// restore loads what snapshots hold. A view whose snapshot is missing, torn,
// of another version or of another ledger than the history starts empty and
// is folded again from the facts, beside the others.
func restore(dir string, log *slog.Logger) *Views {
	v := NewViews()
	var history snapshotHead // what the other views point into
	for i, view := range v.all {
		head, body, err := readSnapshot(snapshotPath(dir, view), view)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err == nil && i > 0 && (head.Genesis != history.Genesis || head.Size > history.Size):
			err = errVoid
		case err == nil:
			err = view.Load(bytes.NewReader(body))
		}
		if err != nil {
			log.Warn("views: a snapshot is left aside, the view is folded again", "view", view.Name(), "error", err)
			continue
		}
		if v.next[i] = head.Size; i == 0 {
			history = head
		}
	}
	return v
}

func readSnapshot(path string, view View) (head snapshotHead, body []byte, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return head, nil, fmt.Errorf("read snapshot: %w", err)
	}
	line, body, _ := bytes.Cut(content, []byte("\n"))
	if err := json.Unmarshal(line, &head); err != nil {
		return head, nil, fmt.Errorf("read snapshot: %w", err)
	}
	if head.View != view.Name() || head.Version != view.Version() {
		return head, nil, errVoid
	}
	sum, err := sumOf(head, body)
	if err == nil && sum != head.Sum {
		err = errors.New("the snapshot's sum does not match: it is torn or changed")
	}
	return head, body, err
}
