package un

import (
	"regexp"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// documents adds each document that has a number; of the others, what is
// stated stays in Raw. The texts of countries stay there too: an identifier
// holds a code alone.
func (b *builder) documents() {
	for _, n := range b.root.All("INDIVIDUAL_DOCUMENT") {
		number := n.Field("NUMBER")
		if number == "" {
			continue
		}
		b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, domain.Identifier{
			Scheme:   scheme(n.Get("TYPE_OF_DOCUMENT"), n.Get("TYPE_OF_DOCUMENT2")),
			Value:    number,
			Country:  country(n.Get("ISSUING_COUNTRY"), n.Get("COUNTRY_OF_ISSUE")),
			IssuedOn: b.day(n, "DATE_OF_ISSUE"),
			IssuedAt: n.Field("CITY_OF_ISSUE"),
			Label:    n.Field("TYPE_OF_DOCUMENT"),
			Note:     n.Field("NOTE"),
		})
	}
}

func scheme(texts ...string) string {
	for _, text := range texts {
		text = strings.ToLower(text)
		switch {
		case strings.Contains(text, "passport"), strings.Contains(text, "passeport"), strings.Contains(text, "pasaporte"):
			return "passport"
		case strings.Contains(text, "identi"):
			return "national_id"
		}
	}
	return "other"
}

func country(texts ...string) domain.Country {
	for _, text := range texts {
		if c, ok := domain.CountryByName(importer.Clean(text)); ok {
			return c
		}
	}
	return ""
}

// remarks keeps the comment, line breaks included, and lifts the IMO numbers
// out of it.
func (b *builder) remarks() {
	for _, element := range []string{"COMMENTS1", "SUBMITTED_BY"} {
		for _, n := range b.root.All(element) {
			if n.Blank() {
				continue
			}
			n.Used = true
			t := domain.Text{Text: n.Text, Language: language, Label: element}
			if element == "SUBMITTED_BY" {
				t.Code = country(n.Text)
			}
			b.e.Subject.Remarks = append(b.e.Subject.Remarks, t)
		}
	}
	b.imoNumbers(b.root.Get("COMMENTS1"))
}

// imoNumbers takes the numbers that a comment calls IMO numbers. On an entity
// such a number is as a rule its own: the number of a company or registered
// owner, which has a check digit of its own. One that fails there and passes
// as a ship's is the number of a ship that the comment mentions. One that
// passes neither stays in the comment alone.
func (b *builder) imoNumbers(comment string) {
	if !strings.Contains(strings.ToUpper(comment), "IMO") {
		return // most: the expression below is slow to find that out
	}
	for _, m := range imoText.FindAllStringSubmatch(comment, -1) {
		id := domain.Identifier{Value: m[1], Label: "IMO number", Note: "from COMMENTS1"}
		switch {
		case b.e.Kind == "entity" && importer.ValidIMOCompany(id.Value):
			id.Scheme = "imo_company"
		case domain.ValidIMO(id.Value):
			id.Scheme, id.Note = "imo", "of a ship that COMMENTS1 mentions"
		default:
			b.warn("IMO number " + id.Value + " in COMMENTS1 fails both check digits and was left in the comment")
			continue
		}
		b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
	}
}

var imoText = regexp.MustCompile(`(?i)\bIMO\b[^0-9.;]{0,20}([0-9]{7})\b`)
