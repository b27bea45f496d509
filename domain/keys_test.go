package domain

import "testing"

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
