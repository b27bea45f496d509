package domain

import "strings"

func listRefusals() []refusal {
	declare := func(iss, rest string) func(*ledger, string) {
		return attempt(iss, "implementation.declared", `{"regime":"XU-1",`+rest+`}`)
	}
	adopt := func(old, by string) func(*ledger, string) {
		return attempt("XA/mof", "designation.adopted", strings.ReplaceAll(fill(adoption, "XU:3"), old, by))
	}
	remove := `{"designation":"XU:1","reason":"deceased"}`
	link := `{"a":"XU:1","b":"XU:2","relation":"same_as","reasons":["same ship"]}`
	return []refusal{
		{"authority.not_custodian", declare("XB/mof", `"member":"XA","mode":"own_act"`)},
		{"regime.unknown", attempt("XA/mof", "implementation.declared", `{"regime":"XU-9","member":"XA","mode":"own_act"}`)},
		{"implementation.not_eu", declare("XA/mof", `"member":"CH","mode":"through_eu"`)},
		{"value.unknown", declare("XA/mof", `"member":"XA","mode":"partly"`)},
		{"value.unknown", declare("XA/mof", `"member":"XA","mode":"own_act","kinds":["ship"]`)},
		{"measure.unknown", declare("XA/mof", `"member":"XA","mode":"own_act","measures":["asset_freeze","x"]`)},
		{"date.invalid", declare("XA/mof", `"member":"XA","mode":"own_act","valid_from":"2026-02-30"`)},
		{"illustrative.real_state", declare("XA/mof", `"member":"JP","mode":"own_act","illustrative":true`)},
		{"designation.duplicate", attempt("XA/mof", "designation.adopted", fill(adoption, "XU:1"))},
		{"authority.not_custodian", attempt("XB/mof", "designation.adopted", fill(adoption, "XU:3"))},
		{"designation.authority", adopt(`"authority":"XU"`, `"authority":"XA"`)},
		{"regime.unknown", adopt("XU-1", "XU-9")},
		{"id.invalid", adopt(`"designation":"XU:3"`, `"designation":"XU 3"`)},
		{"id.invalid", adopt(`"designation":"XU:3"`, `"designation":".."`)},
		{"designation.unknown", adopt(`"measures"`, `"basis":"XU:9","measures"`)},
		{"date.invalid", adopt(`"measures"`, `"amended_on":["2026-01-01","x"],"measures"`)},
		{"value.missing", adopt(`"measures"`, `"amended_on":[""],"measures"`)},
		{"value.missing", adopt(`["asset_freeze"]`, `[]`)},
		{"designation.unknown", attempt("XA/mof", "designation.amended", `{"designation":"XU:9","substantive":true}`)},
		{"authority.not_custodian", attempt("XB/mof", "designation.amended", `{"designation":"XU:1","substantive":true}`)},
		{"designation.unknown", attempt("XA/mof", "designation.transposed", fill(transposal, "XU:9", "XA"))},
		{"designation.removed", about([3]string{"XA/mof", "designation.removed", remove}, "XA/mof", "designation.removed", remove)},
		{"designation.removed", about([3]string{"XA/mof", "designation.removed", remove}, "XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB"))},
		{"transposition.duplicate", about([3]string{"XA/mof", "designation.transposed", fill(transposal, "XU:1", "XB")}, "XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB"))},
		{"authority.not_custodian", attempt("XB/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))},
		{"value.missing", attempt("XB/mof", "designation.transposed", `{"designation":"XU:1","member":"XB"}`)},
		{"country.unknown", attempt("XA/mof", "designation.transposed", fill(transposal, "XU:1", "UK"))},
		{"link.self", attempt("XB/mof", "subject.linked", `{"a":"XU:1","b":"XU:1","relation":"same_as","reasons":["r"]}`)},
		{"link.duplicate", about([3]string{"XB/mof", "subject.linked", link}, "XC/mof", "subject.linked", `{"a":"XU:2","b":"XU:1","relation":"same_as","reasons":["same ship"]}`)},
		{"link.unknown", attempt("XB/mof", "subject.unlinked", `{"a":"XU:1","b":"XU:2","relation":"same_as","reason":"r"}`)},
		{"designation.unknown", attempt("XB/mof", "subject.linked", `{"a":"XU:1","b":"XU:9","relation":"same_as","reasons":["r"]}`)},
	}
}

