package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Append writes all records to one stream. See eventstore.Store; a second write
// is refused with ErrNotAtomic.
func (s *Store) Append(ctx context.Context, writes ...eventstore.Write) error {
	if err := eventstore.Check(writes...); err != nil {
		return err
	}
	if len(writes) > 1 {
		return eventstore.ErrNotAtomic
	}
	if err := s.admit(ctx, func() { s.appenders.Add(1) }); err != nil {
		return err
	}
	defer s.appenders.Done()
	w := writes[0]
	if w.Next > math.MaxInt64-uint64(len(w.Records)) { // the server counts in int64, and takes some of what is beyond for "any"
		return s.conflict(ctx, w)
	}
	if w.Next == 0 { // a stream that was deleted would take it, somewhere
		if _, err := s.head(ctx, w.Stream); err != nil {
			return notSent(ctx, err)
		}
	}
	events := eventsOf(w)
	err := s.send(ctx, w, events)
	if errors.Is(err, errElsewhere) {
		err = s.sendAgain(ctx, w, events, err)
	}
	if err == nil {
		s.saw(w.Stream, w.Next+uint64(len(w.Records)))
	}
	return err
}

// sendAgain lets a read find out who leads, which the client keeps for itself,
// and sends the same events there. If the first attempt was written after all,
// their ids make this one a repeat.
func (s *Store) sendAgain(ctx context.Context, w eventstore.Write, events []client.EventData, first error) error {
	_, err := s.head(ctx, w.Stream)
	if err != nil {
		err = notSent(ctx, err)
	} else {
		err = s.send(ctx, w, events)
	}
	conflict := new(eventstore.Conflict)
	if errors.Is(first, eventstore.ErrUnknownOutcome) && err != nil && !errors.As(err, &conflict) {
		return first
	}
	return err
}

// grace is how long the client may go on with an append that was given up. It
// has a data race when its context ends while it is still sending.
const grace = 200 * time.Millisecond

// send hands the events to a client, and gives up on it when time is over.
func (s *Store) send(ctx context.Context, w eventstore.Write, events []client.EventData) error {
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
	case <-limited.Done():
		return notSent(ctx, fmt.Errorf("%w: %d appends are stuck", eventstore.ErrUnavailable, maxAppends))
	}
	on, err := s.nodes.forAppend(limited)
	if err != nil {
		<-s.slots
		return notSent(ctx, err)
	}
	result := make(chan error, 1)
	work, stop := context.WithCancel(context.WithoutCancel(asLeader(ctx)))
	go func() {
		defer func() { <-s.slots }()
		defer s.nodes.release(on)
		defer stop()
		result <- on.append(work, s.prefix+w.Stream, w, events)
	}()
	select {
	case err := <-result:
		return s.settle(ctx, on, w, err)
	case <-limited.Done():
		time.AfterFunc(grace, stop)
		return s.settle(ctx, on, w, limited.Err())
	}
}

// notSent says why an append ended before the client had it.
func notSent(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, eventstore.ErrCorrupt):
		return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: no node was found in time", eventstore.ErrUnavailable)
	}
	return err
}

// append is the call of the client.
func (s *session) append(ctx context.Context, name string, w eventstore.Write, events []client.EventData) (err error) {
	defer recovered(&err)
	opts := client.AppendToStreamOptions{ExpectedRevision: client.NoStream{}}
	if w.Next > 0 {
		opts.ExpectedRevision = client.Revision(w.Next - 1)
	}
	result, err := s.appends.AppendToStream(ctx, name, opts, events...)
	if err != nil {
		return err
	}
	if last := w.Next + uint64(len(w.Records)) - 1; result.NextExpectedVersion != last {
		return fmt.Errorf("the server says that the last record is %d, it should be %d", result.NextExpectedVersion, last)
	}
	return nil
}

// nothingSent is how the client begins the error of an append that it could not
// begin to send. It has no other mark.
const nothingSent = "could not construct append operation"

// settle says what an append's end means. Only what is certain not to have been
// written is reported so; everything else may have been.
func (s *Store) settle(ctx context.Context, on *session, w eventstore.Write, err error) error {
	if err == nil || errors.Is(err, eventstore.ErrInvalid) {
		return err
	}
	refused := new(client.Error)
	if !errors.As(err, &refused) {
		if ctx.Err() == nil {
			s.nodes.retire(on, "")
		}
		return unknown(ctx, on, err)
	}
	if strings.HasPrefix(err.Error(), nothingSent) || refused.Code() == client.ErrorCodeConnectionClosed {
		s.nodes.retire(on, "")
		return notSent(ctx, fmt.Errorf("%w: node %s: %w", eventstore.ErrUnavailable, on.address, refused.Err()))
	}
	if refused.Code() == client.ErrorCodeWrongExpectedVersion {
		return s.conflict(ctx, w)
	}
	if refused.Code() == client.ErrorUnavailable || refused.Code() == client.ErrorCodeDeadlineExceeded {
		s.nodes.retire(on, "")
	}
	return turnedDown(ctx, on, w, refused)
}

// turnedDown explains what the node said about an append.
func turnedDown(ctx context.Context, on *session, w eventstore.Write, refused *client.Error) error {
	switch refused.Code() {
	case client.ErrorCodeNotLeader:
		return fmt.Errorf("%w: %w: node %s is not the leader", eventstore.ErrUnavailable, errElsewhere, on.address)
	case client.ErrorCodeStreamDeleted:
		return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, deleted(w.Stream))
	case client.ErrorCodeUnauthenticated:
		return notAccepted(on)
	case client.ErrorCodeAccessDenied:
		return fmt.Errorf("%w: the user of the connection string may not write to stream %s: grant it ($w)", eventstore.ErrUnavailable, w.Stream)
	}
	switch {
	case status.Code(refused.Err()) == codes.InvalidArgument:
		return fmt.Errorf("%w: node %s: %w; if it is too large split it, or raise the server's MaxAppendSize",
			eventstore.ErrInvalid, on.address, refused.Err())
	case errors.Is(refused.Err(), io.EOF): // refused while it was being sent; the client drops the reason
		return fmt.Errorf("%w: %w: node %s ended the call", eventstore.ErrUnknownOutcome, errElsewhere, on.address)
	}
	return unknown(ctx, on, refused.Err())
}

// unknown keeps the context's error, if it is what ended the append.
func unknown(ctx context.Context, on *session, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", eventstore.ErrUnknownOutcome, ctx.Err())
	}
	if status.Code(err) == codes.DeadlineExceeded { // the node's clock was faster than ours
		err = context.DeadlineExceeded
	}
	return fmt.Errorf("%w: node %s: %w", eventstore.ErrUnknownOutcome, on.address, err)
}

// conflict asks what the next revision is, which the client keeps for itself.
func (s *Store) conflict(ctx context.Context, w eventstore.Write) error {
	have, err := s.head(ctx, w.Stream)
	if err != nil {
		return notSent(ctx, err)
	}
	return &eventstore.Conflict{Stream: w.Stream, Want: w.Next, Have: have}
}
