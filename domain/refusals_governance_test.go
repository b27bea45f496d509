package domain

import (
	"fmt"
	"strings"
)

// founding attempts a genesis event on an empty ledger.
func founding(payload string, change ...func(*Fact)) func(*ledger, string) {
	return func(l *ledger, rule string) {
		newLedger(l.t).expect(rule, "XA/root", "coalition.founded", payload, change...)
	}
}

func governanceRefusals() []refusal {
	good := genesis(founder("XA", 1))
	return []refusal{
		{"rules.unknown_version", founding(strings.Replace(good, `"rules":1`, `"rules":5`, 1))},
		{"rules.unknown_version", decidedFirst("rules.adopted", `{"version":5}`)},
		{"genesis.nonce", founding(strings.Replace(good, "0123456789abcdef", "", 1))},
		{"genesis.nonce", founding(strings.Replace(good, "0123456789abcdef", "zzzzzzzzzzzzzzzz", 1))},
		{"genesis.signer", founding(good, signedBy("XB/root"))},
		{"genesis.signer", founding(genesis())},
		{"genesis.missing", func(l *ledger, rule string) {
			if _, r := GenesisKey(Event{Body: MemberAccepted{}}); r == nil || r.Rule != rule {
				l.t.Errorf("got %v, want %s", r, rule)
			}
		}},
		{"value.missing", founding(strings.Replace(good, `"name":"Test",`, "", 1))},
		{"member.duplicate", founding(genesis(founder("XA", 1), founder("XA", 1)))},
		{"member.duplicate", founding(genesis(founder("XA", 1), strings.Replace(founder("XA", 1), `"XA"`, `"XB"`, 1)))},
		{"member.votes", founding(genesis(founder("XA", 2)))},
		{"member.votes", founding(genesis(founder("XA", -1)))},
		{"genesis.no_votes", founding(genesis(founder("XA", 0)))},
		{"member.eu_votes_twice", founding(genesis(founder("XA", 1), founder("EU", 1), founder("FR", 1)))},
		{"key.invalid", founding(genesis(founder("XA", 1), `{"code":"XB","votes":1,"root":{"kty":"OKP","crv":"Ed25519","x":"AA"}}`))},
		{"country.unknown", founding(genesis(founder("XA", 1), founder("UK", 1)))},
		{"root.required", attempt("XA/mof", "agency.registered", `{"agency":"XA/navy","name":"Navy"}`)},
		{"root.required", attempt("XA/mof", "member.accepted", `{}`)},
		{"member.accepted_before", attempt("XA/root", "member.accepted", `{}`)},
		{"agency.duplicate", attempt("XA/root", "agency.registered", `{"agency":"XA/mof","name":"M"}`)},
		{"agency.duplicate", attempt("XA/root", "agency.registered", `{"agency":"XA/root","name":"M"}`)},
		{"agency.invalid", attempt("XA/root", "agency.registered", `{"agency":"XA/Ministry","name":"M"}`)},
		{"agency.invalid", attempt("XA/root", "agency.registered", `{"agency":"XA/a/b","name":"M"}`)},
		{"agency.foreign", attempt("XA/root", "agency.registered", `{"agency":"XB/navy","name":"M"}`)},
		{"agency.unknown", attempt("XA/mof", "agency.suspended", `{"agency":"XA/navy","reason":"break-in"}`)},
		{"agency.foreign", attempt("XA/mof", "agency.suspended", `{"agency":"XB/mof","reason":"break-in"}`)},
		{"agency.root", attempt("XA/mof", "agency.suspended", `{"agency":"XA/root","reason":"break-in"}`)},
		{"agency.not_suspended", attempt("XA/root", "agency.reinstated", `{"agency":"XA/mof"}`)},
		{"proposal.drafts", attempt("XA/root", "proposal.made", proposal())},
		{"proposal.drafts", attempt("XA/root", "proposal.made", proposal(strings.Split(strings.TrimSuffix(strings.Repeat(draft("rules.adopted", `{"version":1}`)+"\n", 65), "\n"), "\n")...))},
		{"proposal.expired", attempt("XA/root", "proposal.made", strings.Replace(proposal(), "2026-01-31", "2026-01-04", 1))},
		{"proposal.not_a_decision", attempt("XA/root", "proposal.made", proposal(draft("asset.frozen", freeze)))},
		{"proposal.not_a_decision", attempt("XA/root", "proposal.made", proposal(draft("proposal.made", proposal(draft("rules.adopted", `{"version":1}`)))))},
		{"type.unknown", attempt("XA/root", "proposal.made", proposal(draft("rule.adopted", `{}`)))},
		{"payload.unknown_member", attempt("XA/root", "proposal.made", proposal(draft("rules.adopted", `{"versions":1}`)))},
		{"proposal.duplicate", about([3]string{"XA/root", "proposal.made", proposal(draft("rules.adopted", `{"version":1}`))},
			"XB/mof", "proposal.made", proposal(draft("rules.adopted", `{"version":1}`)))},
		{"proposal.unknown", about([3]string{"XA/mof", "asset.frozen", freeze}, "XB/root", "proposal.endorsed", `{"proposal":$1}`)},
		{"proposal.endorsed_before", about([3]string{"XA/root", "proposal.made", proposal(draft("rules.adopted", `{"version":1}`))},
			"XA/root", "proposal.endorsed", `{"proposal":$1}`)},
		{"proposal.concerned", about([3]string{"XA/root", "proposal.made", proposal(draft("member.suspended", `{"member":"XC","reason":"r"}`))},
			"XC/root", "proposal.endorsed", `{"proposal":$1}`)},
		{"proposal.expired", func(l *ledger, rule string) {
			p := l.given("XA/root", "proposal.made", proposal(draft("rules.adopted", `{"version":1}`)))
			l.at = start + 40*86400
			l.expect(rule, "XB/root", "proposal.endorsed", `{"proposal":`+p+`}`)
		}},
		{"proposal.expired", func(l *ledger, rule string) {
			l.propose("rules.adopted", `{"version":1}`)
			l.at = start + 40*86400
			l.expect(rule, "XB/root", "rules.adopted", `{"version":1}`)
		}},
		{"proposal.no_vote", func(l *ledger, rule string) {
			l = foundedBy(l.t, founder("XA", 1), founder("EU", 0))
			p := l.given("XA/root", "proposal.made", proposal(draft("rules.adopted", `{"version":1}`)))
			l.expect(rule, "EU/root", "proposal.endorsed", `{"proposal":`+p+`}`)
		}},
		{"root.required", about([3]string{"XA/root", "proposal.made", proposal(draft("rules.adopted", `{"version":1}`))},
			"XB/mof", "proposal.endorsed", `{"proposal":$1}`)},
		{"decision.not_proposed", attempt("XA/root", "rules.adopted", `{"version":1}`)},
		{"decision.enacted_before", func(l *ledger, rule string) {
			l.decide("rules.adopted", `{"version":1}`)
			l.expect(rule, "XB/root", "rules.adopted", `{"version":1}`)
		}},
		{"decision.no_quorum", about([3]string{"XA/root", "proposal.made", proposal(draft("rules.adopted", `{"version":1}`))},
			"XA/root", "rules.adopted", `{"version":1}`)},
		{"member.duplicate", decidedFirst("member.admitted", `{"member":`+strings.Replace(founder("XD", 1), `"XD"`, `"XC"`, 1)+`}`)},
		{"key.duplicate", decidedFirst("member.admitted", `{"member":`+strings.Replace(founder("XB", 1), `"XB"`, `"XD"`, 1)+`}`)},
		{"member.unknown", decidedFirst("member.suspended", `{"member":"XD","reason":"r"}`)},
		{"member.unknown", decidedFirst("member.reinstated", `{"member":"XD"}`)},
		{"key.possession", decidedFirst("member.root_replaced", fill(`{"member":"XC","root":$1,"proof":"$2"}`, jwk("new"), proof("XB/root", "new")))},
		{"country.unknown", decidedFirst("regime.adopted", `{"id":"R","name":"n","authority":"UN","custodian":"XA/mof","measures":["asset_freeze"],"addressees":["UK"]}`)},
		{"agency.unknown", decidedFirst("custodian.appointed", `{"regime":"XU-1","custodian":"XA/navy"}`)},
		{"regime.unknown", decidedFirst("custodian.appointed", `{"regime":"XU-2","custodian":"XA/mof"}`)},
		{"measure.unknown", decidedFirst("regime.adopted", `{"id":"R","name":"n","authority":"UN","custodian":"XA/mof","measures":["freeze"]}`)},
		{"id.invalid", decidedFirst("regime.adopted", `{"id":"a/b","name":"n","authority":"UN","custodian":"XA/mof","measures":["asset_freeze"]}`)},
		{"benchmark.days", decidedFirst("benchmark.adopted", `{"id":"B","regime":"XU-1","measure":"transposition_days","days":0,"text":"t"}`)},
		{"value.missing", decidedFirst("log_key.adopted", `{"log_key":""}`)},
		{"log_key.invalid", decidedByRules2("log_key.adopted", `{"log_key":""}`)},
		{"log_key.invalid", decidedByRules2("log_key.adopted", `{"log_key":"`+logKey("other.example/ledger", 1)+`"}`)},
		{"log_key.invalid", decidedByRules2("log_key.adopted", `{"log_key":"`+logKey("test.example/ledger", 6)+`"}`)},
		{"log_key.invalid", decidedByRules2("log_key.adopted", `{"log_key":"`+logKey("test.example/ledger", 1)+`="}`)},
		{"log_key.invalid", decidedByRules2("log_key.adopted", `{"log_key":"test.example/ledger+00000000+AA"}`, func(l *ledger) {
			l.decide("log_key.adopted", `{"log_key":"`+logKey("test.example/ledger", 1)+`"}`)
		})},
		{"log_key.in_force", decidedByRules2("log_key.adopted", `{"log_key":"test.example/ledger+00000000+AA"}`)},
	}
}

