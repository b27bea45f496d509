package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

var (
	// errElsewhere says that another session may do better: nothing was done.
	errElsewhere = errors.New("another node may serve it")
	errSilent    = errors.New("no answer in time")
)

// answer is what the server sends for one read or subscription.
type answer struct {
	timeout time.Duration
	inner   streams.Streams_ReadClient
	cancel  context.CancelCauseFunc
	explain func(err error) error // what the end of the call means
	silence *time.Timer           // ends the call when the server is silent for too long
	first   *streams.ReadResp
	err     error // of the first message; io.EOF when there is none
}

// ask sends a request and waits for the first message. If the session turns out
// to be dead or with the wrong node it asks once more, on a new one. The caller
// closes the answer.
func (s *Store) ask(ctx context.Context, stream string, opts *streams.ReadReq_Options) (*answer, error) {
	a, err := s.askOnce(ctx, stream, opts)
	if errors.Is(err, errElsewhere) {
		return s.askOnce(ctx, stream, opts)
	}
	return a, err
}

func (s *Store) askOnce(ctx context.Context, stream string, opts *streams.ReadReq_Options) (_ *answer, err error) {
	ctx, cancel := context.WithCancelCause(asLeader(ctx))
	a := &answer{timeout: s.timeout, cancel: cancel}
	a.silence = time.AfterFunc(s.timeout, func() { cancel(errSilent) })
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	on, err := s.nodes.session(ctx)
	if err != nil {
		return nil, s.cutShort(ctx, err)
	}
	opts.UuidOption = &streams.ReadReq_Options_UUIDOption{
		Content: &streams.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}},
	}
	opts.FilterOption = &streams.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}}
	if a.inner, err = on.reads.Read(ctx, &streams.ReadReq{Options: opts}); err != nil {
		return nil, s.failure(ctx, on, stream, nil, err)
	}
	a.explain = func(err error) error { return s.failure(ctx, on, stream, a.inner.Trailer(), err) }
	a.first, a.err = a.next()
	if a.err != nil && !errors.Is(a.err, io.EOF) {
		return nil, a.err
	}
	return a, nil
}

// recv returns the next message of a read, which the server owes us in time.
func (a *answer) recv() (*streams.ReadResp, error) {
	if first, err := a.first, a.err; first != nil || err != nil {
		a.first, a.err = nil, nil
		return first, err
	}
	a.silence.Reset(a.timeout)
	return a.next()
}

// await returns the next message of a subscription, whenever it comes.
func (a *answer) await() (*streams.ReadResp, error) { return a.next() }

// next returns io.EOF at the regular end, else an error of the port.
func (a *answer) next() (*streams.ReadResp, error) {
	message, err := a.inner.Recv()
	a.silence.Stop()
	if err != nil && !errors.Is(err, io.EOF) {
		err = a.explain(err)
	}
	return message, err
}

// close frees what the call holds; it may be half read.
func (a *answer) close() {
	a.silence.Stop()
	a.cancel(nil)
}

// asLeader asks a follower to refuse the call rather than to answer with what
// it happens to have. The client means to send this and does not.
func asLeader(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "requires-leader", "true")
}

// cutShort says why a call ended that never met a node.
func (s *Store) cutShort(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, eventstore.ErrClosed):
		return eventstore.ErrClosed
	case errors.Is(cause, errSilent):
		return fmt.Errorf("%w: no node was found within %s", eventstore.ErrUnavailable, s.timeout)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return err
}

// failure turns what a node said into an error of the port, and retires the
// session if another may do better.
func (s *Store) failure(ctx context.Context, on *session, stream string, trailer metadata.MD, err error) error {
	cause := context.Cause(ctx)
	if cause != nil && !errors.Is(cause, errSilent) {
		return s.cutShort(ctx, err)
	}
	if cause != nil {
		s.nodes.retire(on, "")
		return fmt.Errorf("%w: node %s did not answer within %s", eventstore.ErrUnavailable, on.address, s.timeout)
	}
	if _, ok := ctx.Deadline(); ok && status.Code(err) == codes.DeadlineExceeded { // the node's clock was faster than ours
		return context.DeadlineExceeded
	}
	switch exception(trailer) {
	case "stream-deleted":
		return deleted(stream)
	case "not-leader":
		s.nodes.retire(on, leaderIn(trailer))
		return fmt.Errorf("%w: %w: node %s is not the leader", eventstore.ErrUnavailable, errElsewhere, on.address)
	}
	return s.refusal(on, stream, err)
}

// refusal explains a status.
func (s *Store) refusal(on *session, stream string, err error) error {
	switch status.Code(err) {
	case codes.Unauthenticated:
		return notAccepted(on)
	case codes.PermissionDenied:
		return fmt.Errorf("%w: the user of the connection string may not read stream %s and its metadata: grant both ($r, $mr)",
			eventstore.ErrUnavailable, stream)
	case codes.Unavailable, codes.Canceled: // canceled: the session was retired
		s.nodes.retire(on, "")
		return fmt.Errorf("%w: %w: node %s: %w", eventstore.ErrUnavailable, errElsewhere, on.address, err)
	}
	return fmt.Errorf("%w: node %s: %w", eventstore.ErrUnavailable, on.address, err)
}

func notAccepted(on *session) error {
	return fmt.Errorf("%w: node %s does not accept user and password: check the connection string", eventstore.ErrUnavailable, on.address)
}

func exception(trailer metadata.MD) string {
	if values := trailer.Get("exception"); len(values) > 0 {
		return values[0]
	}
	return ""
}

// leaderIn returns the address of the leader that a follower names.
func leaderIn(trailer metadata.MD) string {
	host, port := trailer.Get("leader-endpoint-host"), trailer.Get("leader-endpoint-port")
	if len(host) == 0 || len(port) == 0 {
		return ""
	}
	return net.JoinHostPort(host[0], port[0])
}

// deleted is damage: an empty stream in its place would be founded anew.
func deleted(stream string) error {
	return &eventstore.Corrupt{Stream: stream, Revision: 0, Reason: "the stream was deleted on the server"}
}
