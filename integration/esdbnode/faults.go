package esdbnode

import (
	"context"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode/eventlog"
)

// Faults is what a node does wrong. Faults of calls are counted: each strikes
// so many calls and is gone. The others last until Heal. It is safe for
// concurrent use, and nothing is wrong at the start.
type Faults struct {
	node *Node

	mu            sync.Mutex
	appends       []Fault
	reads         []Fault
	subscriptions []Fault
	slow          time.Duration
	twice         int
	undated       int
	altered       map[place]func(*RecordedEvent) *RecordedEvent
}

type place struct {
	stream   string
	revision uint64
}

func newFaults(n *Node) *Faults {
	return &Faults{node: n, altered: map[place]func(*RecordedEvent) *RecordedEvent{}}
}

// Fault is what happens to one call.
type Fault struct {
	late   bool // after the work was done
	events int  // after so many events, for reads and subscriptions
	answer *refusal
	cut    bool
}

// DropBefore cuts the connection before anything is done: an append is not
// written, a read sends no event.
func DropBefore() Fault { return Fault{cut: true} }

// DropAfter cuts the connection when the work is done and before the client
// knows: an append is written, a read has sent its last event.
func DropAfter() Fault { return Fault{cut: true, late: true} }

// HangBefore does nothing and never answers.
func HangBefore() Fault { return Fault{} }

// HangAfter does the work and never answers.
func HangAfter() Fault { return Fault{late: true} }

// TimeoutBefore answers that the operation timed out, and it was not done.
func TimeoutBefore() Fault { return Fault{answer: refuse(codes.Aborted, "Operation timed out")} }

// TimeoutAfter answers that the operation timed out, but it was done.
func TimeoutAfter() Fault { return Fault{late: true, answer: TimeoutBefore().answer} }

// NotReady refuses as a node does that is starting.
func NotReady() Fault { return Fault{answer: refuse(codes.Unavailable, "Server Is Not Ready")} }

// TooBusy refuses as a node does that is overloaded.
func TooBusy() Fault { return Fault{answer: refuse(codes.Unavailable, "Server Is Too Busy")} }

// NotLeader refuses as a follower does, and names the leader as host:port. The
// official client then connects there.
func NotLeader(leader string) Fault { return Fault{answer: notLeader(leader)} }

// AfterEvents lets the fault strike a read or a subscription when it has sent
// so many events.
func (f Fault) AfterEvents(n int) Fault {
	f.events = n
	return f
}

func (f *Fault) before(ctx context.Context, n *Node) error {
	if f == nil || f.late || f.events > 0 {
		return nil
	}
	return f.strike(ctx, n)
}

func (f *Fault) after(ctx context.Context, n *Node) error {
	if f == nil || !f.late || f.events > 0 {
		return nil
	}
	return f.strike(ctx, n)
}

// strike returns the error that ends the call.
func (f *Fault) strike(ctx context.Context, n *Node) error {
	switch {
	case f.answer != nil:
		return f.answer
	case f.cut:
		if f.events > 0 { // what was sent needs a moment to leave
			_ = pause(ctx, 50*time.Millisecond) // a call that ended is cut as well
		}
		n.cut(ctx)
		return status.Error(codes.Unavailable, "connection was cut")
	}
	<-ctx.Done()
	return ctx.Err()
}

// cut closes the connection of the call.
func (n *Node) cut(ctx context.Context) {
	s := n.up()
	if p, ok := peer.FromContext(ctx); ok && s != nil {
		s.door.cut(p.Addr.String())
	}
}

// Appends lets the fault strike the next n appends, after those that were asked
// for earlier.
func (f *Faults) Appends(n int, fault Fault) { f.plan(&f.appends, n, fault) }

// Reads lets the fault strike the next n reads.
func (f *Faults) Reads(n int, fault Fault) { f.plan(&f.reads, n, fault) }

// Subscriptions lets the fault strike the next n subscriptions.
func (f *Faults) Subscriptions(n int, fault Fault) { f.plan(&f.subscriptions, n, fault) }

