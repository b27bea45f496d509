package integration

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// moved is what ledgerd copy --json prints.
type moved struct {
	Events            uint64      `json:"events"`
	EventsCopied      uint64      `json:"events_copied"`
	Checkpoints       uint64      `json:"checkpoints"`
	CheckpointsCopied uint64      `json:"checkpoints_copied"`
	Root              domain.Hash `json:"root"`
	Grown             uint64      `json:"grown"`
}

func copyStore(t *testing.T, from, to string) moved {
	t.Helper()
	stdout, stderr, code := try(t.Context(), t, "ledgerd", "copy", "--json", from, to)
	if code != 0 {
		t.Fatalf("copy: exit %d\n%s", code, stderr)
	}
	return decode[moved](t, []byte(stdout))
}

// importAll posts envelopes in bulk and requires that each is acknowledged,
// where it was before if it was.
func (a acks) importAll(t *testing.T, f *founded, envelopes [][]byte) (replayed, fresh int) {
	t.Helper()
	replayed, fresh, err := a.bulk(t, f, envelopes, func(int) bool { return false }, nil)
	if err != nil || replayed+fresh != len(envelopes) {
		t.Fatalf("import: %d and %d, %v", replayed, fresh, err)
	}
	return replayed, fresh
}

// A ledger moves from Pebble to EventStoreDB and back: the same bytes at the
// same places, so every receipt and every view holds, and it goes on.
func TestALedgerMovesBetweenEngines(t *testing.T) {
	f := found(t)
	pebble, node := f.store, startNode(t)
	f.serve(t)
	f.seat(t)
	envelopes, recorded, before := import3000(t, f), acks{}, f.size(t)
	recorded.importAll(t, f, envelopes[:1700])
	lived := f.views(t)
	f.stop(t)

	f.moveTo(t, node)
	there := copyStore(t, pebble, f.store)
	if there.Events != before+1700 || there.EventsCopied != there.Events || there.Checkpoints == 0 || there.CheckpointsCopied != there.Checkpoints || there.Grown != 0 {
		t.Errorf("the copy reports %+v", there)
	}
	if again := copyStore(t, pebble, f.store); again.EventsCopied != 0 || again.CheckpointsCopied != 0 || again.Root != there.Root {
		t.Errorf("a second copy reports %+v", again)
	}
	f.serve(t)
	if diff := cmp.Diff(lived, f.views(t)); diff != "" {
		t.Errorf("views on the copy differ: %.2000s", diff)
	}
	checkJournal(t, f, envelopes[:1700], recorded, before)
	if replayed, fresh := recorded.importAll(t, f, envelopes[:2200]); replayed != 1700 || fresh != 500 {
		t.Errorf("on the copy %d were known and %d new, want 1700 and 500", replayed, fresh)
	}
	lived = f.views(t)
	f.stop(t)

	f.store = "pebble://" + filepath.Join(f.dir, "back")
	back := copyStore(t, node.ConnectionString(), f.store)
	if back.Events != before+2200 || back.EventsCopied != back.Events {
		t.Errorf("the copy back reports %+v", back)
	}
	f.serve(t)
	if diff := cmp.Diff(lived, f.views(t)); diff != "" {
		t.Errorf("views on the copy back differ: %.2000s", diff)
	}
	checkJournal(t, f, envelopes[:2200], recorded, before)
	f.stop(t)
	t.Logf("%d events, root %s: from Pebble to EventStoreDB's protocol and back", back.Events, back.Root)

	// The store it came from has not gone along: it is behind, and a prefix.
	if _, stderr, code := try(t.Context(), t, "ledgerd", "copy", pebble, f.store); code != 1 || !strings.Contains(stderr, "it is ahead") {
		t.Errorf("onto a store that is ahead: exit %d, %s", code, stderr)
	}
}

func TestCopyLeavesAnotherLedgerAlone(t *testing.T) {
	f, other := found(t), found(t)
	for _, one := range []*founded{f, other} {
		one.serve(t)
		one.seat(t)
		one.stop(t)
	}
	stdout, stderr, code := try(t.Context(), t, "ledgerd", "copy", f.store, other.store)
	if code != 1 || !strings.Contains(stderr, "at 0 of journal") {
		t.Errorf("onto another ledger: exit %d, %s%s", code, stdout, stderr)
	}
	f.serve(t)
	stdout, stderr, code = try(t.Context(), t, "ledgerd", "copy", f.store, "pebble://"+filepath.Join(f.dir, "other"))
	if code != 1 || !strings.Contains(stderr, "another ledgerd is using") {
		t.Errorf("under a running ledgerd: exit %d, %s%s", code, stdout, stderr)
	}
}
