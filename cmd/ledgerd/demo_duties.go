package main

import (
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// duties are what resolution 2397 asks of every state, as commonly described:
// nobody compared them with the original, and whatever shows them says so. Only
// suppliers owe a notice, and their amounts count against one limit.
func duties() []said {
	adopted := domain.Trigger{Kind: "date", On: "2017-12-22"}
	report := duty("UN-2397-17-report", "implementation_report", "17", "Report on implementation, within 90 days")
	report.Trigger, report.Due = adopted, domain.Due{Days: 90}
	midterm := duty("UN-2397-8-midterm", "repatriation_midterm", "8", "Report on workers sent home, after 15 months")
	midterm.Trigger, midterm.Due = adopted, domain.Due{On: "2019-03-22"}
	final := duty("UN-2397-8-final", "repatriation_final", "8", "Last report on workers sent home, after 27 months")
	final.Trigger, final.Due = adopted, domain.Due{On: "2020-03-22"}
	fuel := duty("UN-2397-5-petroleum", "petroleum_notice", "5", "Notice of refined petroleum supplied, every 30 days")
	fuel.AppliesTo.Who, fuel.Trigger, fuel.Recurrence = "suppliers", domain.Trigger{Kind: "period", From: "2018-01"}, "monthly"
	fuel.Due = domain.Due{Days: 30}
	fuel.Limit = &domain.Limit{Product: "refined", Amount: domain.Quantity{Amount: "500000", Unit: "bbl"}, Per: "year"}
	var out []said
	for _, d := range []domain.ObligationDefined{report, midterm, final, fuel} {
		out = append(out, said{transcriber, "obligation.defined", d})
	}
	return out
}

func duty(id, kind, paragraph, title string) domain.ObligationDefined {
	return domain.ObligationDefined{
		Obligation: id, Regime: unRegime, Kind: kind, Title: *english(title), Instrument: "S/RES/2397 (2017)", Paragraph: paragraph,
		AppliesTo: domain.AppliesTo{Who: "all"}, Recurrence: "none", Source: domain.Checked{Note: generalKnowledge},
	}
}
