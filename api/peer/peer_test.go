package peer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newKey(t testing.TB, origin string) Key {
	t.Helper()
	skey, vkey, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	k := Key{}
	if k.Signer, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	if k.Verifier, err = note.NewVerifier(vkey); err != nil {
		t.Fatal(err)
	}
	return k
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func clock(at time.Time) func() time.Time { return func() time.Time { return at } }

// replica serves take under its own address, with a clock of its own.
func replica(t testing.TB, key Key, at time.Time, take func(context.Context, []ledger.Forwarded) []ledger.Outcome) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	name := "http://" + listener.Addr().String()
	srv := NewServer(Config{Key: key, Name: name, Clock: clock(at), Take: take})
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()
	t.Cleanup(func() { _ = srv.Close(); <-ended })
	return name
}

func newClient(t testing.TB, key Key, at time.Time) *Client {
	c := NewClient(key, clock(at))
	t.Cleanup(c.Close)
	return c
}

// untaken is a Take that must not be reached.
func untaken(t testing.TB) func(context.Context, []ledger.Forwarded) []ledger.Outcome {
	return func(_ context.Context, items []ledger.Forwarded) []ledger.Outcome {
		t.Errorf("%d items were taken", len(items))
		return make([]ledger.Outcome, len(items))
	}
}

func TestEveryOutcomeComesBackAsItWasGiven(t *testing.T) {
	key := newKey(t, "ledger.example")
	sent := []ledger.Forwarded{
		{Envelope: []byte("a.b.c"), Verified: true},
		{Envelope: []byte("bytes that are no text: \xff\x00")},
		{Envelope: nil},
		{Envelope: []byte("d")},
	}
	want := []ledger.Outcome{
		{Index: 1<<63 + 1, Leaf: domain.Hash{1, 2, 3}, RecordedAt: 1764288000000001, Replayed: true},
		{Refusal: &domain.Refusal{Rule: "key.revoked", Field: "kid", Message: "“no”"}, Signed: []byte("signed\n\n— log sig\n")},
		{Malformed: &seal.Error{Code: seal.CodeSize, Message: "empty"}},
		{Failure: "the lease is held by another: submit again", Moved: true},
	}
	unset := reflect.TypeFor[ledger.Outcome]() // every field is tried above
	for i := range unset.NumField() {
		if !slices.ContainsFunc(want, func(o ledger.Outcome) bool { return !reflect.ValueOf(o).Field(i).IsZero() }) {
			t.Errorf("no outcome has %s: add it to the wire and to this test", unset.Field(i).Name)
		}
	}
	var got []ledger.Forwarded
	name := replica(t, key, noon, func(_ context.Context, items []ledger.Forwarded) []ledger.Outcome {
		got = items
		return want
	})
	outcomes, err := newClient(t, key, noon.Add(29*time.Second)).Forward(t.Context(), name, sent)
	if err != nil {
		t.Fatal(err)
	}
	sent[2].Envelope = []byte{}
	if diff := cmp.Diff(sent, got); diff != "" {
		t.Errorf("items: %s", diff)
	}
	if diff := cmp.Diff(want, outcomes); diff != "" {
		t.Errorf("outcomes: %s", diff)
	}
}

