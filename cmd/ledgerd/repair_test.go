package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/peer"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
)

// archived writes what a store holds as an archive.
func archived(t *testing.T, c *ledgertest.Coalition, store eventstore.Store) []byte {
	t.Helper()
	l, err := ledger.Open(t.Context(), c.Config(store, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var out bytes.Buffer
	w := archive.NewWriter(&out)
	for leaf, err := range l.Leaves(t.Context(), 0) {
		if err == nil {
			err = w.Leaf(archive.Leaf{Index: leaf.Index, RecordedAt: leaf.RecordedAt, Envelope: leaf.Envelope})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Checkpoint(l.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func keyOf(t *testing.T, c *ledgertest.Coalition) peer.Key {
	t.Helper()
	v, err := note.NewVerifier(c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	return peer.Key{Signer: c.Log, Verifier: v}
}

func mend(t *testing.T, text []byte, key peer.Key, store eventstore.Store, dry bool) (repaired, error) {
	t.Helper()
	signed, err := newestCheckpoint(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	s, err := readSource(t.Context(), bytes.NewReader(text), key, signed)
	if err != nil {
		return repaired{}, err
	}
	return s.repair(t.Context(), testEnv(), store, dry)
}

// part is a store that came back with so many events and checkpoint records.
func part(t *testing.T, whole eventstore.Store, events, marks int) eventstore.Store {
	t.Helper()
	s := eventstore.Memory()
	put(t, s, eventstore.Journal, content(t, whole, eventstore.Journal)[:events]...)
	put(t, s, eventstore.Checkpoints, content(t, whole, eventstore.Checkpoints)[:marks]...)
	return s
}

func TestWhatAStoreLostIsAppendedAgainToTheByte(t *testing.T) {
	c, whole := recorded(t, 1500)
	text, kept := archived(t, c, whole), t.TempDir()
	l, err := ledger.Open(t.Context(), c.Config(whole, kept)) // remembers what it signed
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	journal, marks := content(t, whole, eventstore.Journal), len(content(t, whole, eventstore.Checkpoints))
	for _, row := range []struct {
		name          string
		events, marks int
	}{
		{"nothing left", 0, 0},
		{"genesis left", 1, 1},
		{"the last lost", len(journal) - 1, marks - 1},
		{"many lost, the checkpoints not", 300, marks},
		{"only the last checkpoint lost", len(journal), marks - 1},
		{"nothing lost", len(journal), marks},
	} {
		store := part(t, whole, row.events, row.marks)
		if row.events < len(journal) && row.events > 0 {
			if _, err := ledger.Open(t.Context(), c.Config(store, kept)); err == nil {
				t.Fatalf("%s: the ledger started", row.name)
			}
		}
		planned, err := mend(t, text, keyOf(t, c), store, true)
		if err != nil || int(length(t, store, eventstore.Journal)) != row.events || int(length(t, store, eventstore.Checkpoints)) != row.marks {
			t.Fatalf("%s, dry: got %+v, %v; or the store was changed", row.name, planned, err)
		}
		r, err := mend(t, text, keyOf(t, c), store, false)
		if err != nil {
			t.Fatalf("%s: %v", row.name, err)
		}
		if r.DryRun = true; r != planned || int(r.Appended) != len(journal)-row.events || r.Checkpoint != (row.marks < marks) {
			t.Errorf("%s: planned %+v, done %+v", row.name, planned, r)
		}
		for i, got := range content(t, store, eventstore.Journal) {
			if !equal(got, journal[i]) {
				t.Fatalf("%s: record %d is another than the one that was lost", row.name, i)
			}
		}
		l, err := ledger.Open(t.Context(), c.Config(store, kept))
		if err != nil {
			t.Fatalf("%s: the ledger does not start: %v", row.name, err)
		}
		if l.Size() != uint64(len(journal)) || l.Ready() != nil {
			t.Errorf("%s: %d events, ready: %v", row.name, l.Size(), l.Ready())
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestARepairThatBrokeOffGoesOn(t *testing.T) {
	c, whole := recorded(t, 1500)
	text := archived(t, c, whole)
	for at := 1; ; at++ {
		store := &breaking{Store: part(t, whole, 10, 10), at: at, after: at%2 == 0}
		if _, err := mend(t, text, keyOf(t, c), store, false); err == nil {
			if at < 4 {
				t.Errorf("only %d appends were broken off", at-1)
			}
			return
		}
		if _, err := mend(t, text, keyOf(t, c), store, false); err != nil {
			t.Fatalf("append %d: %v", at, err)
		}
		if n := length(t, store, eventstore.Journal); n != length(t, whole, eventstore.Journal) {
			t.Fatalf("append %d: %d events", at, n)
		}
	}
}

func TestARepairThatDoesNotFitChangesNothing(t *testing.T) {
	c, whole := recorded(t, 30)
	other, foreign := recorded(t, 30)
	text := archived(t, c, whole)
	altered := content(t, whole, eventstore.Journal)[:20]
	altered[7].Data = []byte("{}")
	differs := eventstore.Memory()
	put(t, differs, eventstore.Journal, altered...)
	short := archived(t, c, part(t, whole, 20, 5))
	damaged := bytes.Replace(bytes.Clone(text), []byte("\n12 "), []byte("\n12 1"), 1)
	for _, row := range []struct {
		name  string
		text  []byte
		key   peer.Key
		store eventstore.Store
		want  string
	}{
		{"an altered event", text, keyOf(t, c), differs, "event 7 is another"},
		{"another ledger's store", text, keyOf(t, c), part(t, foreign, 20, 0), "event 0 is another"},
		{"another ledger's store and checkpoints", text, keyOf(t, c), part(t, foreign, 20, 20), archive.RulePin},
		{"another log key", text, keyOf(t, other), part(t, whole, 20, 5), "another log key"},
		{"an archive that is too old", short, keyOf(t, c), part(t, whole, 10, 30), archive.RulePin},
		{"a damaged archive", damaged, keyOf(t, c), part(t, whole, 20, 5), "index 12"},
		{"no archive", []byte("x"), keyOf(t, c), part(t, whole, 20, 5), archive.RuleTruncated},
	} {
		before := length(t, row.store, eventstore.Journal)
		if r, err := mend(t, row.text, row.key, row.store, false); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %+v, %v; want an error with %q", row.name, r, err, row.want)
		}
		if n := length(t, row.store, eventstore.Journal); n != before {
			t.Errorf("%s: the store was changed", row.name)
		}
	}
}

func TestRepairNamesWhatIsWrongWithItsFlags(t *testing.T) {
	skey, _, err := note.GenerateKey(nil, "ledger.example")
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "log.key")
	if err := os.WriteFile(key, []byte(skey), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]repairCmd{
		"nothing to repair": {Store: "memory:"},
		"--log-key":         {Store: "pebble:///a", LogKey: "/none"},
		"--from":            {Store: "pebble:///a", LogKey: key, From: "/none"},
	} {
		if err := c.Run(t.Context(), testEnv()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
