package projections

import (
	"slices"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func firm(name string) domain.Subject {
	return domain.Subject{Kind: "entity", Names: []domain.Name{{Text: name}}}
}

func TestSentencesOfReportsAndRulings(t *testing.T) {
	act := domain.ContestedAct{Member: "XB", Designation: "XU:1", Court: "Court", CaseNumber: "7"}
	violation := domain.ViolationReported{Category: "coal_export", Scope: domain.Scope{Concerning: []domain.Country{"XE"}}}
	violation.Confidence, violation.OccurredOn = "probable", "2026-01"
	duty := domain.ObligationDefined{Obligation: "O-1", Regime: "XU-1", Title: domain.Text{Text: "Notice."}, Instrument: "Resolution 1", Paragraph: "5"}
	benchmark := duty
	benchmark.Benchmark = "b"
	checked := duty
	checked.Source.Checked = true
	for _, c := range []struct {
		body domain.Body
		want string
	}{
		{violation, "XA/mof reported a violation as probable (coal export) concerning XE on 2026-01."},
		{domain.WorkersReported{Workforce: domain.Workforce{Host: "XE", Origin: "XF", Sector: "mining", Count: 3, CountTo: 5}}, "XA/mof reported 3 to 5 workers of XF working in XE (mining)."},
		{domain.TravelBanEnforced{Subject: firm("A"), Action: "exempted"}, "XA/mof reported that A was let in under an exemption."},
		{domain.JointVentureReported{Country: "XE", Parties: []domain.Subject{firm("A"), firm("B")}}, "XA/mof reported a joint venture in XE of A, B."},
		{
			domain.CourtRuled{ContestedAct: act, Relief: "annulled", DecidedOn: "2026-01-04", EffectiveFrom: "2025", StayedUntil: "2026-03-14", StayedPendingAppeal: true},
			"Court, case 7, on the act of XB on XU:1: annulled on 2026-01-04 with effect from 2025, stayed until 2026-03-14, or an appeal filed by then is decided.",
		},
		{domain.CourtRuled{ContestedAct: act, Relief: "interim_measures", StayedUntil: "2026-03-14"}, "Court, case 7, on the act of XB on XU:1: interim measures, stayed until 2026-03-14."},
		{duty, "XA/mof defined the obligation O-1 under XU-1: Notice (Resolution 1 5, not checked against the original)."},
		{checked, "XA/mof defined the obligation O-1 under XU-1: Notice (Resolution 1 5)."},
		{benchmark, "XA/mof defined the obligation O-1 under XU-1: Notice (benchmark, not law)."},
		{
			domain.MandateEnded{Body: "The panel", Regime: "XU-1", EndedOn: "2026-01-31", Cause: "veto", Votes: &domain.Votes{For: 13, Against: 1, Abstained: 1}},
			"The mandate of The panel under XU-1 ended on 2026-01-31 by veto (13 for, 1 against, 1 abstained).",
		},
		{domain.ReplyRecorded{State: "XE", Author: "Ministry", Figure: "f", Text: domain.Text{Text: "No."}}, "XA/mof recorded a reply of XE (Ministry) to f: No."},
	} {
		if got := summary(&record{issuer: "XA/mof"}, held(c.body)); got != c.want {
			t.Errorf("%T: %s\nwant %s", c.body, got, c.want)
		}
	}
}

// What one agency says of another state is transcribed, and found under that
// state; what it asserts is found among the assertions.
func TestReportsAreFoundByState(t *testing.T) {
	j := given([]domain.Country{"JP", "KR", "XA"})
	ban := j.add(transcriber, domain.TravelBanEnforced{Member: "KR", Subject: firm("A"), Action: "refused"})
	own := j.add("KR/mofa", domain.TravelBanEnforced{Member: "KR", Subject: firm("A"), Action: "refused"})
	seen := domain.ViolationReported{Category: "coal_export", Scope: domain.Scope{Concerning: []domain.Country{"PA"}}}
	seen.Confidence, seen.Case = "alleged", "C-1"
	assertion := j.add("JP/mofa", seen)
	request := domain.InformationRequested{ToMember: "XA"}
	request.Case = "C-1"
	asked := j.add("JP/mofa", request)
	v := j.views(-1)
	for event, want := range map[uint64]bool{ban: true, own: false} {
		if got := v.at(Query{}).marks(event).Transcribed; got != want {
			t.Errorf("event %d transcribed: %v, want %v", event, got, want)
		}
	}
	if got := v.ThirdCountry("PA", ThirdCountryQuery{}); got.Total != 1 || got.Assertions[0].Index != assertion {
		t.Errorf("assertions concerning PA: %+v, want event %d", got.Assertions, assertion)
	}
	if got := v.timeline.States["KR"]; !slices.Equal(got, []uint64{ban, own}) {
		t.Errorf("of KR %v, want %v", got, []uint64{ban, own})
	}
	if got := v.timeline.States["XA"]; !slices.Contains(got, asked) {
		t.Errorf("of XA %v, want %d among them", got, asked)
	}
	if got := v.timeline.Cases["C-1"]; !slices.Equal(got, []uint64{assertion, asked}) {
		t.Errorf("of C-1 %v", got)
	}
}
