package pebblestore

import (
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Append writes all records in one batch and returns after its fsync. See
// eventstore.Store, and the package comment for what happens when the disk
// fails.
func (s *Store) Append(ctx context.Context, writes ...eventstore.Write) error {
	if err := eventstore.Check(writes...); err != nil {
		return err
	}
	s.appending.Lock()
	defer s.appending.Unlock()
	if err := s.admissible(ctx, writes); err != nil {
		return err
	}
	if err := s.commit(writes); err != nil {
		return s.breakDown(err)
	}
	s.publish(writes)
	return nil
}

// admissible refuses what must not be tried: nothing is written after an error.
func (s *Store) admissible(ctx context.Context, writes []eventstore.Write) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return eventstore.ErrClosed
	}
	if s.fault == nil {
		s.fault = s.log.fatal()
	}
	if s.fault != nil {
		return fmt.Errorf("%w: the store is read-only after a fault of its disk: %w; repair the disk and restart",
			eventstore.ErrUnavailable, s.fault)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, w := range writes {
		if have := s.heads[w.Stream]; have != w.Next {
			return &eventstore.Conflict{Stream: w.Stream, Want: w.Next, Have: have}
		}
	}
	return nil
}

func (s *Store) commit(writes []eventstore.Write) error {
	batch := s.db.NewBatch()
	for _, w := range writes {
		for i, r := range w.Records {
			k := key(w.Stream, w.Next+uint64(i))
			if err := batch.Set(k, encode(k, r), nil); err != nil {
				return err
			}
		}
	}
	if err := s.db.Apply(batch, pebble.Sync); err != nil {
		return err
	}
	if err := s.log.fatal(); err != nil { // where Pebble reports a failed commit
		return err
	}
	return batch.Close()
}

// breakDown makes the store read-only. The records of the failed batch stay
// invisible, since readers stop at the heads.
func (s *Store) breakDown(cause error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = cause
	return fmt.Errorf("%w: %w; the store is read-only until it is opened again", eventstore.ErrUnknownOutcome, cause)
}

func (s *Store) publish(writes []eventstore.Write) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range writes {
		s.heads[w.Stream] += uint64(len(w.Records))
	}
	s.wake()
}
