package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// mended is what ledgerd repair --json prints.
type mended struct {
	Archive    uint64 `json:"archive"`
	Found      uint64 `json:"found"`
	Appended   uint64 `json:"appended"`
	Checkpoint bool   `json:"checkpoint"`
	DryRun     bool   `json:"dry_run"`
}

func (f *founded) repair(t *testing.T, archive string, more ...string) (report mended, stderr string, code int) {
	t.Helper()
	args := append([]string{"repair", "--json", "--from", archive, "--store", f.store, "--log-key", filepath.Join(f.dir, "log.key")}, more...)
	stdout, stderr, code := try(t.Context(), t, "ledgerd", args...)
	if code == 0 {
		report = decode[mended](t, []byte(stdout))
	}
	return report, stderr, code
}

// replay writes the archive of a ledger with the members' tool.
func (f *founded) replay(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger.archive")
	for name, value := range map[string]string{"LEDGER_SERVER": f.url, "LEDGER_TOKEN": f.caller.token, "LEDGER_GENESIS": f.Ledger.String()} {
		t.Setenv(name, value)
	}
	if stdout, stderr, code := try(t.Context(), t, "ledger", "replay", "--out", path); code != 0 {
		t.Fatalf("replay: exit %d, %s%s", code, stdout, stderr)
	}
	return path
}

// A store comes back shorter than what was acknowledged: ledgerd refuses it,
// and an archive gives it back what it lost.
func TestAStoreThatCameBackShorterIsRepaired(t *testing.T) {
	f, node := found(t), startNode(t)
	f.moveTo(t, node)
	f.serve(t)
	f.seat(t)
	envelopes, recorded, before := import3000(t, f), acks{}, f.size(t)
	recorded.importAll(t, f, envelopes[:300])
	old := f.replay(t)
	recorded.importAll(t, f, envelopes[:700])
	archive, total := f.replay(t), before+700
	f.stop(t)

	if err := node.Faults().Truncate(eventstore.Journal, 400); err != nil {
		t.Fatal(err)
	}
	f.refusesStart(t, "acknowledged events are missing")
	if report, stderr, code := f.repair(t, old); code != 1 || !strings.Contains(stderr, "archive.pin") {
		t.Errorf("from an archive that is too old: exit %d, %+v %s", code, report, stderr)
	}
	want := mended{Archive: total, Found: 400, Appended: total - 400, DryRun: true}
	if report, stderr, code := f.repair(t, archive, "--dry-run"); code != 0 || report != want {
		t.Errorf("dry run: exit %d, %+v, want %+v %s", code, report, want, stderr)
	}
	f.refusesStart(t, "acknowledged events are missing")
	want.DryRun = false
	if report, stderr, code := f.repair(t, archive); code != 0 || report != want {
		t.Fatalf("exit %d, %+v, want %+v %s", code, report, want, stderr)
	}
	want.Found, want.Appended = total, 0
	if report, stderr, code := f.repair(t, archive); code != 0 || report != want {
		t.Errorf("again: exit %d, %+v, want %+v %s", code, report, want, stderr)
	}
	f.serve(t)
	checkJournal(t, f, envelopes[:700], recorded, before)
	if replayed, fresh := recorded.importAll(t, f, envelopes[:800]); replayed != 700 || fresh != 100 {
		t.Errorf("afterwards %d were known and %d new, want 700 and 100", replayed, fresh)
	}
	f.stop(t)
}

// A new, empty store gets everything back, and without the caches too.
func TestAnArchiveFillsAnEmptyStore(t *testing.T) {
	f := found(t)
	f.serve(t)
	f.seat(t)
	envelopes, recorded, before := import3000(t, f), acks{}, f.size(t)
	recorded.importAll(t, f, envelopes[:300])
	archive := f.replay(t)
	f.stop(t)
	if err := os.RemoveAll(filepath.Join(f.dir, "journal")); err != nil {
		t.Fatal(err)
	}
	f.refusesStart(t, "acknowledged events are missing")
	want := mended{Archive: before + 300, Appended: before + 300, Checkpoint: true}
	if report, stderr, code := f.repair(t, archive); code != 0 || report != want {
		t.Fatalf("exit %d, %+v, want %+v %s", code, report, want, stderr)
	}
	f.serve(t)
	checkJournal(t, f, envelopes[:300], recorded, before)
	f.stop(t)
}

// refusesStart requires that ledgerd does not serve the store, and says why.
func (f *founded) refusesStart(t *testing.T, why string) {
	t.Helper()
	if _, stderr, code := try(t.Context(), t, "ledgerd", f.flags()...); code != 1 || !strings.Contains(stderr, why) {
		t.Errorf("exit %d, %s; want %q", code, stderr, why)
	}
}