func valueRefusals() []refusal {
	with := func(rest string) func(*ledger, string) {
		return attempt("XA/mof", "enforcement.action_taken", strings.Replace(penalty, "{", "{"+rest+",", 1))
	}
	respondent := func(s string) func(*ledger, string) { return with(`"respondent":{` + s + `}`) }
	return []refusal{
		{"occurred_on.future", attempt("XA/mof", "enforcement.action_taken", strings.Replace(penalty, "2026-01-04", "2026-01-07", 1))},
		{"occurred_on.future", attempt("XA/mof", "enforcement.action_taken", strings.Replace(penalty, "2026-01-04", "2027", 1))},
		{"value.missing", attempt("XA/mof", "enforcement.action_taken", strings.Replace(penalty, "2026-01-04", "", 1))},
		{"date.invalid", with(`"published_on":"05.01.2026"`)},
		{"value.unknown", with(`"handling":"TLP:WHITE"`)},
		{"value.unknown", with(`"confidence":"sure"`)},
		{"source_ref.incomplete", with(`"source_ref":{"system":"","id":"7"}`)},
		{"legal_basis.incomplete", with(`"legal_basis":[{"instrument":"Act"},{"instrument":""}]`)},
		{"evidence.held_by", with(`"evidence":[{"sha256":"` + Hash{}.String() + `","held_by":"the ministry"}]`)},
		{"illustrative.real_state", with(`"illustrative":true,"concerning":["XX","PA"]`)},
		{"illustrative.real_state", func(l *ledger, rule string) {
			l = foundedBy(l.t, founder("XA", 1), founder("JP", 1))
			l.agency("JP/mof")
			l.expect(rule, "JP/mof", "asset.frozen", `{"occurred_on":"2026-01-04","illustrative":true,"asset_kind":"account","legal_basis":[{"instrument":"Act"}]}`)
		}},
		{"country.unknown", with(`"concerning":["UK"]`)},
		{"subject.kind", respondent(`"kind":"ship","names":[{"text":"n"}]`)},
		{"subject.anonymous", respondent(`"kind":"vessel"`)},
		{"subject.name_empty", respondent(`"kind":"vessel","names":[{"text":""}]`)},
		{"identifier.incomplete", respondent(`"kind":"vessel","identifiers":[{"scheme":"imo","value":""}]`)},
		{"identifier.imo_check_digit", respondent(`"kind":"vessel","identifiers":[{"scheme":"imo","value":"9074720"}]`)},
		{"country.unknown", respondent(`"kind":"person","names":[{"text":"n"}],"identifiers":[{"scheme":"passport","value":"1","country":"uk"}]`)},
		{"country.unknown", respondent(`"kind":"person","names":[{"text":"n"}],"nationalities":[{"text":"British","code":"UK"}]`)},
		{"country.unknown", respondent(`"kind":"person","names":[{"text":"n"}],"addresses":[{"country":"EL"}]`)},
		{"country.unknown", respondent(`"kind":"person","names":[{"text":"n"}],"birth_places":[{"country":"SU"}]`)},
		{"date.invalid", respondent(`"kind":"person","names":[{"text":"n"}],"birth_dates":[{"date":"1.1.1970"}]`)},
		{"date.invalid", respondent(`"kind":"person","names":[{"text":"n"}],"identifiers":[{"scheme":"passport","value":"1","expires_on":"2020-1-1"}]`)},
		{"money.currency", with(`"amount":{"amount":"1","currency":"eur"}`)},
		{"decimal.invalid", with(`"amount":{"amount":"-1","currency":"EUR"}`)},
	}
}

