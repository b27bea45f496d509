package integration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// caller asks one server with one token.
type caller struct {
	*client.Client
	url   string
	token string
}

func call(t *testing.T, url, token string) caller {
	t.Helper()
	c, err := client.New(url, token, nil)
	if err != nil {
		t.Fatal(err)
	}
	return caller{c, url, token}
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// get reads a path as T. It waits when the server says that it is asked too
// often.
func get[T any](t *testing.T, c caller, path string) (out T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		err := c.Get(ctx, path, &out)
		var p *client.Error
		if errors.As(err, &p) && p.Status == http.StatusTooManyRequests && ctx.Err() == nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if err != nil {
			t.Fatalf("GET %s: %v", path, err)
		}
		return out
	}
}

// refused asks what must be refused, and returns the problem.
func refused(t *testing.T, err error) *client.Error {
	t.Helper()
	var p *client.Error
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a refusal", err)
	}
	if p.Code == "" || p.Detail == "" {
		t.Fatalf("a refusal without code or advice: %+v", p)
	}
	return p
}

// send makes a plain request, for what the client would never send. It waits
// when the server says that it is asked too often.
func (c caller) send(ctx context.Context, t *testing.T, method, path, mediaType string, body []byte) *http.Response {
	t.Helper()
	for {
		res := c.sendOnce(ctx, t, method, path, mediaType, body)
		if res.StatusCode != http.StatusTooManyRequests || ctx.Err() != nil {
			t.Cleanup(func() { res.Body.Close() })
			return res
		}
		res.Body.Close()
		time.Sleep(100 * time.Millisecond)
	}
}

func (c caller) sendOnce(ctx context.Context, t *testing.T, method, path, mediaType string, body []byte) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != nil {
		r.Header.Set("Content-Type", mediaType)
	} else {
		r.Header.Set("Accept", mediaType)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// event is one event of the journal, as streamed.
type event struct {
	client.Leaf
	*seal.Envelope
}

// stream reads the whole journal.
func (c caller) stream(ctx context.Context, t *testing.T) (out []event) {
	t.Helper()
	for leaf, err := range c.Leaves(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		e, err := seal.Parse([]byte(leaf.Envelope))
		if err != nil {
			t.Fatalf("leaf %d: %v", leaf.Index, err)
		}
		out = append(out, event{leaf, e})
	}
	return out
}

// size is the number of events, by the newest checkpoint.
func (c caller) size(t *testing.T) uint64 {
	t.Helper()
	note := get[[]byte](t, c, "/v1/checkpoint")
	var n uint64
	if _, err := fmt.Sscan(strings.Split(string(note), "\n")[1], &n); err != nil {
		t.Fatalf("checkpoint %q: %v", note, err)
	}
	return n
}

// walk calls see for each string in a JSON text, with the name of the member
// that holds it or its list.
func walk(t *testing.T, text []byte, see func(member, value string)) {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	walkValue("", v, see)
}

func walkValue(member string, v any, see func(member, value string)) {
	switch v := v.(type) {
	case string:
		see(member, v)
	case []any:
		for _, one := range v {
			walkValue(member, one, see)
		}
	case map[string]any:
		for name, one := range v {
			walkValue(name, one, see)
		}
	}
}

func decode[T any](t *testing.T, text []byte) (out T) {
	t.Helper()
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return out
}

func encode(t *testing.T, v any) jsontext.Value {
	t.Helper()
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func realState(code string) bool {
	c := domain.Country(code)
	return c.Valid() && !c.UserAssigned()
}
