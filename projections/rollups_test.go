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

func TestVesselsThatHopFlags(t *testing.T) {
	j := given([]domain.Country{"JP", "PA", "US"})
	star := domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "STAR"}}, Identifiers: []domain.Identifier{{Scheme: "imo", Value: "9074729"}}}
	list := listing("UN", "V1", "vessel", "STAR", "2016-01-01")
	list.Subject = star
	list.Subject.Flags = []domain.Text{{Code: "KP"}, {Code: "KH"}}
	j.add(transcriber, list)
	hop := func(by domain.AgencyID, on domain.Date, from, to, confidence string, fraud bool) uint64 {
		b := domain.VesselIdentityChanged{IMO: "9074729", Old: domain.VesselIdentity{Flag: from}, New: domain.VesselIdentity{Flag: to, Name: "MOON"}, Fraudulent: fraud}
		b.OccurredOn, b.Confidence, b.Regime = on, confidence, "UN-DPRK"
		return j.add(by, b)
	}
	hop("US/navy", "2017-01-10", "KP", "TZ", "probable", false)
	last := hop("US/navy", "2018-03-01", "TZ", "PA", "confirmed", false)
	hop("JP/coast-guard", "2018-03-01", "TZ", "PA", "alleged", false) // the same change
	fraud := hop("US/navy", "2018-09-01", "PA", "SL", "probable", true)
	own := hop("PA/amp", "2018-10-01", "SL", "PA", "alleged", false)
	seen := domain.VesselObserved{Vessel: star, FlagClaimed: "false", Sensor: "radar"}
	seen.OccurredOn, seen.Confidence = "2018-11-01", "probable"
	s := j.add("JP/coast-guard", seen)
	denied := domain.PortEntryDenied{FlagClaimed: "PA", Port: domain.Place{City: "Busan"}}
	denied.Vessel, denied.OccurredOn = star, "2018-12-01"
	p := j.add("JP/coast-guard", denied)
	struck := domain.VesselDeregistered{Flag: "PA"}
	struck.Vessel, struck.OccurredOn = star, "2019-01-01"
	d := j.add("PA/amp", struck)
	j.dispute("PA/amp", fraud)
	v := j.views(-1)

	page := v.Vessels(VesselQuery{Query: Query{On: "2019-06-01"}})
	if page.Total != 1 {
		t.Fatalf("%d ships", page.Total)
	}
	ship := page.Vessels[0]
	var got []string
	for _, f := range ship.Flags {
		got = append(got, string(f.On)+" "+f.Flag+" "+f.Basis+" "+string(f.By))
	}
	want := []string{
		"2016-01-01 KH listed XA/transcriber", "2016-01-01 KP listed XA/transcriber",
		"2017-01-10 TZ claimed US/navy", "2018-03-01 PA verified US/navy", "2018-03-01 PA claimed JP/coast-guard",
		"2018-09-01 SL fraudulent US/navy", "2018-10-01 PA verified PA/amp", "2018-11-01 false fraudulent JP/coast-guard",
		"2018-12-01 PA claimed JP/coast-guard",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	if ship.FlagChanges != 3 || ship.Disputed != 1 || ship.Name != "STAR" {
		t.Errorf("%q: %d changes in two years, %d disputed; want 3 (one told twice), 1", ship.Name, ship.FlagChanges, ship.Disputed)
	}
	if len(ship.PortDenials) != 1 || ship.PortDenials[0].Index != p || len(ship.Deregistrations) != 1 || ship.Deregistrations[0].Index != d || ship.SightingsTotal != 1 || ship.Sightings[0].Index != s {
		t.Errorf("denials %v, struck off %v, sightings %v", ship.PortDenials, ship.Deregistrations, ship.Sightings)
	}
	if !cmp.Equal(ship.Designations, []string{"UN:V1"}) {
		t.Errorf("designations %v", ship.Designations)
	}
	if n := v.Vessels(VesselQuery{Query: Query{On: "2019-06-01"}, MinChanges: 4}).Total; n != 0 {
		t.Errorf("%d ships with four changes", n)
	}
	then := v.Vessels(VesselQuery{Query: asOfOn(last, "2018-03-01")}).Vessels[0]
	if then.FlagChanges != 2 || then.Name != "MOON" || len(then.Flags) != 4 {
		t.Errorf("as it was known on 1 March 2018: %q, %d changes, %d flags", then.Name, then.FlagChanges, len(then.Flags))
	}
	_ = own
}

