package main

import (
	"bytes"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/note"
)

func testEnv() *env {
	return &env{clock: time.Now, out: io.Discard, err: io.Discard, log: slog.New(slog.DiscardHandler)}
}

func TestTheLogKeyGivesBothItsHalves(t *testing.T) {
	skey, vkey, err := note.GenerateKey(nil, "ledger.example/2026")
	if err != nil {
		t.Fatal(err)
	}
	key, err := parseLogKey(skey)
	if err != nil {
		t.Fatal(err)
	}
	want, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := key.Signer.Sign([]byte("text"))
	if err != nil {
		t.Fatal(err)
	}
	if v := key.Verifier; v.Name() != want.Name() || v.KeyHash() != want.KeyHash() || !v.Verify([]byte("text"), sig) {
		t.Errorf("got the verifier %s+%08x, want %s", v.Name(), v.KeyHash(), vkey)
	}
	for _, bad := range []string{"", vkey, skey[:len(skey)-4], "PRIVATE+KEY+a+00000000+AQ=="} {
		if _, err := parseLogKey(bad); err == nil {
			t.Errorf("%q was taken for a signing key", bad)
		}
	}
}

func TestAFolderHasOneLedgerd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first, err := holdFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holdFolder(dir); err == nil || !strings.Contains(err.Error(), "folder of its own") {
		t.Errorf("got %v, want that the folder is in use", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := holdFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}

// A demonstration can start again on the store of an earlier one with the
// earlier one's keys, and says so when they are missing.
func TestADemonstrationNeedsItsKeysAgain(t *testing.T) {
	dir, store := t.TempDir(), "pebble://"+filepath.Join(t.TempDir(), "journal")
	var out bytes.Buffer
	once := func(data string) (demoReady, error) {
		out.Reset()
		e := testEnv()
		e.out = &out
		err := (&demoCmd{Listen: "127.0.0.1:0", Data: data, Store: store, Once: true, JSON: true}).Run(t.Context(), e)
		var r demoReady
		if err == nil {
			err = json.Unmarshal(out.Bytes(), &r)
		}
		return r, err
	}
	first, err := once(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := once(dir)
	if err != nil || again.Events != first.Events || first.Events < 400 {
		t.Errorf("the second start has %d events (%v), the first %d", again.Events, err, first.Events)
	}
	for _, other := range []string{"", t.TempDir()} {
		if _, err := once(other); err == nil || !strings.Contains(err.Error(), "--data DIR") {
			t.Errorf("with other keys: got %v, want what to do", err)
		}
	}
}

func TestServeOnEventStoreDBNeedsAFolder(t *testing.T) {
	c := serveCmd{Store: "esdb://admin:s3cret@127.0.0.1:1"}
	if _, err := c.config(testEnv()); err == nil || !strings.Contains(err.Error(), "--data DIR") {
		t.Errorf("got %v", err)
	}
	c = serveCmd{Store: "pebble:///tmp/none", PeerListen: ":1"}
	if _, err := c.config(testEnv()); err == nil || !strings.Contains(err.Error(), "--peer-url") {
		t.Errorf("got %v", err)
	}
}