func enforcementRefusals() []refusal {
	stop := func(rest string) func(*ledger, string) {
		return attempt("XA/mof", "interdiction.executed", `{"occurred_on":"2026-01-04","regime":"XU-1","subject":{"kind":"vessel","names":[{"text":"Fictional"}]},"place":{},"outcome":"detained",`+rest+`}`)
	}
	frozen := [3]string{"XA/mof", "asset.frozen", freeze}
	return []refusal{
		{"value.unknown", attempt("XA/mof", "enforcement.action_taken", strings.Replace(penalty, `"penalty"`, `"fine"`, 1))},
		{"basis.missing", attempt("XA/mof", "enforcement.action_taken", `{"occurred_on":"2026-01-04","kind":"penalty"}`)},
		{"designation.unknown", attempt("XA/mof", "asset.frozen", strings.Replace(freeze, "XU:1", "XU:9", 1))},
		{"regime.unknown", attempt("XA/mof", "enforcement.action_taken", strings.Replace(penalty, "XU-1", "XU-9", 1))},
		{"quantity.unit", stop(`"cargo":[{"description":"oil","quantity":{"amount":"1","unit":"bbl t"}}]`)},
		{"quantity.unit", stop(`"cargo":[{"description":"oil","quantity":{"amount":"1","unit":""}}]`)},
		{"decimal.invalid", stop(`"cargo":[{"description":"oil","quantity":{"amount":"1e3","unit":"bbl"}}]`)},
		{"value.missing", stop(`"cargo":[{"description":""}]`)},
		{"country.unknown", stop(`"flag_claimed":"none"`)},
		{"illustrative.real_state", stop(`"flag_claimed":"PA","illustrative":true`)},
		{"target.unknown", attempt("XA/mof", "asset.unfrozen", fill(release, `{"index":999,"leaf":"`+Hash{}.String()+`"}`))},
		{"target.mismatch", attempt("XA/mof", "asset.unfrozen", fill(release, `{"index":1,"leaf":"`+Hash{}.String()+`"}`))},
		{"unfreeze.no_freeze", about([3]string{"XA/mof", "enforcement.action_taken", penalty}, "XA/mof", "asset.unfrozen", release)},
		{"unfreeze.no_freeze", func(l *ledger, rule string) {
			z := l.given("XA/mof", "asset.frozen", freeze)
			l.given("XA/mof", "event.withdrawn", `{"target":`+z+`,"reason":"posted twice"}`)
			l.expect(rule, "XA/mof", "asset.unfrozen", fill(release, z))
		}},
		{"unfreeze.foreign", about(frozen, "XB/mof", "asset.unfrozen", release)},
		{"unfreeze.currency", about(frozen, "XA/mof", "asset.unfrozen", `{"freeze":$1,"amount":{"amount":"1","currency":"USD"},"reason":"r"}`)},
		{"unfreeze.no_amount", about([3]string{"XA/mof", "asset.frozen", `{"occurred_on":"2026-01-04","asset_kind":"vessel","regime":"XU-1"}`},
			"XA/mof", "asset.unfrozen", `{"freeze":$1,"amount":{"amount":"1","currency":"USD"},"reason":"r"}`)},
		{"unfreeze.exceeds", about(frozen, "XA/mof", "asset.unfrozen", `{"freeze":$1,"amount":{"amount":"100.51","currency":"EUR"},"reason":"r"}`)},
		{"unfreeze.nothing_left", func(l *ledger, rule string) {
			z := l.given("XA/mof", "asset.frozen", freeze)
			l.given("XA/mof", "asset.unfrozen", fill(release, z))
			l.expect(rule, "XA/mof", "asset.unfrozen", fill(release, z))
			l.expect(rule, "XA/mof", "asset.unfrozen", fill(unfreezing, z, "0.01"))
		}},
		{"freeze.below_released", func(l *ledger, rule string) {
			z := l.given("XA/mof", "asset.frozen", freeze)
			l.given("XA/mof", "asset.unfrozen", fill(unfreezing, z, "50"))
			correct := `{"target":` + z + `,"type":"asset.frozen","version":1,"replacement":$1,"reason":"typing error"}`
			l.expect(rule, "XA/mof", "event.corrected", fill(correct, strings.Replace(freeze, "100.50", "49.99", 1)))
			l.expect(rule, "XA/mof", "event.corrected", fill(correct, strings.Replace(freeze, "EUR", "USD", 1)))
			l.expect(rule, "XA/mof", "event.corrected", fill(correct, strings.Replace(freeze, `"amount":{"amount":"100.50","currency":"EUR"}`, `"institution":"Bank"`, 1)))
			l.expect("", "XA/mof", "event.corrected", fill(correct, strings.Replace(freeze, "100.50", "50", 1)))
		}},
	}
}

// action is what most cases about events speak of.
var action = [3]string{"XA/mof", "enforcement.action_taken", penalty}

const correction = `{"target":$1,"type":"enforcement.action_taken","version":1,"replacement":` + penalty + `,"reason":"typing error"}`

