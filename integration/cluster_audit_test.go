package integration

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// audit compares everything that was acknowledged with what each replica holds.
func (c *cluster) audit(t *testing.T, p *posters, before uint64) {
	t.Helper()
	size := before + uint64(len(p.envelopes))
	roots := c.converged(t, size)
	for i := 1; i < len(roots); i++ {
		if roots[i] != roots[0] {
			t.Errorf("%s signs root %q at size %d, %s root %q", c.replicas[i].name, roots[i], size, c.replicas[0].name, roots[0])
		}
	}
	recorded, unsure := acks{}, 0
	for i, a := range p.recorded {
		if recorded[i] = a.Receipt; a.unsure {
			unsure++
		}
	}
	c.caller = c.at(t, 0)
	checkJournal(t, c.founded, p.envelopes, recorded, before)
	c.sameJournal(t)
	c.sameViews(t, size-1)
	c.replay(t)
	t.Logf("%d acknowledged: 0 lost, 0 doubled; %d of them after attempts of unknown outcome, %d acknowledged again with the same receipt; %d attempts told to wait", len(recorded), unsure, p.again.Load(), p.busy.Load())
}

// converged waits until all replicas serve a checkpoint of this size, and
// returns the roots under it.
func (c *cluster) converged(t *testing.T, size uint64) []string {
	t.Helper()
	var roots []string
	for i := range c.replicas {
		awaitURL(t, c.replicas[i].url()+"/readyz")
		await(t, c.replicas[i].name, func(ctx context.Context) error {
			note, err := getURL(ctx, c.replicas[i].url()+"/v1/checkpoint")
			if err != nil {
				return err
			}
			lines := strings.Split(note, "\n")
			if len(lines) < 3 || lines[1] != fmt.Sprint(size) {
				return fmt.Errorf("checkpoint %q, want size %d", note, size)
			}
			roots = append(roots, lines[2])
			return nil
		})
	}
	return roots
}

// sameJournal requires that all replicas stream the same leaves.
func (c *cluster) sameJournal(t *testing.T) {
	t.Helper()
	streams := make([][]string, len(c.replicas))
	for i := range c.replicas {
		for leaf, err := range c.at(t, i).Leaves(within(t, 30*time.Second), 0) {
			if err != nil {
				t.Fatalf("%s: %v", c.replicas[i].name, err)
			}
			streams[i] = append(streams[i], fmt.Sprint(leaf.Index, leaf.RecordedAt, leaf.Envelope))
		}
		if diff := cmp.Diff(streams[0], streams[i]); diff != "" {
			t.Errorf("%s streams another journal: %.2000s", c.replicas[i].name, diff)
		}
	}
}

func clusterViews() []string {
	return []string{
		"/v1/coalition/summary", "/v1/coalition/matrix", "/v1/coalition/loopholes?limit=500", "/v1/coalition/date-conflicts", "/v1/countries",
		"/v1/countries/XA/compliance", "/v1/countries/XB/compliance", "/v1/countries/XC/compliance", "/v1/countries/XB/compliance?as_of=1500",
		"/v1/designations?limit=500", "/v1/countries/XB/timeline", "/v1/events?limit=500", "/v1/members", "/v1/regimes",
	}
}

// sameViews requires that all replicas show the same, byte for byte, at one
// index.
func (c *cluster) sameViews(t *testing.T, index uint64) {
	t.Helper()
	var first map[string]string
	for i := range c.replicas {
		shown, at := map[string]string{}, c.at(t, i)
		for _, path := range clusterViews() {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			shown[path] = string(get[[]byte](t, at, fmt.Sprintf("%s%smin_index=%d", path, sep, index)))
		}
		if i == 0 {
			first = shown
		} else if diff := cmp.Diff(first, shown); diff != "" {
			t.Errorf("%s shows other views: %.2000s", c.replicas[i].name, diff)
		}
	}
	t.Logf("%d views equal byte for byte at %d replicas", len(first), len(c.replicas))
}

// replay takes the journal home with the members' tool and verifies it there.
func (c *cluster) replay(t *testing.T) {
	t.Helper()
	for i, r := range c.replicas {
		path := fmt.Sprintf("%s.%d", archivePath(c), i)
		for _, args := range [][]string{{"replay", "--out", path}, {"verify", path, "--json"}} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			cmd := exec.CommandContext(ctx, command("ledger"), args...)
			cmd.Env = append(os.Environ(), "LEDGER_SERVER="+r.url(), "LEDGER_TOKEN="+c.at(t, i).token, "LEDGER_GENESIS="+c.Ledger.String())
			out, err := cmd.CombinedOutput()
			cancel()
			if err != nil {
				t.Fatalf("ledger %s of %s: %v\n%s", args[0], r.name, err, out)
			}
			if args[0] == "verify" && !json.Valid(out) {
				t.Errorf("verify said %s", out)
			}
		}
	}
}
