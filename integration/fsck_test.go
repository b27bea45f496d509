package integration

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// inspected is what ledgerd fsck --json prints.
type inspected struct {
	Verdict string `json:"verdict"`
	Events  uint64 `json:"events"`
	Bad     []struct {
		Part  string `json:"part"`
		Index uint64 `json:"index"`
		Rule  string `json:"rule"`
	} `json:"bad"`
}

func (f *founded) fsck(t *testing.T) (inspected, int) {
	t.Helper()
	stdout, stderr, code := try(t.Context(), t, "ledgerd", "fsck", "--json", "--store", f.store, "--genesis", f.Ledger.String())
	if stdout == "" {
		t.Fatalf("fsck: exit %d: %s", code, stderr)
	}
	return decode[inspected](t, []byte(stdout)), code
}

func (f *founded) filled(t *testing.T) uint64 {
	t.Helper()
	f.serve(t)
	f.seat(t)
	for i := range 20 {
		f.post(t, f.Sign("XA", "enforcement.action_taken", ledgertest.Action(i)))
	}
	size := f.size(t)
	f.stop(t)
	return size
}

// What ledgerd leaves behind is good, on either engine, caches and all.
func TestFsckOfWhatLedgerdLeaves(t *testing.T) {
	f := found(t)
	if size := f.filled(t); size == 0 {
		t.Fatal("nothing was recorded")
	} else if r, code := f.fsck(t); code != 0 || r.Verdict != "good" || r.Events != size || len(r.Bad) > 0 {
		t.Errorf("pebble: exit %d, %+v", code, r)
	}
}

func TestFsckFindsWhatAServerLost(t *testing.T) {
	f, node := found(t), startNode(t)
	f.moveTo(t, node)
	size := f.filled(t)
	if r, code := f.fsck(t); code != 0 || r.Verdict != "good" || r.Events != size {
		t.Fatalf("exit %d, %+v", code, r)
	}
	if err := node.Faults().Truncate(eventstore.Journal, size-5); err != nil {
		t.Fatal(err)
	}
	r, code := f.fsck(t)
	if code != 1 || r.Verdict != "bad" || len(r.Bad) == 0 || r.Bad[0].Rule != "archive.checkpoint" || r.Bad[0].Index != size-5 {
		t.Errorf("exit %d, %+v", code, r)
	}
}
