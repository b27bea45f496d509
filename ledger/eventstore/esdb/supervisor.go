package esdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// supervisor keeps one session with the leader and replaces it when its node
// is away or leads no more.
type supervisor struct {
	conf    client.Configuration
	timeout time.Duration
	log     *slog.Logger

	mu      sync.Mutex
	closed  bool
	current *session
	pending *attempt // to open a session
	hint    string   // where a node said that the leader is
	turn    int      // the seed to ask first
}

// session is what is needed to talk to one node.
type session struct {
	address string
	conn    *grpc.ClientConn
	reads   streams.StreamsClient // on conn
	appends *client.Client

	using   int  // appends in progress; guarded by supervisor.mu like retired
	retired bool // no call begins with it any more
}

// attempt is one try to open a session, shared by all calls that wait for it.
type attempt struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when err is set
	err    error
}

// session returns the session in use, or waits for a new one. It fails with
// ErrUnavailable, ErrClosed or the context's error.
func (s *supervisor) session(ctx context.Context) (*session, error) {
	return s.take(ctx, 0)
}

// forAppend is like session and counts an append, which the caller releases.
func (s *supervisor) forAppend(ctx context.Context) (*session, error) {
	return s.take(ctx, 1)
}

func (s *supervisor) take(ctx context.Context, appends int) (*session, error) {
	for {
		current, wait, err := s.look(ctx, appends)
		if current != nil || err != nil {
			return current, err
		}
		select {
		case <-wait.done:
			if wait.err != nil {
				return nil, wait.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// look returns the session in use or the attempt to open one.
func (s *supervisor) look(ctx context.Context, appends int) (*session, *attempt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, eventstore.ErrClosed
	}
	if s.current != nil {
		s.current.using += appends
		return s.current, nil, nil
	}
	if s.pending == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeout)
		s.pending = &attempt{cancel: cancel, done: make(chan struct{})}
		go s.open(ctx, s.pending)
	}
	return nil, s.pending, nil
}

// open finds the leader and connects to it.
func (s *supervisor) open(ctx context.Context, a *attempt) {
	defer a.cancel()
	address, err := s.leader(ctx)
	var fresh *session
	if err == nil {
		fresh, err = connect(s.conf, address, s.timeout)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(a.done)
	s.pending = nil
	switch {
	case err != nil:
		a.err = fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
	case s.closed:
		a.err = eventstore.ErrClosed
		fresh.drop()
	default:
		s.current = fresh
		s.log.Debug("event store: connected", "node", address)
	}
}

// retire takes a session out of use. hint says where the leader is, if known.
func (s *supervisor) retire(old *session, hint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old.retired {
		return
	}
	old.retired = true
	if s.current == old {
		s.current, s.hint = nil, hint
	}
	old.drop()
}

// renew makes the next call look for the leader anew.
func (s *supervisor) renew() {
	s.mu.Lock()
	old := s.current
	s.mu.Unlock()
	if old != nil {
		s.retire(old, "")
	}
}

// release ends an append.
func (s *supervisor) release(used *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if used.using--; used.retired && used.using == 0 {
		_ = used.appends.Close()
	}
}

func (s *supervisor) close() {
	s.mu.Lock()
	s.closed = true
	pending := s.pending
	s.mu.Unlock()
	s.renew()
	if pending != nil {
		pending.cancel()
	}
}

// drop ends reads in progress, and the client unless an append is in progress:
// closing it then could panic.
func (s *session) drop() {
	_ = s.conn.Close()
	if s.using == 0 {
		_ = s.appends.Close()
	}
}

// connect opens both ways to a node and makes the client's first call, so that
// nobody queues behind it while it looks for the node. It takes at most one
// attempt of the client, which is bounded by its GossipTimeout.
func connect(conf client.Configuration, address string, timeout time.Duration) (_ *session, err error) {
	defer recovered(&err)
	conf.Address, conf.GossipSeeds, conf.DnsDiscover = address, nil, false
	conf.MaxDiscoverAttempts, conf.DiscoveryInterval = 1, 0
	conf.GossipTimeout = max(1, min(conf.GossipTimeout, int(timeout/time.Second)))
	appends, err := client.NewClient(&conf)
	if err != nil {
		return nil, err
	}
	if _, err := appends.GetServerVersion(); err != nil {
		return nil, fmt.Errorf("node %s does not answer: %w", address, err)
	}
	conn, err := dial(&conf, address, identify(&conf)...)
	if err != nil {
		return nil, errors.Join(err, appends.Close())
	}
	return &session{address: address, conn: conn, reads: streams.NewStreamsClient(conn), appends: appends}, nil
}

// recovered makes an error of a panic within the client.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the event store's client panicked: %v", p)
	}
}
