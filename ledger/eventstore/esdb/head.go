package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Next is the number of records in the stream.
func (s *Store) Next(ctx context.Context, stream string) (uint64, error) {
	if err := eventstore.CheckStream(stream); err != nil {
		return 0, err
	}
	ctx, done, err := s.reading(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	return s.head(ctx, stream)
}

// head asks for the number of records. If it is lower than before, a deposed
// leader may have answered: it asks again, of new sessions, for two seconds,
// and only then calls it damage.
func (s *Store) head(ctx context.Context, stream string) (uint64, error) {
	for wait := 100 * time.Millisecond; ; wait *= 4 {
		known := s.seen(stream).Load()
		next, err := s.last(ctx, stream)
		if err != nil {
			return 0, err
		}
		if next >= known {
			s.saw(stream, next)
			return next, nil
		}
		if wait > 2*time.Second {
			return 0, &eventstore.Corrupt{
				Stream: stream, Revision: next,
				Reason: fmt.Sprintf("it is missing: the server had %d records and has %d now", known, next),
			}
		}
		s.nodes.renew()
		if err := sleep(ctx, wait); err != nil {
			return 0, s.cutShort(ctx, err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// last reads the last event backwards and returns the revision after it.
func (s *Store) last(ctx context.Context, stream string) (uint64, error) {
	event, exists, err := s.lastEvent(ctx, stream, s.prefix+stream)
	switch {
	case err != nil:
		return 0, err
	case event != nil:
		return event.GetStreamRevision() + 1, nil
	case exists:
		return 0, &eventstore.Corrupt{Stream: stream, Revision: 0, Reason: "it is missing: the stream was truncated, or its events have expired"}
	}
	return 0, s.neverWritten(ctx, stream)
}

// neverWritten returns nil unless a stream that the server does not find was
// deleted: then its metadata say that it is truncated before everything.
func (s *Store) neverWritten(ctx context.Context, stream string) error {
	event, _, err := s.lastEvent(ctx, stream, "$$"+s.prefix+stream)
	if err != nil || event == nil {
		return err
	}
	var metadata struct {
		TruncateBefore uint64 `json:"$tb"`
	}
	if err := json.Unmarshal(event.GetData(), &metadata); err != nil {
		return fmt.Errorf("%w: read the metadata of stream %s: %w", eventstore.ErrUnavailable, stream, err)
	}
	if metadata.TruncateBefore == math.MaxInt64 {
		return deleted(stream)
	}
	return nil
}

// lastEvent returns the last event, nil if there is none, and whether the
// server knows the stream.
func (s *Store) lastEvent(ctx context.Context, stream, name string) (*streams.ReadResp_ReadEvent_RecordedEvent, bool, error) {
	a, err := s.ask(ctx, stream, &streams.ReadReq_Options{
		ReadDirection: streams.ReadReq_Options_Backwards,
		CountOption:   &streams.ReadReq_Options_Count{Count: 1},
		StreamOption: &streams.ReadReq_Options_Stream{Stream: &streams.ReadReq_Options_StreamOptions{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(name)},
			RevisionOption:   &streams.ReadReq_Options_StreamOptions_End{End: &shared.Empty{}},
		}},
	})
	if err != nil {
		return nil, false, err
	}
	defer a.close()
	for {
		message, err := a.recv()
		switch {
		case errors.Is(err, io.EOF):
			return nil, true, nil
		case err != nil:
			return nil, false, err
		case message.GetStreamNotFound() != nil:
			return nil, false, nil
		case message.GetEvent() != nil:
			return message.GetEvent().GetEvent(), true, nil
		}
	}
}
