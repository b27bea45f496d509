package integration

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// bad is one kind of bad input, and the code that answers it.
type bad struct {
	name   string
	status int
	code   string
	body   []byte
	token  string // "" is everyone's
	bulk   bool
	twin   bool // of the row before, which has the same code
}

func TestBadInput(t *testing.T) {
	f := found(t)
	f.store = "memory:"
	f.serve(t)
	f.seat(t)
	k := prepareBad(t, f)
	size, seen := f.size(t), map[string]string{}
	for _, row := range slices.Concat(k.headers(t), k.keys(t), k.payloads(t), k.transport(t)) {
		t.Run(row.name, func(t *testing.T) {
			p := row.ask(t, f)
			if p.Status != row.status || p.Code != row.code {
				t.Errorf("got %d %s (%s), want %d %s", p.Status, p.Code, p.Detail, row.status, row.code)
			}
			if len(p.Detail) < 20 {
				t.Errorf("a message that says little: %q", p.Detail)
			}
			if other, shared := seen[p.Code]; shared && !row.twin {
				t.Errorf("%s is also the code of %q", p.Code, other)
			}
			seen[p.Code] = row.name
			if got := f.size(t); got != size {
				t.Errorf("the journal has %d events, before %d", got, size)
			}
		})
	}
	t.Logf("%d kinds of bad input, %d codes, journal unchanged at %d", len(seen), len(seen), size)
	k.stillGood(t)
	f.stop(t)
}

func (b bad) ask(t *testing.T, f *founded) *client.Error {
	t.Helper()
	c := f.caller
	if b.token != "" {
		c = call(t, f.url, b.token)
	}
	ctx := within(t, 10*time.Second)
	if b.bulk {
		return b.askBulk(ctx, t, c, b.body)
	}
	alone := problemOf(t, c.send(ctx, t, http.MethodPost, "/v1/events", "application/jose", b.body))
	if inBulk := b.askBulk(ctx, t, c, append(bytes.Clone(b.body), '\n')); inBulk.Code != alone.Code || inBulk.Status != alone.Status {
		t.Errorf("alone it answers %d %s, in a bulk %d %s", alone.Status, alone.Code, inBulk.Status, inBulk.Code)
	}
	return alone
}

// askBulk sends a bulk of one line.
func (b bad) askBulk(ctx context.Context, t *testing.T, c caller, body []byte) *client.Error {
	t.Helper()
	res := c.send(ctx, t, http.MethodPost, "/v1/events/bulk", "application/x-ndjson", body)
	if res.StatusCode != http.StatusOK {
		return problemOf(t, res)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	r := decode[client.Result](t, text.Bytes())
	if r.Problem == nil {
		t.Fatalf("recorded: %s", &text)
	}
	return r.Problem
}

func problemOf(t *testing.T, res *http.Response) *client.Error {
	t.Helper()
	var text bytes.Buffer
	if _, err := text.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/problem+json") {
		t.Fatalf("got %d %s, want a problem: %s", res.StatusCode, got, &text)
	}
	p := decode[client.Error](t, text.Bytes())
	if p.Status != res.StatusCode {
		t.Errorf("status %d in the problem, %d in the answer", p.Status, res.StatusCode)
	}
	return &p
}

// badInput is a coalition in which all can go wrong that can.
type badInput struct {
	*founded
	listed, removed string // designations
	used            []byte // a recorded envelope
	revoked         *seal.PrivateKey
}

func prepareBad(t *testing.T, f *founded) *badInput {
	t.Helper()
	k := &badInput{founded: f, listed: "XA:B.1", removed: "XA:B.2"}
	for _, id := range []string{k.listed, k.removed} {
		f.post(t, f.Sign("XA", "designation.adopted", k.designation(id)))
	}
	f.post(t, f.Sign("XA", "designation.removed", domain.DesignationRemoved{Designation: k.removed, RemovedOn: "2026-06-01", Reason: "the listing was revoked"}))
	k.used = f.Sign("XB", "enforcement.action_taken", k.action())
	f.post(t, k.used)
	key, err := seal.GenerateKey(domain.AlgES256)
	if err != nil {
		t.Fatal(err)
	}
	k.revoked = key
	desk := ledgertest.Desk("XC")
	f.post(t, f.SignRoot("XC", "key.registered", domain.KeyRegistered{Agency: desk, Key: key.Public(), Proof: key.Possession(f.Ledger, desk)}))
	f.post(t, f.SignWith(key, desk, "key.revoked", domain.KeyRevoked{KeyID: key.Public().Thumbprint(), Reason: "lost"}))
	return k
}

func (k *badInput) action() domain.EnforcementActionTaken {
	b := ledgertest.Action(1)
	b.OccurredOn = "2026-05-01"
	return b
}

