package esdbnode

import (
	"math"

	streamspb "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"google.golang.org/grpc/codes"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// pageSize is how many events are read from the log at a time.
const pageSize = 256

// Read answers reads and catch-up subscriptions, of a stream or of $all.
func (s *streamsServer) Read(req *streamspb.ReadReq, ss streamspb.Streams_ReadServer) error {
	q, err := queryIn(req.GetOptions())
	if err != nil {
		return err
	}
	if err := s.node.allow(ss.Context(), q.stream, toRead); err != nil {
		return err
	}
	out := &sender{node: s.node, ss: ss, text: q.text, subscription: q.subscribe}
	switch {
	case q.subscribe:
		out.fault = s.node.faults.ofSubscription()
		return s.subscribe(q, out)
	case q.all:
		out.fault = s.node.faults.ofRead()
		return s.readAll(q, out)
	}
	out.fault = s.node.faults.ofRead()
	return s.readStream(q, out)
}

func (s *streamsServer) readStream(q query, out *sender) error {
	if err := out.begin(); err != nil {
		return err
	}
	info := s.node.log.Stream(q.stream)
	switch {
	case info.Tombstoned:
		return streamDeleted(q.stream)
	case !info.Exists:
		return out.ss.Send(streamNotFound(q.stream))
	}
	from := q.at
	if q.fromEnd {
		from = info.Next
		if q.backwards {
			from--
		}
	}
	return out.count(q.count, func(limit int) (eventlog.Page, error) {
		if !q.backwards {
			page, err := s.node.log.Forward(q.stream, from, limit, false)
			if n := len(page.Events); n > 0 {
				from = page.Events[n-1].Revision + 1
			}
			return page, err
		}
		page, err := s.node.log.Backward(q.stream, from, limit)
		if n := len(page.Events); n > 0 {
			from = page.Events[n-1].Revision - 1
			page.More = page.More && page.Events[n-1].Revision > 0
		}
		return page, err
	})
}

func (s *streamsServer) readAll(q query, out *sender) error {
	if err := out.begin(); err != nil {
		return err
	}
	if !q.fromEnd && !s.node.log.Valid(q.at) {
		return refuse(codes.Unknown, "Unexpected ReadAllResult: InvalidPosition")
	}
	from := q.at
	if q.fromEnd {
		from = math.MaxUint64
	}
	out.filter = q.filter
	return out.count(q.count, func(limit int) (eventlog.Page, error) {
		if q.backwards {
			page, err := s.node.log.AllBackward(from, limit)
			if n := len(page.Events); n > 0 {
				from = page.Events[n-1].Position
			}
			return page, err
		}
		page, err := s.node.log.AllForward(from, limit)
		if n := len(page.Events); n > 0 {
			from = page.Events[n-1].Position + 1
		}
		return page, err
	})
}

// sender writes events to one call, and does on the way what faults ask for.
type sender struct {
	node         *Node
	ss           streamspb.Streams_ReadServer
	text         bool // ids as strings
	subscription bool
	filter       *filter
	fault        *Fault
	sent         int
}

// begin is called before anything is sent.
func (o *sender) begin() error {
	if o.fault != nil && o.fault.events > 0 {
		return nil
	}
	return o.fault.before(o.ss.Context(), o.node)
}

// count sends up to n events from pages.
func (o *sender) count(n uint64, next func(limit int) (eventlog.Page, error)) error {
	for n > 0 {
		page, err := next(int(min(n, pageSize)))
		if err != nil {
			return err
		}
		for _, e := range page.Events {
			if !o.filter.matches(e) {
				continue
			}
			if err := o.event(e); err != nil {
				return err
			}
			n--
		}
		if !page.More {
			break
		}
	}
	return o.fault.after(o.ss.Context(), o.node)
}

// event sends one event.
func (o *sender) event(e eventlog.Event) error {
	times, recorded := o.node.faults.change(eventOut(e, o.text), o.subscription)
	for range times {
		err := o.ss.Send(&streamspb.ReadResp{Content: &streamspb.ReadResp_Event{Event: &streamspb.ReadResp_ReadEvent{
			Event:    recorded,
			Position: &streamspb.ReadResp_ReadEvent_CommitPosition{CommitPosition: e.Position},
		}}})
		if err != nil {
			return err
		}
	}
	o.sent++
	if o.fault != nil && o.fault.events == o.sent {
		return o.fault.strike(o.ss.Context(), o.node)
	}
	return nil
}
