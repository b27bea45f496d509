// Package pebblestore keeps the streams of an event store in a Pebble database:
// the ledger's engine on one machine.
//
// The key of a record is one byte for its stream and the revision, big-endian,
// so the order of keys is the order of records. The value carries a CRC-32C
// over key and content beside the content itself; it is checked at every read,
// on top of the checksums of Pebble's own blocks, and a record that fails it is
// reported by stream and revision as *eventstore.Corrupt.
//
// One Append is one Pebble batch and one fsync, whatever the number of records
// and streams. It returns when the fsync has.
//
// # When the disk fails
//
// After a failed write or fsync nobody can say what is on the disk: the kernel
// may drop the pages and report the next fsync as a success. So nothing is
// tried again. The Append that met the fault returns
// eventstore.ErrUnknownOutcome, every later one eventstore.ErrUnavailable; what
// was acknowledged before stays readable. Repair the disk and start again:
// opening replays the log from the disk and settles what was open. Where
// Pebble itself cannot go on, as when the next log file cannot be created, it
// ends the process, which leaves the same state behind.
package pebblestore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// ErrInUse says that another process holds the directory.
var ErrInUse = errors.New("another ledgerd is using this store: stop it, or name another directory")

// Options adjusts a store. The zero value is right for production.
type Options struct {
	// FS is the file system; nil means the operating system's.
	FS vfs.FS
	// CacheSize is the size of the block cache in bytes; 0 means 32 MiB.
	CacheSize int64
	// MemTableSize is how many bytes are held in memory, and in the log, until
	// a table file is written; 0 means 16 MiB.
	MemTableSize uint64
	// Log receives what the operator should know; nil discards it.
	Log *slog.Logger
}

// Store is an eventstore.Store on one directory. Only one process can have it
// open. It is safe for concurrent use.
type Store struct {
	db  *pebble.DB
	log *logger

	appending sync.Mutex // held by Append from the check of revisions to the fsync

	inUse sync.RWMutex // held for reading around every read of db, for writing to close it

	mu      sync.Mutex
	heads   map[string]uint64 // acknowledged records of each stream
	changed chan struct{}     // closed and replaced when heads or closed change
	closed  bool
	fault   error // why the store is read-only
}

var _ eventstore.Store = (*Store)(nil)

// Open opens the store in dir and creates it if it is absent. It fails with
// ErrInUse if another process has it open, and if the directory holds something
// else or ends in a damaged record.
func Open(dir string, opts Options) (*Store, error) {
	log := newLogger(opts.Log)
	db, err := pebble.Open(dir, opts.pebble(log))
	if err != nil {
		return nil, fmt.Errorf("open event store %s: %w", dir, err)
	}
	s := &Store{db: db, log: log, heads: map[string]uint64{}, changed: make(chan struct{})}
	if err := s.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open event store %s: %w", dir, err), db.Close())
	}
	return s, nil
}

func (o Options) pebble(log *logger) *pebble.Options {
	fsys := o.FS
	if fsys == nil {
		fsys = vfs.Default
	}
	p := &pebble.Options{
		FS:                 strictFS{fsys},
		FormatMajorVersion: pebble.FormatWALSyncChunks, // tells a damaged log from a torn tail
		CacheSize:          32 << 20,
		MemTableSize:       16 << 20,
		Logger:             log,
	}
	if o.CacheSize != 0 {
		p.CacheSize = o.CacheSize
	}
	if o.MemTableSize != 0 {
		p.MemTableSize = o.MemTableSize
	}
	return p
}

// Atomic reports true: one batch holds all streams.
func (s *Store) Atomic() bool { return true }

// Next is the number of acknowledged records in the stream.
func (s *Store) Next(ctx context.Context, stream string) (uint64, error) {
	head, _, err := s.view(ctx, stream)
	return head, err
}

// view returns the stream's head and a channel that closes when it may have
// moved.
func (s *Store) view(ctx context.Context, stream string) (uint64, <-chan struct{}, error) {
	if err := eventstore.CheckStream(stream); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, nil, eventstore.ErrClosed
	}
	return s.heads[stream], s.changed, ctx.Err()
}

// Close waits for calls in progress and releases the directory. It may be
// repeated.
func (s *Store) Close() error {
	s.appending.Lock()
	defer s.appending.Unlock()
	if !s.markClosed() {
		return nil
	}
	s.inUse.Lock()
	defer s.inUse.Unlock()
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close event store: %w", err)
	}
	return nil
}

func (s *Store) markClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.closed = true
	s.wake()
	return true
}

// wake is called with mu held.
func (s *Store) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}
