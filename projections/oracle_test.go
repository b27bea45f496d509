package projections

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

var (
	drawnStates = []domain.Country{"JP", "US", "DE", "EU", "XA"}
	drawnDates  = []domain.Date{"", "2016", "2017-03", "2017-01-01", "2017-02-15", "2017-06-05", "2018-01-01"}
	drawnCases  = []string{"", "case-1", "case-2"}
)

// draw adds one event that may or may not make sense: views are total.
func draw(t *rapid.T, j *journal) {
	state := rapid.SampledFrom(drawnStates).Draw(t, "state")
	agency := domain.AgencyID(string(state) + "/" + rapid.SampledFrom([]string{"mof", "coast"}).Draw(t, "agency"))
	earlier := func() uint64 { return uint64(rapid.IntRange(0, len(j.facts)-1).Draw(t, "target")) }
	date := func() domain.Date { return rapid.SampledFrom(drawnDates).Draw(t, "date") }
	id := func() string {
		return fmt.Sprintf("%s:%d", rapid.SampledFrom([]string{"UN", "US", "EU"}).Draw(t, "list"), rapid.IntRange(0, 3).Draw(t, "ref"))
	}
	switch rapid.IntRange(0, 28).Draw(t, "event") {
	case 0, 1, 2:
		j.add(transcriber, drawListing(t, id(), date()))
	case 3, 4:
		j.add(agency, domain.DesignationTransposed{Designation: id(), Member: state, NoticeOn: date(), Measures: []string{"travel_ban"}})
	case 5:
		j.add(transcriber, domain.DesignationRemoved{Designation: id(), RemovedOn: date(), Reason: "removed"})
	case 6:
		subject := drawListing(t, id(), "").Subject
		j.add(transcriber, domain.DesignationAmended{Designation: id(), Subject: &subject, Measures: []string{"travel_ban"}, AmendedOn: date()})
	case 7, 8:
		mode := rapid.SampledFrom([]string{domain.ModeOwnAct, domain.ModeByReference, domain.ModeNotInForce, domain.ModeThroughEU}).Draw(t, "mode")
		j.add(agency, domain.ImplementationDeclared{Member: state, Regime: "UN-DPRK", Mode: mode, ValidFrom: date(), ValidTo: date()})
	case 9:
		j.add(agency, drawLink(id(), id()))
	case 10:
		b := drawLink(id(), id())
		j.add(agency, domain.SubjectUnlinked{A: b.A, B: b.B, Relation: b.Relation, Reasons: []string{"not the same"}})
	case 11:
		j.add(agency, drawAct(t, id(), date()))
	case 12:
		b := domain.AssetFrozen{AssetKind: "account", Designations: []string{id()}, Amount: &domain.Money{Amount: "10.5", Currency: "EUR"}}
		b.OccurredOn = date()
		freeze := j.add(agency, b)
		j.add(agency, domain.AssetUnfrozen{Freeze: j.ref(freeze), Amount: &domain.Money{Amount: "3", Currency: "EUR"}, Reason: "licence"})
	case 13:
		d := j.dispute(agency, earlier())
		if rapid.Bool().Draw(t, "close") {
			j.add(agency, domain.DisputeClosed{Dispute: j.ref(d), Outcome: "resolved"})
		}
	case 14:
		target := j.ref(earlier())
		j.add(agency, domain.ExplanationGiven{Target: &target, Text: domain.Text{Text: "why"}})
		j.add(agency, domain.ExplanationGiven{Figure: "activity", Text: domain.Text{Text: "how"}})
		j.add(agency, domain.EventEndorsed{Target: target})
	case 15:
		j.add(agency, domain.KeyRevoked{KeyID: "key of " + string(agency), CompromisedSince: "2026-03-01"})
		j.add(agency, domain.EventsRepudiated{Agency: agency, FromIndex: earlier() / 2, ToIndex: earlier(), Reason: "not by us"})
	case 18, 19:
		drawCourt(t, j, domain.ContestedAct{Member: state, Designation: id(), Court: "Court", CaseNumber: "1"}, earlier(), date)
	case 20, 21:
		drawPermit(t, j, agency, id(), date)
	case 22, 23:
		drawReport(t, j, agency, earlier(), date())
	case 16:
		drawCorrection(t, j, earlier(), date())
	case 17:
		if i := earlier(); i > 6 {
			j.withdraw(i)
		}
	case 24, 25:
		drawCase(t, j, agency, earlier(), date())
	default:
		drawReported(t, j, state, agency, date(), j.ref(earlier()))
	}
}

