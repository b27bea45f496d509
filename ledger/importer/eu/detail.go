package eu

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// country takes the code of a detail's country, or finds it by the name.
func (b *builder) country(n *tree.Node) domain.Country {
	code := domain.Country(strings.TrimSpace(n.Get("@countryIso2Code")))
	if code != "" && code != "00" && code.Valid() {
		n.Field("@countryIso2Code")
		return code
	}
	named, _ := domain.CountryByName(importer.Clean(n.Get("@countryDescription")))
	if code != "" && code != "00" {
		b.warn(fmt.Sprintf("%s is no country code; %s was read from the name", code, cmp.Or(string(named), "nothing")))
	}
	return named
}

// countryText takes the name of a detail's country; UNKNOWN is none.
func countryText(n *tree.Node) string {
	if strings.EqualFold(importer.Clean(n.Get("@countryDescription")), "UNKNOWN") {
		return ""
	}
	return n.Field("@countryDescription")
}

func (b *builder) citizenship(n *tree.Node) {
	text := countryText(n)
	if text == "" {
		return
	}
	b.e.Subject.Nationalities = append(b.e.Subject.Nationalities, domain.Text{
		Text: text, Language: strings.ToLower(n.Get("@regulationLanguage")), Code: b.country(n),
	})
}

// place reads what an address and a birthdate have in common.
func (b *builder) place(n *tree.Node) domain.Place {
	return domain.Place{
		Street:      stated(n, "@street"),
		City:        stated(n, "@city"),
		Region:      stated(n, "@region"),
		PostalCode:  stated(n, "@zipCode"),
		Text:        stated(n, "@place"),
		CountryText: countryText(n),
		Country:     b.country(n),
	}
}

// stated takes an attribute; a hyphen alone stands for nothing, and stays in Raw.
func stated(n *tree.Node, attribute string) string {
	if importer.Clean(n.Get(attribute)) == "-" {
		return ""
	}
	return n.Field(attribute)
}

func (b *builder) address(n *tree.Node) {
	if p := b.place(n); p != (domain.Place{}) {
		p.Note = n.Field("remark")
		b.e.Subject.Addresses = append(b.e.Subject.Addresses, p)
	}
}

// birth reads a date of birth, and the place that stands with it.
func (b *builder) birth(n *tree.Node) {
	d := b.birthDate(n)
	p := b.place(n)
	if p != (domain.Place{}) {
		if d == (domain.FuzzyDate{}) {
			p.Note = n.Field("remark")
		}
		b.e.Subject.BirthPlaces = append(b.e.Subject.BirthPlaces, p)
	}
	if d != (domain.FuzzyDate{}) {
		d.Note = n.Field("remark")
		b.e.Subject.BirthDates = append(b.e.Subject.BirthDates, d)
	}
}

// birthDate reads a date of birth. One of another calendar has its day in the
// Gregorian one under birthdate, where a day is known; its own day, month and
// year stay in Raw.
func (b *builder) birthDate(n *tree.Node) (d domain.FuzzyDate) {
	d.Date = b.day(n, "@birthdate")
	if c := n.Get("@calendarType"); c != "" && c != "GREGORIAN" {
		if d.Date == "" {
			b.warn("a date of birth in the calendar " + c + " was left in Raw")
		}
	} else {
		if d.Date == "" {
			d.Date = b.written(n)
		}
		d.From, d.To = b.year(n, "@yearRangeFrom"), b.year(n, "@yearRangeTo")
	}
	switch {
	case d.From != "" || d.To != "":
		d.Type = "between"
	case d.Date != "":
		d.Type = n.Code("@circa", map[string]string{"true": "approximately", "1": "approximately", "false": "exact", "0": "exact"})
	}
	return d
}

// written composes a date of its parts, which stay in Raw unless the year is
// all there is.
func (b *builder) written(n *tree.Node) domain.Date {
	year := b.year(n, "@year")
	month, dayOf := two(n.Get("@monthOfYear")), two(n.Get("@dayOfMonth"))
	if year == "" || month == "" {
		return year
	}
	d := year + domain.Date("-"+month)
	if dayOf != "" {
		d += domain.Date("-" + dayOf)
	}
	if !d.Valid() {
		b.warn(fmt.Sprintf("date of birth %s is no date; the year alone was taken", d))
		return year
	}
	n.All("@year")[0].Used = false
	return d
}

func (b *builder) year(n *tree.Node, attribute string) domain.Date {
	text := strings.TrimSpace(n.Get(attribute))
	if strings.Trim(text, "0") == "" {
		return ""
	}
	if len(text) != 4 || !domain.Date(text).Valid() {
		b.warn(fmt.Sprintf("%s %q is no year", attribute[1:], text))
		return ""
	}
	return domain.Date(n.Field(attribute))
}

// two pads a number of one digit; "" for none and for zero.
func two(s string) string {
	if s = strings.TrimLeft(strings.TrimSpace(s), "0"); len(s) == 1 {
		return "0" + s
	}
	return s
}
