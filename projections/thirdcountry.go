package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// AssertionsNotice stands with every count of assertions.
const AssertionsNotice = "These are assertions by their authors, not findings. A count measures patrols and reporting as much as guilt."

// ThirdCountry is what others assert concerning a state, and what it answers.
type ThirdCountry struct {
	Scope
	Country      domain.Country `json:"country"`
	Name         string         `json:"name"`
	Notice       string         `json:"notice"`
	Total        int            `json:"total"`
	Disputed     int            `json:"disputed"`
	Covered      int            `json:"covered"` // of Total: shown, and by an exemption, licence or exception no violation
	ByAsserter   []Asserted     `json:"by_asserter"`
	Assertions   []Assertion    `json:"assertions"` // newest first, one page
	Next         string         `json:"next,omitempty"`
	Explanations []Remark       `json:"explanations"` // by the state itself
	Disputes     []Remark       `json:"disputes"`     // by the state itself
	Replies      []Reply        `json:"replies"`      // by the state, as others transcribed them
}

// Reply is what a state that is no member said, in the words of whoever recorded it.
type Reply struct {
	Remark
	Author      string      `json:"author"` // who said it for the state
	PublishedOn domain.Date `json:"published_on"`
}

// Asserted counts assertions of one member by type and confidence.
type Asserted struct {
	Asserter   domain.Country `json:"asserter"`
	Type       string         `json:"type"`
	Confidence string         `json:"confidence"` // "not stated" where the event gives none
	Count      int            `json:"count"`
	Disputed   int            `json:"disputed"`
	Covered    int            `json:"covered"`
	Events     Events         `json:"events"`
}

// Assertion is one event with what was said against and about it.
type Assertion struct {
	Entry
	Flag         string   `json:"flag_claimed,omitempty"` // a code, unknown, false or stateless
	Disputes     []Remark `json:"disputes"`
	Explanations []Remark `json:"explanations"`
}

// ThirdCountryQuery selects assertions concerning a state.
type ThirdCountryQuery struct {
	Query
	Page
	Asserter   domain.Country
	Confidence string
}
