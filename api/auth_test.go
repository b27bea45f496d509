package api

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var pathParameter = regexp.MustCompile(`:[a-z]+`)

// public is what needs no token. Adding to it is a decision.
var public = []string{
	"GET /", "GET /healthz", "GET /readyz", "GET /openapi.yaml", "GET /v1/checkpoint", "GET /tile/:tile",
	"GET /v1/schemas", "GET /v1/schemas/:name",
}

func TestEveryRouteIsDeniedUnlessListed(t *testing.T) {
	f := newFixture(t)
	routes := f.server.Routes()
	if len(routes) < 25 {
		t.Fatalf("only %d routes", len(routes))
	}
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		path = pathParameter.ReplaceAllString(path, "0")
		a := f.do(method, path, "", nil)
		if isPublic := slices.Contains(public, route); isPublic == (a.status == http.StatusUnauthorized) {
			t.Errorf("%s without token: %d, public is %v", route, a.status, isPublic)
		}
		if a.status == http.StatusUnauthorized && a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", route)
		}
	}
	f.problem(f.do("GET", "/v1/nothing", "", nil), 401, "token.missing")
	f.problem(f.get("/v1/nothing"), 404, "request.no_such_path")
	f.problem(f.do("DELETE", "/v1/events", f.token(RoleAgency), nil), 405, "request.method")
}

func TestRolesByOperation(t *testing.T) {
	f := newFixture(t)
	for _, role := range []Role{RoleAgency, RoleAuditor, RoleCoordinator, RoleOperator} {
		token := f.token(role)
		for route, op := range f.server.contract {
			method, path, _ := strings.Cut(route, " ")
			a := f.do(method, pathParameter.ReplaceAllString(path, "0"), token, nil)
			allowed := op.public || len(op.roles) == 0 || op.roles[role]
			if allowed == (a.status == http.StatusForbidden) || a.status == http.StatusUnauthorized {
				t.Errorf("%s as %s: %d, allowed is %v", route, role, a.status, allowed)
			}
		}
	}
	for _, route := range []string{"POST /v1/events", "POST /v1/events/bulk"} {
		if op := f.server.contract[route]; len(op.roles) != 1 || !op.roles[RoleAgency] {
			t.Errorf("%s is open to %v", route, op.roles)
		}
	}
	if op := f.server.contract["GET /metrics"]; len(op.roles) != 1 || !op.roles[RoleOperator] {
		t.Errorf("metrics are open to %v", op.roles)
	}
}

func TestTokensOverHTTP(t *testing.T) {
	f := newFixture(t)
	now := time.Now().Unix()
	base := Claims{Issuer: testIssuer, Subject: "a", Audience: Audience{testAudience}, IssuedAt: now, ExpiresAt: now + 60, Role: RoleAuditor}
	expired, long := base, base
	expired.IssuedAt, expired.ExpiresAt = now-120, now-60
	long.ExpiresAt = now + 7200
	f.problem(f.do("GET", "/v1/members", f.mint(expired), nil), 401, "token.expired")
	f.problem(f.do("GET", "/v1/members", f.mint(long), nil), 401, "token.lifetime")
	f.problem(f.do("GET", "/v1/members", "x.y.z", nil), 401, "token.header")
	f.problem(f.do("GET", "/v1/members", "", nil, "Authorization", "Basic abc"), 401, "token.malformed")
	f.problem(f.do("GET", "/v1/members?access_token="+f.mint(base), "", nil), 401, "token.missing")
	if a := f.do("GET", "/v1/members", f.mint(base), nil); a.status != 200 {
		t.Fatalf("a good token: %d %s", a.status, a.body)
	}
}

func TestMaySubmitFor(t *testing.T) {
	f := newFixture(t)
	now, size := time.Now().Unix(), f.ledger.Size()
	token := f.mint(Claims{
		Issuer: testIssuer, Subject: "XA/desk", Audience: Audience{testAudience}, IssuedAt: now, ExpiresAt: now + 60,
		Role: RoleAgency, MaySubmitFor: []domain.AgencyID{"XA/desk"},
	})
	for _, path := range []string{"/v1/events"} {
		a := f.do("POST", path, token, f.c.Sign("XB", "enforcement.action_taken", testAction(1)), "Content-Type", "application/jose")
		f.problem(a, 403, "token.may_not_submit_for")
	}
	a := f.do("POST", "/v1/events/bulk", token, append(f.c.Sign("XB", "enforcement.action_taken", testAction(1)), '\n'), "Content-Type", "application/x-ndjson")
	var r BulkResult
	f.decode(a.body, &r)
	if r.Status != 403 || r.Problem == nil || r.Problem.Code != "token.may_not_submit_for" {
		t.Fatalf("bulk: got %s", a.body)
	}
	if f.ledger.Size() != size {
		t.Fatal("the journal changed")
	}
	a = f.do("POST", "/v1/events", token, f.c.Sign("XA", "enforcement.action_taken", testAction(1)), "Content-Type", "application/jose")
	if a.status != 201 {
		t.Fatalf("its own agency: %d %s", a.status, a.body)
	}
}
