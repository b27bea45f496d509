package seal

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// What Parse accepts is in its one form: it is rebuilt from its parts, and the
// header's meaning written out and read again is the same meaning.
func FuzzParse(f *testing.F) {
	for _, a := range algorithms {
		f.Add(mustSign(f, testHeader(), testPayload, newKey(f, a)).Raw)
	}
	k := newKey(f, domain.AlgEd25519)
	for _, c := range badHeaders {
		f.Add([]byte(rawEnvelope(f, k, c.new, "{}")))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := Parse(raw)
		if err != nil {
			if e != nil || code(err) == "" {
				t.Fatalf("refusal without a code: %v, %v", e, err)
			}
			return
		}
		protected, signature := e.Split()
		if got := Join(protected, e.Payload, signature); !bytes.Equal(got, raw) {
			t.Fatalf("rebuilt as %q, was %q", got, raw)
		}
		if got := base64.RawURLEncoding.EncodeToString(e.Protected); got != protected {
			t.Fatalf("header encodes as %q, was %q", got, protected)
		}
		if h, err := parseHeader(encodeHeader(e.Header)); err != nil || h != e.Header {
			t.Fatalf("header %+v reads again as %+v, %v", e.Header, h, err)
		}
	})
}

// The header reader alone goes deeper than mutated base64 does.
func FuzzHeader(f *testing.F) {
	h := testHeader()
	h.Alg, h.KeyID = domain.AlgEd25519, newKey(f, domain.AlgEd25519).KeyID()
	f.Add(encodeHeader(h))
	f.Fuzz(func(t *testing.T, header []byte) {
		h, err := parseHeader(header)
		if err != nil {
			if code(err) == "" {
				t.Fatalf("refusal without a code: %v", err)
			}
			return
		}
		if len(encodeHeader(h)) != len(header) {
			t.Fatalf("%q has another length than its meaning", header)
		}
		if again, err := parseHeader(encodeHeader(h)); err != nil || again != h {
			t.Fatalf("%+v reads again as %+v, %v", h, again, err)
		}
	})
}
