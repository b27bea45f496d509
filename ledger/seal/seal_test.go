package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var algorithms = []string{domain.AlgEd25519, domain.AlgES256, domain.AlgES384}

const testPayload = `{"designation":"XA-1","note":"illustrative"}`

func testHeader() domain.Header {
	ledger := domain.Hash{0xab, 31: 0xcd}
	return domain.Header{
		Issuer: "XA/mof", EventID: "0197f3a2-1111-7abc-8def-000000000001",
		Type: "designation.adopted", Version: 1, Ledger: ledger,
		IssuedAt: 1770000000, ExpiresAt: 1770086400,
		Anchor: "42:" + strings.Repeat("0f", 32),
	}
}

func newKey(t testing.TB, alg string) *PrivateKey {
	t.Helper()
	k, err := GenerateKey(alg)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func mustSign(t testing.TB, h domain.Header, payload string, k *PrivateKey) *Envelope {
	t.Helper()
	e, err := Sign(h, []byte(payload), k)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestSignParseVerify(t *testing.T) {
	for _, a := range algorithms {
		k := newKey(t, a)
		for name, edit := range map[string]func(*domain.Header){
			"full":      func(*domain.Header) {},
			"no anchor": func(h *domain.Header) { h.Anchor = "" },
			"genesis":   func(h *domain.Header) { h.Type, h.Ledger, h.Anchor = "coalition.founded", domain.Hash{}, "" },
			"version":   func(h *domain.Header) { h.Type, h.Version = "a.b_2.c.v1", 9999 },
		} {
			h := testHeader()
			edit(&h)
			e, err := Parse(mustSign(t, h, testPayload, k).Raw)
			if err != nil {
				t.Fatalf("%s %s: %v", a, name, err)
			}
			h.Alg, h.KeyID = a, k.KeyID()
			if diff := cmp.Diff(h, e.Header); diff != "" {
				t.Errorf("%s %s: header (-want +got)\n%s", a, name, diff)
			}
			if string(e.Payload) != testPayload {
				t.Errorf("%s %s: payload %q", a, name, e.Payload)
			}
			if err := e.Verify(k.Public()); err != nil {
				t.Errorf("%s %s: %v", a, name, err)
			}
		}
	}
}

func TestVerifyIsPinnedToTheKey(t *testing.T) {
	for _, a := range algorithms {
		e := mustSign(t, testHeader(), testPayload, newKey(t, a))
		for _, b := range algorithms {
			want := CodeAlgMismatch
			if a == b {
				want = CodeSignature
			}
			if got := code(e.Verify(newKey(t, b).Public())); got != want {
				t.Errorf("%s envelope, another's %s key: got %q, want %q", a, b, got, want)
			}
		}
		if got := code(e.Verify(domain.PublicKey{})); got != CodeAlgMismatch {
			t.Errorf("%s envelope, no key: got %q", a, got)
		}
	}
}

// Every byte of a valid envelope counts: no other byte in its place passes.
func TestEveryByteCounts(t *testing.T) {
	for _, a := range algorithms {
		k := newKey(t, a)
		h := testHeader()
		good := mustSign(t, h, testPayload, k).Raw
		for i := range good {
			for _, flip := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 'A' ^ 'B', 0xff} {
				bad := bytes.Clone(good)
				bad[i] ^= flip
				e, err := Parse(bad)
				if err == nil {
					err = e.Verify(k.Public())
				}
				if code(err) == "" {
					t.Fatalf("%s: byte %d changed from %q to %q: got %v, want an *Error", a, i, good[i], bad[i], err)
				}
			}
		}
	}
}

func TestEveryOtherLengthIsRefused(t *testing.T) {
	k := newKey(t, domain.AlgEd25519)
	good := mustSign(t, testHeader(), testPayload, k).Raw
	for i := range good {
		if e, err := Parse(good[:i]); err == nil && e.Verify(k.Public()) == nil {
			t.Fatalf("the first %d of %d bytes are accepted", i, len(good))
		}
		if e, err := Parse(good[i+1:]); err == nil && e.Verify(k.Public()) == nil {
			t.Fatalf("the last %d of %d bytes are accepted", len(good)-i-1, len(good))
		}
	}
}

func TestSplitAndJoin(t *testing.T) {
	for _, payload := range []string{"{}", testPayload, strings.Repeat("x", MaxPayload)} {
		e := mustSign(t, testHeader(), payload, newKey(t, domain.AlgES384))
		protected, signature := e.Split()
		if got := Join(protected, e.Payload, signature); !bytes.Equal(got, e.Raw) {
			t.Errorf("payload of %d bytes: rebuilt\n%s\nwant\n%s", len(payload), got, e.Raw)
		}
		if e.Hash().IsZero() {
			t.Error("hash is zero")
		}
	}
	var zero Envelope
	if p, s := zero.Split(); p != "" || s != "" || zero.SameContent(mustSign(t, testHeader(), "{}", newKey(t, domain.AlgEd25519))) {
		t.Error("the zero envelope has content")
	}
}

func TestSameContent(t *testing.T) {
	k := newKey(t, domain.AlgES256)
	a, b := mustSign(t, testHeader(), testPayload, k), mustSign(t, testHeader(), testPayload, k)
	if bytes.Equal(a.Raw, b.Raw) || a.Hash() == b.Hash() {
		t.Error("two ECDSA signatures are equal")
	}
	if !a.SameContent(b) {
		t.Error("same header and payload, SameContent says no")
	}
	if c := mustSign(t, testHeader(), testPayload+" ", k); a.SameContent(c) {
		t.Error("other payload, SameContent says yes")
	}
}

func TestParseKeepsItsOwnBytes(t *testing.T) {
	k := newKey(t, domain.AlgEd25519)
	raw := bytes.Clone(mustSign(t, testHeader(), testPayload, k).Raw)
	e, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	clear(raw)
	if err := e.Verify(k.Public()); err != nil {
		t.Errorf("after the caller's buffer was reused: %v", err)
	}
}

func TestSignRefuses(t *testing.T) {
	k := newKey(t, domain.AlgES256)
	for name, c := range map[string]struct {
		want string
		edit func(*domain.Header)
	}{
		"other alg":       {CodeAlgMismatch, func(h *domain.Header) { h.Alg = domain.AlgEd25519 }},
		"other key":       {CodeKeyID, func(h *domain.Header) { h.KeyID = newKey(t, domain.AlgES256).KeyID() }},
		"injected member": {CodeHeaderUnknown, func(h *domain.Header) { h.Issuer = `XA/mof","jwk":"` }},
		"injected anchor": {CodeHeaderJSON, func(h *domain.Header) {
			h.Anchor = ""
			h.Issuer = domain.AgencyID(`XA/mof","anc":"` + testHeader().Anchor)
		}},
		"no expiry":      {CodeExpiry, func(h *domain.Header) { h.ExpiresAt = 0 }},
		"no ledger":      {CodeHeaderMissing, func(h *domain.Header) { h.Ledger = domain.Hash{} }},
		"led in genesis": {CodeLedgerPresent, func(h *domain.Header) { h.Type = "coalition.founded" }},
		"version zero":   {CodeContentType, func(h *domain.Header) { h.Version = 0 }},
		"negative time":  {CodeHeaderNumber, func(h *domain.Header) { h.IssuedAt = -1 }},
	} {
		h := testHeader()
		c.edit(&h)
		if _, err := Sign(h, []byte("{}"), k); code(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := Sign(testHeader(), nil, k); code(err) != CodePayloadSize {
		t.Errorf("no payload: got %v", err)
	}
	for _, n := range []int{MaxPayload + 1, 2 * MaxEnvelope} {
		_, err := Sign(testHeader(), make([]byte, n), k)
		if code(err) != CodePayloadSize || !strings.Contains(err.Error(), fmt.Sprintf("has %d bytes, allowed are 1 to 40960: keep files beside it", n)) {
			t.Errorf("payload of %d bytes: got %v", n, err)
		}
	}
}

// device is a signer that does what devices do wrong.
type device struct {
	*PrivateKey
	sig []byte
	err error
}

func (d device) Sign([]byte) ([]byte, error) { return d.sig, d.err }

func TestSignChecksTheDevice(t *testing.T) {
	k := newKey(t, domain.AlgES256)
	broken := errors.New("device is gone")
	if _, err := Sign(testHeader(), []byte("{}"), device{k, nil, broken}); !errors.Is(err, broken) {
		t.Errorf("got %v, want the device's error", err)
	}
	if _, err := Sign(testHeader(), []byte("{}"), device{k, make([]byte, 71), nil}); code(err) != CodeSignatureLength {
		t.Errorf("DER: got %v", err)
	}
	if _, err := Sign(testHeader(), []byte("{}"), device{k, make([]byte, 64), nil}); code(err) != CodeSignature {
		t.Errorf("zeros: got %v", err)
	}
}

func TestSizeLimits(t *testing.T) {
	k := newKey(t, domain.AlgES384)
	most := mustSign(t, testHeader(), strings.Repeat("x", MaxPayload), k)
	if len(most.Raw) > MaxEnvelope {
		t.Errorf("the largest payload makes %d bytes, above %d", len(most.Raw), MaxEnvelope)
	}
	long := base64.RawURLEncoding.EncodeToString(make([]byte, MaxPayload+1))
	protected, signature := most.Split()
	if _, err := Parse([]byte(protected + "." + long + "." + signature)); code(err) != CodePayloadSize {
		t.Errorf("payload one byte too long: got %v", err)
	}
	if _, err := Parse(bytes.Repeat([]byte{'A'}, MaxEnvelope+1)); code(err) != CodeSize {
		t.Errorf("envelope one byte too long: got %v", err)
	}
	if _, err := Parse(bytes.Repeat([]byte{'A'}, MaxEnvelope)); code(err) != CodeParts {
		t.Errorf("envelope of the largest size: got %v", err)
	}
}
