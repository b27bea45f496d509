package api

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestRateLimits(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Limits = Limits{PerIP: -1, PerSubject: 0.001, Burst: 3} })
	token := f.token(RoleAuditor)
	for range 3 {
		if a := f.do("GET", "/v1/members", token, nil); a.status != 200 {
			t.Fatalf("got %d", a.status)
		}
	}
	a := f.do("GET", "/v1/members", token, nil)
	f.problem(a, 429, "limit.subject")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if a := f.do("GET", "/v1/members", f.token(RoleCoordinator), nil); a.status != 200 {
		t.Fatalf("another subject: %d", a.status)
	}
	g := newFixture(t, func(c *Config) { c.Limits = Limits{PerIP: 0.001, PerSubject: -1, Burst: 2} })
	for _, forwarded := range []string{"1.1.1.1", "2.2.2.2"} {
		g.do("GET", "/v1/checkpoint", "", nil, "X-Forwarded-For", forwarded, "X-Real-IP", forwarded)
	}
	g.problem(g.do("GET", "/v1/checkpoint", "", nil, "X-Forwarded-For", "3.3.3.3", "X-Real-IP", "3.3.3.3"), 429, "limit.address")
	for _, probe := range []string{"/healthz", "/readyz"} {
		if a := g.do("GET", probe, "", nil); a.status != 200 {
			t.Errorf("%s answers %d to a probe that shares a busy address", probe, a.status)
		}
	}
}

// What cannot be read is refused, never dropped: a dropped date would answer
// for another day.
func TestUnreadableQueriesAreRefused(t *testing.T) {
	f := newFixture(t)
	token := f.token(RoleAuditor)
	for _, query := range []string{"countries/XA/compliance?on=2017-06-05%", "countries?on=2017-06-05;as_of=3", "events?%zz=1", "designations?q=%ff"} {
		f.problem(f.do("GET", "/v1/"+query, token, nil), 400, "request.query")
	}
	for _, after := range []string{"x", "-1", "01", "%00"} {
		if a := f.do("GET", "/v1/events?after="+after, token, nil); a.status != 400 {
			t.Errorf("after=%s: got %d, want 400", after, a.status)
		}
	}
}

func TestLimitersAreBounded(t *testing.T) {
	now := time.Unix(1000, 0)
	l := newLimiters(1, 1, 3, func() time.Time { return now })
	for _, key := range []string{"a", "b", "c"} {
		if !l.allow(key) || l.allow(key) {
			t.Fatalf("%s: want one and no more", key)
		}
	}
	l.allow("a")
	l.allow("d") // b was used longest ago
	if l.order.Len() != 3 || len(l.byKey) != 3 || l.byKey["b"] != nil || l.byKey["a"] == nil {
		t.Fatalf("got %d callers, b %v", l.order.Len(), l.byKey["b"])
	}
	now = now.Add(time.Second)
	if !l.allow("a") {
		t.Fatal("a's bucket does not fill")
	}
}

func TestHeaderAndURLLimits(t *testing.T) {
	f := newFixture(t)
	f.problem(f.get("/v1/designations?q="+strings.Repeat("a", 9<<10)), 414, "request.uri_too_long")
	if a := f.do("GET", "/healthz", "", nil, "X-Fill", strings.Repeat("a", 40<<10)); a.status != 431 {
		t.Errorf("a header of 40 KB: %d", a.status)
	}
}

// TestRawRequests sends what clients do not: each is 400 and closed.
func TestRawRequests(t *testing.T) {
	f := newFixture(t)
	size := f.ledger.Size()
	address := f.http.Listener.Addr().String()
	post := "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/jose\r\n"
	for name, raw := range map[string]string{
		"two lengths":           post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
		"bad length":            post + "Content-Length: -1\r\n\r\n",
		"length plus":           post + "Content-Length: +3\r\n\r\nabc",
		"folded header":         "GET /healthz HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n",
		"space before colon":    "GET /healthz HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n",
		"no host":               "GET /healthz HTTP/1.1\r\n\r\n",
		"two hosts":             "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"control in header":     "GET /healthz HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n",
		"unknown coding":        post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"twice chunked":         post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"nonsense request line": "GARBAGE\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, raw)
		var got bytes.Buffer
		_, err = got.ReadFrom(conn)
		conn.Close()
		if status := got.String(); err != nil || !strings.HasPrefix(status, "HTTP/1.1 400") && !strings.HasPrefix(status, "HTTP/1.1 501") {
			t.Errorf("%s: got %.60q, %v, want 400 and close", name, status, err)
		}
	}
	if f.ledger.Size() != size {
		t.Fatal("the journal changed")
	}
}

