package projections

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// An EU listing is in force in a state on the days on which EU acts bound it.
func TestEUListingsBindMembersOfTheDay(t *testing.T) {
	j := given([]domain.Country{"XA", "DE", "EU", "GB", "HR"}, "EU")
	j.add(transcriber, listing("EU", "1", "person", "P", "2010-01-01"))
	v := j.views(-1)
	for c, days := range map[domain.Country]map[domain.Date]bool{
		"DE": {"2010-01-01": true, "": true},
		"GB": {"2020-01-31": true, "2020-12-31": true, "2021-01-01": false, "": false},
		"HR": {"2013-06-30": false, "2013-07-01": true},
	} {
		for day, bound := range days {
			want := Counts{Listed: 1, NotRecorded: 1}
			if bound {
				want = Counts{Listed: 1, Covered: 1}
			}
			if got := countsOf(t, mustCompliance(t, v, c, Query{On: day}), "EU-DPRK"); got != want {
				t.Errorf("%s on %q: %+v, want %+v", c, day, got, want)
			}
		}
	}
}

func TestEUMembershipIsOfTheDay(t *testing.T) {
	v := given([]domain.Country{"XA", "GB", "HR"}).views(-1)
	for day, want := range map[domain.Date]map[domain.Country]bool{
		"2010-01-01": {"GB": true, "HR": false}, "2020-02-01": {"GB": false, "HR": true}, "": {"GB": false, "HR": true},
	} {
		for _, row := range v.Countries(Query{On: day}).Countries {
			if row.EUMember != want[row.Country] {
				t.Errorf("%s on %q: member %v", row.Country, day, row.EUMember)
			}
		}
	}
}

// What was declared without an end ends with the time in which EU acts bound.
func TestThroughTheEUEndsWithTheUnion(t *testing.T) {
	j := given([]domain.Country{"XA", "GB"})
	j.add(transcriber, listing("UN", "1", "person", "P", "2010-01-01"))
	j.add("GB/ofsi", declared("GB", domain.ModeThroughEU))
	v := j.views(-1)
	for day, want := range map[domain.Date]Counts{
		"2020-12-31": {Listed: 1, Covered: 1}, "2021-01-01": {Listed: 1, NotRecorded: 1},
	} {
		if got := countsOf(t, mustCompliance(t, v, "GB", Query{On: day}), "UN-DPRK"); got != want {
			t.Errorf("on %s: %+v, want %+v", day, got, want)
		}
	}
}