func TestAssetsAndLosses(t *testing.T) {
	j := given([]domain.Country{"US", "KR", "JP"})
	freeze := func(amount, currency, confidence string) uint64 {
		b := domain.AssetFrozen{AssetKind: "account", Amount: &domain.Money{Amount: amount, Currency: currency}}
		b.OccurredOn, b.Confidence = "2018-01-01", confidence
		return j.add("US/treasury", b)
	}
	a, alleged, disputed := freeze("100.50", "USD", ""), freeze("7", "USD", "alleged"), freeze("9", "USD", "")
	freeze("5", "EUR", "")
	release := domain.AssetUnfrozen{Freeze: j.ref(a), Amount: &domain.Money{Amount: "0.50", Currency: "USD"}, Reason: "licence"}
	release.OccurredOn = "2018-06-01"
	r := j.add("US/treasury", release)
	j.dispute("JP/mof", disputed)
	theft := domain.CyberTheftReported{
		Amounts: []domain.Money{{Amount: "1000000", Currency: "USD"}}, Assets: []domain.AssetAmount{{Amount: "300.000000000000000001", Asset: "ETH"}},
		Actor: &domain.Subject{Kind: "entity", Names: []domain.Name{{Text: "A group"}}},
	}
	theft.OccurredOn, theft.Confidence = "2019-01-01", "confirmed"
	th := j.add("KR/nis", theft)
	theft.Actor = nil
	theft.Assets, theft.Confidence = nil, "alleged"
	al := j.add("US/fbi", theft)
	back := domain.CyberTheftRecovered{Theft: j.ref(th), Assets: []domain.AssetAmount{{Amount: "30", Asset: "ETH"}}, How: "seized"}
	back.OccurredOn = "2019-02-01"
	rec := j.add("US/fbi", back)
	back.How, back.Assets = "frozen", []domain.AssetAmount{{Amount: "60", Asset: "ETH"}}
	held := j.add("US/fbi", back)
	v := j.views(-1)

	row := v.Assets(AssetQuery{}).Members
	if len(row) != 1 || row[0].Country != "US" {
		t.Fatalf("members %+v", row)
	}
	want := []MoneyBand{
		{BandStated, domain.Money{Amount: "5", Currency: "EUR"}, Events{1, []uint64{a + 3}}},
		{BandStated, domain.Money{Amount: "100", Currency: "USD"}, Events{2, []uint64{a, r}}},
		{BandAlleged, domain.Money{Amount: "7", Currency: "USD"}, Events{1, []uint64{alleged}}},
		{BandDisputed, domain.Money{Amount: "9", Currency: "USD"}, Events{1, []uint64{disputed}}},
	}
	if diff := cmp.Diff(want, row[0].Frozen); diff != "" {
		t.Errorf("frozen (-want +got):\n%s", diff)
	}
	none := Events{0, []uint64{}}
	losses := []CyberLoss{
		{Reporter: "KR", Band: BandStated, Unit: "ETH", Asset: true, Lost: "300.000000000000000001", Attributed: "300.000000000000000001", Recovered: "30", Frozen: "60", RecoveredDisputed: "0", Rate: "10.0", Thefts: Events{1, []uint64{th}}, Recoveries: Events{2, []uint64{rec, held}}, How: []HowRecovered{{rec, "seized", "30", false}, {held, "frozen", "60", false}}},
		{Reporter: "KR", Band: BandStated, Unit: "USD", Lost: "1000000", Attributed: "1000000", Recovered: "0", Frozen: "0", RecoveredDisputed: "0", Rate: "0.0", How: []HowRecovered{}, Thefts: Events{1, []uint64{th}}, Recoveries: none},
		{Reporter: "US", Band: BandAlleged, Unit: "USD", Lost: "1000000", Attributed: "0", Recovered: "0", Frozen: "0", RecoveredDisputed: "0", Rate: "0.0", How: []HowRecovered{}, Thefts: Events{1, []uint64{al}}, Recoveries: none},
	}
	if diff := cmp.Diff(losses, v.Cyber(Query{}).Losses); diff != "" {
		t.Errorf("losses (-want +got):\n%s", diff)
	}
	if got := v.Cyber(Query{On: "2019-01-15"}).Losses[0].Recovered; got != "0" {
		t.Errorf("recovered %s before it was", got)
	}
}