func (k *badInput) designation(id string) domain.DesignationAdopted {
	return domain.DesignationAdopted{
		Designation: id, Regime: "XA-TEST", Authority: "XA", ListRef: id, AdoptedOn: "2026-03-01", Measures: []string{"asset_freeze"},
		Subject: domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "EXAMPLE STAR", Kind: "primary"}}},
	}
}

// protected is the header that XA's desk would sign.
func (k *badInput) protected() string {
	return fmt.Sprintf(`{"alg":"Ed25519","kid":"%s","typ":"%s","cty":"%s","iss":"XA/desk","led":"%s","eid":"%s","iat":%d,"exp":%d}`,
		k.Desks["XA"].Public().Thumbprint(), seal.MediaType, seal.ContentType("enforcement.action_taken", 1), k.Ledger, uuid.NewString(),
		k.Time.Unix(), k.Time.Add(time.Hour).Unix())
}

// sealed signs a header and payload as they are, by XA's desk.
func (k *badInput) sealed(t *testing.T, protected string, payload []byte) []byte {
	t.Helper()
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(protected)) + "." + enc.EncodeToString(payload)
	sig, err := k.Desks["XA"].Sign([]byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(signed + "." + enc.EncodeToString(sig))
}

func (k *badInput) headers(t *testing.T) []bad {
	payload := encode(t, k.action())
	with := func(old, new string) []byte {
		h := k.protected()
		if !strings.Contains(h, old) {
			t.Fatalf("no %q in %s", old, h)
		}
		return k.sealed(t, strings.Replace(h, old, new, 1), payload)
	}
	good := string(k.sealed(t, k.protected(), payload))
	last := good[len(good)-1]
	loose := []byte(good[:len(good)-1] + string(last+1)) // 64 bytes leave 4 bits unused; a canonical last letter is A, Q, g or w
	return []bad{
		{name: "unknown header member", status: 400, code: "envelope.header_unknown", body: with(`{"alg"`, `{"crit":["b64"],"alg"`)},
		{name: "a key in the header", status: 400, code: "envelope.header_unknown", body: with(`{"alg"`, `{"jku":"https://keys.invalid","alg"`), twin: true},
		{name: "duplicate header member", status: 400, code: "envelope.header_duplicate", body: with(`{"alg"`, `{"alg":"Ed25519","alg"`)},
		{name: "case-variant header member", status: 400, code: "envelope.header_case", body: with(`"kid"`, `"Kid"`)},
		{name: "missing header member", status: 400, code: "envelope.header_missing", body: with(`"iss":"XA/desk",`, ``)},
		{name: "invalid UTF-8 in the header", status: 400, code: "envelope.header_utf8", body: with(`XA/desk`, "XA/d\xffsk")},
		{name: "alg none", status: 400, code: "envelope.alg", body: with(`"Ed25519"`, `"none"`)},
		{name: "alg HS256", status: 400, code: "envelope.alg", body: with(`"Ed25519"`, `"HS256"`), twin: true},
		{name: "alg not the key's", status: 422, code: "envelope.alg_mismatch", body: with(`"Ed25519"`, `"ES256"`)},
		{name: "base64 with padding", status: 400, code: "envelope.alphabet", body: []byte(good + "==")},
		{name: "base64 with unused bits", status: 400, code: "envelope.base64", body: loose},
		{name: "signature of other content", status: 422, code: "envelope.signature", body: k.swapped(t)},
	}
}

// swapped puts one event's signature under another.
func (k *badInput) swapped(t *testing.T) []byte {
	one, two := k.sealed(t, k.protected(), encode(t, k.action())), k.sealed(t, k.protected(), encode(t, k.action()))
	return append(one[:bytes.LastIndexByte(one, '.')], two[bytes.LastIndexByte(two, '.'):]...)
}

