package domain

import "strings"

func try(iss, typ, payload string) func(*ledger, string) { return ruled(attempt(iss, typ, payload)) }

// tryAbout attempts, under version 3, what names an event posted before as $1.
func tryAbout(given [3]string, iss, typ, payload string) func(*ledger, string) {
	return ruled(about(given, iss, typ, payload))
}

// with puts members into a payload in front of its others.
func with(payload, members string) string { return strings.Replace(payload, "{", "{"+members+",", 1) }

const (
	workers     = `{"occurred_on":"2026-01-04","regime":"XU-1","host":"XA","sector":"mining","count":7}`
	turnedBack  = `{"occurred_on":"2026-01-04","regime":"XU-1","member":"XA","subject":{"kind":"person","names":[{"text":"A"}]},"point":{},"action":"refused"}`
	venture     = `{"regime":"XU-1","country":"XA","parties":[{"kind":"entity","names":[{"text":"J"}]}]}`
	closure     = `{"occurred_on":"2026-01-04","regime":"XU-1","country":"XA","parties":[{"kind":"entity","names":[{"text":"J"}]}]}`
	violation   = `{"occurred_on":"2026-01-04","confidence":"probable","regime":"XU-1","category":"coal_export","narrative":{"text":"n"},"reporter_type":"agency"}`
	caseOpening = `{"case":"C-1","regime":"XU-1","title":{"text":"t"}}`
	request     = `{"case":"C-1","to_member":"XB","questions":[{"text":"q"}]}`
	answer      = `{"request":$1,"answer":"complete","text":{"text":"t"}}`
	closing     = `{"case":"C-1","outcome":"substantiated"}`
	reopening   = `{"case":"C-1","reason":{"text":"r"}}`
	reply       = `{"published_on":"2026-01-04","state":"XE","author":"Ministry","figure":"f","text":{"text":"t"}}`
	translation = `{"target":$1,"field":"summary","text":{"text":"t","language":"ko"}}`
)

func peopleRefusals() []refusal {
	return []refusal{
		{"rules.not_adopted", attempt("XA/mof", "workers.reported", workers)},
		{"workers.count", try("XA/mof", "workers.reported", strings.Replace(workers, "7", "-7", 1))},
		{"workers.count", try("XA/mof", "workers.repatriated", with(workers, `"count_to":6`))},
		{"workers.count", try("XA/mof", "workers.repatriated", with(workers, `"remaining":-1`))},
		{"value.unknown", try("XA/mof", "workers.reported", strings.Replace(workers, "mining", "casinos", 1))},
		{"value.missing", try("XA/mof", "workers.reported", strings.Replace(workers, `"occurred_on":"2026-01-04",`, "", 1))},
		{"date.order", try("XA/mof", "workers.reported", with(workers, `"period":{"from":"2025-06","to":"2025-05"}`))},
		{"date.invalid", try("XA/mof", "workers.reported", with(workers, `"period":{"from":"June"}`))},
		{"authority.not_custodian", try("XB/mof", "workers.reported", workers)}, // of a fellow member
		{"confidence.missing", try("XB/mof", "workers.reported", strings.Replace(workers, `"XA"`, `"XE"`, 1))},
		{"concerning.missing", try("XB/mof", "workers.reported", strings.Replace(with(workers, `"confidence":"alleged"`), `"XA"`, `"XE"`, 1))},
		{"confidence.missing", try("XA/mof", "workers.reported", with(workers, `"concerning":["XE"]`))},
		{"country.unknown", try("XA/mof", "workers.reported", with(workers, `"place":{"country":"UK"}`))},
		{"illustrative.real_state", try("XA/mof", "workers.reported", with(workers, `"illustrative":true,"origin":"KP"`))},
		{"basis.missing", try("XA/mof", "workers.reported", strings.Replace(workers, `"regime":"XU-1",`, "", 1))},
		{"travel_ban.exemption", try("XA/mof", "travel_ban.enforced", strings.Replace(turnedBack, `"refused"`, `"exempted"`, 1))},
		{"travel_ban.exemption", try("XA/mof", "travel_ban.enforced", with(turnedBack, `"exemption":"EX.1"`))},
		{"authority.not_custodian", try("XB/mof", "travel_ban.enforced", turnedBack)},
		{"value.missing", try("XA/mof", "joint_venture.reported", strings.Replace(venture, `{"kind":"entity","names":[{"text":"J"}]}`, "", 1))},
		{"subject.kind", try("XA/mof", "joint_venture.reported", strings.Replace(venture, "entity", "company", 1))},
		{"value.missing", try("XA/mof", "joint_venture.closed", strings.Replace(closure, `{"kind":"entity","names":[{"text":"J"}]}`, "", 1))},
		{"value.unknown", try("XA/mof", "representative_office.closed", with(closure, `"kind":"embassy"`))},
		{"closure.other_country", tryAbout([3]string{"XA/mof", "joint_venture.reported", strings.Replace(venture, `"country":"XA"`, `"confidence":"alleged","concerning":["XE"],"country":"XE"`, 1)},
			"XA/mof", "joint_venture.closed", with(closure, `"venture":$1`))},
		{"target.other_type", tryAbout(action, "XA/mof", "joint_venture.closed", with(closure, `"venture":$1`))},
	}
}