func TestTimeoutsAreSet(t *testing.T) {
	f := newFixture(t)
	s := f.server.HTTP("127.0.0.1:0")
	for name, got := range map[string]time.Duration{
		"ReadHeader 5s": s.ReadHeaderTimeout - 5*time.Second, "Read 15s": s.ReadTimeout - 15*time.Second,
		"Write 30s": s.WriteTimeout - 30*time.Second, "Idle 60s": s.IdleTimeout - time.Minute,
	} {
		if got != 0 {
			t.Errorf("%s is off by %s", name, got)
		}
	}
	if s.MaxHeaderBytes != 16<<10 {
		t.Errorf("MaxHeaderBytes %d", s.MaxHeaderBytes)
	}
}

// breaking panics where a handler asks it.
type breaking struct{ Ledger }

func (breaking) View(func(*domain.State)) { panic("secret in /root/secret.go") }

func TestNothingInternalIsTold(t *testing.T) {
	var log bytes.Buffer
	f := newFixture(t, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		c.Ledger = breaking{c.Ledger}
	})
	r := httptest.NewRequest("GET", "/v1/members", nil)
	token := f.token(RoleAuditor)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("X-Request-ID", "trace-1")
	w := httptest.NewRecorder()
	f.server.Handler().ServeHTTP(w, r)
	p := f.problem(answer{w.Code, w.Header(), w.Body.Bytes()}, 500, "internal")
	if p.Instance != "trace-1" {
		t.Errorf("the request id was not taken over: %s", p.Instance)
	}
	for _, secret := range []string{"secret", ".go", "goroutine", "panic"} {
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("the answer tells %q: %s", secret, w.Body)
		}
	}
	if !strings.Contains(log.String(), "secret.go") || !strings.Contains(log.String(), "trace-1") {
		t.Errorf("the log does not say what broke: %s", &log)
	}
	if strings.Contains(log.String(), token) || strings.Contains(log.String(), "Bearer") {
		t.Error("the log holds the token")
	}
}

func TestMetricsIndexAndDescription(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Notice = "Demonstration <keys>" })
	f.post(f.c.Sign("XA", "enforcement.action_taken", testAction(1)))
	m := string(f.do("GET", "/metrics", f.token(RoleOperator), nil).body)
	for _, want := range []string{
		fmt.Sprintf("ledger_journal_events %d", f.ledger.Size()), `ledger_submit_seconds_count{outcome="recorded"} 1`,
		`ledger_http_requests_total{operation="postEvent",status="201"} 1`, "ledger_ready 1", "ledger_view_events",
	} {
		if !strings.Contains(m, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	page := f.do("GET", "/", "", nil)
	for _, want := range []string{"Test coalition", "/openapi.yaml", "/v1/checkpoint", "Demonstration &lt;keys&gt;"} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
		t.Errorf("got policy %q", csp)
	}
	if d := f.do("GET", "/openapi.yaml", "", nil); !bytes.Equal(d.body, description) || d.header.Get("Content-Type") != "application/yaml" {
		t.Errorf("got %d %s", d.status, d.header.Get("Content-Type"))
	}
}

func TestSchemas(t *testing.T) {
	f := newFixture(t)
	var list schemaList
	if err := json.Unmarshal(f.do("GET", "/v1/schemas", "", nil).body, &list); err != nil || len(list.Schemas) < len(domain.Types()) {
		t.Fatalf("%d schemas of %d types, %v", len(list.Schemas), len(domain.Types()), err)
	}
	for _, s := range list.Schemas {
		a := f.do("GET", s.Href, "", nil)
		if a.status != 200 || a.header.Get("Content-Type") != "application/schema+json" || !bytes.Contains(a.body, []byte(s.Href)) {
			t.Errorf("%s: %d %s", s.Href, a.status, a.header.Get("Content-Type"))
		}
	}
	for _, name := range []string{"designation.adopted", "designation.adopted.v99", "..%2fschema.v1", ".v1"} {
		f.problem(f.do("GET", "/v1/schemas/"+name, "", nil), 404, "schema.unknown")
	}
}
