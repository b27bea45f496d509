package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/cmd/internal/progress"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

type copyCmd struct {
	From string `arg:"" placeholder:"FROM" help:"Store to copy: pebble:///path or esdb://host:2113. No ledgerd may run on it when the copy is to replace it."`
	To   string `arg:"" placeholder:"TO" help:"Store to copy to: empty, or what an earlier run left."`
	JSON bool   `name:"json" help:"Print one line of JSON at the end."`
}

// copied is what --json prints.
type copied struct {
	Events            uint64      `json:"events"`        // in the target now
	EventsCopied      uint64      `json:"events_copied"` // by this run
	Checkpoints       uint64      `json:"checkpoints"`   // records of the checkpoints stream
	CheckpointsCopied uint64      `json:"checkpoints_copied"`
	Root              domain.Hash `json:"root"`  // of the events, computed from the target
	Grown             uint64      `json:"grown"` // events that the source got meanwhile
}

// Run copies a whole ledger, byte for byte, and reads back what it wrote. It
// signs nothing: the receipts that were given hold for the copy.
func (c *copyCmd) Run(ctx context.Context, e *env) (err error) {
	for _, address := range []string{c.From, c.To} {
		if schemeOf(address) == "memory" {
			return errors.New("memory: is gone when the process ends: copy between pebble:///path and esdb://host:2113")
		}
	}
	if c.From == c.To {
		return errors.New("source and target are the same store")
	}
	from, err := openStore(ctx, c.From, e.log)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := openStore(ctx, c.To, e.log)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	report, err := copyAll(ctx, e, from, to)
	if err != nil {
		return fmt.Errorf("copy to %s: %w", shown(c.To), err)
	}
	return c.print(e, report)
}

func (c *copyCmd) print(e *env, r copied) error {
	if c.JSON {
		line, err := json.Marshal(r, json.Deterministic(true))
		fmt.Fprintf(e.out, "%s\n", line)
		return err
	}
	fmt.Fprintf(e.out, "%s holds %d events and %d records of checkpoints, %d and %d of them copied now and read back; root %s\n",
		shown(c.To), r.Events, r.Checkpoints, r.EventsCopied, r.CheckpointsCopied, r.Root)
	if r.Grown > 0 {
		fmt.Fprintf(e.out, "The source has %d events more since: stop ledgerd on it and run this again to copy them.\n", r.Grown)
	}
	fmt.Fprintln(e.out, "Never run ledgerd on both: one log key must sign one history.")
	return nil
}

// copyAll copies the journal, then the checkpoints that are about it: a copy
// that breaks off never holds a checkpoint of events that it lacks.
func copyAll(ctx context.Context, e *env, from, to eventstore.Store) (r copied, err error) {
	marks, err := from.Next(ctx, eventstore.Checkpoints)
	if err != nil {
		return r, fmt.Errorf("source: %w", err)
	}
	// Read after the checkpoints, so it holds all that they cover.
	if r.Events, err = from.Next(ctx, eventstore.Journal); err != nil {
		return r, fmt.Errorf("source: %w", err)
	}
	if r.Events == 0 {
		return r, errors.New("the source is empty: there is nothing to copy")
	}
	r.Checkpoints = marks
	tree, err := newHasher()
	if err != nil {
		return r, err
	}
	journal := stream{name: eventstore.Journal, from: from, to: to, end: r.Events, each: tree.add}
	if r.EventsCopied, err = journal.copy(ctx, e); err != nil {
		return r, err
	}
	checkpoints := stream{name: eventstore.Checkpoints, from: from, to: to, end: marks, each: func(eventstore.Record) error { return nil }}
	if r.CheckpointsCopied, err = checkpoints.copy(ctx, e); err != nil {
		return r, err
	}
	if r.Root, err = checkRoot(ctx, to, tree, r.Events); err != nil {
		return r, err
	}
	now, err := from.Next(ctx, eventstore.Journal)
	r.Grown = now - r.Events
	return r, err
}

// checkRoot returns the root of the events, after comparing it with what the
// newest checkpoint says of them.
func checkRoot(ctx context.Context, to eventstore.Store, tree *hasher, size uint64) (root domain.Hash, err error) {
	signed, err := newestCheckpoint(ctx, to)
	if err != nil || signed.Size > size {
		return root, errors.Join(err, fmt.Errorf("the newest checkpoint covers %d events, the journal has %d: the source is shorter than what was signed; see ledgerd repair", signed.Size, size))
	}
	if signed.Size > 0 {
		if root, err = tree.root(signed.Size); err != nil {
			return root, err
		}
		if root != signed.Root {
			return root, fmt.Errorf("the newest checkpoint has root %s at size %d, the events give %s: the source was altered, and so its copy is", signed.Root, signed.Size, root)
		}
	}
	return tree.root(size)
}

// stream is one stream on its way, up to a revision. each is called with every
// record as the target returns it, once.
type stream struct {
	name     string
	from, to eventstore.Store
	end      uint64
	each     func(eventstore.Record) error
}

// copy compares what the target holds, appends the rest and reads it back. It
// returns how many records it appended.
func (s stream) copy(ctx context.Context, e *env) (uint64, error) {
	have, err := s.to.Next(ctx, s.name)
	if err != nil {
		return 0, err
	}
	if err := s.same(ctx, 0, min(have, s.end)); err != nil {
		return 0, err
	}
	if have > s.end {
		return 0, fmt.Errorf("the target's %s goes on at %d, where the source ends: it is ahead, or holds something else; name an empty store", s.name, s.end)
	}
	bar := progress.New(e.err, s.name, s.end-have)
	defer bar.End()
	out := &appender{store: s.to, stream: s.name, next: have, bar: bar}
	for r, err := range s.from.Read(ctx, s.name, have, s.end) {
		if err != nil {
			return 0, fmt.Errorf("source: %w", err)
		}
		if err := out.add(ctx, r); err != nil {
			return 0, err
		}
	}
	if err := out.flush(ctx); err != nil {
		return 0, err
	}
	return s.end - have, s.same(ctx, have, s.end)
}

// same requires that both stores hold the same records from one revision to
// another, ids included.
func (s stream) same(ctx context.Context, first, end uint64) error {
	if first == end {
		return nil
	}
	next, stop := iter.Pull2(s.to.Read(ctx, s.name, first, end))
	defer stop()
	at := first
	for want, err := range s.from.Read(ctx, s.name, first, end) {
		if err != nil {
			return fmt.Errorf("source: %w", err)
		}
		got, err, ok := next()
		if err != nil {
			return fmt.Errorf("target: %w", err)
		}
		if !ok || !equal(want, got) {
			return fmt.Errorf("the target holds something else at %d of %s: name an empty store, or the one that this source was being copied to", at, s.name)
		}
		if err := s.each(got); err != nil {
			return err
		}
		at++
	}
	if at != end {
		return fmt.Errorf("source: %s ends at %d, it had %d records: %w", s.name, at, end, eventstore.ErrUnavailable)
	}
	return nil
}

func equal(a, b eventstore.Record) bool {
	return a.Revision == b.Revision && a.ID == b.ID && a.Type == b.Type && bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta)
}
