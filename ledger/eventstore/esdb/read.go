package esdb

import (
	"context"
	"errors"
	"io"
	"iter"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

type yieldFunc = func(eventstore.Record, error) bool

// Read yields the records from revision from up to, but without, to, or to the
// head as of the call. A range that is given costs one call of the server.
func (s *Store) Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[eventstore.Record, error] {
	toHead := to == eventstore.Head
	err := eventstore.CheckStream(stream)
	if err == nil && toHead {
		to, err = s.Next(ctx, stream)
	}
	return func(yield func(eventstore.Record, error) bool) {
		if err != nil {
			yield(eventstore.Record{}, err)
			return
		}
		if more, err := s.readRange(ctx, stream, from, to, toHead, yield); err != nil && more {
			yield(eventstore.Record{}, err)
		}
	}
}

// readRange yields a range. exists says that its end is known to be written.
func (s *Store) readRange(ctx context.Context, stream string, from, to uint64, exists bool, yield yieldFunc) (more bool, err error) {
	ctx, done, err := s.reading(ctx)
	if err != nil {
		return true, err
	}
	defer done()
	to = min(to, math.MaxInt64) // no stream is longer, and the server counts in int64
	for from < to {
		next, more, err := s.readOnce(ctx, stream, from, to, yield)
		if errors.Is(err, errElsewhere) && next > from {
			from = next
			continue
		}
		if err != nil || !more || next == to {
			return more, err
		}
		if exists && next == from {
			return true, missing(stream, from)
		}
		head, err := s.head(ctx, stream) // why did the server send less?
		if err != nil || head <= next {
			return true, err
		}
		from, to, exists = next, min(to, head), true
	}
	return true, nil
}

// readOnce yields what one call returns. next is the revision after it.
func (s *Store) readOnce(ctx context.Context, stream string, from, to uint64, yield yieldFunc) (next uint64, more bool, err error) {
	a, err := s.ask(ctx, stream, &streams.ReadReq_Options{
		CountOption: &streams.ReadReq_Options_Count{Count: to - from},
		StreamOption: &streams.ReadReq_Options_Stream{Stream: &streams.ReadReq_Options_StreamOptions{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(s.prefix + stream)},
			RevisionOption:   &streams.ReadReq_Options_StreamOptions_Revision{Revision: from},
		}},
	})
	if err != nil {
		return from, true, err
	}
	defer a.close()
	for next = from; next < to; {
		message, err := a.recv()
		if errors.Is(err, io.EOF) {
			return next, true, nil
		}
		if err == nil {
			err = s.cutShort(ctx, nil)
		}
		if err != nil {
			return next, true, err
		}
		r, due, err := s.record(stream, message, next)
		if err != nil {
			return next, true, err
		}
		if !due {
			continue
		}
		if next++; !yield(r, nil) {
			return next, false, nil
		}
	}
	return next, true, nil
}

// record returns the record in a message. Messages that hold none, and records
// before the one expected, are not due. One after it means that it is missing.
func (s *Store) record(stream string, message *streams.ReadResp, want uint64) (r eventstore.Record, due bool, err error) {
	event := message.GetEvent().GetEvent()
	if event == nil || event.GetStreamRevision() < want {
		return r, false, nil
	}
	if event.GetStreamRevision() > want {
		return r, false, missing(stream, want)
	}
	r, damage := recordOf(event)
	if damage != "" {
		return r, false, &eventstore.Corrupt{Stream: stream, Revision: want, Reason: damage}
	}
	s.saw(stream, want+1)
	return r, true, nil
}

func missing(stream string, revision uint64) error {
	return &eventstore.Corrupt{Stream: stream, Revision: revision, Reason: "it is missing"}
}
