package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api"
	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// start runs a real server and returns a client with an agency's token.
func start(t *testing.T) (*ledgertest.Coalition, *ledger.Ledger, *client.Client) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := ledgertest.Found(t, "XA", "XB")
	l := c.Open(eventstore.Memory(), "")
	c.Seat(l)
	views, err := projections.New(projections.Config{Clock: time.Now})
	must(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- views.Run(ctx, l) }()
	key, err := seal.GenerateKey("ES256")
	must(err)
	keys, err := api.NewKeys(key.Public())
	must(err)
	store, err := sealed.OpenStore(t.TempDir(), 1<<20)
	must(err)
	s, err := api.New(api.Config{
		Ledger: l, Views: views, Sealed: store, Clock: time.Now,
		Tokens: api.TokenPolicy{Issuer: "i", Audience: "a", Keys: keys, MaxLifetime: time.Hour, Clock: time.Now},
	})
	must(err)
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); srv.Close(); cancel(); <-done })
	token, err := api.Mint(key, api.Claims{
		Issuer: "i", Subject: "XA/desk", Audience: api.Audience{"a"}, IssuedAt: time.Now().Unix(), ExpiresAt: time.Now().Add(time.Minute).Unix(),
		Role: api.RoleAgency, MaySubmitFor: []domain.AgencyID{"XA/desk"},
	})
	must(err)
	out, err := client.New(srv.URL+"/", token, nil)
	must(err)
	return c, l, out
}

func action(c *ledgertest.Coalition, n int) []byte {
	return c.Sign("XA", "enforcement.action_taken", ledgertest.Action(n))
}

func TestSubmitAndGet(t *testing.T) {
	c, l, api := start(t)
	ctx := t.Context()
	envelope := action(c, 1)
	first, err := api.Submit(ctx, envelope)
	if err != nil || first.Replayed || first.Index != l.Size()-1 {
		t.Fatalf("got %+v, %v", first, err)
	}
	again, err := api.Submit(ctx, envelope)
	if err != nil || !again.Replayed || again.Index != first.Index || again.Leaf != first.Leaf {
		t.Fatalf("again: got %+v, %v", again, err)
	}
	var refused *client.Error
	if _, err := api.Submit(ctx, c.Sign("XB", "enforcement.action_taken", ledgertest.Action(2))); !errors.As(err, &refused) || refused.Code != "token.may_not_submit_for" || refused.Status != 403 {
		t.Fatalf("got %v", err)
	}
	var view struct {
		AsOf uint64 `json:"as_of"`
	}
	if err := api.Get(ctx, fmt.Sprintf("/v1/coalition/summary?min_index=%d", first.Index), &view); err != nil || view.AsOf != first.Index {
		t.Fatalf("got %+v, %v", view, err)
	}
	if note, err := api.Checkpoint(ctx); err != nil || string(note) != string(l.Checkpoint()) {
		t.Fatalf("got %s, %v", note, err)
	}
	if r, err := api.Receipt(ctx, first.Index); err != nil || r.Leaf != first.Leaf {
		t.Fatalf("got %+v, %v", r, err)
	}
	if err := api.Get(ctx, "//evil.example/x", &view); err == nil {
		t.Fatal("a path to another host was called")
	}
}

func TestLeaves(t *testing.T) {
	_, l, api := start(t)
	next := uint64(2)
	for leaf, err := range api.Leaves(t.Context(), next) {
		if err != nil {
			t.Fatal(err)
		}
		want, err := l.Leaf(t.Context(), next)
		if err != nil || leaf.Index != next || leaf.Envelope != string(want.Envelope) || leaf.RecordedAt != want.RecordedAt {
			t.Fatalf("got %+v at %d, %v", leaf, next, err)
		}
		next++
	}
	if next != l.Size() {
		t.Fatalf("ended at %d of %d", next, l.Size())
	}
}

func source(envelopes [][]byte, last error) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, e := range envelopes {
			if !yield(e, nil) {
				return
			}
		}
		if last != nil {
			yield(nil, last)
		}
	}
}

func TestBulk(t *testing.T) {
	c, l, api := start(t)
	size := l.Size()
	var envelopes [][]byte
	for i := range 700 {
		envelopes = append(envelopes, action(c, i))
	}
	envelopes[10] = []byte("nonsense")
	n := 0
	err := api.Bulk(t.Context(), source(envelopes, nil), func(r client.Result) {
		if n++; r.Item != n || (n == 11) != (r.Err() != nil) || (n != 11 && (r.Receipt == nil || r.Receipt.Replayed)) {
			t.Fatalf("item %d: got %+v", n, r)
		}
	})
	if err != nil || n != 700 || l.Size() != size+699 {
		t.Fatalf("got %d results, journal %d, %v", n, l.Size(), err)
	}
	cause := errors.New("the file ends badly")
	if err := api.Bulk(t.Context(), source(envelopes[:3], cause), func(client.Result) {}); !errors.Is(err, cause) {
		t.Fatalf("a failing source: got %v", err)
	}
	if err := api.Bulk(t.Context(), source(nil, nil), func(client.Result) { t.Fatal("a result of nothing") }); err != nil {
		t.Fatalf("an empty bulk: %v", err)
	}
}

// TestBadServers plays servers that break off or answer something else.
func TestBadServers(t *testing.T) {
	answer := func(status int, mediaType, body string) *client.Client {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", mediaType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(srv.Close)
		c, err := client.New(srv.URL, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var p *client.Error
	if _, err := answer(502, "text/html", "<h1>gateway</h1>").Submit(t.Context(), nil); !errors.As(err, &p) || p.Code != "client.unexpected_answer" || !p.Temporary() {
		t.Errorf("a gateway: got %v", err)
	}
	if _, err := answer(201, "application/json", "<h1>").Submit(t.Context(), nil); err == nil {
		t.Error("nonsense was taken for a receipt")
	}
	item := `{"item":1,"status":201,"receipt":{"index":1,"leaf":"` + strings.Repeat("0", 64) + `","recorded_at":1,"receipt":"x"}}` + "\n"
	for _, body := range []string{item, item + item[:40], "nonsense\n"} {
		err := answer(200, "application/x-ndjson", body).Bulk(t.Context(), source([][]byte{{'a'}, {'b'}}, nil), func(client.Result) {})
		if !errors.Is(err, client.ErrBulkCut) {
			t.Errorf("%.20q: got %v, want ErrBulkCut", body, err)
		}
	}
	leaf := `{"index":0,"recorded_at":1,"envelope":"a.b.c"}` + "\n"
	for _, body := range []string{leaf + leaf, leaf + leaf[:10], `{"problem":{"code":"internal","detail":"x"}}` + "\n", "x\n"} {
		var last error
		for _, err := range answer(200, "application/x-ndjson", body).Leaves(t.Context(), 0) {
			last = err
		}
		if last == nil {
			t.Errorf("%q passed", body)
		}
	}
}

func TestNew(t *testing.T) {
	for _, bad := range []string{"", "ledger.example", "ftp://x", "http://", "://"} {
		if _, err := client.New(bad, "", nil); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
