package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/cmd/internal/progress"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

type replayCmd struct {
	Out   string `short:"o" placeholder:"FILE" help:"Archive to write, or to continue; with a selection, the extract to write. Needed unless --state is given."`
	In    string `placeholder:"ARCHIVE" help:"Read from an archive in place of the ledger: no network."`
	State bool   `help:"Print what the state machine decides of each event, from genesis on."`
	selection
}

// Help shows more under --help.
func (c *replayCmd) Help() string {
	return "Streams the journal up to the newest checkpoint. An archive that exists is continued from its last event: repeat the command to keep a copy current, or after an interruption. Check it with ledger verify. With --from, --until or a filter an extract is written instead: the events selected, each with the proof that it stands in the ledger; ledger verify checks those proofs. An extract does not show that nothing else was recorded, and cannot be continued: keep an archive, and make extracts of it with --in. --state verifies from genesis on and prints each decision; --until stops there."
}

// replayed is what the command answers.
type replayed struct {
	Archive string `json:"archive"`
	Extract bool   `json:"extract,omitzero"` // some events only
	Size    uint64 `json:"size"`
	Added   uint64 `json:"added"` // of an extract: selected
}

// Run writes or continues an archive, makes an extract, or prints decisions.
func (c *replayCmd) Run(ctx context.Context, a *app) error {
	pick, err := c.parse()
	if err != nil {
		return err
	}
	switch {
	case c.State:
		return c.decisions(ctx, a, pick)
	case c.Out == "":
		return usage("name the file to write with --out, or give --state")
	case pick.some():
		return c.extract(ctx, a, pick)
	case c.In != "":
		return usage("--in with nothing selected would copy the archive: say what to select, or --state")
	}
	return c.whole(ctx, a)
}

func (c *replayCmd) whole(ctx context.Context, a *app) error {
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
	err = copyAll(ctx, r, w, head.Size, bar)
	bar.End()
	if err == nil {
		err = errors.Join(w.Checkpoint(text), copyDigests(ctx, r, w))
	}
	if err = errors.Join(err, w.Flush(), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("replay into %s: %w\nwhat was written stays: run the command again to continue", c.Out, err)
	}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "%s holds %d events, %d of them new\n", out.Archive, out.Size, out.Added)
	})
}

// copyAll is copyLeaves with what witnesses cosigned meanwhile.
func copyAll(ctx context.Context, r *remote, w *archive.Writer, size uint64, bar *progress.Bar) error {
	c, err := r.cosignatures(ctx, w)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := c.write(w, 0, 0); err != nil { // of the end of an archive that is continued
		return err
	}
	return copyLeaves(ctx, r, w, size, bar, func(l archive.Leaf) error { return c.write(w, l.RecordedAt, size) })
}

// copyLeaves writes leaves up to size, and the views' digests where they are
// due. It calls after behind each leaf.
func copyLeaves(ctx context.Context, r *remote, w *archive.Writer, size uint64, bar *progress.Bar, after func(archive.Leaf) error) error {
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
		if err := errors.Join(w.Leaf(l), after(l)); err != nil {
			return err
		}
		bar.Add(1)
		if w.Next() == size {
			return nil
		}
		if w.Next()%projections.DigestEvery == 0 {
			if err := copyDigests(ctx, r, w); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the ledger's stream ended at %d of %d events", w.Next(), size)
}

// copyDigests asks the log what its views held after what is written so far. It
// may not have kept that, and a caller may not be let see it: then the archive
// says nothing of views.
func copyDigests(ctx context.Context, r *remote, w *archive.Writer) error {
	text, err := r.Digests(ctx, w.Next())
	var no *refused
	if errors.As(err, &no) && (no.Status == http.StatusNotFound || no.Status == http.StatusForbidden || no.Status >= 500) {
		return nil
	}
	if err != nil {
		return err
	}
	d, err := translog.PeekDigests(text)
	if err != nil {
		return fmt.Errorf("the ledger's digests of its views: %w", err)
	}
	if d.Size != w.Next() {
		return fmt.Errorf("the ledger gave digests after %d events where %d are due", d.Size, w.Next())
	}
	return w.Digests(text)
}
