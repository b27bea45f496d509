package domain

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What was signed in an old version reads as the newest, says nothing that it
// did not say, and is admitted as before.
func TestUpcast(t *testing.T) {
	e, r := Decode(Header{Type: "subject.linked", Version: 1}, []byte(golden(t, "subject.linked", "")))
	if r != nil {
		t.Fatal(r)
	}
	want := SubjectLinked{A: "XU:S.001", B: "XU:S.002", Relation: "same_as", Basis: "unstated", Reasons: []string{"same IMO number"}}
	if d := cmp.Diff(Body(want), e.Body); d != "" {
		t.Error(d)
	}
	e, r = Decode(Header{Type: "subject.unlinked", Version: 1}, []byte(golden(t, "subject.unlinked", "")))
	if r != nil {
		t.Fatal(r)
	}
	if b, ok := e.Body.(SubjectUnlinked); !ok || len(b.Reasons) != 1 || b.Reasons[0] != "The number was a typing error." {
		t.Errorf("got %+v", e.Body)
	}
	if body, version, _ := New("subject.linked"); version != 2 || body == nil {
		t.Errorf("the newest is version %d, %T", version, body)
	}
}

// Old and new versions are of one type: they end, correct and withdraw each other.
func TestVersionsOfOneTypeMeet(t *testing.T) {
	const linkV1 = `{"a":"XU:2","b":"XU:1","relation":"same_as","reasons":["r"]}`
	l := listed(t)
	first := l.given("XB/mof", "subject.linked", linkV1)
	l.adoptRules()
	l.expect("link.duplicate", "XB/mof", "subject.linked", linkV2, version(2))
	correct := func(version string, by string) string {
		return `{"target":` + first + `,"type":"subject.linked","version":` + version + `,"replacement":` + by + `,"reason":"r"}`
	}
	l.given("XB/mof", "event.corrected", correct("2", linkV2))
	l.given("XB/mof", "event.corrected", correct("1", linkV1))
	l.expect("type.unknown_version", "XB/mof", "event.corrected", correct("3", linkV2))
	l.expect("payload.unknown_member", "XB/mof", "event.corrected", correct("1", linkV2))
	end := l.given("XB/mof", "subject.unlinked", `{"a":"XU:1","b":"XU:2","relation":"same_as","basis":"document","reasons":["r"]}`, version(2))
	l.expect("", "XB/mof", "subject.linked", linkV2, version(2))
	l.given("XB/mof", "event.withdrawn", withdrawal(end))
	l.expect("", "XB/mof", "subject.unlinked", `{"a":"XU:1","b":"XU:2","relation":"same_as","reason":"r"}`)
	l.given("XB/mof", "event.withdrawn", withdrawal(first))
	l.expect("", "XB/mof", "subject.linked", linkV1)
}

func TestReinstatedDesignationIsTransposedAnew(t *testing.T) {
	l := listed(t)
	transpose := fill(transposal, "XU:1", "XB")
	l.adoptRules()
	l.given("XB/mof", "designation.transposed", transpose)
	gone := l.given("XA/mof", "designation.removed", remove)
	l.expect("designation.removed", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
	back := l.given("XA/mof", "designation.reinstated", reinstate)
	l.given("XB/mof", "designation.transposed", transpose)
	l.expect("transposition.duplicate", "XB/mof", "designation.transposed", transpose)
	l.expect("", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
	again := l.given("XA/mof", "designation.removed", remove)
	l.expect("designation.removed", "XA/mof", "designation.removed", remove)
	l.given("XA/mof", "event.withdrawn", withdrawal(again))
	l.expect("designation.stands", "XA/mof", "designation.reinstated", reinstate)
	l.given("XA/mof", "event.withdrawn", withdrawal(back)) // the first removal stands again
	l.expect("designation.removed", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
	l.given("XA/mof", "event.withdrawn", withdrawal(gone))
	l.expect("", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
}

func TestSuspendedDesignation(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	stay := l.given("XA/mof", "designation.suspended", suspend)
	gone := l.given("XA/mof", "designation.removed", remove) // what is suspended may be removed
	l.given("XA/mof", "event.withdrawn", withdrawal(gone))
	l.expect("designation.suspended", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
	l.given("XA/mof", "event.withdrawn", withdrawal(stay))
	l.expect("", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
	l.given("XA/mof", "designation.suspended", suspend)
	l.given("XA/mof", "designation.reinstated", reinstate)
	l.expect("", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
	if d, _ := l.s.Designation("XU:1"); d.ReinstatedAt == 0 || d.SuspendedAt != 0 || d.RemovedAt != 0 {
		t.Errorf("stands as %+v", d.Standing)
	}
}

func TestGapsAndSubjectsAreRetracted(t *testing.T) {
	l := listed(t)
	l.adoptRules()
	open := l.given("XB/mof", "list.gap_observed", gap)
	closed := l.given("XC/mof", "list.gap_closed", gapClosed)
	l.expect("", "XB/mof", "list.gap_observed", gap)
	l.given("XC/mof", "event.withdrawn", withdrawal(closed))
	l.expect("gap.duplicate", "XB/mof", "list.gap_observed", gap)
	l.given("XB/mof", "event.withdrawn", withdrawal(open))
	l.expect("gap.unknown", "XC/mof", "list.gap_closed", gapClosed)
	l.expect("", "XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB")) // a gap delists nothing

	s := l.given("XB/mof", "subject.registered", register)
	to := strings.Replace(linkV2, "XU:2", "subject:17", 1)
	l.expect("", "XB/mof", "subject.linked", to, version(2))
	l.given("XB/mof", "event.withdrawn", withdrawal(s))
	l.expect("subject.unknown", "XB/mof", "subject.linked", to, version(2))
	l.expect("", "XC/mof", "subject.registered", register)
}

// Corrections of what came with the third version of the rules are no exception.
func TestShapeOfCorrections(t *testing.T) {
	l := sealing(t)
	l.adoptRules()
	seen := holding(sighting, item(1, tip, "XB/mof"))
	a := l.given("XA/mof", "vessel.observed", seen)
	b := l.given("XA/mof", "subject.linked", linkV2, version(2))
	for _, c := range [][4]string{{a, "vessel.observed", "1", seen}, {b, "subject.linked", "2", linkV2}} {
		f := l.fact("XA/mof", "event.corrected", fill(`{"target":$1,"type":"$2","version":$3,"replacement":$4,"reason":"r"}`, c[0], c[1], c[2], c[3]))
		e, r := Decode(f.Header, f.Payload)
		if r = first(r, Admit(l.s, f), CheckShape(e, f.Time())); r != nil {
			t.Errorf("%s: %v", c[1], r)
		}
	}
}
