package projections

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestWhatWasKnownIsToldWithWhatBecameOfIt(t *testing.T) {
	j := given([]domain.Country{"XA", "XB"})
	listed := j.add(transcriber, listing("UN", "T.001", "entity", "Fictional Trading", "2026-01-02"))
	other := j.add(transcriber, listing("UN", "T.002", "entity", "Other", "2026-01-02"))
	action := j.add("XB/mof", domain.EnforcementActionTaken{Kind: "penalty", Designations: []string{"UN:T.001"}})
	slip := j.add("XB/mof", domain.EnforcementActionTaken{Kind: "warning", Designations: []string{"UN:T.001"}})
	j.withdraw(slip)
	withdrawal := slip + 1
	asOf := withdrawal
	dispute := j.dispute("XA/mof", action)
	j.correct(listed, listing("UN", "T.001", "entity", "Fictional Trading Ltd", "2026-01-02"))
	correction := dispute + 1
	revoked := j.addKeyed("XB/mof", "key of XB/mof", domain.KeyRevoked{KeyID: "key of XB/mof", CompromisedSince: "2026-03-01"})
	repudiated := j.add("XB/root", domain.EventsRepudiated{Agency: "XB/mof", FromIndex: action, ToIndex: action, Reason: "not by us"})
	j.add("XB/mof", domain.EnforcementActionTaken{Kind: "penalty", Designations: []string{"UN:T.001"}}) // a new fact, not about an old one

	v := j.views(-1)
	k, ok := v.Knowledge("UN:T.001", Query{AsOf: &asOf, On: "2026-03-01"})
	if !ok {
		t.Fatal("the subject is not known")
	}
	if k.Known.Name != "Fictional Trading" || k.Known.EventsTotal != 4 || k.Known.AsOf != asOf {
		t.Errorf("got %+v", k.Known)
	}
	for _, e := range []uint64{listed, action, slip, withdrawal} {
		if !slices.Contains(k.Events, e) {
			t.Errorf("event %d is missing in %v", e, k.Events)
		}
	}
	if slices.Contains(k.Events, other) || slices.Max(k.Events) > asOf {
		t.Errorf("got %v, which has what is not about it or was not known", k.Events)
	}
	want := []Later{
		{dispute, action, LaterDisputed},
		{correction, listed, LaterCorrected},
		{revoked, action, LaterContested},
		{revoked, slip, LaterContested},
		{revoked, withdrawal, LaterContested},
		{repudiated, action, LaterRepudiated},
	}
	if diff := cmp.Diff(want, k.Later); diff != "" {
		t.Errorf("later (-want +got):\n%s", diff)
	}

	// The same question to a ledger that stood there then: same answer, nothing later.
	then, _ := j.views(int(asOf)+1).Knowledge("UN:T.001", Query{AsOf: &asOf, On: "2026-03-01"})
	if diff := cmp.Diff(then.Known, k.Known); diff != "" || !slices.Equal(then.Events, k.Events) || len(then.Later) != 0 {
		t.Errorf("asked then: %v, later %v, %s", then.Events, then.Later, diff)
	}
	if _, ok := v.Knowledge("UN:T.009", Query{}); ok {
		t.Error("an unknown subject was known")
	}
}
