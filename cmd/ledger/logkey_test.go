package main

import (
	"bytes"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// grow ARCHIVE OUT ENVELOPE LOGKEY records an envelope behind the archive's
// last event under a checkpoint that a log key signs, and writes its receipt to
// ENVELOPE.receipt.
func grow(ts *testscript.TestScript, _ bool, args []string) {
	b := rebuild(ts, args[0])
	b.add(bytes.TrimSpace([]byte(ts.ReadFile(args[2]))), b.last+1)
	signer, err := note.NewSigner(strings.TrimSpace(ts.ReadFile(args[3])))
	ts.Check(err)
	tree, err := translog.NewTree(translog.MemoryHashes())
	ts.Check(err)
	staged, err := tree.Stage(b.hashes)
	ts.Check(err)
	ts.Check(tree.Commit(staged))
	head := translog.Checkpoint{Origin: signer.Name(), Size: tree.Size(), Root: tree.Root()}
	text, err := translog.SignCheckpoint(head, signer)
	ts.Check(err)
	ts.Check(b.w.Checkpoint(text))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.out.Bytes(), 0o644))
	proof, err := tree.Inclusion(head.Size-1, head.Size)
	ts.Check(err)
	receipt, err := receiptFile(translog.NewReceipt(head.Size-1, proof, text, nil), b.last)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]+".receipt"), receipt, 0o644))
}
