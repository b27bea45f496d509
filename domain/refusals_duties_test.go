package domain

import "strings"

const (
	challenge   = `{"member":"XB","designation":"XU:1","court":"Court","case_number":"7","seeks":"annulment","filed_on":"2026-01-04"}`
	ruling      = `{"member":"XB","designation":"XU:1","court":"Court","case_number":"7","relief":"annulled","decided_on":"2026-01-04","effective_from":"2026-01-02"}`
	obligation  = `{"obligation":"O-1","regime":"XU-1","kind":"implementation_report","title":{"text":"t"},"instrument":"Resolution 1","applies_to":{"who":"all"},"trigger":{"kind":"date","on":"2026-01-01"},"due":{"days":90},"recurrence":"none","sections":["freezes"],"source":{"checked":false}}`
	report      = `{"obligation":"O-1","member":"XB","submitted_on":"2026-01-04"}`
	ending      = `{"regime":"XU-1","body":"Panel","ended_on":"2026-01-04","cause":"expiry"}`
	reaffirming = `{"target":$1}`
	succession  = `{"agency":"XA/mof","successor":"XA/desk","reason":"reform"}`
)

func courtRefusals() []refusal {
	rule := func(old, by string) func(*ledger, string) {
		return try("XB/mof", "court.ruled", strings.Replace(ruling, old, by, 1))
	}
	ruledOn := [3]string{"XB/mof", "court.ruled", with(ruling, `"stayed_pending_appeal":true`)}
	return []refusal{
		{"authority.not_custodian", try("XC/mof", "challenge.filed", challenge)},
		{"designation.unknown", try("XB/mof", "challenge.filed", strings.Replace(challenge, "XU:1", "XU:9", 1))},
		{"value.missing", try("XB/mof", "challenge.filed", strings.Replace(challenge, "2026-01-04", "", 1))},
		{"statement.duplicate", tryAbout([3]string{"XB/mof", "challenge.filed", challenge}, "XA/mof", "challenge.filed", challenge)},
		{"court.other_act", tryAbout(ruledOn, "XB/mof", "challenge.filed", strings.Replace(with(challenge, `"appeal_of":$1`), "XU:1", "XU:2", 1))},
		{"court.other_act", tryAbout([3]string{"XB/mof", "challenge.filed", challenge}, "XA/mof", "court.ruled", strings.Replace(with(ruling, `"challenge":$1`), `"XB"`, `"XA"`, 1))},
		{"target.other_type", tryAbout(ruledOn, "XB/mof", "court.ruled", with(ruling, `"challenge":$1`))},
		{"value.unknown", rule("annulled", "quashed")},
		{"value.missing", rule(`,"effective_from":"2026-01-02"`, "")},
		{"court.no_effect", rule("annulled", "upheld")},
		{"court.no_effect", rule("{", `{"effective_to":"2026-02-01",`)},
		{"date.order", rule(`"annulled"`, `"interim_measures","effective_to":"2026-01-01"`)},
		{"court.appeal_missing", rule("annulled", "remitted")},
		{"court.stay", rule(`"annulled","decided_on":"2026-01-04","effective_from":"2026-01-02"`, `"dismissed","decided_on":"2026-01-04","stayed_until":"2026-02"`)},
		{"court.stay", tryAbout(ruledOn, "XB/mof", "court.ruled", strings.Replace(ruling, `"annulled","decided_on":"2026-01-04","effective_from":"2026-01-02"`, `"stayed","appeal_of":$1,"decided_on":"2026-01-04"`, 1))},
		{"date.order", rule("{", `{"stayed_until":"2026-01-03",`)},
		{"authority.not_custodian", tryAbout(ruledOn, "XC/mof", "stay.ended", `{"ruling":$1,"ended_on":"2026-01-05","cause":"no_appeal"}`)},
		{"value.unknown", tryAbout(ruledOn, "XB/mof", "stay.ended", `{"ruling":$1,"ended_on":"2026-01-05","cause":"c"}`)},
		{"statement.duplicate", ruled(func(l *ledger, rule string) {
			end := fill(`{"ruling":$1,"ended_on":"2026-01-05","cause":"no_appeal"}`, l.given(ruledOn[0], ruledOn[1], ruledOn[2]))
			l.given("XA/mof", "stay.ended", end) // the custodian transcribes
			l.expect(rule, "XB/mof", "stay.ended", end)
		})},
	}
}