func drawListing(t *rapid.T, id string, on domain.Date) domain.DesignationAdopted {
	kind := rapid.SampledFrom([]string{"person", "entity", "vessel"}).Draw(t, "kind")
	b := listing(domain.Country(id[:2]), id[3:], kind, rapid.SampledFrom([]string{"KUM GANG", "金正", "Ölsen"}).Draw(t, "name"), on)
	b.Subject.Identifiers = []domain.Identifier{{Scheme: "imo", Value: "9159787"}}
	if rapid.Bool().Draw(t, "basis") {
		b.Basis = "UN:0"
	}
	return b
}

func drawLink(a, b string) domain.SubjectLinked {
	return domain.SubjectLinked{A: a, B: b, Relation: "same_as", Basis: "identifier", Reasons: []string{"one IMO number"}}
}

func drawAct(t *rapid.T, id string, on domain.Date) domain.InterdictionExecuted {
	b := domain.InterdictionExecuted{
		Designations: []string{id}, Outcome: "detained", Concerning: []domain.Country{"CN"},
		Subject: domain.Subject{Kind: "vessel", Names: []domain.Name{{Text: "A SHIP"}}, Identifiers: []domain.Identifier{{Scheme: "imo", Value: "9159787"}}},
	}
	b.OccurredOn, b.Case = on, rapid.SampledFrom(drawnCases).Draw(t, "case")
	return b
}

// drawCourt brings an act before a court, and has it turn.
func drawCourt(t *rapid.T, j *journal, x domain.ContestedAct, earlier uint64, date func() domain.Date) {
	target := &domain.Ref{Index: earlier}
	agency := domain.AgencyID(string(x.Member) + "/mof")
	switch rapid.IntRange(0, 6).Draw(t, "court") {
	case 0:
		j.add(agency, domain.ChallengeFiled{ContestedAct: x, Seeks: "annulment", FiledOn: "2017-01-01", AppealOf: target})
	case 1:
		j.add(agency, domain.StayEnded{Ruling: *target, EndedOn: "2017-03-01", Cause: "lifted"})
	case 2:
		j.add(transcriber, domain.DesignationSuspended{Designation: x.Designation, SuspendedOn: date(), Reason: "court"})
	case 3:
		j.add(transcriber, domain.DesignationReinstated{Designation: x.Designation, ReinstatedOn: date(), Reason: "again"})
	default:
		relief := rapid.SampledFrom([]string{domain.ReliefAnnulled, domain.ReliefAnnulled, domain.ReliefInterim, domain.ReliefUpheld, domain.ReliefStayed}).Draw(t, "relief")
		b := domain.CourtRuled{ContestedAct: x, Relief: relief, AppealOf: target, DecidedOn: "2017-02-15", EffectiveFrom: date(), StayedUntil: date()}
		b.StayedPendingAppeal = rapid.Bool().Draw(t, "pending")
		if rapid.Bool().Draw(t, "part") {
			b.Measures = []string{"travel_ban"}
		}
		j.add(agency, b)
	}
}

