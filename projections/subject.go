package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// Dossier is all that is recorded of one subject: designations that same_as
// links join, and the events that name one of them.
type Dossier struct {
	Scope
	ID             string              `json:"id"` // the designation id or IMO number asked for
	Kind           string              `json:"kind"`
	Name           string              `json:"name"`
	Names          []domain.Name       `json:"names"`
	Identifiers    []domain.Identifier `json:"identifiers"`
	Designations   []Designation       `json:"designations"`
	Transpositions []Transposition     `json:"transpositions"`
	Links          []Link              `json:"links"`
	Related        []Link              `json:"related"` // owns, controls, operates, member_of
	Cells          []StateCell         `json:"cells"`   // best cell of any of its designations, for each state
	Events         []Entry             `json:"events"`  // actions, freezes, interdictions, newest first; the first MaxPage
	EventsTotal    int                 `json:"events_total"`
	Frozen         []MoneyFigure       `json:"frozen"`
	Permits        []Permit            `json:"permits"` // exemptions, licences and exceptions that name one of the designations
	Disputes       []Remark            `json:"disputes"`
}

// MoneyFigure is an amount in one currency with the events behind it.
type MoneyFigure struct {
	domain.Money
	Events Events `json:"events"`
}
