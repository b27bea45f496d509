package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The commands of the pages run as they stand, in one shell, in an empty folder.
func TestDocs(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	lists := data(t)
	script := prelude
	for _, page := range []string{"ONBOARDING.md", "IMPORT.md", "SUBSCRIPTIONS.md", "SEALED.md", "DRILLS.md", "KEYS.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
		if err != nil {
			t.Fatal(err)
		}
		script += commands(string(text), lists != "")
	}
	cmd := exec.CommandContext(t.Context(), bash, "-c", script)
	cmd.Dir = t.TempDir()
	cmd.WaitDelay = time.Second // a server left behind holds the pipe
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LEDGER_DATA=" + lists, "LEDGER_WORK_FACTOR=8"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, tail(string(out), 6000))
	}
}

const prelude = `set -eEuo pipefail
trap 'echo "failed: $BASH_COMMAND"' ERR
trap 'kill $(cat ledgerd.pid) 2>/dev/null' EXIT
mustfail() { if "$@"; then echo "this was to fail: $*"; return 1; fi; }
`

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// commands takes the sh blocks out of a page. A line that begins with "! " must
// fail, which bash alone does not ask for.
func commands(page string, withData bool) string {
	var out strings.Builder
	for _, block := range strings.Split(page, "\n```sh")[1:] {
		head, body, _ := strings.Cut(block, "\n")
		if strings.TrimSpace(head) == "data" && !withData {
			continue
		}
		body, _, _ = strings.Cut(body, "\n```")
		for line := range strings.Lines(body + "\n") {
			if rest, ok := strings.CutPrefix(line, "! "); ok {
				line = "mustfail " + rest
			}
			out.WriteString(line)
		}
	}
	return out.String()
}
