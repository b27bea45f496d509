package domain

import (
	"cmp"
	"fmt"
	"time"
)

// Common is what statements of every type may say about themselves.
type Common struct {
	OccurredOn   Date         `json:"occurred_on,omitempty"`  // when it happened; the only date that may not lie ahead
	PublishedOn  Date         `json:"published_on,omitempty"` // the date its source bears: claimed
	SourceRef    *SourceRef   `json:"source_ref,omitempty"`   // the poster's own case number
	LegalBasis   []LegalBasis `json:"legal_basis,omitempty"`
	Evidence     []Evidence   `json:"evidence,omitempty"`
	Handling     string       `json:"handling,omitempty"` // TLP 2.0 label of the public part; empty means TLP:CLEAR
	Sealed       []Sealed     `json:"sealed,omitempty"`   // commitments to detail that not everyone may read
	Confidence   string       `json:"confidence,omitempty"`
	Case         string       `json:"case,omitempty"`
	Illustrative bool         `json:"illustrative,omitzero"` // invented for teaching; never in a real state's name
	Note         *Text        `json:"note,omitempty"`
}

// SourceRef keeps the number that the poster's own system gave a record.
type SourceRef struct {
	System string `json:"system"`
	ID     string `json:"id"`
}

// LegalBasis names an instrument and, if need be, its paragraph.
type LegalBasis struct {
	Instrument string `json:"instrument"`
	Paragraph  string `json:"paragraph,omitempty"`
}

// Evidence binds a document by its SHA-256; the document stays with HeldBy.
type Evidence struct {
	SHA256    Hash     `json:"sha256"`
	MediaType string   `json:"media_type,omitempty"`
	Locator   string   `json:"locator,omitempty"`
	HeldBy    AgencyID `json:"held_by,omitempty"`
}

// Base returns the common part itself; embedding it makes a Statement.
func (c Common) Base() Common { return c }

// HandlingOf returns the TLP 2.0 label of an event's public part: that of the
// statement, or of the one which a correction puts in its place; TLP:CLEAR where
// that names none. Events of other types bear no label, and are read by all
// members: it is "" for them.
func HandlingOf(b Body) string {
	switch b := b.(type) {
	case Statement:
		return cmp.Or(b.Base().Handling, "TLP:CLEAR")
	case EventCorrected:
		if st, refusal := b.Body(); refusal == nil {
			return HandlingOf(st)
		}
	}
	return ""
}

func checkHandling(label string) *Refusal {
	return oneOf("handling", label, "", "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
}

const occurredAhead = 14 * time.Hour // it is already tomorrow in Wellington

func (c Common) checkCommon(f Fact) *Refusal {
	return first(
		checkDate("occurred_on", c.OccurredOn),
		checkDate("published_on", c.PublishedOn),
		c.checkOccurred(f),
		checkHandling(c.Handling),
		oneOf("confidence", c.Confidence, "", "confirmed", "probable", "alleged"),
		c.checkSources(),
		c.checkIllustrative(f),
	)
}

func (c Common) checkOccurred(f Fact) *Refusal {
	latest := DateOf(f.Time().Add(occurredAhead))
	if c.OccurredOn == "" || c.OccurredOn.Earliest() <= latest {
		return nil
	}
	return refuse("occurred_on.future", "occurred_on", fmt.Sprintf("%s has not happened yet (latest possible today: %s): a date in force or due belongs in its own field", c.OccurredOn, latest))
}

func (c Common) checkSources() *Refusal {
	if c.SourceRef != nil && (c.SourceRef.System == "" || c.SourceRef.ID == "") {
		return refuse("source_ref.incomplete", "source_ref", "give the system and the id, or leave source_ref out")
	}
	for i, b := range c.LegalBasis {
		if b.Instrument == "" {
			return refuse("legal_basis.incomplete", fmt.Sprintf("legal_basis[%d].instrument", i), "name the instrument")
		}
	}
	for i, e := range c.Evidence {
		if e.HeldBy != "" && !e.HeldBy.Valid() {
			return refuse("evidence.held_by", fmt.Sprintf("evidence[%d].held_by", i), "name the agency as in JP/mof")
		}
	}
	return nil
}

func (c Common) checkIllustrative(f Fact) *Refusal {
	if !c.Illustrative || f.Issuer.Member().UserAssigned() {
		return nil
	}
	return refuse("illustrative.real_state", "illustrative", "nothing invented is signed in a real state's name: use a user-assigned code such as XA")
}

// notInvented keeps invented facts from being told of a real state.
func (c Common) notInvented(field string, about Country) *Refusal {
	if !c.Illustrative || about.UserAssigned() {
		return nil
	}
	return refuse("illustrative.real_state", field, "nothing invented is said of a real state: use a user-assigned code such as XX")
}

func oneOf(field, value string, allowed ...string) *Refusal {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	list := ""
	for _, a := range allowed {
		if a != "" {
			list += " " + a
		}
	}
	if value == "" {
		return refuse("value.unknown", field, "this member is required: give one of"+list)
	}
	return refuse("value.unknown", field, fmt.Sprintf("%q is not one of:%s", value, list))
}

func required(field, value string) *Refusal {
	if value == "" {
		return refuse("value.missing", field, "this member is required")
	}
	return nil
}

// Ref names a recorded event by its index and leaf hash; both must agree.
type Ref struct {
	Index uint64 `json:"index"`
	Leaf  Hash   `json:"leaf"`
}
