package esdb_test

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

// odd is a server that says what no server should.
type odd struct {
	streams.UnimplementedStreamsServer
	append func(streams.Streams_AppendServer) error
	reads  []*streams.ReadResp // the answer to every read
}

func (o odd) Append(call streams.Streams_AppendServer) error {
	for {
		if _, err := call.Recv(); errors.Is(err, io.EOF) {
			return o.append(call)
		} else if err != nil {
			return err
		}
	}
}

func (o odd) Read(_ *streams.ReadReq, call streams.Streams_ReadServer) error {
	for _, m := range o.reads {
		if err := call.Send(m); err != nil {
			return err
		}
	}
	return nil
}

func (o odd) open(t *testing.T) *esdb.Store {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	streams.RegisterStreamsServer(server, o)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return open(t, "esdb://"+listener.Addr().String()+"?tls=false&defaultDeadline=2000")
}

// Some of these make the vendor's client panic. None may end the process, and
// of none can be said whether the append was written.
func TestOddAnswerToAnAppendIsAnUnknownOutcome(t *testing.T) {
	answer := func(r *streams.AppendResp) func(streams.Streams_AppendServer) error {
		return func(call streams.Streams_AppendServer) error { return call.SendAndClose(r) }
	}
	for name, reply := range map[string]func(streams.Streams_AppendServer) error{
		"nothing": answer(&streams.AppendResp{}),
		"another revision": answer(&streams.AppendResp{Result: &streams.AppendResp_Success_{Success: &streams.AppendResp_Success{
			CurrentRevisionOption: &streams.AppendResp_Success_CurrentRevision{CurrentRevision: 7},
		}}}),
		"deleted, and no name": func(call streams.Streams_AppendServer) error {
			call.SetTrailer(metadata.Pairs("exception", "stream-deleted"))
			return status.Error(codes.FailedPrecondition, "deleted")
		},
		"internal": func(streams.Streams_AppendServer) error { return status.Error(codes.Internal, "oops") },
		"canceled": func(streams.Streams_AppendServer) error { return status.Error(codes.Canceled, "oops") },
	} {
		s := odd{append: reply}.open(t)
		if err := s.Append(t.Context(), journal(5, 1)); !errors.Is(err, eventstore.ErrUnknownOutcome) {
			t.Errorf("%s: got %v, want ErrUnknownOutcome", name, err)
		}
	}
}

// The vendor's client panics at messages that it does not know.
func TestMessagesThatAreNoEventsArePassedOver(t *testing.T) {
	recorded := &streams.ReadResp_ReadEvent_RecordedEvent{Id: &shared.UUID{Value: &shared.UUID_String_{String_: "no uuid"}}}
	noEvents := []*streams.ReadResp{
		{},
		{Content: &streams.ReadResp_FirstStreamPosition{FirstStreamPosition: 1}},
		{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}},
		{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{}}},
	}
	bad := &streams.ReadResp{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{Event: recorded}}}
	s := odd{reads: append(noEvents, bad)}.open(t)
	_, err := collect(s.Read(t.Context(), eventstore.Journal, 0, 3))
	missingAt(t, err, 0)
}

// keeper forwards connections, and tells clients that they ping too often: what
// a server, or a proxy before it, says that allows fewer than the client's.
type keeper struct {
	target string
	mu     sync.Mutex
	conns  map[net.Conn]*sync.Mutex // to clients; held while a frame is written
}

func (k *keeper) serve(listener net.Listener) {
	for {
		in, err := listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", k.target)
		if err != nil {
			_ = in.Close()
			continue
		}
		writing := &sync.Mutex{}
		k.mu.Lock()
		k.conns[in] = writing
		k.mu.Unlock()
		go func() {
			defer in.Close()
			defer out.Close()
			_, _ = io.Copy(out, in)
		}()
		go func() {
			defer in.Close()
			defer out.Close()
			copyFrames(in, out, writing)
		}()
	}
}

// copyFrames copies whole frames, so that another may be written in between.
func copyFrames(to io.Writer, from io.Reader, writing *sync.Mutex) {
	for head := make([]byte, 9); ; {
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		frame := make([]byte, 9+int(head[0])<<16+int(head[1])<<8+int(head[2]))
		copy(frame, head)
		if _, err := io.ReadFull(from, frame[9:]); err != nil {
			return
		}
		writing.Lock()
		_, err := to.Write(frame)
		writing.Unlock()
		if err != nil {
			return
		}
	}
}

func (k *keeper) tooManyPings() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for conn, writing := range k.conns {
		writing.Lock()
		_ = http2.NewFramer(conn, nil).WriteGoAway(1<<31-1, http2.ErrCodeEnhanceYourCalm, []byte("too_many_pings"))
		writing.Unlock()
		_ = conn.Close()
	}
	clear(k.conns)
}

func TestFollowerSurvivesTooManyPings(t *testing.T) {
	node := start(t, esdbnode.Options{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{target: node.Address(), conns: map[net.Conn]*sync.Mutex{}}
	go k.serve(listener)
	t.Cleanup(func() {
		_ = listener.Close()
		k.tooManyPings()
	})
	s := open(t, "esdb://"+listener.Addr().String()+"?tls=false")
	mustAppend(t, s, 0, 2)
	f := follow(t, s)
	f.take(2)
	for next := uint64(2); next < 5; next++ {
		k.tooManyPings()
		time.Sleep(20 * time.Millisecond) // the client hears of it
		eventually(t, func() error {
			err := s.Append(t.Context(), journal(next, 1))
			if errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, eventstore.ErrUnknownOutcome) {
				return err
			}
			if err != nil {
				t.Fatal(err)
			}
			return nil
		})
		f.take(1)
	}
	holds(t, s, 5)
}
