package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// proving is where commands take the state of the ledger from whose secrets
// depend on it: a server that named its own key as that of an agency would read
// what is sealed to the agency. So the journal is verified from genesis on.
type proving struct {
	Archive string `env:"LEDGER_ARCHIVE" placeholder:"FILE" help:"Archive that ledger replay keeps current, to verify in place of the whole journal fetched anew."`
}

// state returns the verified state of the ledger.
func (p proving) state(ctx context.Context, a *app) (*domain.State, error) {
	g, err := a.genesisKnown()
	if err != nil {
		return nil, err
	}
	journal, pins, err := p.journal(ctx, a, g)
	if err != nil {
		return nil, err
	}
	defer journal.Close()
	bar := a.progress("verifying", 0)
	report, err := archive.Verify(ctx, journal, archive.Options{Genesis: g.hash, Pins: pins, Progress: bar.Set})
	bar.End()
	if err != nil {
		return nil, fmt.Errorf("the journal does not verify, nothing is done on its word: %w", err)
	}
	return report.State, nil
}

// journal opens the archive, or the journal as the server streams it, which
// must then contain the newest checkpoint that this tool has verified.
func (p proving) journal(ctx context.Context, a *app, g genesis) (io.ReadCloser, []translog.Checkpoint, error) {
	if p.Archive != "" {
		f, err := os.Open(p.Archive)
		if err != nil {
			return nil, nil, &usageError{err}
		}
		return f, nil, nil
	}
	r, err := a.connect()
	if err != nil {
		return nil, nil, err
	}
	var pins []translog.Checkpoint
	if s, err := a.seen(g.hash); err == nil && len(g.logKeys) > 0 {
		known, err := s.checkpoint(g)
		if err != nil {
			return nil, nil, err
		}
		if known != nil {
			pins = append(pins, *known)
		}
	}
	text, err := r.Checkpoint(ctx)
	if err != nil {
		return nil, nil, err
	}
	return r.streamed(ctx, text), pins, nil
}

// streamed returns the journal up to a checkpoint in the form of an archive.
func (r *remote) streamed(ctx context.Context, checkpoint []byte) io.ReadCloser {
	out, in := io.Pipe()
	go func() {
		w := archive.NewWriter(in)
		head, err := translog.PeekCheckpoint(checkpoint)
		if err == nil {
			err = copyLeaves(ctx, r, w, head.Size, nil, func(archive.Leaf) error { return nil })
		}
		if err == nil {
			err = w.Checkpoint(checkpoint)
		}
		in.CloseWithError(errors.Join(err, w.Flush()))
	}()
	return out
}
