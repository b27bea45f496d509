package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func TestMain(m *testing.M) {
	testscript.Main(withServer{m}, map[string]func(){"ledger": func() { os.Exit(execute()) }, "rawsign": rawSign})
}

// withServer builds ledgerd once, and has it on the path while tests run.
type withServer struct{ *testing.M }

func (m withServer) Run() int {
	dir, err := os.MkdirTemp("", "ledgerd")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "ledgerd"), "../ledgerd").CombinedOutput()
	if err == nil {
		err = os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "build ledgerd: %v\n%s", err, out)
		return 1
	}
	return m.M.Run()
}

// data is the folder with published lists, "" when this machine has none.
func data(t *testing.T) string {
	dir := os.Getenv("LEDGER_DATA")
	if dir == "" && os.Getenv("CI") != "" {
		t.Fatal("LEDGER_DATA is not set: CI runs the scripts on the published lists")
	}
	return dir
}

func TestScripts(t *testing.T) {
	lists := data(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Condition: func(cond string) (bool, error) {
			if cond == "data" {
				return lists != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Setup: func(e *testscript.Env) error {
			for name, value := range settings(e.WorkDir, lists) {
				e.Setenv(name, value)
			}
			docs, err := filepath.Abs(filepath.Join("..", "..", "docs"))
			if err != nil {
				return err
			}
			e.Setenv("DOCS", docs)
			return os.WriteFile(filepath.Join(e.WorkDir, "passphrase"), []byte("correct horse\n"), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"waitfile": waitFile, "envfile": envFile, "envjson": envJSON, "coalition": coalition, "actions": actions, "flip": flip, "fill": fillFile, "waitsize": waitSize, "rogue": rogue, "gather": gather, "operator": operator, "forge": forge,
			"refuse": refuse, "twist": twist, "each-left-out": eachLeftOut, "for-each-alg": eachAlg, "grow": grow,
		},
	})
}

func settings(work, lists string) map[string]string {
	return map[string]string{
		"LEDGER_PASSPHRASE_FILE": filepath.Join(work, "passphrase"), "LEDGER_HOME": filepath.Join(work, "home"),
		"LEDGER_WORK_FACTOR": "8", "LEDGER_DATA": lists,
	}
}

// waitFile waits until a file has a whole line.
func waitFile(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	for range 300 {
		if text, err := os.ReadFile(path); err == nil && bytes.HasSuffix(text, []byte{'\n'}) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s was not written within 30 s", args[0])
}

// envFile NAME FILE sets a variable to what a file holds.
func envFile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

// envJSON NAME MEMBER sets a variable to a member of the JSON on stdout.
func envJSON(ts *testscript.TestScript, _ bool, args []string) {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	var answer map[string]any
	ts.Check(d.Decode(&answer))
	value, ok := answer[args[1]]
	if !ok {
		ts.Fatalf("the answer has no %s", args[1])
	}
	ts.Setenv(args[0], fmt.Sprint(value))
}

// coalition founds XA, XB and XC, serves it as $LEDGER_SERVER from store, and
// registers an agency of each, whose key is XA-mof.key and so on.
func coalition(ts *testscript.TestScript, _ bool, args []string) {
	do := func(line string) {
		words := strings.Fields(line)
		ts.Check(ts.Exec(words[0], words[1:]...))
	}
	do("ledger found --dir c --name Test --origin ledger.example/test --member XA --member XB --member XC")
	do("ledger token keygen -o token.key --jwks jwks.json")
	ts.Setenv("LEDGER_GENESIS", ts.MkAbs("c/genesis.jws"))
	server := exec.Command("ledgerd", "serve", "--genesis", "c", "--log-key", "c/log.key", "--store", "memory:", "--listen", "127.0.0.1:0", "--auth-keys", "jwks.json", "--sealed", "sealed", "--subscriptions", "subscriptions", "--webhook-loopback", "--addr-file", "addr")
	server.Dir = ts.MkAbs(".")
	var log bytes.Buffer
	server.Stderr = &log
	ts.Check(server.Start())
	ts.Defer(func() {
		_ = server.Process.Signal(os.Interrupt)
		if err := server.Wait(); err != nil {
			ts.Logf("ledgerd: %v\n%s", err, &log)
		}
	})
	waitFile(ts, false, []string{"addr"})
	envFile(ts, false, []string{"LEDGER_SERVER", "addr"})
	tokens := "ledger token --key token.key --role agency --ttl 1h -o token"
	for _, m := range []string{"XA", "XB", "XC"} {
		tokens += " --agency " + m + "/root --agency " + m + "/mof"
	}
	do(tokens)
	ts.Setenv("LEDGER_TOKEN_FILE", ts.MkAbs("token"))
	for _, m := range []string{"XA", "XB", "XC"} {
		do("ledger agency register " + m + "/mof --name Finance --key c/" + m + "-root.key")
		do("ledger keys new -o " + m + "-mof.key")
		do("ledger keys register --agency " + m + "/mof --new " + m + "-mof.key --key c/" + m + "-root.key")
	}
}

// actions FILE N [ROW:COLUMN=VALUE …] writes N enforcement actions as CSV,
// with some cells replaced.
func actions(ts *testscript.TestScript, _ bool, args []string) {
	head := []string{"occurred_on", "kind", "illustrative", "amount.amount", "amount.currency", "legal_basis.instrument", "legal_basis.paragraph", "respondent.kind", "respondent.names.text", "respondent.identifiers.scheme", "respondent.identifiers.value", "concerning", "summary.text", "summary.language", "source_ref.system", "source_ref.id"}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	changes := make(map[string]string)
	for _, c := range args[2:] {
		at, value, _ := strings.Cut(c, "=")
		changes[at] = value
	}
	text := strings.Join(head, ",") + "\n"
	for i := 1; i <= n; i++ {
		cells := []string{
			fmt.Sprintf("2026-%02d-%02d", 1+i%6, 1+i%28), []string{"penalty", "warning", "settlement"}[i%3], "true", fmt.Sprintf("%d.50", 1000+i), "EUR",
			"Act 7", "12(3)", "vessel", fmt.Sprintf("FICTIONAL STAR %d", i), "imo", "9074729", "XX|XY", fmt.Sprintf("\"Case %d, closed\"", i), "en", "cases", fmt.Sprintf("2026/%d", i),
		}
		for k, name := range head {
			if v, ok := changes[fmt.Sprintf("%d:%s", i, name)]; ok {
				cells[k] = v
			}
		}
		text += strings.Join(cells, ",") + "\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// flip FILE OUT POSITION writes FILE with one bit of one byte changed; a
// negative position counts from the end.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	text := []byte(ts.ReadFile(args[0]))
	at, err := strconv.Atoi(args[2])
	ts.Check(err)
	if at < 0 {
		at += len(text)
	}
	text[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o644))
}

// waitSize N waits until the ledger's checkpoint has N events.
func waitSize(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.ParseUint(args[0], 10, 64)
	ts.Check(err)
	c, err := client.New(ts.Getenv("LEDGER_SERVER"), "", nil)
	ts.Check(err)
	for range 3000 {
		text, err := c.Checkpoint(context.Background())
		ts.Check(err)
		if head, err := translog.PeekCheckpoint(text); err == nil && head.Size >= want {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	ts.Fatalf("the ledger did not grow to %d events", want)
}

// fillFile FILE replaces $NAME in a file by the script's variables.
func fillFile(ts *testscript.TestScript, _ bool, args []string) {
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
