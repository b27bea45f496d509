package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// fixture is a real ledger of three seated members behind a real server.
type fixture struct {
	t      testing.TB
	c      *ledgertest.Coalition
	ledger *ledger.Ledger
	runner *projections.Runner
	server *Server
	http   *httptest.Server
	key    *seal.PrivateKey // signs tokens
}

func newFixture(t testing.TB, change ...func(*Config)) *fixture {
	t.Helper()
	f := &fixture{t: t, c: ledgertest.Found(t, "XA", "XB", "XC"), key: newKey(t, "Ed25519")}
	f.ledger = f.c.Open(newStore(t), "")
	f.c.Seat(f.ledger)
	f.runViews()
	set, err := NewKeys(f.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Ledger: ticking{f.ledger}, Views: f.runner, Clock: time.Now, Limits: Limits{PerIP: -1, PerSubject: -1},
		Tokens: TokenPolicy{Issuer: testIssuer, Audience: testAudience, Keys: set, MaxLifetime: time.Hour, Clock: time.Now},
	}
	for _, f := range change {
		f(&cfg)
	}
	if f.server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	f.http = httptest.NewUnstartedServer(nil)
	f.http.Config = f.server.HTTP("")
	f.http.Start()
	t.Cleanup(func() { f.server.Close(); f.http.Close() })
	return f
}

// ticking tells by the server's clock when the store answered: the coalition's
// clock stands still.
type ticking struct{ *ledger.Ledger }

func (t ticking) Contact() time.Time { return time.Now() }

func (f *fixture) runViews() {
	f.t.Helper()
	runner, err := projections.New(projections.Config{Clock: time.Now})
	if err != nil {
		f.t.Fatal(err)
	}
	f.runner = runner
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx, f.ledger) }()
	f.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			f.t.Errorf("views: %v", err)
		}
	})
}

// token mints a token of a role; agencies may post for all desks and roots.
func (f *fixture) token(role Role) string {
	f.t.Helper()
	c := Claims{
		Issuer: testIssuer, Subject: "test-" + string(role), Audience: Audience{testAudience},
		IssuedAt: time.Now().Unix(), ExpiresAt: time.Now().Add(time.Hour).Unix(), Role: role,
	}
	if role == RoleAgency {
		for _, m := range f.c.Members {
			c.MaySubmitFor = append(c.MaySubmitFor, ledgertest.Desk(m), domain.RootAgency(m))
		}
	}
	return f.mint(c)
}

func (f *fixture) mint(c Claims) string {
	f.t.Helper()
	token, err := Mint(f.key, c)
	if err != nil {
		f.t.Fatal(err)
	}
	return token
}

// answer is a whole response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (f *fixture) do(method, path, token string, body []byte, headers ...string) answer {
	f.t.Helper()
	r, err := http.NewRequest(method, f.http.URL+path, bytes.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := f.http.Client().Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, text}
}

func (f *fixture) get(path string, headers ...string) answer {
	f.t.Helper()
	return f.do(http.MethodGet, path, f.token(RoleAuditor), nil, headers...)
}

func (f *fixture) post(envelope []byte) answer {
	f.t.Helper()
	return f.do(http.MethodPost, "/v1/events", f.token(RoleAgency), envelope, "Content-Type", "application/jose")
}

// problem requires an answer to be a problem of a status and code.
func (f *fixture) problem(a answer, status int, code string) Problem {
	f.t.Helper()
	var p Problem
	if a.status != status || a.header.Get("Content-Type") != "application/problem+json" {
		f.t.Fatalf("got %d %s %.300s, want a problem %d %s", a.status, a.header.Get("Content-Type"), a.body, status, code)
	}
	f.decode(a.body, &p)
	if p.Code != code || p.Status != status || p.Detail == "" || p.Title == "" || p.Type != problemType+code {
		f.t.Fatalf("got %+v, want status %d, code %s and all members", p, status, code)
	}
	if p.Instance == "" || p.Instance != a.header.Get("X-Request-ID") {
		f.t.Fatalf("the problem's instance %q is not the request id %q", p.Instance, a.header.Get("X-Request-ID"))
	}
	return p
}

func (f *fixture) decode(text []byte, into any) {
	f.t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		f.t.Fatalf("%v in %.300s", err, text)
	}
}

func (f *fixture) view(path string, into any) answer {
	f.t.Helper()
	a := f.get(path)
	if a.status != http.StatusOK {
		f.t.Fatalf("GET %s: got %d %.300s", path, a.status, a.body)
	}
	f.decode(a.body, into)
	return a
}

func lines(text []byte) []string { return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") }
