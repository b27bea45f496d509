package projections

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Snapshot is what a view's file holds, for a check from outside.
type Snapshot struct {
	File   string
	Size   uint64 // facts folded
	Digest        // of its value; Sum is zero when Err is set or it is Void
	Void   bool   // it is of another view or version than this program's
	Err    error  // it is torn, changed or no snapshot
}

// errSum says that a file's checksum does not match.
var errSum = errors.New("the sum does not match: it is torn or changed")

// Inspect reads the snapshots and the kept digests in a runner's folder and
// trusts nothing in them: who reads them compares with digests of views that
// were folded afresh. Files that are missing are left out.
func Inspect(dir string) ([]Snapshot, error) {
	var out []Snapshot
	var genesis domain.Hash
	v := NewViews()
	for i, view := range v.all {
		path := snapshotPath(dir, view)
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return out, fmt.Errorf("read snapshot: %w", err)
		}
		s, head := inspect(view, content)
		s.File = filepath.Base(path)
		if i == 0 {
			genesis = head.Genesis
		} else if s.Err == nil && head.Genesis != genesis {
			s.Err = errVoid
		}
		out = append(out, s)
	}
	return inspectDigests(dir, v, genesis, out)
}

func inspect(view View, content []byte) (s Snapshot, head snapshotHead) {
	line, body, _ := bytes.Cut(content, []byte("\n"))
	if s.Err = json.Unmarshal(line, &head, json.RejectUnknownMembers(true)); s.Err != nil {
		return s, head
	}
	s.Size, s.Digest = head.Size, Digest{View: head.View, Version: head.Version}
	sum, err := sumOf(head, body)
	if err == nil && sum != head.Sum {
		err = errSum
	}
	switch {
	case err != nil:
		s.Err = err
	case head.View != view.Name() || head.Version != view.Version():
		s.Void = true
	default:
		if s.Err = view.Load(bytes.NewReader(body)); s.Err == nil {
			s.Sum, s.Err = digest(view)
		}
	}
	return s, head
}

func inspectDigests(dir string, v *Views, genesis domain.Hash, out []Snapshot) ([]Snapshot, error) {
	kept, err := readDigests(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return out, err
	}
	if err == nil && kept.Genesis != genesis {
		err = errVoid
	}
	if err != nil {
		return append(out, Snapshot{File: digestsFile, Err: err}), nil
	}
	for size, list := range kept.At {
		for _, d := range list {
			out = append(out, Snapshot{File: digestsFile, Size: size, Digest: d, Void: !v.sameVersions(list)})
		}
	}
	return out, nil
}
