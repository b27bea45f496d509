package ofac

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// language is that of the list.
const language = "en"

// builder moves what one entry states into its subject, whatever the form of
// the list.
type builder struct {
	e         importer.Entry
	countries countries
}

func newBuilder(ref, kind, place string, c countries) *builder {
	b := &builder{countries: c}
	b.e = importer.Entry{Ref: ref, Kind: kind, Place: place, Subject: domain.Subject{Kind: kind}}
	b.e.Subject.Identifiers = []domain.Identifier{{Scheme: "other", Value: ref, Label: "OFAC number"}}
	return b
}

// kindOf reads the list's word for the kind of an entry, "" for one unknown.
func kindOf(word string) string {
	switch strings.ToLower(word) {
	case "individual":
		return "person"
	case "", "entity":
		return "entity"
	case "vessel", "aircraft":
		return strings.ToLower(word)
	}
	return ""
}

func (b *builder) warn(text string) { b.e.Warnings = append(b.e.Warnings, text) }

func (b *builder) keep(path, value string) {
	b.e.Subject.Raw = append(b.e.Subject.Raw, domain.RawField{Path: path, Value: value})
}

// typed returns a value for a typed field, its white space collapsed; the
// exact text goes to Raw where that changed it.
func (b *builder) typed(path, value string) string {
	clean := importer.Clean(value)
	if clean != value {
		b.keep(path, value)
	}
	return clean
}

func (b *builder) name(n domain.Name) {
	if n.Text == "" {
		return
	}
	if n.Script == "" {
		n.Script = importer.Script(n.Text)
	}
	if b.e.Kind == "person" && len(n.Parts) == 0 {
		if last, first, ok := strings.Cut(n.Text, ", "); ok {
			n.Parts = []domain.NamePart{{Part: "last", Text: last}, {Part: "first", Text: first}}
		}
	}
	b.e.Subject.Names = append(b.e.Subject.Names, n)
}

func (b *builder) remark(label, text string) {
	b.e.Subject.Remarks = append(b.e.Subject.Remarks, domain.Text{Text: text, Language: language, Label: label})
}

func (b *builder) country(label, text string) domain.Text {
	return domain.Text{Text: text, Language: language, Code: b.countries.code(text), Label: label}
}

// detail is one thing stated of an entry under a heading.
type detail struct {
	route           string // what the heading means: see headings
	label           string // the heading in the list's words
	value           string
	chain           string // of a wallet
	country         string // of issue, in the list's words
	issued, expires domain.Date
	issuedAt, note  string
}

// add puts a detail where its heading says, and reports whether label and
// value now stand in the subject to the letter.
func (b *builder) add(d detail) bool {
	s := &b.e.Subject
	if number, ok := strings.CutPrefix(d.value, "IMO"); ok || d.route == "imo" {
		return b.imo(d, strings.TrimSpace(number))
	}
	switch d.route {
	case "dob":
		return b.birth(d.value)
	case "pob":
		s.BirthPlaces = append(s.BirthPlaces, domain.Place{Text: d.value, Country: b.countries.last(d.value)})
	case "nationality":
		s.Nationalities = append(s.Nationalities, b.country(d.label, d.value))
	case "gender":
		return b.gender(d.value)
	case "flag":
		s.Flags = append(s.Flags, b.country(d.label, d.value))
	case "remark":
		b.remark(d.label, d.value)
	default:
		b.identifier(d)
	}
	return true
}

func (b *builder) identifier(d detail) {
	id := domain.Identifier{
		Scheme: d.route, Value: d.value, Chain: d.chain, Label: d.label, Note: d.note,
		Country: b.countries.code(d.country), IssuedOn: d.issued, ExpiresOn: d.expires, IssuedAt: d.issuedAt,
	}
	if id.Country == "" && id.Note == "" {
		id.Note = d.country
	}
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
}

func (b *builder) gender(word string) bool {
	if g := strings.ToLower(word); (g == "male" || g == "female") && b.e.Subject.Gender == "" {
		b.e.Subject.Gender = g
		return true
	}
	b.remark("Gender", word)
	return true
}

// birth adds a date of birth; words that are no date are kept as its text.
func (b *builder) birth(text string) bool {
	d := fuzzyDate(text)
	if d.Text != "" {
		b.warn(fmt.Sprintf("date of birth %q is no date that is understood; its text is kept", text))
	}
	b.e.Subject.BirthDates = append(b.e.Subject.BirthDates, d)
	return d.Text != ""
}

// imo adds a number that calls itself an IMO number under the scheme that its
// check digit allows. Ships and companies share the length: one that passes
// both is what the entry is.
func (b *builder) imo(d detail, number string) bool {
	ship, company := domain.ValidIMO(number), importer.ValidIMOCompany(number)
	exact := number == d.value
	d.value = number
	switch {
	case ship && (b.e.Kind == "vessel" || !company && d.route == "imo"):
		d.route = "imo"
	case company:
		d.route = "imo_company"
		if b.e.Kind == "vessel" {
			b.warn("IMO number " + number + " of a vessel has the check digit of a company's number")
		}
	case number == "":
		d.route, d.value, exact = "other", "IMO", false
		b.warn("an IMO number is announced and not given")
	default:
		d.route = "other"
		b.warn("IMO number " + number + " fails the check digit of its kind and is kept under the scheme other")
	}
	b.identifier(d)
	return exact
}
