package domain

import "strings"

// ruled runs a case under the third version of the rules.
func ruled(try func(l *ledger, rule string)) func(*ledger, string) {
	return func(l *ledger, rule string) {
		l.adoptRules()
		try(l, rule)
	}
}

func (l *ledger) adoptRules() {
	l.t.Helper()
	l.decide("rules.adopted", `{"version":3}`)
}

// under attempts an event under the third version of the rules.
func under(iss, typ, payload string, change ...func(*Fact)) func(*ledger, string) {
	return ruled(attempt(iss, typ, payload, change...))
}

func version(n int) func(*Fact) { return func(f *Fact) { f.Version = n } }

const (
	linkV2    = `{"a":"XU:1","b":"XU:2","relation":"same_as","basis":"identifier","reasons":["r"]}`
	gap       = `{"designation":"XU:1","source":"list","first_missing":"2026-01-03","snapshot":"00000000000000000000000000000000000000000000000000000000000000aa"}`
	gapClosed = `{"designation":"XU:1","source":"list","closed_on":"2026-01-03","outcome":"reappeared"}`
	register  = `{"id":"subject:17","subject":{"kind":"vessel","names":[{"text":"Fictional"}]}}`
	suspend   = `{"designation":"XU:1","reason":"court"}`
	reinstate = `{"designation":"XU:1","reason":"court"}`
	remove    = `{"designation":"XU:1","reason":"delisted"}`
	imported  = `{"occurred_on":"2026-01-04","source":"list","sha256":"00000000000000000000000000000000000000000000000000000000000000aa","entries":3,"counts":{"new":1,"amended":1,"unchanged":1,"relisted":0,"gone":4},"parser_version":"1"}`
)

func identityRefusals() []refusal {
	linkV2With := func(old, by string) func(*ledger, string) {
		return under("XB/mof", "subject.linked", strings.Replace(linkV2, old, by, 1), version(2))
	}
	after := func(given [3]string, iss, typ, payload string) func(*ledger, string) {
		return ruled(about(given, iss, typ, payload))
	}
	return []refusal{
		{"rules.not_adopted", attempt("XB/mof", "subject.linked", linkV2, version(2))},
		{"rules.not_adopted", attempt("XA/mof", "list.imported", imported)},
		{"rules.not_adopted", func(l *ledger, rule string) {
			a := l.given("XB/mof", "subject.linked", `{"a":"XU:1","b":"XU:2","relation":"same_as","reasons":["r"]}`)
			l.expect(rule, "XB/mof", "event.corrected", `{"target":`+a+`,"type":"subject.linked","version":2,"replacement":`+linkV2+`,"reason":"r"}`)
		}},
		{"type.unknown_version", under("XB/mof", "subject.linked", linkV2, version(3))},
		{"payload.unknown_member", under("XB/mof", "subject.linked", linkV2)},
		{"value.unknown", under("XB/mof", "subject.linked", `{"a":"XU:1","b":"XU:2","relation":"alias","reasons":["r"]}`)}, // of the second version
		{"value.missing", under("XB/mof", "subject.unlinked", `{"a":"XU:1","b":"XU:2","relation":"same_as","reason":""}`)},
		{"value.unknown", linkV2With(`"identifier"`, `""`)},
		{"value.unknown", linkV2With(`"identifier"`, `"hunch"`)},
		{"score.range", linkV2With(`"reasons"`, `"score":"1.01","reasons"`)},
		{"decimal.invalid", linkV2With(`"reasons"`, `"score":"-0.5","reasons"`)},
		{"subject.unknown", linkV2With("XU:2", "subject:9")},
		{"designation.unknown", linkV2With("XU:2", "XU:9")},
		{"subject.id", under("XB/mof", "subject.registered", strings.Replace(register, "subject:17", "17", 1))},
		{"subject.id", under("XB/mof", "subject.registered", strings.Replace(register, "subject:17", "subject:", 1))},
		{"subject.duplicate", after([3]string{"XB/mof", "subject.registered", register}, "XC/mof", "subject.registered", register)},
		{"subject.duplicate", ruled(func(l *ledger, rule string) {
			l.given("XA/mof", "designation.adopted", fill(adoption, "subject:1"))
			l.expect(rule, "XB/mof", "subject.registered", strings.Replace(register, "subject:17", "subject:1", 1))
		})},
		{"designation.duplicate", after([3]string{"XB/mof", "subject.registered", register}, "XA/mof", "designation.adopted", fill(adoption, "subject:17"))},
		{"import.counts", under("XA/mof", "list.imported", strings.Replace(imported, `"entries":3`, `"entries":4`, 1))},
		{"import.counts", under("XA/mof", "list.imported", strings.Replace(imported, `"gone":4`, `"gone":-1`, 1))},
		{"value.missing", under("XA/mof", "list.imported", strings.Replace(imported, "aa", "00", 1))},
		{"value.missing", under("XA/mof", "list.imported", strings.Replace(imported, `"sha256":"00000000000000000000000000000000000000000000000000000000000000aa",`, "", 1))},
		{"regime.unknown", under("XA/mof", "list.imported", strings.Replace(imported, `"entries"`, `"regimes":["XU-9"],"entries"`, 1))},
		{"gap.duplicate", after([3]string{"XB/mof", "list.gap_observed", gap}, "XC/mof", "list.gap_observed", gap)},
		{"gap.unknown", under("XC/mof", "list.gap_closed", gapClosed)},
		{"target.other_type", after([3]string{"XA/mof", "asset.frozen", freeze}, "XC/mof", "list.gap_observed", strings.Replace(gap, `"source"`, `"import":$1,"source"`, 1))},
		{"designation.suspended", after([3]string{"XA/mof", "designation.suspended", suspend}, "XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB"))},
		{"designation.suspended", after([3]string{"XA/mof", "designation.suspended", suspend}, "XA/mof", "designation.suspended", suspend)},
		{"designation.removed", after([3]string{"XA/mof", "designation.removed", remove}, "XA/mof", "designation.suspended", suspend)},
		{"designation.stands", under("XA/mof", "designation.reinstated", reinstate)},
		{"authority.not_custodian", under("XB/mof", "designation.suspended", suspend)},
		{"value.unknown", under("XA/mof", "designation.suspended", strings.Replace(suspend, `"reason"`, `"decided_by":"jury","reason"`, 1))},
		{"measure.unknown", after([3]string{"XA/mof", "designation.removed", remove}, "XA/mof", "designation.reinstated", strings.Replace(reinstate, `"reason"`, `"measures":["x"],"reason"`, 1))},
	}
}
