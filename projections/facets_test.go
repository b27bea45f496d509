package projections

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func (j *journal) facets(t *testing.T, i uint64) []string {
	t.Helper()
	list, ok := j.views(-1).Facets(i)
	if !ok {
		t.Fatalf("no facets of %d", i)
	}
	var out []string
	for _, f := range list {
		out = append(out, f.Kind+" "+f.Value)
	}
	return out
}

func TestFacetsOfActsAndWhatIsSaidOfThem(t *testing.T) {
	j := given([]domain.Country{"JP", "US"}, "US")
	b := listing("UN", "V.1", "vessel", "STAR", "2017-01-01")
	b.Subject.Identifiers = []domain.Identifier{{Scheme: "imo", Value: "9159787"}}
	listed := j.add(transcriber, b)
	own := listing("US", "V.9", "vessel", "STAR", "2017-01-01")
	own.Basis = "UN:V.1"
	j.add("US/ofac", own)
	j.add("US/ofac", drawLink("UN:V.1", "US:V.9"))
	stop := domain.InterdictionExecuted{Outcome: "detained", Subject: ship(), FlagClaimed: "PA", Concerning: []domain.Country{"KP"}, Place: domain.Place{City: "Busan"}}
	stop.Case = "case-1"
	act := j.add("JP/coast-guard", stop)
	freeze := j.add("US/ofac", domain.AssetFrozen{AssetKind: "account", Designations: []string{"US:V.9"}})
	want := func(i uint64, all ...string) {
		t.Helper()
		got := j.facets(t, i)
		for _, w := range all {
			if !slices.Contains(got, w) {
				t.Errorf("event %d lacks %q in %q", i, w, got)
			}
		}
	}
	want(listed, "type designation.adopted", "subject UN:V.1", "subject 9159787", "regime UN-DPRK", "measure asset_freeze", "member XA")
	want(act, "subject 9159787", "subject UN:V.1", "subject US:V.9", "flag PA", "port Busan", "member JP", "member KP", "case case-1", "regime UN-DPRK")
	want(freeze, "subject US:V.9", "subject UN:V.1", "subject 9159787", "regime US-DPRK")
	dispute := j.dispute("US/navy", act)
	want(dispute, "type event.disputed", "member US", "member JP", "flag PA", "case case-1")
	want(j.add("JP/coast-guard", domain.DisputeAnswered{Dispute: j.ref(dispute), Answer: "rejected"}), "flag PA", "case case-1")
	stop.Case = "case-2"
	moved := j.correct(act, stop)
	want(moved, "case case-1", "case case-2", "type event.corrected")
	if got := j.facets(t, act); slices.Contains(got, "case case-2") {
		t.Errorf("the event is about what only its correction says: %q", got)
	}
	wallet := domain.WalletAttributed{Wallet: domain.Wallet{Address: "1Ore", Chain: "XBT"}, Subject: "UN:V.1"}
	want(j.add("US/ofac", wallet), "subject 1Ore", "subject UN:V.1", "regime UN-DPRK")
	if _, ok := j.views(-1).Facets(9999); ok {
		t.Error("facets of an event that is not known")
	}
}

// What an event is about does not change by what is recorded later.
func TestFacetsStayAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJournal(t)
		i := rapid.IntRange(0, len(j.facts)-1).Draw(t, "event")
		fresh, _ := j.views(i + 1).Facets(uint64(i))
		full, _ := j.views(-1).Facets(uint64(i))
		if !slices.Equal(fresh, full) {
			t.Fatalf("event %d: %v when recorded, %v now", i, fresh, full)
		}
	})
}

// BenchmarkFacets takes listings, transpositions and acts in turn.
func BenchmarkFacets(b *testing.B) {
	v := large(20_000, 3_000).views(-1)
	i := uint64(0)
	for b.Loop() {
		i = (i + 7919) % v.Size()
		v.Facets(i)
	}
}
