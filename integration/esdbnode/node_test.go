package esdbnode_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

func TestMain(m *testing.M) {
	if do, ok := children[os.Getenv(childEnv)]; ok {
		os.Exit(do())
	}
	// The client does not close a connection that it replaces.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run"),
		goleak.IgnoreAnyFunction("google.golang.org/grpc.(*addrConn).resetTransportAndUnlock"))
}

// open starts a node in memory and a client to it, which end with the test.
func open(t *testing.T, opts esdbnode.Options) (*esdbnode.Node, *esdb.Client) {
	t.Helper()
	node, err := esdbnode.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := node.Close(); err != nil {
			t.Error(err)
		}
	})
	return node, connect(t, node.ConnectionString())
}

// connect returns a client that has made its first call.
func connect(t *testing.T, connection string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString(connection)
	if err != nil {
		t.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// within returns a context that ends soon.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// event makes an event whose id is made of its number.
func event(n int) esdb.EventData {
	return esdb.EventData{
		EventID: id(n), EventType: fmt.Sprintf("type-%d", n), ContentType: esdb.ContentTypeJson,
		Data: fmt.Appendf(nil, `{"n":%d}`, n), Metadata: fmt.Appendf(nil, `{"meta":%d}`, n),
	}
}

func id(n int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)) }

func events(from, to int) []esdb.EventData {
	var list []esdb.EventData
	for n := from; n < to; n++ {
		list = append(list, event(n))
	}
	return list
}

func mustAppend(t *testing.T, client *esdb.Client, stream string, expected esdb.ExpectedRevision, list ...esdb.EventData) *esdb.WriteResult {
	t.Helper()
	result, err := client.AppendToStream(within(t), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, list...)
	if err != nil {
		t.Fatalf("append to %s: %v", stream, err)
	}
	return result
}

// read returns the revisions of what a read yields.
func read(t *testing.T, client *esdb.Client, stream string, opts esdb.ReadStreamOptions, count uint64) ([]*esdb.RecordedEvent, error) {
	t.Helper()
	s, err := client.ReadStream(within(t), stream, opts, count)
	return collect(s, err)
}

func readAll(t *testing.T, client *esdb.Client, opts esdb.ReadAllOptions, count uint64) ([]*esdb.RecordedEvent, error) {
	t.Helper()
	s, err := client.ReadAll(within(t), opts, count)
	return collect(s, err)
}

func collect(s *esdb.ReadStream, err error) ([]*esdb.RecordedEvent, error) {
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var list []*esdb.RecordedEvent
	for {
		e, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, e.OriginalEvent())
	}
}

func revisions(list []*esdb.RecordedEvent) []uint64 {
	r := make([]uint64, len(list))
	for i, e := range list {
		r[i] = e.EventNumber
	}
	return r
}

// codeOf is the client's code of an error; -1 for nil.
func codeOf(err error) esdb.ErrorCode {
	var e *esdb.Error
	switch {
	case err == nil:
		return -1
	case errors.As(err, &e):
		return e.Code()
	}
	return esdb.ErrorCodeUnknown
}

const everything = math.MaxUint64

func TestWhatIsAppendedIsReadBackAsItWas(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	before := time.Now()
	result := mustAppend(t, client, "journal", esdb.NoStream{}, events(0, 3)...)
	if result.NextExpectedVersion != 2 || result.CommitPosition == 0 || result.CommitPosition != result.PreparePosition {
		t.Errorf("result is %+v", result)
	}
	list, err := read(t, client, "journal", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
	if err != nil || len(list) != 3 {
		t.Fatalf("read %d events, %v", len(list), err)
	}
	for i, got := range list {
		want := event(i)
		if got.EventID != want.EventID || got.EventType != want.EventType || got.ContentType != "application/json" ||
			string(got.Data) != string(want.Data) || string(got.UserMetadata) != string(want.Metadata) ||
			got.StreamID != "journal" || got.EventNumber != uint64(i) {
			t.Errorf("event %d is %+v", i, got)
		}
		if got.CreatedDate.Before(before.Add(-time.Second)) || got.CreatedDate.After(time.Now().Add(time.Second)) {
			t.Errorf("event %d was created at %v", i, got.CreatedDate)
		}
	}
	if last := list[2].Position; last.Commit != result.CommitPosition {
		t.Errorf("last position is %v, the result said %d", last, result.CommitPosition)
	}
}