// Losses, ships, money and differences keep what is illustrative in rows and
// counts of their own as well, and show it where there is nothing else.
func TestIllustrativeStandsApart(t *testing.T) {
	j := given([]domain.Country{"JP", "US", "XA"}, "XU")
	star := domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "STAR"}}, Identifiers: []domain.Identifier{{Scheme: "imo", Value: "9074729"}}}
	seen := func(by domain.AgencyID, taught bool) uint64 {
		b := domain.VesselObserved{Vessel: star, FlagClaimed: "PA", Sensor: "radar"}
		b.OccurredOn, b.Illustrative = "2018-11-01", taught
		return j.add(by, b)
	}
	real, taught := seen("JP/coast-guard", false), seen("XA/navy", true)
	theft := func(by domain.AgencyID, taught bool) uint64 {
		b := domain.CyberTheftReported{Amounts: []domain.Money{{Amount: "10", Currency: "USD"}}, Victim: domain.Subject{Kind: "entity", Names: []domain.Name{{Text: "A bank"}}}}
		b.OccurredOn, b.Illustrative = "2019-01-01", taught
		return j.add(by, b)
	}
	theft("US/treasury", false)
	theft("XA/police", true)
	frozen := func(by domain.AgencyID, taught bool) uint64 {
		b := domain.AssetFrozen{AssetKind: "account", Amount: &domain.Money{Amount: "3", Currency: "EUR"}}
		b.OccurredOn, b.Illustrative = "2019-01-01", taught
		return j.add(by, b)
	}
	frozen("JP/mof", false)
	last := frozen("XA/mof", true)
	v := j.views(-1)
	ships := v.Vessels(VesselQuery{}).Vessels
	if len(ships) != 2 || ships[0].Illustrative || !ships[1].Illustrative || !cmp.Equal(ships[0].Events.Indexes, []uint64{real}) || !cmp.Equal(ships[1].Events.Indexes, []uint64{taught}) || ships[1].SightingsTotal != 1 {
		t.Errorf("ships %+v", ships)
	}
	one := v.Vessels(VesselQuery{Page: Page{Limit: 1}})
	if two := v.Vessels(VesselQuery{Page: Page{Limit: 1, Cursor: one.Next}}); one.Total != 2 || !two.Vessels[0].Illustrative || two.Next != "" {
		t.Errorf("pages %+v, %+v", one, two)
	}
	if losses := v.Cyber(Query{}).Losses; len(losses) != 2 || losses[0].Illustrative || !losses[1].Illustrative {
		t.Errorf("losses %+v", losses)
	}
	report := v.Changes(real, last).Coalition
	money := report.Frozen
	if len(money) != 2 || money[0].Illustrative || money[0].After != "3" || !money[1].Illustrative || money[1].After != "3" {
		t.Errorf("money %+v", money)
	}
	counts := map[string]int{}
	for _, c := range report.Changes {
		counts[c.Key] = c.Count
	}
	if counts["freezes"] != 1 || counts["freezes.illustrative"] != 1 {
		t.Errorf("changes %v", counts)
	}
}

// Pairs and holders of real states are not added to those of invented ones.
func TestIllustrativeDifferencesStandApart(t *testing.T) {
	j := given([]domain.Country{"JP", "US", "XA", "XB"}, "XU")
	j.add(transcriber, listing("UN", "1", "person", "P", "2017-01-01"))
	j.add(transcriber, listing("XU", "1", "person", "P", "2017-01-01"))
	for _, c := range []domain.Country{"JP", "XA"} {
		j.add(domain.RootAgency(c), transposed(c, "UN:1", "2017-02-01"))
		j.add(domain.RootAgency(c), transposed(c, "XU:1", "2017-02-01"))
	}
	v := j.views(-1)
	page := v.Loopholes(LoopholeQuery{})
	want := Differences{DifferenceCounts{NotRecorded: 1}, DifferenceCounts{NotRecorded: 3}} // US; XB, and US and XB of what is XU's
	if page.Pairs != want || v.Summary(Query{}).Loopholes != want {
		t.Errorf("pairs %+v, at a glance %+v, want %+v", page.Pairs, v.Summary(Query{}).Loopholes, want)
	}
	for c, want := range map[domain.Country]string{"US": "1 designations; 1 illustrative are not counted", "XB": "2 designations"} {
		if f := figureOf(t, v, c, "differences.not_recorded", Query{}); f.Text != want {
			t.Errorf("%s: %q, want %q", c, f.Text, want)
		}
	}
	if h := page.Loopholes[0].HolderCounts; h != (HolderCounts{1, 1}) {
		t.Errorf("holders %+v", h)
	}
	if n := v.Divergences(DivergenceQuery{LoopholeQuery: LoopholeQuery{MinHolders: 2, Regime: "UN-DPRK"}}).Total; n != 0 {
		t.Errorf("one real and one invented holder make %d rows with two", n)
	}
}
