package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

type replayCmd struct {
	Out string `required:"" short:"o" placeholder:"FILE" help:"Archive to write, or to continue."`
}

// Help shows more under --help.
func (c *replayCmd) Help() string {
	return "Streams the journal up to the newest checkpoint. An archive that exists is continued from its last event: repeat the command to keep a copy current, or after an interruption. Check it with ledger verify."
}

// replayed is what the command answers.
type replayed struct {
	Archive string `json:"archive"`
	Size    uint64 `json:"size"`
	Added   uint64 `json:"added"`
}

// Run writes or continues an archive.
func (c *replayCmd) Run(ctx context.Context, a *app) error {
	r, err := a.connect()
	if err != nil {
		return err
	}
	text, err := r.Checkpoint(ctx)
	if err != nil {
		return err
	}
	head, err := translog.PeekCheckpoint(text)
	if err != nil {
		return fmt.Errorf("the ledger's checkpoint: %w", err)
	}
	w, f, err := archive.Resume(c.Out)
	if err != nil {
		return err
	}
	out := replayed{Archive: c.Out, Size: head.Size, Added: head.Size - min(w.Next(), head.Size)}
	bar := a.progress("replaying", int(out.Added))
	err = copyLeaves(ctx, r, w, head.Size, bar)
	bar.end()
	if err == nil {
		err = w.Checkpoint(text)
	}
	if err = errors.Join(err, w.Flush(), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("replay into %s: %w\nwhat was written stays: run the command again to continue", c.Out, err)
	}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "%s holds %d events, %d of them new\n", out.Archive, out.Size, out.Added)
	})
}

// copyLeaves writes leaves up to size.
func copyLeaves(ctx context.Context, r *remote, w *archive.Writer, size uint64, bar *progress) error {
	if w.Next() > size {
		return fmt.Errorf("the archive holds %d events, the ledger shows %d: it is another ledger, or it was rolled back; keep the archive as evidence", w.Next(), size)
	}
	if w.Next() == size {
		return nil
	}
	for l, err := range r.leaves(ctx, w.Next()) {
		if err != nil {
			return err
		}
		if err := w.Leaf(l); err != nil {
			return err
		}
		bar.add(1)
		if w.Next() == size {
			return nil
		}
	}
	return fmt.Errorf("the ledger's stream ended at %d of %d events", w.Next(), size)
}
