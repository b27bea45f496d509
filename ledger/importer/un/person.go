package un

import (
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// language is that of the edition read: the Secretariat's English one.
const language = "en"

func (b *builder) person() {
	s := &b.e.Subject
	s.Gender = b.root.Code("GENDER", map[string]string{"Male": "male", "Female": "female"})
	s.Titles = b.values("TITLE")
	s.Roles = b.values("DESIGNATION")
	s.Nationalities = b.values("NATIONALITY")
	if text := b.root.Field("NATIONALITY2"); text != "" {
		s.Nationalities = append(s.Nationalities, domain.Text{Text: text, Language: language, Label: "NATIONALITY2"})
	}
	for i, t := range s.Nationalities {
		s.Nationalities[i].Code, _ = domain.CountryByName(t.Text)
	}
	b.births()
	for _, n := range b.root.All("INDIVIDUAL_PLACE_OF_BIRTH") {
		if p := b.place(n); p != (domain.Place{}) {
			s.BirthPlaces = append(s.BirthPlaces, p)
		}
	}
}

// values returns the VALUE texts of all elements of that name.
func (b *builder) values(element string) []domain.Text {
	var out []domain.Text
	for _, n := range b.root.All(element) {
		for _, v := range n.All("VALUE") {
			if text := v.Typed(); text != "" {
				out = append(out, domain.Text{Text: text, Language: language})
			}
		}
	}
	return out
}

func (b *builder) births() {
	for _, n := range b.root.All("INDIVIDUAL_DATE_OF_BIRTH") {
		d := domain.FuzzyDate{
			Type: n.Code("TYPE_OF_DATE", map[string]string{"EXACT": "exact", "APPROXIMATELY": "approximately", "BETWEEN": "between"}),
			Date: b.day(n, "DATE"),
			From: b.day(n, "FROM_YEAR"),
			To:   b.day(n, "TO_YEAR"),
			Note: n.Field("NOTE"),
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
func (b *builder) day(n *tree.Node, name string) domain.Date {
	for _, k := range n.All(name) {
		if d, ok := importer.Day(k.Text); ok {
			k.Used = string(d) == k.Text
			return d
		}
		if !k.Blank() {
			b.warn(name + " " + importer.Clean(k.Text) + " is no date")
		}
	}
	return ""
}

func (b *builder) addresses(nodes []*tree.Node) {
	for _, n := range nodes {
		if p := b.place(n); p != (domain.Place{}) {
			b.e.Subject.Addresses = append(b.e.Subject.Addresses, p)
		}
	}
}

func (b *builder) place(n *tree.Node) domain.Place {
	p := domain.Place{
		Street:      n.Field("STREET"),
		City:        n.Field("CITY"),
		Region:      n.Field("STATE_PROVINCE"),
		PostalCode:  n.Field("ZIP_CODE"),
		CountryText: n.Field("COUNTRY"),
		Note:        n.Field("NOTE"),
	}
	p.Country, _ = domain.CountryByName(p.CountryText)
	return p
}