func (k *badInput) keys(t *testing.T) []bad {
	other, late, again := *k.Coalition, *k.Coalition, bytes.Clone(k.used)
	other.Ledger = domain.Hash{1}
	late.Time = k.Time.Add(-48 * time.Hour)
	e, err := seal.Parse(again)
	if err != nil {
		t.Fatal(err)
	}
	h := e.Header
	h.Alg, h.KeyID = "", ""
	changed := k.action()
	changed.Amount = &domain.Money{Amount: "1", Currency: "EUR"}
	second, err := seal.Sign(h, encode(t, changed), k.Desks["XB"])
	if err != nil {
		t.Fatal(err)
	}
	action := func(c *ledgertest.Coalition) []byte { return c.Sign("XA", "enforcement.action_taken", k.action()) }
	return []bad{
		{name: "another ledger", status: 422, code: "envelope.other_ledger", body: action(&other)},
		{name: "expired envelope", status: 422, code: "envelope.expired", body: action(&late)},
		{name: "expired token", status: 401, code: "token.expired", body: action(k.Coalition), token: k.mint(t, k.Time.Add(-time.Hour), "XA/desk")},
		{name: "iss not of the token", status: 403, code: "token.may_not_submit_for", body: action(k.Coalition), token: k.mint(t, k.Time, "XB/desk")},
		{name: "iss not of the key", status: 422, code: "key.foreign_issuer", body: k.SignWith(k.Desks["XB"], "XA/desk", "enforcement.action_taken", k.action())},
		{name: "revoked key", status: 422, code: "key.revoked", body: k.SignWith(k.revoked, "XC/desk", "enforcement.action_taken", k.action())},
		{name: "two events with one id", status: 409, code: "event.duplicate_id", body: second.Raw},
	}
}

func (k *badInput) payloads(t *testing.T) []bad {
	raw := func(old, new string) []byte {
		text := string(encode(t, k.action()))
		if !strings.Contains(text, old) {
			t.Fatalf("no %q in %s", old, text)
		}
		return k.Sign("XA", "enforcement.action_taken", []byte(strings.Replace(text, old, new, 1)))
	}
	transposed := func(id string) []byte {
		return k.Sign("XB", "designation.transposed", domain.DesignationTransposed{Designation: id, Member: "XB", NoticeOn: "2026-07-01", Measures: []string{"asset_freeze"}})
	}
	tomorrow := k.action()
	tomorrow.OccurredOn = domain.DateOf(time.Now().Add(40 * time.Hour))
	nowhere := k.action()
	nowhere.Concerning = []domain.Country{"QQ", "ZY"}
	ship := k.designation("XA:B.9")
	ship.Subject.Identifiers = []domain.Identifier{{Scheme: "imo", Value: "9074728"}}
	return []bad{
		{name: "unknown designation", status: 422, code: "designation.unknown", body: transposed("XA:B.404")},
		{name: "transposition of a removed designation", status: 422, code: "designation.removed", body: transposed(k.removed)},
		{name: "occurred_on ahead", status: 422, code: "occurred_on.future", body: k.Sign("XA", "enforcement.action_taken", tomorrow)},
		{name: "unknown country", status: 422, code: "country.unknown", body: k.Sign("XA", "enforcement.action_taken", nowhere)},
		{name: "unknown currency", status: 422, code: "money.currency", body: raw(`"EUR"`, `"EUX"`)},
		{name: "IMO check digit", status: 422, code: "identifier.imo_check_digit", body: k.Sign("XA", "designation.adopted", ship)},
		{name: "invalid UTF-8 in the payload", status: 422, code: "payload.utf8", body: raw("fictional", "f\xffctional")},
		{name: "duplicate name", status: 422, code: "payload.duplicate_name", body: raw(`"kind":`, `"kind":"penalty","kind":`)},
		{name: "case-variant name", status: 422, code: "payload.case_variant", body: raw(`"kind":`, `"Kind":`)},
		{name: "unknown name", status: 422, code: "payload.unknown_member", body: raw(`"kind":`, `"colour":"red","kind":`)},
	}
}

func (k *badInput) transport(t *testing.T) []bad {
	good := k.Sign("XA", "enforcement.action_taken", k.action())
	huge := bytes.Repeat([]byte("A"), seal.MaxEnvelope+1)
	return []bad{
		{name: "oversized body", status: 413, code: "envelope.size", body: huge},
		{name: "oversized line of a bulk", status: 413, code: "bulk.line_too_long", body: append(bytes.Repeat(huge, 3), '\n'), bulk: true},
		{name: "truncated bulk", status: 400, code: "bulk.truncated", body: good[:len(good)-9], bulk: true},
		{name: "a line that is no envelope", status: 400, code: "bulk.line", body: []byte("{\"envelop\":\"\"}\n"), bulk: true},
		{name: "no token", status: 401, code: "token.malformed", body: good, token: "none"},
	}
}

// stillGood shows that it was the input: dates that may lie ahead are taken,
// and what was recorded before answers with its first receipt.
func (k *badInput) stillGood(t *testing.T) {
	t.Helper()
	k.post(t, k.Sign("XB", "designation.transposed", domain.DesignationTransposed{
		Designation: k.listed, Member: "XB", NoticeOn: "2026-07-01", InForceOn: "2031-01-01", Measures: []string{"asset_freeze"},
	}))
	if r := k.post(t, k.used); !r.Replayed {
		t.Errorf("recorded twice: %+v", r)
	}
}
