package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestNDJSONStream(t *testing.T) {
	f := newFixture(t)
	size := int(f.ledger.Size())
	a := f.get("/v1/events", "Accept", "application/x-ndjson")
	if got := a.header.Get("Ledger-Index"); a.status != 200 || got != strconv.Itoa(size-1) {
		t.Fatalf("got %d, Ledger-Index %s", a.status, got)
	}
	all := lines(a.body)
	if len(all) != size {
		t.Fatalf("got %d lines of %d", len(all), size)
	}
	for i, line := range all {
		var leaf Leaf
		f.decode([]byte(line), &leaf)
		want, err := f.ledger.Leaf(context.Background(), uint64(i))
		if err != nil || leaf.Index != uint64(i) || leaf.RecordedAt != want.RecordedAt || leaf.Envelope != string(want.Envelope) {
			t.Fatalf("leaf %d: got %+v, %v", i, leaf, err)
		}
	}
	if tail := lines(f.get("/v1/events?from=3", "Accept", "application/x-ndjson").body); len(tail) != size-3 || tail[0] != all[3] {
		t.Fatalf("from 3: got %d lines", len(tail))
	}
	if rest := f.get("/v1/events?from=999", "Accept", "application/x-ndjson"); rest.status != 200 || len(rest.body) != 0 {
		t.Fatalf("from beyond: got %d %q", rest.status, rest.body)
	}
	f.problem(f.get("/v1/events?type=member.accepted", "Accept", "application/x-ndjson"), 400, "request.stream_filter")
	f.problem(f.get("/v1/events?from=3"), 400, "request.page_from")
	f.problem(f.get("/v1/events", "Accept", "text/csv"), 406, "request.accept")
	f.problem(f.get("/v1/events?from=x", "Accept", "application/x-ndjson"), 400, "request.parameter")
}

// liveStream reads server-sent events of one connection.
type liveStream struct {
	t  *testing.T
	in *bufio.Reader
}

func (f *fixture) live(ctx context.Context, t *testing.T, base string, headers ...string) *liveStream {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.token(RoleAuditor))
	r.Header.Set("Accept", "text/event-stream")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := f.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("got %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	return &liveStream{t, bufio.NewReader(res.Body)}
}

// next returns the id and data of the next event, comments skipped.
func (l *liveStream) next() (id, data string) {
	l.t.Helper()
	for {
		line, err := l.in.ReadString('\n')
		if err != nil {
			l.t.Fatalf("the stream ended: %v", err)
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "id: "):
			id = line[4:]
		case strings.HasPrefix(line, "data: "):
			data = line[6:]
		case line == "" && data != "":
			return id, data
		}
	}
}

func TestLiveStream(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Limits.Heartbeat = 50 * time.Millisecond })
	// A server whose read deadline passes while the stream is open.
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = f.server.HTTP("")
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
	srv.Start()
	t.Cleanup(srv.Close)
	t.Cleanup(f.server.Close)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := f.live(ctx, t, srv.URL)
	size := int(f.ledger.Size())
	for i := range size {
		if id, _ := s.next(); id != strconv.Itoa(i) {
			t.Fatalf("got id %s, want %d", id, i)
		}
	}
	time.Sleep(500 * time.Millisecond)
	envelope := f.c.Sign("XA", "enforcement.action_taken", testAction(1))
	f.c.Must(f.ledger, envelope)
	id, data := s.next()
	var leaf Leaf
	f.decode([]byte(data), &leaf)
	if id != strconv.Itoa(size) || leaf.Envelope != string(envelope) {
		t.Fatalf("got id %s, %s", id, data)
	}
	resumed := f.live(ctx, t, srv.URL, "Last-Event-ID", strconv.Itoa(size-1))
	if id, _ := resumed.next(); id != strconv.Itoa(size) {
		t.Fatalf("resumed at %s, want %d", id, size)
	}
}

func TestStreamsEndAndAreCounted(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Limits.Streams = 2 })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a := f.live(ctx, t, f.http.URL)
	a.next()
	f.live(ctx, t, f.http.URL).next()
	f.problem(f.get("/v1/events", "Accept", "text/event-stream"), 429, "limit.streams")
	f.server.Close()
	for {
		if _, err := a.in.ReadString('\n'); err != nil {
			break
		}
	}
	deadline := time.Now().Add(5 * time.Second)
	for f.get("/v1/events", "Accept", "application/x-ndjson").status == 429 {
		if time.Now().After(deadline) {
			t.Fatal("ended streams are still counted")
		}
	}
}

func TestNoGoroutineStays(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("use", func(t *testing.T) {
		f := newFixture(t)
		ctx, cancel := context.WithCancel(context.Background())
		f.live(ctx, t, f.http.URL).next()
		cancel()
		f.bulk(strings.NewReader("x\n"))
		f.http.Client().CloseIdleConnections()
	})
	goleak.VerifyNone(t, before)
}
