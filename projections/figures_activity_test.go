package projections

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func TestCyberLoss(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "JP"})
	theft := func(actor string, money []domain.Money, assets []domain.AssetAmount) uint64 {
		return j.add("US/fbi", domain.CyberTheftReported{Matter: matter("2025-02-21"), ActorID: actor, Amounts: money, Assets: assets})
	}
	usd := func(n string) []domain.Money { return []domain.Money{{Amount: n, Currency: "USD"}} }
	eth := func(n string) []domain.AssetAmount { return []domain.AssetAmount{{Amount: n, Asset: "ETH"}} }
	first := theft("UN:KPe.001", usd("1500"), eth("0.400000000000000001"))
	theft("", usd("500.50"), nil) // attributed to nobody
	back := func(by domain.AgencyID, on domain.Date, n string) uint64 {
		return j.add(by, domain.CyberTheftRecovered{Act: domain.Act{Matter: matter(on)}, Theft: j.ref(first), Amounts: usd(n)})
	}
	back("US/fbi", "2025-03-01", "30")
	second := back("US/fbi", "2025-06-01", "70")
	back("JP/npa", "2025-06-01", "5")
	j.add("JP/npa", domain.CyberTheftRecovered{Act: domain.Act{Matter: matter("2025-06-02")}, Theft: j.ref(first), Amounts: usd("900"), How: "frozen"})
	v := j.views(-1)
	for _, c := range []struct {
		state     domain.Country
		path, day string
		want      string
	}{
		{"US", "activity.cyber.attributed.USD", "2025-12-31", "1500 of 2000.5 USD"},
		{"US", "activity.cyber.attributed.ETH", "2025-12-31", "0.400000000000000001 of 0.400000000000000001 ETH"},
		{"US", "activity.cyber.recovered.USD", "2025-12-31", "100 of 1500 USD"},
		{"US", "activity.cyber.recovered.USD", "2025-03-31", "30 of 1500 USD"},
		{"JP", "activity.cyber.recovered.USD", "2025-12-31", "5 of 1500 USD"},
		{"JP", "activity.cyber.frozen.USD", "2025-12-31", "900 of 1500 USD"},
	} {
		if f := figureOf(t, v, c.state, c.path, theDay(domain.Date(c.day))); f.Text != c.want {
			t.Errorf("%s %s on %s: %q, want %q", c.state, c.path, c.day, f.Text, c.want)
		}
	}
	j.withdraw(second)
	j.dispute("JP/npa", first)
	if f := figureOf(t, j.views(-1), "US", "activity.cyber.recovered.USD", theDay("2025-12-31")); f.Value != "30" || f.Disputed != 1 {
		t.Errorf("one withdrawn, the theft disputed: %q", f.Text)
	}
	if f := figureOf(t, j.views(-1), "US", "activity.cyber.recovered.USD", asOf(second)); f.Value != "100" {
		t.Errorf("as known before: %q", f.Text)
	}
}

func TestRequestsAnswered(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "JP"})
	ask := func(on domain.Date) uint64 {
		return j.add("US/state", domain.InformationRequested{Common: domain.Common{OccurredOn: on, Case: "case-1"}, ToMember: "JP"})
	}
	answer := func(request uint64, on domain.Date, how string) uint64 {
		return j.add("JP/mofa", domain.InformationAnswered{Common: domain.Common{OccurredOn: on}, Request: j.ref(request), Answer: how})
	}
	a, b, c := ask("2018-01-01"), ask("2018-01-01"), ask("2018-02-01")
	ask("2018-02-02")
	answer(a, "2018-01-05", "partial")
	full := answer(a, "2018-01-11", "complete") // 10 days
	answer(b, "2018-01-21", "refused")          // 20 days
	answer(c, "2018-02-10", "partial")
	v := j.views(-1)
	f := figureOf(t, v, "JP", "activity.requests.answered", Query{})
	if *f.Count != 1 || *f.Of != 4 || !strings.Contains(f.Formula, "1 answered in part, 1 refused, of 1 no answer") {
		t.Errorf("%q: %s", f.Text, f.Formula)
	}
	if f := figureOf(t, v, "JP", "activity.requests.days", Query{}); *f.Count != 10 || !strings.Contains(f.Formula, "median over 2, p90 20") {
		t.Errorf("days %q: %s", f.Text, f.Formula)
	}
	if f := figureOf(t, v, "JP", "activity.requests.answered", theDay("2018-01-10")); *f.Count != 0 || *f.Of != 2 {
		t.Errorf("on 10 January %q", f.Text)
	}
	j.withdraw(full)
	if f := figureOf(t, j.views(-1), "JP", "activity.requests.answered", Query{}); *f.Count != 0 || !strings.Contains(f.Formula, "2 answered in part") {
		t.Errorf("the answer withdrawn %q: %s", f.Text, f.Formula)
	}
	if f := figureOf(t, v, "US", "activity.requests", Query{}); f.NotEnoughData == "" {
		t.Errorf("of whom nobody asked anything: %q", f.Text)
	}
}

