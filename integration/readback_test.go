package integration

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// origin and verifier of a log, from its genesis event.
func logOf(t *testing.T, genesis event) (string, note.Verifier) {
	t.Helper()
	founded := decode[domain.CoalitionFounded](t, genesis.Payload)
	v, err := note.NewVerifier(founded.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	return founded.Origin, v
}

// rooted requires that the events as streamed are exactly those under the
// newest signed checkpoint. It returns their leaf hashes and their tree.
func rooted(t *testing.T, c caller, events []event) ([]domain.Hash, *translog.Tree) {
	t.Helper()
	origin, v := logOf(t, events[0])
	text := get[[]byte](t, c, "/v1/checkpoint")
	signed, err := translog.OpenCheckpoint(text, origin, v)
	if err != nil {
		t.Fatal(err)
	}
	hashes := make([]domain.Hash, len(events))
	for i, e := range events {
		hashes[i] = translog.LeafHash(e.RecordedAt, []byte(e.Leaf.Envelope))
	}
	tree, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		t.Fatal(err)
	}
	staged, err := tree.Stage(hashes)
	if err != nil {
		t.Fatal(err)
	}
	if signed.Size != uint64(len(events)) || signed.Root != staged.Root() {
		t.Fatalf("streamed %d leaves with root %s, signed are %d with root %s", len(events), staged.Root(), signed.Size, signed.Root)
	}
	if err := tree.Commit(staged); err != nil {
		t.Fatal(err)
	}
	return hashes, tree
}

// The stream holds what was signed: its leaves are under the log's checkpoint,
// each receipt verifies against the streamed bytes, and single reads agree.
func testReadBack(t *testing.T, c caller, events []event) {
	hashes, _ := rooted(t, c, events)
	origin, v := logOf(t, events[0])
	for i := 0; i < len(events); i += 13 {
		one := get[struct {
			Leaf       domain.Hash `json:"leaf"`
			RecordedAt int64       `json:"recorded_at"`
			Envelope   string      `json:"envelope"`
		}](t, c, fmt.Sprintf("/v1/events/%d", i))
		if one.Leaf != hashes[i] || one.Envelope != events[i].Leaf.Envelope || one.RecordedAt != events[i].RecordedAt {
			t.Errorf("event %d differs from the stream", i)
		}
		r := get[client.Receipt](t, c, fmt.Sprintf("/v1/events/%d/receipt", i))
		_, index, err := translog.VerifyReceipt([]byte(r.Proof), events[i].RecordedAt, []byte(events[i].Leaf.Envelope), origin, v)
		if err != nil || index != uint64(i) {
			t.Errorf("receipt of %d: index %d, %v", i, index, err)
		}
		if _, _, err := translog.VerifyReceipt([]byte(r.Proof), events[i].RecordedAt+1, []byte(events[i].Leaf.Envelope), origin, v); err == nil {
			t.Errorf("receipt of %d verifies at another time", i)
		}
	}
	entries, err := firstBundle(t, c)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range entries {
		if translog.EntryHash(entry) != hashes[i] {
			t.Errorf("entry %d of the first bundle differs from the stream", i)
		}
	}
	if strings.TrimSpace(origin) == "" || len(entries) != translog.TileWidth {
		t.Errorf("origin %q, %d entries", origin, len(entries))
	}
}

func firstBundle(t *testing.T, c caller) ([][]byte, error) {
	bundle := get[[]byte](t, c, "/tile/entries/000")
	return translog.ParseBundle(bundle, translog.TileWidth)
}
