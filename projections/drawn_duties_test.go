package projections

import (
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// drawReported adds one event that duties, people, cases or permissions rest on.
func drawReported(t *rapid.T, j *journal, state domain.Country, agency domain.AgencyID, on domain.Date, target domain.Ref) {
	common := domain.Common{OccurredOn: on, Case: rapid.SampledFrom(drawnCases).Draw(t, "case"), Confidence: "confirmed"}
	matter := domain.Matter{Common: common, Scope: domain.Scope{Regime: "UN-DPRK"}}
	period := domain.Period{From: "2017-01", To: rapid.SampledFrom([]domain.Date{"2017-01", "2017-03"}).Draw(t, "to")}
	ship := domain.Subject{Kind: "vessel", Identifiers: []domain.Identifier{{Scheme: "imo", Value: "9159787"}}}
	bodies := []domain.Body{
		drawDuty(t),
		domain.ReportSubmitted{Common: common, Duty: domain.Duty{Obligation: "O-1", Member: state, Period: period}, SubmittedOn: "2017-04-02", Completed: []string{"a"}},
		domain.ExtensionGranted{Common: common, Duty: domain.Duty{Obligation: "O-1", Member: state, Trigger: &target}, Until: "2017-05-01"},
		domain.InapplicabilityDeclared{Common: common, Duty: domain.Duty{Obligation: "O-2", Member: state, Period: period}, Reason: domain.Text{Text: "none"}},
		domain.PetroleumTransferReported{Matter: matter, Product: "refined", Quantity: domain.Quantity{Amount: "10", Unit: "bbl"}, Period: period, Supplier: state, Status: rapid.SampledFrom([]string{"notified", "alleged"}).Draw(t, "band"), NotifiedOn: "2017-05-01"},
		domain.VesselInspected{Act: domain.Act{Matter: matter}, Vessel: ship, ReportedOn: "2017-03-01"},
		domain.VesselIdentityChanged{Matter: matter, IMO: "9159787", Old: domain.VesselIdentity{Flag: string(state)}, New: domain.VesselIdentity{Flag: "XA"}},
		domain.WorkersReported{Common: common, Workforce: domain.Workforce{Host: state, Sector: "fishing", Count: 7, Period: period}},
		domain.WorkersRepatriated{Common: common, Workforce: domain.Workforce{Host: state, Sector: "fishing", Count: 3, Period: period}},
		domain.JointVentureReported{Common: common, Country: state, Parties: []domain.Subject{ship}, Deadline: "2017-02-01"},
		domain.JointVentureClosed{Common: common, Closure: domain.Closure{Country: state, Parties: []domain.Subject{ship}}, Venture: &target},
		domain.ViolationReported{Common: common, Category: "other"},
		domain.CaseOpened{Common: common, Violations: []domain.Ref{target}},
		domain.CaseClosed{Common: common, Outcome: "referred"},
		domain.InformationRequested{Common: common, ToMember: "JP"},
		domain.InformationAnswered{Common: common, Request: target, Answer: "complete"},
		domain.CyberTheftReported{Matter: matter, Amounts: []domain.Money{{Amount: "5", Currency: "EUR"}}, ActorID: "UN:0"},
		domain.CyberTheftRecovered{Act: domain.Act{Matter: matter}, Theft: target, Amounts: []domain.Money{{Amount: "1", Currency: "EUR"}}},
		domain.LicenceGranted{Act: domain.Act{Matter: matter, Member: state}, Licence: "L", Permission: domain.Permission{Ground: "medical", ValidTo: "2017-06-30"}},
		domain.LicenceEnded{Act: domain.Act{Matter: matter, Member: state}, Licence: "L"},
		domain.VesselDeregistered{VesselMeasure: domain.VesselMeasure{Act: domain.Act{Matter: matter}, Vessel: ship, Order: &domain.Order{OrderedOn: "2017-01-01"}}, Flag: state},
	}
	i := j.add(agency, rapid.SampledFrom(bodies).Draw(t, "reported"))
	if b, ok := j.facts[i].Body.(domain.PetroleumTransferReported); ok && rapid.Bool().Draw(t, "correct") {
		b.Supplier = "US"
		j.correct(i, b)
	}
}

func drawDuty(t *rapid.T) domain.ObligationDefined {
	b := domain.ObligationDefined{
		Obligation: rapid.SampledFrom([]string{"O-1", "O-2"}).Draw(t, "obligation"), Regime: "UN-DPRK", Sections: []string{"a", "b"}, Due: domain.Due{Days: 30}, Recurrence: "none",
		Kind:      rapid.SampledFrom([]string{"implementation_report", "petroleum_notice", "inspection_followup", "joint_venture_closure"}).Draw(t, "kind"),
		AppliesTo: domain.AppliesTo{Who: rapid.SampledFrom([]string{"all", "suppliers", "hosts", "inspectors"}).Draw(t, "who")},
	}
	switch rapid.IntRange(0, 2).Draw(t, "trigger") {
	case 0:
		b.Trigger = domain.Trigger{Kind: "date", On: "2017-01-01"}
	case 1:
		b.Trigger = domain.Trigger{Kind: "event", Events: []string{"vessel.inspected", "petroleum_transfer.reported", "joint_venture.reported"}}
	case 2:
		b.Trigger, b.Recurrence = domain.Trigger{Kind: "period", From: "2017-01"}, rapid.SampledFrom([]string{"monthly", "quarterly"}).Draw(t, "recurrence")
	}
	return b
}
