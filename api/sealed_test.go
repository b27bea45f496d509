package api

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/ledgertest"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

const octets = "application/octet-stream"

// sealing is a fixture whose desks have encryption keys.
type sealing struct {
	*fixture
	dir  string
	keys map[domain.Country]*sealed.Key
}

func newSealing(t *testing.T, change ...func(*Config)) *sealing {
	t.Helper()
	s := &sealing{dir: t.TempDir(), keys: map[domain.Country]*sealed.Key{}}
	store, err := sealed.OpenStore(s.dir, 64<<10)
	if err != nil {
		t.Fatal(err)
	}
	s.fixture = newFixture(t, append([]func(*Config){func(c *Config) { c.Sealed = store }}, change...)...)
	for _, m := range s.c.Members {
		if s.keys[m], err = sealed.GenerateKey(); err != nil {
			t.Fatal(err)
		}
		s.c.Must(s.ledger, s.c.Sign(m, "encryption_key.registered", domain.EncryptionKeyRegistered{Agency: ledgertest.Desk(m), Recipient: s.keys[m].Recipient()}))
	}
	return s
}

// desk is a token that speaks for one desk alone.
func (s *sealing) desk(m domain.Country) string {
	s.t.Helper()
	now := time.Now()
	return s.mint(Claims{
		Issuer: testIssuer, Subject: string(m), Audience: Audience{testAudience}, IssuedAt: now.Unix(), ExpiresAt: now.Add(time.Hour).Unix(),
		Role: RoleAgency, MaySubmitFor: []domain.AgencyID{ledgertest.Desk(m)},
	})
}