func obligationRefusals() []refusal {
	const benchmark = `{"id":"b","regime":"XU-1","measure":"obligation_days","days":30,"text":"t"}`
	define := func(old, by string) func(*ledger, string) {
		return try("XA/mof", "obligation.defined", strings.Replace(obligation, old, by, 1))
	}
	const dated = `"kind":"date","on":"2026-01-01"`
	return []refusal{
		{"authority.not_custodian", try("XB/mof", "obligation.defined", obligation)},
		{"obligation.duplicate", tryAbout([3]string{"XA/mof", "obligation.defined", obligation}, "XA/mof", "obligation.defined", obligation)},
		{"value.unknown", define("implementation_report", "report")},
		{"value.missing", define(`"instrument":"Resolution 1",`, "")},
		{"obligation.no_benchmark", define("implementation_report", "benchmark")},
		{"obligation.not_law", define("{", `{"benchmark":"b",`)},
		{"obligation.applies_to", define(`"all"`, `"named"`)},
		{"obligation.applies_to", define(`"all"`, `"all","states":["XB"]`)},
		{"country.unknown", define(`"all"`, `"named","states":["UK"]`)},
		{"obligation.trigger", define(dated, `"kind":"date"`)},
		{"obligation.trigger", define(dated, `"kind":"event"`)},
		{"obligation.trigger", define(dated, `"kind":"event","on":"2026","events":["asset.frozen"]`)},
		{"obligation.trigger_type", define(dated, `"kind":"event","events":["asset.frozn"]`)},
		{"obligation.due", define(`"days":90`, `"days":0`)},
		{"obligation.due", define(`"days":90`, `"days":-1`)},
		{"obligation.due", define(`"days":90`, `"days":90,"on":"2026-03-01"`)},
		{"obligation.due", define(dated+`},"due":{"days":90}`, `"kind":"event","events":["asset.frozen"]},"due":{"on":"2026-03-01"}`)},
		{"obligation.recurrence", define(`"none"`, `"yearly"`)},
		{"obligation.recurrence", define(dated, `"kind":"period"`)},
		{"value.unknown", decidedFirst("benchmark.adopted", benchmark)},
		{"value.unknown", ruled(decidedFirst("benchmark.adopted", strings.Replace(benchmark, "obligation_days", "days", 1)))},
		{"list.repeated", define(`"freezes"`, `"freezes","freezes"`)},
		{"list.repeated", define(`"freezes"`, `""`)},
	}
}

func complianceRefusals() []refusal {
	bound := func(iss, typ, payload string) func(*ledger, string) {
		return tryAbout([3]string{"XA/mof", "obligation.defined", obligation}, iss, typ, payload)
	}
	twice := func(typ, payload string) func(*ledger, string) {
		return ruled(func(l *ledger, rule string) {
			l.given("XA/mof", "obligation.defined", obligation)
			l.given("XB/mof", typ, payload)
			l.expect(rule, "XB/mof", typ, payload)
		})
	}
	const enacted = `{"member":"XB","regime":"XU-1","measures":["asset_freeze"],"instrument":"Act","in_force_on":"2026-02-01"}`
	return []refusal{
		{"obligation.unknown", try("XB/mof", "report.submitted", report)},
		{"authority.not_custodian", bound("XC/mof", "report.submitted", report)},
		{"confidence.missing", bound("XC/mof", "report.submitted", strings.Replace(report, "XB", "XE", 1))},
		{"report.section", bound("XB/mof", "report.submitted", with(report, `"completed":["wages"]`))},
		{"list.repeated", bound("XB/mof", "report.submitted", with(report, `"completed":["freezes","freezes"]`))},
		{"value.missing", bound("XB/mof", "report.submitted", strings.Replace(report, "2026-01-04", "", 1))},
		{"target.unknown", bound("XB/mof", "report.submitted", with(report, `"trigger":{"index":999,"leaf":"`+Hash{}.String()+`"}`))},
		{"statement.duplicate", twice("report.submitted", report)},
		{"authority.not_custodian", bound("XB/mof", "extension.granted", `{"obligation":"O-1","member":"XB","until":"2026-03-01"}`)},
		{"value.missing", bound("XA/mof", "extension.granted", `{"obligation":"O-1","member":"XB"}`)},
		{"authority.not_custodian", bound("XC/mof", "inapplicability.declared", `{"obligation":"O-1","member":"XB","reason":{"text":"none hosted"}}`)},
		{"statement.duplicate", twice("inapplicability.declared", `{"obligation":"O-1","member":"XB","reason":{"text":"none hosted"}}`)},
		{"authority.not_custodian", try("XC/mof", "measure.enacted", enacted)},
		{"date.order", try("XB/mof", "measure.enacted", with(enacted, `"in_force_to":"2026-01"`))},
		{"value.missing", try("XB/mof", "measure.enacted", strings.Replace(enacted, `"asset_freeze"`, "", 1))},
	}
}

