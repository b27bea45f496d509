package integration

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a command that runs until it is ended, at the latest with its test.
type process struct {
	*exec.Cmd
	ended  chan struct{}
	status error // valid when ended is closed
	stdout *output
	stderr *output
}

// output keeps what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

var _ io.Writer = (*output)(nil)

// run starts a command that is killed with the test if it still runs.
func run(t *testing.T, name string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(command(name), args...), ended: make(chan struct{}), stdout: &output{}, stderr: &output{}}
	p.Stdout, p.Stderr = p.stdout, p.stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.status = p.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { p.kill() })
	return p
}

// kill is kill -9. It returns when the process is gone.
func (p *process) kill() {
	_ = p.Process.Kill() // may have ended by itself
	<-p.ended
}

// stop ends the process by SIGTERM and requires that it ends well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop: %v\n%s", err, p.stderr)
	}
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("still running 20 s after SIGTERM\n%s", p.stderr)
	}
	if p.status != nil {
		t.Fatalf("ended by %v\n%s", p.status, p.stderr)
	}
}

// waitFor polls until ready says so, the process ends or the time is over.
func (p *process) waitFor(t *testing.T, what string, ready func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ready(); time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.ended:
			t.Fatalf("%s: the process ended: %v\n%s", what, p.status, p.stderr)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %s after 20 s\n%s", what, p.stderr)
		}
	}
}

// try runs a command to its end and returns what it wrote and its exit code.
func try(ctx context.Context, t *testing.T, name string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	var out, problems bytes.Buffer
	c := exec.CommandContext(ctx, command(name), args...)
	c.Stdout, c.Stderr = &out, &problems
	err := c.Run()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), problems.String(), c.ProcessState.ExitCode()
}

func writeFile(t *testing.T, mode os.FileMode, text string, path ...string) string {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return name
}

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
