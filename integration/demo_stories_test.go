package integration

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// testStories holds what the written stories come to against figures worked out
// by hand from cmd/ledgerd/demodata/stories.
func testStories(t *testing.T, d demo, events []event) {
	c := d.as(t, "coordinator")
	t.Run("duties", func(t *testing.T) { testDemoDuties(t, c) })
	t.Run("caps", func(t *testing.T) { testDemoCaps(t, c) })
	t.Run("money", func(t *testing.T) { testDemoMoney(t, c) })
	t.Run("ship", func(t *testing.T) { testDemoShip(t, c) })
	t.Run("cases", func(t *testing.T) { testDemoCases(t, c) })
	t.Run("court", func(t *testing.T) { testDemoCourt(t, c) })
	t.Run("words", func(t *testing.T) { testDemoWords(t, c) })
	t.Run("indicators", func(t *testing.T) { testDemoIndicators(t, c) })
	t.Run("changes", func(t *testing.T) { testDemoChanges(t, c) })
	t.Run("subscription", func(t *testing.T) { testDemoSubscription(t, d.as(t, "agency")) })
	t.Run("families", func(t *testing.T) { testDemoFamilies(t, events) })
}

// ago is the day that a story calls "@-n". A demonstration that was filled just
// before midnight calls it another one: such a test would fail for a second a day.
func ago(n int) domain.Date { return domain.DateOf(time.Now().UTC().AddDate(0, 0, -n)) }

