package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

const (
	testIssuer   = "https://issuer.example"
	testAudience = "ledger.example"
	testNow      = 1_800_000_000
)

func newKey(t testing.TB, alg string) *seal.PrivateKey {
	t.Helper()
	k, err := seal.GenerateKey(alg)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func testPolicy(t testing.TB, keys ...domain.PublicKey) TokenPolicy {
	t.Helper()
	set, err := NewKeys(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return TokenPolicy{
		Issuer: testIssuer, Audience: testAudience, Keys: set, MaxLifetime: time.Hour,
		Clock: func() time.Time { return time.Unix(testNow, 0) },
	}
}

// signToken signs any header and claims text: vectors are validly signed
// unless the row says otherwise.
func signToken(t testing.TB, k *seal.PrivateKey, head, claims string) string {
	t.Helper()
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(head)) + "." + enc.EncodeToString([]byte(claims))
	sig, err := k.Sign([]byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + enc.EncodeToString(sig)
}

func TestMintVerify(t *testing.T) {
	for _, alg := range []string{"Ed25519", "ES256"} {
		k := newKey(t, alg)
		want := Claims{
			Issuer: testIssuer, Subject: "JP/mof", Audience: Audience{testAudience}, IssuedAt: testNow - 10,
			ExpiresAt: testNow + 600, Role: RoleAgency, MaySubmitFor: []domain.AgencyID{"JP/mof"},
		}
		token, err := Mint(k, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := testPolicy(t, k.Public()).Verify(token)
		if err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		if !got.MaySubmit("JP/mof") || got.MaySubmit("JP/meti") || got.Subject != "JP/mof" {
			t.Fatalf("%s: got %+v", alg, got)
		}
	}
}

func TestMintRefuses(t *testing.T) {
	if _, err := Mint(newKey(t, "ES384"), Claims{Role: RoleAuditor}); err == nil {
		t.Error("minted with ES384")
	}
	if _, err := Mint(newKey(t, "Ed25519"), Claims{Role: "admin"}); err == nil {
		t.Error("minted for role admin")
	}
}

func TestTokenVectors(t *testing.T) {
	ed, ec, stranger := newKey(t, "Ed25519"), newKey(t, "ES256"), newKey(t, "Ed25519")
	policy := testPolicy(t, ed.Public(), ec.Public())
	kid := ed.KeyID()
	goodHead := fmt.Sprintf(`{"alg":"EdDSA","kid":%q,"typ":"at+jwt"}`, kid)
	goodClaims := fmt.Sprintf(`{"iss":%q,"sub":"JP/mof","aud":%q,"iat":%d,"exp":%d,"role":"auditor"}`, testIssuer, testAudience, testNow-10, testNow+600)
	head := func(members string) string {
		return signToken(t, ed, strings.Replace(members, "KID", kid, 1), goodClaims)
	}
	swap := func(old, new string) string {
		claims := strings.Replace(goodClaims, old, new, 1)
		if claims == goodClaims {
			t.Fatalf("%s is not in the claims", old)
		}
		return signToken(t, ed, goodHead, claims)
	}
	extra := func(members string) string { return swap(`"role":"auditor"`, members) }
	good := signToken(t, ed, goodHead, goodClaims)
	if _, err := policy.Verify(good); err != nil {
		t.Fatalf("the token that the vectors vary does not verify: %v", err)
	}
	for _, ok := range []string{
		swap(`"aud":"ledger.example"`, `"aud":["other","ledger.example"]`),
		head(`{"typ":"JWT","kid":"KID","alg":"EdDSA"}`),
		extra(`"role":"agency","may_submit_for":["JP/mof"]`),
	} {
		if _, err := policy.Verify(ok); err != nil {
			t.Fatalf("a valid token was refused: %v", err)
		}
	}
	p := strings.Split(good, ".")
	hmacToken := func() string {
		enc := base64.RawURLEncoding
		signed := enc.EncodeToString([]byte(strings.Replace(goodHead, "EdDSA", "HS256", 1))) + "." + p[1]
		m := hmac.New(sha256.New, []byte(ed.Public().X))
		m.Write([]byte(signed))
		return signed + "." + enc.EncodeToString(m.Sum(nil))
	}
	b64 := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	lastBit := func(part string) string { // the same bytes in another form
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		i := strings.IndexByte(alphabet, part[len(part)-1])
		return part[:len(part)-1] + string(alphabet[i^1])
	}
	n := testNow
	vectors := map[string]string{
		"empty":                        "",
		"one dot":                      ".",
		"only dots":                    strings.Repeat(".", 4000),
		"a megabyte of dots":           strings.Repeat(".", 1<<20),
		"two parts":                    p[0] + "." + p[1],
		"four parts":                   good + "." + p[2],
		"no signature":                 p[0] + "." + p[1] + ".",
		"alg none":                     b64(strings.Replace(goodHead, "EdDSA", "none", 1)) + "." + p[1] + ".",
		"alg nOnE":                     b64(strings.Replace(goodHead, "EdDSA", "nOnE", 1)) + "." + p[1] + ".",
		"alg none with signature":      head(`{"alg":"none","kid":"KID","typ":"at+jwt"}`),
		"HMAC with the public key":     hmacToken(),
		"alg of another key":           head(`{"alg":"ES256","kid":"KID","typ":"at+jwt"}`),
		"alg RS256":                    head(`{"alg":"RS256","kid":"KID","typ":"at+jwt"}`),
		"alg in lowercase":             head(`{"alg":"eddsa","kid":"KID","typ":"at+jwt"}`),
		"alg missing":                  head(`{"kid":"KID","typ":"at+jwt"}`),
		"alg twice":                    head(`{"alg":"none","alg":"EdDSA","kid":"KID","typ":"at+jwt"}`),
		"ALG beside alg":               head(`{"ALG":"none","alg":"EdDSA","kid":"KID","typ":"at+jwt"}`),
		"alg a number":                 head(`{"alg":1,"kid":"KID","typ":"at+jwt"}`),
		"crit unknown":                 head(`{"alg":"EdDSA","kid":"KID","typ":"at+jwt","crit":["x"],"x":1}`),
		"b64 false":                    head(`{"alg":"EdDSA","kid":"KID","typ":"at+jwt","b64":false,"crit":["b64"]}`),
		"jku":                          head(`{"alg":"EdDSA","kid":"KID","typ":"at+jwt","jku":"https://evil.example"}`),
		"jwk":                          head(`{"alg":"EdDSA","kid":"KID","typ":"at+jwt","jwk":{}}`),
		"x5c":                          head(`{"alg":"EdDSA","kid":"KID","typ":"at+jwt","x5c":[]}`),
		"x5u":                          head(`{"alg":"EdDSA","kid":"KID","typ":"at+jwt","x5u":"https://evil.example"}`),
		"cty":                          head(`{"alg":"EdDSA","kid":"KID","typ":"at+jwt","cty":"JWT"}`),
		"typ missing":                  head(`{"alg":"EdDSA","kid":"KID"}`),
		"typ of a proof":               head(`{"alg":"EdDSA","kid":"KID","typ":"dpop+jwt"}`),
		"typ of an event":              head(`{"alg":"EdDSA","kid":"KID","typ":"coalition-event+jws"}`),
		"typ of an id token in case":   head(`{"alg":"EdDSA","kid":"KID","typ":"jwt"}`),
		"kid missing":                  head(`{"alg":"EdDSA","typ":"at+jwt"}`),
		"kid unknown":                  head(`{"alg":"EdDSA","kid":"nobody","typ":"at+jwt"}`),
		"kid a path":                   head(`{"alg":"EdDSA","kid":"../../etc/passwd","typ":"at+jwt"}`),
		"kid of another key":           signToken(t, ed, fmt.Sprintf(`{"alg":"ES256","kid":%q,"typ":"at+jwt"}`, ec.KeyID()), goodClaims),
		"signed by a stranger":         signToken(t, stranger, goodHead, goodClaims),
		"header trailing JSON":         signToken(t, ed, goodHead+"{}", goodClaims),
		"header an array":              signToken(t, ed, `[]`, goodClaims),
		"header not UTF-8":             signToken(t, ed, goodHead[:len(goodHead)-1]+",\"x\":\"\xff\"}", goodClaims),
		"claims trailing JSON":         signToken(t, ed, goodHead, goodClaims+"{}"),
		"claims an array":              signToken(t, ed, goodHead, `[]`),
		"claims null":                  signToken(t, ed, goodHead, `null`),
		"role twice":                   extra(`"role":"auditor","role":"operator"`),
		"ROLE beside role":             extra(`"role":"auditor","ROLE":"operator"`),
		"role in escapes twice":        extra(`"role":"auditor","\u0072ole":"operator"`),
		"role unknown":                 extra(`"role":"admin"`),
		"role missing":                 extra(`"scope":"x"`),
		"role a list":                  extra(`"role":["auditor"]`),
		"unknown claim":                extra(`"role":"auditor","admin":true`),
		"may_submit_for of auditor":    extra(`"role":"auditor","may_submit_for":["JP/mof"]`),
		"may_submit_for no agency":     extra(`"role":"agency","may_submit_for":["*"]`),
		"may_submit_for a string":      extra(`"role":"agency","may_submit_for":"JP/mof"`),
		"expired":                      swap(fmt.Sprintf(`"exp":%d`, n+600), fmt.Sprintf(`"exp":%d`, n-1)),
		"EXP revives exp":              swap(fmt.Sprintf(`"exp":%d`, n+600), fmt.Sprintf(`"exp":%d,"EXP":%d`, n-1, n+600)),
		"exp missing":                  swap(fmt.Sprintf(`"exp":%d,`, n+600), ``),
		"exp a string":                 swap(fmt.Sprintf(`"exp":%d`, n+600), fmt.Sprintf(`"exp":"%d"`, n+600)),
		"exp a fraction":               swap(fmt.Sprintf(`"exp":%d`, n+600), fmt.Sprintf(`"exp":%d.5`, n+600)),
		"exp in ten years":             swap(fmt.Sprintf(`"exp":%d`, n+600), fmt.Sprintf(`"exp":%d`, n+315360000)),
		"exp null":                     swap(fmt.Sprintf(`"exp":%d`, n+600), `"exp":null`),
		"lifetime above an hour":       swap(fmt.Sprintf(`"iat":%d`, n-10), fmt.Sprintf(`"iat":%d`, n-3601)),
		"iat missing":                  swap(fmt.Sprintf(`"iat":%d,`, n-10), ``),
		"iat in the future":            swap(fmt.Sprintf(`"iat":%d`, n-10), fmt.Sprintf(`"iat":%d`, n+60)),
		"iat after exp":                swap(fmt.Sprintf(`"iat":%d`, n-10), fmt.Sprintf(`"iat":%d`, n+601)),
		"iat negative":                 swap(fmt.Sprintf(`"iat":%d`, n-10), `"iat":-1`),
		"nbf in the future":            extra(fmt.Sprintf(`"role":"auditor","nbf":%d`, n+60)),
		"iss wrong":                    swap(testIssuer, testIssuer+"/"),
		"iss missing":                  swap(fmt.Sprintf(`"iss":%q,`, testIssuer), ``),
		"aud wrong":                    swap(testAudience, "other.example"),
		"aud missing":                  swap(fmt.Sprintf(`"aud":%q,`, testAudience), ``),
		"aud empty list":               swap(fmt.Sprintf(`"aud":%q`, testAudience), `"aud":[]`),
		"sub missing":                  swap(`"sub":"JP/mof",`, ``),
		"signature in another form":    p[0] + "." + p[1] + "." + lastBit(p[2]),
		"signature padded":             good + "==",
		"payload padded":               p[0] + "." + p[1] + "==." + p[2],
		"line end in signature":        p[0] + "." + p[1] + "." + p[2][:20] + "\n" + p[2][20:],
		"line end in claims":           p[0] + "." + p[1][:20] + "\n" + p[1][20:] + "." + p[2],
		"space before":                 " " + good,
		"space after":                  good + " ",
		"over 8 KB":                    extra(`"role":"auditor","scope":"` + strings.Repeat("x", 8192) + `"`),
		"claims of another token":      p[0] + "." + strings.Split(swap(`"auditor"`, `"operator"`), ".")[1] + "." + p[2],
		"signature of another token":   p[0] + "." + p[1] + "." + strings.Split(swap(`"auditor"`, `"operator"`), ".")[2],
		"depth bomb":                   signToken(t, ed, goodHead, strings.Repeat("[", 2000)),
		"serialised as flattened JSON": `{"protected":"` + p[0] + `","payload":"` + p[1] + `","signature":"` + p[2] + `"}`,
	}
	if len(vectors) < 40 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for name, token := range vectors {
		claims, err := policy.Verify(token)
		var refused *TokenError
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %+v and %v, want a TokenError", name, claims, err)
		}
	}
	t.Logf("%d vectors refused", len(vectors))
}

func TestTokenAnyChangedByte(t *testing.T) {
	for _, alg := range []string{"Ed25519", "ES256"} {
		k := newKey(t, alg)
		policy := testPolicy(t, k.Public())
		token, err := Mint(k, Claims{
			Issuer: testIssuer, Subject: "a", Audience: Audience{testAudience}, IssuedAt: testNow, ExpiresAt: testNow + 60, Role: RoleAuditor,
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range token {
			for _, c := range []byte{token[i] ^ 1, token[i] ^ 4, 'A', '_', '.', '\n', '=', 0x80} {
				changed := []byte(token)
				if changed[i] == c {
					continue
				}
				changed[i] = c
				if _, err := policy.Verify(string(changed)); err == nil {
					t.Fatalf("%s: byte %d changed from %q to %q still verifies", alg, i, token[i], c)
				}
			}
		}
	}
}

func TestParseKeys(t *testing.T) {
	k := newKey(t, "Ed25519").Public()
	key := fmt.Sprintf(`"kty":"OKP","crv":"Ed25519","x":%q`, k.X)
	for name, set := range map[string]string{
		"empty":            ``,
		"no keys":          `{"keys":[]}`,
		"private":          `{"keys":[{` + key + `,"kid":"a","d":"AAAA"}]}`,
		"no kid":           `{"keys":[{` + key + `}]}`,
		"kid a path":       `{"keys":[{` + key + `,"kid":"../a"}]}`,
		"kid long":         `{"keys":[{` + key + `,"kid":"` + strings.Repeat("a", 65) + `"}]}`,
		"kid twice":        `{"keys":[{` + key + `,"kid":"a"},{` + key + `,"kid":"a"}]}`,
		"wrong alg":        `{"keys":[{` + key + `,"kid":"a","alg":"ES256"}]}`,
		"for encryption":   `{"keys":[{` + key + `,"kid":"a","use":"enc"}]}`,
		"RSA":              `{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}`,
		"symmetric":        `{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}`,
		"off the curve":    `{"keys":[{"kty":"EC","crv":"P-256","x":"` + strings.Repeat("A", 42) + `E","y":"` + strings.Repeat("A", 43) + `","kid":"a"}]}`,
		"duplicate member": `{"keys":[],"keys":[{` + key + `,"kid":"a"}]}`,
		"too large":        `{"keys":[` + strings.Repeat(" ", maxKeySet) + `]}`,
	} {
		if _, err := ParseKeys([]byte(set)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := ParseKeys([]byte(`{"keys":[{` + key + `,"kid":"a","alg":"EdDSA","use":"sig"}]}`)); err != nil {
		t.Errorf("a good set: %v", err)
	}
}

func FuzzToken(f *testing.F) {
	k := newKey(f, "Ed25519")
	policy := testPolicy(f, k.Public())
	f.Add(signToken(f, k, `{"alg":"EdDSA"}`, `{}`))
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := policy.Verify(token); err == nil {
			t.Fatalf("a token that nobody signed verifies: %q", token)
		}
	})
}
