package eventlog

import (
	"crypto/rand"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

func metaEvent(data []byte) Event {
	return Event{ID: newID(), Type: "$metadata", JSON: true, Data: data}
}

func newID() [16]byte {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}

// Delete hides what is in the stream; a later append goes on after it. It
// returns the position of the event that says so, and fails like Append.
func (l *Log) Delete(name string, expected int64) (uint64, error) {
	return l.end(name, expected, func(tx *tx, s *stream) (uint64, error) {
		if s.next == 0 && !s.meta.deleted() {
			return 0, &WrongRevision{Stream: name, Expected: expected, Actual: NoStream}
		}
		data := fmt.Appendf(nil, `{"$tb":%d}`, uint64(deletedBefore))
		return tx.append(l.stream(metaStream(name)), []Event{metaEvent(data)}), nil
	})
}

// Tombstone ends the stream for ever. It returns the position of the event that
// says so, and fails like Append.
func (l *Log) Tombstone(name string, expected int64) (uint64, error) {
	return l.end(name, expected, func(tx *tx, s *stream) (uint64, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		s.tombstoned = true
		position := tx.put(s, TombstoneRevision, Event{ID: newID(), Type: "$streamDeleted", JSON: true, Data: []byte("{}")})
		if s.next == 0 {
			s.first = position
		}
		tx.describe(s)
		return position, nil
	})
}

func (l *Log) end(name string, expected int64, write func(*tx, *stream) (uint64, error)) (uint64, error) {
	l.writing.Lock()
	s := l.stream(name)
	tx := l.begin()
	var position uint64
	_, err := l.decide(s, expected, []Event{{ID: newID()}})
	if err == nil {
		position, err = write(tx, s)
	}
	if err != nil {
		seen := l.next
		l.writing.Unlock()
		l.settle(seen)
		return 0, err
	}
	err = tx.apply()
	l.writing.Unlock()
	if err != nil {
		return 0, err
	}
	return position, tx.wait()
}

// Truncate removes the events of the stream from revision from on, as if they
// had never been written: what a cluster does to writes that its leader
// acknowledged and then lost. It does not undo metadata.
func (l *Log) Truncate(name string, from uint64) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	s := l.stream(name)
	if from >= s.next {
		return nil
	}
	tx := l.begin()
	if err := l.remove(tx, s, from); err != nil {
		return err
	}
	l.mu.Lock()
	s.next = from
	tx.describe(s)
	l.mu.Unlock()
	l.recent.forget(s.id, from)
	if err := l.db.Apply(tx.batch, pebble.Sync); err != nil {
		return fmt.Errorf("truncate %q: %w", name, err)
	}
	return tx.batch.Close()
}

func (l *Log) remove(tx *tx, s *stream, from uint64) error {
	it, err := l.scan(s.id, from, TombstoneRevision)
	if err != nil {
		return err
	}
	defer func() { _ = it.Close() }()
	for ok := it.First(); ok; ok = it.Next() {
		_ = tx.batch.Delete(keyOfPosition(positionIn(it.Value())), nil) // fails only for indexed batches
		_ = tx.batch.Delete(it.Key(), nil)
	}
	return it.Error()
}