func testDemoDuties(t *testing.T, c caller) {
	for country, want := range map[string]map[string]string{
		"XA": {
			"UN-2397-17-report": "submitted", "UN-2397-8-midterm": "submitted", "UN-2397-8-final": "submitted", "UN-2397-5-petroleum": "",
			"XA-EXAMPLE-inspection": "submitted, due",
		},
		"XB": {
			"UN-2397-17-report": "submitted_late by 11", "UN-2397-8-midterm": "submitted", "UN-2397-8-final": "submitted",
			"UN-2397-5-petroleum":   "submitted, submitted_late by 10, submitted, asserted, asserted, asserted",
			"XA-EXAMPLE-inspection": "overdue by 16",
		},
		"XC": {
			"UN-2397-17-report": "overdue", "UN-2397-8-midterm": "not_applicable", "UN-2397-8-final": "not_applicable", "UN-2397-5-petroleum": "",
			"XA-EXAMPLE-inspection": "submitted, submitted_late by 6",
		},
		"JP": {"UN-2397-17-report": "not_recorded", "UN-2397-8-midterm": "not_recorded", "UN-2397-8-final": "not_recorded", "UN-2397-5-petroleum": ""},
	} {
		page, got := get[projections.Obligations](t, c, "/v1/countries/"+country+"/obligations"), map[string]string{}
		for _, o := range page.Obligations {
			got[o.Obligation] = became(o)
			if want := map[bool]string{true: projections.UncheckedLabel, false: projections.BenchmarkLabel}[o.Regime == "UN-DPRK"]; o.Label != want {
				t.Errorf("%s is labelled %q, want %q", o.Obligation, o.Label, want)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", country, diff)
		}
	}
	// Due on 22 March 2018, extended to 30 June: by 9 August 40 days have gone.
	then := get[projections.Obligations](t, c, "/v1/countries/XC/obligations?on=2018-08-09").Obligations[0].Cases[0]
	if then.FirstDueOn != "2018-03-22" || then.DueOn != "2018-06-30" || then.DaysLate == nil || *then.DaysLate != 40 || len(then.Events) != 1 {
		t.Errorf("on 9 August 2018: %+v", then)
	}
}

// became tells a duty's cases in words; this year's notice, which is due when its
// month has ended, is left out. How late nobody knows who never answers.
func became(o projections.Obligation) string {
	var out []string
	for _, c := range o.Cases {
		if o.Kind == "petroleum_notice" && c.DueOn > "2025-12-31" {
			continue
		}
		text := c.Status
		if c.DaysLate != nil && (o.Regime != "UN-DPRK" || c.SubmittedOn != "") {
			text += fmt.Sprintf(" by %d", *c.DaysLate)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// 20,000 + 3,000 t at 7.9 + 10,000 barrels notified of 500,000 are 10.7 percent.
func testDemoCaps(t *testing.T, c caller) {
	type band struct{ Barrels, Share, Disputed, DisputedShare string }
	got := map[string]band{}
	for _, row := range get[projections.CapPage](t, c, "/v1/coalition/caps?regime=UN-DPRK&product=refined").Caps {
		for _, b := range row.Bands {
			if b.Illustrative != b.Reports {
				t.Errorf("%s %s: %d of %d reports are illustrative", row.Period, b.Band, b.Illustrative, b.Reports)
			}
			if row.Period == "2025" {
				got[b.Band] = band{b.Barrels, b.Share, b.DisputedBarrels, b.DisputedShare}
			}
		}
	}
	want := map[string]band{"notified": {"53700", "10.7", "0", "0.0"}, "alleged": {"60000", "12.0", "180000", "36.0"}, "disputed": {"40000", "8.0", "0", "0.0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	f := get[projections.Figure](t, c, "/v1/countries/XB/figures/duties.petroleum_cap.2025.refined.notified.UN-DPRK?on=2025-12-31")
	if f.Value != "53700" || f.OfValue != "500000" || f.Label != projections.UncheckedLabel {
		t.Errorf("the figure is %q of %q, %q", f.Value, f.OfValue, f.Label)
	}
}

// 110.25 of 420.5 ETH are 26.2 percent; 400,000 dollars are frozen, and none back.
func testDemoMoney(t *testing.T, c caller) {
	var got []string
	for _, l := range get[projections.CyberPage](t, c, "/v1/coalition/cyber").Losses {
		got = append(got, fmt.Sprint(l.Reporter, l.Unit, l.Lost, l.Attributed, l.Recovered, l.Frozen, l.Rate))
	}
	if diff := cmp.Diff([]string{fmt.Sprint("XA", "ETH", "420.5", "420.5", "110.25", "0", "26.2"), fmt.Sprint("XA", "USD", "1500000", "1500000", "0", "400000", "0.0")}, got); diff != "" {
		t.Error(diff)
	}
	frozen := map[string]string{}
	for _, m := range get[projections.AssetPage](t, c, "/v1/coalition/assets").Members {
		for _, b := range m.Frozen {
			frozen[string(m.Country)+" "+b.Currency] += b.Amount
		}
	}
	// Freezes 1, 5 … 37 and 102: 90,000 each and 1,000 for each of their number.
	// All are odd, and so in CHF, but the last, of which 5,000 were released.
	if diff := cmp.Diff(map[string]string{"XB CHF": "1090000", "XB EUR": "187000", "XB USD": "400000"}, frozen); diff != "" {
		t.Error(diff)
	}
}

func testDemoShip(t *testing.T, c caller) {
	page := get[projections.VesselPage](t, c, "/v1/coalition/vessels?min_changes=1")
	if page.Total != 1 || len(page.Vessels) != 1 {
		t.Fatalf("%d ships changed their flag", page.Total)
	}
	v := page.Vessels[0]
	if v.IMO != "2000004" || v.Name != "MV EXAMPLE DUSK" || v.FlagChanges != 3 || v.SightingsTotal != 4 || len(v.PortDenials) != 1 || len(v.Deregistrations) != 1 {
		t.Errorf("got %+v", v)
	}
	var flags []string
	for _, f := range v.Flags {
		if f.Before != "" {
			flags = append(flags, f.Before+" to "+f.Flag+", "+f.Basis)
		}
	}
	if diff := cmp.Diff([]string{"XX to XB, verified", "XB to XY, verified", "XY to false, fraudulent"}, flags); diff != "" {
		t.Error(diff)
	}
}

func testDemoCases(t *testing.T, c caller) {
	got := map[string]string{}
	for _, row := range get[projections.CasesPage](t, c, "/v1/cases").Cases {
		if n := row.Counts; strings.HasPrefix(row.ID, "EXAMPLE-") {
			got[row.ID] = fmt.Sprintf("%s %s %s asked %d answered %d overdue %d", row.State, row.Outcome, row.Lead, n.Requests.Count, n.Answered.Count, n.Overdue.Count)
		}
	}
	if diff := cmp.Diff(map[string]string{
		"EXAMPLE-RELIEF":  "closed unsubstantiated XB/treasury asked 0 answered 0 overdue 0",
		"EXAMPLE-DUSK":    "closed substantiated XC/coastguard asked 1 answered 1 overdue 0",
		"EXAMPLE-WATCHES": "open  XA/customs asked 1 answered 0 overdue 1",
		"EXAMPLE-COINS":   "open  XA/customs asked 0 answered 0 overdue 0",
	}, got); diff != "" {
		t.Error(diff)
	}
	overdue := get[projections.CasesPage](t, c, "/v1/cases?on="+string(ago(11)))
	if i := slices.IndexFunc(overdue.Cases, func(r projections.CaseRow) bool { return r.ID == "EXAMPLE-WATCHES" }); i < 0 || overdue.Cases[i].Counts.Overdue.Count != 0 {
		t.Errorf("the request was overdue before its day")
	}
}

// Listed 300 days ago; the ruling of 100 days ago waited until 40 days ago, and
// takes the listing away from its first day on.
func testDemoCourt(t *testing.T, c caller) {
	for days, want := range map[int]string{70: "listed", 250: "annulled", 0: "annulled"} {
		got := get[struct {
			Status string `json:"status"`
		}](t, c, fmt.Sprintf("/v1/designations/XA:E.001?on=%s", ago(days)))
		if got.Status != want {
			t.Errorf("%d days ago: %s, want %s", days, got.Status, want)
		}
	}
}

// XB's word stands beside its figure, XZ's beside what is asserted of it, and a
// dispute that is closed no longer counts as one.
func testDemoWords(t *testing.T, c caller) {
	f := get[projections.Figure](t, c, "/v1/countries/XB/figures/duties.overdue.UN-2397-17-report")
	if len(f.Explanations) != 1 || !strings.Contains(f.Explanations[0].Text, "translation") {
		t.Errorf("explanations: %+v", f.Explanations)
	}
	page := get[projections.ThirdCountry](t, c, "/v1/countries/XZ/assertions")
	if page.Total != 2 || len(page.Replies) != 1 || page.Replies[0].Text != "Those were students." {
		t.Errorf("of XZ %d things are asserted, and it replies %+v", page.Total, page.Replies)
	}
	disputed := get[projections.Figure](t, c, "/v1/countries/XA/figures/data_quality.disputed")
	if disputed.Count == nil || *disputed.Count != 1 { // what it alleges of XB's tankers
		t.Errorf("%s of XA's statements are disputed", disputed.Text)
	}
}

// Each indicator has a value for some state today. Delisting lag has none: the
// public facts hold no removal from the UN's list, and none may be invented.
func testDemoIndicators(t *testing.T, c caller) {
	valued := map[int]bool{}
	for _, country := range []string{"XA", "XB", "XC", "JP"} {
		page := get[projections.Compliance](t, c, "/v1/countries/"+country+"/compliance")
		for _, f := range slices.Concat(page.Duties, page.Differences, page.Activity, page.DataQuality) {
			if f.NotEnoughData == "" && f.NotApplicable == "" {
				valued[f.Indicator] = true
			}
		}
	}
	for _, i := range projections.Indicators() {
		if valued[i.Number] == (i.Number == 27) {
			t.Errorf("indicator %d (%s) has a value: %v", i.Number, i.Name, valued[i.Number])
		}
	}
	for path, want := range map[string]string{
		"XA/figures/duties.completeness.XA-EXAMPLE-inspection":                  "3 of 4 sections (benchmark, not law)",
		"XC/figures/duties.completeness.XA-EXAMPLE-inspection":                  "6 of 8 sections (benchmark, not law)",
		"XC/figures/duties.followup":                                            "17 days, median of 2 values", // 17 and 20, by nearest rank
		"XA/figures/duties.response.port_denial":                                "3 days, median of 1 value",
		"XB/figures/duties.response.deflag":                                     "10 days, median of 1 value",
		"XB/figures/duties.petroleum_notices.UN-2397-5-petroleum?on=2025-12-31": "2 of 3 notices (not checked against the original)",
		"XC/figures/duties.workers.remaining":                                   "15 persons",
		"XC/figures/duties.workers.repatriated":                                 "25 persons",
		"XB/figures/duties.joint_ventures":                                      "1 of 2 joint ventures",
		"XB/figures/activity.flag_changes":                                      "2 flag changes",
		"XB/figures/activity.freeze_latency":                                    "20 days, median of 1 value",
		"XB/figures/activity.requests.answered":                                 "1 of 2 requests",
		"XB/figures/activity.requests.days":                                     "7 days, median of 1 value",
		"XB/figures/activity.funnel.covered":                                    "1",
		"XC/figures/activity.funnel.closed":                                     "1 of 1",
		"XB/figures/activity.permits.licences_value.EUR":                        "8000 EUR",
		"XA/figures/differences.measures.deflag":                                "1 of 1 vessels",
		"XA/figures/data_quality.identifiers":                                   "2 of 2 entries",
		"XC/figures/data_quality.evidence":                                      "2 of 2 reports",
	} {
		if f := get[projections.Figure](t, c, "/v1/countries/"+path); f.Text != want {
			t.Errorf("%s: %q, want %q", path, f.Text, want)
		}
	}
}

func testDemoChanges(t *testing.T, c caller) {
	got := map[string]string{}
	for _, change := range get[projections.Report](t, c, "/v1/reports/changes?from=2000-01-01").Coalition.Changes {
		got[change.Name] = fmt.Sprintf("%s covered %d", change.Text, change.Covered)
	}
	for name, want := range map[string]string{
		"duties defined, reported on, extended or declared not to apply":               "4 covered 0",  // those of law
		"duties defined, reported on, extended or declared not to apply, illustrative": "14 covered 0", // 1 defined, 9 reports, 2 extensions, 2 declarations
		"court proceedings, illustrative":                                              "3 covered 0",
		"exemptions, licences and exceptions, illustrative":                            "4 covered 0",
		"reports of violations, illustrative":                                          "3 covered 1",
		"cases and requests for information, illustrative":                             "9 covered 0",
		"disputes raised, illustrative":                                                "3 covered 0",
		"designations given national effect":                                           "155 covered 0",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// The registry of XB is told of each ship that claims its flag.
func testDemoSubscription(t *testing.T, c caller) {
	page := get[struct {
		Subscriptions []struct {
			Agency string        `json:"agency"`
			Watch  []watch.Watch `json:"watch"`
		} `json:"subscriptions"`
	}](t, c, "/v1/subscriptions")
	if len(page.Subscriptions) != 1 || page.Subscriptions[0].Agency != "XB/registry" || fmt.Sprint(page.Subscriptions[0].Watch) != "[{flag XB}]" {
		t.Errorf("got %+v", page.Subscriptions)
	}
}

// What could pass for a real act is marked, but for the duties of law.
func testDemoFamilies(t *testing.T, events []event) {
	for _, e := range events {
		switch kind, _, _ := strings.Cut(e.Header.Type, "."); kind {
		case "designation", "implementation", "coalition", "member", "agency", "key", "proposal", "regime", "benchmark", "event", "dispute", "obligation":
			continue
		}
		if !strings.Contains(string(e.Payload), `"illustrative":true`) {
			t.Errorf("event %d (%s) is not marked as illustrative", e.Index, e.Header.Type)
		}
	}
}

// What the demonstration names when it starts is there to be asked.
func TestDemoNamesItsPages(t *testing.T) {
	p := run(t, "ledgerd", "demo", "--data", t.TempDir(), "--every", "0")
	p.waitFor(t, "end of its greeting", func() bool { return strings.Contains(p.stdout.String(), "End with Ctrl-C.") })
	said := p.stdout.String()
	start := regexp.MustCompile(`export URL=(\S+) TOKEN=(\S+)`).FindStringSubmatch(said)
	agency := regexp.MustCompile(`\n  agency\n    (\S+)\n`).FindStringSubmatch(said)
	pages := regexp.MustCompile(`\n    (/v1/\S+) +\S`).FindAllStringSubmatch(said, -1)
	if start == nil || agency == nil || len(pages) < 11 {
		t.Fatalf("%d pages in: %s", len(pages), said)
	}
	for _, page := range pages {
		token := start[2]
		if strings.HasPrefix(page[1], "/v1/subscriptions") {
			token = agency[1]
		}
		if got := get[map[string]any](t, call(t, start[1], token), page[1]); len(got) == 0 {
			t.Errorf("%s answers nothing", page[1])
		}
	}
	p.stop(t)
}
