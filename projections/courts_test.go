package projections

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// onDay records what comes next as on a day: journals grow over years.
func (j *journal) onDay(day domain.Date, issuer domain.AgencyID, body domain.Body) uint64 {
	i := j.add(issuer, body)
	j.facts[i].RecordedAt = day.Time().UnixMicro()
	return i
}

func annulled(member domain.Country, id string, decided, from domain.Date) domain.CourtRuled {
	return domain.CourtRuled{
		ContestedAct: domain.ContestedAct{Member: member, Designation: id, Court: "Court of X", CaseNumber: "T-1"},
		Relief:       domain.ReliefAnnulled, DecidedOn: decided, EffectiveFrom: from,
	}
}

func statusOf(t testing.TB, v *Views, id string, q Query) string {
	t.Helper()
	d, ok := v.Designation(id, q)
	if !ok {
		t.Fatalf("no %s", id)
	}
	return d.Status
}

func cellOf(t testing.TB, v *Views, id string, c domain.Country, q Query) string {
	t.Helper()
	d, ok := v.Designation(id, q)
	if !ok {
		t.Fatalf("no %s", id)
	}
	for _, cell := range d.Cells {
		if cell.Country == c {
			return cell.State + " " + cell.Mode + " " + string(cell.Since)
		}
	}
	t.Fatalf("no cell of %s", c)
	return ""
}

func asOfOn(i uint64, day domain.Date) Query { return Query{AsOf: &i, On: day} }

// statuses holds a journal against what was worked out by hand: for each day,
// as known after each of some events.
func statuses(t *testing.T, v *Views, id string, want map[uint64]map[domain.Date]string) {
	t.Helper()
	for at, days := range want {
		for day, status := range days {
			if got := statusOf(t, v, id, asOfOn(at, day)); got != status {
				t.Errorf("on %s as of %d: %q, want %q", day, at, got, status)
			}
		}
	}
}

// Listed 2017; annulled from the beginning on 2020-01-01, stayed until 2020-03-11.
func TestAnnulmentWithStay(t *testing.T) {
	j := given([]domain.Country{"DE", "JP"}, "EU")
	listed := j.onDay("2017-01-02", transcriber, listing("EU", "1", "person", "P", "2017-01-01"))
	filed := j.onDay("2018-05-02", "EU/council", domain.ChallengeFiled{
		ContestedAct: domain.ContestedAct{Member: "EU", Designation: "EU:1", Court: "Court of X", CaseNumber: "T-1"}, Seeks: "annulment", FiledOn: "2018-05-01",
	})
	b := annulled("EU", "EU:1", "2020-01-01", "2017-01-01")
	b.StayedUntil = "2020-03-11"
	ruled := j.onDay("2020-01-02", "EU/council", b)
	later := j.onDay("2020-06-01", "JP/mof", domain.ListGapObserved{Designation: "EU:9"})
	v := j.views(-1)
	statuses(t, v, "EU:1", map[uint64]map[domain.Date]string{
		listed: {"2016-12-31": StatusPending, "2018-01-01": StatusListed, "2020-06-01": StatusListed},
		filed:  {"2018-01-01": StatusListed, "2020-06-01": StatusListed},
		ruled: { // it waits: nothing of the past changes yet, and it is known when it will
			"2018-01-01": StatusListed, "2020-01-15": StatusListed, "2020-03-11": StatusListed, "2020-03-12": StatusAnnulled,
		},
		later: { // it waits no longer: it falls from its beginning, but for the days on which it was kept up
			"2016-12-31": StatusPending, "2017-01-01": StatusAnnulled, "2018-01-01": StatusAnnulled, "2019-12-31": StatusAnnulled,
			"2020-01-01": StatusListed, "2020-03-11": StatusListed, "2020-03-12": StatusAnnulled,
		},
	})
	for q, want := range map[uint64]string{ruled: "in_force through_eu 2017-01-01", later: "declared_not_in_force annulled 2017-01-01"} {
		if got := cellOf(t, v, "EU:1", "DE", asOfOn(q, "2018-01-01")); got != want {
			t.Errorf("Germany as of %d: %q, want %q", q, got, want)
		}
	}
	d, _ := v.Designation("EU:1", asOfOn(later, "2020-06-01"))
	if d.StatusSince != "2020-03-12" || len(d.HeldBy) != 0 || len(d.Court) != 2 {
		t.Errorf("annulled since %s, held by %v, %d steps", d.StatusSince, d.HeldBy, len(d.Court))
	}
	if d.Court[0].Index != filed || d.Court[0].State != "decided" || d.Court[1].Index != ruled || d.Court[1].State != RulingInEffect || d.Court[1].Contests != "designation" {
		t.Errorf("steps %+v", d.Court)
	}
	if d, _ := v.Designation("EU:1", asOfOn(filed, "2019-01-01")); len(d.Court) != 1 || d.Court[0].State != "pending" {
		t.Errorf("the challenge as it was pending: %+v", d.Court)
	}
	for at, want := range map[uint64][]string{ruled: {}, later: {"EU:1"}} {
		if diff := cmp.Diff(want, ids(v.Register(RegisterQuery{Query: asOfOn(at, "2018-01-01"), Status: StatusAnnulled}))); diff != "" {
			t.Errorf("register as of %d (-want +got):\n%s", at, diff)
		}
	}
}

