package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	maxForks   = 256 // pieces of evidence kept for a log
	maxOpen    = 16  // of them without proof, which anybody can cause
	newestFile = "checkpoint"
)

// disk is a witness's folder: for each log a folder named by the SHA-256 of its
// origin, with the newest cosigned checkpoint and a folder of evidence.
type disk struct{ dir string }

// originID names a log in paths (C2SP tlog-mirror's origin hash).
func originID(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return hex.EncodeToString(sum[:])
}

func (d disk) prepare(origin string) error {
	return os.MkdirAll(filepath.Join(d.dir, originID(origin), "evidence"), 0o700)
}

// newest returns the newest cosigned checkpoint, nil if there is none.
func (d disk) newest(origin string) ([]byte, error) {
	note, err := os.ReadFile(filepath.Join(d.dir, originID(origin), newestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return note, err
}

// save replaces the newest checkpoint. It stands on the disk when save returns.
func (d disk) save(origin string, note []byte) error {
	return writeDurably(filepath.Join(d.dir, originID(origin)), newestFile, note)
}

// writeDurably replaces a file: whoever reads it, also after a crash, finds the
// old text or the new one.
func writeDurably(dir, name string, text []byte) error {
	f, err := os.CreateTemp(dir, "."+name+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return syncDir(dir)
}

// keep adds a piece of evidence, once. It returns "" when the folder is full.
func (d disk) keep(origin, kind string, text []byte, most int) (name string, err error) {
	sum := sha256.Sum256(text)
	name = fmt.Sprintf("%s-%x.txt", kind, sum[:8])
	names, err := d.evidence(origin)
	if err != nil || slices.Contains(names, name) {
		return name, err
	}
	same := 0
	for _, n := range names {
		if strings.HasPrefix(n, kind+"-") {
			same++
		}
	}
	if same >= most {
		return "", nil
	}
	return name, writeDurably(filepath.Join(d.dir, originID(origin), "evidence"), name, text)
}

// evidence lists what keep wrote.
func (d disk) evidence(origin string) (names []string, err error) {
	entries, err := os.ReadDir(filepath.Join(d.dir, originID(origin), "evidence"))
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".txt") && e.Name()[0] != '.' {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func (d disk) readEvidence(origin, name string) ([]byte, error) {
	names, err := d.evidence(origin)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, name) {
		return nil, fs.ErrNotExist
	}
	return os.ReadFile(filepath.Join(d.dir, originID(origin), "evidence", name))
}
