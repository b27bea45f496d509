package ftm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// entity is one line.
type entity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
	Datasets   []string            `json:"datasets"`
	Referents  []string            `json:"referents,omitempty"`
	FirstSeen  string              `json:"first_seen,omitempty"`
	LastChange string              `json:"last_change,omitempty"`
}

func newEntity(id, schema string) *entity {
	return &entity{ID: id, Schema: schema, Properties: map[string][]string{}}
}

// add gives a property values, each once, in the order given.
func (e *entity) add(name string, values ...string) {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(e.Properties[name], v) {
			e.Properties[name] = append(e.Properties[name], v)
		}
	}
}

// longest is how long values of identifiers may be; readers drop longer ones.
var longest = map[string]int{"unscId": 16, "mmsi": 16, "swiftBic": 16, "leiCode": 32, "publicKey": 128}

// identify adds an identifier, or a note of it where it is too long for one.
func (e *entity) identify(name, value, what string) {
	limit, ok := longest[name]
	if !ok {
		limit = 64
	}
	if len([]rune(value)) > limit {
		e.note(what + ": " + value)
		return
	}
	e.add(name, value)
}

// note keeps what has no property of its own: in notes, or in the description
// of what is no thing.
func (e *entity) note(text string) {
	switch e.Schema {
	case "Sanction", "Identification", "Passport", "Ownership", "Membership", "UnknownLink":
		e.add("description", text)
	default:
		e.add("notes", text)
	}
}

// dates adds dates of the precision that they have.
func (e *entity) dates(name string, dates ...domain.Date) {
	for _, d := range dates {
		if d.Valid() {
			e.add(name, string(d))
		}
	}
}

// country adds a country's code; false where it has none in this format.
func (e *entity) country(name string, c domain.Country) bool {
	if domain.CountryName(c) == "" {
		return false
	}
	e.add(name, strings.ToLower(string(c)))
	return true
}

// place keeps the country that words name, or the words.
func (e *entity) place(name, what string, t domain.Text) {
	if t.Code == "" || !e.country(name, t.Code) {
		text := t.Text
		if text == "" {
			text = string(t.Code)
		}
		if text != "" {
			e.note(what + ": " + text)
		}
	}
}

// seen says when it was recorded first, and last changed.
func (e *entity) seen(first, last time.Time) {
	if t := stamp(first); e.FirstSeen == "" || t < e.FirstSeen {
		e.FirstSeen = t
	}
	e.LastChange = max(e.LastChange, stamp(last))
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }

// idOf makes an entity's id of a designation's: letters, digits and points
// stay, other bytes become a hyphen and two hexadecimal digits, so that no two
// designations have the same and what follows a hyphen and another letter is
// free for what belongs to the entity.
func idOf(designation string) string {
	var out strings.Builder
	out.WriteString("cl-")
	for i := range len(designation) {
		c := designation[i]
		plain := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' && i+1 < len(designation)
		if plain {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "-%02x", c)
		}
	}
	return out.String()
}

// digest names what has no id of its own by what it says.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:10])
}

// genders are the words and letters for which the model has a value.
var genders = map[string]string{"m": "male", "male": "male", "f": "female", "female": "female"}

// code reports whether a value has a length and only capital letters and
// digits: what readers ask of LEI and BIC before any check digit.
func code(v string, lengths ...int) bool {
	return slices.Contains(lengths, len(v)) && !strings.ContainsFunc(v, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}