// inCase attempts something while XA/mof leads the open case C-1.
func inCase(iss, typ, payload string) func(*ledger, string) {
	return tryAbout([3]string{"XA/mof", "case.opened", caseOpening}, iss, typ, payload)
}

// asked attempts something about a request to XB in that case, $1.
func asked(then func(l *ledger, rule, request string)) func(*ledger, string) {
	return ruled(func(l *ledger, rule string) {
		l.given("XA/mof", "case.opened", caseOpening)
		then(l, rule, l.given("XA/mof", "information.requested", request))
	})
}

func caseRefusals() []refusal {
	closed := func(iss, typ, payload string) func(*ledger, string) {
		return ruled(func(l *ledger, rule string) {
			l.given("XA/mof", "case.opened", caseOpening)
			l.given("XA/root", "case.closed", closing)
			l.expect(rule, iss, typ, payload)
		})
	}
	return []refusal{
		{"case.duplicate", inCase("XB/mof", "case.opened", caseOpening)},
		{"case.duplicate", closed("XB/mof", "case.opened", caseOpening)},
		{"id.invalid", try("XA/mof", "case.opened", strings.Replace(caseOpening, "C-1", "", 1))},
		{"value.missing", try("XA/mof", "case.opened", strings.Replace(caseOpening, `"t"`, `""`, 1))},
		{"agency.foreign", try("XA/mof", "case.opened", with(caseOpening, `"lead":"XB/mof"`))},
		{"agency.unknown", try("XA/mof", "case.opened", with(caseOpening, `"lead":"XA/navy"`))},
		{"target.other_type", tryAbout(action, "XA/mof", "case.opened", with(caseOpening, `"violations":[$1]`))},
		{"target.unknown", try("XA/mof", "case.opened", with(caseOpening, `"violations":[{"index":999,"leaf":"`+Hash{}.String()+`"}]`))},
		{"country.unknown", try("XA/mof", "case.opened", with(caseOpening, `"members":["UK"]`))},
		{"case.unknown", try("XA/mof", "information.requested", request)},
		{"case.unknown", try("XA/mof", "case.closed", closing)},
		{"case.unknown", try("XA/mof", "case.reopened", reopening)},
		{"case.closed", closed("XA/mof", "information.requested", request)},
		{"case.closed", closed("XA/mof", "case.closed", closing)},
		{"case.foreign", inCase("XB/mof", "case.closed", closing)},
		{"case.foreign", closed("XB/mof", "case.reopened", reopening)},
		{"case.open", inCase("XA/mof", "case.reopened", reopening)},
		{"value.missing", closed("XA/mof", "case.reopened", strings.Replace(reopening, `"r"`, `""`, 1))},
		{"target.not_a_statement", inCase("XA/mof", "case.closed", with(closing, `"actions":[{"index":1,"leaf":"`+sum("leaf", 1).String()+`"}]`))},
		{"request.own", inCase("XB/mof", "information.requested", request)},
		{"member.unknown", inCase("XA/mof", "information.requested", strings.Replace(request, "XB", "XE", 1))},
		{"value.missing", inCase("XA/mof", "information.requested", strings.Replace(request, `{"text":"q"}`, "", 1))},
		{"value.missing", inCase("XA/mof", "information.requested", strings.Replace(request, `"q"`, `""`, 1))},
		{"request.foreign", asked(func(l *ledger, rule, q string) { l.expect(rule, "XC/mof", "information.answered", fill(answer, q)) })},
		{"target.other_type", tryAbout(action, "XB/mof", "information.answered", answer)},
		{"statement.duplicate", asked(func(l *ledger, rule, q string) {
			l.given("XB/mof", "information.answered", fill(answer, q))
			l.expect(rule, "XB/mof", "information.answered", strings.Replace(fill(answer, q), "complete", "partial", 1))
		})},
		{"request.answered_before", asked(func(l *ledger, rule, q string) {
			part := strings.Replace(fill(answer, q), "complete", "partial", 1)
			a := l.given("XB/mof", "information.answered", part)
			l.given("XB/root", "information.answered", fill(answer, q))
			correct := `{"target":` + a + `,"type":"information.answered","version":1,"replacement":$1,"reason":"r"}`
			l.expect("", "XB/mof", "event.corrected", fill(correct, part))
			l.expect(rule, "XB/mof", "event.corrected", fill(correct, fill(answer, q)))
		})},
	}
}