// Stayed pending an appeal: filed in time, so that it waits for the decision.
func TestAnnulmentOnAppeal(t *testing.T) {
	for name, c := range map[string]struct {
		appealFiled domain.Date // "" for none
		then        func(j *journal, ruled uint64)
		want        map[domain.Date]string // as known at the end
	}{
		"no appeal": {"", func(*journal, uint64) {}, map[domain.Date]string{
			"2019-01-01": StatusAnnulled, "2020-02-01": StatusListed, "2020-03-12": StatusAnnulled,
		}},
		"appeal too late": {"2020-04-01", func(*journal, uint64) {}, map[domain.Date]string{"2020-02-01": StatusListed, "2020-05-01": StatusAnnulled}},
		"appeal pending":  {"2020-03-01", func(*journal, uint64) {}, map[domain.Date]string{"2019-01-01": StatusListed, "2020-02-01": StatusListed, "2021-01-01": StatusListed}},
		"appeal upheld the act": {"2020-03-01", func(j *journal, ruled uint64) {
			b := annulled("EU", "EU:1", "2021-06-01", "")
			b.Relief, b.AppealOf = domain.ReliefUpheld, ptr(j.ref(ruled))
			j.onDay("2021-06-02", "EU/council", b)
		}, map[domain.Date]string{"2019-01-01": StatusListed, "2020-02-01": StatusListed, "2021-07-01": StatusListed}},
		"appeal annulled too": {"2020-03-01", func(j *journal, ruled uint64) {
			b := annulled("EU", "EU:1", "2021-06-01", "2018-01-01")
			b.AppealOf = ptr(j.ref(ruled))
			j.onDay("2021-06-02", "EU/council", b)
		}, map[domain.Date]string{"2017-06-01": StatusListed, "2018-01-01": StatusAnnulled, "2021-05-31": StatusAnnulled, "2021-07-01": StatusAnnulled}},
		"remitted": {"2020-03-01", func(j *journal, ruled uint64) {
			b := annulled("EU", "EU:1", "2021-06-01", "")
			b.Relief, b.AppealOf = domain.ReliefRemitted, ptr(j.ref(ruled))
			j.onDay("2021-06-02", "EU/council", b)
		}, map[domain.Date]string{"2019-01-01": StatusListed, "2021-07-01": StatusListed}},
		"stay lifted": {"2020-03-01", func(j *journal, ruled uint64) {
			j.onDay("2020-09-02", "EU/council", domain.StayEnded{Ruling: j.ref(ruled), EndedOn: "2020-09-01", Cause: "lifted"})
		}, map[domain.Date]string{"2019-01-01": StatusAnnulled, "2020-08-31": StatusListed, "2020-09-01": StatusAnnulled}},
		"appeal withdrawn, the stay ended early": {"", func(j *journal, ruled uint64) {
			j.onDay("2020-02-02", "EU/council", domain.StayEnded{Ruling: j.ref(ruled), EndedOn: "2020-02-01", Cause: "no_appeal"})
		}, map[domain.Date]string{"2020-01-31": StatusListed, "2020-02-01": StatusAnnulled}},
		"the ruling withdrawn": {"", func(j *journal, ruled uint64) { j.withdraw(ruled) }, map[domain.Date]string{"2019-01-01": StatusListed, "2021-01-01": StatusListed}},
	} {
		t.Run(name, func(t *testing.T) {
			j := given([]domain.Country{"DE", "JP"}, "EU")
			j.onDay("2017-01-02", transcriber, listing("EU", "1", "person", "P", "2017-01-01"))
			b := annulled("EU", "EU:1", "2020-01-01", "2017-01-01")
			b.StayedUntil, b.StayedPendingAppeal = "2020-03-11", true
			ruled := j.onDay("2020-01-02", "EU/council", b)
			if c.appealFiled != "" {
				j.onDay(c.appealFiled, "EU/council", domain.ChallengeFiled{ContestedAct: b.ContestedAct, Seeks: "annulment", FiledOn: c.appealFiled, AppealOf: ptr(j.ref(ruled))})
			}
			c.then(j, ruled)
			j.onDay("2022-01-01", "JP/mof", domain.ListGapObserved{Designation: "EU:9"})
			for day, want := range c.want {
				if got := statusOf(t, j.views(-1), "EU:1", Query{On: day}); got != want {
					t.Errorf("on %s: %q, want %q", day, got, want)
				}
			}
		})
	}
}

