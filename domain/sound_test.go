package domain

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

const (
	person = `{"id":"subject:P","subject":{"kind":"person","names":[{"text":"Nobody"}]}}`
	entity = `{"id":"subject:E","subject":{"kind":"entity","names":[{"text":"Fictional"}],"identifiers":[{"scheme":"imo","value":"9074729"}]}}`
	plane  = `{"id":"subject:A","subject":{"kind":"aircraft","names":[{"text":"P-1"}]}}`
)

// sound runs a case under the fourth version of the rules.
func sound(try func(l *ledger, rule string)) func(*ledger, string) {
	return func(l *ledger, rule string) {
		l.decide("rules.adopted", `{"version":4}`)
		try(l, rule)
	}
}

func one(a, b string) string {
	return strings.NewReplacer("XU:1", a, "XU:2", b).Replace(linkV2)
}

func soundRefusals() []refusal {
	linked := func(registered, a, b string) func(*ledger, string) {
		return sound(func(l *ledger, rule string) {
			l.given("XB/mof", "subject.registered", registered)
			l.expect(rule, "XB/mof", "subject.linked", one(a, b), version(2))
		})
	}
	noted := func(payload string) func(*ledger, string) {
		return sound(attempt("XA/mof", "asset.frozen", with(freeze, payload)))
	}
	through := func(rest string) func(*ledger, string) {
		return sound(attempt("XA/mof", "implementation.declared", `{"regime":"XU-1","mode":"through_eu",`+rest+`}`))
	}
	return []refusal{
		{"link.kinds", linked(person, "XU:1", "subject:P")},
		{"link.kinds", linked(person, "subject:P", "XU:1")},
		{"link.kinds", linked(entity, "XU:1", "subject:E")},
		{"link.kinds", linked(plane, "XU:1", "subject:A")},
		{"text.character", noted(`"note":{"text":"a\u0000b"}`)},
		{"text.character", noted(`"note":{"text":"a\rb"}`)},
		{"text.character", noted("\"note\":{\"text\":\"a\u202eb\"}")},
		{"text.character", noted(`"note":{"text":"a\u2066b"}`)},
		{"text.character", noted("\"case\":\"\ufeffC\"")},
		{"text.character", sound(func(l *ledger, rule string) {
			a := l.given("XA/mof", "asset.frozen", freeze)
			l.expect(rule, "XA/mof", "event.corrected", corrected(a, "asset.frozen", with(freeze, `"note":{"text":"\u0085"}`)))
		})},
		{"text.character", func(l *ledger, rule string) {
			unseen := strings.Replace(genesis(founder("XA", 1)), `"name":"`, `"name":"\u202e`, 1)
			newLedger(l.t).expect("", "XA/root", "coalition.founded", unseen)
			newLedger(l.t).expect(rule, "XA/root", "coalition.founded", strings.Replace(unseen, `"rules":1`, `"rules":4`, 1))
		}},
		{"text.line", sound(attempt("XB/mof", "subject.registered", strings.Replace(register, "Fictional", `Fic\ntional`, 1)))},
		{"text.line", sound(attempt("XB/mof", "subject.registered", strings.Replace(register, "Fictional", "Fic\u2028tional", 1)))},
		{"text.line", sound(attempt("XB/mof", "subject.registered", strings.Replace(entity, "9074729", `9074729\t`, 1)))},
		{"implementation.not_bound", through(`"member":"GB","valid_from":"2021"`)},
		{"implementation.not_bound", through(`"member":"GB"`)},
		{"date.order", sound(attempt("XB/mof", "implementation.declared", `{"regime":"XU-1","mode":"own_act","member":"XB","valid_from":"2010","valid_to":"2009"}`))},
		{"date.ahead", sound(func(l *ledger, rule string) {
			l.expect(rule, "XA/mof", "key.revoked", fill(`{"key_id":"$1","compromised_since":"2030-01-03"}`, pub("XA/mof").Thumbprint()))
		})},
		{"date.ahead", sound(attempt("XB/mof", "petroleum_transfer.reported", strings.Replace(petroleum, `"status"`, `"notified_on":"2029-01-04","status"`, 1)))},
		{"date.ahead", sound(attempt("XB/mof", "vessel.inspected", strings.Replace(inspection, `"result"`, `"reported_on":"2029-01-04","result"`, 1)))},
		{"date.order", sound(attempt("XB/mof", "vessel.inspected", strings.Replace(inspection, `"result"`, `"reported_on":"2026-01-03","result"`, 1)))},
		{"date.order", sound(attempt("XB/mof", "vessel.inspected", strings.Replace(inspection, `"result"`, `"report_due_on":"2026-01-03","result"`, 1)))},
		{"date.ahead", sound(func(l *ledger, rule string) {
			l.given("XA/mof", "obligation.defined", obligation)
			l.expect(rule, "XB/mof", "report.submitted", strings.Replace(report, "2026-01-04", "2029-01-04", 1))
		})},
		{"implementation.not_bound", through(`"member":"HR","valid_from":"2013-06-30"`)},
	}
}

