package un

import (
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// language is that of the edition read: the Secretariat's English one.
const language = "en"

func (b *builder) person() {
	s := &b.e.Subject
	s.Gender = b.code(b.root, "GENDER", map[string]string{"Male": "male", "Female": "female"})
	s.Titles = b.values("TITLE")
	s.Roles = b.values("DESIGNATION")
	s.Nationalities = b.values("NATIONALITY")
	if text := b.field(b.root, "NATIONALITY2"); text != "" {
		s.Nationalities = append(s.Nationalities, domain.Text{Text: text, Language: language, Label: "NATIONALITY2"})
	}
	for i, t := range s.Nationalities {
		s.Nationalities[i].Code, _ = domain.CountryByName(t.Text)
	}
	b.births()
	for _, n := range b.root.all("INDIVIDUAL_PLACE_OF_BIRTH") {
		if p := b.place(n); p != (domain.Place{}) {
			s.BirthPlaces = append(s.BirthPlaces, p)
		}
	}
}

// values returns the VALUE texts of all elements of that name.
func (b *builder) values(element string) []domain.Text {
	var out []domain.Text
	for _, n := range b.root.all(element) {
		for _, v := range n.all("VALUE") {
			if text := b.typed(v); text != "" {
				out = append(out, domain.Text{Text: text, Language: language})
			}
		}
	}
	return out
}

func (b *builder) births() {
	for _, n := range b.root.all("INDIVIDUAL_DATE_OF_BIRTH") {
		d := domain.FuzzyDate{
			Type: b.code(n, "TYPE_OF_DATE", map[string]string{"EXACT": "exact", "APPROXIMATELY": "approximately", "BETWEEN": "between"}),
			Date: b.day(n, "DATE"),
			From: b.day(n, "FROM_YEAR"),
			To:   b.day(n, "TO_YEAR"),
			Note: b.field(n, "NOTE"),
		}
		if d.Date == "" {
			d.Date = b.day(n, "YEAR")
		}
		if d != (domain.FuzzyDate{}) {
			b.e.Subject.BirthDates = append(b.e.Subject.BirthDates, d)
		}
	}
}

// day reads a date; one that is none, or bears an offset, stays in Raw too.
func (b *builder) day(n *node, name string) domain.Date {
	for _, k := range n.all(name) {
		if d, ok := importer.Day(k.text); ok {
			k.used = string(d) == k.text
			return d
		}
		if !k.blank() {
			b.warn(name + " " + importer.Clean(k.text) + " is no date")
		}
	}
	return ""
}

func (b *builder) addresses(nodes []*node) {
	for _, n := range nodes {
		if p := b.place(n); p != (domain.Place{}) {
			b.e.Subject.Addresses = append(b.e.Subject.Addresses, p)
		}
	}
}

func (b *builder) place(n *node) domain.Place {
	p := domain.Place{
		Street:      b.field(n, "STREET"),
		City:        b.field(n, "CITY"),
		Region:      b.field(n, "STATE_PROVINCE"),
		PostalCode:  b.field(n, "ZIP_CODE"),
		CountryText: b.field(n, "COUNTRY"),
		Note:        b.field(n, "NOTE"),
	}
	p.Country, _ = domain.CountryByName(p.CountryText)
	return p
}
