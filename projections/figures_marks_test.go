package projections

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// A disputed act makes one of the values disputed that a median is of, not the
// median; of an act with several entries, once.
func TestMediansSayHowManyValuesAreDisputed(t *testing.T) {
	j := given([]domain.Country{"JP"})
	var acts []uint64
	for _, ref := range []string{"1", "2", "3"} {
		j.add(transcriber, listing("UN", ref, "entity", "E", "2017-06-01"))
		b := transposed("JP", "UN:"+ref, "2017-06-05")
		b.Notice = "MOFA-1"
		acts = append(acts, j.add("JP/mof", b))
	}
	j.dispute("XA/mof", acts[0])
	j.dispute("XA/mof", acts[1])
	v, q := j.views(-1), Query{On: "2018-01-01"}
	entry := figureOf(t, v, "JP", "duties.lag_per_entry.UN-DPRK", q)
	if entry.Text != "4 days, median of 3 values, of which 2 disputed" || entry.Values != 3 || entry.ValuesDisputed != 2 || entry.Disputed != 2 {
		t.Errorf("per entry: %q of %d values, %d disputed", entry.Text, entry.Values, entry.ValuesDisputed)
	}
	notice := figureOf(t, v, "JP", "duties.lag_per_notice.UN-DPRK", q)
	if notice.Text != "4 days, median of 1 value, of which 1 disputed" || notice.Disputed != 2 {
		t.Errorf("per notice: %q", notice.Text)
	}
}

// The share of disputed statements is of those that had happened by the day.
func TestDisputedShareIsOfTheDay(t *testing.T) {
	j := given([]domain.Country{"JP"})
	act := func(on domain.Date) uint64 {
		return j.add("JP/mof", domain.EnforcementActionTaken{Common: domain.Common{OccurredOn: on}, Kind: "penalty"})
	}
	early, late := act("2018-01-01"), act("2020-01-01")
	j.dispute("XA/mof", late)
	for day, want := range map[domain.Date]string{
		"2019-01-01": "0 of 1 statements", "2021-01-01": "1 of 2 statements, of which 1 disputed", "": "1 of 2 statements, of which 1 disputed",
	} {
		f := figureOf(t, j.views(-1), "JP", "data_quality.disputed", Query{On: day})
		if f.Text != want || f.OfEvents == nil || f.OfEvents.Indexes[0] != early || f.OfEvents.Total != *f.Of {
			t.Errorf("on %s: %q of %+v, want %q", day, f.Text, f.OfEvents, want)
		}
	}
}

// Of a figure that is counted out of more than the events behind it, those are
// named too: as many, and the events behind it among them.
func TestFiguresNameTheEventsOfTheirDenominator(t *testing.T) {
	states := manyStates()[:5]
	q, seen := Query{On: "2024-06-05"}, 0
	v := busy(wide(states, 300, 60), states).views(-1)
	for _, c := range states {
		s := v.frame(q).sheet(c)
		s.workOut(nil, "")
		for _, f := range s.figures {
			alone := figureOf(t, v, c, f.Path, q)
			if (f.of == nil) != (alone.OfEvents == nil) {
				t.Errorf("%s %s: %d behind it, alone %+v", c, f.Path, len(f.of), alone.OfEvents)
			}
			if f.of == nil {
				continue
			}
			seen++
			exact := f.Indicator != 5 && f.Indicator != 28 // several lists name one ship; declarations cover many
			if exact && len(f.of) != *f.Of || exact && slices.ContainsFunc(f.events, func(e uint64) bool { return !slices.Contains(f.of, e) }) {
				t.Errorf("%s %s: %d of %d, and %d events of %d", c, f.Path, *f.Count, *f.Of, len(f.events), len(f.of))
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d figures name them", seen)
	}
}

// What states declare of the EU stands beside what is recorded of the EU itself,
// and declares nothing in its name.
func TestTheEUShowsWhoHoldsThroughIt(t *testing.T) {
	j := given([]domain.Country{"DE", "EU", "FR", "JP", "SE"})
	j.add(transcriber, listing("UN", "1", "entity", "E", "2017-01-01"))
	de := j.add("DE/bafa", declared("DE", domain.ModeThroughEU))
	fr := j.add("FR/tresor", declared("FR", domain.ModeThroughEU))
	j.add("JP/mof", declared("JP", domain.ModeByReference))
	v := j.views(-1)
	check := func(where string, got *ThroughEU) {
		t.Helper()
		if got == nil || got.Count != 2 || !slices.Equal(got.States, []domain.Country{"DE", "FR"}) || !slices.Equal(got.Events.Indexes, []uint64{de, fr}) {
			t.Errorf("%s: %+v", where, got)
		}
	}
	eu := mustCompliance(t, v, "EU", Query{})
	if eu.Recorded || eu.Regimes[0].Counts.NotRecorded != 1 || len(eu.Regimes[0].Modes) != 0 {
		t.Errorf("something is recorded of the EU itself: %+v", eu.Regimes[0])
	}
	check("compliance", eu.Regimes[0].Through)
	for _, row := range v.Countries(Query{}).Countries {
		if row.Country == "EU" {
			check("countries", row.Regimes[0].Through)
		} else if row.Regimes[0].Through != nil {
			t.Errorf("%s shows it", row.Country)
		}
	}
	check("matrix", v.Matrix(MatrixQuery{State: "EU"}).Rows[0].Through)
	for _, m := range v.Loopholes(LoopholeQuery{State: "EU"}).Loopholes[0].Missing {
		check("loopholes", m.Through)
	}
	if got := mustCompliance(t, v, "EU", Query{AsOf: &fr}).Regimes[0].Through; got.Count != 2 {
		t.Errorf("as known then: %+v", got)
	}
	if got := mustCompliance(t, v, "EU", asOf(de-1)).Regimes[0].Through; got != nil {
		t.Errorf("before any declared so: %+v", got)
	}
}
