package domain

import (
	"testing"
	"time"
)

// CheckShape never refuses what Admit admits.
func TestShapeOfAdmitted(t *testing.T) {
	l := listed(t)
	l.given("XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB"))
	l.given("XB/mof", "implementation.declared", `{"member":"XB","regime":"XU-1","mode":"own_act"}`)
	l.given("XA/mof", "designation.amended", `{"designation":"XU:2","measures":["port_entry_ban"],"substantive":true}`)
	l.given("XA/mof", "subject.linked", `{"a":"XU:1","b":"XU:2","relation":"owns","reasons":["registry"]}`)
	l.given("XA/mof", "subject.unlinked", `{"a":"XU:1","b":"XU:2","relation":"owns","reason":"wrong registry"}`)
	act := l.given("XB/mof", "enforcement.action_taken", penalty)
	l.given("XB/mof", "event.corrected", fill(`{"target":$1,"type":"enforcement.action_taken","version":1,"replacement":$2,"reason":"date"}`, act, penalty))
	d := l.given("XC/mof", "event.disputed", fill(`{"target":$1,"grounds":{"text":"no"}}`, act))
	l.given("XC/mof", "dispute.closed", fill(`{"dispute":$1,"outcome":"withdrawn"}`, d))
	l.given("XC/mof", "event.endorsed", fill(`{"target":$1}`, act))
	l.given("XB/mof", "explanation.given", fill(`{"target":$1,"text":{"text":"why"}}`, act))
	l.given("XB/mof", "event.withdrawn", fill(`{"target":$1,"reason":"error"}`, act))
	z := l.given("XB/mof", "asset.frozen", freeze)
	l.given("XB/mof", "asset.unfrozen", fill(unfreezing, z, "40"))
	l.given("XB/mof", "asset.unfrozen", fill(release, z))
	l.given("XA/mof", "designation.removed", `{"designation":"XU:1","reason":"delisted"}`)
	l.given("XC/mof", "agency.suspended", `{"agency":"XC/mof","reason":"theft"}`)
	l.given("XC/root", "agency.reinstated", `{"agency":"XC/mof"}`)
	l.decide("member.suspended", `{"member":"XC","reason":"test"}`)
	l.decide("member.reinstated", `{"member":"XC"}`)
	l.decide("custodian.appointed", `{"regime":"XU-1","custodian":"XB/mof"}`)
	l.decide("benchmark.adopted", `{"id":"b","regime":"XU-1","measure":"transposition_days","days":30,"text":"soon"}`)
	l.adoptSealing()
	a := l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip)))
	l.given("XA/mof", "detail.released", fill(`{"event":$1,"item":0,"ciphertext":"$2","size":420,"released_to":["XB/mof"]}`, a, sum("ciphertext", 3).String()))
	l.given("XA/mof", "detail.opened", fill(`{"event":$1,"item":0,"salt":"$2","text":"$3"}`, a, salt.String(), tip))
	l.given("XA/mof", "detail.erased", fill(`{"event":$1,"item":0,"reason":"court order"}`, a))
	l.given("XB/root", "encryption_key.revoked", fill(`{"recipient":"$1"}`, recipient("XB/mof")))
	for _, f := range l.facts {
		e, r := Decode(f.Header, f.Payload)
		if r == nil {
			r = CheckShape(e, f.Time())
		}
		if r != nil {
			t.Errorf("index %d, %s: %v", f.Index, f.Type, r)
		}
	}
}

// It finds what the payload alone decides, behind what the state decides.
func TestShapeRefuses(t *testing.T) {
	l := newLedger(t)
	for _, c := range []struct{ rule, field, typ, payload string }{
		{"money.currency", "amount.currency", "enforcement.action_taken", `{"occurred_on":"2026-01-04","kind":"penalty","designations":["XU:9"],"amount":{"amount":"1","currency":"EURO"}}`},
		{"occurred_on.future", "occurred_on", "enforcement.action_taken", `{"occurred_on":"2031-01-04","kind":"penalty","regime":"XU-9"}`},
		{"basis.missing", "legal_basis", "enforcement.action_taken", `{"occurred_on":"2026-01-04","kind":"penalty"}`},
		{"country.unknown", "concerning[0]", "enforcement.action_taken", `{"occurred_on":"2026-01-04","kind":"penalty","regime":"XU-9","concerning":["UK"]}`},
		{"identifier.imo_check_digit", "subject.identifiers[0].value", "designation.adopted", `{"designation":"XU:9","regime":"XU-9","authority":"XU","list_ref":"9","subject":{"kind":"vessel","identifiers":[{"scheme":"imo","value":"9187628"}]},"measures":["asset_freeze"]}`},
		{"date.invalid", "notice_on", "designation.transposed", `{"designation":"XU:9","member":"XB","notice_on":"2017-13-01"}`},
		{"measure.unknown", "measures[0]", "regime.adopted", `{"id":"XU-9","name":"N","authority":"XU","custodian":"XA/mof","measures":["freeze"]}`},
		{"key.possession", "proof", "key.registered", fill(`{"agency":"XA/mof","key":$1,"proof":"AA"}`, jwk("k"))},
		{"encryption_key.invalid", "recipient", "encryption_key.registered", `{"agency":"XA/mof","recipient":"age1"}`},
		{"detail.content", "text", "detail.opened", fill(`{"event":{"index":9,"leaf":"$1"},"item":0,"salt":"$1"}`, Hash{1}.String())},
		{"sealed.size", "size", "detail.released", fill(`{"event":{"index":9,"leaf":"$1"},"item":0,"ciphertext":"$1","size":0,"released_to":["XB/mof"]}`, Hash{1}.String())},
		{"root.required", "iss", "agency.registered", `{"agency":"XA/mof","name":"N"}`},
	} {
		issuer := "XA/mof"
		if c.typ == "key.registered" {
			issuer = "XA/root"
		}
		f := l.fact(issuer, c.typ, c.payload)
		e, r := Decode(f.Header, f.Payload)
		if r != nil {
			t.Fatal(c.rule, r)
		}
		r = CheckShape(e, time.Unix(start, 0))
		if r == nil || r.Rule != c.rule || r.Field != c.field {
			t.Errorf("%s: got %v, want %s at %s", c.typ, r, c.rule, c.field)
		}
	}
}
