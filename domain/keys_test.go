package domain

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"testing"
)

func TestKeyRevokesItselfAndANewOneWorks(t *testing.T) {
	l := listed(t)
	at := l.s.Next()
	l.given("XA/mof", "key.revoked", fill(`{"key_id":"$1","compromised_since":"2026-01-03"}`, pub("XA/mof").Thumbprint()))
	l.expect("key.revoked", "XA/mof", "asset.frozen", freeze)
	l.given("XA/root", "key.registered", fill(`{"agency":"XA/mof","key":$1,"proof":"$2"}`, jwk("new"), proof("XA/mof", "new")))
	l.given("XA/mof", "events.repudiated", fill(`{"agency":"XA/mof","key_id":"$1","from_index":3,"to_index":9,"reason":"intruder"}`, pub("XA/mof").Thumbprint()), signedBy("new"))
	l.given("XA/mof", "asset.frozen", freeze, signedBy("new"))
	k, _ := l.s.Key(pub("XA/mof").Thumbprint())
	if k.RevokedAt != at || k.CompromisedSince != "2026-01-03" {
		t.Errorf("the old key is revoked at %d since %q, want %d since 2026-01-03", k.RevokedAt, k.CompromisedSince, at)
	}
	l.expect("key.duplicate", "XA/root", "key.registered", fill(`{"agency":"XA/mof","key":$1,"proof":"$2"}`, jwk("XA/mof"), proof("XA/mof", "XA/mof")))
}

func TestRotationEndsTheOldKey(t *testing.T) {
	l := listed(t)
	l.given("XA/mof", "key.rotated", fill(`{"key":$1,"proof":"$2"}`, jwk("new"), proof("XA/mof", "new")))
	l.expect("key.revoked", "XA/mof", "asset.frozen", freeze)
	l.expect("", "XA/mof", "asset.frozen", freeze, signedBy("new"))
	l.expect("key.foreign_issuer", "XB/mof", "asset.frozen", freeze, signedBy("new"))
}

func TestRotatedRootIsTheRoot(t *testing.T) {
	l := listed(t)
	l.given("XA/root", "key.rotated", fill(`{"key":$1,"proof":"$2"}`, jwk("new"), proof("XA/root", "new")))
	const navy = `{"agency":"XA/navy","name":"Navy"}`
	l.expect("key.revoked", "XA/root", "agency.registered", navy)
	l.expect("", "XA/root", "agency.registered", navy, signedBy("new"))
	l.expect("key.root", "XA/root", "key.revoked", fill(`{"key_id":"$1"}`, pub("new").Thumbprint()), signedBy("new"))
}

// A thief of a root key is shut out by its replacement, whatever he did before.
func TestReplacedRootSpeaksNoMore(t *testing.T) {
	l := listed(t)
	before := l.s.Members()
	l.decide("member.root_replaced", fill(`{"member":"XC","root":$1,"proof":"$2","compromised_since":"2026"}`, jwk("new"), proof("XC/root", "new")))
	const navy = `{"agency":"XC/navy","name":"Navy"}`
	l.expect("key.revoked", "XC/root", "agency.registered", navy)
	l.expect("", "XC/root", "agency.registered", navy, signedBy("new"))
	active := 0
	for _, k := range l.s.Keys("XC") {
		if k.Agency.IsRoot() && k.RevokedAt == 0 {
			active++
		}
	}
	after := l.s.Members()
	if active != 1 || after[2].Since != before[2].Since || !after[2].Accepted {
		t.Errorf("%d active root keys, member %+v, want one and a membership as old as before", active, after[2])
	}
}

func TestReturningMemberStartsWithItsNewRootKeyAlone(t *testing.T) {
	l := listed(t)
	l.given("XC/root", "member.withdrew", `{}`)
	back := `{"member":{"code":"XC","votes":1,"root":` + jwk("new") + `}}`
	l.decide("member.admitted", back)
	l.given("XC/root", "member.accepted", `{}`, signedBy("new"))
	l.expect("key.revoked", "XC/root", "member.withdrew", `{}`)
	l.expect("key.revoked", "XC/mof", "asset.frozen", freeze)
	l.expect("", "XC/root", "member.withdrew", `{}`, signedBy("new"))
}

func TestSuspendedAgencyReturnsByItsRoot(t *testing.T) {
	l := listed(t)
	l.agency("XA/navy")
	l.given("XA/navy", "agency.suspended", `{"agency":"XA/mof","reason":"night shift saw a break-in"}`)
	l.expect("agency.suspended", "XA/mof", "asset.frozen", freeze)
	l.expect("root.required", "XA/navy", "agency.reinstated", `{"agency":"XA/mof"}`)
	l.given("XA/root", "agency.reinstated", `{"agency":"XA/mof"}`)
	l.expect("", "XA/mof", "asset.frozen", freeze)
}

// A theft is found out after the key was changed: the root key says so then.
func TestAKeyThatHasEndedCanBeCalledCompromised(t *testing.T) {
	l := listed(t)
	old := pub("XA/mof").Thumbprint()
	l.given("XA/mof", "key.rotated", fill(`{"key":$1,"proof":"$2"}`, jwk("new"), proof("XA/mof", "new")))
	at := l.s.Next() - 1
	since := func(day string) string { return fill(`{"key_id":"$1","compromised_since":"$2"}`, old, day) }
	l.expect("key.revoked", "XA/root", "key.revoked", since("2026-01-03")) // by version 1 of the rules
	l.decide("rules.adopted", `{"version":2}`)
	l.expect("key.foreign", "XA/mof", "key.revoked", since("2026-01-03"), signedBy("new"))
	l.given("XA/root", "key.revoked", since("2026-01-03"))
	l.given("XA/root", "key.revoked", since("2025-12"))
	k, _ := l.s.Key(old)
	if k.RevokedAt != at || k.CompromisedSince != "2025-12" {
		t.Errorf("the key is revoked at %d since %q, want %d since 2025-12", k.RevokedAt, k.CompromisedSince, at)
	}
}

func TestTheLogKeyChangesByQuorum(t *testing.T) {
	l := listed(t)
	l.decide("log_key.adopted", `{"log_key":"any text"}`) // version 1 of the rules
	l.decide("rules.adopted", `{"version":2}`)
	next := logKey("test.example/ledger", 1)
	l.expect("decision.not_proposed", "XA/root", "log_key.adopted", `{"log_key":"`+next+`"}`)
	l.decide("log_key.adopted", `{"log_key":"`+next+`"}`)
	if l.s.LogKey() != next {
		t.Errorf("the log key is %s, want %s", l.s.LogKey(), next)
	}
}

// logKey is a verifier key in note format; alg 1 is Ed25519.
func logKey(name string, alg byte) string {
	key := append([]byte{alg}, private("log").Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	return fmt.Sprintf("%s+%x+%s", name, sum[:4], base64.StdEncoding.EncodeToString(key))
}

// decidedByRules2 attempts a payload that a quorum has endorsed, where version 2
// of the rules is in force and what is given has happened.
func decidedByRules2(typ, payload string, given ...func(*ledger)) func(*ledger, string) {
	return func(l *ledger, rule string) {
		l.decide("rules.adopted", `{"version":2}`)
		for _, g := range given {
			g(l)
		}
		decidedFirst(typ, payload)(l, rule)
	}
}
