package domain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		typ, _, _ := strings.Cut(filepath.Base(file), ".v")
		f.Add(typ, text)
	}
	f.Add("asset.frozen", []byte(`{"amount":{"amount":"1e999999999","currency":"EUR"}}`))
	f.Add("event.corrected", []byte(`{"type":"event.corrected","version":1,"replacement":{}}`))
	f.Add("proposal.made", []byte(`{"drafts":[{"type":"member.admitted","version":1,"payload":null}]}`))
	f.Add("", []byte(nil))
}

// Decoding never panics and lets in no text that could be read in two ways.
// What was decoded, Admit judges and Apply records, on an empty state and on
// one at work or stopped, without a panic and without moving by more than one.
func FuzzDecode(f *testing.F) {
	seeds(f)
	l := listed(f)
	at := l.given("XA/mof", "asset.frozen", freeze)
	l.given("XA/mof", "asset.unfrozen", fill(unfreezing, at, "1"))
	l.adoptSealing()
	l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip, "XB/mof")))
	l.adoptRules()
	l.given("XA/mof", "case.opened", caseOpening)
	l.given("XA/mof", "obligation.defined", obligation)
	l.given("XA/mof", "court.ruled", strings.Replace(ruling, "XB", "XA", 1))
	pending := l.s.Fork()
	pending.Skip(pending.Next(), Hash{1})
	f.Fuzz(func(t *testing.T, typ string, payload []byte) {
		Decode(Header{Type: typ, Version: 2}, payload)
		e, r := Decode(Header{Type: typ, Version: 1}, payload)
		if r != nil {
			if r.Rule == "" || r.Message == "" || e.Body != nil {
				t.Fatalf("refusal %+v with body %v", r, e.Body)
			}
		} else if !utf8.Valid(payload) {
			t.Fatal("invalid UTF-8 was decoded")
		}
		for _, s := range []*State{NewState(), l.s.Fork(), pending.Fork()} {
			for _, iss := range []string{"XA/mof", "XA/root"} {
				fact := l.fact(iss, typ, string(payload))
				fact.Index = s.Next()
				Admit(s, fact)
				next := s.Next()
				s.Apply(fact)
				if s.Next() != next+1 {
					t.Fatalf("next index %d after %d", s.Next(), next)
				}
			}
		}
	})
}
