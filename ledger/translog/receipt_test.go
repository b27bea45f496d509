package translog

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestReceiptVerifies(t *testing.T) {
	key := fixedKey(t, testOrigin)
	rapid.Check(t, func(t *rapid.T) {
		receipt, index, tree := drawReceipt(t, key)
		envelope := fmt.Appendf(nil, "envelope %d", index)
		c, at, err := VerifyReceipt(receipt, int64(index), envelope, testOrigin, key.verifier)
		if err != nil || at != uint64(index) || c != (Checkpoint{testOrigin, tree.Size(), tree.Root()}) {
			t.Fatalf("got %+v, %d, %v", c, at, err)
		}
		if _, _, err := VerifyReceipt(receipt, int64(index)+1, envelope, testOrigin, key.verifier); !errors.Is(err, ErrProof) {
			t.Fatalf("other time: got %v, want ErrProof", err)
		}
		if _, _, err := VerifyReceipt(receipt, int64(index), envelope[1:], testOrigin, key.verifier); !errors.Is(err, ErrProof) {
			t.Fatalf("other envelope: got %v, want ErrProof", err)
		}
	})
}

// Every single bit of one receipt, and any byte changed, removed or added in
// others: none verifies.
func TestOneByteChangesAReceipt(t *testing.T) {
	key := fixedKey(t, testOrigin)
	receipt := testReceipt(t, nil)
	verify := func(r []byte, i int) error {
		_, _, err := VerifyReceipt(r, int64(i), fmt.Appendf(nil, "envelope %d", i), testOrigin, key.verifier)
		return err
	}
	if err := verify(receipt, 7); err != nil {
		t.Fatal(err)
	}
	for i := range receipt {
		for bit := range 8 {
			bad := bytes.Clone(receipt)
			bad[i] ^= 1 << bit
			if verify(bad, 7) == nil {
				t.Fatalf("byte %d bit %d: still valid:\n%s", i, bit, bad)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		good, index, _ := drawReceipt(t, key)
		at := rapid.IntRange(0, len(good)-1).Draw(t, "at")
		b := rapid.Byte().Draw(t, "byte")
		bad := bytes.Clone(good)
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			bad[at] = b
		case 1:
			bad = append(bad[:at], bad[at+1:]...)
		case 2:
			bad = append(bad[:at], append([]byte{b}, good[at:]...)...)
		}
		if !bytes.Equal(bad, good) && verify(bad, index) == nil {
			t.Fatalf("still valid:\n%s", bad)
		}
	})
}

func TestReceiptFormIsStrict(t *testing.T) {
	good := string(testReceipt(t, nil))
	r, err := ParseReceipt([]byte(good))
	if err != nil || r.Index != 7 || len(r.Proof) != 5 || r.Extra != nil {
		t.Fatalf("got %+v, %v", r, err)
	}
	hash := encodeHash(testLeaf(1)) + "\n"
	change := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	for name, text := range map[string]string{
		"empty": "", "header": change("@v1", "@v2"), "header only": receiptHeader, "no index": change("index 7\n", ""), "leading zero": change("index 7", "index 07"),
		"index at size": change("index 7", "index 20"), "huge index": change("index 7", "index 18446744073709551615"), "sign": change("index 7", "index +7"),
		"one hash more": change("index 7\n", "index 7\n"+hash), "no hashes": good[:strings.Index(good, "7\n")+2] + good[strings.Index(good, "\n\n")+1:],
		"blank line gone": change("\n\n", "\n"), "empty extra": change("index 7", "extra \nindex 7"), "two extras": change("index 7", "extra QQ==\nextra QQ==\nindex 7"),
		"loose extra": change("index 7", "extra QR==\nindex 7"), "extra late": change("index 7\n", "index 7\nextra QQ==\n"), "only extra": receiptHeader + "\nextra QQ==\n\n",
		"carriage returns": strings.ReplaceAll(good, "\n", "\r\n"), "trailing": good + "x", "no checkpoint": good[:strings.Index(good, "\n\n")+2],
		"too long": good + strings.Repeat("x", maxReceipt),
	} {
		if _, err := ParseReceipt([]byte(text)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
}

// Extra data is read, for other people's programs, and never vouched for.
func TestReceiptExtra(t *testing.T) {
	key := fixedKey(t, testOrigin)
	text := testReceipt(t, []byte("context"))
	r, err := ParseReceipt(text)
	if err != nil || string(r.Extra) != "context" {
		t.Fatalf("got %+v, %v", r, err)
	}
	if _, err := r.Verify(testLeaf(7), testOrigin, key.verifier); !errors.Is(err, ErrMalformed) {
		t.Errorf("got %v, want ErrMalformed", err)
	}
	r.Extra = nil
	if _, err := r.Verify(testLeaf(7), testOrigin, key.verifier); err != nil {
		t.Error(err)
	}
}

func FuzzParseReceipt(f *testing.F) {
	f.Add(testReceipt(f, nil))
	f.Add(testReceipt(f, []byte("extra")))
	f.Add([]byte(receiptHeader + "\nindex 0\n\n\n\n"))
	key := fixedKey(f, testOrigin)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseReceipt(data)
		if err != nil {
			if !errors.Is(err, ErrMalformed) || !cmp.Equal(r, Receipt{}) {
				t.Fatalf("got %+v, %v", r, err)
			}
			return
		}
		if again := NewReceipt(r.Index, r.Proof, r.Checkpoint, r.Extra); !bytes.Equal(again, data) {
			t.Fatalf("written again it differs:\n%s", again)
		}
		if _, err := r.Verify(domain.Hash{}, testOrigin, key.verifier); err == nil {
			t.Fatal("verified a leaf that is in no tree")
		}
	})
}

