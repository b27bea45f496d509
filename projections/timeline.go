package projections

import (
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Entry is one event as a timeline shows it. Summary is of the statement as it
// stood at the query's AsOf, corrections applied.
type Entry struct {
	Index      uint64          `json:"index"`
	Leaf       domain.Hash     `json:"leaf"`
	RecordedAt time.Time       `json:"recorded_at"`
	Type       string          `json:"type"`
	Issuer     domain.AgencyID `json:"issuer"`
	EventID    string          `json:"event_id"`
	OccurredOn domain.Date     `json:"occurred_on,omitempty"`
	Published  domain.Date     `json:"published_on,omitempty"` // claimed by the source, not proven
	Case       string          `json:"case,omitempty"`
	Confidence string          `json:"confidence,omitempty"`
	Sealed     int             `json:"sealed,omitzero"` // items that not everyone may read
	Summary    string          `json:"summary"`
	CoveredBy  []Cover         `json:"covered_by,omitempty"` // it was free: under these
	Marks
}

// TimelinePage is one page of entries.
type TimelinePage struct {
	Scope
	Entries []Entry `json:"entries"`
	Total   int     `json:"total"`
	Next    string  `json:"next,omitempty"`
}

// CaseQuery asks for a page of a case or of a country, oldest first unless
// Newest is set.
type CaseQuery struct {
	Query
	Page
	Newest bool
}

// FeedQuery selects events, newest first. Empty fields select all.
type FeedQuery struct {
	Query
	Page
	Types    []string // any of these; "designation.*" takes a whole group
	NotTypes []string // none of these
	Member   domain.Country
	Agency   domain.AgencyID
	Case     string
	Subject  string // named as to Views.Subject: the events of its dossier
	Before   *time.Time
	After    *time.Time
	Among    map[uint64]bool // only these events; nil means all
}
