package domain

import "fmt"

// casesChapter holds people, cases, courts, duties, mandates and findings.
// XA/desk takes over from XA/mof, and with that the regime's list.
var casesChapter = []step{
	{"XA/root", "agency.registered", `{"agency":"XA/desk","name":"Sanctions desk"}`}, // 62
	{"XA/root", "key.registered", fill(`{"agency":"XA/desk","key":$1,"proof":"$2"}`, jwk("XA/desk"), proof("XA/desk", "XA/desk"))},
	{"XA/root", "agency.succeeded", ""},
	{"XA/desk", "event.reaffirmed", ""}, // 65
	{"XA/desk", "violation.reported", ""},
	{"XA/desk", "case.opened", ""},
	{"XA/desk", "information.requested", ""},
	{"XC/root", "information.answered", ""},
	{"XA/desk", "case.closed", ""}, // 70
	{"XA/root", "case.reopened", ""},
	{"XC/root", "event.disputed", fmt.Sprintf(`{"target":{"index":66,"leaf":%q},"grounds":{"text":"It was noon."}}`, sum("leaf", 66))},
	{"XA/desk", "dispute.answered", ""},
	{"XC/root", "reply.recorded", ""},
	{"XA/desk", "text.translated", ""}, // 75
	{"XC/root", "workers.reported", ""},
	{"XC/root", "workers.repatriated", ""},
	{"XA/desk", "travel_ban.enforced", ""},
	{"XC/root", "joint_venture.reported", ""},
	{"XA/desk", "joint_venture.closed", ""}, // 80
	{"XA/desk", "representative_office.closed", ""},
	{"XA/desk", "challenge.filed", ""},
	{"XA/desk", "court.ruled", ""},
	{"XA/desk", "stay.ended", ""},
	{"XA/desk", "obligation.defined", ""}, // 85
	{"XA/desk", "report.submitted", ""},
	{"XA/desk", "extension.granted", ""},
	{"XA/root", "inapplicability.declared", ""},
	{"XA/desk", "measure.enacted", ""},
	{"XA/desk", "regime.amended", ""}, // 90
	{"XA/desk", "regime.lapsed", ""},
	{"XA/desk", "regime.renewed", ""},
	{"XA/desk", "mandate.ended", ""},
	{"XC/root", "finding.recorded", ""},
	{"XA/desk", "obligation.defined", "limit"}, // 95
}
