package eventlog

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// pageBytes ends a page early, so that large events do not pile up.
const pageBytes = 2 << 20

// Info is the state of a stream.
type Info struct {
	Exists     bool // it has events, and is not deleted
	Tombstoned bool
	Next       uint64 // revision of the next event
}

// Stream returns the state of a stream.
func (l *Log) Stream(name string) Info {
	l.mu.RLock()
	defer l.mu.RUnlock()
	s := l.streams[name]
	if s == nil {
		return Info{}
	}
	exists := s.next > 0 && s.first < l.durable && !s.meta.deleted()
	return Info{Exists: exists, Tombstoned: s.tombstoned, Next: s.next}
}

// Metadata returns the metadata of a stream.
func (l *Log) Metadata(name string) Metadata {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if s := l.streams[name]; s != nil {
		return s.meta
	}
	return Metadata{}
}

// Page is some events, and whether there may be more.
type Page struct {
	Events []Event
	More   bool

	limit, bytes int
}

// full adds an event and reports whether the page is full.
func (p *Page) full(e Event) bool {
	p.Events = append(p.Events, e)
	p.bytes += e.size()
	p.More = len(p.Events) >= p.limit || p.bytes >= pageBytes
	return p.More
}

// view is what a read needs to know, as of its start.
type view struct {
	id, first, durable uint64
	expired            func(created int64) bool
}

// see returns the view of a stream; all reveals what its metadata hides.
func (l *Log) see(name string, all bool) (view, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	s := l.streams[name]
	if s == nil {
		return view{}, false
	}
	v := view{id: s.id, durable: l.durable, expired: Metadata{}.expired(l.clock())}
	if !all {
		v.first, v.expired = s.visible(), s.meta.expired(l.clock())
	}
	return v, true
}

// Forward returns up to limit events of the stream from the revision on. all
// returns also what the stream's metadata hides.
func (l *Log) Forward(name string, from uint64, limit int, all bool) (Page, error) {
	v, ok := l.see(name, all)
	if !ok || limit <= 0 {
		return Page{}, nil
	}
	it, err := l.scan(v.id, max(from, v.first), TombstoneRevision+1)
	if err != nil {
		return Page{}, err
	}
	defer func() { _ = it.Close() }()
	page := Page{limit: limit}
	for ok := it.First(); ok; ok = it.Next() {
		if done, err := page.take(it, name, v); done || err != nil {
			return page, err
		}
	}
	return page, it.Error()
}

// Backward returns up to limit events of the stream from the revision down.
func (l *Log) Backward(name string, from uint64, limit int) (Page, error) {
	v, ok := l.see(name, false)
	if !ok || limit <= 0 || from < v.first {
		return Page{}, nil
	}
	it, err := l.scan(v.id, v.first, from+1)
	if err != nil {
		return Page{}, err
	}
	defer func() { _ = it.Close() }()
	page := Page{limit: limit}
	for ok := it.Last(); ok; ok = it.Prev() {
		if positionIn(it.Value()) >= v.durable {
			continue
		}
		if done, err := page.take(it, name, v); done || err != nil {
			return page, err
		}
	}
	return page, it.Error()
}

// take adds the event under the iterator and reports whether that was enough.
func (p *Page) take(it *pebble.Iterator, name string, v view) (bool, error) {
	value := it.Value()
	if positionIn(value) >= v.durable {
		return true, nil
	}
	e := Event{Stream: name, Revision: revisionOf(it.Key())}
	if err := e.get(value); err != nil {
		return true, fmt.Errorf("event %d of %q: %w", e.Revision, name, err)
	}
	if v.expired(e.Created) {
		return false, nil
	}
	return p.full(e), nil
}

// scan iterates over the events of a stream from one revision up to another.
func (l *Log) scan(id, from, to uint64) (*pebble.Iterator, error) {
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: keyOfEvent(id, from), UpperBound: keyOfEvent(id, to)})
	if err != nil {
		return nil, fmt.Errorf("read stream: %w", err)
	}
	return it, nil
}

// AllForward returns up to limit events of the log from the position on.
func (l *Log) AllForward(from uint64, limit int) (Page, error) {
	head, _ := l.Head()
	return l.all(from, head, limit, (*pebble.Iterator).First, (*pebble.Iterator).Next)
}

// AllBackward returns up to limit events of the log that stand before the
// position, the last first.
func (l *Log) AllBackward(before uint64, limit int) (Page, error) {
	head, _ := l.Head()
	return l.all(0, min(before, head), limit, (*pebble.Iterator).Last, (*pebble.Iterator).Prev)
}

func (l *Log) all(from, to uint64, limit int, first, next func(*pebble.Iterator) bool) (Page, error) {
	if limit <= 0 || from >= to {
		return Page{}, nil
	}
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: keyOfPosition(from), UpperBound: keyOfPosition(to)})
	if err != nil {
		return Page{}, fmt.Errorf("read log: %w", err)
	}
	defer func() { _ = it.Close() }()
	events, err := l.db.NewIter(&pebble.IterOptions{LowerBound: []byte{eventKey}, UpperBound: []byte{eventKey + 1}})
	if err != nil {
		return Page{}, fmt.Errorf("read log: %w", err)
	}
	defer func() { _ = events.Close() }()
	page := Page{limit: limit}
	for ok := first(it); ok; ok = next(it) {
		e, err := l.at(events, it.Value())
		if err != nil || page.full(e) {
			return page, err
		}
	}
	return page, it.Error()
}

// at reads the event that a position names. In a log most events follow one
// another in their stream too, so the next one is tried before it is sought.
func (l *Log) at(events *pebble.Iterator, place []byte) (Event, error) {
	id, revision := binary.BigEndian.Uint64(place), binary.BigEndian.Uint64(place[8:])
	key := keyOfEvent(id, revision)
	if !events.Valid() || !events.Next() || string(events.Key()) != string(key) {
		if !events.SeekGE(key) || string(events.Key()) != string(key) {
			return Event{}, errors.Join(fmt.Errorf("event %d of stream %d is missing", revision, id), events.Error())
		}
	}
	e := Event{Stream: l.nameOf(id), Revision: revision}
	return e, e.get(events.Value())
}

func (l *Log) nameOf(id uint64) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.byID[id-1].name
}

// Valid reports whether a reader may start at the position: at an event, at
// the end, or at zero.
func (l *Log) Valid(position uint64) bool {
	head, _ := l.Head()
	if position == 0 || position == head {
		return true
	}
	_, closer, err := l.db.Get(keyOfPosition(position))
	if err != nil {
		return false
	}
	return closer.Close() == nil && position < head
}
