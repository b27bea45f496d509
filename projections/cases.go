package projections

import (
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// States of a case. It is not recorded where events name it and no opening
// stands: that is neither open nor closed.
const (
	CaseOpen        = "open"
	CaseClosed      = "closed"
	CaseNotRecorded = "not_recorded"
)

// States of a request. A partial answer leaves it open.
const (
	RequestOpen     = "open"
	RequestPartial  = "partial"
	RequestAnswered = "answered"
	RequestRefused  = "refused"
)

// CasesNotice stands with every list of cases.
const CasesNotice = "A due date is asked for by the member that asks: it is no duty. A request without one is never overdue, and one without an answer here may have been answered elsewhere. Counts measure what was recorded, not who is right."

// CasesQuery selects cases. Empty fields select all.
type CasesQuery struct {
	Query
	Page
	State   string         // open, closed, not_recorded
	Member  domain.Country // that takes part
	Regime  string
	Overdue bool // only with a request that is overdue on the day
}

// CasesPage is one page of cases: those opened last come first, by the day that
// the opening names.
type CasesPage struct {
	Scope
	Notice string    `json:"notice"`
	Cases  []CaseRow `json:"cases"`
	Total  int       `json:"total"`
	Next   string    `json:"next,omitempty"`
}

// CaseRow is a case at a glance.
type CaseRow struct {
	ID           string           `json:"id"`
	State        string           `json:"state"`
	Title        string           `json:"title,omitempty"`
	Language     string           `json:"language,omitempty"`
	Lead         domain.AgencyID  `json:"lead,omitempty"`
	Members      []domain.Country `json:"members"` // that lead, were asked or invited, or recorded something in it
	Regimes      []string         `json:"regimes"`
	OpenedAt     *uint64          `json:"opened_at,omitempty"` // index
	OpenedOn     domain.Date      `json:"opened_on,omitempty"` // as its opening says
	ClosedAt     *uint64          `json:"closed_at,omitempty"` // index
	ClosedOn     domain.Date      `json:"closed_on,omitempty"` // as its closing says
	Outcome      string           `json:"outcome,omitempty"`
	AgeDays      *int             `json:"age_days,omitempty"`      // until the day, or until it was closed
	AgeFrom      string           `json:"age_from,omitempty"`      // occurred_on, or recorded_at where the opening names no day
	NextDue      domain.Date      `json:"next_due_on,omitempty"`   // the first to come, on the day
	OverdueSince domain.Date      `json:"overdue_since,omitempty"` // the first that has passed without an answer
	Handling     string           `json:"handling"`                // strictest TLP 2.0 label of what stands in it
	Sealed       int              `json:"sealed"`                  // items that not everyone may read
	Counts       CaseCounts       `json:"counts"`
}

// CaseCounts are of what stands in a case and had happened by the day.
type CaseCounts struct {
	Violations CaseCount `json:"violations"`
	Requests   CaseCount `json:"requests"` // the sum of open, answered and refused
	Open       CaseCount `json:"requests_open"`
	Answered   CaseCount `json:"requests_answered"`
	Refused    CaseCount `json:"requests_refused"`
	Overdue    CaseCount `json:"requests_overdue"` // of the open ones; always 0 when no day is asked for
	Actions    CaseCount `json:"actions"`
	Events     CaseCount `json:"events"`
}

// CaseCount is a number with the events behind it: of requests, their answers
// too.
type CaseCount struct {
	Count        int    `json:"count"`
	Text         string `json:"text"` // "3, of which 1 disputed"
	Events       Events `json:"events"`
	Disputed     int    `json:"disputed"`
	Contested    int    `json:"contested"`
	Repudiated   int    `json:"repudiated"`
	Transcribed  int    `json:"transcribed"`
	Illustrative int    `json:"illustrative"`
}

// CaseFile is a case as it stands, and one page of its events.
type CaseFile struct {
	Scope
	Notice  string     `json:"notice"`
	Case    CaseDetail `json:"case"`
	Entries []Entry    `json:"entries"`
	Total   int        `json:"total"`
	Next    string     `json:"next,omitempty"`
}

// CaseDetail is a case step by step. Each list holds the first MaxPage; Counts
// has how many there are.
type CaseDetail struct {
	CaseRow
	OutcomeText  string          `json:"outcome_text,omitempty"`
	Reopened     string          `json:"reopened_because,omitempty"`
	Violations   []CaseViolation `json:"violations"`
	Requests     []CaseRequest   `json:"requests"`
	Actions      []Entry         `json:"actions"`
	Disputes     []Remark        `json:"disputes"`
	Explanations []Remark        `json:"explanations"`
}

// CaseViolation is a report that the case looks into.
type CaseViolation struct {
	Entry
	Category   string           `json:"category"`
	Concerning []domain.Country `json:"concerning,omitempty"`
}

// CaseRequest is a request for information with its answers.
type CaseRequest struct {
	Entry
	To        domain.Country `json:"to_member"`
	Questions []domain.Text  `json:"questions"`
	DueOn     domain.Date    `json:"due_on,omitempty"` // asked for, not a duty
	State     string         `json:"state"`
	Overdue   bool           `json:"overdue"`
	DaysLate  *int           `json:"days_late,omitempty"` // of what is overdue, on the day; of what was answered, then
	Answers   []CaseAnswer   `json:"answers"`
}

// CaseAnswer is one answer to a request.
type CaseAnswer struct {
	Index      uint64          `json:"index"`
	Issuer     domain.AgencyID `json:"issuer"`
	RecordedAt time.Time       `json:"recorded_at"`
	AnsweredOn domain.Date     `json:"answered_on,omitempty"` // as it says
	Answer     string          `json:"answer"`
	Text       string          `json:"text"`
	Language   string          `json:"language,omitempty"`
	Sealed     int             `json:"sealed,omitzero"`
	Marks
}
