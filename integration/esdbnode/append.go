package esdbnode

import (
	"context"
	"errors"
	"io"

	streamspb "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// streamsServer answers event_store.client.streams.Streams. BatchAppend, which
// the official client never calls, is not implemented.
type streamsServer struct {
	streamspb.UnimplementedStreamsServer
	node *Node
}

// Append writes what the client sends, once it has sent all of it.
func (s *streamsServer) Append(ss streamspb.Streams_AppendServer) error {
	stream, expected, events, err := s.receive(ss)
	if err != nil {
		return err
	}
	if err := s.node.allow(ss.Context(), stream, toWrite); err != nil {
		return err
	}
	if err := s.writable(); err != nil {
		return err
	}
	fault := s.node.faults.ofAppend()
	if err := fault.before(ss.Context(), s.node); err != nil {
		return err
	}
	result, err := s.node.log.Append(stream, expected, events)
	if struck := fault.after(ss.Context(), s.node); struck != nil {
		return struck
	}
	var wrong *eventlog.WrongRevision
	switch {
	case errors.As(err, &wrong):
		return ss.SendAndClose(conflict(wrong))
	case err != nil:
		return err
	}
	return ss.SendAndClose(success(result))
}

// receive reads an append. The size is checked as messages arrive, so a client
// may be refused while it is still sending.
func (s *streamsServer) receive(ss streamspb.Streams_AppendServer) (string, int64, []eventlog.Event, error) {
	req, err := ss.Recv()
	if err != nil {
		return "", 0, nil, err
	}
	o := req.GetOptions()
	if o == nil || len(o.GetStreamIdentifier().GetStreamName()) == 0 {
		return "", 0, nil, invalid("the first message of an append names the stream")
	}
	stream := string(o.GetStreamIdentifier().GetStreamName())
	events, err := s.receiveEvents(ss)
	return stream, expectedIn(o), events, err
}

func (s *streamsServer) receiveEvents(ss streamspb.Streams_AppendServer) ([]eventlog.Event, error) {
	var events []eventlog.Event
	size := 0
	for {
		req, err := ss.Recv()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		e, err := eventIn(req.GetProposedMessage())
		if err != nil {
			return nil, err
		}
		if size += e.Size(); size > s.node.opts.MaxAppend {
			return nil, appendTooBig(s.node.opts.MaxAppend)
		}
		events = append(events, e)
	}
}

// Delete hides what is in a stream.
func (s *streamsServer) Delete(ctx context.Context, req *streamspb.DeleteReq) (*streamspb.DeleteResp, error) {
	position, err := s.end(ctx, req.GetOptions(), s.node.log.Delete)
	if err != nil {
		return nil, err
	}
	return &streamspb.DeleteResp{PositionOption: &streamspb.DeleteResp_Position_{
		Position: &streamspb.DeleteResp_Position{CommitPosition: position, PreparePosition: position},
	}}, nil
}

// Tombstone ends a stream for ever.
func (s *streamsServer) Tombstone(ctx context.Context, req *streamspb.TombstoneReq) (*streamspb.TombstoneResp, error) {
	position, err := s.end(ctx, req.GetOptions(), s.node.log.Tombstone)
	if err != nil {
		return nil, err
	}
	return &streamspb.TombstoneResp{PositionOption: &streamspb.TombstoneResp_Position_{
		Position: &streamspb.TombstoneResp_Position{CommitPosition: position, PreparePosition: position},
	}}, nil
}

func (s *streamsServer) end(ctx context.Context, o expecting, write func(string, int64) (uint64, error)) (uint64, error) {
	stream := string(o.GetStreamIdentifier().GetStreamName())
	if stream == "" {
		return 0, invalid("stream_identifier is required")
	}
	if err := s.node.allow(ctx, stream, toDelete); err != nil {
		return 0, err
	}
	if err := s.writable(); err != nil {
		return 0, err
	}
	return write(stream, expectedIn(o))
}

// writable refuses writes at a node that follows.
func (s *streamsServer) writable() error {
	if leader := s.node.leader(); leader != s.node {
		return notLeader(leader.Address())
	}
	return nil
}