// The court above stays the ruling below, which took effect at once.
func TestStayByTheCourtAbove(t *testing.T) {
	j := given([]domain.Country{"DE"}, "EU")
	j.onDay("2017-01-02", transcriber, listing("EU", "1", "person", "P", "2017-01-01"))
	ruled := j.onDay("2020-01-02", "EU/council", annulled("EU", "EU:1", "2020-01-01", "2020-01-01"))
	b := annulled("EU", "EU:1", "2020-02-01", "")
	b.Relief, b.AppealOf, b.StayedUntil = domain.ReliefStayed, ptr(j.ref(ruled)), "2020-04-30"
	above := j.onDay("2020-02-02", "EU/council", b)
	statuses(t, j.views(-1), "EU:1", map[uint64]map[domain.Date]string{
		ruled: {"2019-12-31": StatusListed, "2020-01-15": StatusAnnulled, "2020-03-01": StatusAnnulled},
		above: {"2019-12-31": StatusListed, "2020-01-15": StatusAnnulled, "2020-03-01": StatusListed, "2020-05-01": StatusAnnulled},
	})
}

func TestInterimMeasuresAndMeasuresStruck(t *testing.T) {
	j := given([]domain.Country{"US"}, "US")
	b := listing("US", "1", "person", "P", "2017-01-01")
	b.Measures = []string{"asset_freeze", "travel_ban"}
	j.onDay("2017-01-02", "US/treasury", b)
	r := annulled("US", "US:1", "2019-01-01", "2019-01-01")
	r.Relief, r.EffectiveTo = domain.ReliefInterim, "2019-06-30"
	interim := j.onDay("2019-01-02", "US/treasury", r)
	final := annulled("US", "US:1", "2019-04-01", "")
	final.Relief = domain.ReliefDismiss
	dismissed := j.onDay("2019-04-02", "US/treasury", final)
	part := annulled("US", "US:1", "2021-01-01", "2021-01-01")
	part.CaseNumber, part.Measures = "T-2", []string{"travel_ban"}
	j.onDay("2021-01-02", "US/treasury", part)
	statuses(t, j.views(-1), "US:1", map[uint64]map[domain.Date]string{
		interim:   {"2018-12-31": StatusListed, "2019-05-01": StatusSuspended, "2019-06-30": StatusSuspended, "2019-07-01": StatusListed},
		dismissed: {"2019-02-01": StatusSuspended, "2019-05-01": StatusListed},
	})
	d, _ := j.views(-1).Designation("US:1", Query{On: "2022-01-01"})
	if d.Status != StatusListed || d.StatusSince != "2019-04-01" || !cmp.Equal(d.Measures, []string{"asset_freeze"}) {
		t.Errorf("%s since %s with %v, want listed since the interim measures ended, with the freeze alone", d.Status, d.StatusSince, d.Measures)
	}
}

