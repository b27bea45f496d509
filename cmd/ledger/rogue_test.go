package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// rogue ARCHIVE OUT [ENVELOPE…] writes the archive of a ledger in whose store
// two records that are no envelopes stand behind the last event, and then the
// envelopes, all under a checkpoint by the log. $ROGUE names the records.
func rogue(ts *testscript.TestScript, _ bool, args []string) {
	b := rebuild(ts, args[0])
	var names []string
	for _, data := range []string{"hello", "hello again"} {
		hash := b.add(seal.Foreign([]byte(data), nil), 0)
		names = append(names, fmt.Sprintf("%d:%s", len(b.hashes)-1, hash))
	}
	for _, file := range args[2:] {
		b.add(bytes.TrimSpace([]byte(ts.ReadFile(file))), b.last+1)
	}
	b.sign()
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.out.Bytes(), 0o644))
	ts.Setenv("ROGUE", strings.Join(names, " "))
}

// rebuilt is an archive that grows.
type rebuilt struct {
	ts     *testscript.TestScript
	out    bytes.Buffer
	w      *archive.Writer
	hashes []domain.Hash
	last   int64 // recorded time
}

func rebuild(ts *testscript.TestScript, file string) *rebuilt {
	b := &rebuilt{ts: ts}
	b.w = archive.NewWriter(&b.out)
	for item, err := range archive.Read(strings.NewReader(ts.ReadFile(file))) {
		ts.Check(err)
		if item.Checkpoint == nil {
			b.add(item.Leaf.Envelope, item.Leaf.RecordedAt)
		}
	}
	return b
}

func (b *rebuilt) add(envelope []byte, at int64) domain.Hash {
	b.ts.Check(b.w.Leaf(archive.Leaf{Index: b.w.Next(), RecordedAt: at, Envelope: envelope}))
	hash := translog.LeafHash(at, envelope)
	b.hashes, b.last = append(b.hashes, hash), max(b.last, at)
	return hash
}

func (b *rebuilt) sign() {
	tree, err := translog.NewTree(translog.MemoryHashes())
	b.ts.Check(err)
	staged, err := tree.Stage(b.hashes)
	b.ts.Check(err)
	signer, err := note.NewSigner(strings.TrimSpace(b.ts.ReadFile("c/log.key")))
	b.ts.Check(err)
	text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: signer.Name(), Size: staged.Size(), Root: staged.Root()}, signer)
	b.ts.Check(err)
	b.ts.Check(b.w.Checkpoint(text))
}