func keyRefusals() []refusal {
	register := func(agency, key, of string) string {
		return fmt.Sprintf(`{"agency":%q,"key":%s,"proof":%q}`, agency, jwk(key), of)
	}
	revoke := func(key string) string { return fill(`{"key_id":"$1"}`, pub(key).Thumbprint()) }
	return []refusal{
		{"key.duplicate", attempt("XA/root", "key.registered", register("XA/mof", "XA/mof", proof("XA/mof", "XA/mof")))},
		{"key.duplicate", attempt("XA/root", "key.registered", register("XA/mof", "XB/mof", proof("XA/mof", "XB/mof")))},
		{"key.possession", attempt("XA/root", "key.registered", register("XA/mof", "new", ""))},
		{"key.possession", attempt("XA/root", "key.registered", register("XA/mof", "new", proof("XA/mof", "other")))},
		{"key.possession", attempt("XA/root", "key.registered", register("XA/mof", "new", proof("XB/mof", "new")))},
		{"key.possession", attempt("XA/root", "key.registered", register("XA/mof", "new", proof("XA/mof", "new")+"="))},
		{"key.possession", attempt("XA/root", "key.registered", register("XA/mof", "new", "\\n"+proof("XA/mof", "new")))},
		{"key.root", attempt("XA/root", "key.registered", register("XA/root", "new", proof("XA/root", "new")))},
		{"key.possession", attempt("XA/mof", "key.rotated", fill(`{"key":$1,"proof":"$2"}`, jwk("new"), proof("XA/root", "new")))},
		{"key.duplicate", attempt("XA/mof", "key.rotated", fill(`{"key":$1,"proof":"$2"}`, jwk("XA/mof"), proof("XA/mof", "XA/mof")))},
		{"key.invalid", attempt("XA/mof", "key.rotated", `{"key":{"kty":"RSA","crv":"","x":""},"proof":""}`)},
		{"agency.unknown", attempt("XA/root", "key.registered", register("XA/navy", "new", proof("XA/navy", "new")))},
		{"agency.foreign", attempt("XA/root", "key.registered", register("XB/mof", "new", proof("XB/mof", "new")))},
		{"root.required", attempt("XA/mof", "key.registered", register("XA/mof", "new", proof("XA/mof", "new")))},
		{"value.unknown", attempt("XA/root", "key.registered", strings.Replace(register("XA/mof", "new", proof("XA/mof", "new")), `"key"`, `"purpose":"party","key"`, 1))},
		{"key.unknown", attempt("XA/root", "key.revoked", revoke("nobody"))},
		{"key.root", attempt("XA/root", "key.revoked", revoke("XA/root"))},
		{"key.foreign", attempt("XA/root", "key.revoked", revoke("XB/mof"))},
		{"key.foreign", attempt("XA/root", "key.revoked", revoke("XB/root"))},
		{"key.foreign", attempt("XB/mof", "key.revoked", revoke("XA/mof"))},
		{"key.root", attempt("XA/mof", "key.revoked", revoke("XA/root"))},
		{"key.revoked", func(l *ledger, rule string) {
			l.given("XA/mof", "key.revoked", revoke("XA/mof"))
			l.expect(rule, "XA/root", "key.revoked", revoke("XA/mof"))
		}},
		{"key.revoked", func(l *ledger, rule string) { // nothing is added
			l.decide("rules.adopted", `{"version":2}`)
			l.given("XA/mof", "key.revoked", strings.Replace(revoke("XA/mof"), `{`, `{"compromised_since":"2026-01-03",`, 1))
			l.expect(rule, "XA/root", "key.revoked", revoke("XA/mof"))
			l.expect(rule, "XA/root", "key.revoked", strings.Replace(revoke("XA/mof"), `{`, `{"compromised_since":"2026-01-03",`, 1))
			l.expect(rule, "XA/root", "key.revoked", strings.Replace(revoke("XA/mof"), `{`, `{"compromised_since":"2026-01-04",`, 1))
		}},
		{"key.foreign", func(l *ledger, rule string) {
			l.decide("rules.adopted", `{"version":2}`)
			l.given("XA/mof", "key.revoked", revoke("XA/mof"))
			l.expect(rule, "XB/root", "key.revoked", strings.Replace(revoke("XA/mof"), `{`, `{"compromised_since":"2026-01-03",`, 1))
		}},
		{"date.invalid", attempt("XA/mof", "key.revoked", strings.Replace(revoke("XA/mof"), `{`, `{"compromised_since":"yesterday",`, 1))},
		{"repudiation.range", attempt("XA/mof", "events.repudiated", `{"agency":"XA/mof","from_index":3,"to_index":2,"reason":"r"}`)},
		{"repudiation.range", attempt("XA/mof", "events.repudiated", `{"agency":"XA/mof","from_index":3,"to_index":999,"reason":"r"}`)},
		{"repudiation.foreign", attempt("XA/mof", "events.repudiated", `{"agency":"XA/root","from_index":2,"to_index":3,"reason":"r"}`)},
		{"agency.foreign", attempt("XA/root", "events.repudiated", `{"agency":"XB/mof","from_index":2,"to_index":3,"reason":"r"}`)},
		{"repudiation.key", attempt("XA/mof", "events.repudiated", fill(`{"agency":"XA/mof","key_id":"$1","from_index":2,"to_index":3,"reason":"r"}`, pub("XB/mof").Thumbprint()))},
	}
}
