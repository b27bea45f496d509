package domain

import (
	"slices"
	"strings"
	"testing"
)

// A member speaks for itself, the custodian transcribes, and of third states
// any agency reports, saying how sure it is.
func TestWhoMayTellOfAnAct(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	of := func(state, confidence string) string {
		return strings.Replace(inspection, "{", `{"member":"`+state+`","confidence":"`+confidence+`",`, 1)
	}
	l.expect("", "XB/mof", "vessel.inspected", inspection)
	l.expect("", "XB/mof", "vessel.inspected", of("XB", ""))
	l.expect("", "XA/mof", "vessel.inspected", of("XC", "")) // transcribed by the custodian
	l.expect("authority.not_custodian", "XB/mof", "vessel.inspected", of("XC", "confirmed"))
	l.expect("", "XB/mof", "vessel.inspected", of("XE", "alleged"))
	l.expect("", "XA/mof", "vessel.inspected", strings.Replace(of("XC", ""), `"regime":"XU-1"`, `"designations":["XU:1"]`, 1))
}

func TestReportsSealDetail(t *testing.T) {
	l := sealing(t)
	l.adoptRules()
	at := l.s.Next()
	l.given("XA/mof", "vessel.observed", holding(sighting, item(1, tip, "XB/mof")))
	if got := l.s.SealedBy(at); len(got) != 1 {
		t.Errorf("bound %+v", got)
	}
}

func TestConcernsAddsFlagsOnce(t *testing.T) {
	b := VesselIdentityChanged{Old: VesselIdentity{Flag: "XE"}, New: VesselIdentity{Flag: "false"}}
	b.Concerning = []Country{"XF", "XE"}
	if got := b.Concerns(); !slices.Equal(got, []Country{"XF", "XE"}) {
		t.Errorf("concerns %v", got)
	}
}

func TestReportIsCorrectedAndWithdrawn(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	a := l.given("XB/mof", "vessel.inspected", inspection)
	l.given("XB/mof", "event.corrected", `{"target":`+a+`,"type":"vessel.inspected","version":1,"replacement":`+strings.Replace(inspection, "nothing_found", "goods_found", 1)+`,"reason":"r"}`)
	l.given("XB/root", "event.withdrawn", withdrawal(a))
}