// A ship that another list files as an entity is one with it if both bear its
// number. What a list says last counts, and what is taken back does not.
func TestKindsOfWhatIsLinked(t *testing.T) {
	l := listed(t)
	l.decide("rules.adopted", `{"version":4}`)
	const ship = `{"kind":"vessel","names":[{"text":"Fictional"}],"identifiers":[{"scheme":"imo","value":"9074729"}]}`
	l.given("XB/mof", "subject.registered", entity)
	amended := l.given("XA/mof", "designation.amended", `{"designation":"XU:1","substantive":true,"subject":`+ship+`}`)
	l.expect("", "XB/mof", "subject.linked", one("XU:1", "subject:E"), version(2))
	l.expect("link.kinds", "XB/mof", "subject.linked", one("XU:2", "subject:E"), version(2))
	l.expect("", "XB/mof", "subject.linked", strings.Replace(one("XU:2", "subject:E"), "same_as", "owns", 1), version(2))
	l.given("XA/mof", "event.corrected", corrected(amended, "designation.amended", `{"designation":"XU:1","substantive":true,"subject":`+strings.Replace(ship, "vessel", "person", 1)+`}`))
	l.expect("link.kinds", "XB/mof", "subject.linked", one("XU:1", "XU:2"), version(2))
	l.given("XA/mof", "event.withdrawn", withdrawal(amended))
	l.expect("", "XB/mof", "subject.linked", one("XU:1", "XU:2"), version(2))
}

// What is linked as one stays what can be one: by no correction, amendment or
// withdrawal does a person become the ship that another one is.
func TestLinkedSubjectsStayWhatTheyAre(t *testing.T) {
	l := listed(t)
	l.decide("rules.adopted", `{"version":4}`)
	const ship = `{"kind":"vessel","names":[{"text":"Fictional"}],"identifiers":[{"scheme":"imo","value":"9074729"}]}`
	registered := l.given("XB/mof", "subject.registered", entity)
	amended := l.given("XA/mof", "designation.amended", `{"designation":"XU:1","substantive":true,"subject":`+ship+`}`)
	linked := l.given("XB/mof", "subject.linked", one("XU:1", "subject:E"), version(2))
	l.expect("link.kinds", "XB/mof", "event.corrected", corrected(registered, "subject.registered", strings.Replace(entity, "entity", "person", 1)))
	l.expect("link.kinds", "XB/mof", "event.corrected", corrected(registered, "subject.registered", strings.Replace(entity, "9074729", "7303803", 1)))
	l.expect("link.kinds", "XA/mof", "designation.amended", `{"designation":"XU:1","substantive":true,"subject":`+strings.Replace(ship, "vessel", "person", 1)+`}`)
	l.expect("link.kinds", "XB/mof", "subject.linked", strings.Replace(one("XU:2", "subject:E"), "same_as", "alias", 1), version(2))
	l.expect("", "XA/mof", "designation.amended", `{"designation":"XU:1","substantive":true,"subject":`+strings.Replace(ship, "Fictional", "Renamed", 1)+`}`)
	l.given("XB/mof", "event.withdrawn", withdrawal(linked))
	l.expect("", "XA/mof", "event.withdrawn", withdrawal(amended))
	l.expect("", "XB/mof", "event.corrected", corrected(registered, "subject.registered", strings.Replace(entity, "entity", "person", 1)))
}

// What right-to-left names, other scripts and lines need stays.
func TestCharactersThatStay(t *testing.T) {
	l := listed(t)
	l.decide("rules.adopted", `{"version":4}`)
	for _, text := range []string{"\u200eא\u200f", "می\u200cخواهم\u200d", "김철", "\U0001F6A2", `\ud83d\udea2`, `line\n\ttwo`, `\u00e9\"\\\/`, "\u2028", "辻\U000E0100"} {
		l.expect("", "XA/mof", "asset.frozen", with(freeze, `"note":{"text":"`+text+`"}`))
	}
	for _, r := range []rune{
		0, 7, '\r', 0x1f, 0x7f, 0x80, 0x9f, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xfdd0, 0xfdef, 0xfffe, 0xffff, 0x1fffe, 0x10ffff,
		0xad, 0x34f, 0x115f, 0x200b, 0x2060, 0x3164, 0xffa0, 0xfffb, 0xe0001, 0xe0041,
	} {
		raw := string(r)
		if r < 0x20 {
			raw = fmt.Sprintf(`\u%04x`, r)
		}
		if f := l.expect("text.character", "XA/mof", "asset.frozen", with(freeze, `"note":{"text":"x`+raw+`"}`)); f != nil && f.Field != "note.text" {
			t.Errorf("%U: field %q", r, f.Field)
		}
	}
}

