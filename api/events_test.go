package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func testAction(n int) domain.EnforcementActionTaken { return ledgertest.Action(n) }

func TestPostReceiptReplay(t *testing.T) {
	f := newFixture(t)
	size := f.ledger.Size()
	envelope := f.c.Sign("XA", "enforcement.action_taken", testAction(1))
	a := f.post(envelope)
	if a.status != 201 || a.header.Get("Location") != "/v1/events/"+strconv.FormatUint(size, 10) {
		t.Fatalf("got %d %s %s", a.status, a.header.Get("Location"), a.body)
	}
	var r, again Receipt
	f.decode(a.body, &r)
	v, err := note.NewVerifier(f.c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, index, err := translog.VerifyReceipt([]byte(r.Proof), r.RecordedAt, envelope, "test.example/ledger", v); err != nil || index != r.Index {
		t.Fatalf("the receipt does not verify: %v, index %d of %d", err, index, r.Index)
	}
	b := f.post(envelope)
	f.decode(b.body, &again)
	if b.status != 200 || again.Index != r.Index || again.Leaf != r.Leaf || f.ledger.Size() != size+1 {
		t.Fatalf("a retry: got %d %+v, journal %d", b.status, again, f.ledger.Size())
	}
	var e event
	f.view(a.header.Get("Location"), &e)
	if e.Envelope != string(envelope) || e.Type != "enforcement.action_taken" || e.Leaf != r.Leaf || e.Issuer != "XA/desk" {
		t.Fatalf("got %+v", e)
	}
	f.view(a.header.Get("Location")+"/receipt", &again)
	if again.Leaf != r.Leaf {
		t.Fatalf("got %+v", again)
	}
	f.problem(f.get("/v1/events/9999"), 404, "event.unknown")
	f.problem(f.get("/v1/events/9999/receipt"), 404, "event.unknown")
	f.problem(f.get("/v1/events/x"), 400, "request.parameter")
	f.problem(f.get("/v1/events/-1"), 400, "request.parameter")
}

// header signs any protected header text.
func (f *fixture) header(change func(string) string) []byte {
	f.t.Helper()
	e, err := seal.Parse(f.c.Sign("XA", "enforcement.action_taken", testAction(1)))
	if err != nil {
		f.t.Fatal(err)
	}
	changed := change(string(e.Protected))
	if changed == string(e.Protected) {
		f.t.Fatal("the header is unchanged")
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(changed)) + "." + enc.EncodeToString(e.Payload)
	sig, err := f.c.Desks["XA"].Sign([]byte(signed))
	if err != nil {
		f.t.Fatal(err)
	}
	return []byte(signed + "." + enc.EncodeToString(sig))
}

func TestBadInput(t *testing.T) {
	f := newFixture(t)
	f.c.Must(f.ledger, f.c.Sign("XB", "key.revoked", domain.KeyRevoked{KeyID: f.c.Desks["XB"].KeyID(), Reason: "lost"}))
	f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", testAction(1)))
	replace := func(old, new string) []byte {
		return f.header(func(h string) string { return strings.Replace(h, old, new, 1) })
	}
	text := func(payload string) []byte { return f.c.Sign("XA", "enforcement.action_taken", []byte(payload)) }
	act := func(change func(*domain.EnforcementActionTaken)) []byte {
		a := testAction(2)
		change(&a)
		return f.c.Sign("XA", "enforcement.action_taken", a)
	}
	good := f.c.Sign("XA", "enforcement.action_taken", testAction(3))
	twice := func() []byte { // another event under the id of a recorded one
		var last []byte
		for leaf, err := range f.ledger.Leaves(context.Background(), f.ledger.Size()-1) {
			if err != nil {
				t.Fatal(err)
			}
			last = leaf.Envelope
		}
		old, err := seal.Parse(last)
		if err != nil {
			t.Fatal(err)
		}
		e, err := seal.Sign(old.Header, []byte(strings.Replace(string(old.Payload), "125000", "125001", 1)), f.c.Desks["XA"])
		if err != nil {
			t.Fatal(err)
		}
		return e.Raw
	}
	expired := func() []byte {
		e, err := seal.Parse(good)
		if err != nil {
			t.Fatal(err)
		}
		h := e.Header
		h.IssuedAt, h.ExpiresAt = h.IssuedAt-200, h.IssuedAt-100
		out, err := seal.Sign(h, e.Payload, f.c.Desks["XA"])
		if err != nil {
			t.Fatal(err)
		}
		return out.Raw
	}
	for _, row := range []struct {
		name     string
		envelope []byte
		status   int
		code     string
	}{
		{"unknown header member", replace(`{`, `{"jku":"https://x.example",`), 400, "envelope.header_unknown"},
		{"crit", replace(`{`, `{"crit":["exp"],`), 400, "envelope.header_unknown"},
		{"duplicate header member", replace(`{`, `{"alg":"Ed25519",`), 400, "envelope.header_duplicate"},
		{"case variant of a header member", replace(`"alg"`, `"ALG"`), 400, "envelope.header_case"},
		{"wrong alg", replace(`"Ed25519"`, `"HS256"`), 400, "envelope.alg"},
		{"alg none", replace(`"Ed25519"`, `"none"`), 400, "envelope.alg"},
		{"alg of another key", replace(`"Ed25519"`, `"ES256"`), 422, "envelope.alg_mismatch"},
		{"padded base64", append(bytes.Clone(good), '='), 400, "envelope.alphabet"},
		{"line end after", append(bytes.Clone(good), '\n'), 400, "envelope.alphabet"},
		{"loose last bits", loosen(good), 400, "envelope.base64"},
		{"two parts", good[:bytes.LastIndexByte(good, '.')], 400, "envelope.parts"},
		{"empty", nil, 400, "envelope.size"},
		{"oversized", bytes.Repeat([]byte("A"), seal.MaxEnvelope+1), 413, "envelope.size"},
		{"far oversized", bytes.Repeat([]byte("A"), 10<<20), 413, "envelope.size"},
		{"another ledger's led", replace(f.c.Ledger.String(), strings.Repeat("0", 63)+"1"), 422, "envelope.other_ledger"},
		{"expired", expired(), 422, "envelope.expired"},
		{"foreign iss", replace(`"XA/desk"`, `"XC/desk"`), 422, "key.foreign_issuer"},
		{"revoked key", f.c.Sign("XB", "enforcement.action_taken", testAction(4)), 422, "key.revoked"},
		{"unknown key", replace(f.c.Desks["XA"].KeyID(), newKey(t, "Ed25519").KeyID()), 422, "key.unknown"},
		{"changed payload", swapPayload(good), 422, "envelope.signature"},
		{"unknown designation", f.c.Sign("XA", "designation.transposed", domain.DesignationTransposed{Member: "XA", Designation: "UN:none", InForceOn: "2020-01-01"}), 422, "designation.unknown"},
		{"occurred in the future", act(func(a *domain.EnforcementActionTaken) { a.OccurredOn = "2026-11-25" }), 422, "occurred_on.future"},
		{"unknown currency", act(func(a *domain.EnforcementActionTaken) { a.Amount.Currency = "XXY" }), 422, "money.currency"},
		{"invalid UTF-8", text("{\"kind\":\"\xff\"}"), 422, "payload.utf8"},
		{"duplicate JSON name", text(`{"kind":"penalty","kind":"charge"}`), 422, "payload.duplicate_name"},
		{"case-variant JSON name", text(`{"Kind":"penalty"}`), 422, "payload.case_variant"},
		{"unknown JSON name", text(`{"kindd":"penalty"}`), 422, "payload.unknown_member"},
		{"trailing JSON", text(`{"kind":"penalty"}{}`), 422, "payload.syntax"},
		{"too deep", text(`{"kind":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`), 422, "payload.too_deep"},
		{"unknown type", f.c.Sign("XA", "enforcement.unknown", []byte(`{}`)), 422, "type.unknown"},
		{"two events with one id", twice(), 409, "event.duplicate_id"},
		{"a second genesis", f.c.Genesis, 422, "genesis.not_first"},
	} {
		t.Run(row.name, func(t *testing.T) {
			size, note := f.ledger.Size(), f.ledger.Checkpoint()
			a := f.post(row.envelope)
			if row.name == "a second genesis" && a.status == 200 {
				return // the very same genesis is a retry
			}
			p := f.problem(a, row.status, row.code)
			if row.status == 422 || row.status == 409 {
				if p.Rule != row.code || !strings.Contains(p.Refusal, "test.example/ledger") || len(p.Envelope) != 64 {
					t.Errorf("the refusal is not signed or names no envelope: %+v", p)
				}
			}
			if f.ledger.Size() != size || !bytes.Equal(f.ledger.Checkpoint(), note) {
				t.Errorf("the journal changed")
			}
		})
	}
}

// loosen sets an unused bit at the end of the signature.
func loosen(envelope []byte) []byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	out := bytes.Clone(envelope)
	last := len(out) - 1
	out[last] = alphabet[strings.IndexByte(alphabet, out[last])^1]
	return out
}

