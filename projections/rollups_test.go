package projections

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

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
