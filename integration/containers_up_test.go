package integration

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// compose is a project of Docker Compose.
type compose struct {
	tool  []string // docker compose, or docker-compose
	files []string
	name  string
	env   []string
}

// needCompose finds the tool, in either of its generations.
func needCompose(t *testing.T) []string {
	t.Helper()
	for _, tool := range [][]string{{"docker", "compose"}, {"docker-compose"}} {
		if exec.CommandContext(t.Context(), tool[0], append(tool[1:], "version")...).Run() == nil {
			return tool
		}
	}
	if os.Getenv("LEDGER_NEED_DOCKER") != "" {
		t.Fatal("LEDGER_NEED_DOCKER is set, and there is no Docker Compose")
	}
	t.Skip("there is no Docker Compose")
	return nil
}

func (c compose) run(ctx context.Context, args ...string) (string, error) {
	all := append([]string{}, c.tool[1:]...)
	for _, f := range c.files {
		all = append(all, "-f", f)
	}
	cmd := exec.CommandContext(ctx, c.tool[0], append(append(all, "-p", c.name), args...)...)
	cmd.Env = append(os.Environ(), c.env...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, &problems)
	}
	return out.String(), nil
}

// withNode puts the node of the tests in the server's place: it has no shell
// and no curl for a health check, and its data elsewhere.
const withNode = `services:
  eventstore:
    healthcheck:
      test: [CMD, /bin/ledgerd, health, "http://localhost:2113/health/live"]
      interval: 1s
`

// upCompose brings the stack of docker-compose.yml up, and down with the test.
func upCompose(t *testing.T) (c compose, url string) {
	t.Helper()
	tool, d := needCompose(t), needDocker(t)
	port := freePort(t)
	c = compose{tool: tool, files: []string{"../docker-compose.yml"}, name: "ledgertest" + port}
	server := os.Getenv("ESDB_IMAGE")
	if server == "" {
		server = d.nodeImage(t, "coalition-ledger-test/esdbnode:compose")
		c.files = append(c.files, writeFile(t, 0o644, withNode, t.TempDir(), "node.yml"))
	}
	c.env = []string{
		"ESDB_IMAGE=" + server, "LEDGERD_IMAGE=" + d.ledgerdImage(t, "coalition-ledger-test/ledgerd:compose"),
		"LEDGERD_PORT=" + port, "ESDB_PORT=" + freePort(t),
	}
	c.up(t)
	return c, "http://127.0.0.1:" + port
}

// up starts the project, and ends it with the test.
func (c compose) up(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := lasting()
		defer cancel()
		if t.Failed() {
			said, _ := c.run(ctx, "logs", "--no-color", "--tail", "40") // what there is
			t.Log(said)
		}
		if _, err := c.run(ctx, "down", "--volumes", "--timeout", "5"); err != nil {
			t.Error(err)
		}
	})
	if _, err := c.run(t.Context(), "up", "--detach", "--no-build"); err != nil {
		t.Fatal(err)
	}
}

var auditorToken = regexp.MustCompile(`\bauditor\s*\n[^\n]*?([\w-]+\.[\w-]+\.[\w-]+)\s*\n`)

// seeded waits for the demonstration and returns a caller with the newest
// token that it printed.
func (c compose) seeded(t *testing.T, url string, times int) caller {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); ; time.Sleep(500 * time.Millisecond) {
		said, err := c.run(t.Context(), "logs", "--no-color", "ledgerd")
		if err != nil {
			t.Fatal(err)
		}
		if tokens := auditorToken.FindAllStringSubmatch(said, -1); len(tokens) >= times {
			return call(t, url, tokens[len(tokens)-1][1])
		}
		if time.Now().After(deadline) {
			t.Fatalf("the demonstration is not ready after 90 s:\n%s", said)
		}
	}
}

// docker compose up, and a view is there; it is there again after a restart,
// from the same store, with the same keys.
func TestComposeUpShowsAView(t *testing.T) {
	c, url := upCompose(t)
	const view = "/v1/countries/JP/compliance?on=2017-06-05"
	var sizes []uint64
	for times := 1; times <= 2; times++ {
		at := c.seeded(t, url, times)
		if got := string(get[[]byte](t, at, view)); !strings.Contains(got, `"listed":99,"transposed":81,"open":18,`) {
			t.Errorf("start %d: %.300s", times, got)
		}
		sizes = append(sizes, at.size(t))
		if times == 1 {
			if _, err := c.run(t.Context(), "restart", "--timeout", "20", "ledgerd"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if sizes[1] < sizes[0] {
		t.Errorf("%d events, after a restart %d", sizes[0], sizes[1])
	}
	if said, err := c.run(t.Context(), "ps"); err != nil || !strings.Contains(said, "healthy") {
		t.Errorf("nothing is said to be healthy: %v\n%s", err, said)
	}
	t.Logf("%d events, after a restart %d", sizes[0], sizes[1])
}
