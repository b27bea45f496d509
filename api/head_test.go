package api

import (
	"net/http"
	"testing"
)

// HEAD answers what GET does, without the body; what only takes POST takes no HEAD.
func TestHead(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/v1/events", "/v1/events/1", "/v1/coalition/summary", "/v1/checkpoint", "/healthz", "/openapi.yaml", "/v1/events/9999"} {
		get, head := f.get(path), f.do(http.MethodHead, path, f.token(RoleAuditor), nil)
		if head.status != get.status || len(head.body) != 0 || head.header.Get("Content-Type") != get.header.Get("Content-Type") || head.header.Get("ETag") != get.header.Get("ETag") {
			t.Errorf("%s: HEAD %d, %d bytes, %v; GET %d, %v", path, head.status, len(head.body), head.header, get.status, get.header)
		}
	}
	for _, accept := range []string{typeSSE, typeNDJSON} {
		if a := f.do(http.MethodHead, "/v1/events", f.token(RoleAuditor), nil, "Accept", accept); a.status != http.StatusOK || a.header.Get("Content-Type") != accept {
			t.Errorf("a stream as %s: %d %v", accept, a.status, a.header)
		}
	}
	if a := f.do(http.MethodHead, "/v1/subscriptions/1/resume", f.token(RoleAgency), nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("where only POST is taken: %d", a.status)
	}
	if a := f.do(http.MethodHead, "/v1/coalition/summary", "", nil); a.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", a.status)
	}
}
