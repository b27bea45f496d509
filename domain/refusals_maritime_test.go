package domain

import "strings"

const (
	identityChange = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"probable","imo":"9074729","old":{"name":"A"},"new":{"name":"B"}}`
	sighting       = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"probable","vessel":{"kind":"vessel","names":[{"text":"A"}]},"position":{"lat":"1","lon":"2"},"sensor":"ais"}`
	transfer       = `{"occurred_on":"2026-01-04","regime":"XU-1","confidence":"probable","vessels":[{"role":"supplier","vessel":{"kind":"vessel","names":[{"text":"A"}]}},{"role":"receiver","vessel":{"kind":"vessel","names":[{"text":"B"}]}}],"commodity":"oil"}`
	inspection     = `{"occurred_on":"2026-01-04","regime":"XU-1","vessel":{"kind":"vessel","names":[{"text":"A"}]},"place":{"country":"XA"},"grounds":{"text":"g"},"result":"nothing_found"}`
	deregistration = `{"occurred_on":"2026-01-04","regime":"XU-1","vessel":{"kind":"vessel","names":[{"text":"A"}]},"flag":"XA"}`
)

// altered attempts a payload of XB/mof in which one text is replaced, under
// the third version of the rules.
func altered(typ, payload string) func(old, by string) func(*ledger, string) {
	return func(old, by string) func(*ledger, string) {
		return under("XB/mof", typ, strings.Replace(payload, old, by, 1))
	}
}

func maritimeRefusals() []refusal {
	change, see, pass := altered("vessel.identity_changed", identityChange), altered("vessel.observed", sighting), altered("ship_to_ship_transfer.reported", transfer)
	inspect, strike := altered("vessel.inspected", inspection), altered("vessel.deregistered", deregistration)
	const order = `"order":{"requested_by":"Committee","ordered_on":"2026-01-05"},"flag"`
	return []refusal{
		{"rules.not_adopted", attempt("XB/mof", "vessel.observed", sighting)},
		{"confidence.missing", change(`"probable"`, `""`)}, // who reports says how sure it is
		{"value.missing", change(`2026-01-04`, ``)},
		{"basis.missing", change(`"regime":"XU-1",`, ``)},
		{"vessel.unchanged", change(`"B"`, `"A"`)},
		{"identifier.imo_check_digit", change("9074729", "9074720")},
		{"identifier.mmsi", change(`"B"`, `"B","mmsi":"12345678"`)},
		{"country.unknown", change(`"B"`, `"B","flag":"none"`)},
		{"illustrative.real_state", change(`"B"}`, `"B","flag":"PA"},"illustrative":true`)},
		{"value.missing", see(`"position":{"lat":"1","lon":"2"},`, ``)},
		{"position.invalid", see(`"lat":"1"`, `"lat":"90.1"`)},
		{"position.invalid", see(`"lon":"2"`, `"lon":"-181"`)},
		{"position.invalid", see(`"lon":"2"`, `"lon":"--1"`)},
		{"time.invalid", see(`"sensor"`, `"at":"2026-01-04T10:20:00+02:00","sensor"`)},
		{"time.invalid", see(`"sensor"`, `"at":"2026-01-04T10:20:00.5Z","sensor"`)},
		{"time.other_day", see(`"sensor"`, `"at":"2026-01-03T10:20:00Z","sensor"`)},
		{"vessel.kind", see(`"kind":"vessel"`, `"kind":"aircraft"`)},
		{"value.unknown", see(`"ais"`, `"sonar"`)},
		{"ais_gap.negative", see(`"sensor"`, `"ais_gap_minutes":-1,"sensor"`)},
		{"illustrative.real_state", see(`"sensor"`, `"place":{"country":"PA"},"illustrative":true,"sensor"`)},
		{"transfer.vessels", pass(`,{"role":"receiver","vessel":{"kind":"vessel","names":[{"text":"B"}]}}`, ``)},
		{"value.unknown", pass(`"receiver"`, `"taker"`)},
		{"time.backwards", pass(`"commodity"`, `"start":"2026-01-04T10:20:00Z","end":"2026-01-04T10:19:59Z","commodity"`)},
		{"hs_code.invalid", pass(`"commodity"`, `"hs_code":"2710.19","commodity"`)},
		{"hs_code.invalid", pass(`"commodity"`, `"hs_code":"2","commodity"`)},
		{"quantity.unit", pass(`"commodity"`, `"quantity":{"amount":"1","unit":"gallons"},"commodity"`)},
		{"inspection.place", inspect(`"place"`, `"high_seas":true,"place"`)},
		{"inspection.place", inspect(`"country":"XA"`, ``)},
		{"value.unknown", inspect(`"place":{"country":"XA"}`, `"high_seas":true`)}, // the flag's consent
		{"inspection.refused", inspect(`"result"`, `"refused":true,"result"`)},
		{"value.unknown", inspect(`"nothing_found"`, `""`)},
		{"authority.not_custodian", inspect(`"place"`, `"member":"XC","place"`)},
		{"confidence.missing", inspect(`"place"`, `"member":"XE","place"`)}, // of a third state with how sure it is
		{"illustrative.real_state", inspect(`"place"`, `"member":"PA","illustrative":true,"place"`)},
		{"order.after_answer", strike(`"flag"`, order)},
		{"value.missing", strike(`"flag"`, strings.Replace(order, `Committee","ordered_on":"2026-01-05`, `","ordered_on":"2026-01-04`, 1))},
		{"value.missing", strike(`"flag"`, strings.Replace(order, "2026-01-05", "", 1))},
		{"target.unknown", strike(`"flag"`, strings.Replace(order, `2026-01-05"`, `2026-01-04","event":{"index":9999,"leaf":"`+Hash{}.String()+`"}`, 1))},
		{"country.unknown", strike(`"flag":"XA"`, `"flag":"stateless"`)},
		{"value.unknown", under("XB/mof", "vessel_service.withdrawn", strings.Replace(deregistration, `"flag":"XA"`, `"service":"catering"`, 1))},
	}
}
