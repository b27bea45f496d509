package archive_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

type envelopeVector struct {
	Name     string           `json:"name"`
	Envelope string           `json:"envelope"`
	Key      domain.PublicKey `json:"key"`
	Rule     string           `json:"rule"` // that it breaks; "" for a good one
	SHA256   domain.Hash      `json:"sha256"`
}

const vectorHeader = `{"alg":"%s","kid":"%s","typ":"coalition-event+jws","cty":"application/vnd.coalition-ledger.agency.registered.v1+json","iss":"XA/root","led":"` +
	`%s","eid":"01900000-0000-7000-8000-000000000001","iat":1767225600,"exp":1798761600}`

func goodHeader(k *fixedKey) string {
	return fmt.Sprintf(vectorHeader, k.public.Algorithm(), k.public.Thumbprint(), strings.Repeat("ab", 32))
}

// envelope signs any header text.
func (k *fixedKey) envelope(header, payload string) string {
	k.t.Helper()
	signed := b64([]byte(header)) + "." + b64([]byte(payload))
	sig, err := k.Sign([]byte(signed))
	check(k.t, err)
	return signed + "." + b64(sig)
}

func envelopeVectors(t testing.TB) []envelopeVector {
	t.Helper()
	const payload = `{"agency":"XA/mof","name":"Ministry of Finance"}`
	var out []envelopeVector
	add := func(name, text string, key *fixedKey, rule string) {
		t.Helper()
		if got := ruleOf(t, text, key.public); got != rule {
			t.Errorf("envelope %q: got rule %q, want %q", name, got, rule)
		}
		e := seal.Envelope{Raw: []byte(text)}
		out = append(out, envelopeVector{name, text, key.public, rule, e.Hash()})
	}
	ed, other := newFixedKey(t, domain.AlgEd25519, "XA/root"), newFixedKey(t, domain.AlgEd25519, "other")
	for _, alg := range []string{domain.AlgEd25519, domain.AlgES256, domain.AlgES384} {
		k := newFixedKey(t, alg, "good "+alg)
		add("good "+alg, k.envelope(goodHeader(k), payload), k, "")
		add("another payload under "+alg, swapPayload(k.envelope(goodHeader(k), payload), payload+" "), k, seal.CodeSignature)
	}
	good := ed.envelope(goodHeader(ed), payload)
	add("with an anchor", ed.envelope(strings.Replace(goodHeader(ed), `"iat"`, `"anc":"7:`+strings.Repeat("0f", 32)+`","iat"`, 1), payload), ed, "")
	add("members in another order", ed.envelope(reordered(goodHeader(ed)), payload), ed, "")
	add("payload of white space", ed.envelope(goodHeader(ed), " \n "), ed, "")
	add("another key's signature", ed.envelope(goodHeader(ed), payload)[:strings.LastIndex(good, ".")]+other.envelope(goodHeader(ed), payload)[strings.LastIndex(good, "."):], ed, seal.CodeSignature)
	add("another algorithm", good, newFixedKey(t, domain.AlgES256, "good ES256"), seal.CodeAlgMismatch)
	for _, c := range badTexts(good) {
		add(c.name, c.text, ed, c.rule)
	}
	for _, c := range badHeaders {
		text := strings.Replace(goodHeader(ed), c.old, c.new, 1)
		if text == goodHeader(ed) {
			t.Fatalf("header %q: nothing was replaced", c.name)
		}
		add(c.name, ed.envelope(text, payload), ed, c.rule)
	}
	add("payload too long", ed.envelope(goodHeader(ed), strings.Repeat(" ", seal.MaxPayload+1)), ed, seal.CodePayloadSize)
	return out
}

func swapPayload(envelope, payload string) string {
	parts := strings.Split(envelope, ".")
	return parts[0] + "." + b64([]byte(payload)) + "." + parts[2]
}

func reordered(header string) string {
	members := strings.Split(strings.Trim(header, "{}"), ",")
	return "{" + strings.Join(append(members[3:], members[:3]...), ",") + "}"
}

type badText struct{ name, text, rule string }

// badTexts are faults of the compact form itself.
func badTexts(good string) []badText {
	parts := strings.Split(good, ".")
	last := good[len(good)-1]
	loose := string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", last)+1])
	return []badText{
		{"empty", "", seal.CodeSize},
		{"too long", strings.Repeat("A", seal.MaxEnvelope+1), seal.CodeSize},
		{"no header", "." + parts[1] + "." + parts[2], seal.CodeEncoding},
		{"one dot", parts[0] + "." + parts[1], seal.CodeParts},
		{"three dots", good + ".", seal.CodeParts},
		{"padding", good + "=", seal.CodeAlphabet},
		{"line feed at the end", good + "\n", seal.CodeAlphabet},
		{"standard base64", parts[0] + "." + parts[1] + "+." + parts[2], seal.CodeAlphabet},
		{"impossible length", parts[0] + "." + parts[1] + strings.Repeat("A", 5-len(parts[1])%4) + "." + parts[2], seal.CodeBase64},
		{"unused bits set", good[:len(good)-1] + loose, seal.CodeBase64},
		{"no payload", parts[0] + ".." + parts[2], seal.CodePayloadSize},
		{"no signature", parts[0] + "." + parts[1] + ".", seal.CodeSignatureLength},
		{"short signature", good[:len(good)-4], seal.CodeBase64},
		{"signature of 63 bytes", parts[0] + "." + parts[1] + "." + parts[2][:84], seal.CodeSignatureLength},
	}
}

