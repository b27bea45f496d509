package seal

import (
	"bytes"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestWhatWasSplitIsRestored(t *testing.T) {
	e := mustSign(t, testHeader(), testPayload, newKey(t, domain.AlgES384))
	protected, signature := e.Split()
	raw, ok := Restore(protected, e.Payload, signature)
	if !ok || !bytes.Equal(raw, e.Raw) {
		t.Errorf("restored %q, %v", raw, ok)
	}
	for name, parts := range map[string][3]string{
		"no header":          {"", testPayload, signature},
		"no signature":       {protected, testPayload, ""},
		"dot in the header":  {protected + ".", testPayload, signature},
		"line feed":          {protected, testPayload, signature + "\n"},
		"space":              {protected + " ", testPayload, signature},
		"larger than a leaf": {protected, string(make([]byte, MaxEnvelope)), signature},
	} {
		if raw, ok := Restore(parts[0], []byte(parts[1]), parts[2]); ok {
			t.Errorf("%s: restored %q", name, raw)
		}
	}
}

func TestForeignRecordsFitALeafAndAreRefused(t *testing.T) {
	large := bytes.Repeat([]byte{1}, MaxEnvelope)
	longest := bytes.Repeat([]byte{1}, (MaxEnvelope-2)/4*3)
	seen := map[string]int{}
	for i, r := range [][2][]byte{
		{nil, nil},
		{[]byte("a"), nil},
		{nil, []byte("a")},
		{[]byte(`{"x":1}`), []byte(`{"protected":"e30","signature":""}`)},
		{longest, nil},
		{large, nil},
		{nil, large},
		{large, []byte("a")},
		{large[1:], []byte("a")},
	} {
		raw := Foreign(r[0], r[1])
		if len(raw) > MaxEnvelope || !inAlphabet(raw) {
			t.Errorf("record %d: %d bytes, %.40q", i, len(raw), raw)
		}
		if at, ok := seen[string(raw)]; ok {
			t.Errorf("records %d and %d are one leaf", at, i)
		}
		seen[string(raw)] = i
		checkRefused(t, "foreign", string(raw), CodeEncoding)
	}
	if got := string(Foreign([]byte("abc"), []byte("d"))); got != ".YWJj.ZA" {
		t.Errorf("got %s", got)
	}
}