// A court of one state ends that state's act: the designation stands.
func TestTranspositionAnnulled(t *testing.T) {
	j := given([]domain.Country{"JP", "EU", "DE", "CA"})
	j.onDay("2017-01-02", transcriber, listing("UN", "1", "person", "P", "2017-01-01"))
	j.onDay("2017-02-02", "JP/mof", transposed("JP", "UN:1", "2017-02-01"))
	j.onDay("2017-02-02", "EU/council", transposed("EU", "UN:1", "2017-02-01"))
	j.onDay("2017-02-02", "DE/bafa", declared("DE", domain.ModeThroughEU))
	ca := j.onDay("2017-02-02", "CA/gac", declared("CA", domain.ModeByReference))
	jp := j.onDay("2020-01-02", "JP/mof", annulled("JP", "UN:1", "2020-01-01", "2020-01-01"))
	eu := j.onDay("2020-01-02", "EU/council", annulled("EU", "UN:1", "2020-01-01", "2017-02-01"))
	anew := j.onDay("2020-07-02", "JP/mof", transposed("JP", "UN:1", "2020-07-01"))
	v := j.views(-1)
	for _, c := range []struct {
		at    uint64
		on    domain.Date
		state domain.Country
		want  string
	}{
		{ca, "2020-02-01", "JP", "in_force own_act 2017-02-01"},
		{jp, "2020-02-01", "JP", "declared_not_in_force annulled 2020-01-01"},
		{jp, "2019-12-31", "JP", "in_force own_act 2017-02-01"},
		{anew, "2020-06-30", "JP", "declared_not_in_force annulled 2020-01-01"},
		{anew, "2020-07-01", "JP", "in_force own_act 2020-07-01"},
		{jp, "2018-01-01", "DE", "in_force through_eu "},
		{eu, "2018-01-01", "DE", "declared_not_in_force annulled 2017-02-01"},
		{eu, "2018-01-01", "EU", "declared_not_in_force annulled 2017-02-01"},
		{eu, "2020-02-01", "CA", "in_force by_reference "},
	} {
		if got := cellOf(t, v, "UN:1", c.state, asOfOn(c.at, c.on)); got != c.want {
			t.Errorf("%s on %s as of %d: %q, want %q", c.state, c.on, c.at, got, c.want)
		}
	}
	if got := statusOf(t, v, "UN:1", asOfOn(eu, "2020-02-01")); got != StatusListed {
		t.Errorf("%q: a national court ends no designation of the UN", got)
	}
	page := v.Loopholes(LoopholeQuery{Query: asOfOn(eu, "2020-02-01")})
	if page.Pairs.ByCourt != 3 || page.Pairs.Gaps != 0 {
		t.Errorf("pairs %+v: what courts end is no gap", page.Pairs)
	}
	if gaps := v.Loopholes(LoopholeQuery{Query: asOfOn(eu, "2020-02-01"), GapsOnly: true}); gaps.Total != 0 {
		t.Errorf("gaps %+v", gaps.Loopholes)
	}
}

// A state that lists the subject by an act of its own, which its court annuls.
func TestOwnListingAnnulled(t *testing.T) {
	j := given([]domain.Country{"US", "JP"}, "US")
	j.add(transcriber, listing("UN", "1", "entity", "E", "2017-01-01"))
	own := listing("US", "9", "entity", "E", "2016-01-01")
	own.Basis = "UN:1"
	listed := j.add("US/treasury", own)
	ruled := j.add("US/treasury", annulled("US", "US:9", "2020-01-01", "2020-01-01"))
	v := j.views(-1)
	for _, c := range []struct {
		at   uint64
		on   domain.Date
		want string
	}{
		{listed, "2021-01-01", "in_force own_act 2016-01-01"},
		{ruled, "2019-01-01", "in_force own_act 2016-01-01"},
		{ruled, "2021-01-01", "declared_not_in_force annulled 2020-01-01"},
	} {
		if got := cellOf(t, v, "UN:1", "US", asOfOn(c.at, c.on)); got != c.want {
			t.Errorf("on %s as of %d: %q, want %q", c.on, c.at, got, c.want)
		}
	}
	if s := v.Summary(Query{On: "2021-01-01"}).Regimes; s[0].Listed != 1 || s[1].Listed != 0 || s[1].Annulled != 1 {
		t.Errorf("summary %+v", s)
	}
}

