package au

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// citizenship adds the nationalities of a person, divided by semicolons. Commas
// divide only where each part is the name of a country: names have commas. For
// another kind of subject the list does not say what the column means.
func (g *group) citizenship(text string) (whole bool) {
	if g.e.Kind != "person" {
		return false
	}
	parts := strings.Split(text, ";")
	if len(parts) == 1 {
		if _, ok := domain.CountryByName(text); !ok {
			parts = countries(text)
		}
	}
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			code, _ := domain.CountryByName(p)
			g.e.Subject.Nationalities = append(g.e.Subject.Nationalities, domain.Text{Text: p, Language: "en", Code: code})
		}
	}
	return len(parts) == 1
}

// countries divides a text at its commas where each part is a country.
func countries(text string) []string {
	parts := strings.Split(text, ",")
	for _, p := range parts {
		if _, ok := domain.CountryByName(strings.TrimSpace(p)); !ok {
			return []string{text}
		}
	}
	return parts
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

// reference takes the reference of the UN's list that a text begins with: one
// further on may be another subject's.
func (g *group) reference(text string) {
	if m := unReference.FindStringSubmatch(text); m != nil {
		g.e.Subject.Identifiers = append(g.e.Subject.Identifiers, domain.Identifier{Scheme: "un_ref", Value: m[1], Note: "from Additional Information"})
	}
}

var unReference = regexp.MustCompile(`^([A-Z]{2}[ie]\.[0-9]{3})\b`)

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

// listed takes the day with which Listing Information begins: "Listed on 25
// January 2001 (amended on …)", "Listed by UN 1267 Committee on 6 Oct. 2001".
func (g *group) listed() {
	if m := listedText.FindStringSubmatch(importer.Clean(g.rows[0].get(colListing))); m != nil {
		g.e.ListedOn = day(m[1])
	}
}

var listedText = regexp.MustCompile(`^Listed (?:by [^,;()]{1,80} )?on ([0-9]{1,2} [A-Z][a-z]+\.? [0-9]{4})`)

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
