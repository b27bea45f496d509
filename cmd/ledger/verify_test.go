package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// What cannot be told has an exit code of its own, apart from bad and misuse.
func TestVerifyHasAnExitCodeForWhatCannotBeTold(t *testing.T) {
	unknown := archive.Report{State: domain.NewState(), Unknown: []archive.Unknown{{Size: 5, ViewDigest: translog.ViewDigest{View: "weather", Version: 9}}}}
	for _, c := range []struct {
		report archive.Report
		bad    *archive.Bad
		code   int
		says   string
	}{
		{archive.Report{State: domain.NewState()}, nil, 0, "verified:"},
		{unknown, nil, 3, "the view weather in version 9"},
		{unknown, &archive.Bad{Index: 7, Rule: archive.RuleRoot}, 1, ""},
	} {
		for _, asJSON := range []bool{false, true} {
			var out bytes.Buffer
			a := &app{streams: streams{out: &out, err: &out}, globals: globals{JSON: asJSON}}
			err := (&verifyCmd{Archive: "x"}).tell(a, genesis{}, c.report, c.bad)
			if code := complain(a.streams, asJSON, err); code != c.code {
				t.Errorf("got exit code %d, want %d: %s", code, c.code, out.String())
			}
			if !asJSON && !strings.Contains(out.String(), c.says) {
				t.Errorf("%q does not say %q", out.String(), c.says)
			}
		}
	}
}

// A checkpoint counts with a policy only if its witnesses cosigned, and then
// says when.
func TestVerifyAsksThePolicy(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	skey, vkey, err := translog.GenerateLogKey("log.example")
	must(err)
	log, err := note.NewSigner(skey)
	must(err)
	wkey, wvkey, err := witness.GenerateKey("witness.example")
	must(err)
	w, err := witness.NewSigner(wkey)
	must(err)
	plain, err := translog.SignCheckpoint(translog.Checkpoint{Origin: "log.example", Size: 5}, log)
	must(err)
	text, lines, err := translog.SplitNote(plain)
	must(err)
	seen := string(translog.JoinNote(text, append(lines, w.Cosign(text, 1_700_000_000))...))
	policy := file("policy", fmt.Sprintf("log %s\nwitness w %s\nquorum w\n", vkey, wvkey))

	c := &verifyCmd{Policy: policy, Checkpoint: []string{file("seen", seen)}}
	pins, times, err := c.anchors(genesis{})
	if err != nil || len(pins) != 1 || len(times) != 1 || times[0] != (archive.Time{Size: 5, At: 1_700_000_000}) {
		t.Errorf("pins %v, times %v, %v", pins, times, err)
	}
	c.Checkpoint = []string{file("plain", string(plain))}
	if _, _, err := c.anchors(genesis{}); err == nil || complain(streams{err: new(bytes.Buffer)}, false, err) != 1 {
		t.Errorf("without cosignatures: %v", err)
	}
	c.Policy = file("nolog", fmt.Sprintf("witness w %s\nquorum w\n", wvkey))
	if _, _, err := c.anchors(genesis{}); err == nil || !strings.Contains(err.Error(), "names no log") {
		t.Errorf("a policy without a log: %v", err)
	}
}
