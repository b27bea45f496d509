package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// Dossier is all that is recorded of one subject: designations and registered
// subjects that same_as links join, and every event of which a subscription to
// one of them, or to a number that they bear, tells.
type Dossier struct {
	Scope
	ID             string              `json:"id"` // as it was asked for
	Kind           string              `json:"kind"`
	Name           string              `json:"name"`
	Names          []domain.Name       `json:"names"`
	Identifiers    []domain.Identifier `json:"identifiers"`
	Designations   []Designation       `json:"designations"`
	Registered     []RegisteredSubject `json:"registered"`
	Transpositions []Transposition     `json:"transpositions"`
	Links          []Link              `json:"links"`
	Related        []Link              `json:"related"` // owns, controls, operates, member_of
	Cells          []StateCell         `json:"cells"`   // best cell of any of its designations, for each state
	Events         []Entry             `json:"events"`  // newest first; the first MaxPage. What was withdrawn or corrected is marked so
	EventsTotal    int                 `json:"events_total"`
	Frozen         []MoneyFigure       `json:"frozen"`
	Permits        []Permit            `json:"permits"` // exemptions, licences and exceptions that name one of the designations
	Disputes       []Remark            `json:"disputes"`
}

// RegisteredSubject is an id that an agency gave a subject.
type RegisteredSubject struct {
	ID    string `json:"id"`
	Index uint64 `json:"index"` // of its registration
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Marks Marks  `json:"marks"`
}

// MoneyFigure is an amount in one currency with the events behind it.
type MoneyFigure struct {
	domain.Money
	Events Events `json:"events"`
}
