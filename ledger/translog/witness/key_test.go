package witness

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

// renamed is the same public key under another name.
func renamed(t testing.TB, vkey string) string {
	t.Helper()
	v, err := NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return verifier("other.example", v.key[:]).String()
}

// weak is a key of small order, under which one signature fits many texts.
func weak() string {
	point := make(ed25519.PublicKey, ed25519.PublicKeySize)
	point[0] = 1
	return verifier("w.example", point).String()
}

func TestACosignatureHoldsForItsTextTimeAndKeyAlone(t *testing.T) {
	log, w := newLog(t), testKey(t, "w.example")
	text, _, err := translog.SplitNote(log.grow(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	line := w.Cosign(text, 1772366400)
	v := w.Verifier()
	if at, ok := v.when(text, line.Signature); !ok || at != 1772366400 {
		t.Fatalf("got %d, %v", at, ok)
	}
	later := append([]byte(nil), line.Signature...)
	later[7]++
	negative := append([]byte(nil), line.Signature...)
	negative[0] |= 0x80
	for name, ok := range map[string]bool{
		"another text":    v.Verify([]byte(strings.Replace(text, "3", "4", 1)), line.Signature),
		"another time":    v.Verify([]byte(text), later),
		"a negative time": v.Verify([]byte(text), negative),
		"cut short":       v.Verify([]byte(text), line.Signature[:71]),
		"another key":     testKey(t, "w.example").Verifier().Verify([]byte(text), line.Signature),
	} {
		if ok {
			t.Errorf("%s verifies", name)
		}
	}
}

func TestKeysAreReadInOneFormAndKeptApartFromLogKeys(t *testing.T) {
	skey, vkey, err := GenerateKey("w.example/1")
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewVerifier(vkey)
	if err != nil || v.String() != vkey || v.Name() != "w.example/1" || !strings.Contains(vkey, fmt.Sprintf("+%08x+B", v.KeyHash())) {
		t.Fatalf("%v: %s, %v", v, vkey, err)
	}
	if _, err := note.NewSigner(skey); err == nil {
		t.Error("a witness's key can sign for a log")
	}
	if _, _, err := GenerateKey("w example"); !errors.Is(err, translog.ErrMalformed) {
		t.Errorf("got %v", err)
	}
	logKey, _, err := translog.GenerateLogKey("w.example/1")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.SplitN(skey, "+", 5) // base64 has plus signs too
	wrongHash := strings.Join([]string{parts[0], parts[1], parts[2], "00000000", parts[4]}, "+")
	short := strings.Join([]string{parts[0], parts[1], parts[2], parts[3], base64.StdEncoding.EncodeToString([]byte{4, 1, 2})}, "+")
	for bad, want := range map[string]string{"": "secret key", vkey: "secret key", logKey: "another type", skey + "\n": "secret key", wrongHash: "damaged", short: "another type", "PRIVATE+KEY+a b+0+BA": "secret key"} {
		if _, err := NewSigner(bad); !errors.Is(err, translog.ErrMalformed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: got %v, want %s", bad, err, want)
		}
	}
}
