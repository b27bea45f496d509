package projections

import (
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const reportNotice = "What was recorded between two points of the journal, from the facts up to the second alone: asked again, the same report. An event counts while it stands at the second point; what was corrected or withdrawn stands under that name. No entry means that nothing was recorded: it is no finding. Counts measure who recorded as much as what was done, and rank nobody. Currencies are never added, nor are stated, alleged and disputed amounts. All events are named by index; what is not told in words is read at /v1/events/{index}. In the coalition's part the EU and its states count once for one designation."

// Report is what changed between two points of the journal.
type Report struct {
	From      ReportPoint      `json:"from"` // its events are known before; those after it are told
	To        ReportPoint      `json:"to"`   // the last event taken into account
	Views     []ViewVersion    `json:"views"`
	Notice    string           `json:"notice"`
	Lists     []ListChange     `json:"lists"`
	Coalition ReportSection    `json:"coalition"`
	Members   []ReportSection  `json:"members"` // and further states and authorities of which something was recorded
	Silent    []domain.Country `json:"silent"`  // watched, and nothing was recorded of them
}

// ReportPoint is a place in the journal: after Size events.
type ReportPoint struct {
	Size       uint64      `json:"size"`
	Index      *uint64     `json:"index,omitempty"` // of the last of them; absent before genesis
	RecordedAt *time.Time  `json:"recorded_at,omitempty"`
	On         domain.Date `json:"on,omitempty"`  // the day on which it was recorded: of counts of what is in force
	Root       domain.Hash `json:"root,omitzero"` // of the journal's tree; whoever serves the report fills it in
}

// ViewVersion is a view that the report was read from.
type ViewVersion struct {
	View    string `json:"view"`
	Version int    `json:"version"`
}

// ListChange counts a regime's designations at both points.
type ListChange struct {
	Regime string     `json:"regime"`
	Name   string     `json:"name"`
	Before ListCounts `json:"before"`
	After  ListCounts `json:"after"`
}

// ListCounts counts designations by status.
type ListCounts struct {
	Listed    int `json:"listed"`
	Suspended int `json:"suspended"`
	Annulled  int `json:"annulled"`
	Removed   int `json:"removed"`
}

// ReportSection is one state's part, or the coalition's.
type ReportSection struct {
	Country      domain.Country `json:"country,omitempty"`
	Name         string         `json:"name"`
	Member       bool           `json:"member"`
	Illustrative bool           `json:"illustrative,omitempty"` // stands for nobody real
	Changes      []Change       `json:"changes"`
	Frozen       []MoneyChange  `json:"frozen"`
	Explanations []Remark       `json:"explanations"`
	Sources      []ReportSource `json:"sources"` // lists read
}

// Change is one kind of what was recorded.
type Change struct {
	Key          string        `json:"key"`
	Name         string        `json:"name"`
	Count        int           `json:"count"`
	Text         string        `json:"text"` // "12, of which 3 disputed"
	Disputed     int           `json:"disputed"`
	Contested    int           `json:"contested"`
	Repudiated   int           `json:"repudiated"`
	Transcribed  int           `json:"transcribed"`
	Illustrative int           `json:"illustrative"`
	Covered      int           `json:"covered"`         // by a permission, and not in Count
	Events       Events        `json:"events"`          // all of them
	Entries      []ReportEntry `json:"entries"`         // the first MaxPage; none in the coalition's part
	Untold       int           `json:"untold,omitzero"` // how many are not told in Entries, but are in Events
}

// ReportEntry is one event in words.
type ReportEntry struct {
	Index      uint64      `json:"index"`
	OccurredOn domain.Date `json:"occurred_on,omitempty"`
	Summary    string      `json:"summary"`
	Marks      Marks       `json:"marks"`
	Covered    []Cover     `json:"covered_by,omitempty"`
}

// MoneyChange is what was frozen in one currency, of one band, at both points.
type MoneyChange struct {
	Band         string `json:"band"`
	Currency     string `json:"currency"`
	Illustrative bool   `json:"illustrative,omitempty"` // of states that stand for nobody real
	Before       string `json:"before"`
	After        string `json:"after"`
	Events       Events `json:"events"` // freezes and releases recorded between, all of them
}

// ReportSource is a published list that was read.
type ReportSource struct {
	Index         uint64              `json:"index"`
	Source        string              `json:"source"`
	URL           string              `json:"url,omitempty"`
	SHA256        domain.Hash         `json:"sha256"`
	PublisherDate domain.Date         `json:"publisher_date,omitempty"`
	Entries       int                 `json:"entries"`
	Counts        domain.ImportCounts `json:"counts"`
}

// changeKinds are the kinds of changes, in the order in which they are told,
// with the types of events that each holds.
var changeKinds = []struct {
	key, name string
	types     []string
}{
	{"designations_new", "designations adopted", []string{"designation.adopted"}},
	{"designations_reinstated", "designations reinstated", []string{"designation.reinstated"}},
	{"designations_amended", "designations amended", []string{"designation.amended"}},
	{"designations_suspended", "designations suspended", []string{"designation.suspended"}},
	{"designations_removed", "designations removed", []string{"designation.removed"}},
	{"courts", "court proceedings", []string{"challenge.filed", "court.ruled", "stay.ended"}},
	{"transpositions", "designations given national effect", []string{"designation.transposed"}},
	{"implementation", "ways of implementing declared, measures enacted", []string{"implementation.declared", "measure.enacted"}},
	{"regimes", "regimes adopted or changed, mandates ended", []string{"regime.*", "mandate.ended", "custodian.appointed", "benchmark.adopted"}},
	{"enforcement", "enforcement actions", []string{"enforcement.action_taken"}},
	{"interdictions", "interdictions, inspections and seizures", []string{"interdiction.executed", "vessel.inspected", "cargo.seized"}},
	{"vessels", "ships struck off, refused or left without services", []string{"vessel.deregistered", "port_entry.denied", "vessel_service.withdrawn"}},
	{"freezes", "freezes and releases", []string{"asset.frozen", "asset.unfrozen"}},
	{"finance", "payments rejected, accounts closed, thefts recovered", []string{"transaction.rejected", "account.closed", "cyber_theft.recovered"}},
	{"people", "travel bans enforced, workers sent home, ventures and offices closed", []string{"travel_ban.enforced", "workers.repatriated", "joint_venture.closed", "representative_office.closed"}},
	{"permissions", "exemptions, licences and exceptions", []string{"exemption.*", "licence.*", "exception.relied_on"}},
	{"violations", "reports of violations", []string{"violation.reported", "trade_violation.reported"}},
	{"reports", "other reports on what happened", []string{
		"arms_transfer.reported", "technology_transfer.reported", "petroleum_transfer.reported", "ship_to_ship_transfer.reported",
		"proliferation_activity.observed", "vessel.observed", "vessel.identity_changed", "cyber_theft.reported", "wallet.attributed", "workers.reported", "joint_venture.reported",
	}},
	{"duties", "duties defined, reported on, extended or declared not to apply", []string{"obligation.defined", "report.submitted", "extension.granted", "inapplicability.declared"}},
	{"cases", "cases and requests for information", []string{"case.*", "information.*"}},
	{"disputes_raised", "disputes raised", []string{"event.disputed"}},
	{"disputes_closed", "disputes answered or closed", []string{"dispute.*"}},
	{"explanations", "explanations and replies", []string{"explanation.given", "reply.recorded"}},
	{"corrections", "corrections", []string{"event.corrected"}},
	{"withdrawals", "withdrawals and repudiations", []string{"event.withdrawn", "events.repudiated"}},
	{"endorsements", "endorsements and reaffirmations", []string{"event.endorsed", "event.reaffirmed"}},
	{"sources", "published lists read, gaps seen", []string{"list.*"}},
	{"detail", "sealed detail released, opened or erased", []string{"detail.*"}},
	{"governance", "members, agencies, keys and decisions", []string{
		"coalition.*", "member.*", "agency.*", "key.*", "encryption_key.*", "proposal.*", "rules.*", "witness_policy.*", "log_key.*", "journal.*",
	}},
	{"other", "other events", []string{"*"}},
}
