package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSealedDetailIsKeptBesideThePebbleStore(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ given, store, want string }{
		{"", "pebble://" + dir + "/journal/", dir + "/journal.sealed"},
		{"", "memory:", ""},
		{"", "esdb://db:2113", ""},
		{dir + "/elsewhere", "pebble://" + dir + "/journal", dir + "/elsewhere"},
		{dir + "/shared", "esdb://db:2113", dir + "/shared"},
	} {
		got := sealing{Sealed: c.given, SealedQuota: 1}.beside(c.store)
		if got.Sealed != c.want {
			t.Errorf("%q, %s: %q, want %q", c.given, c.store, got.Sealed, c.want)
		}
		store, err := got.open()
		if err != nil || (store == nil) != (c.want == "") {
			t.Errorf("%s: %v, %v", c.want, store, err)
		}
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (sealing{Sealed: file}).open(); err == nil {
		t.Error("a file was taken for a folder")
	}
}
