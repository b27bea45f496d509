package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// outbox keeps envelopes until the ledger has answered: outbox/*.jws, one
// envelope a line. Answered files move to sent/ with their receipts.
type outbox struct{ dir, sent string }

func (a *app) outbox() (outbox, error) {
	home, err := a.home()
	if err != nil {
		return outbox{}, err
	}
	o := outbox{dir: filepath.Join(home, "outbox"), sent: filepath.Join(home, "sent")}
	for _, dir := range []string{o.dir, o.sent} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return outbox{}, &usageError{err}
		}
	}
	return o, nil
}

// eventKey is what makes an event the same at the ledger.
type eventKey struct {
	ledger domain.Hash
	issuer domain.AgencyID
	id     string
}

func keyOf(e *seal.Envelope) eventKey {
	return eventKey{e.Header.Ledger, e.Header.Issuer, e.Header.EventID}
}

// kept is a file of the outbox.
type kept struct {
	path      string
	envelopes []*seal.Envelope // without torn lines: those were never posted
}

// files reads the outbox.
func (o outbox) files() ([]kept, error) {
	paths, err := filepath.Glob(filepath.Join(o.dir, "*.jws"))
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	out := make([]kept, 0, len(paths))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another command has filed it away
		}
		if err != nil {
			return nil, err
		}
		f := kept{path: path}
		for line := range bytes.Lines(text) {
			if e, err := seal.Parse(bytes.TrimSuffix(line, []byte{'\n'})); err == nil {
				f.envelopes = append(f.envelopes, e)
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// waiting returns the unexpired envelopes that were written and not answered.
func (o outbox) waiting(now time.Time) (map[eventKey]*seal.Envelope, error) {
	files, err := o.files()
	found := make(map[eventKey]*seal.Envelope)
	for _, f := range files {
		for _, e := range f.envelopes {
			if e.Header.ExpiresAt > now.Unix() {
				found[keyOf(e)] = e
			}
		}
	}
	return found, err
}

// reuse replaces envelopes by those that wait with the same id and payload.
func (o outbox) reuse(envelopes []*seal.Envelope, now time.Time) ([]*seal.Envelope, error) {
	waiting, err := o.waiting(now)
	if err != nil || len(waiting) == 0 {
		return envelopes, err
	}
	out := slices.Clone(envelopes)
	for i, e := range envelopes {
		if old, ok := waiting[keyOf(e)]; ok && bytes.Equal(old.Payload, e.Payload) && old.Header.Type == e.Header.Type {
			out[i] = old
		}
	}
	return out, nil
}

// put writes envelopes to a file of their own, durably, and returns its path.
func (o outbox) put(envelopes []*seal.Envelope) (string, error) {
	text := linesOf(envelopes)
	if path, ok := o.holds(text); ok {
		return path, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	path := filepath.Join(o.dir, id.String()+".jws")
	if err := writeNew(path, text, 0o600); err != nil {
		return "", fmt.Errorf("keep the envelopes before posting: %w", err)
	}
	return path, nil
}

func linesOf(envelopes []*seal.Envelope) []byte {
	var text bytes.Buffer
	for _, e := range envelopes {
		text.Write(e.Raw)
		text.WriteByte('\n')
	}
	return text.Bytes()
}

// holds finds a file of the outbox with exactly this content: an attempt before.
func (o outbox) holds(text []byte) (string, bool) {
	paths, _ := filepath.Glob(filepath.Join(o.dir, "*.jws")) // the pattern is sound
	for _, path := range paths {
		if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, text) {
			return path, true
		}
	}
	return "", false
}

// file moves what was answered to sent, with its receipts, drops what earlier
// attempts left of it, and says which files hold the rest.
func (o outbox) file(path string, envelopes []*seal.Envelope, results []delivered) (left []string, err error) {
	var receipts bytes.Buffer
	var done, open []*seal.Envelope
	for i, e := range envelopes {
		if !results[i].answered() {
			open = append(open, e)
			continue
		}
		done = append(done, e)
		writeJSON(&receipts, results[i])
	}
	if len(open) > 0 {
		if left, err = o.hold(path, open); err != nil || slices.Contains(left, path) {
			return left, err
		}
	}
	if len(done) == 0 {
		return left, os.Remove(path)
	}
	base := filepath.Join(o.sent, strings.TrimSuffix(filepath.Base(path), ".jws"))
	if err = os.WriteFile(base+".receipts.ndjson", receipts.Bytes(), 0o600); err == nil {
		err = errors.Join(replaceFile(base+".jws", linesOf(done)), os.Remove(path), o.sweep(done))
	}
	return left, err
}

// hold returns the files that keep envelopes of the one at path, which are those
// that they came from, or a new one.
func (o outbox) hold(path string, open []*seal.Envelope) ([]string, error) {
	files, err := o.files()
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f kept) bool { return f.path == path })
	var left []string
	for _, e := range open {
		at := slices.IndexFunc(files, func(f kept) bool {
			return slices.ContainsFunc(f.envelopes, func(o *seal.Envelope) bool { return bytes.Equal(o.Raw, e.Raw) })
		})
		if at < 0 {
			path, err := o.put(open)
			return []string{path}, err
		}
		if !slices.Contains(left, files[at].path) {
			left = append(left, files[at].path)
		}
	}
	return left, nil
}

// sweep removes files all of whose envelopes were answered.
func (o outbox) sweep(done []*seal.Envelope) error {
	answered := make(map[eventKey]bool, len(done))
	for _, e := range done {
		answered[keyOf(e)] = true
	}
	files, err := o.files()
	for _, f := range files {
		if slices.ContainsFunc(f.envelopes, func(e *seal.Envelope) bool { return !answered[keyOf(e)] }) {
			continue
		}
		if no := os.Remove(f.path); !errors.Is(no, fs.ErrNotExist) {
			err = errors.Join(err, no)
		}
	}
	return err
}
