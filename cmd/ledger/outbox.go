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

// waiting returns the unexpired envelopes that were written and not answered.
func (o outbox) waiting(now time.Time) (map[eventKey]*seal.Envelope, error) {
	found := make(map[eventKey]*seal.Envelope)
	files, err := filepath.Glob(filepath.Join(o.dir, "*.jws"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			e, err := seal.Parse(bytes.TrimSuffix(line, []byte{'\n'}))
			if err == nil && e.Header.ExpiresAt > now.Unix() { // a torn line was never posted
				found[keyOf(e)] = e
			}
		}
	}
	return found, nil
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
	var text bytes.Buffer
	for _, e := range envelopes {
		text.Write(e.Raw)
		text.WriteByte('\n')
	}
	if path, ok := o.holds(text.Bytes()); ok {
		return path, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	path := filepath.Join(o.dir, id.String()+".jws")
	if err := writeNew(path, text.Bytes(), 0o600); err != nil {
		return "", fmt.Errorf("keep the envelopes before posting: %w", err)
	}
	return path, nil
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

// done moves an answered file to sent, with its receipts, and drops what
// earlier attempts left of the same events.
func (o outbox) done(path string, receipts []byte, answered map[eventKey]bool) error {
	base := filepath.Join(o.sent, filepath.Base(path))
	err := os.WriteFile(strings.TrimSuffix(base, ".jws")+".receipts.ndjson", receipts, 0o600)
	return errors.Join(err, os.Rename(path, base), o.sweep(answered))
}

// sweep removes files all of whose envelopes were answered.
func (o outbox) sweep(answered map[eventKey]bool) error {
	files, err := filepath.Glob(filepath.Join(o.dir, "*.jws"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		open := false
		for line := range bytes.Lines(text) {
			e, err := seal.Parse(bytes.TrimSuffix(line, []byte{'\n'}))
			open = open || err == nil && !answered[keyOf(e)]
		}
		if !open {
			err = os.Remove(file)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
