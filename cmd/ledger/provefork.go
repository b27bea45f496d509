package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

type proveForkCmd struct {
	Files  []string `arg:"" optional:"" placeholder:"A B" help:"Two signed checkpoints, receipts or archives of one log."`
	Out    string   `short:"o" placeholder:"FILE" help:"Where to write the evidence; default standard output."`
	Verify string   `placeholder:"FILE" help:"Check evidence instead: with the log's key and nothing else."`
	trusting
}

// Help shows more under --help.
func (c *proveForkCmd) Help() string {
	return "Packs two signed checkpoints that one tree cannot have into a text, which anyone checks with --verify and the log's key. Of one size, two checkpoints are enough. Of two sizes, the larger one must come as an archive, which shows how its tree began; without it the evidence is written too and says what is missing."
}

// forked is what the command answers.
type forked struct {
	Fork   bool   `json:"fork"`
	Origin string `json:"origin"`
	Older  uint64 `json:"older_size"`
	Newer  uint64 `json:"newer_size"`
	Says   string `json:"says"`
	File   string `json:"file,omitempty"`
}

// Run makes evidence, or checks it.
func (c *proveForkCmd) Run(a *app) error {
	if c.Verify != "" {
		if len(c.Files) > 0 {
			return usage("--verify takes the evidence alone")
		}
		return c.check(a)
	}
	if len(c.Files) != 2 {
		return usage("give two files: signed checkpoints, receipts or archives")
	}
	var h [2]exhibit
	for i, path := range c.Files {
		text, err := a.input(path)
		if err != nil {
			return err
		}
		if h[i], err = readExhibit(text); err != nil {
			return usage("%s: %w", path, err)
		}
	}
	return c.prove(a, h[0], h[1])
}

// exhibit is what somebody holds of a log.
type exhibit struct {
	note []byte
	head translog.Checkpoint
	tree *translog.Tree // of an archive, else nil
}

func readExhibit(text []byte) (h exhibit, err error) {
	h.note = text
	switch {
	case bytes.HasPrefix(text, []byte("coalition-ledger archive ")):
		h, err = readExhibitArchive(text)
	case bytes.HasPrefix(text, []byte("c2sp.org/tlog-proof@")):
		var r translog.Receipt
		r, err = translog.ParseReceipt(text)
		h.note = r.Checkpoint
	}
	if err == nil {
		h.head, err = translog.PeekCheckpoint(h.note)
	}
	return h, err
}

// readExhibitArchive takes the newest checkpoint, and the tree of its leaves.
func readExhibitArchive(text []byte) (h exhibit, err error) {
	if h.tree, err = translog.NewTree(translog.MemoryHashes()); err != nil {
		return h, err
	}
	var leaves []domain.Hash
	for item, err := range archive.Read(bytes.NewReader(text)) {
		if err != nil {
			return h, err
		}
		switch {
		case item.Checkpoint != nil:
			h.note = item.Checkpoint
		case item.Digests == nil:
			leaves = append(leaves, translog.LeafHash(item.Leaf.RecordedAt, item.Leaf.Envelope))
		}
	}
	staged, err := h.tree.Stage(leaves)
	if err == nil {
		err = h.tree.Commit(staged)
	}
	return h, err
}

func (c *proveForkCmd) prove(a *app, x, y exhibit) error {
	if x.head.Size > y.head.Size {
		x, y = y, x
	}
	f, err := fork(x, y)
	if err != nil {
		return err
	}
	text := f.Text()
	if c.Out == "" {
		_, err := a.out.Write(text)
		return err
	}
	if err := writeNew(c.Out, text, 0o644); err != nil {
		return err
	}
	out := forked{Fork: true, Origin: x.head.Origin, Older: x.head.Size, Newer: y.head.Size, File: c.Out, Says: "two histories, whatever signed them: check the signatures with --verify"}
	if f.Prefix == nil && x.head.Size != y.head.Size {
		out.Fork, out.Says = false, "not decided: the larger checkpoint comes without its leaves; give its archive, or ask the log for a consistency proof between the two sizes"
	}
	return a.answer(out, func(w io.Writer) { fmt.Fprintf(w, "%s\nwritten to %s\n", out.Says, c.Out) })
}

// fork makes evidence; x is not larger than y.
func fork(x, y exhibit) (witness.Fork, error) {
	if y.tree == nil || x.head.Size == y.head.Size {
		return witness.ProveFork(x.note, y.note, nil, nil)
	}
	root, err := y.tree.RootAt(x.head.Size)
	if err != nil {
		return witness.Fork{}, err
	}
	proof, err := y.tree.Consistency(x.head.Size, y.head.Size)
	if err != nil {
		return witness.Fork{}, err
	}
	return witness.ProveFork(x.note, y.note, &root, proof)
}

func (c *proveForkCmd) check(a *app) error {
	g, err := a.trusted(c.trusting)
	if err != nil {
		return err
	}
	text, err := a.input(c.Verify)
	if err != nil {
		return err
	}
	f, err := witness.ParseFork(text)
	if err != nil {
		return usage("%s: %w", c.Verify, err)
	}
	older, errOlder := translog.PeekCheckpoint(f.Older)
	newer, errNewer := translog.PeekCheckpoint(f.Newer)
	if err := errors.Join(errOlder, errNewer, f.Verify(g.logKeys...)); err != nil {
		return g.explain(err)
	}
	out := forked{Fork: true, Origin: older.Origin, Older: older.Size, Newer: newer.Size, Says: "the log signed two histories"}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "%s signed two histories: a tree of %d leaves with root %s, and one of %d leaves with root %s that does not begin with it\n", out.Origin, older.Size, older.Root, newer.Size, newer.Root)
	})
}
