package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var passphrase = []byte("correct horse battery staple")

func writeKey(t *testing.T, k *PrivateKey) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key.age")
	if err := WriteKeyFile(path, k, passphrase, WorkFactor(10)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestKeyFile(t *testing.T) {
	for _, a := range algorithms {
		k := newKey(t, a)
		path := writeKey(t, k)
		got, err := ReadKeyFile(path, passphrase)
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		if got.Public() != k.Public() {
			t.Errorf("%s: read %v, wrote %v", a, got, k)
		}
		if err := mustSign(t, testHeader(), "{}", got).Verify(k.Public()); err != nil {
			t.Errorf("%s: %v", a, err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(text, []byte(armor.Header)) || bytes.Contains(text, []byte(k.Public().X)) {
			t.Errorf("%s: the file is not encrypted:\n%s", a, text)
		}
	}
}

func TestKeyFileIsNeverReplaced(t *testing.T) {
	k := newKey(t, domain.AlgEd25519)
	path := writeKey(t, k)
	err := WriteKeyFile(path, newKey(t, domain.AlgEd25519), passphrase, WorkFactor(10))
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want fs.ErrExist", err)
	}
	if got, err := ReadKeyFile(path, passphrase); err != nil || got.Public() != k.Public() {
		t.Errorf("the first key is gone: %v %v", got, err)
	}
}

func TestKeyFileMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	path := writeKey(t, newKey(t, domain.AlgEd25519))
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600 (%v)", info.Mode(), err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o644, 0o777} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadKeyFile(path, passphrase); !errors.Is(err, ErrKeyFileMode) {
			t.Errorf("mode %o: got %v, want ErrKeyFileMode", mode, err)
		}
	}
}

func TestKeyFileErrors(t *testing.T) {
	path := writeKey(t, newKey(t, domain.AlgES256))
	for _, wrong := range []string{"correct horse", ""} {
		if _, err := ReadKeyFile(path, []byte(wrong)); !errors.Is(err, ErrPassphrase) {
			t.Errorf("passphrase %q: got %v, want ErrPassphrase", wrong, err)
		}
	}
	if err := WriteKeyFile(path+"2", newKey(t, domain.AlgES256), nil); err == nil {
		t.Error("an empty passphrase is accepted")
	}
	if _, err := ReadKeyFile(path+"3", passphrase); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: got %v", err)
	}
	if _, err := ReadKeyFile(filepath.Dir(path), passphrase); err == nil {
		t.Error("a folder is accepted")
	}
	if err := WriteKeyFile(filepath.Join(path, "x"), newKey(t, domain.AlgES256), passphrase, WorkFactor(10)); err == nil {
		t.Error("written below a file")
	}
}

func TestDamagedKeyFiles(t *testing.T) {
	path := writeKey(t, newKey(t, domain.AlgEd25519))
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"empty":       {nil, "damaged"},
		"text":        {[]byte("hello"), "damaged"},
		"cut":         {good[:len(good)/2], "damaged"},
		"large":       {bytes.Repeat([]byte("A"), maxKeyFile+1), "larger"},
		"recipients":  {encrypt(t, "{}", identity.Recipient()), "recipients"},
		"costly":      {asking(t, maxWorkFactor+1), "too large"},
		"no JWK":      {withPassphrase(t, "hello", 10), "not a private JWK"},
		"no d":        {withPassphrase(t, `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`, 10), "32 bytes"},
		"other kind":  {withPassphrase(t, `{"kty":"RSA","n":"AQAB","d":""}`, 10), "not Ed25519"},
		"d of others": {withPassphrase(t, `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`, 10), "does not belong"},
		"d is zero":   {withPassphrase(t, `{"kty":"EC","crv":"P-256","x":"","y":"","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`, 10), "not one of ES256"},
	} {
		bad := filepath.Join(t.TempDir(), "bad.age")
		if err := os.WriteFile(bad, c.text, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadKeyFile(bad, passphrase)
		if err == nil || errors.Is(err, ErrPassphrase) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func withPassphrase(t *testing.T, plain string, logN int) []byte {
	t.Helper()
	r, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(logN)
	return encrypt(t, plain, r)
}

// asking returns a file whose header asks for a work factor that opening it
// would have to pay before it could tell.
func asking(t *testing.T, logN int) []byte {
	t.Helper()
	plain, err := io.ReadAll(armor.NewReader(bytes.NewReader(withPassphrase(t, "{}", 10))))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := armor.NewWriter(&out)
	costly := bytes.Replace(plain, []byte(" 10\n"), fmt.Appendf(nil, " %d\n", logN), 1)
	if _, err := a.Write(costly); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func encrypt(t *testing.T, plain string, r age.Recipient) []byte {
	t.Helper()
	var out bytes.Buffer
	a := armor.NewWriter(&out)
	w, err := age.Encrypt(a, r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(plain)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), a.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPrintingAKeyHidesIt(t *testing.T) {
	for _, a := range algorithms {
		k := newKey(t, a)
		want := a + " private key " + k.KeyID()
		for _, format := range []string{"%v", "%+v", "%s", "%#v"} {
			if got := fmt.Sprintf(format, k); got != want {
				t.Errorf("%s: got %q, want %q", format, got, want)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	for _, a := range algorithms {
		k := newKey(t, a)
		if err := k.Public().Check(); err != nil || k.Public().Algorithm() != a {
			t.Errorf("%s: public key %+v: %v", a, k.Public(), err)
		}
		proof := k.Possession(domain.Hash{1}, "XA/mof")
		if !k.Public().VerifyPossession(domain.Hash{1}, "XA/mof", proof) {
			t.Errorf("%s: proof of possession %q refused", a, proof)
		}
	}
	if _, err := GenerateKey("RS256"); code(err) != CodeAlg {
		t.Errorf("RS256: got %v", err)
	}
	var empty PrivateKey
	if _, err := empty.Sign(nil); !errors.Is(err, errNoKey) {
		t.Errorf("empty key: got %v", err)
	}
	if err := WriteKeyFile(filepath.Join(t.TempDir(), "k"), &empty, passphrase); !errors.Is(err, errNoKey) {
		t.Errorf("empty key file: got %v", err)
	}
	if got := empty.Possession(domain.Hash{}, "XA/mof"); got != "" {
		t.Errorf("empty key: proof %q", got)
	}
}

func TestAnotherSecretIsKeptAsAKeyIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := WriteSecretFile(path, []byte("AGE-SECRET-KEY-1…"), []byte("pass"), WorkFactor(1)); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadSecretFile(path, []byte("pass")); err != nil || string(got) != "AGE-SECRET-KEY-1…" {
		t.Errorf("read %q, %v", got, err)
	}
	if _, err := ReadSecretFile(path, []byte("word")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("with another passphrase: %v", err)
	}
	if err := WriteSecretFile(path, nil, []byte("pass"), WorkFactor(1)); !errors.Is(err, fs.ErrExist) {
		t.Errorf("written over: %v", err)
	}
	if _, err := ReadKeyFile(path, []byte("pass")); err == nil {
		t.Error("it was taken for a signing key")
	}
}