func TestFunnel(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"})
	report := func(id string) uint64 {
		return j.add("JP/coast", domain.ViolationReported{Common: domain.Common{OccurredOn: "2018-01-01", Case: id, Confidence: "probable"}, Category: "ship_to_ship_transfer"})
	}
	named, _, alone := report(""), report("case-1"), report("")
	report("aid")
	j.add("JP/mof", domain.TradeViolationReported{Matter: domain.Matter{Common: domain.Common{OccurredOn: "2018-01-01", Case: "case-1"}}})
	j.add("JP/mof", domain.ExceptionReliedOn{Act: domain.Act{Matter: domain.Matter{Common: domain.Common{OccurredOn: "2018-01-01", Case: "aid"}}}, Ground: "humanitarian"})
	opened := func(id string, of ...domain.Ref) {
		j.add("JP/coast", domain.CaseOpened{Common: domain.Common{Case: id, OccurredOn: "2018-02-01"}, Violations: of})
	}
	opened("case-1")
	opened("case-2", j.ref(named))
	act := domain.EnforcementActionTaken{Kind: "penalty"}
	act.OccurredOn, act.Case = "2018-03-01", "case-1"
	j.add("JP/mof", act)
	end := j.add("JP/coast", domain.CaseClosed{Common: domain.Common{Case: "case-1", OccurredOn: "2018-04-01"}, Outcome: "substantiated"})
	check := func(day domain.Date, want map[string]string) {
		t.Helper()
		v := j.views(-1)
		for step, text := range want {
			if f := figureOf(t, v, "JP", "activity.funnel."+step, theDay(day)); f.Text != text {
				t.Errorf("%s on %s: %q, want %q", step, day, f.Text, text)
			}
		}
	}
	check("2018-12-31", map[string]string{"reports": "4", "investigated": "3 of 4", "covered": "1", "cases": "2", "acted": "1 of 2", "closed": "1 of 2"})
	check("2018-02-15", map[string]string{"reports": "4", "cases": "2", "acted": "0 of 2", "closed": "0 of 2"})
	j.add("JP/coast", domain.CaseReopened{Common: domain.Common{Case: "case-1", OccurredOn: "2018-05-01"}, Reason: domain.Text{Text: "new evidence"}})
	check("2018-12-31", map[string]string{"closed": "0 of 2"})
	check("2018-04-30", map[string]string{"closed": "1 of 2"})
	j.withdraw(alone)
	j.withdraw(end)
	check("2018-12-31", map[string]string{"reports": "3", "investigated": "3 of 3"})
}

