package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/cmd/internal/progress"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// An append holds no more than the ledger itself would append at once.
const (
	appendRecords = 1024
	appendBytes   = 900 << 10
)

// checkpointType marks the records of the checkpoints stream that are
// checkpoints; others, such as leases, are nobody's proof.
const checkpointType = "checkpoint"

// appender gathers records into appends.
type appender struct {
	store   eventstore.Store
	stream  string
	next    uint64 // revision of the first record gathered
	bar     *progress.Bar
	records []eventstore.Record
	size    int
}

func (a *appender) add(ctx context.Context, r eventstore.Record) error {
	size := len(r.Type) + len(r.Data) + len(r.Meta)
	if len(a.records) == appendRecords || a.size+size > appendBytes {
		if err := a.flush(ctx); err != nil {
			return err
		}
	}
	a.records, a.size = append(a.records, r), a.size+size
	return nil
}

// flush appends what is gathered. What was appended before an error stays: the
// next run finds it there.
func (a *appender) flush(ctx context.Context) error {
	if len(a.records) == 0 {
		return nil
	}
	err := a.store.Append(ctx, eventstore.Write{Stream: a.stream, Next: a.next, Records: a.records})
	var taken *eventstore.Conflict
	switch {
	case errors.As(err, &taken):
		return fmt.Errorf("something else writes to the store: stop every ledgerd on it, then run this again: %w", err)
	case err != nil:
		return fmt.Errorf("append to %s from %d, run this again to go on: %w", a.stream, a.next, err)
	}
	a.bar.Add(len(a.records))
	a.next += uint64(len(a.records))
	a.records, a.size = a.records[:0:0], 0
	return nil
}

// hasher computes the tree of a journal record by record.
type hasher struct {
	tree    *translog.Tree
	pending []domain.Hash
}

func newHasher() (*hasher, error) {
	tree, err := translog.NewTree(translog.MemoryHashes())
	return &hasher{tree: tree}, err
}

func (h *hasher) add(r eventstore.Record) error {
	h.pending = append(h.pending, ledger.LeafOf(r).Hash)
	if len(h.pending) < appendRecords {
		return nil
	}
	return h.flush()
}

func (h *hasher) flush() error {
	staged, err := h.tree.Stage(h.pending)
	if err == nil {
		err = h.tree.Commit(staged)
	}
	h.pending = h.pending[:0]
	return err
}

// root is that of the first size records.
func (h *hasher) root(size uint64) (domain.Hash, error) {
	if err := h.flush(); err != nil {
		return domain.Hash{}, err
	}
	return h.tree.RootAt(size)
}

// newestCheckpoint returns what the newest checkpoint of a store claims; of
// size 0 if there is none. It checks no signature.
func newestCheckpoint(ctx context.Context, s eventstore.Store) (newest translog.Checkpoint, err error) {
	for r, err := range s.Read(ctx, eventstore.Checkpoints, 0, eventstore.Head) {
		if err != nil {
			return newest, err
		}
		if r.Type != checkpointType {
			continue
		}
		c, err := translog.PeekCheckpoint(r.Data)
		if err != nil {
			return newest, fmt.Errorf("checkpoint record %d: %w", r.Revision, err)
		}
		newest = c
	}
	return newest, nil
}
