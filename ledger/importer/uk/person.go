package uk

import (
	"regexp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// language is that of both lists.
const language = "en"

func (b *builder) person() {
	s := &b.e.Subject
	s.Titles = b.texts("Title", "")
	s.Roles = b.texts("Position", "")
	s.Nationalities = b.countries("Nationality", "")
	for _, n := range b.all("Gender") {
		said := map[string]string{"male": "male", "female": "female"}[strings.ToLower(strings.TrimSpace(n.Text))]
		if said == "" || s.Gender != "" && s.Gender != said {
			b.warn("Gender " + importer.Clean(n.Text) + " was left in Raw")
			continue
		}
		s.Gender, n.Used = said, true
	}
	for _, n := range b.all("OtherInformation") {
		if m := sexInText.FindStringSubmatch(n.Text); m != nil && b.e.Kind == "person" && s.Gender == "" {
			s.Gender = strings.ToLower(m[1])
		}
	}
	for _, n := range b.all("DOB") {
		for _, text := range values(n) {
			if d := b.birth(text); !slices.Contains(s.BirthDates, d) { // the XML repeats it with each passport
				s.BirthDates = append(s.BirthDates, d)
			}
		}
	}
	for _, n := range b.all("Location") {
		b.birthPlaces(n)
	}
}

// sexInText is how OFSI's list states the sex, for which it has no column.
var sexInText = regexp.MustCompile(`\(Gender\):\s*(Male|Female)\b`)

// birth keeps the text beside the date: the two differ in form, and the text
// alone says that a day or a month is not known.
func (b *builder) birth(text string) domain.FuzzyDate {
	d, ok := day(text)
	if !ok {
		b.warn("date of birth " + text + " was kept as text")
		return domain.FuzzyDate{Text: text}
	}
	return domain.FuzzyDate{Type: "exact", Date: d, Text: text}
}

func (b *builder) birthPlaces(n *tree.Node) {
	towns, countries := n.All("TownOfBirth"), n.All("CountryOfBirth")
	for _, pair := range pairs(several(towns), several(countries)) {
		p := domain.Place{City: pair[0], CountryText: pair[1]}
		p.Country, _ = domain.CountryByName(p.CountryText)
		b.e.Subject.BirthPlaces = append(b.e.Subject.BirthPlaces, p)
	}
}

// texts returns the values of the elements of that name, under a label.
func (b *builder) texts(element, label string) []domain.Text {
	var out []domain.Text
	for _, n := range b.all(element) {
		for _, text := range values(n) {
			out = append(out, domain.Text{Text: text, Language: language, Label: label})
		}
	}
	return out
}

// countries is texts with the codes of the countries that they name.
func (b *builder) countries(element, label string) []domain.Text {
	out := b.texts(element, label)
	for i, t := range out {
		out[i].Code, _ = domain.CountryByName(t.Text)
	}
	return out
}

var number = regexp.MustCompile(`\([0-9]{1,2}\)\s`)

// values takes the values that one element lists, "(1) a (2) b"; then its text
// stays in Raw.
func values(n *tree.Node) []string {
	text := n.Typed()
	if text == "" {
		return nil
	}
	if !strings.HasPrefix(text, "(1) ") {
		return []string{text}
	}
	n.Used = false
	var out []string
	for _, part := range number.Split(text, -1) {
		if part = strings.TrimRight(strings.TrimSpace(part), ","); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func several(nodes []*tree.Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, values(n)...)
	}
	return out
}

// pairs joins values that stand for one another by their place, where there
// are as many of both; else each stands alone.
func pairs(a, b []string) [][2]string {
	var out [][2]string
	if len(a) == len(b) {
		for i := range a {
			out = append(out, [2]string{a[i], b[i]})
		}
		return out
	}
	for _, x := range a {
		out = append(out, [2]string{x, ""})
	}
	for _, x := range b {
		out = append(out, [2]string{"", x})
	}
	return out
}
