package domain

import (
	"strings"
	"testing"
)

func withdrawal(of string) string { return `{"target":` + of + `,"reason":"posted in error"}` }

func TestWithdrawnReleaseGivesBackItsAmount(t *testing.T) {
	l := listed(t)
	z := l.given("XA/mof", "asset.frozen", freeze) // 100.50
	first := l.given("XA/mof", "asset.unfrozen", fill(unfreezing, z, "60.25"))
	second := l.given("XA/mof", "asset.unfrozen", fill(unfreezing, z, "40.25"))
	l.expect("unfreeze.nothing_left", "XA/mof", "asset.unfrozen", fill(unfreezing, z, "0.01"))
	l.given("XA/mof", "event.withdrawn", withdrawal(first))
	l.expect("unfreeze.exceeds", "XA/mof", "asset.unfrozen", fill(unfreezing, z, "60.26"))
	l.expect("", "XA/mof", "asset.unfrozen", fill(unfreezing, z, "60.25"))
	l.given("XA/mof", "event.withdrawn", withdrawal(second))
	l.given("XA/mof", "asset.unfrozen", fill(release, z))
	l.expect("unfreeze.nothing_left", "XA/mof", "asset.unfrozen", fill(release, z))
}

func TestWithdrawnWholeReleaseFreezesAgain(t *testing.T) {
	l := listed(t)
	ship := l.given("XA/mof", "asset.frozen", `{"occurred_on":"2026-01-04","asset_kind":"vessel","regime":"XU-1"}`) // no amount
	r := l.given("XA/mof", "asset.unfrozen", fill(release, ship))
	l.expect("unfreeze.nothing_left", "XA/mof", "asset.unfrozen", fill(release, ship))
	l.given("XA/mof", "event.withdrawn", withdrawal(r))
	l.expect("", "XA/mof", "asset.unfrozen", fill(release, ship))
}

func TestCorrectedReleaseIsComparedWithTheOthers(t *testing.T) {
	l := listed(t)
	z := l.given("XA/mof", "asset.frozen", freeze)
	other := l.given("XA/mof", "asset.frozen", freeze)
	r := l.given("XA/mof", "asset.unfrozen", fill(unfreezing, z, "60"))
	l.given("XA/mof", "asset.unfrozen", fill(unfreezing, z, "40"))
	correct := func(replacement string) string {
		return `{"target":` + r + `,"type":"asset.unfrozen","version":1,"replacement":` + replacement + `,"reason":"typing error"}`
	}
	l.expect("unfreeze.exceeds", "XA/mof", "event.corrected", correct(fill(unfreezing, z, "60.51")))
	l.expect("correction.other_subject", "XA/mof", "event.corrected", correct(fill(unfreezing, other, "60")))
	l.given("XA/mof", "event.corrected", correct(fill(unfreezing, z, "10")))
	l.expect("unfreeze.exceeds", "XA/mof", "asset.unfrozen", fill(unfreezing, z, "50.51"))
	l.expect("", "XA/mof", "asset.unfrozen", fill(unfreezing, z, "50.50"))
}

func TestCorrectedFreezeKeepsItsReleases(t *testing.T) {
	l := listed(t)
	z := l.given("XA/mof", "asset.frozen", freeze)
	l.given("XA/mof", "asset.unfrozen", fill(unfreezing, z, "60"))
	l.given("XA/mof", "event.corrected", `{"target":`+z+`,"type":"asset.frozen","version":1,"replacement":`+strings.Replace(freeze, "100.50", "70", 1)+`,"reason":"r"}`)
	l.expect("unfreeze.exceeds", "XA/mof", "asset.unfrozen", fill(unfreezing, z, "10.01"))
	l.expect("", "XA/mof", "asset.unfrozen", fill(unfreezing, z, "10"))
}

func TestCorrectionIsOfTheOriginalAndMayBeRepeated(t *testing.T) {
	l := listed(t)
	a := l.given(action[0], action[1], action[2])
	l.given("XA/mof", "event.corrected", fill(correction, a))
	c := l.given("XA/mof", "event.corrected", fill(correction, a))
	r := l.expect("withdrawal.not_a_statement", "XA/mof", "event.withdrawn", withdrawal(c))
	if !strings.Contains(r.Message, "name that event itself") {
		t.Errorf("the message does not say what to name: %s", r.Message)
	}
	l.expect("target.not_a_statement", "XB/mof", "event.disputed", `{"target":`+c+`,"grounds":{"text":"g"}}`)
	l.given("XA/mof", "event.withdrawn", withdrawal(a))
	l.expect("correction.withdrawn", "XA/mof", "event.corrected", fill(correction, a))
}

func TestWithdrawingAnOldLinkLeavesTheNewOne(t *testing.T) {
	l := listed(t)
	const link = `{"a":"XU:1","b":"XU:2","relation":"same_as","reasons":["r"]}`
	const unlink = `{"a":"XU:2","b":"XU:1","relation":"same_as","reason":"r"}`
	old := l.given("XB/mof", "subject.linked", link)
	end := l.given("XB/mof", "subject.unlinked", unlink)
	l.given("XB/mof", "subject.linked", link)
	l.given("XB/mof", "event.withdrawn", withdrawal(old))
	l.given("XB/mof", "event.withdrawn", withdrawal(end))
	l.expect("link.duplicate", "XC/mof", "subject.linked", link)
	last := l.given("XB/mof", "subject.unlinked", unlink)
	l.expect("link.unknown", "XB/mof", "subject.unlinked", unlink)
	l.given("XB/mof", "event.withdrawn", withdrawal(last))
	l.expect("link.duplicate", "XC/mof", "subject.linked", link)
}

