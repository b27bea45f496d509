package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/pebblestore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// kept is a Pebble store with caches beside it, closed.
func kept(t *testing.T) (*ledgertest.Coalition, string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c, path := ledgertest.Found(t, "XA", "XB"), filepath.Join(t.TempDir(), "journal")
	store, err := pebblestore.Open(path, pebblestore.Options{})
	must(err)
	l, err := ledger.Open(t.Context(), c.Config(store, path+".cache/ledger"))
	must(err)
	c.Seat(l)
	for _, envelope := range c.Actions(9) {
		c.Must(l, envelope)
	}
	views, err := projections.New(projections.Config{Dir: path + ".cache/views", Clock: c.Clock})
	must(err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- views.Run(ctx, l) }()
	must(views.Wait(t.Context(), l.Size()-1))
	cancel()
	must(<-ended)
	must(l.Close())
	must(store.Close())
	return c, path
}

func fscked(t *testing.T, args ...string) (checked, string, int) {
	t.Helper()
	var out, problems bytes.Buffer
	code := run(append([]string{"fsck", "--json"}, args...), &out, &problems)
	var report checked
	if out.Len() > 0 {
		if err := json.Unmarshal(out.Bytes(), &report); err != nil {
			t.Fatalf("%v in %s", err, out.String())
		}
	}
	return report, problems.String(), code
}

func sumText(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

func TestFsckOfAGoodStore(t *testing.T) {
	c, path := kept(t)
	r, said, code := fscked(t, "--store", "pebble://"+path, "--genesis", c.Ledger.String())
	if code != 0 || r.Verdict != verdictGood || r.Events != 16 || !r.Pinned || len(r.Bad)+len(r.Unknown) > 0 {
		t.Errorf("exit code %d, %+v, %s", code, r, said)
	}
	var out bytes.Buffer
	if code := run([]string{"fsck", "--store", "pebble://" + path}, &out, &out); code != 0 || !strings.Contains(out.String(), "was taken from the store itself") {
		t.Errorf("exit code %d: %s", code, out.String())
	}
}

// Bad, not to be told and misused are three things.
func TestFsckExitCodes(t *testing.T) {
	c, path := kept(t)
	store := "pebble://" + path
	if r, _, code := fscked(t, "--store", store, "--genesis", strings.Repeat("0", 63)+"1"); code != 1 || r.Verdict != verdictBad || r.Bad[0].Rule != "archive.genesis" {
		t.Errorf("another genesis: exit code %d, %+v", code, r)
	}
	ahead := filepath.Join(t.TempDir(), "seen")
	text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: c.Log.Name(), Size: 99}, c.Log)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(ahead, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if r, _, code := fscked(t, "--store", store, "--checkpoint", ahead); code != 1 || r.Bad[0].Rule != "archive.pin" {
		t.Errorf("a store that came back shorter: exit code %d, %+v", code, r)
	}
	if r, said, code := fscked(t, "--store", "pebble://"+path+"x"); code != exitUnknown || r.Verdict != verdictUnknown || said == "" {
		t.Errorf("no store: exit code %d, %+v, %s", code, r, said)
	}
	if _, err := os.Stat(path + "x"); err == nil {
		t.Error("a store was made by looking for it")
	}
	if _, _, code := fscked(t); code != 2 {
		t.Errorf("no address: exit code %d", code)
	}
	// A view's snapshot of a version to come, its sum right.
	later := filepath.Join(path+".cache", "views", "lists.snapshot")
	head := `{"view":"lists","version":99,"size":16,"genesis":"` + c.Ledger.String() + `","sha256":"`
	sum := sumText(head + strings.Repeat("0", 64) + `"}` + "body")
	if err := os.WriteFile(later, []byte(head+sum+`"}`+"\nbody"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, _, code := fscked(t, "--store", store); code != exitUnknown || r.Verdict != verdictUnknown || len(r.Unknown) != 1 || !strings.Contains(r.Unknown[0].Message, "version 99") {
		t.Errorf("a later version: exit code %d, %+v", code, r)
	}
}