// A ledger behind the handler: receipts, a replay, a refusal, bytes that are
// no envelope.
func TestALedgerTakesWhatIsForwarded(t *testing.T) {
	c := ledgertest.Found(t, "XA", "XB", "XC")
	l := c.Open(eventstore.Memory(), "")
	c.Seat(l)
	v, err := note.NewVerifier(c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	key := Key{Signer: c.Log, Verifier: v}
	good := c.Sign("XA", "enforcement.action_taken", ledgertest.Action(1))
	first := c.Must(l, good)
	name := replica(t, key, noon, l.Take)
	out, err := newClient(t, key, noon).Forward(t.Context(), name, []ledger.Forwarded{
		{Envelope: good}, {Envelope: c.Sign("XB", "enforcement.unknown", []byte(`{}`))}, {Envelope: []byte("x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if o := out[0]; !o.Replayed || o.Index != first.Index || o.Leaf != first.Leaf || o.RecordedAt != first.RecordedAt {
		t.Errorf("a replay: got %+v, want %+v", o, first)
	}
	if o := out[1]; o.Refusal == nil || o.Refusal.Rule != "type.unknown" {
		t.Errorf("a refusal: got %+v", o)
	} else if _, err := translog.OpenRefusal(o.Signed, c.Log.Name(), v); err != nil {
		t.Errorf("the refusal is not the log's: %v", err)
	}
	if o := out[2]; o.Malformed == nil || o.Malformed.Code == "" {
		t.Errorf("malformed bytes: got %+v", o)
	}
}

func TestOnlyHoldersOfTheLogKeyAreHeard(t *testing.T) {
	key, other := newKey(t, "ledger.example"), newKey(t, "ledger.example")
	name := replica(t, key, noon, untaken(t))
	items := []ledger.Forwarded{{Envelope: []byte("a.b.c")}}
	for _, row := range []struct {
		name string
		key  Key
		at   time.Time
		want string
	}{
		{"another log's key", other, noon, "not signed with the ledger's log key"},
		{"signed too long ago", key, noon.Add(-31 * time.Second), "correct the clocks"},
		{"signed ahead of time", key, noon.Add(31 * time.Second), "correct the clocks"},
	} {
		_, err := newClient(t, row.key, row.at).Forward(t.Context(), name, items)
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
}

// raw posts a request whose headers and body a caller may change.
func raw(t *testing.T, key Key, name, target string, change func(*http.Request)) int {
	t.Helper()
	body := []byte("\x0aa.b.c")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, name+PathTake, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	asked := request{path: PathTake, at: noon.UnixMicro(), target: target, digest: sha256.Sum256(body)}
	if err := key.seal(asked, r.Header); err != nil {
		t.Fatal(err)
	}
	change(r)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

func TestRequestsThatWereChangedAreRefused(t *testing.T) {
	key := newKey(t, "ledger.example")
	name := replica(t, key, noon, untaken(t))
	set := func(header, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(header, value) }
	}
	body := func(text string) func(*http.Request) {
		return func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		}
	}
	for _, row := range []struct {
		name   string
		target string
		change func(*http.Request)
		status int
	}{
		{"signed for another replica", "http://elsewhere:8471", func(*http.Request) {}, 401},
		{"another time", name, set(headerTime, "1764288000000001"), 401},
		{"no time", name, set(headerTime, ""), 401},
		{"another digest", name, set(headerDigest, strings.Repeat("0", 64)), 401},
		{"a short digest", name, set(headerDigest, "00"), 401},
		{"a long digest", name, set(headerDigest, strings.Repeat("0", 66)), 401},
		{"no signature", name, set(headerSignature, ""), 401},
		{"a signature that is no base64", name, set(headerSignature, "*"), 401},
		{"another body", name, body("\x0aa.b.d"), 400},
		{"a body without end", name, body(strings.Repeat("\x00", MaxBody+1)), 400},
		{"another method", name, func(r *http.Request) { r.Method = http.MethodGet }, 405},
		{"another path", name, func(r *http.Request) { r.URL.Path = "/" }, 404},
		{"signed for another path", name, func(r *http.Request) { r.URL.Path = PathLeaves }, 401},
	} {
		if got := raw(t, key, name, row.target, row.change); got != row.status {
			t.Errorf("%s: got %d, want %d", row.name, got, row.status)
		}
	}
}

// An impostor at the holder's address can relay requests and answer, but has
// no log key: nothing that it says is taken.
func TestAnImpostorAcknowledgesNothing(t *testing.T) {
	key, other := newKey(t, "ledger.example"), newKey(t, "ledger.example")
	recorded := func(context.Context, []ledger.Forwarded) []ledger.Outcome { return []ledger.Outcome{{Index: 7}} }
	name := replica(t, other, noon, recorded) // answers for its own key
	honest := Config{Key: key}
	old := request{at: noon.UnixMicro(), target: "http://old", digest: sha256.Sum256([]byte("old"))}
	old.path = PathTake
	body, err := encodeOutcomes(recorded(t.Context(), nil))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := honest.Key.sign(answerText(old, body))
	if err != nil {
		t.Fatal(err)
	}
	say := func(status int, header http.Header, text []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range header {
				w.Header()[k] = v
			}
			w.WriteHeader(status)
			_, _ = w.Write(text)
		}
	}
	signed := http.Header{headerSignature: {sig}}
	for _, row := range []struct {
		name string
		h    http.Handler
		want string
	}{
		{"no signature", say(200, nil, body), "not signed"},
		{"an honest answer to another request", say(200, signed, body), "not signed"},
		{"a redirect", http.RedirectHandler(name+PathTake, http.StatusTemporaryRedirect), "307"},
		{"an error page", say(502, nil, []byte("bad gateway")), "bad gateway"},
		{"an endless answer", say(200, nil, make([]byte, MaxBody+1)), "longer than"},
	} {
		srv := httptest.NewServer(row.h)
		client := newClient(t, key, noon)
		out, err := client.Forward(t.Context(), srv.URL, []ledger.Forwarded{{Envelope: []byte("a")}})
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %+v, %v; want an error with %q", row.name, out, err, row.want)
		}
		client.Close()
		srv.Close()
	}
	// The impostor's own key: it must not even hear the request as valid.
	relayed := Config{Key: Key{Signer: other.Signer, Verifier: key.Verifier}, Clock: clock(noon), Take: recorded}
	srv := httptest.NewUnstartedServer(nil)
	relayed.Name = "http://" + srv.Listener.Addr().String()
	srv.Config.Handler = Handler(relayed)
	srv.Start()
	defer srv.Close()
	client := newClient(t, key, noon)
	defer client.Close()
	if out, err := client.Forward(t.Context(), srv.URL, []ledger.Forwarded{{Envelope: []byte("a")}}); err == nil || !strings.Contains(err.Error(), "not signed") {
		t.Errorf("signed by another key: got %+v, %v", out, err)
	}
}

func TestLeavesArriveAsTheyWereOffered(t *testing.T) {
	key := newKey(t, "ledger.example")
	want := []ledger.Leaf{ledger.NewLeaf(7, 1764288000000001, []byte("a.b.c")), ledger.NewLeaf(8, 0, []byte(".\xff"))}
	var from, to uint64
	srv := httptest.NewUnstartedServer(nil)
	name := "http://" + srv.Listener.Addr().String()
	srv.Config.Handler = Handler(Config{Key: key, Name: name, Clock: clock(noon), Offer: func(_ context.Context, a, b uint64) []ledger.Leaf {
		from, to = a, b
		return want
	}})
	srv.Start()
	defer srv.Close()
	client := newClient(t, key, noon)
	got, err := client.Leaves(t.Context(), name, 7, 1007)
	if diff := cmp.Diff(want, got); err != nil || diff != "" || from != 7 || to != 1007 {
		t.Errorf("asked for %d to %d, got %v: %s", from, to, err, diff)
	}
	if got, err := client.Leaves(t.Context(), name, 7, 8); err == nil {
		t.Errorf("%d leaves where one was asked for", len(got))
	}
	want = nil
	if got, err := client.Leaves(t.Context(), name, 7, 8); err != nil || len(got) != 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
}

func TestAHolderThatDoesNotAnswerIsNamed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	name := "http://" + listener.Addr().String()
	listener.Close()
	_, err = newClient(t, newKey(t, "ledger.example"), noon).Forward(t.Context(), name, []ledger.Forwarded{{Envelope: []byte("a")}})
	if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "--peer-listen") {
		t.Fatalf("got %v, want the address and what to check", err)
	}
}

