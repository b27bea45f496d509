package projections

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func oil(supplier domain.Country, status, amount, unit, from, to string) domain.PetroleumTransferReported {
	b := domain.PetroleumTransferReported{
		Product: "refined", Quantity: domain.Quantity{Amount: amount, Unit: unit}, Supplier: supplier, Status: status,
		Period: domain.Period{From: domain.Date(from), To: domain.Date(to)},
	}
	b.OccurredOn, b.Regime = b.Period.To, "UN-DPRK"
	return b
}

// Bands side by side, by hand: 2020 with the figures that were in dispute then.
func TestCaps(t *testing.T) {
	j := given([]domain.Country{"JP", "RU", "US"})
	law := j.add(transcriber, capOf("2397-5", "500000", "bbl", "2018-01"))
	a := j.add("RU/mfa", oil("RU", "notified", "100000.17", "bbl", "2020-01", "2020-03"))
	tonnes := oil("CN", "notified", "1000", "t", "2020-04", "2020-05")
	tonnes.Converted = &domain.Conversion{Barrels: "6094", Factor: "6.094", Source: "the Committee's table"}
	b := j.add("US/state", tonnes)
	c := j.add("US/state", oil("RU", "alleged", "1600000", "bbl", "2020-01", "2020-05"))
	d := j.add("US/state", oil("CN", "alleged", "250", "t", "2020-05", "2020-05")) // nobody converted it
	e := j.add("JP/mofa", oil("CN", "alleged", "50000", "bbl", "2020-02", "2020-02"))
	f := j.add("RU/mfa", oil("RU", "disputed", "90000", "bbl", "2020-01", "2020-05"))
	j.add("US/state", oil("RU", "alleged", "7", "bbl", "2019-12", "2020-01"))
	ref := j.ref(c)
	j.dispute("RU/mfa", e)
	j.add("RU/mfa", domain.ExplanationGiven{Target: &ref, Text: domain.Text{Text: "give evidence"}})
	page := j.views(-1).Caps(CapQuery{Query: Query{On: "2021-01-01"}})
	if len(page.Caps) != 2 || page.Caps[0].Period != "2019-12/2020-01" || page.Caps[0].Cap != nil {
		t.Fatalf("rows %+v", page.Caps)
	}
	row := page.Caps[1]
	if row.Period != "2020" || row.Cap == nil || row.Cap.Amount != "500000" || row.Cap.Unit != "bbl" || row.Cap.Since != "2018-01-01" || row.Cap.Event != law {
		t.Fatalf("row %+v, cap %+v", row, row.Cap)
	}
	type brief struct {
		Band, Barrels, Share, Disputed, DisputedShare string
		Events                                        []uint64
	}
	var got []brief
	for _, b := range row.Bands {
		got = append(got, brief{b.Band, b.Barrels, b.Share, b.DisputedBarrels, b.DisputedShare, b.Events.Indexes})
	}
	want := []brief{
		{"notified", "106094.17", "21.2", "0", "0.0", []uint64{a, b}},
		{"alleged", "1600000", "320.0", "50000", "10.0", []uint64{c, d, e}},
		{"disputed", "90000", "18.0", "0", "0.0", []uint64{f}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bands (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]domain.Quantity{{Amount: "250", Unit: "t"}}, row.Bands[1].Unconverted); diff != "" {
		t.Errorf("what nobody converted (-want +got):\n%s", diff)
	}
	if x := row.Bands[0].Conversions[1]; x.Factor != "6.094" || x.Source != "the Committee's table" || x.Quantity.Unit != "t" {
		t.Errorf("conversion %+v", x)
	}
	if s := row.Bands[1].Suppliers; len(s) != 2 || s[0].Supplier != "CN" || s[0].Barrels != "0" || s[0].DisputedBarrels != "50000" || len(s[1].Explanations) != 1 {
		t.Errorf("suppliers %+v", s)
	}
	if text := row.Bands[1].Text; text != "1600000 bbl in 3 reports, of which 1 disputed" {
		t.Errorf("words %q", text)
	}
	if cap := j.views(-1).Caps(CapQuery{Query: asOf(a)}).Caps[0].Cap; cap == nil {
		t.Error("the cap was recorded before")
	}
	j.withdraw(law)
	if row := j.views(-1).Caps(CapQuery{}).Caps[1]; row.Cap != nil || row.Bands[0].Share != "" || row.NoCap != "no cap in bbl is recorded: it is the limit (product refined) of an obligation.defined of regime UN-DPRK" {
		t.Errorf("a cap %+v that no standing event states, %q", row.Cap, row.NoCap)
	}
}

// A report in barrels that says how it came to them is shown with its own words.
func TestConversionsInTheirOwnWords(t *testing.T) {
	j := given([]domain.Country{"RU"})
	for _, c := range []*domain.Conversion{
		nil, {Barrels: "100", Factor: "1.0", Source: "two accounts that differ"}, {Barrels: "90", Factor: "0.9", Source: "tankers at nine tenths"},
	} {
		b := oil("RU", "alleged", "100", "bbl", "2020-01", "2020-01")
		b.Converted = c
		j.add("RU/mfa", b)
	}
	got := [][3]string{}
	for _, c := range j.views(-1).Caps(CapQuery{}).Caps[0].Bands[0].Conversions {
		got = append(got, [3]string{c.Barrels, c.Factor, c.Source})
	}
	want := [][3]string{{"100", "", "stated in barrels"}, {"100", "", "two accounts that differ"}, {"90", "0.9", "tankers at nine tenths"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conversions (-want +got):\n%s", diff)
	}
}

// What was notified only later is in no band on an earlier day.
func TestCapsOnTheDayOfNotice(t *testing.T) {
	j := given([]domain.Country{"RU"})
	b := oil("RU", "notified", "100", "bbl", "2020-01", "2020-01")
	b.OccurredOn, b.NotifiedOn = "2020-01-31", "2020-04-09"
	j.add("RU/mfa", b)
	for day, want := range map[domain.Date]int{"2020-04-08": 0, "2020-04-09": 1, "": 1} {
		if rows := j.views(-1).Caps(CapQuery{Query: theDay(day)}).Caps; len(rows) != want {
			t.Errorf("on %q %d rows, want %d", day, len(rows), want)
		}
	}
}

// An illustrative obligation holds no real barrels, and hides no real cap: not
// in the roll-up, nor in the indicator.
func TestAnIllustrativeCapHoldsNothingReal(t *testing.T) {
	taught := func(id string, from domain.Date) domain.ObligationDefined {
		b := capOf(id, "200", "bbl", from)
		b.Illustrative = true
		return b
	}
	for name, c := range map[string]struct {
		laws             []domain.ObligationDefined
		cap, share, xcap string
	}{
		"alone":      {[]domain.ObligationDefined{taught("A", "2018-01")}, "", "", "200"},
		"beside one": {[]domain.ObligationDefined{capOf("A", "1000", "bbl", "2018-01"), taught("B", "2018-01")}, "1000", "10.0", ""},
		"after one":  {[]domain.ObligationDefined{capOf("A", "1000", "bbl", "2018-01"), taught("B", "2019-01")}, "1000", "10.0", "200"},
	} {
		j := given([]domain.Country{"RU", "XA"})
		for _, law := range c.laws {
			j.add(transcriber, law)
		}
		j.add("RU/mfa", oil("RU", "notified", "100", "bbl", "2020-02", "2020-02"))
		j.add("XA/mfa", oil("XA", "notified", "100", "bbl", "2020-02", "2020-02"))
		v := j.views(-1)
		rows := v.Caps(CapQuery{}).Caps
		if len(rows) != 2 || rows[0].Illustrative || !rows[1].Illustrative {
			t.Fatalf("%s: rows %+v", name, rows)
		}
		for i, want := range []string{c.cap, c.xcap} {
			got := ""
			if rows[i].Cap != nil {
				got = rows[i].Cap.Amount
			}
			who := []domain.Country{"RU", "XA"}[i]
			f := figureOf(t, v, who, "duties.petroleum_cap.2020.refined.notified.UN-DPRK", Query{})
			if got != want || f.OfValue != want {
				t.Errorf("%s, %s: the roll-up holds %q, the indicator %q, want %q", name, who, got, f.OfValue, want)
			}
		}
		if share := rows[0].Bands[0].Share; share != c.share {
			t.Errorf("%s: share %q, want %q", name, share, c.share)
		}
	}
}

// capOf is a duty to notify refined products with a limit.
func capOf(id, amount, unit string, from domain.Date) domain.ObligationDefined {
	b := duty(id, "petroleum_notice", "suppliers", domain.Trigger{Kind: "period", From: from}, 30)
	b.Recurrence, b.Limit = "monthly", &domain.Limit{Product: "refined", Amount: domain.Quantity{Amount: amount, Unit: unit}, Per: "year"}
	return b
}

// A cap is what stands recorded for the year: a later one ends it, two that
// differ are both shown, and none is turned into another unit. The roll-up and
// the indicator say the same.
func TestCapIsOfItsTime(t *testing.T) {
	j := given([]domain.Country{"RU", "US"})
	for _, year := range []string{"2017", "2018", "2019", "2020", "2021"} {
		j.add("RU/mfa", oil("RU", "notified", "100", "bbl", year+"-02", year+"-02"))
	}
	j.add(transcriber, capOf("A", "1000", "bbl", "2018-01"))
	j.add(transcriber, capOf("B", "500", "bbl", "2019-01"))
	ended := capOf("C", "400", "bbl", "2020-01")
	ended.EndsOn = "2020-12-31"
	j.add(transcriber, ended)
	j.add(transcriber, capOf("D", "300", "bbl", "2020-01"))
	j.add(transcriber, capOf("E", "200", "t", "2020-01"))
	v := j.views(-1)
	var got []string
	for _, row := range v.Caps(CapQuery{}).Caps {
		line := row.Period + ":"
		if row.Cap != nil {
			line += " " + row.Cap.Amount + " " + row.Cap.Obligation + " " + row.Bands[0].Share
		}
		for _, c := range row.StatedCaps {
			line += " (" + c.Amount + " " + c.Unit + ")"
		}
		got = append(got, line)
		f := figureOf(t, v, "RU", "duties.petroleum_cap."+row.Period+".refined.notified.UN-DPRK", Query{})
		if (row.Cap == nil) != (f.OfValue == "") || row.Cap != nil && row.Cap.Amount != f.OfValue || row.Cap == nil && !strings.Contains(f.Formula, row.NoCap) {
			t.Errorf("%s: the indicator says %q, %q", row.Period, f.Text, f.Formula)
		}
	}
	want := []string{"2017:", "2018: 1000 A 10.0", "2019: 500 B 20.0", "2020: (400 bbl) (300 bbl) (200 t)", "2021: 300 D 33.3 (300 bbl) (200 t)"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("caps (-want +got):\n%s", diff)
	}
}

// What is illustrative is in no sum with what is not, and is shown, marked.
func TestIllustrativeOilStandsApart(t *testing.T) {
	j := given([]domain.Country{"RU", "XA"})
	real := j.add("RU/mfa", oil("RU", "notified", "100", "bbl", "2020-02", "2020-02"))
	taught := oil("XA", "notified", "7", "bbl", "2020-02", "2020-02")
	taught.Illustrative = true
	a := j.add("XA/mfa", taught)
	b := j.add("XA/mfa", oil("XA", "notified", "5", "bbl", "2020-03", "2020-03")) // says nothing, and is nobody's
	type brief struct {
		Illustrative bool
		Barrels      string
		Events       []uint64
	}
	var got []brief
	for _, row := range j.views(-1).Caps(CapQuery{}).Caps {
		got = append(got, brief{row.Illustrative, row.Bands[0].Barrels, row.Bands[0].Events.Indexes})
	}
	if diff := cmp.Diff([]brief{{false, "100", []uint64{real}}, {true, "12", []uint64{a, b}}}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
