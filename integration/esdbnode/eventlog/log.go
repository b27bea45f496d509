// Package eventlog is the storage of the test node: many streams of events in
// one log, kept in Pebble, with the rules of EventStoreDB for expected
// revisions, deletion and stream metadata. It knows nothing of the wire.
//
// # Keys
//
//	n <name>               -> id, next revision, first position, tombstoned
//	e <id> <revision>      -> the event with its position
//	p <position>           -> id, revision, position after it
//
// Numbers in keys are 8 bytes, big-endian, so the order of keys is the order of
// revisions and of the log. A read of a stream is one scan; the log as a whole
// is read over its positions.
//
// # Durability
//
// Append returns after the fsync of its batch; appends that run at the same
// time share one. An event is seen by readers only when it is durable, and a
// refusal that rests on an event waits for it: nothing that anybody was told
// is lost in a crash.
package eventlog

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// start is the position of the first event of a new log. It is above zero,
// which clients take for "from the start".
const start = 512

// Options adjusts a log.
type Options struct {
	// Dir is where the log is kept; "" keeps it in memory.
	Dir string
	// Clock dates events; nil is time.Now.
	Clock func() time.Time
}

// Log is an open log. It is safe for concurrent use.
type Log struct {
	db    *pebble.DB
	lock  *pebble.Lock // nil in memory
	clock func() time.Time

	writing sync.Mutex // held from the check of revisions until the batch is applied
	recent  recent     // under writing
	next    uint64     // under writing: the position of the next event

	mu      sync.RWMutex
	streams map[string]*stream
	byID    []*stream     // by id - 1
	durable uint64        // events below this position are on the disk
	changed chan struct{} // closed and replaced when durable moves
}

// stream is what is known about a stream without reading it. It changes with
// Log.writing and Log.mu held.
type stream struct {
	name       string
	id         uint64
	next       uint64 // revision of the next event
	first      uint64 // position of the first event, where next > 0
	tombstoned bool
	meta       Metadata
}

// last is the last revision, or -1.
func (s *stream) last() int64 { return int64(s.next) - 1 }

// Open opens the log in opts.Dir and creates it if it is absent. A new log
// begins with the events that every node of EventStoreDB writes first.
func Open(opts Options) (*Log, error) {
	l := &Log{clock: opts.Clock, streams: map[string]*stream{}, changed: make(chan struct{}), recent: newRecent(), next: start}
	if l.clock == nil {
		l.clock = time.Now
	}
	if err := l.open(opts); err != nil {
		return nil, fmt.Errorf("open log %q: %w", opts.Dir, err)
	}
	if err := l.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open log %q: %w", opts.Dir, err), l.Close())
	}
	return l, nil
}

// open locks the directory first: Pebble leaks a goroutine where it does not
// get the lock.
func (l *Log) open(opts Options) error {
	p := opts.pebble()
	if opts.Dir != "" {
		if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
			return err
		}
		lock, err := pebble.LockDirectory(opts.Dir, vfs.Default)
		if err != nil {
			return fmt.Errorf("another node is using it, stop that one first: %w", err)
		}
		l.lock, p.Lock = lock, lock
	}
	db, err := pebble.Open(opts.Dir, p)
	if err != nil {
		return errors.Join(err, l.unlock())
	}
	l.db = db
	return nil
}

func (l *Log) unlock() error {
	if l.lock == nil {
		return nil
	}
	return l.lock.Close()
}

func (o Options) pebble() *pebble.Options {
	p := &pebble.Options{
		FormatMajorVersion: pebble.FormatWALSyncChunks,
		CacheSize:          16 << 20,
		MemTableSize:       16 << 20,
		Logger:             quiet{},
	}
	if o.Dir == "" {
		p.FS = vfs.NewMem()
	}
	return p
}

// Close releases the directory. No call may be under way.
func (l *Log) Close() error {
	if err := errors.Join(l.db.Close(), l.unlock()); err != nil {
		return fmt.Errorf("close log: %w", err)
	}
	return nil
}

// Head returns the position after the last durable event, and a channel that
// closes when it moves.
func (l *Log) Head() (uint64, <-chan struct{}) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.durable, l.changed
}

// publish makes what lies below the position visible.
func (l *Log) publish(position uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if position <= l.durable {
		return
	}
	l.durable = position
	close(l.changed)
	l.changed = make(chan struct{})
}

// settle waits until what lies below the position is durable.
func (l *Log) settle(position uint64) {
	for {
		durable, changed := l.Head()
		if durable >= position {
			return
		}
		<-changed
	}
}

// stream returns the state of a stream, and makes one where there is none.
// Called with writing held.
func (l *Log) stream(name string) *stream {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.streams[name]
	if s == nil {
		s = &stream{name: name, id: uint64(len(l.byID)) + 1}
		l.add(s)
	}
	return s
}

// add is called with mu held.
func (l *Log) add(s *stream) {
	l.streams[s.name] = s
	for uint64(len(l.byID)) < s.id {
		l.byID = append(l.byID, nil)
	}
	l.byID[s.id-1] = s
}

// quiet drops Pebble's chatter. Where Pebble cannot go on, neither can the node.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic("event log: " + fmt.Sprintf(format, args...))
}
