package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"iter"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/peer"
	"github.com/coalition-ledger/coalition-ledger/cmd/internal/progress"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// source is an archive that was verified and is this log's.
type source struct {
	file       io.ReadSeeker
	size       uint64
	root       domain.Hash
	checkpoint []byte              // the newest
	signed     translog.Checkpoint // the newest in the store; of size 0 if there is none
}

// readSource verifies an archive: signatures, rules, roots, that it holds what
// the store's newest checkpoint covers, and that the log whose key we hold
// signed it.
func readSource(ctx context.Context, f io.ReadSeeker, key peer.Key, signed translog.Checkpoint) (source, error) {
	s := source{file: f, signed: signed}
	o, err := s.expected()
	if err != nil {
		return s, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return s, err
	}
	report, err := archive.Verify(ctx, f, o)
	if err != nil {
		return s, err
	}
	s.size, s.root = report.Size, report.Root
	return s, sameLog(report.State.LogKey(), key)
}

// expected finds the newest checkpoint, and what the archive is held against.
// Which ledger it is of shows its log key.
func (s *source) expected() (o archive.Options, err error) {
	o.Tolerance = archive.AnyTime // a ledger is kept going whatever its clock did
	if s.signed.Size > 0 {
		o.Pins = []translog.Checkpoint{s.signed}
	}
	for item, err := range s.items() {
		if err != nil {
			return o, err
		}
		if item.Checkpoint != nil {
			s.checkpoint = item.Checkpoint
			continue
		}
		if item.Leaf.Index == 0 {
			first, err := seal.Parse(item.Leaf.Envelope)
			if err != nil {
				return o, fmt.Errorf("event 0: %w", err)
			}
			o.Genesis = first.Hash()
		}
	}
	return o, nil
}

// sameLog requires that a ledger's verifier key is the other half of ours.
func sameLog(vkey string, key peer.Key) error {
	signed, err := note.NewVerifier(vkey)
	if err != nil {
		return fmt.Errorf("the ledger's log key: %w", err)
	}
	if v := key.Verifier; signed.Name() != v.Name() || signed.KeyHash() != v.KeyHash() {
		return fmt.Errorf("it is signed by %s+%08x, --log-key is %s+%08x: it is another ledger's archive, or this is another log key", signed.Name(), signed.KeyHash(), v.Name(), v.KeyHash())
	}
	return nil
}

func (s source) items() iter.Seq2[archive.Item, error] {
	return func(yield func(archive.Item, error) bool) {
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			yield(archive.Item{}, err)
			return
		}
		archive.Read(s.file)(yield)
	}
}

// leaves yields what is recorded at each index, with its hash.
func (s source) leaves() iter.Seq2[ledger.Leaf, error] {
	return func(yield func(ledger.Leaf, error) bool) {
		for item, err := range s.items() {
			if err == nil && item.Checkpoint != nil {
				continue
			}
			l := item.Leaf
			leaf := ledger.Leaf{Index: l.Index, RecordedAt: l.RecordedAt, Envelope: l.Envelope, Hash: translog.LeafHash(l.RecordedAt, l.Envelope)}
			if !yield(leaf, err) || err != nil {
				return
			}
		}
	}
}

// repair checks everything that can be checked before it changes anything.
func (s source) repair(ctx context.Context, e *env, store eventstore.Store, dry bool) (r repaired, err error) {
	r = repaired{Archive: s.size, Root: s.root, DryRun: dry}
	if r.Found, err = store.Next(ctx, eventstore.Journal); err != nil {
		return r, err
	}
	if err := s.compare(ctx, store, min(r.Found, s.size)); err != nil {
		return r, err
	}
	r.Appended, r.Checkpoint = s.size-min(r.Found, s.size), s.signed.Size < s.size
	if err := s.encodable(r.Found); err != nil || dry {
		return r, err
	}
	return r, s.restore(ctx, e, store, r)
}

// compare requires that the store's first events are the archive's.
func (s source) compare(ctx context.Context, store eventstore.Store, end uint64) error {
	if end == 0 {
		return nil
	}
	next, stop := iter.Pull2(store.Read(ctx, eventstore.Journal, 0, end))
	defer stop()
	for leaf, err := range s.leaves() {
		if err != nil {
			return err
		}
		r, err, ok := next()
		if err != nil {
			return err
		}
		if !ok || ledger.LeafOf(r).Hash != leaf.Hash {
			return fmt.Errorf("event %d is another in the store than in the archive: nothing was changed; the store was altered there, or it is another ledger's", leaf.Index)
		}
		if leaf.Index+1 == end {
			return nil
		}
	}
	return fmt.Errorf("the archive ends before event %d", end)
}

// encodable requires that each missing event can be turned into its record.
func (s source) encodable(from uint64) error {
	for leaf, err := range s.leaves() {
		if err != nil {
			return err
		}
		if leaf.Index < from {
			continue
		}
		if _, err := ledger.RecordOf(leaf); err != nil {
			return fmt.Errorf("event %d was not written by a ledger, so an archive does not tell its record: restore a backup of the store: %w", leaf.Index, err)
		}
	}
	return nil
}

// restore appends what is missing, and reads the whole journal back.
func (s source) restore(ctx context.Context, e *env, store eventstore.Store, r repaired) error {
	bar := progress.New(e.err, "journal", r.Appended)
	defer bar.End()
	out := &appender{store: store, stream: eventstore.Journal, next: r.Found, bar: bar}
	for leaf, err := range s.leaves() {
		if err != nil {
			return err
		}
		if leaf.Index < r.Found {
			continue
		}
		record, err := ledger.RecordOf(leaf)
		if err != nil {
			return err
		}
		if err := out.add(ctx, record); err != nil {
			return err
		}
	}
	if err := out.flush(ctx); err != nil {
		return err
	}
	if err := s.readBack(ctx, store); err != nil || !r.Checkpoint {
		return err
	}
	return s.appendCheckpoint(ctx, store)
}

// readBack hashes what the store holds now.
func (s source) readBack(ctx context.Context, store eventstore.Store) error {
	tree, err := newHasher()
	if err != nil {
		return err
	}
	for r, err := range store.Read(ctx, eventstore.Journal, 0, s.size) {
		if err != nil {
			return err
		}
		if err := tree.add(r); err != nil {
			return err
		}
	}
	root, err := tree.root(s.size)
	if err == nil && root != s.root {
		err = fmt.Errorf("the store returns events with root %s, appended were those of %s: it changed them; do not start ledgerd on it", root, s.root)
	}
	return err
}

// appendCheckpoint adds the archive's newest checkpoint, which the log signed,
// as the ledger would have.
func (s source) appendCheckpoint(ctx context.Context, store eventstore.Store) error {
	next, err := store.Next(ctx, eventstore.Checkpoints)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(s.checkpoint)
	id := uuid.NewSHA1(uuid.NameSpaceOID, append(binary.BigEndian.AppendUint64(nil, next), sum[:]...))
	out := &appender{store: store, stream: eventstore.Checkpoints, next: next}
	if err := out.add(ctx, eventstore.Record{ID: id, Type: checkpointType, Data: s.checkpoint}); err != nil {
		return err
	}
	return out.flush(ctx)
}
