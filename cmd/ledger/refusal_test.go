package main

import (
	"bytes"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// refuse ARCHIVE ENVELOPE RULE OUT signs with the log key what the log did not
// decide: that it refused an envelope when the journal was the archive.
func refuse(ts *testscript.TestScript, _ bool, args []string) {
	var head translog.Checkpoint
	for item, err := range archive.Read(strings.NewReader(ts.ReadFile(args[0]))) {
		ts.Check(err)
		if item.Checkpoint != nil {
			head, err = translog.PeekCheckpoint(item.Checkpoint)
			ts.Check(err)
		}
	}
	e, err := seal.Parse(bytes.TrimSpace([]byte(ts.ReadFile(args[1]))))
	ts.Check(err)
	signer, err := note.NewSigner(strings.TrimSpace(ts.ReadFile("c/log.key")))
	ts.Check(err)
	text, err := translog.SignRefusal(translog.Refusal{Origin: head.Origin, Envelope: e.Hash(), Size: head.Size, Root: head.Root, Rule: args[2]}, signer)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), text, 0o644))
}