// drawPermit permits something, ends that, or reports what it may cover.
func drawPermit(t *rapid.T, j *journal, agency domain.AgencyID, id string, date func() domain.Date) {
	measures := rapid.SampledFrom([][]string{nil, {"asset_freeze"}, {"asset_freeze", "travel_ban"}}).Draw(t, "measures")
	switch rapid.IntRange(0, 5).Draw(t, "permit") {
	case 0:
		j.add(agency, exemption("C/1", date(), date(), measures, id))
	case 1:
		j.add(agency, licence("CN", "L-1", date(), date(), measures, id))
	case 2:
		b := domain.LicenceEnded{Licence: "L-1", Ending: domain.Ending{Outcome: "revoked", Reason: "r", EndedOn: date()}}
		b.Member = "CN"
		j.add(agency, b)
	case 3:
		b := domain.ExceptionReliedOn{Activity: domain.Text{Text: "aid"}, Period: &domain.Period{From: date(), To: date()}}
		b.Designations = []string{id}
		j.add(agency, b)
	default:
		j.add(agency, violation(date(), []string{"asset_freeze"}, id))
	}
}

// drawReport reports petroleum, a change of flag, a theft or a recovery.
func drawReport(t *rapid.T, j *journal, agency domain.AgencyID, earlier uint64, on domain.Date) {
	switch rapid.IntRange(0, 3).Draw(t, "report") {
	case 0:
		b := oil("RU", rapid.SampledFrom([]string{"notified", "alleged"}).Draw(t, "status"), "10", "bbl", "2018-01", "2018-02")
		b.OccurredOn = on
		j.add(agency, b)
	case 1:
		b := domain.VesselIdentityChanged{IMO: "9159787", Old: domain.VesselIdentity{Flag: "KP"}, New: domain.VesselIdentity{Flag: "PA"}}
		b.OccurredOn = on
		j.add(agency, b)
	case 2:
		b := domain.CyberTheftReported{Amounts: []domain.Money{{Amount: "5", Currency: "USD"}}}
		b.OccurredOn = on
		j.add(agency, b)
	case 3:
		b := domain.CyberTheftRecovered{Theft: j.ref(earlier), Amounts: []domain.Money{{Amount: "1", Currency: "USD"}}}
		b.OccurredOn = on
		j.add(agency, b)
	}
}

// drawCase adds a step of a case, in any order and about anything.
func drawCase(t *rapid.T, j *journal, agency domain.AgencyID, target uint64, on domain.Date) {
	common := domain.Common{OccurredOn: on, Case: rapid.SampledFrom(drawnCases[1:]).Draw(t, "case")}
	switch rapid.IntRange(0, 5).Draw(t, "step") {
	case 0:
		report := j.add(agency, domain.ViolationReported{Common: common, Category: "coal_export"})
		j.add(agency, domain.CaseOpened{Common: common, Violations: []domain.Ref{j.ref(report), j.ref(target)}, Members: []domain.Country{"JP"}})
	case 1, 2:
		asked := j.add(agency, domain.InformationRequested{Common: common, ToMember: "JP", DueOn: "2017-03-01"})
		answer := rapid.SampledFrom([]string{"complete", "partial", "refused"}).Draw(t, "answer")
		j.add("JP/mof", domain.InformationAnswered{Common: domain.Common{OccurredOn: on}, Request: j.ref(asked), Answer: answer})
		j.add("JP/mof", domain.InformationAnswered{Request: j.ref(target), Answer: answer})
	case 3:
		j.add(agency, domain.InformationRequested{Common: common, ToMember: "US", DueOn: "2017-03"})
	case 4:
		j.add(agency, domain.CaseClosed{Common: common, Outcome: "substantiated", Actions: []domain.Ref{j.ref(target)}})
	case 5:
		j.add(agency, domain.CaseReopened{Common: common, Reason: domain.Text{Text: "new evidence"}})
	}
}

