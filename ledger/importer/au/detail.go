package au

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// birth reads a person's date of birth: a year, a day in words or figures, or the number
// by which a workbook counts days. What is not understood, two dates in one
// cell too, stays as text.
func (g *group) birth(text string) bool {
	if g.e.Kind != "person" {
		return false
	}
	d := domain.FuzzyDate{Type: "exact", Date: day(text)}
	if d.Date == "" {
		d = domain.FuzzyDate{Text: text}
	} else if text != string(d.Date) {
		d.Text = text
	}
	g.e.Subject.BirthDates = append(g.e.Subject.BirthDates, d)
	return true
}

// day returns the date that a cell states, "" when it states none. A date such
// as 3/4/26 is none: nothing says which of the two is the month.
func day(text string) domain.Date {
	if d := domain.Date(text); d != "" && d.Valid() {
		return d
	}
	if serial.MatchString(text) {
		n, _ := strconv.Atoi(text)
		return domain.DateOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n))
	}
	for _, layout := range []string{"2 January 2006", "2 Jan 2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return domain.DateOf(t)
		}
	}
	return ""
}

// serial is a number of days since 30 December 1899, from 1927 to 2173: one of
// four digits is a year.
var serial = regexp.MustCompile(`^[1-9][0-9]{4}$`)

// citizenship adds the nationalities of a person; several divided by commas or
// semicolons are divided where each part is the name of a country. For another
// kind of subject the list does not say what the column means.
func (g *group) citizenship(text string) bool {
	if g.e.Kind != "person" {
		return false
	}
	nationalities := &g.e.Subject.Nationalities
	if code, ok := domain.CountryByName(text); ok || !strings.ContainsAny(text, ",;") {
		*nationalities = append(*nationalities, domain.Text{Text: text, Language: "en", Code: code})
		return true
	}
	var parts []domain.Text
	for p := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		p = strings.TrimSpace(p)
		code, ok := domain.CountryByName(p)
		if !ok {
			*nationalities = append(*nationalities, domain.Text{Text: text, Language: "en"})
			return true
		}
		parts = append(parts, domain.Text{Text: p, Language: "en", Code: code})
	}
	*nationalities = append(*nationalities, parts...)
	return false
}

// countryAtEnd returns the country that a place ends with, "" when it ends
// with none.
func countryAtEnd(text string) domain.Country {
	c, ok := domain.CountryByName(strings.TrimRight(text, "."))
	if !ok {
		c, _ = domain.CountryByName(strings.TrimRight(text[strings.LastIndexAny(text, ",;")+1:], "."))
	}
	return c
}

// reference takes the reference of the 1718 list that a text begins with: one
// further on may be another subject's.
func (g *group) reference(text string) {
	if m := unReference.FindStringSubmatch(text); m != nil {
		g.e.Subject.Identifiers = append(g.e.Subject.Identifiers, domain.Identifier{Scheme: "un_ref", Value: m[1], Note: "from Additional Information"})
	}
}

var unReference = regexp.MustCompile(`^(KP[ie]\.[0-9]{3})\b`)

// imo reads a ship's number; one that fails a ship's check digit is a
// company's or of no known scheme.
func (g *group) imo(text string) bool {
	id := domain.Identifier{Scheme: "imo", Value: text}
	switch {
	case domain.ValidIMO(text):
	case importer.ValidIMOCompany(text):
		g.warn("IMO number " + text + " has the check digit of a company's, not of a ship's")
		id.Scheme, id.Label = "imo_company", "IMO Number"
	default:
		g.warn(fmt.Sprintf("IMO number %q fails its check digit", text))
		id.Scheme, id.Label = "other", "IMO Number"
	}
	g.e.Subject.Identifiers = append(g.e.Subject.Identifiers, id)
	return true
}

// edits are the days on which the rows were last edited.
func (g *group) edits() {
	for _, r := range g.rows {
		text := importer.Clean(r.get(colControl))
		d := day(text)
		if d == "" && text != "" {
			g.warn(fmt.Sprintf("control date %q of row %s is no date", text, r.printed))
		} else if d != "" && !slices.Contains(g.e.UpdatedOn, d) {
			g.e.UpdatedOn = append(g.e.UpdatedOn, d)
		}
	}
}