func TestTimeInTheUnion(t *testing.T) {
	for _, c := range []struct {
		state         Country
		day           Date
		member, bound bool
	}{
		{"FR", "1957-12-31", false, false},
		{"FR", "1958-01-01", true, true},
		{"FR", "", true, true},
		{"GB", "1972", false, false},
		{"GB", "2020-01-31", true, true},
		{"GB", "2020-02-01", false, true},
		{"GB", "2020-12-31", false, true},
		{"GB", "2021", false, false},
		{"GB", "", false, false},
		{"HR", "2013", true, true},
		{"HR", "2013-06", false, false},
		{"EU", "2020", false, false},
		{"CH", "2020", false, false},
		{"", "2020", false, false},
	} {
		if m, b := c.state.EUMemberOn(c.day), c.state.BoundThroughEUOn(c.day); m != c.member || b != c.bound {
			t.Errorf("%s on %q: member %v, bound %v; want %v, %v", c.state, c.day, m, b, c.member, c.bound)
		}
	}
	l := listed(t)
	l.decide("rules.adopted", `{"version":4}`)
	for i, rest := range []string{`"GB","valid_from":"2019-01-01"`, `"GB","valid_to":"2020-12-31"`, `"GB","valid_from":"2020-12-31"`, `"DE"`} {
		l.expect("", "XA/mof", "implementation.declared", `{"regime":"XU-1","mode":"through_eu","member":`+rest+`,"note":{"text":"`+strconv.Itoa(i)+`"}}`)
	}
}

// An agency's word on a gap neither stands in the way of another's nor ends it.
func TestGapsAreOfWhoObservesThem(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	l.given("XB/mof", "list.gap_observed", gap)
	l.expect("gap.duplicate", "XA/mof", "list.gap_observed", gap)
	l.decide("rules.adopted", `{"version":4}`)
	l.expect("gap.duplicate", "XB/mof", "list.gap_observed", gap)
	l.expect("gap.unknown", "XA/mof", "list.gap_closed", gapClosed)
	own := l.given("XA/mof", "list.gap_observed", gap)
	closed := l.given("XB/mof", "list.gap_closed", gapClosed)
	l.expect("gap.duplicate", "XA/mof", "list.gap_observed", gap)
	l.given("XB/mof", "event.withdrawn", withdrawal(closed))
	l.expect("gap.duplicate", "XB/mof", "list.gap_observed", gap)
	l.given("XA/mof", "event.withdrawn", withdrawal(own))
	l.expect("gap.unknown", "XA/mof", "list.gap_closed", gapClosed)
	l.expect("", "XB/mof", "list.gap_closed", gapClosed)
}

// What another agency closed while anybody could is closed: it does not stand
// again when gaps become each agency's own.
func TestGapClosedByAnotherStaysClosed(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	l.given("XB/mof", "list.gap_observed", gap)
	closed := l.given("XA/mof", "list.gap_closed", gapClosed)
	l.decide("rules.adopted", `{"version":4}`)
	l.expect("gap.unknown", "XB/mof", "list.gap_closed", gapClosed)
	l.given("XA/mof", "event.withdrawn", withdrawal(closed))
	l.expect("gap.duplicate", "XB/mof", "list.gap_observed", gap)
	l.given("XB/mof", "list.gap_closed", gapClosed)
	l.expect("", "XB/mof", "list.gap_observed", gap)
}

// Words for measures come with the rules: a replica of an older program must
// not be the only one to refuse them.
func TestMeasuresComeWithTheRules(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	restricted := `{"member":"XB","regime":"XU-1","mode":"own_act","measures":["maritime_restriction"]}`
	l.expect("measure.unknown", "XB/mof", "implementation.declared", restricted)
	l.decide("rules.adopted", `{"version":4}`)
	l.expect("", "XB/mof", "implementation.declared", restricted)
}

// What version 3 of the rules let in verifies for ever, though version 4
// refuses the same: auditors judge each event by the rules of its index.
func TestVersionThreeVerifiesUnderVersionFour(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	l.given("XB/mof", "subject.registered", person)
	l.given("XB/mof", "subject.linked", one("XU:1", "subject:P"), version(2))
	l.given("XA/mof", "asset.frozen", with(freeze, `"note":{"text":"a\u202eb"}`))
	l.given("XA/mof", "implementation.declared", `{"regime":"XU-1","mode":"through_eu","member":"GB","valid_from":"2022"}`)
	l.decide("rules.adopted", `{"version":4}`)
	l.expect("link.kinds", "XB/mof", "subject.linked", one("XU:2", "subject:P"), version(2))
	s := NewState()
	for _, f := range l.facts {
		if r := Admit(s, f); r != nil {
			t.Fatalf("index %d, %s: %v", f.Index, f.Type, r)
		}
		s.Apply(f)
	}
	if s.Rules() != 4 || s.Next() != l.s.Next() {
		t.Errorf("replayed %d events to version %d of the rules", s.Next(), s.Rules())
	}
}
