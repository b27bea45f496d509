package projections

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// published reads one of the demonstration's tables of public facts.
func published(t testing.TB, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile("../cmd/ledgerd/demodata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(strings.TrimRight(line, "\n"), "\t"))
		}
	}
	return rows[1:]
}

// japan is the UN's list and Japan's notices, as published.
func japan(t testing.TB) *journal {
	j := given([]domain.Country{"JP", "XA", "US"})
	j.add(transcriber, declared("JP", domain.ModeOwnAct))
	for _, row := range published(t, "un_dprk.tsv") {
		j.add(transcriber, listing("UN", row[0], row[1], row[2], domain.Date(row[3])))
	}
	for _, row := range published(t, "jp_transpositions.tsv") {
		b := transposed("JP", "UN:"+row[0], domain.Date(row[1]))
		b.NationalRef = row[2]
		b.Entry = &domain.Subject{Kind: "entity", Names: []domain.Name{{Text: row[3], Script: "Jpan"}}}
		j.add(transcriber, b)
	}
	return j
}

func TestJapanOnADay(t *testing.T) {
	v := japan(t).views(-1)
	got := mustCompliance(t, v, "JP", Query{On: "2017-06-05"})
	if diff := cmp.Diff(Counts{Listed: 99, Transposed: 81, Open: 18}, countsOf(t, got, "UN-DPRK")); diff != "" {
		t.Errorf("counts on 2017-06-05 (-want +got):\n%s", diff)
	}
	backlog := got.Regimes[0].Backlog
	if backlog == nil || backlog.Open != 18 || len(backlog.Entries) != 18 || *backlog.Oldest < 0 {
		t.Errorf("backlog %+v, want 18 entries with ages", backlog)
	}
	f := figureOf(t, v, "JP", "duties.transposition.UN-DPRK", Query{On: "2017-06-05"})
	if f.Text != "81 of 99 designations" || f.Events.Total != 81 || len(f.Events.Indexes) != 81 || f.Transcribed != 81 {
		t.Errorf("figure %q with %d events, %d transcribed", f.Text, f.Events.Total, f.Transcribed)
	}
}

// What a state transposed is no word on what it has not: without a declared way
// the rest is not recorded, and there is no share.
func TestActsAloneMakeNothingOpen(t *testing.T) {
	j := given([]domain.Country{"JP"})
	for i := range 3 {
		j.add(transcriber, listing("UN", "KPi.00"+strconv.Itoa(i), "person", "A PERSON", "2017-01-01"))
	}
	j.add("JP/mofa", transposed("JP", "UN:KPi.000", "2017-01-03"))
	day := Query{On: "2018-01-01"}
	v := j.views(-1)
	if got := countsOf(t, mustCompliance(t, v, "JP", day), "UN-DPRK"); got != (Counts{Listed: 3, Transposed: 1, NotRecorded: 2}) {
		t.Errorf("counts %+v, want 1 transposed and 2 not recorded", got)
	}
	if f := figureOf(t, v, "JP", "duties.transposition.UN-DPRK", day); f.Text != "1 designations" || f.Of != nil || !strings.Contains(f.Formula, "implementation.declared") {
		t.Errorf("figure %q of %v: %s", f.Text, f.Of, f.Formula)
	}
	if f := figureOf(t, v, "JP", "duties.backlog.UN-DPRK", day); !strings.HasPrefix(f.Text, "not enough data") || f.Count != nil {
		t.Errorf("backlog %q, want none", f.Text)
	}
	j.add("JP/mofa", declared("JP", domain.ModeOwnAct))
	v = j.views(-1)
	if f := figureOf(t, v, "JP", "duties.transposition.UN-DPRK", day); f.Text != "1 of 3 designations" {
		t.Errorf("once declared: %q", f.Text)
	}
	if f := figureOf(t, v, "JP", "duties.backlog.UN-DPRK", day); f.Text != "2 designations" {
		t.Errorf("once declared: backlog %q", f.Text)
	}
}

func TestJapanLags(t *testing.T) {
	got := mustCompliance(t, japan(t).views(-1), "JP", Query{On: "2026-03-05"})
	entry, notice := got.Regimes[0].PerEntry, got.Regimes[0].PerNotice
	if entry == nil || entry.Count != 155 || entry.Median != 9 || entry.Max != 29 {
		t.Errorf("per entry %+v, want 155 with median 9 and max 29", entry)
	}
	if notice == nil || notice.Count != 13 {
		t.Errorf("per notice %+v, want 13", notice)
	}
	if n := len(got.Regimes[0].Conflicts); n == 0 {
		t.Error("no date conflict, want the notice for KPi.063, dated 26 days before the listing")
	}
	sum := 0
	for _, bin := range entry.Histogram {
		sum += bin.Count
	}
	if sum != entry.Count {
		t.Errorf("the histogram holds %d of %d lags", sum, entry.Count)
	}
}