// swapPayload changes one digit of the payload after signing.
func swapPayload(envelope []byte) []byte {
	parts := strings.Split(string(envelope), ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	changed := strings.Replace(string(payload), "125000", "925000", 1)
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(changed))
	return []byte(strings.Join(parts, "."))
}

func TestBodiesRefusedUnread(t *testing.T) {
	f := newFixture(t)
	token, good := f.token(RoleAgency), f.c.Sign("XA", "enforcement.action_taken", testAction(1))
	size := f.ledger.Size()
	f.problem(f.do("POST", "/v1/events", token, good, "Content-Type", "application/jose", "Content-Encoding", "gzip"), 415, "request.compressed")
	f.problem(f.do("POST", "/v1/events", token, good, "Content-Type", "application/json"), 415, "request.content_type")
	f.problem(f.do("POST", "/v1/events", token, good), 415, "request.content_type")
	f.problem(f.do("POST", "/v1/events/bulk", token, good, "Content-Type", "application/jose"), 415, "request.content_type")
	f.problem(f.do("POST", "/v1/events?atomic=true", token, good, "Content-Type", "application/jose"), 400, "request.parameter_unknown")
	if f.ledger.Size() != size {
		t.Fatal("the journal changed")
	}
}

func TestNotReady(t *testing.T) {
	f := newFixture(t)
	f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", testAction(1)))
	if a := f.do("GET", "/readyz", "", nil); a.status != 200 {
		t.Fatalf("ready: %d %s", a.status, a.body)
	}
	s := f.server
	s.cfg.Ledger = sick{s.cfg.Ledger}
	p := f.do("GET", "/readyz", "", nil)
	f.problem(p, 503, "ledger.not_ready")
	a := f.post(f.c.Sign("XA", "enforcement.action_taken", testAction(2)))
	f.problem(a, 503, "ledger.not_ready")
	if a.header.Get("Retry-After") == "" || p.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestTiles checks hash tiles and entry bundles against the leaves.
func TestTiles(t *testing.T) {
	f := newFixture(t)
	size := int(f.ledger.Size())
	partial := ".p/" + strconv.Itoa(size)
	hashes := f.do("GET", "/tile/0/000"+partial, "", nil)
	if hashes.status != 200 || len(hashes.body) != 32*size {
		t.Fatalf("got %d, %d bytes", hashes.status, len(hashes.body))
	}
	bundle := f.get("/tile/entries/000" + partial)
	entries, err := translog.ParseBundle(bundle.body, size)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if h := translog.EntryHash(e); !bytes.Equal(h[:], hashes.body[32*i:32*i+32]) {
			t.Fatalf("entry %d has another hash than its tile", i)
		}
	}
	f.problem(f.do("GET", "/tile/entries/000"+partial, "", nil), 401, "token.missing")
	f.problem(f.do("GET", "/tile/0/000", "", nil), 404, "tile.unknown")
	f.problem(f.do("GET", "/tile/0/x000/x/y", "", nil), 404, "tile.unknown")
	v, err := note.NewVerifier(f.c.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := translog.OpenCheckpoint(f.do("GET", "/v1/checkpoint", "", nil).body, "test.example/ledger", v)
	if err != nil || c.Size != uint64(size) {
		t.Fatalf("got %+v, %v", c, err)
	}
}

func TestSlowBodyIsCutOff(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Limits.StreamRead = 200 * time.Millisecond })
	body := &dripping{first: append(f.c.Sign("XA", "enforcement.action_taken", testAction(1)), '\n'), stop: make(chan struct{})}
	defer close(body.stop)
	start := time.Now()
	res := f.bulk(body)
	if len(res) != 2 || res[0].Status != 201 || res[1].Problem == nil || res[1].Problem.Code != "request.timeout" {
		t.Fatalf("got %+v", res)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Fatalf("cut off only after %s", took)
	}
}

// Whatever shows an event shows the TLP label of its public part.
func TestHandlingIsShown(t *testing.T) {
	f := newFixture(t)
	action := ledgertest.Action(1)
	action.Handling, action.Case = "TLP:AMBER", "case-7"
	amber := f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", action)).Index
	action.Handling, action.Case = "", "case-7"
	clear := f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", action)).Index
	for path, want := range map[string]string{
		fmt.Sprintf("/v1/events/%d", amber): `"handling":"TLP:AMBER"`,
		fmt.Sprintf("/v1/events/%d", clear): `"handling":"TLP:CLEAR"`,
		"/v1/cases/case-7":                  `"handling":"TLP:AMBER"`,
		"/v1/events?member=XA":              `"handling":"TLP:CLEAR"`,
	} {
		if a := f.get(path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + fmt.Sprintf("min_index=%d", clear)); a.status != 200 || !strings.Contains(string(a.body), want) {
			t.Errorf("%s: got %d %s, want %s", path, a.status, a.body, want)
		}
	}
	if a := f.get("/v1/events/0"); strings.Contains(string(a.body), `"handling"`) {
		t.Errorf("genesis bears no label: %s", a.body)
	}
}
