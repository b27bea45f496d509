package esdbnode_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	gossippb "github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	featurespb "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	streamspb "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

// These tests look at what the official client hides.

func dial(t *testing.T, address string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

var structured = &streamspb.ReadReq_Options_UUIDOption{Content: &streamspb.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}}}

func named(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

func proposed(metadata map[string]string, size int) *streamspb.AppendReq {
	return &streamspb.AppendReq{Content: &streamspb.AppendReq_ProposedMessage_{ProposedMessage: &streamspb.AppendReq_ProposedMessage{
		Id: &shared.UUID{Value: &shared.UUID_String_{String_: id(1).String()}}, Metadata: metadata, Data: make([]byte, size),
	}}}
}

func at(revision uint64) *streamspb.AppendReq {
	return &streamspb.AppendReq{Content: &streamspb.AppendReq_Options_{Options: &streamspb.AppendReq_Options{
		StreamIdentifier: named("s"), ExpectedStreamRevision: &streamspb.AppendReq_Options_Revision{Revision: revision},
	}}}
}

// send makes an append and returns the answer and the trailers.
func send(t *testing.T, conn *grpc.ClientConn, messages ...*streamspb.AppendReq) (*streamspb.AppendResp, metadata.MD, error) {
	t.Helper()
	call, err := streamspb.NewStreamsClient(conn).Append(within(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if err := call.Send(m); err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	}
	resp, err := call.CloseAndRecv()
	return resp, call.Trailer(), err
}

// carries checks the status and the trailers of a refusal.
func carries(t *testing.T, err error, code codes.Code, got metadata.MD, pairs ...string) {
	t.Helper()
	if status.Code(err) != code {
		t.Errorf("status is %v, want %v", err, code)
	}
	for key, want := range metadata.Pairs(pairs...) {
		if diff := cmp.Diff(want, got.Get(key)); diff != "" {
			t.Errorf("trailer %s:\n%s", key, diff)
		}
	}
}

var typed = map[string]string{"type": "t", "content-type": "application/json"}

func TestARefusedAppendCarriesTrailers(t *testing.T) {
	node, client := open(t, esdbnode.Options{MaxAppend: 100})
	conn := dial(t, node.Address())
	_, trailers, err := send(t, conn, at(0), proposed(map[string]string{"type": "t"}, 1))
	carries(t, err, codes.InvalidArgument, trailers,
		"exception", "missing-required-metadata-property", "required-metadata-properties", "type,content-type")
	_, trailers, err = send(t, conn, at(0), proposed(typed, 101))
	carries(t, err, codes.InvalidArgument, trailers,
		"exception", "maximum-append-size-exceeded", "maximum-append-size", "100")
	has(1)(t, client)
	tombstoned(t, client)
	_, trailers, err = send(t, conn, at(0), proposed(typed, 1))
	carries(t, err, codes.FailedPrecondition, trailers, "exception", "stream-deleted", "stream-name", "s")
	_, trailers, err = send(t, conn, proposed(typed, 1))
	carries(t, err, codes.InvalidArgument, trailers)
}

func TestAConflictIsToldToOldAndNewClients(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	conn := dial(t, node.Address())
	resp, _, err := send(t, conn, at(4), proposed(typed, 1))
	w := resp.GetWrongExpectedVersion()
	if err != nil || w.GetExpectedRevision() != 4 || w.GetExpectedRevision_20_6_0() != 4 || w.GetCurrentNoStream() == nil || w.GetNoStream_20_6_0() == nil {
		t.Errorf("no stream: %v, %v", resp, err)
	}
	has(2)(t, client)
	none := at(0)
	none.GetOptions().ExpectedStreamRevision = &streamspb.AppendReq_Options_NoStream{NoStream: &shared.Empty{}}
	resp, _, err = send(t, conn, none, proposed(typed, 1))
	w = resp.GetWrongExpectedVersion()
	if err != nil || w.GetExpectedNoStream() == nil || w.GetExpectedRevision_20_6_0() != everything || w.GetCurrentRevision() != 1 || w.GetCurrentRevision_20_6_0() != 1 {
		t.Errorf("two events: %v, %v", resp, err)
	}
}

func TestARefusedDeleteCarriesTrailers(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	has(3)(t, client)
	streams := streamspb.NewStreamsClient(dial(t, node.Address()))
	var trailers metadata.MD
	_, err := streams.Delete(within(t), &streamspb.DeleteReq{Options: &streamspb.DeleteReq_Options{
		StreamIdentifier: named("s"), ExpectedStreamRevision: &streamspb.DeleteReq_Options_NoStream{NoStream: &shared.Empty{}},
	}}, grpc.Trailer(&trailers))
	carries(t, err, codes.FailedPrecondition, trailers,
		"exception", "wrong-expected-version", "stream-name", "s", "expected-version", "-1", "actual-version", "2")
	_, err = streams.Tombstone(within(t), &streamspb.TombstoneReq{}, grpc.Trailer(&trailers))
	carries(t, err, codes.InvalidArgument, trailers)
}

func ofAll(change func(*streamspb.ReadReq_Options)) *streamspb.ReadReq {
	o := &streamspb.ReadReq_Options{
		StreamOption: &streamspb.ReadReq_Options_All{All: &streamspb.ReadReq_Options_AllOptions{
			AllOption: &streamspb.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}},
		}},
		CountOption:  &streamspb.ReadReq_Options_Count{Count: everything},
		FilterOption: &streamspb.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
		UuidOption:   structured,
	}
	change(o)
	return &streamspb.ReadReq{Options: o}
}