func aboutRefusals() []refusal {
	member := [3]string{"XA/root", "agency.registered", `{"agency":"XA/navy","name":"Navy"}`}
	explain := `{"target":$1,"text":{"text":"Appeal pending","language":"en"}}`
	disputed := func(then func(l *ledger, rule, dispute string)) func(*ledger, string) {
		return func(l *ledger, rule string) {
			a := l.given(action[0], action[1], action[2])
			then(l, rule, l.given("XB/mof", "event.disputed", `{"target":`+a+`,"grounds":{"text":"Another ship"}}`))
		}
	}
	const closing = `{"dispute":$1,"outcome":"withdrawn"}`
	return []refusal{
		{"correction.foreign", about(action, "XB/mof", "event.corrected", correction)},
		{"correction.foreign", about(action, "XA/root", "event.corrected", correction)},
		{"correction.other_type", about([3]string{"XA/mof", "asset.frozen", freeze}, "XA/mof", "event.corrected", correction)},
		{"correction.withdrawn", func(l *ledger, rule string) {
			a := l.given(action[0], action[1], action[2])
			l.given("XA/root", "event.withdrawn", `{"target":`+a+`,"reason":"annulled"}`)
			l.expect(rule, "XA/mof", "event.corrected", fill(correction, a))
		}},
		{"correction.not_a_statement", about(member, "XA/root", "event.corrected", strings.ReplaceAll(correction, "enforcement.action_taken", "agency.registered"))},
		{"correction.not_a_statement", func(l *ledger, rule string) {
			c := l.given("XA/mof", "event.corrected", fill(correction, l.given(action[0], action[1], action[2])))
			l.expect(rule, "XA/mof", "event.corrected", fill(correction, c))
			l.expect(rule, "XA/mof", "event.corrected", fill(strings.ReplaceAll(correction, "enforcement.action_taken", "event.corrected"), c))
		}},
		{"correction.not_a_statement", func(l *ledger, rule string) {
			if _, r := (EventCorrected{Type: "rules.adopted", Version: 1, Replacement: []byte(`{"version":1}`)}).Body(); r == nil || r.Rule != rule {
				l.t.Errorf("got %v, want %s", r, rule)
			}
		}},
		{"correction.other_subject", about([3]string{"XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB")},
			"XB/mof", "event.corrected", `{"target":$1,"type":"designation.transposed","version":1,"replacement":`+fill(transposal, "XU:2", "XB")+`,"reason":"r"}`)},
		{"basis.missing", about(action, "XA/mof", "event.corrected", strings.Replace(correction, `,"regime":"XU-1"`, "", 1))},
		{"occurred_on.future", about(action, "XA/mof", "event.corrected", strings.Replace(correction, "2026-01-04", "2026-01-09", 1))},
		{"payload.unknown_member", about(action, "XA/mof", "event.corrected", strings.Replace(correction, `"regime"`, `"regimes"`, 1))},
		{"value.missing", about(action, "XA/mof", "event.corrected", strings.Replace(correction, "typing error", "", 1))},
		{"withdrawal.not_a_statement", about(member, "XA/root", "event.withdrawn", `{"target":$1,"reason":"r"}`)},
		{"withdrawal.foreign", about(action, "XB/root", "event.withdrawn", `{"target":$1,"reason":"r"}`)},
		{"withdrawal.before", func(l *ledger, rule string) {
			a := l.given(action[0], action[1], action[2])
			l.given("XA/mof", "event.withdrawn", `{"target":`+a+`,"reason":"annulled"}`)
			l.expect(rule, "XA/mof", "event.withdrawn", `{"target":`+a+`,"reason":"annulled"}`)
		}},
		{"endorsement.own", about(action, "XA/mof", "event.endorsed", `{"target":$1}`)},
		{"target.not_a_statement", about(member, "XB/mof", "event.endorsed", `{"target":$1}`)},
		{"target.not_a_statement", about(member, "XB/mof", "event.disputed", `{"target":$1,"grounds":{"text":"g"}}`)},
		{"dispute.own", about(action, "XA/mof", "event.disputed", `{"target":$1,"grounds":{"text":"g"}}`)},
		{"value.missing", about(action, "XB/mof", "event.disputed", `{"target":$1,"grounds":{"text":""}}`)},
		{"dispute.unknown", about(action, "XA/mof", "dispute.closed", closing)},
		{"dispute.foreign", disputed(func(l *ledger, rule, d string) { l.expect(rule, "XA/mof", "dispute.closed", fill(closing, d)) })},
		{"dispute.closed_before", disputed(func(l *ledger, rule, d string) {
			l.given("XB/mof", "dispute.closed", fill(closing, d))
			l.expect(rule, "XB/mof", "dispute.closed", fill(closing, d))
		})},
		{"dispute.withdrawn", disputed(func(l *ledger, rule, d string) {
			l.given("XB/mof", "event.withdrawn", `{"target":`+d+`,"reason":"error"}`)
			l.expect(rule, "XB/mof", "dispute.closed", fill(closing, d))
		})},
		{"explanation.target", about(action, "XA/mof", "explanation.given", strings.Replace(explain, "}", `},"figure":"f"`, 1))},
		{"explanation.target", attempt("XA/mof", "explanation.given", `{"text":{"text":"t"}}`)},
		{"target.unknown", attempt("XA/mof", "explanation.given", fill(explain, `{"index":999,"leaf":"`+Hash{}.String()+`"}`))},
	}
}
