package api

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

// storeVar names the store that fixtures stand on: in memory, or esdb for the
// EventStoreDB adapter on a node that speaks its protocol.
const storeVar = "LEDGER_TEST_STORE"

func newStore(t testing.TB) eventstore.Store {
	t.Helper()
	if os.Getenv(storeVar) != "esdb" {
		return eventstore.Memory()
	}
	node, err := esdbnode.Start(esdbnode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Close() })
	store, err := esdb.Open(context.Background(), node.ConnectionString(), esdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return store
}

// Every test of this package, on EventStoreDB's protocol too: the same requests
// get the same answers.
func TestEveryTestOnEventStoreDB(t *testing.T) {
	if os.Getenv(storeVar) != "" {
		t.Skip("this run is on a store of its own already")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	args := []string{"-test.v", "-test.skip", "^" + t.Name() + "$", "-test.timeout", "4m"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	again := exec.CommandContext(ctx, os.Args[0], args...)
	again.Env = append(os.Environ(), storeVar+"=esdb")
	out, err := again.CombinedOutput()
	passed := len(regexp.MustCompile(`(?m)^--- PASS`).FindAll(out, -1))
	if err != nil || passed == 0 {
		t.Fatalf("%v, %d tests passed on EventStoreDB:\n%s", err, passed, troubles(string(out)))
	}
	t.Logf("%d tests passed on EventStoreDB", passed)
}

// troubles leaves the passed tests out.
func troubles(out string) string {
	var keep []string
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--- PASS") && !strings.HasPrefix(line, "=== ") {
			keep = append(keep, line)
		}
	}
	return strings.Join(keep, "")
}