// encrypt seals a detail to the desks of members.
func (s *sealing) encrypt(d sealed.Detail, to ...domain.Country) []byte {
	s.t.Helper()
	var recipients []string
	for _, m := range to {
		recipients = append(recipients, s.keys[m].Recipient())
	}
	out, err := d.Encrypt(recipients...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func sealedPath(hash domain.Hash, m domain.Country) string {
	return fmt.Sprintf("/v1/sealed/%s?agency=%s", hash, ledgertest.Desk(m))
}

func (s *sealing) put(m domain.Country, data []byte) answer {
	s.t.Helper()
	return s.do(http.MethodPut, sealedPath(sha256.Sum256(data), m), s.desk(m), data, "Content-Type", octets)
}

func (s *sealing) fetch(m domain.Country, hash domain.Hash) answer {
	s.t.Helper()
	return s.do(http.MethodGet, sealedPath(hash, m), s.desk(m), nil)
}

func (s *sealing) remove(token string, hash domain.Hash) answer {
	s.t.Helper()
	return s.do(http.MethodDelete, "/v1/sealed/"+hash.String(), token, nil)
}

// act uploads a detail of XA, sealed to members, and posts the event that binds it.
func (s *sealing) act(text string, to ...domain.Country) (ledger.Receipt, sealed.Detail, domain.Hash) {
	s.t.Helper()
	d := sealed.New([]byte(text))
	data := s.encrypt(d, append(to, "XA")...)
	if a := s.put("XA", data); a.status != http.StatusNoContent {
		s.t.Fatalf("upload: %d %s", a.status, a.body)
	}
	item := domain.Sealed{Commitment: d.Commitment(), Ciphertext: sha256.Sum256(data), Size: int64(len(data))}
	for _, m := range to {
		item.ReleasedTo = append(item.ReleasedTo, ledgertest.Desk(m))
	}
	action := ledgertest.Action(1)
	action.Sealed = []domain.Sealed{item}
	return s.c.Must(s.ledger, s.c.Sign("XA", "enforcement.action_taken", action)), d, item.Ciphertext
}

func target(r ledger.Receipt) domain.SealedTarget {
	return domain.SealedTarget{Event: domain.Ref{Index: r.Index, Leaf: r.Leaf}}
}

func (s *sealing) release(r ledger.Receipt, d sealed.Detail, to domain.Country) (ledger.Receipt, domain.Hash) {
	s.t.Helper()
	data := s.encrypt(d, to)
	if a := s.put("XA", data); a.status != http.StatusNoContent {
		s.t.Fatalf("upload: %d %s", a.status, a.body)
	}
	hash := domain.Hash(sha256.Sum256(data))
	return s.c.Must(s.ledger, s.c.Sign("XA", "detail.released", domain.DetailReleased{
		SealedTarget: target(r), Ciphertext: hash, Size: int64(len(data)), ReleasedTo: []domain.AgencyID{ledgertest.Desk(to)},
	})), hash
}

func (s *sealing) erase(r ledger.Receipt) ledger.Receipt {
	s.t.Helper()
	return s.c.Must(s.ledger, s.c.Sign("XA", "detail.erased", domain.DetailErased{SealedTarget: target(r), Reason: "court order"}))
}

func TestSealedDetailReachesItsAudienceAlone(t *testing.T) {
	s := newSealing(t)
	r, d, hash := s.act("The tip came from a clerk.", "XB")
	for _, m := range []domain.Country{"XA", "XB"} {
		a := s.fetch(m, hash)
		if a.status != 200 || a.header.Get("Content-Type") != octets || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %v", m, a.status, a.header)
		}
		if got, err := sealed.Open(a.body, d.Commitment(), s.keys[m]); err != nil || string(got.Text) != "The tip came from a clerk." {
			t.Errorf("%s: opened %q, %v", m, got.Text, err)
		}
	}
	s.problem(s.fetch("XC", hash), 403, "sealed.not_released")
	_, second := s.release(r, d, "XC")
	if got, err := sealed.Open(s.fetch("XC", second).body, d.Commitment(), s.keys["XC"]); err != nil || string(got.Text) != string(d.Text) {
		t.Errorf("after the release: %q, %v", got.Text, err)
	}
	s.problem(s.fetch("XC", hash), 403, "sealed.not_released")   // the first copy was not
	s.problem(s.fetch("XB", second), 403, "sealed.not_released") // nor the second to XB
}

// Whoever was released nothing gets one answer, whether a ciphertext is there
// or not.
func TestStoredAndUnknownLookAlikeToStrangers(t *testing.T) {
	s := newSealing(t)
	_, _, hash := s.act("text")
	one, two := s.fetch("XC", hash), s.fetch("XC", domain.Hash{1})
	a, b := s.problem(one, 403, "sealed.not_released"), s.problem(two, 403, "sealed.not_released")
	a.Instance, b.Instance = "", ""
	if d := cmp.Diff(a, b, cmp.AllowUnexported(Problem{})); d != "" {
		t.Errorf("they differ: %s", d)
	}
	data := s.encrypt(sealed.New([]byte("not bound")), "XC")
	s.put("XB", data)
	s.problem(s.fetch("XB", sha256.Sum256(data)), 403, "sealed.not_released") // no event binds it
}

func TestSealedIsForAgenciesAlone(t *testing.T) {
	s := newSealing(t)
	_, _, hash := s.act("text", "XB")
	for _, role := range []Role{RoleAuditor, RoleCoordinator, RoleOperator} {
		s.problem(s.do("GET", sealedPath(hash, "XB"), s.token(role), nil), 403, "sealed.agencies_only")
		s.problem(s.do("PUT", sealedPath(hash, "XB"), s.token(role), []byte("x"), "Content-Type", octets), 403, "token.role")
	}
	s.problem(s.do("GET", sealedPath(hash, "XB"), s.desk("XC"), nil), 403, "sealed.other_agency")
	s.problem(s.do("PUT", sealedPath(hash, "XB"), s.desk("XC"), []byte("x"), "Content-Type", octets), 403, "sealed.other_agency")
	s.problem(s.do("GET", "/v1/sealed/"+hash.String(), s.desk("XB"), nil), 400, "request.parameter")
	s.problem(s.do("GET", "/v1/sealed/"+hash.String()+"?agency=XB", s.desk("XB"), nil), 400, "request.parameter")
	s.problem(s.do("GET", "/v1/sealed/XYZ?agency=XB/desk", s.desk("XB"), nil), 400, "request.parameter")
	s.problem(s.do("GET", sealedPath(hash, "XB"), "", nil), 401, "token.missing")
}

func TestUploadsAreChecked(t *testing.T) {
	s := newSealing(t)
	data := s.encrypt(sealed.New([]byte("text")), "XA")
	hash := domain.Hash(sha256.Sum256(data))
	for range 2 { // again is safe
		if a := s.put("XA", data); a.status != http.StatusNoContent || len(a.body) != 0 {
			t.Fatalf("got %d %s", a.status, a.body)
		}
	}
	s.problem(s.do("PUT", sealedPath(hash, "XA"), s.desk("XA"), data[1:], "Content-Type", octets), 422, "sealed.hash")
	s.problem(s.do("PUT", sealedPath(hash, "XA"), s.desk("XA"), data), 415, "request.content_type")
	s.problem(s.put("XA", []byte("The tip came from a clerk.")), 422, "sealed.not_encrypted")
	s.problem(s.put("XA", bytes.Repeat([]byte("x"), domain.MaxSealed+1)), 413, "sealed.too_large")
	s.problem(s.put("XA", s.encrypt(sealed.New(make([]byte, 64<<10)), "XA")), 507, "sealed.quota")
	if a := s.put("XB", s.encrypt(sealed.New([]byte("other")), "XB")); a.status != http.StatusNoContent {
		t.Errorf("another agency's quota: %d %s", a.status, a.body)
	}
}

func TestErasedIsGoneAndProofsStay(t *testing.T) {
	s := newSealing(t)
	r, _, hash := s.act("text", "XB")
	s.problem(s.remove(s.desk("XA"), hash), 409, "sealed.not_erased")
	s.problem(s.remove(s.desk("XB"), hash), 403, "sealed.other_agency")
	s.problem(s.remove(s.desk("XB"), domain.Hash{1}), 403, "sealed.other_agency")
	s.problem(s.remove(s.token(RoleOperator), domain.Hash{1}), 404, "sealed.unbound")
	s.problem(s.remove(s.token(RoleAuditor), hash), 403, "token.role")
	before := s.fetch("XB", hash)
	s.erase(r)
	s.problem(s.fetch("XB", hash), 410, "sealed.erased")
	s.problem(s.put("XA", before.body), 410, "sealed.erased")
	for range 2 {
		if a := s.remove(s.desk("XA"), hash); a.status != http.StatusNoContent {
			t.Fatalf("got %d %s", a.status, a.body)
		}
	}
	if a := s.remove(s.token(RoleOperator), hash); a.status != http.StatusNoContent {
		t.Errorf("operator: %d %s", a.status, a.body)
	}
	if a := s.get(fmt.Sprintf("/v1/events/%d/receipt", r.Index)); a.status != 200 || !strings.Contains(string(a.body), "tlog-proof") {
		t.Errorf("the receipt of the event: %d %s", a.status, a.body)
	}
}

// What was lost from the folder is said to its audience, not taken for erased.
func TestMissingIsSaidToItsAudience(t *testing.T) {
	s := newSealing(t)
	_, _, hash := s.act("text", "XB")
	if err := s.server.cfg.Sealed.Erase(hash); err != nil {
		t.Fatal(err)
	}
	s.problem(s.fetch("XB", hash), 404, "sealed.missing")
}

func TestSweepRemovesErasedAndForgotten(t *testing.T) {
	now := time.Now()
	s := newSealing(t, func(c *Config) { c.Clock = func() time.Time { return now } })
	_, _, kept := s.act("kept")
	r, _, gone := s.act("gone")
	forgotten := s.encrypt(sealed.New([]byte("forgotten")), "XA")
	s.put("XA", forgotten)
	s.erase(r)
	if n, err := s.server.SweepSealed(); n != 1 || err != nil {
		t.Errorf("%d went, %v, want the erased one", n, err)
	}
	now = now.Add(48*time.Hour + time.Minute)
	if n, err := s.server.SweepSealed(); n != 1 || err != nil {
		t.Errorf("%d went, %v, want the forgotten one", n, err)
	}
	for hash, want := range map[domain.Hash]bool{kept: true, gone: false, sha256.Sum256(forgotten): false} {
		if _, err := s.server.cfg.Sealed.Get(hash); (err == nil) != want {
			t.Errorf("%s: %v", hash, err)
		}
	}
}

func TestAudienceOfAnEventAtAnIndex(t *testing.T) {
	s := newSealing(t)
	plain := s.c.Must(s.ledger, s.c.Sign("XA", "enforcement.action_taken", ledgertest.Action(2)))
	r, d, first := s.act("text", "XB")
	released, second := s.release(r, d, "XC")
	erased := s.erase(r)
	for _, c := range []struct {
		agency domain.Country
		asOf   uint64
		want   []domain.Hash
	}{
		{"XB", r.Index, []domain.Hash{first}},
		{"XC", r.Index, nil},
		{"XC", released.Index, []domain.Hash{second}},
		{"XA", released.Index, []domain.Hash{first, second}},
		{"XB", erased.Index, nil},
		{"XA", erased.Index, nil},
	} {
		var e event
		s.view(fmt.Sprintf("/v1/events/%d?audience=%s&as_of=%d", r.Index, ledgertest.Desk(c.agency), c.asOf), &e)
		if e.Audience == nil || e.Audience.AsOf != c.asOf || len(e.Audience.Sealed) != 1 || e.Audience.Sealed[0].Commitment != d.Commitment() {
			t.Fatalf("%s as of %d: %+v", c.agency, c.asOf, e.Audience)
		}
		var got []domain.Hash
		for _, copied := range e.Audience.Sealed[0].Copies {
			got = append(got, copied.Ciphertext)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s as of %d (-want +got): %s", c.agency, c.asOf, d)
		}
		var page struct {
			Entries []struct {
				Index  uint64 `json:"index"`
				Sealed int    `json:"sealed"`
			} `json:"entries"`
		}
		s.view(fmt.Sprintf("/v1/events?audience=%s&as_of=%d", ledgertest.Desk(c.agency), c.asOf), &page)
		if (len(page.Entries) == 1) != (len(c.want) > 0) || len(page.Entries) == 1 && (page.Entries[0].Index != r.Index || page.Entries[0].Sealed != 1) {
			t.Errorf("%s as of %d: feed %+v", c.agency, c.asOf, page.Entries)
		}
	}
	var e event
	s.view(fmt.Sprintf("/v1/events/%d?audience=XB/desk", plain.Index), &e)
	if e.Audience == nil || len(e.Audience.Sealed) != 0 {
		t.Errorf("of an event that seals nothing: %+v", e.Audience)
	}
	s.problem(s.get(fmt.Sprintf("/v1/events/%d?audience=XB", r.Index)), 400, "request.parameter")
	s.problem(s.get(fmt.Sprintf("/v1/events/%d?audience=XB/desk&as_of=999", r.Index)), 400, "as_of.beyond_head")
}

func TestOpenedIsSaidFromItsIndex(t *testing.T) {
	s := newSealing(t)
	r, d, _ := s.act("text")
	opened := s.c.Must(s.ledger, s.c.Sign("XA", "detail.opened", domain.DetailOpened{SealedTarget: target(r), Salt: d.Salt, Text: string(d.Text)}))
	for asOf, want := range map[uint64]bool{r.Index: false, opened.Index: true} {
		var e event
		s.view(fmt.Sprintf("/v1/events/%d?audience=XB/desk&as_of=%d", r.Index, asOf), &e)
		if at := e.Audience.Sealed[0].OpenedAt; (at != nil) != want || want && *at != opened.Index {
			t.Errorf("as of %d: opened at %v", asOf, at)
		}
	}
}

func TestWithoutAStoreNothingIsSealed(t *testing.T) {
	f := newFixture(t)
	f.problem(f.do("PUT", sealedPath(domain.Hash{1}, "XA"), f.token(RoleAgency), []byte("x"), "Content-Type", octets), 501, "sealed.no_store")
	f.problem(f.do("GET", sealedPath(domain.Hash{1}, "XA"), f.token(RoleAgency), nil), 501, "sealed.no_store")
	if n, err := f.server.SweepSealed(); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
