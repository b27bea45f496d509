package pebblestore

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// load checks the format and finds the head of each stream.
func (s *Store) load() error {
	if err := s.checkFormat(); err != nil {
		return err
	}
	for _, stream := range []string{eventstore.Journal, eventstore.Checkpoints} {
		head, err := s.findHead(stream)
		if err != nil {
			return err
		}
		s.heads[stream] = head
	}
	return nil
}

func (s *Store) checkFormat() error {
	value, done, err := s.db.Get([]byte(formatKey))
	if errors.Is(err, pebble.ErrNotFound) {
		return s.setFormat()
	}
	if err != nil {
		return err
	}
	defer done.Close()
	if string(value) != format {
		return fmt.Errorf("the store has format %q, this program reads %q: use the program that wrote it", value, format)
	}
	return nil
}

// setFormat marks an empty database as a store of this format.
func (s *Store) setFormat() error {
	it, err := s.db.NewIter(nil)
	if err != nil {
		return err
	}
	foreign := it.First()
	if err := it.Close(); err != nil {
		return err
	}
	if foreign {
		return errors.New("the directory holds a database that is not an event store: name another directory")
	}
	if err := s.db.Set([]byte(formatKey), []byte(format), pebble.Sync); err != nil {
		return err
	}
	return s.log.fatal() // where Pebble reports a failed commit
}

// findHead returns the number of records. It looks at the first and the last
// one only; a gap between them is found by the reader that meets it.
func (s *Store) findHead(stream string) (head uint64, err error) {
	lower, upper := bounds(stream)
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	if !it.First() {
		return 0, it.Error()
	}
	if string(it.Key()) != string(key(stream, 0)) {
		return 0, &eventstore.Corrupt{Stream: stream, Revision: 0, Reason: "it is missing"}
	}
	if !it.Last() {
		return 0, it.Error()
	}
	last, err := revision(it.Key())
	if err != nil {
		return 0, err
	}
	_, err = record(it, stream, last)
	return last + 1, err
}

func revision(key []byte) (uint64, error) {
	if len(key) != 9 {
		return 0, fmt.Errorf("%w: key %x is none of an event store", eventstore.ErrCorrupt, key)
	}
	return binary.BigEndian.Uint64(key[1:]), nil
}

// record decodes the record at the iterator, which must be that of revision.
func record(it *pebble.Iterator, stream string, revision uint64) (eventstore.Record, error) {
	want := key(stream, revision)
	if string(it.Key()) != string(want) {
		return eventstore.Record{}, &eventstore.Corrupt{Stream: stream, Revision: revision, Reason: "it is missing"}
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return eventstore.Record{}, readError(stream, revision, err)
	}
	r, damage := decode(want, value)
	if damage != "" {
		return eventstore.Record{}, &eventstore.Corrupt{Stream: stream, Revision: revision, Reason: damage}
	}
	r.Revision = revision
	return r, nil
}

// readError tells damaged bytes from a disk that does not answer.
func readError(stream string, revision uint64, err error) error {
	if pebble.IsCorruptionError(err) {
		return &eventstore.Corrupt{Stream: stream, Revision: revision, Reason: err.Error()}
	}
	return fmt.Errorf("%w: read stream %s at %d: %w", eventstore.ErrUnavailable, stream, revision, err)
}