// drawCorrection replaces an event by one of the same type about the same.
func drawCorrection(t *rapid.T, j *journal, target uint64, on domain.Date) {
	switch b := j.facts[target].Body.(type) {
	case domain.DesignationAdopted:
		j.correct(target, drawListing(t, b.Designation, on))
	case domain.DesignationTransposed:
		b.NoticeOn = on
		j.correct(target, b)
	case domain.PetroleumTransferReported:
		b.Status, b.Product = "disputed", "crude"
		j.correct(target, b)
	case domain.InterdictionExecuted:
		j.correct(target, drawAct(t, "UN:1", on))
	case domain.InformationAnswered:
		b.Answer, b.OccurredOn = "partial", on
		j.correct(target, b)
	case domain.InformationRequested:
		b.DueOn, b.Case = on, "case-2"
		j.correct(target, b)
	case domain.CaseOpened:
		b.Lead, b.OccurredOn = "US/navy", on
		j.correct(target, b)
	case domain.ImplementationDeclared:
		b.Mode = domain.ModeGeneralProhibition
		j.correct(target, b)
	}
}

func drawJournal(t *rapid.T) *journal {
	j := given(drawnStates, "US", "EU")
	for range rapid.IntRange(1, 40).Draw(t, "events") {
		draw(t, j)
	}
	return j
}

// ask puts every question there is.
func ask(v *Views, q Query) map[string]any {
	out := map[string]any{}
	keep := func(name string, answer any, known bool) { out[name] = []any{answer, known} }
	keep("register", v.Register(RegisterQuery{Query: q}), true)
	keep("held", v.Register(RegisterQuery{Query: q, HeldBy: []domain.Country{"US"}, NotHeldBy: []domain.Country{"JP"}}), true)
	keep("text", v.Register(RegisterQuery{Query: q, Text: "olsen"}), true)
	keep("han", v.Register(RegisterQuery{Query: q, Text: "金正"}), true)
	keep("countries", v.Countries(q), true)
	keep("summary", v.Summary(q), true)
	keep("matrix", v.Matrix(MatrixQuery{Query: q}), true)
	keep("loopholes", v.Loopholes(LoopholeQuery{Query: q}), true)
	keep("divergences", v.Divergences(DivergenceQuery{LoopholeQuery: LoopholeQuery{Query: q}}), true)
	keep("vessels", v.Vessels(VesselQuery{Query: q}), true)
	keep("caps", v.Caps(CapQuery{Query: q}), true)
	keep("assets", v.Assets(AssetQuery{Query: q}), true)
	keep("cyber", v.Cyber(q), true)
	if n := v.at(q).n; n > 0 {
		keep("report", v.Changes(n/2, n-1), true)
	}
	keep("conflicts", v.DateConflicts(ConflictQuery{Query: q}), true)
	keep("cases", v.Cases(CasesQuery{Query: q}), true)
	keep("cases of JP", v.Cases(CasesQuery{Query: q, Member: "JP", Overdue: true}), true)
	keep("third", v.ThirdCountry("CN", ThirdCountryQuery{Query: q}), true)
	keep("feed", v.Feed(FeedQuery{Query: q}), true)
	keep("feed of one", v.Feed(FeedQuery{Query: q, Subject: "UN:0", Types: []string{"designation.*"}}), true)
	for _, c := range drawnStates {
		answer, known := v.Compliance(c, q)
		keep("compliance "+string(c), answer, known)
		owed, known := v.Obligations(c, q)
		keep("obligations "+string(c), owed, known)
		for _, i := range Indicators() {
			answer, known := v.Figure(c, i.Path, q)
			keep(fmt.Sprint(i.Number, " of ", c), answer, known)
		}
		keep("timeline "+string(c), v.CountryTimeline(c, CaseQuery{Query: q}), true)
	}
	for _, id := range []string{"UN:0", "US:1", "9159787"} {
		detail, known := v.Designation(id, q)
		keep("designation "+id, detail, known)
		dossier, known := v.Subject(id, q)
		keep("subject "+id, dossier, known)
	}
	for _, id := range drawnCases[1:] {
		answer, known := v.Case(id, CaseQuery{Query: q})
		keep(id, answer, known)
		file, known := v.CaseFile(id, CaseQuery{Query: q})
		keep("file of "+id, file, known)
	}
	return out
}

