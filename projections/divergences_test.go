package projections

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// A ship frozen everywhere, and port-banned by some: by hand, state for state.
func TestMeasureByMeasure(t *testing.T) {
	j := given([]domain.Country{"US", "JP", "CA", "KR", "AU"})
	ship := listing("UN", "V1", "vessel", "A SHIP", "2017-01-01")
	ship.Measures = []string{"asset_freeze", "port_entry_ban"}
	j.add(transcriber, ship)
	frozen := transposed("US", "UN:V1", "2017-01-05") // freezes, and no more: open for the port ban
	frozen.Measures = []string{"asset_freeze"}
	j.add("US/treasury", frozen)
	us := j.add("US/treasury", declared("US", domain.ModeOwnAct))
	ports := declared("JP", domain.ModeGeneralProhibition, "vessel") // bans it from ports by another act
	ports.Measures = []string{"port_entry_ban"}
	jp := j.add("JP/mlit", ports)
	j.add("CA/gac", declared("CA", domain.ModeByReference))
	not := declared("CA", domain.ModeNotInForce)
	not.Measures = []string{"port_entry_ban"}
	ca := j.add("CA/gac", not)
	j.add("KR/moef", transposed("KR", "UN:V1", "2017-01-05")) // all of it
	v := j.views(-1)

	page := v.Loopholes(LoopholeQuery{})
	if page.Total != 1 || page.Pairs.DifferenceCounts != (DifferenceCounts{NotRecorded: 1, Partial: 3}) {
		t.Fatalf("%d rows, pairs %+v: of Australia nothing is recorded, three hold it in part", page.Total, page.Pairs)
	}
	got := map[string]string{}
	for _, d := range page.Loopholes[0].Partial {
		for _, m := range d.Measures {
			got[string(d.Country)+" "+m.Measure] = m.State + " " + m.Call
		}
	}
	want := map[string]string{
		"US asset_freeze": "in_force ", "US port_entry_ban": "open gap",
		"JP asset_freeze": "not_recorded not recorded", "JP port_entry_ban": "in_force ",
		"CA asset_freeze": "in_force ", "CA port_entry_ban": "declared_not_in_force gap",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("measures (-want +got):\n%s", diff)
	}

	list := v.Divergences(DivergenceQuery{})
	if list.Total != 2 || list.Divergences[1].Measure != "port_entry_ban" {
		t.Fatalf("%d rows: %+v", list.Total, list.Divergences)
	}
	row := list.Divergences[1]
	calls := map[domain.Country]string{}
	for _, l := range row.Lacking {
		calls[l.Country] = l.State + " " + l.Call
	}
	if diff := cmp.Diff(map[domain.Country]string{"US": "open gap", "CA": "declared_not_in_force gap"}, calls); diff != "" {
		t.Errorf("lacking the port ban (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]domain.Country{"JP", "KR"}, row.InForce); diff != "" || row.HolderCount != 2 || len(row.NotRecorded) != 1 {
		t.Errorf("in force (-want +got):\n%s and not recorded in %v", diff, row.NotRecorded)
	}
	for _, e := range []uint64{us, jp, ca} {
		if !slices.Contains(row.Events, e) {
			t.Errorf("event %d is not behind %v", e, row.Events)
		}
	}
	if gaps := v.Divergences(DivergenceQuery{LoopholeQuery: LoopholeQuery{GapsOnly: true, State: "CA"}, Measure: "port_entry_ban"}); gaps.Total != 1 || gaps.Pairs.Gaps != 1 {
		t.Errorf("Canada's gaps: %+v", gaps.Pairs)
	}
	if one := v.Divergences(DivergenceQuery{Measure: "travel_ban"}); one.Total != 0 {
		t.Errorf("%d rows of a measure that nothing bears", one.Total)
	}
	first := v.Divergences(DivergenceQuery{LoopholeQuery: LoopholeQuery{Page: Page{Limit: 1}}})
	next := v.Divergences(DivergenceQuery{LoopholeQuery: LoopholeQuery{Page: Page{Limit: 1, Cursor: first.Next}}})
	if first.Next != "UN:V1|asset_freeze" || len(next.Divergences) != 1 || next.Divergences[0].Measure != "port_entry_ban" || next.Next != "" {
		t.Errorf("pages: %q, then %+v", first.Next, next.Divergences)
	}
}