func FuzzOpenNotes(f *testing.F) {
	key := fixedKey(f, testOrigin)
	refusal, _ := SignRefusal(testRefusal(), key.signer)
	checkpoint := sign(f, newTree(f, 20), key.signer)
	f.Add(refusal)
	f.Add(checkpoint)
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := PeekCheckpoint(data); err == nil && !strings.HasPrefix(string(data), c.text()) {
			t.Fatalf("checkpoint %+v read from %q", c, data)
		}
		if c, err := OpenCheckpoint(data, testOrigin, key.verifier); err == nil && c.Root != naiveRoot(testLeaves(0, 20)) {
			t.Fatal("forged checkpoint")
		}
		if r, err := OpenRefusal(data, testOrigin, key.verifier); err == nil && r != testRefusal() {
			t.Fatal("forged refusal")
		}
	})
}

// The parsers below the signature see what only the log's key could sign.
func FuzzNoteBodies(f *testing.F) {
	key := fixedKey(f, testOrigin)
	refusal, _ := SignRefusal(testRefusal(), key.signer)
	body, _ := splitNote(refusal)
	f.Add(body)
	f.Add(Checkpoint{testOrigin, 1, testLeaf(0)}.text())
	f.Fuzz(func(t *testing.T, body string) {
		if c, err := parseCheckpoint(body); err == nil && c.text() != body {
			t.Fatalf("checkpoint %+v from %q", c, body)
		}
		r, err := parseRefusal(body)
		if err != nil {
			return
		}
		text, err := SignRefusal(r, fixedKey(t, r.Origin).signer)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := splitNote(text); again != body {
			t.Fatalf("refusal %+v from %q", r, body)
		}
	})
}

func FuzzPaths(f *testing.F) {
	f.Add("tile/0/x001/234.p/5")
	f.Add("tile/entries/000")
	tree := newTree(f, 300)
	f.Fuzz(func(t *testing.T, path string) {
		p, err := ParseTilePath(path)
		if err != nil {
			return
		}
		if p.String() != path || p.Width < 1 || p.Width > 256 || p.Level < -1 || p.Level > 63 {
			t.Fatalf("%q: got %+v", path, p)
		}
		if _, err := tree.Tile(p.Level, p.N, p.Width); err != nil && !errors.Is(err, ErrRange) {
			t.Fatal(err)
		}
	})
}

func FuzzBundle(f *testing.F) {
	b, _ := AppendEntry(nil, LeafEntry(5, []byte("envelope")))
	f.Add(b, 1)
	f.Fuzz(func(t *testing.T, data []byte, width int) {
		entries, err := ParseBundle(data, width)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			if at, envelope, err := ParseLeafEntry(e); err == nil && !bytes.Equal(LeafEntry(at, envelope), e) {
				t.Fatalf("leaf entry %q", e)
			}
			if again, err = AppendEntry(again, e); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(again, data) || len(entries) != width {
			t.Fatalf("%d entries, written again %q", len(entries), again)
		}
	})
}
