package watch

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

func TestMatch(t *testing.T) {
	facets := []projections.Facet{
		{Kind: "type", Value: "vessel.inspected", Why: "its type"},
		{Kind: "port", Value: "Busan", Why: "named"},
		{Kind: "subject", Value: "9159787", Why: "named"},
		{Kind: "flag", Value: "KP", Why: "named in event 3, which this one is about"},
	}
	for _, c := range []struct {
		watch Watch
		why   string
	}{
		{Watch{"type", "vessel.inspected"}, "its type"},
		{Watch{"type", "vessel.*"}, "its type"},
		{Watch{"type", "vessel"}, ""},
		{Watch{"port", "BUSAN"}, "named"},
		{Watch{"subject", "9159787"}, "named"},
		{Watch{"subject", "Busan"}, ""},
		{Watch{"flag", "kp"}, ""},
		{Watch{"flag", "KP"}, "named in event 3, which this one is about"},
	} {
		var want []Reason
		if c.why != "" {
			want = []Reason{{c.watch, c.why}}
		}
		if d := cmp.Diff(want, Match(facets, []Watch{c.watch})); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.watch, d)
		}
	}
}

func TestParse(t *testing.T) {
	for given, want := range map[Watch]string{
		{"subject", " IMO 9159787 "}: "9159787", {"subject", "IMO: 9159787"}: "9159787", {"subject", "9159788"}: "", {"subject", "IMO 915978"}: "",
		{"subject", "273312345"}: "", {"subject", "9159787 STAR"}: "", {"subject", "0x8576aCC5C05D6Ce88f4e49bf65BdF0C62F91353C"}: "0x8576aCC5C05D6Ce88f4e49bf65BdF0C62F91353C",
		{"subject", "XX:not-recorded-yet"}: "XX:not-recorded-yet", {"subject", "1234567890"}: "1234567890",
		{"measure", "asset_freeze"}: "asset_freeze", {"measure", "asset_freze"}: "", {"measure", "Asset_Freeze"}: "", {"regime", "UN DPRK"}: "", {"regime", "UN-DPRK"}: "UN-DPRK",
		{"port", "釜山"}: "釜山", {"port", "1234"}: "", {"port", "??"}: "", {"case", "C 1"}: "", {"case", "C-1"}: "C-1", {"flag", "PANAMA"}: "", {"flag", "pa"}: "",
		{"subject", "UN:KPe.001"}: "UN:KPe.001", {"flag", "stateless"}: "stateless",
		{"subject", "imoX"}: "imoX", {"member", "EU"}: "EU", {"type", "case.*"}: "case.*", {"type", "asset.frozen"}: "asset.frozen",
		{"port", "Busan"}: "Busan", {"mood", "x"}: "", {"flag", "none"}: "", {"member", "UK"}: "", {"type", "c*"}: "",
		{"type", "*"}: "", {"case", ""}: "", {"case", "a\nb"}: "", {"case", strings.Repeat("x", 201)}: "",
	} {
		got, err := Parse(given)
		if (err == nil) != (want != "") || err == nil && got.Value != want {
			t.Errorf("%+v: got %q, %v; want %q", given, got.Value, err, want)
		}
	}
}

type logKey struct {
	note.Signer
	note.Verifier
}

func newLogKey(t *testing.T, origin string) logKey {
	t.Helper()
	skey, vkey, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return logKey{signer, verifier}
}

