package eventlog

import (
	"encoding/binary"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Result says where the last event of an append stands.
type Result struct {
	Revision int64  // -1: nothing was written, and the stream is empty
	Position uint64 // of an empty append: the head of the log
}

// Append writes the events to the end of the stream, all or none, if the
// stream is as expected: a revision, or NoStream, Any, StreamExists. A repeated
// append succeeds with the result of the first. It fails with *WrongRevision
// and *Deleted.
func (l *Log) Append(name string, expected int64, events []Event) (Result, error) {
	l.writing.Lock()
	s := l.stream(name)
	d, err := l.decide(s, expected, events)
	if err != nil || d.repeated || len(events) == 0 {
		seen := l.next
		l.writing.Unlock()
		l.settle(seen)
		return d.result, err
	}
	tx := l.begin(events...)
	position := tx.append(s, events)
	if s.meta.deleted() {
		tx.append(l.stream(metaStream(name)), []Event{metaEvent(s.meta.revived(s.next - uint64(len(events))))})
	}
	err = tx.apply()
	result := Result{Revision: s.last(), Position: position}
	l.writing.Unlock()
	if err != nil {
		return Result{}, err
	}
	return result, tx.wait()
}

// tx is one batch under way. It is filled and applied with Log.writing held.
type tx struct {
	log   *Log
	batch *pebble.Batch
	now   int64
	end   uint64
}

// begin starts a batch with room for the events.
func (l *Log) begin(events ...Event) *tx {
	size := 256
	for i := range events {
		size += events[i].size() + 80 // keys, position, lengths
	}
	return &tx{log: l, batch: l.db.NewBatchWithSize(size), now: ticks(l.clock())}
}

// append adds the events to the batch and returns the position of the last.
func (t *tx) append(s *stream, events []Event) uint64 {
	l := t.log
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.next == 0 {
		s.first = l.next
	}
	var position uint64
	for i := range events {
		position = t.put(s, s.next, events[i])
		l.recent.add(s.id, events[i].ID, s.next)
		s.next++
	}
	t.describe(s)
	if of, ok := described(s.name); ok {
		l.describe(of, events[len(events)-1].Data)
	}
	return position
}

// put adds one event and its position.
func (t *tx) put(s *stream, revision uint64, e Event) uint64 {
	e.Position, e.Created = t.log.next, t.now
	op := t.batch.SetDeferred(17, e.size())
	copy(op.Key, keyOfEvent(s.id, revision))
	e.put(op.Value)
	_ = op.Finish() // fails only for indexed batches
	t.log.next += uint64(e.size()) + 32
	op = t.batch.SetDeferred(9, 24)
	copy(op.Key, keyOfPosition(e.Position))
	binary.BigEndian.PutUint64(op.Value, s.id)
	binary.BigEndian.PutUint64(op.Value[8:], revision)
	binary.BigEndian.PutUint64(op.Value[16:], t.log.next)
	_ = op.Finish()
	return e.Position
}

// describe adds the state of the stream.
func (t *tx) describe(s *stream) {
	v := make([]byte, 0, 25)
	v = binary.BigEndian.AppendUint64(v, s.id)
	v = binary.BigEndian.AppendUint64(v, s.next)
	v = binary.BigEndian.AppendUint64(v, s.first)
	v = append(v, 0)
	if s.tombstoned {
		v[24] = 1
	}
	_ = t.batch.Set(keyOfName(s.name), v, nil) // fails only for indexed batches
}

// apply hands the batch to Pebble, which orders it; wait waits for its fsync.
func (t *tx) apply() error {
	t.end = t.log.next
	if err := t.log.db.ApplyNoSyncWait(t.batch, pebble.Sync); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func (t *tx) wait() error {
	if err := t.batch.SyncWait(); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	t.log.publish(t.end) // an earlier batch lies before this one in the same file
	return t.batch.Close()
}
