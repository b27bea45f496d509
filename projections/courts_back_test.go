package projections

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Worked out by hand by the days: annulled for three years, listed from
// the ruling to the end of its stay, annulled again; a challenge shows with the
// ruling on it.
func TestStatusSinceAroundAStay(t *testing.T) {
	j := given([]domain.Country{"DE"}, "EU")
	j.onDay("2017-01-02", transcriber, listing("EU", "1", "person", "P", "2017-01-01"))
	b := annulled("EU", "EU:1", "2020-01-01", "2017-01-01")
	b.StayedUntil = "2020-03-11"
	filed := j.onDay("2018-05-02", "EU/council", domain.ChallengeFiled{ContestedAct: b.ContestedAct, Seeks: "annulment", FiledOn: "2018-05-01"})
	ruled := j.onDay("2020-01-02", "EU/council", b)
	later := j.onDay("2020-06-01", "JP/mof", domain.ListGapObserved{Designation: "EU:9"})
	v := j.views(-1)
	for _, c := range []struct {
		at     uint64
		on     domain.Date
		status string
		since  domain.Date
		steps  []string
	}{
		{ruled, "2018-04-01", StatusListed, "2017-01-01", []string{}},
		{ruled, "2020-02-01", StatusListed, "2017-01-01", []string{"decided", RulingStayed}}, // it waits: nothing was ever taken
		{later, "2018-04-01", StatusAnnulled, "2017-01-01", []string{"decided", RulingInEffect}},
		{later, "2019-12-31", StatusAnnulled, "2017-01-01", []string{"decided", RulingInEffect}},
		{later, "2020-01-01", StatusListed, "2020-01-01", []string{"decided", RulingStayed}},
		{later, "2020-03-11", StatusListed, "2020-01-01", []string{"decided", RulingStayed}},
		{later, "2020-03-12", StatusAnnulled, "2020-03-12", []string{"decided", RulingInEffect}},
		{filed, "2019-01-01", StatusListed, "2017-01-01", []string{"pending"}},
	} {
		d, _ := v.Designation("EU:1", asOfOn(c.at, c.on))
		steps := []string{}
		for _, s := range d.Court {
			steps = append(steps, s.State)
		}
		if d.Status != c.status || d.StatusSince != c.since || !slices.Equal(steps, c.steps) {
			t.Errorf("on %s as of %d: %s since %s, steps %q; want %s since %s, %q", c.on, c.at, d.Status, d.StatusSince, steps, c.status, c.since, c.steps)
		}
	}
}