func TestSilenceIsNotNonCompliance(t *testing.T) {
	v := japan(t).views(-1)
	got := mustCompliance(t, v, "US", Query{On: "2026-03-05"})
	if diff := cmp.Diff(Counts{Listed: 155, NotRecorded: 155}, countsOf(t, got, "UN-DPRK")); diff != "" {
		t.Errorf("a state of which nothing is recorded (-want +got):\n%s", diff)
	}
	if got.Recorded || got.Regimes[0].Backlog != nil {
		t.Errorf("recorded %v, backlog %v: want none", got.Recorded, got.Regimes[0].Backlog)
	}
	for _, f := range got.Duties {
		if f.measured() || f.Count != nil || f.Value != "" {
			t.Errorf("%s is %q, want a reason why there is no number", f.Path, f.Text)
		}
	}
	if _, ok := v.Compliance("FR", Query{}); ok {
		t.Error("a view of a state that nobody watches")
	}
}

func TestModes(t *testing.T) {
	listed := func(modes ...domain.ImplementationDeclared) *journal {
		j := given([]domain.Country{"CA", "XA", "DE", "EU", "GB"})
		for i, kind := range []string{"person", "entity", "vessel"} {
			j.add(transcriber, listing("UN", fmt.Sprint("KP.", i), kind, "NAME "+kind, "2017-01-01"))
		}
		for _, m := range modes {
			j.add(transcriber, m)
		}
		return j
	}
	until := declared("GB", domain.ModeThroughEU)
	until.ValidTo = "2020-12-31"
	since := declared("GB", domain.ModeOwnAct)
	since.ValidFrom = "2021-01-01"
	for name, c := range map[string]struct {
		modes   []domain.ImplementationDeclared
		country domain.Country
		on      domain.Date
		want    Counts
	}{
		"by reference is not late":       {[]domain.ImplementationDeclared{declared("CA", domain.ModeByReference)}, "CA", "2017-01-02", Counts{Listed: 3, Covered: 3}},
		"declared not in force":          {[]domain.ImplementationDeclared{declared("CA", domain.ModeNotInForce)}, "CA", "", Counts{Listed: 3, NotInForce: 3}},
		"own act leaves the rest open":   {[]domain.ImplementationDeclared{declared("CA", domain.ModeOwnAct)}, "CA", "", Counts{Listed: 3, Open: 3}},
		"through the EU":                 {[]domain.ImplementationDeclared{declared("DE", domain.ModeThroughEU)}, "DE", "", Counts{Listed: 3, Covered: 3}},
		"the EU itself is silent":        {[]domain.ImplementationDeclared{declared("DE", domain.ModeThroughEU)}, "EU", "", Counts{Listed: 3, NotRecorded: 3}},
		"one kind by a general act":      {[]domain.ImplementationDeclared{declared("CA", domain.ModeOwnAct), declared("CA", domain.ModeGeneralProhibition, "vessel")}, "CA", "", Counts{Listed: 3, Open: 2, Covered: 1}},
		"before the end of a membership": {[]domain.ImplementationDeclared{until, since}, "GB", "2020-12-31", Counts{Listed: 3, Covered: 3}},
		"after the end of a membership":  {[]domain.ImplementationDeclared{until, since}, "GB", "2021-01-01", Counts{Listed: 3, Open: 3}},
		"before anything was listed":     {[]domain.ImplementationDeclared{until, since}, "GB", "2016-12-31", Counts{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := mustCompliance(t, listed(c.modes...).views(-1), c.country, Query{On: c.on})
			if diff := cmp.Diff(c.want, countsOf(t, got, "UN-DPRK")); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDisputedStaysVisible(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"})
	un := j.add(transcriber, listing("UN", "KPe.001", "entity", "A TRADING CO", "2017-01-01"))
	act := domain.EnforcementActionTaken{Kind: "penalty", Designations: []string{"UN:KPe.001"}}
	act.OccurredOn = "2017-02-01"
	first := j.add("JP/mof", act)
	j.add("JP/mof", act)
	d := j.dispute("US/state", first)
	j.add("JP/mof", domain.ExplanationGiven{Figure: "activity.enforcement.penalty", Text: domain.Text{Text: "both are final"}})
	j.add("JP/mof", domain.ExplanationGiven{Figure: "activity", Text: domain.Text{Text: "counted by day of decision"}})
	f := figureOf(t, j.views(-1), "JP", "activity.enforcement.penalty", Query{})
	if f.Text != "2, of which 1 disputed" || f.Disputed != 1 || len(f.Explanations) != 2 {
		t.Errorf("%q, %d disputed, %d explanations", f.Text, f.Disputed, len(f.Explanations))
	}
	j.add("US/state", domain.DisputeClosed{Dispute: j.ref(d), Outcome: "resolved"})
	if f := figureOf(t, j.views(-1), "JP", "activity.enforcement.penalty", Query{}); f.Text != "2" {
		t.Errorf("after the dispute was closed: %q", f.Text)
	}
	if f := figureOf(t, j.views(-1), "JP", "activity.enforcement.penalty", asOf(d)); f.Disputed != 1 {
		t.Errorf("as of the dispute: %q", f.Text)
	}
	j.withdraw(un)
	if _, ok := j.views(-1).Designation("UN:KPe.001", Query{}); ok {
		t.Error("a withdrawn designation is shown")
	}
	if _, ok := j.views(-1).Designation("UN:KPe.001", asOf(d)); !ok {
		t.Error("as of a time before its withdrawal the designation is not shown")
	}
}

func TestFrozenIsNeverSummedAcrossCurrencies(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	freeze := func(amount, currency string) uint64 {
		b := domain.AssetFrozen{AssetKind: "account", Amount: &domain.Money{Amount: amount, Currency: currency}}
		b.OccurredOn = "2018-01-01"
		return j.add("JP/mof", b)
	}
	yen := freeze("1000", "JPY")
	freeze("0.10", "EUR")
	euro := freeze("0.20", "EUR")
	j.add("JP/mof", domain.AssetUnfrozen{Freeze: j.ref(yen), Amount: &domain.Money{Amount: "400", Currency: "JPY"}, Reason: "licence"})
	v := j.views(-1)
	for path, want := range map[string]string{"activity.frozen.JPY": "600", "activity.frozen.EUR": "0.3"} {
		if f := figureOf(t, v, "JP", path, Query{}); f.Value != want || f.Events.Total != 2 {
			t.Errorf("%s: %s from %d events, want %s from 2", path, f.Value, f.Events.Total, want)
		}
	}
	j.add("JP/mof", domain.AssetUnfrozen{Freeze: j.ref(euro), Reason: "released whole"})
	if f := figureOf(t, j.views(-1), "JP", "activity.frozen.EUR", Query{}); f.Value != "0.1" {
		t.Errorf("after a whole release: %s, want 0.1", f.Value)
	}
}

func TestBenchmarkIsNotLaw(t *testing.T) {
	j := japan(t)
	j.add("JP/root", domain.BenchmarkAdopted{ID: "b1", Regime: "UN-DPRK", Measure: "transposition_days", Days: 14, Text: "two weeks"})
	got := mustCompliance(t, j.views(-1), "JP", Query{On: "2026-03-05"})
	b := got.Regimes[0].Bench
	if len(b) != 1 || b[0].Label != BenchmarkLabel || b[0].Of != 155 || b[0].Over == 0 || b[0].Over != b[0].Events.Total {
		t.Errorf("benchmarks %+v", b)
	}
	f := figureOf(t, j.views(-1), "JP", "duties.benchmark.b1", Query{On: "2026-03-05"})
	if !strings.HasSuffix(f.Text, "("+BenchmarkLabel+")") {
		t.Errorf("a figure that rests on a benchmark says %q", f.Text)
	}
}

func TestIllustrativeCountsForNobodyReal(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	act := domain.EnforcementActionTaken{Kind: "penalty", Concerning: []domain.Country{"CN", "XB"}}
	act.OccurredOn, act.Illustrative = "2018-01-01", true
	j.add("XA/customs", act)
	j.add("JP/mof", act)
	v := j.views(-1)
	if f := figureOf(t, v, "XA", "activity.enforcement.penalty", Query{}); *f.Count != 1 || f.Illustrative != 1 {
		t.Errorf("XA: %d, %d illustrative", *f.Count, f.Illustrative)
	}
	if _, ok := v.Figure("JP", "activity.enforcement.penalty", Query{}); ok {
		t.Error("an invented act counts for a real state")
	}
	if n := v.ThirdCountry("CN", ThirdCountryQuery{}).Total; n != 0 {
		t.Errorf("%d invented assertions concerning a real state", n)
	}
	if n := v.ThirdCountry("XB", ThirdCountryQuery{}).Total; n != 2 {
		t.Errorf("%d assertions concerning XB, want 2", n)
	}
}

// A ban of ports says nothing of a ship whose assets are to be frozen.
func TestWhatIsDeclaredOfSomeMeasuresCoversWhatBearsOne(t *testing.T) {
	j := given([]domain.Country{"CA", "XA"})
	frozen := listing("UN", "V.1", "vessel", "SHIP ONE", "2017-01-01")
	frozen.Measures = []string{"asset_freeze"}
	banned := listing("UN", "V.2", "vessel", "SHIP TWO", "2017-01-01")
	banned.Measures = []string{"asset_freeze", "port_entry_ban"}
	j.add(transcriber, frozen)
	j.add(transcriber, banned)
	ports := declared("CA", domain.ModeGeneralProhibition, "vessel")
	ports.Measures = []string{"port_entry_ban"}
	j.add(transcriber, ports)
	got := mustCompliance(t, j.views(-1), "CA", Query{})
	if diff := cmp.Diff(Counts{Listed: 2, Covered: 1, NotRecorded: 1}, countsOf(t, got, "UN-DPRK")); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}