func mandateRefusals() []refusal {
	const amended = `{"regime":"XU-1","instrument":"Resolution 2","decided_on":"2026-01-04"}`
	return []refusal{
		{"authority.not_custodian", try("XB/mof", "regime.amended", with(amended, `"adds":["deflag"]`))},
		{"regime.unknown", try("XA/mof", "regime.amended", strings.Replace(amended, "XU-1", "XU-9", 1))},
		{"regime.unchanged", try("XA/mof", "regime.amended", amended)},
		{"measure.unknown", try("XA/mof", "regime.amended", with(amended, `"removes":["x"]`))},
		{"authority.not_custodian", try("XB/mof", "regime.lapsed", `{"regime":"XU-1","lapsed_on":"2026-01-04","cause":"sunset"}`)},
		{"value.unknown", try("XA/mof", "regime.lapsed", `{"regime":"XU-1","lapsed_on":"2026-01-04","cause":"c"}`)},
		{"authority.not_custodian", try("XB/mof", "regime.renewed", amended)},
		{"date.order", try("XA/mof", "regime.renewed", with(amended, `"sunset_on":"2025"`))},
		{"illustrative.real_state", func(l *ledger, rule string) {
			l.decide("regime.adopted", strings.NewReplacer(`"XU"`, `"UN"`, "XU-1", "UN-1").Replace(regime))
			l.adoptRules()
			l.expect(rule, "XA/mof", "regime.lapsed", `{"illustrative":true,"regime":"UN-1","lapsed_on":"2026-01-04","cause":"sunset"}`)
			l.expect(rule, "XA/mof", "mandate.ended", strings.Replace(with(ending, `"illustrative":true`), "XU-1", "UN-1", 1))
			l.expect(rule, "XA/mof", "obligation.defined", strings.Replace(with(obligation, `"illustrative":true`), "XU-1", "UN-1", 1))
		}},
		{"authority.not_custodian", try("XB/mof", "mandate.ended", ending)},
		{"mandate.veto", try("XA/mof", "mandate.ended", strings.Replace(ending, "expiry", "veto", 1))},
		{"mandate.veto", try("XA/mof", "mandate.ended", with(ending, `"vetoed_by":["XE"]`))},
		{"mandate.votes", try("XA/mof", "mandate.ended", with(ending, `"votes":{"for":-1,"against":0,"abstained":0}`))},
		{"statement.duplicate", tryAbout([3]string{"XA/mof", "mandate.ended", ending}, "XA/mof", "mandate.ended", ending)},
	}
}

func integrityRefusals() []refusal {
	succeed := func(iss, payload string) func(*ledger, string) {
		return ruled(func(l *ledger, rule string) {
			l.agency("XA/desk")
			l.expect(rule, iss, "agency.succeeded", payload)
		})
	}
	succeeded := func(then func(l *ledger, rule string)) func(*ledger, string) {
		return ruled(func(l *ledger, rule string) {
			l.agency("XA/desk")
			l.given("XA/root", "agency.succeeded", succession)
			then(l, rule)
		})
	}
	return []refusal{
		{"finding.range", try("XB/mof", "finding.recorded", `{"from_index":3,"to_index":2,"severity":"minor","text":{"text":"t"}}`)},
		{"finding.range", try("XB/mof", "finding.recorded", `{"from_index":3,"to_index":999,"severity":"minor","text":{"text":"t"}}`)},
		{"value.unknown", try("XB/mof", "finding.recorded", `{"from_index":1,"to_index":2,"severity":"low","text":{"text":"t"}}`)},
		{"reaffirmation.foreign", tryAbout(action, "XB/root", "event.reaffirmed", reaffirming)},
		{"reaffirmation.same_key", tryAbout(action, "XA/mof", "event.reaffirmed", reaffirming)},
		{"reaffirmation.withdrawn", ruled(func(l *ledger, rule string) {
			a := l.given(action[0], action[1], action[2])
			l.given("XA/mof", "event.withdrawn", withdrawal(a))
			l.expect(rule, "XA/root", "event.reaffirmed", fill(reaffirming, a))
		})},
		{"root.required", succeed("XA/mof", succession)},
		{"agency.foreign", succeed("XB/root", succession)},
		{"agency.foreign", succeed("XA/root", strings.Replace(succession, "XA/desk", "XB/mof", 1))},
		{"agency.unknown", succeed("XA/root", strings.Replace(succession, "XA/desk", "XA/navy", 1))},
		{"succession.root", succeed("XA/root", strings.Replace(succession, "XA/mof", "XA/root", 1))},
		{"value.missing", succeed("XA/root", strings.Replace(succession, "reform", "", 1))},
		{"succession.self", succeed("XA/root", strings.Replace(succession, "XA/desk", "XA/mof", 1))},
		{"succession.recorded_before", succeeded(func(l *ledger, rule string) { l.expect(rule, "XA/root", "agency.succeeded", succession) })},
		{"succession.of_predecessor", succeeded(func(l *ledger, rule string) {
			l.expect(rule, "XA/root", "agency.succeeded", `{"agency":"XA/desk","successor":"XA/mof","reason":"back"}`)
		})},
		{"agency.succeeded", succeeded(func(l *ledger, rule string) { l.expect(rule, "XA/mof", "asset.frozen", freeze) })},
		{"correction.foreign", ruled(func(l *ledger, rule string) {
			l.agency("XA/desk")
			l.expect(rule, "XA/desk", "event.corrected", fill(correction, l.given(action[0], action[1], action[2])))
		})},
		{"endorsement.own", ruled(func(l *ledger, rule string) {
			l.agency("XA/desk")
			a := l.given(action[0], action[1], action[2])
			l.given("XA/root", "agency.succeeded", succession)
			l.expect(rule, "XA/desk", "event.endorsed", `{"target":`+a+`}`)
			l.expect("dispute.own", "XA/desk", "event.disputed", `{"target":`+a+`,"grounds":{"text":"g"}}`)
		})},
	}
}