func (f *Faults) plan(queue *[]Fault, n int, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*queue = append(*queue, slices.Repeat([]Fault{fault}, n)...)
}

func (f *Faults) ofAppend() *Fault       { return f.take(&f.appends) }
func (f *Faults) ofRead() *Fault         { return f.take(&f.reads) }
func (f *Faults) ofSubscription() *Fault { return f.take(&f.subscriptions) }

func (f *Faults) take(queue *[]Fault) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(*queue) == 0 {
		return nil
	}
	fault := (*queue)[0]
	*queue = (*queue)[1:]
	return &fault
}

// Slow delays every call by d; 0 ends it.
func (f *Faults) Slow(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow = d
}

func (f *Faults) delay() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.slow
}

// Twice delivers the next n events of subscriptions twice.
func (f *Faults) Twice(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.twice = n
}

// Undated sends the next n events without the time of their creation. The
// official client ends its process when it gets one.
func (f *Faults) Undated(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.undated = n
}

// Damage flips one bit in the data of an event whenever it is read.
func (f *Faults) Damage(stream string, revision uint64) {
	f.Alter(stream, revision, func(e *RecordedEvent) {
		if e.Data = slices.Clone(e.GetData()); len(e.Data) == 0 {
			e.Data = []byte{0}
		}
		e.Data[len(e.Data)/2] ^= 1
	})
}

// Alter changes an event whenever it is read.
func (f *Faults) Alter(stream string, revision uint64, change func(*RecordedEvent)) {
	f.replace(stream, revision, func(e *RecordedEvent) *RecordedEvent {
		change(e)
		return e
	})
}

// Omit leaves an event out of reads and subscriptions.
func (f *Faults) Omit(stream string, revision uint64) {
	f.replace(stream, revision, func(*RecordedEvent) *RecordedEvent { return nil })
}

func (f *Faults) replace(stream string, revision uint64, change func(*RecordedEvent) *RecordedEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.altered[place{stream, revision}] = change
}

// change returns an event as it is to be sent, and how often.
func (f *Faults) change(e *RecordedEvent, subscription bool) (int, *RecordedEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.altered) > 0 {
		if alter := f.altered[place{string(e.GetStreamIdentifier().GetStreamName()), e.GetStreamRevision()}]; alter != nil {
			if e = alter(e); e == nil {
				return 0, nil
			}
		}
	}
	if f.undated > 0 {
		f.undated--
		delete(e.GetMetadata(), "created")
	}
	if subscription && f.twice > 0 {
		f.twice--
		return 2, e
	}
	return 1, e
}

// Heal ends all faults.
func (f *Faults) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.appends, f.reads, f.subscriptions = nil, nil, nil
	f.slow, f.twice, f.undated = 0, 0, 0
	clear(f.altered)
}

// Intrude appends a foreign event to a stream, behind everybody's back.
func (f *Faults) Intrude(stream, eventType string, data []byte) error {
	_, err := f.node.log.Append(stream, eventlog.Any, []eventlog.Event{{ID: uuid.New(), Type: eventType, JSON: true, Data: data}})
	return err
}

// Truncate forgets the events of a stream from the revision on, though they
// were acknowledged. A real node that does so goes down first: call
// DropConnections too where that matters. The positions are not used again
// before the log is opened anew.
func (f *Faults) Truncate(stream string, from uint64) error { return f.node.log.Truncate(stream, from) }

// DropConnections cuts all connections. The node goes on listening.
func (f *Faults) DropConnections() {
	if s := f.node.up(); s != nil {
		s.door.cutAll()
	}
}

// GoAway tells all clients to use another connection. Calls under way go on.
func (f *Faults) GoAway() {
	f.node.life.Lock()
	defer f.node.life.Unlock()
	s := f.node.up()
	if s == nil {
		return
	}
	s.mu.Lock()
	old := s.servers[len(s.servers)-1]
	s.mu.Unlock()
	s.serve(f.node.newServer())
	s.tasks.Go(old.GracefulStop)
}
