package sealed

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func newKey(t testing.TB) *Key {
	t.Helper()
	k, err := GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func encrypt(t testing.TB, d Detail, to ...*Key) []byte {
	t.Helper()
	var recipients []string
	for _, k := range to {
		recipients = append(recipients, k.Recipient())
	}
	out, err := d.Encrypt(recipients...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEachRecipientOpensAndNobodyElse(t *testing.T) {
	a, b, stranger := newKey(t), newKey(t), newKey(t)
	d := New([]byte("The tip came from a clerk."))
	sealed := encrypt(t, d, a, b)
	for _, k := range []*Key{a, b} {
		got, err := Open(sealed, d.Commitment(), k)
		if err != nil || !bytes.Equal(got.Text, d.Text) || got.Salt != d.Salt {
			t.Errorf("opened %q, %v", got.Text, err)
		}
	}
	if _, err := Open(sealed, d.Commitment(), stranger); !errors.Is(err, ErrNotForKey) {
		t.Errorf("a stranger: %v", err)
	}
	if bytes.Contains(sealed, d.Text) || bytes.Contains(sealed, d.Salt[:]) {
		t.Error("the ciphertext shows what is sealed")
	}
}

// A release is a new ciphertext of the same commitment.
func TestReleaseKeepsTheCommitment(t *testing.T) {
	a, b := newKey(t), newKey(t)
	d := New([]byte("embargoed"))
	opened, err := Open(encrypt(t, d, a), d.Commitment(), a)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Open(encrypt(t, opened, b), d.Commitment(), b); err != nil || string(got.Text) != "embargoed" {
		t.Errorf("opened %q, %v", got.Text, err)
	}
}

func TestSameTextTwiceLooksUnlike(t *testing.T) {
	k := newKey(t)
	one, two := New([]byte("same")), New([]byte("same"))
	if one.Commitment() == two.Commitment() || bytes.Equal(encrypt(t, one, k), encrypt(t, one, k)) {
		t.Error("who knows one can tell the other")
	}
}

func TestAnotherTextThanCommittedIsFound(t *testing.T) {
	k := newKey(t)
	d := New([]byte("what was recorded"))
	other := Detail{Salt: d.Salt, Text: []byte("what was delivered")}
	if _, err := Open(encrypt(t, other, k), d.Commitment(), k); !errors.Is(err, ErrCommitment) {
		t.Errorf("got %v", err)
	}
}

func TestDamageIsFound(t *testing.T) {
	k := newKey(t)
	d := New([]byte("text"))
	sealed := encrypt(t, d, k)
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := Open(bad, d.Commitment(), k); err == nil {
			t.Errorf("byte %d of %d may be changed", i, len(sealed))
		}
	}
	for n := range len(sealed) {
		if _, err := Open(sealed[:n], d.Commitment(), k); err == nil {
			t.Errorf("the first %d of %d bytes open", n, len(sealed))
		}
	}
}

// Texts of 0 to 216 bytes give ciphertexts of one size, and no size tells more
// than a sixteenth of the length.
func TestSizeHidesTheLength(t *testing.T) {
	k := newKey(t)
	short, long := encrypt(t, New(nil), k), encrypt(t, New(make([]byte, 216)), k)
	if len(short) != len(long) {
		t.Errorf("sizes %d and %d", len(short), len(long))
	}
	for n := headerSize; n < 1<<20; n += 97 {
		if r := rounded(n); r < n || r-n >= max(step, n/8) || r%step != 0 {
			t.Fatalf("%d bytes are rounded to %d", n, r)
		}
	}
}

func TestRecipientsCountShowsAndTheirKeysDoNot(t *testing.T) {
	a, b := newKey(t), newKey(t)
	sealed := encrypt(t, New([]byte("x")), a, b)
	head, _, _ := strings.Cut(string(sealed), "\n---")
	if n := strings.Count(head, "-> X25519 "); n != 2 {
		t.Errorf("the header shows %d recipients, want 2", n)
	}
	for _, k := range []*Key{a, b} {
		if strings.Contains(string(sealed), k.Recipient()) {
			t.Error("the header names a recipient")
		}
	}
}

func TestTooLargeADetailIsRefused(t *testing.T) {
	k := newKey(t)
	if _, err := New(make([]byte, domain.MaxSealed)).Encrypt(k.Recipient()); err == nil || !strings.Contains(err.Error(), "split it") {
		t.Errorf("got %v", err)
	}
	if _, err := New(nil).Encrypt(); err == nil {
		t.Error("sealed to nobody")
	}
	if _, err := New(nil).Encrypt("age1no"); err == nil {
		t.Error("sealed to no key")
	}
}

func TestKeysAreReadBack(t *testing.T) {
	k := newKey(t)
	for _, text := range []string{k.Secret(), "# created: today\n" + k.Secret() + "\n"} {
		if got, err := ParseKey([]byte(text)); err != nil || got.Recipient() != k.Recipient() {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", k.Recipient(), k.Secret() + "\n" + k.Secret()} {
		if _, err := ParseKey([]byte(text)); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}

// What an age file of another program holds is not taken for sealed detail.
func TestOtherPlaintextsAreRefused(t *testing.T) {
	k := newKey(t)
	d := New([]byte("text"))
	for _, plain := range [][]byte{nil, d.Text, d.plaintext()[:headerSize], append(d.plaintext(), 0), append(d.plaintext()[:step-1], 1)} {
		var out bytes.Buffer
		w, err := age.Encrypt(&out, k.identity.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(plain); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(out.Bytes(), d.Commitment(), k); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes: %v", len(plain), err)
		}
	}
}

// A plaintext that is read has one form.
func FuzzParse(f *testing.F) {
	f.Add(New([]byte("text")).plaintext())
	f.Add(make([]byte, headerSize))
	f.Fuzz(func(t *testing.T, plain []byte) {
		if d, err := parse(plain); err == nil && !bytes.Equal(d.plaintext(), plain) {
			t.Errorf("two plaintexts of one detail")
		}
	})
}