// The full fold, asked as of an index, answers what a fold up to that index
// answers.
func TestAsOfEqualsFreshFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJournal(t)
		n := rapid.IntRange(1, len(j.facts)).Draw(t, "known")
		on := rapid.SampledFrom(drawnDates).Draw(t, "on")
		if len(on) != 10 {
			on = ""
		}
		q := asOf(uint64(n - 1))
		q.On = on
		want := ask(j.views(n), Query{On: on})
		if diff := cmp.Diff(want, ask(j.views(-1), q)); diff != "" {
			t.Fatalf("as of %d (-fresh fold +full fold):\n%s", n-1, diff)
		}
	})
}

// A view that was saved and loaded answers, and folds on, like the view.
func TestSaveAndLoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJournal(t)
		n := rapid.IntRange(0, len(j.facts)).Draw(t, "saved")
		saved, loaded := j.views(n), NewViews()
		for i, view := range saved.all {
			var file bytes.Buffer
			if err := view.Save(&file); err != nil {
				t.Fatal(err)
			}
			if err := loaded.all[i].Load(&file); err != nil {
				t.Fatal(err)
			}
			loaded.next[i] = saved.next[i]
		}
		for _, f := range j.facts[n:] {
			loaded.Fold(f)
		}
		if diff := cmp.Diff(ask(j.views(-1), Query{}), ask(loaded, Query{})); diff != "" {
			t.Fatalf("saved at %d (-folded +loaded):\n%s", n, diff)
		}
	})
}

// Listed is the sum of what a listed designation can be.
func TestCountsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawJournal(t).views(-1)
		q := Query{On: rapid.SampledFrom([]domain.Date{"", "2017-06-05"}).Draw(t, "on")}
		for _, row := range v.Countries(q).Countries {
			for _, r := range row.Regimes {
				c := r.Counts
				if c.Listed != c.Transposed+c.Open+c.Covered+c.NotInForce+c.NotRecorded {
					t.Fatalf("%s %s: %+v", row.Country, r.Regime, c)
				}
				if !row.Recorded && r.Regime == "UN-DPRK" && c.Open > 0 {
					t.Fatalf("%s has %d open though nothing is recorded of it", row.Country, c.Open)
				}
			}
		}
	})
}

// What is said of one state is what is said of all.
func TestOneStateIsOneOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawJournal(t).views(-1).frame(Query{On: rapid.SampledFrom([]domain.Date{"", "2017-06-05"}).Draw(t, "on")})
		for _, num := range f.v.lists.order {
			d, ok := f.designation(num)
			if !ok {
				continue
			}
			all := f.verdicts(d, nil)
			for i := range f.states {
				if got := f.verdictAt(d, i); got != all[i] {
					t.Fatalf("%s in %s: %+v alone, %+v among all", d.ID, f.states[i], got, all[i])
				}
			}
			if got := f.heldSomewhere(d); got != f.holders(all).atLeast(1) {
				t.Fatalf("%s: held somewhere %v, by %d", d.ID, got, f.holders(all))
			}
		}
	})
}

// A census counts what looking at each cell counts.
func TestCensusCountsEachCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawJournal(t).views(-1).frame(Query{On: rapid.SampledFrom([]domain.Date{"", "2017-06-05"}).Draw(t, "on")})
		got, counts, pairs := f.census(), make([][]Counts, len(f.byNumber)), Differences{}
		for n := range counts {
			counts[n] = make([]Counts, len(f.states))
		}
		for num := range f.v.lists.Rows {
			d, ok := f.designation(int32(num))
			if !ok || d.status != StatusListed {
				continue
			}
			for i, v := range f.verdicts(d, nil) {
				counts[d.Regime][i].add(v, 1)
			}
		}
		f.eachLoophole(&LoopholeQuery{}, func(d designated, _ []verdict, lacking []missing) { pairs.add(d.Authority, lacking) })
		if diff := cmp.Diff(counts, got.counts); diff != "" || pairs != got.pairs {
			t.Fatalf("pairs %+v, want %+v; counts (-each cell +census):\n%s", got.pairs, pairs, diff)
		}
	})
}
