package eventlog

import (
	"encoding/binary"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// load reads what is known about the streams, or writes what a new log starts
// with.
func (l *Log) load() error {
	if err := l.loadStreams(); err != nil {
		return err
	}
	if err := l.loadMetadata(); err != nil {
		return err
	}
	if err := l.loadHead(); err != nil {
		return err
	}
	if len(l.streams) > 0 {
		return nil
	}
	return l.found()
}

func (l *Log) loadStreams() error {
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: []byte{nameKey}, UpperBound: []byte{nameKey + 1}})
	if err != nil {
		return fmt.Errorf("read streams: %w", err)
	}
	defer func() { _ = it.Close() }()
	for ok := it.First(); ok; ok = it.Next() {
		v := it.Value()
		if len(v) != 25 {
			return fmt.Errorf("stream %q has a state of %d bytes, 25 are needed: use another directory", it.Key()[1:], len(v))
		}
		l.add(&stream{
			name:       string(it.Key()[1:]),
			id:         binary.BigEndian.Uint64(v),
			next:       binary.BigEndian.Uint64(v[8:]),
			first:      binary.BigEndian.Uint64(v[16:]),
			tombstoned: v[24] == 1,
		})
	}
	return it.Error()
}

func (l *Log) loadMetadata() error {
	for _, s := range l.byID {
		if s == nil || s.next == 0 {
			continue
		}
		of, ok := described(s.name)
		if !ok {
			continue
		}
		value, closer, err := l.db.Get(keyOfEvent(s.id, s.next-1))
		if err != nil {
			return fmt.Errorf("metadata of %q: %w", of, err)
		}
		var e Event
		err = e.get(value)
		_ = closer.Close()
		if err != nil {
			return fmt.Errorf("metadata of %q: %w", of, err)
		}
		l.describe(of, e.Data)
	}
	return nil
}

func (l *Log) loadHead() error {
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: []byte{positionKey}, UpperBound: []byte{positionKey + 1}})
	if err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	defer func() { _ = it.Close() }()
	if it.Last() {
		l.next = binary.BigEndian.Uint64(it.Value()[16:])
	}
	l.durable = l.next
	return it.Error()
}

// found writes the system events that a new node has.
func (l *Log) found() error {
	for _, user := range []string{"admin", "ops"} {
		profile := fmt.Appendf(nil, `{"loginName":%q,"disabled":false}`, user)
		if _, err := l.Append("$user-"+user, NoStream, []Event{{ID: newID(), Type: "$UserCreated", JSON: true, Data: profile}}); err != nil {
			return err
		}
		name := fmt.Appendf(nil, "%q", user)
		if _, err := l.Append("$users", Any, []Event{{ID: newID(), Type: "$User", JSON: true, Data: name}}); err != nil {
			return err
		}
	}
	return nil
}
