package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// Statuses of a case of a duty. Overdue is said only on a day that was asked
// for, of a duty that something was recorded to set off, where the record
// follows this very duty of this state.
const (
	DutySubmitted     = "submitted"
	DutyLate          = "submitted_late"
	DutyDue           = "due" // its day has not passed
	DutyOverdue       = "overdue"
	DutyNotRecorded   = "not_recorded"   // past its day, and nothing shows that this duty is followed for this state: no finding
	DutyNotApplicable = "not_applicable" // declared so
	DutyAsserted      = "asserted"       // others assert what would set it off
)

const obligationsNotice = "A duty is shown as its custodian transcribed it, and marked where nobody compared it with the original. What nothing sets off is not applicable. Overdue is said on the day asked for alone, and only where something recorded shows that this very duty is followed for this state: what it said of another duty shows nothing. The events of a case name it."

// Obligations is what a state owes, as far as it is recorded.
type Obligations struct {
	Scope
	Country     domain.Country `json:"country"`
	Name        string         `json:"name"`
	Notice      string         `json:"notice"`
	Obligations []Obligation   `json:"obligations"`
}

// Obligation is a duty and each case in which it binds the state.
type Obligation struct {
	Obligation    string           `json:"obligation"`
	Regime        string           `json:"regime"`
	Kind          string           `json:"kind"`
	Title         domain.Text      `json:"title"`
	Source        string           `json:"source"`          // instrument and paragraph
	Label         string           `json:"label,omitempty"` // UncheckedLabel or BenchmarkLabel
	Note          string           `json:"note,omitempty"`  // on the source
	AppliesTo     domain.AppliesTo `json:"applies_to"`
	Trigger       domain.Trigger   `json:"trigger"`
	Due           domain.Due       `json:"due"`
	Recurrence    string           `json:"recurrence"`
	Sections      []string         `json:"sections,omitempty"`
	Limit         *domain.Limit    `json:"limit,omitempty"`
	NotApplicable string           `json:"not_applicable,omitempty"` // why there is no case
	Overdue       int              `json:"overdue"`
	Cases         []DutyCase       `json:"cases"` // in order of their days
	Event         uint64           `json:"event"`
	Marks         Marks            `json:"marks"`
}

// DutyCase is one case of a duty: of a period, or of what set it off.
type DutyCase struct {
	Period      *domain.Period `json:"period,omitempty"`
	Trigger     *uint64        `json:"trigger,omitempty"`      // the event that set it off
	TriggeredOn domain.Date    `json:"triggered_on,omitempty"` // its day; of a period the last
	DueOn       domain.Date    `json:"due_on"`                 // extensions counted
	FirstDueOn  domain.Date    `json:"first_due_on,omitempty"` // before it was extended
	Status      string         `json:"status"`
	Reason      string         `json:"reason,omitempty"`
	SubmittedOn domain.Date    `json:"submitted_on,omitempty"`
	Symbol      string         `json:"symbol,omitempty"`
	DaysLate    *int           `json:"days_late,omitempty"`
	Completed   []string       `json:"completed,omitempty"`
	Disputed    int            `json:"disputed"`    // of the events
	Transcribed int            `json:"transcribed"` // of the events, apart from what the state signed
	Events      []uint64       `json:"events"`
}

// owed is a duty as it reads at a query, with its cases in one state.
type owed struct {
	*domain.ObligationDefined
	event uint64
	none  string // why there is no case
	cases []DutyCase
}

// label says what a duty must be shown with.
func (o owed) label() string {
	switch {
	case o.Benchmark != "":
		return BenchmarkLabel
	case !o.Source.Checked:
		return UncheckedLabel
	}
	return ""
}

// passed reports whether a case's day has come and what became of it is known.
func (c DutyCase) passed() bool {
	return c.Status == DutySubmitted || c.Status == DutyLate || c.Status == DutyOverdue
}

// Obligations returns what a state owes; false if it is neither a member nor
// watched by a regime.
func (v *Views) Obligations(c domain.Country, q Query) (Obligations, bool) {
	f := v.frame(q)
	i, ok := f.number[c]
	if !ok || !f.isWatched[i] {
		return Obligations{}, false
	}
	out := Obligations{Scope: f.scope(), Country: c, Name: countryName(c), Notice: obligationsNotice, Obligations: []Obligation{}}
	for _, o := range f.sheet(c).owed() {
		out.Obligations = append(out.Obligations, f.obligation(o))
	}
	return out, true
}

func (t at) obligation(o owed) Obligation {
	out := Obligation{
		Obligation: o.Obligation, Regime: o.Regime, Kind: o.Kind, Title: o.Title, Source: plainSource(o), Label: o.label(), Note: o.Source.Note,
		AppliesTo: o.AppliesTo, Trigger: o.Trigger, Due: o.Due, Recurrence: o.Recurrence, Sections: o.Sections, Limit: o.Limit,
		NotApplicable: o.none, Cases: append([]DutyCase{}, o.cases...), Event: o.event, Marks: t.marks(o.event),
	}
	for _, c := range o.cases {
		count(&out.Overdue, c.Status == DutyOverdue)
	}
	return out
}
