package integration

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// block is a fenced block of shell in a document. The comment before it, if
// there is one, says how it is run:
//
//	<!-- test: background -->   it keeps running: go on when it has printed
//	<!-- test: skip (why) -->   it cannot run here
//
// Blocks of one document run in order in one shell. What a block in the
// background prints to be pasted (lines that begin with export) is pasted.
type block struct {
	line int
	mode string // "", "background" or "skip"
	text string
}

// blocks returns the ```sh blocks of a document. An unknown mode, and a block
// without end, are errors.
func blocks(doc string) (out []block, err error) {
	var open *block
	fence, mode := false, ""
	for n, line := range strings.Split(doc, "\n") {
		switch {
		case strings.HasPrefix(line, "```") && fence:
			fence = false
			if open != nil {
				out, open = append(out, *open), nil
			}
		case strings.HasPrefix(line, "```"):
			fence = true
			if line == "```sh" {
				open = &block{line: n + 1, mode: mode}
			}
			mode = ""
		case open != nil:
			open.text += line + "\n"
		case strings.HasPrefix(line, "<!-- test:"):
			said, _, _ := strings.Cut(strings.TrimPrefix(line, "<!-- test:"), "-->")
			mode, _, _ = strings.Cut(strings.TrimSpace(said), " ")
			if mode != "background" && mode != "skip" {
				return nil, fmt.Errorf("line %d: test: %s is neither background nor skip", n+1, mode)
			}
		}
	}
	if fence {
		return nil, fmt.Errorf("a block without end")
	}
	return out, nil
}

// script runs all blocks in one shell; each says where it is from when it
// fails.
func script(name string, list []block) string {
	var s strings.Builder
	s.WriteString(prelude)
	for i, b := range list {
		fmt.Fprintf(&s, "at='%s line %d'\n", name, b.line)
		switch b.mode {
		case "":
			s.WriteString(b.text)
		case "background":
			fmt.Fprintf(&s, "( %s) >.block-%d 2>&1 &\npaste .block-%d\n", b.text, i, i)
		}
	}
	return s.String()
}

const prelude = `set -euo pipefail
at=start
trap 'code=$?; [ $code = 0 ] || echo "FAILED at $at (exit $code)" >&2' EXIT
paste() { # waits for a block in the background to print, and pastes its exports
  for _ in $(seq 100); do
    [ -s "$1" ] && break
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  [ -s "$1" ]
  sleep 0.3
  eval "$(grep -E '^ *export ' "$1" || true)"
}
`

// goWrapper stands for the go command: it runs the commands that were built,
// and takes the tests, of which this is one, as passed.
const goWrapper = `#!/bin/sh
case "$1 ${2-}" in
"run ./cmd/ledgerd") shift 2; exec "%[1]s/ledgerd" "$@" ;;
"run ./cmd/ledger") shift 2; exec "%[1]s/ledger" "$@" ;;
"test "*) echo ok ;;
"install "*|"build "*) ;;
*) exec "%[2]s" "$@" ;;
esac
`

// runBlocks runs a document's blocks in a folder and ends what they left
// running.
func runBlocks(ctx context.Context, t *testing.T, name, doc, dir string) (stdout string, err error) {
	t.Helper()
	list, err := blocks(doc)
	if err != nil || len(list) == 0 {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	realGo, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	writeFile(t, 0o755, fmt.Sprintf(goWrapper, commands, realGo), bin, "go")
	c := exec.CommandContext(ctx, "bash", "-c", script(name, list))
	out, problems := filepath.Join(bin, "stdout"), filepath.Join(bin, "stderr")
	c.Dir, c.Stdout, c.Stderr = dir, create(t, out), create(t, problems) // files: servers left running hold no pipe open
	c.Env = append(os.Environ(), "PATH="+bin+":"+commands+":"+os.Getenv("PATH"), "HOME="+t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	group := func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.Cancel = group
	err = c.Run()
	if c.Process != nil {
		for range 100 { // servers in the background
			if group() != nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, readFile(t, problems))
	}
	return readFile(t, out) + "\n", nil
}

func create(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// checkout copies the module as a newcomer would find it, without history.
func checkout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		to := filepath.Join(dir, strings.TrimPrefix(path, ".."))
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(to, 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The commands in the documents run as written.
func TestDocuments(t *testing.T) {
	docs, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := readFile(t, "..", "cmd", "ledger", "docs_test.go")
	for _, path := range append([]string{"../README.md"}, docs...) {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			if strings.Contains(elsewhere, `"`+name+`"`) {
				t.Skip("cmd/ledger/docs_test.go runs it, with what it needs")
			}
			out, err := runBlocks(t.Context(), t, name, readFile(t, path), checkout(t))
			if err != nil {
				t.Fatal(err)
			}
			if name == "README.md" && !strings.Contains(out, `{"listed":99,"transposed":81,"open":18,`) {
				t.Error("README.md promises 99 listed, 81 transposed, 18 open, and does not show them")
			}
			t.Logf("%d bytes printed", len(out))
		})
	}
}

// The extractor itself: a document that is right, and ones that are not.
func TestBlocks(t *testing.T) {
	out, err := runBlocks(t.Context(), t, "right.md", readFile(t, "testdata", "right.md"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, "listed 155\n") || !strings.Contains(out, "ok\n") || strings.Contains(out, "never") {
		t.Errorf("printed %q", out)
	}
	for doc, want := range map[string]string{
		"```sh\ntrue\n```\n\n```sh\nfalse\n```\n":       "wrong.md line 5",
		"```sh\nledgerd demo --no-such-flag\n```\n":     "wrong.md line 1",
		"```sh\necho $UNSET_NAME\n```\n":                "UNSET_NAME",
		"```sh\nfalse | true\n```\n":                    "wrong.md line 1",
		"```sh\ntrue\n":                                 "without end",
		"<!-- test: later -->\n```sh\ntrue\n```\n":      "later",
		"<!-- test: background -->\n```sh\ntrue\n```\n": "wrong.md line 2",
	} {
		if _, err := runBlocks(t.Context(), t, "wrong.md", doc, t.TempDir()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", doc, err, want)
		}
	}
}
