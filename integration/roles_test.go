package integration

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// testRoles asks each kind of thing with each role.
func testRoles(t *testing.T, d demo, events []event) {
	key, err := seal.ReadKeyFile(filepath.Join(d.dir, "demo-keys", "XA-customs.key"), []byte("demonstration"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	e, err := seal.Sign(domain.Header{
		Issuer: "XA/customs", EventID: uuid.NewString(), Type: "enforcement.action_taken", Version: 1,
		Ledger: events[0].Hash(), IssuedAt: now.Unix(), ExpiresAt: now.Add(time.Hour).Unix(),
	}, encode(t, ledgertest.Action(1)), key)
	if err != nil {
		t.Fatal(err)
	}
	type answers struct{ View, Stream, Metrics, Post int }
	for _, row := range []struct {
		role string
		want answers
	}{
		{"", answers{401, 401, 401, 401}},
		{"auditor", answers{200, 200, 403, 403}},
		{"coordinator", answers{200, 200, 403, 403}},
		{"operator", answers{200, 200, 200, 403}},
		{"agency", answers{200, 200, 403, 201}},
		{"agency", answers{200, 200, 403, 200}}, // the same event again
	} {
		c, ctx := d.as(t, row.role), within(t, 10*time.Second)
		before := c.size(t)
		got := answers{
			View:    c.send(ctx, t, http.MethodGet, "/v1/countries/JP/compliance", "application/json", nil).StatusCode,
			Stream:  c.send(ctx, t, http.MethodGet, "/v1/events", "application/x-ndjson", nil).StatusCode,
			Metrics: c.send(ctx, t, http.MethodGet, "/metrics", "text/plain", nil).StatusCode,
			Post:    c.send(ctx, t, http.MethodPost, "/v1/events", "application/jose", e.Raw).StatusCode,
		}
		if got != row.want {
			t.Errorf("role %q: got %+v, want %+v", row.role, got, row.want)
		}
		if grown := c.size(t) - before; grown != 0 && row.want.Post != 201 {
			t.Errorf("role %q: the journal grew by %d", row.role, grown)
		}
		for _, path := range []string{"/", "/healthz", "/readyz", "/openapi.yaml", "/v1/checkpoint"} {
			if res := c.send(ctx, t, http.MethodGet, path, "*/*", nil); res.StatusCode != http.StatusOK {
				t.Errorf("role %q: %s answers %d", row.role, path, res.StatusCode)
			}
		}
	}
}