func violationRefusals() []refusal {
	disputed := func(iss, payload string) func(*ledger, string) {
		return ruled(func(l *ledger, rule string) {
			d := l.given("XB/mof", "event.disputed", `{"target":`+l.given(action[0], action[1], action[2])+`,"grounds":{"text":"g"}}`)
			l.expect(rule, iss, "dispute.answered", fill(payload, d))
		})
	}
	const answered = `{"dispute":$1,"answer":"rejected","text":{"text":"t"}}`
	return []refusal{
		{"violation.category", try("XA/mof", "violation.reported", strings.Replace(violation, "coal_export", "coal", 1))},
		{"confidence.missing", try("XA/mof", "violation.reported", strings.Replace(violation, "probable", "", 1))},
		{"value.missing", try("XA/mof", "violation.reported", strings.Replace(violation, `"occurred_on":"2026-01-04",`, "", 1))},
		{"value.missing", try("XA/mof", "violation.reported", strings.Replace(violation, `"n"`, `""`, 1))},
		{"value.unknown", try("XA/mof", "violation.reported", with(violation, `"sensitivity":"high"`))},
		{"time.invalid", try("XA/mof", "violation.reported", with(violation, `"time_utc":"24:00"`))},
		{"time.invalid", try("XA/mof", "violation.reported", with(violation, `"time_utc":"4:30"`))},
		{"measure.unknown", try("XA/mof", "violation.reported", with(violation, `"measures":["coal"]`))},
		{"sealed.type", try("XA/mof", "case.opened", holding(caseOpening, item(1, tip)))},
		{"dispute.not_addressed", disputed("XB/mof", answered)},
		{"dispute.not_addressed", disputed("XC/mof", answered)},
		{"value.unknown", disputed("XA/mof", strings.Replace(answered, "rejected", "no", 1))},
		{"target.other_type", tryAbout(action, "XA/mof", "dispute.answered", strings.Replace(answered, "$1", "$1", 1))},
		{"statement.duplicate", ruled(func(l *ledger, rule string) {
			d := l.given("XB/mof", "event.disputed", `{"target":`+l.given(action[0], action[1], action[2])+`,"grounds":{"text":"g"}}`)
			l.given("XA/root", "dispute.answered", fill(answered, d))
			l.expect(rule, "XA/mof", "dispute.answered", fill(answered, d))
		})},
		{"reply.member", try("XA/mof", "reply.recorded", strings.Replace(reply, "XE", "XB", 1))},
		{"value.missing", try("XA/mof", "reply.recorded", strings.Replace(reply, "2026-01-04", "", 1))},
		{"explanation.target", try("XA/mof", "reply.recorded", strings.Replace(reply, `"figure":"f",`, "", 1))},
		{"illustrative.real_state", try("XA/mof", "reply.recorded", strings.Replace(with(reply, `"illustrative":true`), "XE", "RU", 1))},
		{"language.invalid", tryAbout(action, "XB/mof", "text.translated", strings.Replace(translation, "ko", "", 1))},
		{"language.invalid", tryAbout(action, "XB/mof", "text.translated", strings.Replace(translation, "ko", "k", 1))},
		{"language.invalid", tryAbout(action, "XB/mof", "text.translated", strings.Replace(translation, "ko", "한국어", 1))},
		{"translation.not_official", tryAbout(action, "XB/mof", "text.translated", with(translation, `"official":true`))},
	}
}