func TestAChangedByteDoesNotVerify(t *testing.T) {
	key, other := newLogKey(t, "ledger.example"), newLogKey(t, "ledger.example")
	keys := []note.Verifier{key.Verifier}
	body, at, h := []byte(`{"index":7}`), time.UnixMicro(1_700_000_000_000_001).UTC(), http.Header{}
	if err := Sign(key.Signer, at, "s-1", body, h); err != nil {
		t.Fatal(err)
	}
	if got, err := Verify(keys, h, "s-1", body); err != nil || !got.Equal(at) {
		t.Fatalf("got %s, %v", got, err)
	}
	if _, err := Verify(append([]note.Verifier{other.Verifier}, keys...), h, "s-1", body); err != nil {
		t.Errorf("with the key before: %v", err)
	}
	for i := range body {
		changed := append([]byte{}, body...)
		changed[i] ^= 1
		if _, err := Verify(keys, h, "s-1", changed); err == nil {
			t.Errorf("byte %d changed: it verifies", i)
		}
	}
	for name, verify := range map[string]func() error{
		"another subscription": func() error { _, err := Verify(keys, h, "s-2", body); return err },
		"another key":          func() error { _, err := Verify([]note.Verifier{other.Verifier}, h, "s-1", body); return err },
		"no headers":           func() error { _, err := Verify(keys, http.Header{}, "s-1", body); return err },
		"another time": func() error {
			late := h.Clone()
			late.Set(HeaderTime, "1700000000000002")
			_, err := Verify(keys, late, "s-1", body)
			return err
		},
	} {
		if verify() == nil {
			t.Errorf("%s: it verifies", name)
		}
	}
}

// What the log signs for a receiver is nothing else that it signs, whatever the
// log is called; and the other way round.
func TestNoticesAreNoOtherSignedText(t *testing.T) {
	for _, origin := range []string{"ledger.example", scheme, "coalition-ledger/refusal/v1", "coalition-ledger/view-digests/v1", "coalition-ledger/peer/v1"} {
		key := newLogKey(t, origin)
		text := string(signedText(5, "5 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", []byte("5")))
		signed, err := note.Sign(&note.Note{Text: text}, key.Signer)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := translog.OpenCheckpoint(signed, origin, key.Verifier); err == nil {
			t.Errorf("of log %s: opens as a checkpoint of size %d", origin, c.Size)
		}
		if _, err := translog.OpenRefusal(signed, origin, key.Verifier); err == nil {
			t.Errorf("of log %s: opens as a refusal", origin)
		}
		if _, err := translog.OpenDigests(signed, origin, key.Verifier); err == nil {
			t.Errorf("of log %s: opens as digests of views", origin)
		}
		lines := strings.Split(text, "\n")
		if lines[0] == "coalition-ledger/peer/v1" || lines[1] != "notice" {
			t.Errorf("%q has a replica's form", text)
		}
		notANotice(t, key, origin)
	}
}

func notANotice(t *testing.T, key logKey, origin string) {
	t.Helper()
	sign := map[string]func() ([]byte, error){
		"checkpoint": func() ([]byte, error) {
			return translog.SignCheckpoint(translog.Checkpoint{Origin: origin, Size: 1}, key.Signer)
		},
		"refusal": func() ([]byte, error) {
			return translog.SignRefusal(translog.Refusal{Origin: origin, Rule: "notice"}, key.Signer)
		},
		"digests": func() ([]byte, error) {
			return translog.SignDigests(translog.Digests{Origin: origin, Size: 1, Views: []translog.ViewDigest{{View: "notice", Version: 1, Sum: domain.Hash{1}}}}, key.Signer)
		},
	}
	for name, f := range sign {
		signed, err := f()
		if err != nil {
			t.Fatal(err)
		}
		n, err := note.Open(signed, note.VerifierList(key.Verifier))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(n.Text, scheme+"\nnotice\n") {
			t.Errorf("a %s of log %s has a notice's form", name, origin)
		}
	}
}

// What is parsed is parsed again to the same.
func FuzzParse(f *testing.F) {
	for _, k := range Kinds() {
		f.Add(k, "IMO 9159787")
		f.Add(k, "case.*")
	}
	f.Fuzz(func(t *testing.T, kind, value string) {
		w, err := Parse(Watch{kind, value})
		if err != nil {
			return
		}
		if again, err := Parse(w); err != nil || again != w {
			t.Fatalf("%+v becomes %+v (%v)", w, again, err)
		}
	})
}