func TestTheContextEndsACall(t *testing.T) {
	key, hold := newKey(t, "ledger.example"), make(chan struct{})
	name := replica(t, key, noon, func(_ context.Context, items []ledger.Forwarded) []ledger.Outcome {
		<-hold
		return make([]ledger.Outcome, len(items))
	})
	defer close(hold)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := newClient(t, key, noon).Forward(ctx, name, []ledger.Forwarded{{Envelope: []byte("a")}}); err == nil {
		t.Fatal("no error")
	}
}

func TestAnAnswerWithTooFewOutcomesIsNone(t *testing.T) {
	key := newKey(t, "ledger.example")
	name := replica(t, key, noon, func(context.Context, []ledger.Forwarded) []ledger.Outcome { return []ledger.Outcome{{Index: 1}} })
	_, err := newClient(t, key, noon).Forward(t.Context(), name, make([]ledger.Forwarded, 2))
	if err == nil || !strings.Contains(err.Error(), "1 outcomes for 2 events") {
		t.Fatalf("got %v", err)
	}
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	key := newKey(t, "ledger.example")
	var connections atomic.Int64
	srv := httptest.NewUnstartedServer(nil)
	name := "http://" + srv.Listener.Addr().String()
	srv.Config.Handler = Handler(Config{Key: key, Name: name, Clock: clock(noon), Take: func(_ context.Context, items []ledger.Forwarded) []ledger.Outcome {
		return make([]ledger.Outcome, len(items))
	}})
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	client := newClient(t, key, noon)
	defer client.Close()
	for range 20 {
		if _, err := client.Forward(t.Context(), name, []ledger.Forwarded{{Envelope: []byte("a")}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("20 calls opened %d connections", n)
	}
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{"http://a:1", "https://a", "http://[::1]:8471", "http://a:1/"} {
		if err := CheckAddress(good); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "a:1", "ftp://a", "http://", "http://u:p@a", "http://a/path", "http://a?x", "http://a#x", "http://a\n"} {
		if CheckAddress(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
