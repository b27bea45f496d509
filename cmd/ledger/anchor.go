package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// anchor returns what an envelope's anc says: size and root of the newest
// checkpoint of the ledger that this tool has verified, "" when there is none
// or the log's key is not known. Where a server is named, its newest checkpoint
// is verified first; a server that does not answer is no reason not to sign.
func (a *app) anchor(ctx context.Context, g genesis) (string, error) {
	if len(g.logKeys) == 0 {
		return "", nil
	}
	s, err := a.seen(g.hash)
	if err != nil {
		return "", err
	}
	kept, err := s.checkpoint(g)
	if err != nil {
		return "", err
	}
	if a.Server != "" {
		r, err := a.connect()
		if err != nil {
			return "", err
		}
		newest, err := r.catchUp(ctx, g, s, kept)
		var away *awayError
		switch {
		case errors.As(err, &away):
			a.note("the ledger's checkpoint cannot be read now, signing over the one verified before: %v", away)
		case err != nil:
			return "", err
		default:
			kept = &newest
		}
	}
	if kept == nil || kept.Size == 0 {
		return "", nil
	}
	return fmt.Sprintf("%d:%s", kept.Size, kept.Root), nil
}

// awayError says that the ledger did not answer, which proves nothing.
type awayError struct{ err error }

func (e *awayError) Error() string { return e.err.Error() }
func (e *awayError) Unwrap() error { return e.err }

// away tells a ledger that does not answer from one that answers wrongly.
func away(err error) error {
	var no *refused
	if err == nil || errors.As(err, &no) && !no.Temporary() {
		return err
	}
	return &awayError{err}
}

const (
	replicaTries = 5
	replicaWait  = 500 * time.Millisecond
)

// catchUp fetches the newest checkpoint, checks that the ledger it is of begins
// with the one verified before, and keeps it. A replica that is behind is given
// a moment.
func (r *remote) catchUp(ctx context.Context, g genesis, s seen, kept *translog.Checkpoint) (translog.Checkpoint, error) {
	for try := 1; ; try++ {
		text, err := r.Checkpoint(ctx)
		if err != nil {
			return translog.Checkpoint{}, away(err)
		}
		newest, err := g.open(text)
		if err != nil {
			return newest, fmt.Errorf("the ledger's checkpoint: %w", err)
		}
		if kept == nil {
			return newest, s.keep(text)
		}
		if newest.Size >= kept.Size {
			return newest, r.follow(ctx, s, *kept, newest, text)
		}
		if try == replicaTries {
			return newest, s.shrunk(*kept, newest, text)
		}
		select {
		case <-ctx.Done():
			return newest, ctx.Err()
		case <-time.After(replicaWait):
		}
	}
}

// follow keeps the newest checkpoint once it is proven to continue the kept one.
func (r *remote) follow(ctx context.Context, s seen, kept, newest translog.Checkpoint, text []byte) error {
	err := r.consistent(ctx, kept, newest)
	if errors.Is(err, translog.ErrProof) {
		return s.forked(kept, newest, text)
	}
	if err != nil {
		return err
	}
	return s.keep(text)
}

// consistent proves that newer's tree begins with older's: translog.ErrProof
// when it does not.
func (r *remote) consistent(ctx context.Context, older, newer translog.Checkpoint) error {
	proof, err := r.prover(ctx, newer).Consistency(older.Size)
	if err != nil {
		return away(err)
	}
	return translog.VerifyConsistency(proof, older, newer)
}

// prover proves from the ledger's tiles, each checked against the head's root.
func (r *remote) prover(ctx context.Context, head translog.Checkpoint) *translog.Prover {
	return translog.NewProver(head, func(p translog.TilePath) ([]byte, error) {
		return r.read(ctx, "/"+p.String())
	})
}

// forked keeps both checkpoints and says what they are.
func (s seen) forked(kept, newest translog.Checkpoint, text []byte) error {
	path, err := s.evidence(newest, text)
	if err != nil {
		return err
	}
	return fmt.Errorf("two histories: this ledger's log signed %s and %s, and the second does not continue the first. Nothing was signed. Keep both files, they prove it:\n  %s\n  %s\nshow them to the other members (ledger prove-fork FILE FILE), and do not post until it is settled which history stands",
		words(kept), words(newest), s.checkpointPath(), path)
}

// shrunk says that the ledger shows less than it did.
func (s seen) shrunk(kept, newest translog.Checkpoint, text []byte) error {
	path, err := s.evidence(newest, text)
	if err != nil {
		return err
	}
	return fmt.Errorf("the ledger shows %s, this tool has verified %s: a replica that is behind, or a ledger that was rolled back. Nothing was signed. Try again; if it stays so, show the other members both files:\n  %s\n  %s",
		words(newest), words(kept), s.checkpointPath(), path)
}

func words(c translog.Checkpoint) string {
	return fmt.Sprintf("%d events with root %s", c.Size, c.Root.String()[:16]+"…")
}
