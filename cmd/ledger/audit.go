package main

import (
	"context"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// batch yields items of an archive in order, on from where the last batch
// ended. A yield that returns false asks it to return.
type batch func(yield func(archive.Item) bool) error

// audit is the verification of an archive that grows. One goroutine verifies;
// take hands it what is new.
type audit struct {
	size    uint64 // leaves under the newest good checkpoint
	seen    int    // good cosigned checkpoints
	hashes  translog.HashStore
	batches chan batch
	results chan error
	ended   chan struct{}
	err     error // valid when ended is closed
}

func newAudit(ctx context.Context, genesis domain.Hash) *audit {
	v := &audit{hashes: translog.MemoryHashes(), batches: make(chan batch), results: make(chan error), ended: make(chan struct{})}
	o := archive.Options{
		Genesis: genesis, Hashes: v.hashes, Stored: true, Tolerance: archive.AnyTime,
		Covered: func(c translog.Checkpoint) { v.size = c.Size }, Witnessed: func(translog.Checkpoint) { v.seen++ },
	}
	go func() {
		defer close(v.ended)
		// Stored: a log that changes its key signs with two.
		_, v.err = archive.VerifyItems(ctx, v.items, o)
	}()
	return v
}

// items yields batch after batch, and ends after a checkpoint, cosigned or not,
// that is not good, so that the verification says why.
func (v *audit) items(yield func(archive.Item, error) bool) {
	for b := range v.batches {
		over := false
		err := b(func(item archive.Item) bool {
			before, seen := v.size, v.seen
			over = !yield(item, nil) || item.Checkpoint != nil && v.size == before || item.Cosigned != nil && v.seen == seen
			return !over
		})
		if over {
			return
		}
		v.results <- err
	}
}

// take verifies a batch. An error of the batch itself leaves the audit where it
// is, to go on; an *archive.Bad ends it. It returns when the batch is through.
func (v *audit) take(ctx context.Context, b batch) error {
	select {
	case v.batches <- b:
	case <-v.ended:
		return fmt.Errorf("the verification has ended: %w", v.err)
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-v.results:
		return err
	case <-v.ended:
		return v.err
	}
}

// holds compares a checkpoint of a size that was verified.
func (v *audit) holds(head translog.Checkpoint) error {
	tree, err := translog.NewTree(v.hashes)
	if err != nil {
		return err
	}
	root, err := tree.RootAt(head.Size)
	if err == nil && root != head.Root {
		err = fmt.Errorf("at %d leaves this mirror has root %s, the checkpoint %s: the log has two histories", head.Size, root, head.Root)
	}
	return err
}

// close ends the verification and waits for it.
func (v *audit) close() {
	select {
	case <-v.ended:
	default:
		close(v.batches)
		<-v.ended
	}
}
