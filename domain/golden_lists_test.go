package domain

import "fmt"

// staffed begins a chapter: XA/customs, which has a key, in place of XA/mof,
// whose keys are revoked, as custodian of XU-1. 62 to 66.
var staffed = []step{
	{"XA/root", "agency.registered", `{"agency":"XA/customs","name":"Customs"}`},
	{"XA/root", "key.registered", fill(`{"agency":"$1","key":$2,"proof":"$3"}`, "XA/customs", jwk("XA/customs"), proof("XA/customs", "XA/customs"))},
	{"XA/root", "proposal.made", proposal(draft("custodian.appointed", customsKeeps))},
	{"XC/root", "proposal.endorsed", fmt.Sprintf(`{"proposal":{"index":64,"leaf":%q}}`, sum("leaf", 64))},
	{"XA/root", "custodian.appointed", customsKeeps},
}

const customsKeeps = `{"regime":"XU-1","custodian":"XA/customs"}`

// listsChapter is of lists, identity, and designations that come and go.
var listsChapter = append(staffed[:len(staffed):len(staffed)],
	step{"XA/customs", "list.imported", ""}, // 67
	step{"XA/customs", "list.gap_observed", ""},
	step{"XC/root", "list.gap_closed", ""},
	step{"XC/root", "subject.registered", ""}, // 70
	step{"XC/root", "subject.linked", "v2"},
	step{"XA/root", "subject.linked", ""}, // still signed in its first version
	step{"XC/root", "subject.unlinked", "v2"},
	step{"XA/customs", "designation.suspended", ""},
	step{"XA/customs", "designation.reinstated", ""}, // 75
)
