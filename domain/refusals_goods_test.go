package domain

const (
	seizure       = `{"occurred_on":"2026-01-04","regime":"XU-1","items":[{"description":"coal"}],"place":{"country":"XB"},"disposal":"held"}`
	petroleum     = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"alleged","product":"refined","quantity":{"amount":"100","unit":"t"},"period":{"from":"2025-12","to":"2025-12"},"supplier":"XE","status":"alleged"}`
	tradeReport   = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"alleged","category":"coal"}`
	armsReport    = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"alleged","route":{"from":"XE","to":"XF"},"items":[{"description":"shells","quantity":{"low":"1","high":"2","unit":"rounds"}}]}`
	techReport    = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"alleged","field":"missile","route":{},"indicators":[{"text":"i"}]}`
	proliferation = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"alleged","kind":"engine_test","site":{"country":"XE"},"source":"radar"}`
)

func goodsRefusals() []refusal {
	seize, supply, trade := altered("cargo.seized", seizure), altered("petroleum_transfer.reported", petroleum), altered("trade_violation.reported", tradeReport)
	arm, teach, test := altered("arms_transfer.reported", armsReport), altered("technology_transfer.reported", techReport), altered("proliferation_activity.observed", proliferation)
	const notified = `"notified","notified_on":"2026-01-03"`
	return []refusal{
		{"value.missing", seize(`{"description":"coal"}`, ``)},
		{"hs_code.invalid", seize(`"coal"`, `"coal","hs_code":"12345678901"`)},
		{"money.currency", seize(`"coal"`, `"coal","value":{"amount":"1","currency":"BTC"}`)},
		{"value.unknown", seize(`"held"`, `"lost"`)},
		{"target.other_type", ruled(about([3]string{"XB/mof", "asset.frozen", freeze}, "XB/mof", "cargo.seized", seizure[:len(seizure)-1]+`,"after":$1}`))},
		{"country.unknown", seize(`"place"`, `"route":{"via":[""]},"place"`)},
		{"country.unknown", seize(`"place"`, `"route":{"from":"UK"},"place"`)},
		{"illustrative.real_state", seize(`"place"`, `"illustrative":true,"route":{"to":"PA"},"place"`)},
		{"conversion.differs", supply(`"period"`, `"converted":{"bbl":"752","factor":"7.5","source":"table"},"period"`)},
		{"value.missing", supply(`"period"`, `"converted":{"bbl":"750","factor":"7.5","source":""},"period"`)},
		{"decimal.invalid", supply(`"period"`, `"converted":{"bbl":"750","factor":"x","source":"s"},"period"`)},
		{"date.order", supply(`"from":"2025-12"`, `"from":"2026-01"`)},
		{"value.missing", supply(`"from":"2025-12",`, ``)},
		{"confidence.missing", supply(`"confidence":"alleged",`, ``)},
		{"value.missing", supply(`"status":"alleged"`, `"status":"notified"`)},
		{"confidence.missing", under("XB/mof", "petroleum_transfer.reported", `{"occurred_on":"2026-01-04","regime":"XU-1","product":"crude","quantity":{"amount":"1","unit":"bbl"},"period":{"from":"2025","to":"2025"},"supplier":"XE","status":`+notified+`}`)},
		{"authority.not_custodian", supply(`"supplier":"XE","status":"alleged"`, `"supplier":"XC","status":`+notified)}, // a member notifies for itself
		{"illustrative.real_state", supply(`"supplier":"XE"`, `"illustrative":true,"supplier":"XE","receiver":"PA"`)},
		{"value.unknown", supply(`"period"`, `"parties":[{"role":"thief","subject":{"kind":"entity","names":[{"text":"n"}]}}],"period"`)},
		{"illustrative.real_state", supply(`"period"`, `"illustrative":true,"parties":[{"role":"broker","country":"PA","subject":{"kind":"entity","names":[{"text":"n"}]}}],"period"`)},
		{"value.unknown", trade(`"coal"`, `"tea"`)},
		{"date.order", trade(`"category"`, `"period":{"from":"2026","to":"2025"},"category"`)},
		{"value.missing", arm(`"to":"XF"`, `"via":["XF"]`)},
		{"value.missing", arm(`{"description":"shells","quantity":{"low":"1","high":"2","unit":"rounds"}}`, ``)},
		{"range.backwards", arm(`"high":"2"`, `"high":"0.9"`)},
		{"decimal.invalid", arm(`"high":"2"`, `"high":""`)},
		{"quantity.unit", arm(`"rounds"`, `"crates"`)},
		{"value.unknown", arm(`"to":"XF"`, `"to":"XF","means":"mule"`)},
		{"value.missing", teach(`{"text":"i"}`, ``)},
		{"value.missing", teach(`"i"`, `""`)},
		{"value.unknown", teach(`"missile"`, `"cooking"`)},
		{"value.unknown", test(`"radar"`, `"rumour"`)},
		{"value.unknown", test(`"engine_test"`, `"parade"`)},
	}
}