func TestPermissionsOutstanding(t *testing.T) {
	j := given([]domain.Country{"US", "XA", "JP"})
	act := func(c domain.Country) domain.Act { return domain.Act{Matter: matter("2018-01-01"), Member: c} }
	permit := func(ground, amount string, until domain.Date) domain.Permission {
		p := domain.Permission{Ground: ground, ValidFrom: "2018-01-01", ValidTo: until}
		if amount != "" {
			p.ValueLimit = &domain.Money{Amount: amount, Currency: "USD"}
		}
		return p
	}
	j.add("US/ofac", domain.LicenceGranted{Act: act("US"), Licence: "L-1", Permission: permit("medical", "100", "2018-06-30")})
	j.add("US/ofac", domain.LicenceGranted{Act: act("US"), Licence: "L-2", Permission: permit("medical", "50", "")})
	j.add("US/ofac", domain.LicenceGranted{Act: act("US"), Licence: "L-3", Permission: permit("legal_fees", "", "")})
	end := domain.LicenceEnded{Act: domain.Act{Matter: matter("2018-09-01"), Member: "US"}, Licence: "L-2"}
	ended := j.add("US/ofac", end)
	j.add("US/ofac", domain.ExemptionGranted{Act: act("US"), CommitteeRef: "C-1", Permission: permit("humanitarian", "", "2018-12-31")})
	j.add("US/ofac", domain.ExceptionReliedOn{Act: domain.Act{Matter: matter("2018-02-01")}, Ground: "humanitarian"})
	for _, c := range []struct{ path, day, want string }{
		{"licences.medical", "2018-03-01", "2 permissions"},
		{"licences_value.USD", "2018-03-01", "150 USD"},
		{"licences.medical", "2018-07-01", "1 permissions"},
		{"licences_value.USD", "2018-07-01", "50 USD"},
		{"licences.legal_fees", "2018-10-01", "1 permissions"},
		{"exemptions.humanitarian", "2018-12-31", "1 permissions"},
		{"exceptions.humanitarian", "2018-12-31", "1 permissions"},
	} {
		if f := figureOf(t, j.views(-1), "US", "activity.permits."+c.path, theDay(domain.Date(c.day))); f.Text != c.want {
			t.Errorf("%s on %s: %q, want %q", c.path, c.day, f.Text, c.want)
		}
	}
	for path, day := range map[string]domain.Date{"licences.medical": "2018-10-01", "exemptions.humanitarian": "2019-01-01"} {
		if f, ok := j.views(-1).Figure("US", "activity.permits."+path, theDay(day)); ok {
			t.Errorf("%s on %s: %q, want none", path, day, f.Text)
		}
	}
	j.withdraw(ended)
	if f := figureOf(t, j.views(-1), "US", "activity.permits.licences.medical", theDay("2018-10-01")); *f.Count != 1 {
		t.Errorf("its end withdrawn: %q", f.Text)
	}
}

func TestEvidenceHeldByAnother(t *testing.T) {
	j := given([]domain.Country{"JP", "XA", "US"})
	report := func(holders ...domain.AgencyID) uint64 {
		b := domain.ViolationReported{Common: domain.Common{OccurredOn: "2018-01-01", Confidence: "probable"}, Category: "other"}
		for _, h := range holders {
			b.Evidence = append(b.Evidence, domain.Evidence{SHA256: domain.Hash{1}, HeldBy: h})
		}
		return j.add("JP/coast", b)
	}
	report()
	report("JP/coast")
	report("KP/none") // no member
	report("JP/coast", "US/coast")
	f := figureOf(t, j.views(-1), "JP", "data_quality.evidence", Query{})
	if f.Text != "1 of 4 reports" || f.Events.Total != 1 {
		t.Errorf("%q from %d events", f.Text, f.Events.Total)
	}
	j.add("JP/coast", domain.TradeViolationReported{Matter: domain.Matter{Common: domain.Common{OccurredOn: "2018-02-01", Evidence: []domain.Evidence{{HeldBy: "US/coast"}}}}, Category: "coal"})
	if f := figureOf(t, j.views(-1), "JP", "data_quality.evidence", Query{}); f.Text != "2 of 5 reports" {
		t.Errorf("with trade: %q", f.Text)
	}
	if f := figureOf(t, j.views(-1), "JP", "data_quality.evidence", theDay("2018-01-31")); f.Text != "1 of 4 reports" {
		t.Errorf("in January: %q", f.Text)
	}
}

func TestInterdictionsByFlagPortAndQuarter(t *testing.T) {
	j := given([]domain.Country{"JP", "XA"})
	for _, c := range []struct {
		on         domain.Date
		flag, port string
	}{{"2018-03-31", "TG", "JP"}, {"2018-04-01", "TG", "KR"}, {"2018", "", ""}} {
		b := domain.InterdictionExecuted{Outcome: "detained", FlagClaimed: c.flag, Place: domain.Place{Country: domain.Country(c.port)}}
		b.OccurredOn = c.on
		j.add("JP/coast", b)
	}
	got := map[string]string{}
	for _, d := range figureOf(t, j.views(-1), "JP", "activity.interdictions.detained", Query{}).Details {
		got[d.What+" "+d.Name] = d.Value
	}
	want := map[string]string{
		"flag TG": "2", "flag not stated": "1", "port JP": "1", "port KR": "1", "port not stated": "1",
		"quarter 2018-Q1": "1", "quarter 2018-Q2": "1", "quarter 2018": "1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}