// What is listed again is to be transposed again, unless the state takes the
// list as it stands.
func TestRelistingNeedsANewTransposition(t *testing.T) {
	j := given([]domain.Country{"JP", "US", "CA", "KR"})
	j.add(transcriber, listing("UN", "1", "entity", "E", "2017-01-01"))
	for _, c := range []domain.Country{"JP", "US", "KR"} {
		j.add(domain.RootAgency(c), transposed(c, "UN:1", "2017-02-01"))
	}
	j.add("CA/gac", declared("CA", domain.ModeByReference))
	j.add("JP/mofa", declared("JP", domain.ModeOwnAct))
	gone := j.add(transcriber, domain.DesignationRemoved{Designation: "UN:1", RemovedOn: "2019-01-01", Reason: "delisted"})
	back := j.add(transcriber, domain.DesignationReinstated{Designation: "UN:1", ReinstatedOn: "2020-01-01", Reason: "again"})
	j.add("US/treasury", transposed("US", "UN:1", "2020-01-05"))
	late := j.add("KR/moef", transposed("KR", "UN:1", "2017-03-01")) // of old, recorded late
	v := j.views(-1)
	for _, c := range []struct {
		at   uint64
		on   domain.Date
		held []domain.Country
	}{
		{gone - 1, "2018-01-01", []domain.Country{"CA", "JP", "KR", "US"}},
		{late, "2018-01-01", []domain.Country{"CA", "JP", "KR", "US"}},
		{gone, "2019-06-01", []domain.Country{}},
		{back, "2020-06-01", []domain.Country{"CA"}},
		{late, "2020-01-04", []domain.Country{"CA"}},
		{late, "2020-06-01", []domain.Country{"CA", "US"}},
	} {
		d, _ := v.Designation("UN:1", asOfOn(c.at, c.on))
		if diff := cmp.Diff(c.held, d.HeldBy); diff != "" {
			t.Errorf("on %s as of %d (-want +got):\n%s", c.on, c.at, diff)
		}
	}
	if got := cellOf(t, v, "UN:1", "JP", Query{On: "2020-06-01"}); got != "open own_act 2017-02-01" && got != "open own_act " {
		t.Errorf("Japan after the relisting: %q, want open", got)
	}
	d, _ := v.Designation("UN:1", Query{On: "2020-06-01"})
	inForce := 0
	for _, row := range d.Transpositions {
		count(&inForce, row.InForce)
	}
	if len(d.Transpositions) != 5 || inForce != 1 {
		t.Errorf("%d of %d acts in force, want the one after the relisting", inForce, len(d.Transpositions))
	}
	jp := mustCompliance(t, v, "JP", Query{On: "2020-01-31"})
	if e := jp.Regimes[0].Backlog.Entries; len(e) != 1 || e[0].ListedOn != "2020-01-01" || *e[0].AgeDays != 30 {
		t.Errorf("backlog %+v, want one of 30 days", e)
	}
	us := mustCompliance(t, v, "US", Query{On: "2020-06-01"})
	if l := us.Regimes[0].PerEntry; l.Count != 2 || l.Min != 4 || l.Max != 31 {
		t.Errorf("lags %+v, want 31 days after the first listing and 4 after the second", l)
	}
	if got := cellOf(t, v, "UN:1", "CA", Query{On: "2019-06-01"}); got != "declared_not_in_force removed 2019-01-01" {
		t.Errorf("Canada, which takes the list as it stands, while removed: %q", got)
	}
	if got := cellOf(t, v, "UN:1", "JP", Query{On: "2019-06-01"}); got != "in_force own_act 2017-02-01" {
		t.Errorf("Japan's own act, which nothing recorded ends: %q", got)
	}
}

// A suspension takes no act away.
func TestSuspensionKeepsTranspositions(t *testing.T) {
	j := given([]domain.Country{"JP"})
	j.add(transcriber, listing("UN", "1", "entity", "E", "2017-01-01"))
	j.add("JP/mof", transposed("JP", "UN:1", "2017-02-01"))
	j.add(transcriber, domain.DesignationSuspended{Designation: "UN:1", SuspendedOn: "2019-01-01", Reason: "court"})
	j.add(transcriber, domain.DesignationReinstated{Designation: "UN:1", ReinstatedOn: "2020-01-01", Reason: "again"})
	for day, want := range map[domain.Date]int{"2018-01-01": 1, "2019-06-01": 0, "2020-06-01": 1} {
		if d, _ := j.views(-1).Designation("UN:1", Query{On: day}); len(d.HeldBy) != want {
			t.Errorf("on %s held by %v", day, d.HeldBy)
		}
	}
}

// Removed by its list after an annulment, and listed again by a new act.
func TestAnnulledRemovedAndListedAgain(t *testing.T) {
	j := given([]domain.Country{"JP"}, "EU")
	j.onDay("2017-01-02", transcriber, listing("EU", "1", "entity", "E", "2017-01-01"))
	j.onDay("2019-01-02", "EU/council", annulled("EU", "EU:1", "2019-01-01", "2017-01-01"))
	j.onDay("2019-03-02", transcriber, domain.DesignationRemoved{Designation: "EU:1", RemovedOn: "2019-03-01", Reason: "judgment"})
	end := j.onDay("2020-01-02", transcriber, domain.DesignationReinstated{Designation: "EU:1", ReinstatedOn: "2020-01-01", Reason: "new reasons"})
	statuses(t, j.views(-1), "EU:1", map[uint64]map[domain.Date]string{
		end: {"2018-01-01": StatusAnnulled, "2019-02-01": StatusAnnulled, "2019-03-01": StatusRemoved, "2020-01-01": StatusListed},
	})
}

func ptr[T any](v T) *T { return &v }