// badHeaders are edits of a good header, and the rule that each breaks.
var badHeaders = []struct{ name, old, new, rule string }{
	{"space between tokens", `"alg":`, `"alg": `, seal.CodeHeaderSpace},
	{"line feed after the object", `}`, "}\n", seal.CodeHeaderSpace},
	{"trailing comma", `}`, `,}`, seal.CodeHeaderJSON},
	{"two objects", `}`, `}{}`, seal.CodeHeaderJSON},
	{"not UTF-8", "XA/root", "XA/\xff", seal.CodeHeaderUTF8},
	{"escaped name", `"alg"`, `"\u0061lg"`, seal.CodeHeaderEscape},
	{"escaped slash", "XA/root", `XA\/root`, seal.CodeHeaderEscape},
	{"name in other case", `"alg"`, `"ALG"`, seal.CodeHeaderCase},
	{"second alg in other case", `"alg":"Ed25519"`, `"alg":"Ed25519","Alg":"none"`, seal.CodeHeaderCase},
	{"jwk", `"kid"`, `"jwk":"x","kid"`, seal.CodeHeaderUnknown},
	{"crit", `"kid"`, `"crit":"b64","kid"`, seal.CodeHeaderUnknown},
	{"alg twice", `"alg":"Ed25519"`, `"alg":"Ed25519","alg":"Ed25519"`, seal.CodeHeaderDuplicate},
	{"no iss", `"iss":"XA/root",`, ``, seal.CodeHeaderMissing},
	{"no led", `"led":"` + abab + `",`, ``, seal.CodeHeaderMissing},
	{"iat in quotes", `1767225600`, `"1767225600"`, seal.CodeHeaderType},
	{"iss a number", `"XA/root"`, `7`, seal.CodeHeaderType},
	{"iat with a fraction", `1767225600`, `1767225600.0`, seal.CodeHeaderNumber},
	{"iat with a leading zero", `1767225600`, `01767225600`, seal.CodeHeaderNumber},
	{"alg none", `"Ed25519"`, `"none"`, seal.CodeAlg},
	{"alg EdDSA", `"Ed25519"`, `"EdDSA"`, seal.CodeAlg},
	{"kid is no thumbprint", `"kid":"`, `"kid":"x`, seal.CodeKeyID},
	{"other typ", `coalition-event+jws`, `JWT`, seal.CodeMediaType},
	{"cty without a version", `.v1+json`, `+json`, seal.CodeContentType},
	{"cty of version 0", `.v1+json`, `.v0+json`, seal.CodeContentType},
	{"cty of genesis with led", `agency.registered`, `coalition.founded`, seal.CodeLedgerPresent},
	{"no such country", `XA/root`, `ZQ/root`, seal.CodeIssuer},
	{"iss without a name", `XA/root`, `XA/`, seal.CodeIssuer},
	{"led in upper case", abab, strings.ToUpper(abab), seal.CodeLedger},
	{"eid in upper case", `01900000-0000-7000-8000-000000000001`, `01900000-0000-7000-8000-00000000000A`, seal.CodeEventID},
	{"nil eid", `01900000-0000-7000-8000-000000000001`, `00000000-0000-0000-0000-000000000000`, seal.CodeEventID},
	{"exp not after iat", `1798761600`, `1767225600`, seal.CodeExpiry},
	{"anchor of size 0", `"iat"`, `"anc":"0:` + abab + `","iat"`, seal.CodeAnchor},
	{"anchor without a root", `"iat"`, `"anc":"7","iat"`, seal.CodeAnchor},
}

const abab = "abababababababababababababababababababababababababababababababab"

type leafVector struct {
	Name       string      `json:"name"`
	RecordedAt int64       `json:"recorded_at"`    // microseconds since 1970, UTC
	Envelope   string      `json:"envelope"`       // or what stands in its place
	Data       string      `json:"data,omitempty"` // of a record that is no envelope, base64url
	Meta       string      `json:"meta,omitempty"` // beside it, base64url
	Entry      string      `json:"entry_hex"`      // what the leaf commits to
	Leaf       domain.Hash `json:"leaf_hash"`      // RFC 6962
}

func leafVectors(t testing.TB) []leafVector {
	t.Helper()
	ed := newFixedKey(t, domain.AlgEd25519, "XA/root")
	add := func(name string, at int64, raw, data, meta []byte) leafVector {
		entry := translog.LeafEntry(at, raw)
		return leafVector{name, at, string(raw), b64(data), b64(meta), hex.EncodeToString(entry), translog.LeafHash(at, raw)}
	}
	envelope := []byte(ed.envelope(goodHeader(ed), `{"agency":"XA/mof","name":"Ministry of Finance"}`))
	data, long := []byte("not an event"), []byte(strings.Repeat("x", 49_200))
	return []leafVector{
		add("an envelope", 1_767_225_600_000_000, envelope, nil, nil),
		add("the same, a microsecond later", 1_767_225_600_000_001, envelope, nil, nil),
		add("recorded at 0", 0, envelope, nil, nil),
		add("a record that is no envelope", 0, seal.Foreign(data, []byte(`{"x":1}`)), data, []byte(`{"x":1}`)),
		add("a long record that is no envelope", 0, seal.Foreign(long, nil), long, nil),
	}
}

func std64(h domain.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }
