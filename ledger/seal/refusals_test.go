package seal

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// rawEnvelope signs any header text, as a sender with a careless library would.
func rawEnvelope(t testing.TB, k *PrivateKey, header, payload string) string {
	t.Helper()
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(payload))
	sig, err := k.Sign([]byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + enc.EncodeToString(sig)
}

// badHeaders are edits, old text to new, of a good header, and the code.
var badHeaders = []struct{ name, old, new, code string }{
	{"leading space", `{"alg"`, ` {"alg"`, CodeHeaderSpace},
	{"space in object", `{"alg"`, `{ "alg"`, CodeHeaderSpace},
	{"space before colon", `"alg":`, `"alg" :`, CodeHeaderSpace},
	{"space after colon", `"alg":`, `"alg": `, CodeHeaderSpace},
	{"space before number", `"iat":`, `"iat": `, CodeHeaderSpace},
	{"space after number", `000,`, `000 ,`, CodeHeaderSpace},
	{"space after comma", `,"kid"`, `, "kid"`, CodeHeaderSpace},
	{"line feed at the end", `}`, "}\n", CodeHeaderSpace},
	{"line feed before the brace", `}`, "\n}", CodeHeaderSpace},
	{"byte order mark", `{"alg"`, "\ufeff{\"alg\"", CodeHeaderJSON},
	{"comment", `{"alg"`, `{/**/"alg"`, CodeHeaderJSON},
	{"trailing comma", `}`, `,}`, CodeHeaderJSON},
	{"two commas", `,"kid"`, `,,"kid"`, CodeHeaderJSON},
	{"no comma", `,"kid"`, `"kid"`, CodeHeaderJSON},
	{"no colon", `"alg":`, `"alg"`, CodeHeaderJSON},
	{"unclosed", `}`, ``, CodeHeaderJSON},
	{"trailing data", `}`, `}{}`, CodeHeaderJSON},
	{"array", `{"alg"`, `[{"alg"`, CodeHeaderJSON},
	{"open string", `"exp":1770086400}`, `"exp`, CodeHeaderJSON},
	{"single quotes", `"alg":`, `'alg':`, CodeHeaderJSON},
	{"no value", `"Ed25519"`, ``, CodeHeaderJSON},
	{"control character", `XA/mof`, "XA/\x01mof", CodeHeaderJSON},
	{"NUL in a name", `"iss"`, "\"iss\x00\"", CodeHeaderJSON},
	{"not UTF-8 in a value", `XA/mof`, "XA/\xff", CodeHeaderUTF8},
	{"not UTF-8 in a name", `"iss"`, "\"is\xc0\xb3\"", CodeHeaderUTF8},
	{"surrogate", `XA/mof`, "XA/\xed\xa0\x80", CodeHeaderUTF8},
	{"escaped name", `"alg"`, `"\u0061lg"`, CodeHeaderEscape},
	{"escaped slash", `XA/mof`, `XA\/mof`, CodeHeaderEscape},
	{"escaped quote", `XA/mof`, `XA/\"mof`, CodeHeaderEscape},
	{"other case", `"alg"`, `"ALG"`, CodeHeaderCase},
	{"other case beside", `"alg":"Ed25519"`, `"alg":"Ed25519","Alg":"none"`, CodeHeaderCase},
	{"one letter in other case", `"led"`, `"lEd"`, CodeHeaderCase},
	{"unknown", `"anc"`, `"foo"`, CodeHeaderUnknown},
	{"empty name", `"anc"`, `""`, CodeHeaderUnknown},
	{"name from beyond ASCII", `"iss"`, `"iſs"`, CodeHeaderUnknown},
	{"jwk", `{"alg"`, `{"jwk":{},"alg"`, CodeHeaderUnknown},
	{"jku", `{"alg"`, `{"jku":"https://x.invalid/","alg"`, CodeHeaderUnknown},
	{"x5c", `{"alg"`, `{"x5c":[],"alg"`, CodeHeaderUnknown},
	{"crit", `{"alg"`, `{"crit":["b64"],"alg"`, CodeHeaderUnknown},
	{"b64", `{"alg"`, `{"b64":false,"alg"`, CodeHeaderUnknown},
	{"duplicate", `"alg":"Ed25519"`, `"alg":"Ed25519","alg":"Ed25519"`, CodeHeaderDuplicate},
	{"duplicate of an empty one", `"anc":`, `"anc":"","anc":`, CodeHeaderDuplicate},
	{"duplicate number", `"iat":1770000000`, `"iat":1770000000,"iat":1770000000`, CodeHeaderDuplicate},
	{"no alg", `"alg":"Ed25519",`, ``, CodeHeaderMissing},
	{"no typ", `"typ":"coalition-event+jws",`, ``, CodeHeaderMissing},
	{"no iat", `"iat":1770000000,`, ``, CodeHeaderMissing},
	{"no exp", `,"exp":1770086400`, ``, CodeHeaderMissing},
	{"no led", `"led"`, `"xled"`, CodeHeaderUnknown},
	{"null", `"Ed25519"`, `null`, CodeHeaderType},
	{"array for a string", `"Ed25519"`, `["Ed25519"]`, CodeHeaderType},
	{"object for a string", `"Ed25519"`, `{}`, CodeHeaderType},
	{"number for a string", `"Ed25519"`, `25519`, CodeHeaderType},
	{"string for a number", `1770000000`, `"1770000000"`, CodeHeaderType},
	{"null for a number", `1770000000`, `null`, CodeHeaderType},
	{"true for a number", `1770000000`, `true`, CodeHeaderType},
	{"fraction", `1770000000`, `1770000000.0`, CodeHeaderNumber},
	{"exponent", `1770000000`, `177e7`, CodeHeaderNumber},
	{"upper exponent", `1770000000`, `177E7`, CodeHeaderNumber},
	{"negative", `1770000000`, `-1`, CodeHeaderNumber},
	{"minus zero", `1770000000`, `-0`, CodeHeaderNumber},
	{"leading zero", `1770000000`, `01770000000`, CodeHeaderNumber},
	{"too large", `1770086400`, `9999999999999`, CodeHeaderNumber},
	{"hexadecimal", `1770000000`, `0x10`, CodeHeaderNumber},
	{"alg none", `"Ed25519"`, `"none"`, CodeAlg},
	{"alg in other case", `"Ed25519"`, `"ed25519"`, CodeAlg},
	{"alg EdDSA", `"Ed25519"`, `"EdDSA"`, CodeAlg},
	{"alg HS256", `"Ed25519"`, `"HS256"`, CodeAlg},
	{"kid in standard base64", `KID`, strings.Repeat("+", 42) + "8", CodeKeyID},
	{"kid too short", `KID`, "abc", CodeKeyID},
	{"kid with unused bits", `KID`, strings.Repeat("A", 42) + "B", CodeKeyID},
	{"typ JWT", `coalition-event+jws`, `JWT`, CodeMediaType},
	{"typ in other case", `coalition-event+jws`, `Coalition-Event+JWS`, CodeMediaType},
	{"typ with application", `coalition-event+jws`, `application/coalition-event+jws`, CodeMediaType},
	{"cty without suffix", `.v1+json`, `.v1`, CodeContentType},
	{"cty without version", `.v1+json`, `+json`, CodeContentType},
	{"cty version 0", `.v1+json`, `.v0+json`, CodeContentType},
	{"cty version 01", `.v1+json`, `.v01+json`, CodeContentType},
	{"cty version +1", `.v1+json`, `.v+1+json`, CodeContentType},
	{"cty of others", `vnd.coalition-ledger`, `vnd.other`, CodeContentType},
	{"cty parameter", `.v1+json`, `.v1+json;x=y`, CodeContentType},
	{"cty type in capitals", `designation.adopted`, `Designation.adopted`, CodeContentType},
	{"cty type of one word", `designation.adopted`, `designation`, CodeContentType},
	{"cty type with empty word", `designation.adopted`, `designation..adopted`, CodeContentType},
	{"cty type ends in a dot", `designation.adopted`, `designation.`, CodeContentType},
	{"iss without name", `XA/mof`, `XA`, CodeIssuer},
	{"iss of no member", `XA/mof`, `xx/mof`, CodeIssuer},
	{"iss empty", `XA/mof`, ``, CodeIssuer},
	{"led in capitals", `"led":"ab`, `"led":"AB`, CodeLedger},
	{"led short", `"led":"ab`, `"led":"`, CodeLedger},
	{"led zero", `"led":"LED"`, `"led":"` + strings.Repeat("0", 64) + `"`, CodeLedger},
	{"led in genesis", `designation.adopted`, `coalition.founded`, CodeLedgerPresent},
	{"eid in capitals", `7abc`, `7ABC`, CodeEventID},
	{"eid nil", `EID`, `00000000-0000-0000-0000-000000000000`, CodeEventID},
	{"eid as URN", `EID`, `urn:uuid:0197f3a2-1111-7abc-8def-000000000001`, CodeEventID},
	{"eid without hyphens", `EID`, `0197f3a211117abc8def000000000001`, CodeEventID},
	{"eid with moved hyphen", `EID`, `0197f3a-21111-7abc-8def-000000000001`, CodeEventID},
	{"exp is iat", `1770086400`, `1770000000`, CodeExpiry},
	{"exp zero", `1770086400`, `0`, CodeExpiry},
	{"anc empty", `ANC`, ``, CodeAnchor},
	{"anc size zero", `"anc":"42`, `"anc":"0`, CodeAnchor},
	{"anc leading zero", `"anc":"42`, `"anc":"042`, CodeAnchor},
	{"anc plus", `"anc":"42`, `"anc":"+42`, CodeAnchor},
	{"anc without root", `ANC`, `42`, CodeAnchor},
	{"anc short root", `ANC`, `42:0f`, CodeAnchor},
	{"anc with more", `"anc":"`, `"anc":"1:`, CodeAnchor},
	{"header too large", `XA/mof`, strings.Repeat("A", MaxHeader), CodeHeaderSize},
}

func TestRefusedHeaders(t *testing.T) {
	k := newKey(t, domain.AlgEd25519)
	good := mustSign(t, testHeader(), testPayload, k)
	header := string(good.Protected)
	h := good.Header
	places := strings.NewReplacer("KID", h.KeyID, "EID", h.EventID, "ANC", h.Anchor, "LED", h.Ledger.String())
	for _, c := range badHeaders {
		bad := strings.Replace(header, places.Replace(c.old), c.new, 1)
		if c.old == "}" {
			bad = strings.TrimSuffix(header, "}") + c.new
		}
		if bad == header {
			t.Errorf("%s: %q is not in the header", c.name, c.old)
			continue
		}
		checkRefused(t, c.name, rawEnvelope(t, k, bad, testPayload), c.code)
	}
	if _, err := Parse([]byte(rawEnvelope(t, k, header, testPayload))); err != nil {
		t.Errorf("the header before the edits: %v", err)
	}
}

func checkRefused(t *testing.T, name, raw, want string) {
	t.Helper()
	e, err := Parse([]byte(raw))
	if e != nil || code(err) != want {
		t.Errorf("%s: got %v, want %s", name, err, want)
		return
	}
	var refusal *Error
	if !errors.As(err, &refusal) || len(refusal.Message) < 20 || strings.Contains(refusal.Message, "%!") {
		t.Errorf("%s: message %q", name, err)
	}
}

func TestRefusedBytes(t *testing.T) {
	k := newKey(t, domain.AlgEd25519)
	good := string(mustSign(t, testHeader(), testPayload, k).Raw)
	parts := strings.Split(good, ".")
	join := func(p ...string) string { return strings.Join(p, ".") }
	short := base64.RawURLEncoding.EncodeToString(make([]byte, 63))
	long := base64.RawURLEncoding.EncodeToString(make([]byte, 96))
	last := parts[2][:len(parts[2])-1] + string("BRhx"[strings.IndexByte("AQgw", parts[2][len(parts[2])-1])])
	for _, c := range []struct{ name, raw, code string }{
		{"nothing", "", CodeSize},
		{"no dots", strings.ReplaceAll(good, ".", ""), CodeParts},
		{"one dot", join(parts[0], parts[1]), CodeParts},
		{"three dots", good + ".", CodeParts},
		{"JWE", join("A", "A", "A", "A", "A"), CodeParts},
		{"JSON serialization", `{"payload":"","signatures":[]}`, CodeAlphabet},
		{"line feed at the end", good + "\n", CodeAlphabet},
		{"carriage return", good + "\r\n", CodeAlphabet},
		{"line feed within", parts[0] + "\n." + parts[1] + "." + parts[2], CodeAlphabet},
		{"space", " " + good, CodeAlphabet},
		{"padding", good + "==", CodeAlphabet},
		{"plus", join(parts[0], "+w", parts[2]), CodeAlphabet},
		{"slash", join(parts[0], "/w", parts[2]), CodeAlphabet},
		{"percent", join(parts[0], "%2B", parts[2]), CodeAlphabet},
		{"NUL", good + "\x00", CodeAlphabet},
		{"beyond ASCII", good + "é", CodeAlphabet},
		{"length of one", join(parts[0], "A", parts[2]), CodeBase64},
		{"unused bits in the payload", join(parts[0], "AB", parts[2]), CodeBase64},
		{"unused bits in the header", join("e31", parts[1], parts[2]), CodeBase64},
		{"unused bits in the signature", join(parts[0], parts[1], last), CodeBase64},
		{"empty payload", join(parts[0], "", parts[2]), CodePayloadSize},
		{"empty header", join("", parts[1], parts[2]), CodeEncoding},
		{"empty object", join("e30", parts[1], parts[2]), CodeHeaderJSON},
		{"empty signature", join(parts[0], parts[1], ""), CodeSignatureLength},
		{"short signature", join(parts[0], parts[1], short), CodeSignatureLength},
		{"long signature", join(parts[0], parts[1], long), CodeSignatureLength},
	} {
		checkRefused(t, c.name, c.raw, c.code)
	}
	if _, err := Parse([]byte(good)); err != nil {
		t.Errorf("the envelope before the edits: %v", err)
	}
}

// The order of members is free; the meaning does not change with it.
func TestMemberOrderIsFree(t *testing.T) {
	k := newKey(t, domain.AlgEd25519)
	good := mustSign(t, testHeader(), testPayload, k)
	inner := strings.Trim(string(good.Protected), "{}")
	members := strings.Split(inner, ",")
	for i := range members {
		turned := strings.Join(append(append([]string{}, members[i:]...), members[:i]...), ",")
		e, err := Parse([]byte(rawEnvelope(t, k, "{"+turned+"}", testPayload)))
		if err != nil || e.Header != good.Header {
			t.Errorf("{%s}: %v", turned, err)
		}
	}
}
