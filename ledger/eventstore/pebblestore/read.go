package pebblestore

import (
	"context"
	"iter"

	"github.com/cockroachdb/pebble/v2"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Records are read in chunks and no lock is held while the caller has one, so
// that a slow reader delays nobody and may call the store. Chunks start at one
// record, because many reads want just one, and grow.
const (
	chunkRecords = 256
	chunkBytes   = 1 << 20
)

// Read yields the records from revision from up to, but without, to, or to the
// head as of the call.
func (s *Store) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	head, _, err := s.view(ctx, stream)
	return func(yield func(eventstore.Record, error) bool) {
		if err != nil {
			yield(eventstore.Record{}, err)
			return
		}
		if _, err := s.yieldRange(ctx, stream, from, min(head, to), yield); err != nil {
			yield(eventstore.Record{}, err)
		}
	}
}

// Follow yields the records from revision from for ever, until ctx ends.
func (s *Store) Follow(ctx context.Context, stream string, from uint64) iter.Seq2[eventstore.Record, error] {
	return func(yield func(eventstore.Record, error) bool) {
		for next := from; ; {
			head, changed, err := s.view(ctx, stream)
			more := true
			if err == nil {
				more, err = s.yieldRange(ctx, stream, next, head, yield)
			}
			if !more || ctx.Err() != nil {
				return
			}
			if err != nil {
				yield(eventstore.Record{}, err)
				return
			}
			next = max(next, head)
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// yieldRange yields the records from up to, but without, to. It reports whether
// the caller wants more, and the error that cut the range short.
func (s *Store) yieldRange(ctx context.Context, stream string, from, to uint64,
	yield func(eventstore.Record, error) bool,
) (more bool, err error) {
	for size := uint64(1); from < to; size = min(4*size, chunkRecords) {
		records, err := s.chunk(stream, from, from+min(size, to-from))
		for _, r := range records {
			if err := ctx.Err(); err != nil {
				return true, err
			}
			if !yield(r, nil) {
				return false, nil
			}
		}
		if err != nil {
			return true, err
		}
		from += uint64(len(records))
	}
	return true, nil
}

// chunk reads records from from, at most up to to. With an error it returns
// the records before the damaged one.
func (s *Store) chunk(stream string, from, to uint64) (records []eventstore.Record, err error) {
	s.inUse.RLock()
	defer s.inUse.RUnlock()
	if s.isClosed() {
		return nil, eventstore.ErrClosed
	}
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: key(stream, from), UpperBound: key(stream, to)})
	if err != nil {
		return nil, readError(stream, from, err)
	}
	defer func() {
		if closeErr := it.Close(); closeErr != nil && err == nil {
			err = readError(stream, from+uint64(len(records)), closeErr)
		}
	}()
	return collect(it, stream, from, to)
}

func collect(it *pebble.Iterator, stream string, from, to uint64) (records []eventstore.Record, err error) {
	size := 0
	ok := it.First()
	for ; ok && size < chunkBytes; ok = it.Next() {
		r, err := record(it, stream, from+uint64(len(records)))
		if err != nil {
			return records, err
		}
		records = append(records, r)
		size += len(r.Data) + len(r.Meta)
	}
	at := from + uint64(len(records))
	if err := it.Error(); err != nil {
		return records, readError(stream, at, err)
	}
	if !ok && at < to {
		return records, &eventstore.Corrupt{Stream: stream, Revision: at, Reason: "it is missing"}
	}
	return records, nil
}

func (s *Store) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}
