package esdbnode

import (
	"math"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// liveBuffer is how far a live subscriber may fall behind before it counts as
// catching up again.
const liveBuffer = 32

// source returns the next events of a subscription; live ones are not hidden by
// the metadata of their stream.
type source func(live bool) (eventlog.Page, error)

// subscribe sends what is there, says that the client has caught up, and sends
// what comes. The events are always read from the log, never handed over from
// writers, so there is no seam at which one could be lost, however slow the
// client is.
func (s *streamsServer) subscribe(q query, out *sender) error {
	if err := out.begin(); err != nil {
		return err
	}
	if q.all && !q.fromEnd && !s.node.log.Valid(q.at) {
		return invalid("Trying to read from an invalid position.")
	}
	if err := out.ss.Send(confirmation(uuid.NewString())); err != nil {
		return err
	}
	if q.all {
		after, err := s.after(q)
		if err != nil {
			return err
		}
		var m *marks
		if q.filter != nil {
			m = &marks{out: out, interval: q.filter.interval, last: after}
		}
		return s.follow(q, out, s.fromAll(after), m)
	}
	if s.node.log.Stream(q.stream).Tombstoned {
		return streamDeleted(q.stream)
	}
	return s.follow(q, out, s.fromStream(q), nil)
}

func (s *streamsServer) fromStream(q query) source {
	next := q.at + 1
	switch {
	case q.fromStart:
		next = 0
	case q.fromEnd:
		next = s.node.log.Stream(q.stream).Next
	}
	return func(live bool) (eventlog.Page, error) {
		page, err := s.node.log.Forward(q.stream, next, pageSize, live)
		if n := len(page.Events); n > 0 {
			next = page.Events[n-1].Revision + 1
		}
		return page, err
	}
}

// after is the position that a subscription to $all begins behind.
func (s *streamsServer) after(q query) (uint64, error) {
	if !q.fromEnd {
		return q.at, nil
	}
	page, err := s.node.log.AllBackward(math.MaxUint64, 1)
	if err != nil || len(page.Events) == 0 {
		return 0, err
	}
	return page.Events[0].Position, nil
}

func (s *streamsServer) fromAll(after uint64) source {
	return func(bool) (eventlog.Page, error) {
		page, err := s.node.log.AllForward(after+1, pageSize)
		if n := len(page.Events); n > 0 {
			after = page.Events[n-1].Position
		}
		return page, err
	}
}

func (s *streamsServer) follow(q query, out *sender, next source, m *marks) error {
	live := false
	for {
		_, changed := s.node.log.Head()
		page, err := next(live)
		if err != nil {
			return err
		}
		live = live && len(page.Events) <= liveBuffer
		if err := s.deliver(q, out, page, m); err != nil {
			return err
		}
		if page.More {
			continue
		}
		if !live {
			if err := out.caughtUp(m); err != nil {
				return err
			}
			live = true
		}
		select {
		case <-changed:
		case <-out.ss.Context().Done():
			return out.ss.Context().Err()
		}
	}
}

func (s *streamsServer) deliver(q query, out *sender, page eventlog.Page, m *marks) error {
	for _, e := range page.Events {
		if q.filter.matches(e) {
			if err := out.event(e); err != nil {
				return err
			}
		}
		if err := m.considered(e.Position); err != nil {
			return err
		}
		if !q.all && e.Revision == eventlog.TombstoneRevision {
			return streamDeleted(q.stream)
		}
	}
	return nil
}

func (o *sender) caughtUp(m *marks) error {
	if err := m.mark(); err != nil {
		return err
	}
	return o.ss.Send(caughtUp())
}

// marks sends the checkpoints of a filtered subscription: one for every
// interval of events that were looked at, and one before each catching up. It
// never repeats one and never goes back. A nil marks sends none.
type marks struct {
	out      *sender
	interval int
	since    int
	last     uint64 // position looked at last
	sent     uint64
}

func (m *marks) considered(position uint64) error {
	if m == nil {
		return nil
	}
	m.last = position
	if m.since++; m.since < m.interval {
		return nil
	}
	return m.mark()
}

func (m *marks) mark() error {
	if m == nil || m.last <= m.sent {
		return nil
	}
	m.sent, m.since = m.last, 0
	return m.out.ss.Send(checkpoint(m.last))
}
