package projections

import (
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Query is what every view takes: when known, and when in force.
type Query struct {
	AsOf *uint64     // events 0 to AsOf are known, that one included; nil: all that are folded
	On   domain.Date // in force in the world on this day (of a month or year, its last); "" sets no day. The caller knows what today is
}

// Page asks for a part of a long answer. The zero Page is the first 50.
type Page struct {
	Cursor string // Next of the page before; "" for the first
	Limit  int    // 1 to MaxPage; 0 means DefaultPage, more means MaxPage

	// Bind makes the Next of a page out of the place where it ended, so that a
	// cursor can tell of which query it is; nil: the place itself.
	Bind func(place string) string
}

// next is what a page that ended at a place names as its Next; "" for the last.
func (p Page) next(place string) string {
	if place == "" || p.Bind == nil {
		return place
	}
	return p.Bind(place)
}

// Sizes of pages, in rows.
const (
	DefaultPage = 50
	MaxPage     = 500
)

// Scope says what an answer rests on.
type Scope struct {
	AsOf       uint64      `json:"as_of"`       // index of the last event taken into account
	RecordedAt time.Time   `json:"recorded_at"` // when that event was recorded
	On         domain.Date `json:"on,omitempty"`
	Empty      bool        `json:"empty,omitempty"` // no event at all is known
}

// MaxEvents bounds the indexes listed with one figure; Total is never bounded.
const MaxEvents = 100

// Events are the events behind a number.
type Events struct {
	Total   int      `json:"total"`
	Indexes []uint64 `json:"indexes"` // ascending; the first MaxEvents, and all of a figure asked for alone and of a report
}

// Marks is what stands against, or beside, a statement.
type Marks struct {
	Handling     string   `json:"handling,omitempty"`     // TLP 2.0 label of the public part; TLP:CLEAR where it names none
	Transcribed  bool     `json:"transcribed"`            // copied from another authority's publication, not signed by it
	Illustrative bool     `json:"illustrative,omitempty"` // invented for teaching
	Disputed     bool     `json:"disputed"`               // a dispute stands open
	Contested    bool     `json:"contested,omitempty"`    // signed by a key that was later called compromised
	Repudiated   bool     `json:"repudiated,omitempty"`   // "not by us"
	CorrectedBy  []uint64 `json:"corrected_by,omitempty"` // the last is what is shown
	WithdrawnBy  *uint64  `json:"withdrawn_by,omitempty"`
	EndorsedBy   []uint64 `json:"endorsed_by,omitempty"`
	DisputedBy   []uint64 `json:"disputed_by,omitempty"` // open disputes
	ExplainedBy  []uint64 `json:"explained_by,omitempty"`
}

// Remark is a dispute of an event or an explanation, in its author's words.
type Remark struct {
	Index      uint64          `json:"index"`
	Issuer     domain.AgencyID `json:"issuer"`
	RecordedAt time.Time       `json:"recorded_at"`
	Handling   string          `json:"handling,omitempty"` // as in Marks
	Text       string          `json:"text"`
	Language   string          `json:"language,omitempty"`
	Target     *uint64         `json:"target,omitempty"`
	Figure     string          `json:"figure,omitempty"`
	Open       bool            `json:"open,omitempty"` // of a dispute
	Outcome    string          `json:"outcome,omitempty"`
}
