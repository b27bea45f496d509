// Package esdb keeps the streams of an event store in EventStoreDB: the
// ledger's engine on several machines.
//
// A stream of the port is a stream of the same name on the server, a record is
// an event under the record's type, and its revision is the server's. Data that
// is valid JSON is marked as such, so the server's own pages show it; the bytes
// are kept as they are either way. Every append names the exact revision that
// it expects (the server's compare-and-swap), and one append is one atomic
// write to one stream: the store is not atomic over several.
//
// # Event ids
//
// A record's ID is the event's. The server compares ids, not bytes: whoever
// appends at a revision that is taken is told success if the ids standing there
// are the ones sent. So resending records is idempotent, and a record that
// other writers might put at the same revision must have an ID that its bytes
// determine, as the port asks for.
//
// # What of the vendor's client is used, and what is not
//
// Appends go through [client.Client], version 4.2.0. Reads and subscriptions go
// through the generated stubs of the same module on a connection of our own,
// because every public method that yields events ends in code that calls
// log.Fatalf when an event's metadata lacks a numeric "created" (no recover
// helps: one odd event would end every replica), panics on messages that it
// does not know, and leaks a goroutine for each stream that is left half-read.
// The stub also shows the trailers, which name the leader.
//
// Around the client stands a supervisor, since a client that once failed to
// find a node stays dead, blocks its callers for ever whatever their context
// says, and panics when it is closed too early:
//
//   - A session is one client and one connection to one node: the leader. The
//     supervisor finds it (gossip over the seeds of the connection string, or
//     the one host named there), makes one warm-up call, then shares it.
//   - A session whose node is away, silent or no longer the leader is retired
//     and the next call opens a new one. Its client is closed when its last
//     append has returned, never before.
//   - Appends run on goroutines of their own, raced against context and
//     deadline; at most 64 of them may be stuck. A panic becomes an error. One
//     that is given up is cancelled a moment later, because the client has a
//     data race when it is cancelled while it sends.
//
// Of the connection string's settings maxDiscoverAttempts and discoveryInterval
// have no effect: the supervisor tries once for each call that needs a node.
// defaultDeadline is the time for one answer, of reads too.
//
// An append that the node ends while it is being sent (it leads no more, say)
// is sent once more to the leader, since the client drops the reason and the
// ids make a repeat harmless. One at revision 0 first looks whether the stream
// was deleted: the server would take it and number it otherwise.
//
// Every call carries "requires-leader", which the client means to send and does
// not: a follower could answer a read with less than was acknowledged. Settings
// that would make a follower answer are refused.
//
// # Reading
//
// A range is one call of the server, however long: its flow control keeps what
// is in flight small. Up to Head costs a second call, for the head. Every
// stream is closed when the loop is left.
//
// # What is reported as damage
//
// A gap in the revisions, a stream that was deleted or truncated, and a stream
// that holds less than it did before (by what this Store has itself seen, asked
// again for two seconds in case a deposed leader answered) are
// *eventstore.Corrupt: an empty journal would be founded anew.
package esdb

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Options adjusts a store. The zero value is right for production.
type Options struct {
	// Log receives what the operator should know, and at debug level what the
	// client says; nil discards it.
	Log *slog.Logger
}

// Store is an eventstore.Store on an EventStoreDB server or cluster, which
// other processes may use at the same time. It is safe for concurrent use.
type Store struct {
	nodes   *supervisor
	log     *slog.Logger
	timeout time.Duration // for one answer of the server
	prefix  string        // before the names of streams; only tests set it
	slots   chan struct{} // one for each append that the client works on

	journal, checkpoints atomic.Uint64 // the highest Next seen of each stream

	mu        sync.Mutex
	closed    bool
	readers   map[*reader]bool
	appenders sync.WaitGroup
}

// reader is a call in progress that Close ends.
type reader struct{ cancel context.CancelCauseFunc }

var _ eventstore.Store = (*Store)(nil)

// maxAppends is how many appends may be with the client, stuck ones included.
const maxAppends = 64

// Open checks the connection string and returns the store. It does not connect:
// while the server is away calls fail with ErrUnavailable, and work when it is
// back. Errors do not contain the password.
func Open(ctx context.Context, connectionString string, opts Options) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	log := opts.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	conf, err := parse(connectionString)
	if err != nil {
		return nil, err
	}
	conf.Logger = logTo(log)
	timeout := defaultTimeout
	if conf.DefaultDeadline != nil {
		timeout = *conf.DefaultDeadline
	}
	return newStore(conf, timeout, log), nil
}

func newStore(conf *client.Configuration, timeout time.Duration, log *slog.Logger) *Store {
	return &Store{
		nodes:   &supervisor{conf: *conf, timeout: timeout, log: log},
		log:     log,
		timeout: timeout,
		slots:   make(chan struct{}, maxAppends),
		readers: map[*reader]bool{},
	}
}

// Atomic reports false: the server writes one stream at a time.
func (s *Store) Atomic() bool { return false }

// Close ends readers and followers, lets appends on their way finish (each is
// bounded by its deadline), and lets go of the server. It may be repeated.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	for r := range s.readers {
		r.cancel(eventstore.ErrClosed)
	}
	s.mu.Unlock()
	s.appenders.Wait()
	s.nodes.close()
	return nil
}

// reading registers a call that Close ends. The caller calls done.
func (s *Store) reading(ctx context.Context) (_ context.Context, done func(), err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	r := &reader{cancel}
	if err := s.admit(ctx, func() { s.readers[r] = true }); err != nil {
		cancel(nil)
		return nil, nil, err
	}
	return ctx, func() {
		cancel(nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.readers, r)
	}, nil
}

// admit registers a call unless the store is closed or its context has ended.
func (s *Store) admit(ctx context.Context, register func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return eventstore.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	register()
	return nil
}

// seen is the highest number of records that the stream was seen to have.
func (s *Store) seen(stream string) *atomic.Uint64 {
	if stream == eventstore.Journal {
		return &s.journal
	}
	return &s.checkpoints
}

// saw raises the mark that seen returns.
func (s *Store) saw(stream string, next uint64) {
	mark := s.seen(stream)
	for {
		old := mark.Load()
		if next <= old || mark.CompareAndSwap(old, next) {
			return
		}
	}
}
