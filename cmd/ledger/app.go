package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"
)

// app is what a command runs in.
type app struct {
	streams
	globals
	now    func() time.Time
	getenv func(string) string
	pass   []byte // once read
}

// answer prints v as one line of JSON, or what text writes.
func (a *app) answer(v any, text func(w io.Writer)) error {
	if a.JSON {
		writeJSON(a.out, v)
		return nil
	}
	text(a.out)
	return nil
}

// note tells a person what goes on; --json stays silent.
func (a *app) note(format string, args ...any) {
	if !a.JSON {
		fmt.Fprintf(a.err, format+"\n", args...)
	}
}

func writeJSON(w io.Writer, v any) {
	line, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		line = fmt.Appendf(nil, `{"error":%q}`, "encode the answer: "+err.Error())
	}
	_, _ = w.Write(append(line, '\n')) // a closed pipe is the reader's choice
}

func (a *app) home() (string, error) {
	if a.Home != "" {
		return a.Home, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", usage("name a folder for the outbox with --home or LEDGER_HOME: %w", err)
	}
	return filepath.Join(dir, "ledger"), nil
}

// input reads a file, or standard input for "-".
func (a *app) input(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(a.in)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &usageError{err}
	}
	return data, nil
}

// writeNew writes a file that must not exist yet; secret ones for the owner only.
func writeNew(path string, data []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists and is not replaced: choose another name or move it away", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}