func TestWithdrawnLinkIsNotRevivedByItsEnding(t *testing.T) {
	l := listed(t)
	const link = `{"a":"XU:1","b":"XU:2","relation":"owns","reasons":["r"]}`
	made := l.given("XB/mof", "subject.linked", link)
	end := l.given("XB/mof", "subject.unlinked", `{"a":"XU:1","b":"XU:2","relation":"owns","reason":"r"}`)
	l.given("XB/mof", "event.withdrawn", withdrawal(made))
	l.given("XB/mof", "event.withdrawn", withdrawal(end))
	l.expect("", "XB/mof", "subject.linked", link)
	l.expect("link.unknown", "XB/mof", "subject.unlinked", `{"a":"XU:2","b":"XU:1","relation":"owns","reason":"r"}`)
}

func TestWithdrawnDesignationMayBeAdoptedAgain(t *testing.T) {
	l := listed(t)
	adopted := l.given("XA/mof", "designation.adopted", fill(adoption, "XU:3"))
	const remove = `{"designation":"XU:3","reason":"r"}`
	removed := l.given("XA/mof", "designation.removed", remove)
	l.given("XA/mof", "event.withdrawn", withdrawal(adopted))
	l.expect("designation.unknown", "XB/mof", "designation.transposed", fill(transposal, "XU:3", "XB"))
	l.given("XA/mof", "designation.adopted", fill(adoption, "XU:3"))
	l.given("XA/mof", "designation.removed", remove)
	l.given("XA/mof", "event.withdrawn", withdrawal(removed)) // of the earlier life
	l.expect("designation.removed", "XB/mof", "designation.transposed", fill(transposal, "XU:3", "XB"))
}

func TestRemovedDesignationIsStillReferredTo(t *testing.T) {
	l := listed(t)
	z := l.given("XB/mof", "asset.frozen", freeze)
	old := l.given("XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB"))
	l.given("XA/mof", "designation.removed", `{"designation":"XU:1","reason":"deceased"}`)
	l.expect("designation.removed", "XC/mof", "designation.transposed", fill(transposal, "XU:1", "XC"))
	l.expect("", "XB/mof", "asset.unfrozen", fill(release, z))
	l.expect("", "XB/mof", "asset.frozen", freeze)
	l.expect("", "XB/mof", "enforcement.action_taken", `{"occurred_on":"2020","kind":"penalty","designations":["XU:1"]}`)
	l.expect("", "XB/mof", "event.corrected", `{"target":`+old+`,"type":"designation.transposed","version":1,"replacement":`+fill(transposal, "XU:1", "XB")+`,"reason":"r"}`)
	l.given("XB/mof", "event.withdrawn", withdrawal(old))
	l.expect("designation.removed", "XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB"))
}

func TestWithdrawnTranspositionMayBePostedAgain(t *testing.T) {
	l := listed(t)
	at := l.s.Next()
	x := l.given("XA/mof", "designation.transposed", fill(transposal, "XU:1", "XB")) // by the custodian
	if i, ok := l.s.Transposition("XB", "XU:1"); !ok || i != at {
		t.Errorf("transposition at %d, %v; want %d", i, ok, at)
	}
	l.expect("withdrawal.foreign", "XB/mof", "event.withdrawn", withdrawal(x))
	l.given("XA/root", "event.withdrawn", withdrawal(x))
	if _, ok := l.s.Transposition("XB", "XU:1"); ok {
		t.Error("a withdrawn transposition stands")
	}
	l.expect("", "XB/mof", "designation.transposed", fill(transposal, "XU:1", "XB"))
}

func TestCorrectedDesignationChangesWhatTheStateKnows(t *testing.T) {
	l := listed(t)
	d := l.given("XA/mof", "designation.adopted", fill(adoption, "XU:3"))
	l.given("XA/mof", "event.corrected", `{"target":`+d+`,"type":"designation.adopted","version":1,"replacement":`+strings.Replace(fill(adoption, "XU:3"), "vessel", "entity", 1)+`,"reason":"r"}`)
	if got, _ := l.s.Designation("XU:3"); got.Kind != "entity" {
		t.Errorf("kind %q, want entity", got.Kind)
	}
}

func TestWithdrawnClosingReopensTheDispute(t *testing.T) {
	l := listed(t)
	a := l.given(action[0], action[1], action[2])
	d := l.given("XB/mof", "event.disputed", `{"target":`+a+`,"grounds":{"text":"g"}}`)
	l.agency("XB/navy")
	closed := l.given("XB/navy", "dispute.closed", `{"dispute":`+d+`,"outcome":"resolved"}`)
	l.expect("dispute.closed_before", "XB/mof", "dispute.closed", `{"dispute":`+d+`,"outcome":"resolved"}`)
	l.given("XB/root", "event.withdrawn", withdrawal(closed))
	l.expect("", "XB/mof", "dispute.closed", `{"dispute":`+d+`,"outcome":"unresolved"}`)
	e := l.given("XB/mof", "event.endorsed", `{"target":`+a+`}`)
	l.given("XB/mof", "event.withdrawn", withdrawal(e))
	l.given("XB/mof", "event.withdrawn", withdrawal(d))
	l.expect("dispute.withdrawn", "XB/mof", "dispute.closed", `{"dispute":`+d+`,"outcome":"resolved"}`)
}