func receive(t *testing.T, conn *grpc.ClientConn, req *streamspb.ReadReq) ([]*streamspb.ReadResp, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	call, err := streamspb.NewStreamsClient(conn).Read(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	var list []*streamspb.ReadResp
	for {
		resp, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, resp)
	}
}

func TestAReadThatMeansNothingIsRefused(t *testing.T) {
	node, _ := open(t, esdbnode.Options{})
	conn := dial(t, node.Address())
	someFilter := func(window, multiplier uint32, prefix ...string) *streamspb.ReadReq_Options_Filter {
		return &streamspb.ReadReq_Options_Filter{Filter: &streamspb.ReadReq_Options_FilterOptions{
			Filter: &streamspb.ReadReq_Options_FilterOptions_EventType{
				EventType: &streamspb.ReadReq_Options_FilterOptions_Expression{Prefix: prefix},
			},
			Window:                       &streamspb.ReadReq_Options_FilterOptions_Max{Max: window},
			CheckpointIntervalMultiplier: multiplier,
		}}
	}
	subscription := &streamspb.ReadReq_Options_Subscription{Subscription: &streamspb.ReadReq_Options_SubscriptionOptions{}}
	stream := &streamspb.ReadReq_Options_Stream{Stream: &streamspb.ReadReq_Options_StreamOptions{StreamIdentifier: named("s")}}
	for name, change := range map[string]func(*streamspb.ReadReq_Options){
		"no form of ids":           func(o *streamspb.ReadReq_Options) { o.UuidOption = nil },
		"no count":                 func(o *streamspb.ReadReq_Options) { o.CountOption = nil },
		"no filter, not even none": func(o *streamspb.ReadReq_Options) { o.FilterOption = nil },
		"no stream":                func(o *streamspb.ReadReq_Options) { o.StreamOption = nil },
		"a subscription backwards": func(o *streamspb.ReadReq_Options) {
			o.CountOption, o.ReadDirection = subscription, streamspb.ReadReq_Options_Backwards
		},
		"a filter of one stream": func(o *streamspb.ReadReq_Options) { o.StreamOption, o.FilterOption = stream, someFilter(1, 1, "a") },
		"an empty filter":        func(o *streamspb.ReadReq_Options) { o.FilterOption = someFilter(1, 1) },
		"no window":              func(o *streamspb.ReadReq_Options) { o.FilterOption = someFilter(0, 1, "a") },
		"no interval": func(o *streamspb.ReadReq_Options) {
			o.CountOption, o.FilterOption = subscription, someFilter(1, 0, "a")
		},
	} {
		if _, err := receive(t, conn, ofAll(change)); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllIsReadThroughAFilter(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	for i := range 700 { // more than a page
		mustAppend(t, client, []string{"journal", "noise"}[min(i%100, 1)], esdb.Any{}, event(i))
	}
	conn := dial(t, node.Address())
	filtered := func(o *streamspb.ReadReq_Options) {
		o.CountOption = &streamspb.ReadReq_Options_Count{Count: 5}
		o.FilterOption = &streamspb.ReadReq_Options_Filter{Filter: &streamspb.ReadReq_Options_FilterOptions{
			Filter: &streamspb.ReadReq_Options_FilterOptions_StreamIdentifier{
				StreamIdentifier: &streamspb.ReadReq_Options_FilterOptions_Expression{Regex: "^journal$"},
			},
			Window: &streamspb.ReadReq_Options_FilterOptions_Count{Count: &shared.Empty{}},
		}}
	}
	check := func(list []*streamspb.ReadResp, err error, want ...uint64) {
		t.Helper()
		var got []uint64
		for _, resp := range list {
			e := resp.GetEvent()
			got = append(got, e.GetEvent().GetStreamRevision())
			if e.GetCommitPosition() != e.GetEvent().GetCommitPosition() || e.GetLink() != nil {
				t.Errorf("event is %v", e)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	}
	list, err := receive(t, conn, ofAll(filtered))
	check(list, err, 0, 1, 2, 3, 4)
	list, err = receive(t, conn, ofAll(func(o *streamspb.ReadReq_Options) {
		filtered(o)
		o.ReadDirection = streamspb.ReadReq_Options_Backwards
		o.GetAll().AllOption = &streamspb.ReadReq_Options_AllOptions_Position{
			Position: &streamspb.ReadReq_Options_Position{CommitPosition: everything, PreparePosition: everything},
		}
	}))
	check(list, err, 6, 5, 4, 3, 2)
}

func TestIDsAreTextOnRequest(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	has(1)(t, client)
	list, err := receive(t, dial(t, node.Address()), ofAll(func(o *streamspb.ReadReq_Options) {
		o.UuidOption = &streamspb.ReadReq_Options_UUIDOption{Content: &streamspb.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}}
	}))
	if err != nil || list[len(list)-1].GetEvent().GetEvent().GetId().GetString_() != id(0).String() {
		t.Errorf("%v, %v", list, err)
	}
}

func TestTheNodeSaysWhatItIs(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	version, err := client.GetServerVersion()
	if err != nil || version.Major != 24 || version.Minor != 6 {
		t.Errorf("version is %v, %v", version, err)
	}
	conn := dial(t, node.Address())
	features, err := featurespb.NewServerFeaturesClient(conn).GetSupportedMethods(within(t), &shared.Empty{})
	if err != nil || len(features.GetMethods()) != 4 {
		t.Errorf("features are %v, %v", features, err)
	}
	info, err := gossippb.NewGossipClient(conn).Read(within(t), &shared.Empty{})
	if err != nil || len(info.GetMembers()) != 1 || info.GetMembers()[0].GetState() != gossippb.MemberInfo_Leader || !info.GetMembers()[0].GetIsAlive() {
		t.Errorf("gossip is %v, %v", info, err)
	}
}

func TestWhoInsistsOnTheLeaderIsSentToIt(t *testing.T) {
	c := cluster(t, 2)
	conn := dial(t, c.Nodes()[1].Address())
	ctx := metadata.AppendToOutgoingContext(within(t), "requires-leader", "true")
	call, err := streamspb.NewStreamsClient(conn).Read(ctx, ofAll(func(*streamspb.ReadReq_Options) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = call.Recv()
	leader := c.Leader().Address()
	carries(t, err, codes.NotFound, call.Trailer(),
		"exception", "not-leader", "leader-endpoint-host", "127.0.0.1", "leader-endpoint-port", leader[len("127.0.0.1:"):])
}
