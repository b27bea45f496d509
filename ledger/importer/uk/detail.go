package uk

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// addresses joins the lines of each, which then stay in Raw: which of them is
// the street, which the town, the lists do not say.
func (b *builder) addresses() {
	for _, n := range b.all("Address") {
		p := domain.Place{PostalCode: n.Field("AddressPostalCode"), CountryText: n.Field("AddressCountry")}
		p.Country, _ = domain.CountryByName(p.CountryText)
		var lines []string
		var last *tree.Node
		for i := 1; i <= 6; i++ {
			for _, line := range n.All(fmt.Sprintf("AddressLine%d", i)) {
				if !line.Blank() {
					lines, last = append(lines, importer.Clean(line.Text)), line
				}
			}
		}
		if p.Text = strings.Join(lines, ", "); len(lines) == 1 {
			last.Typed()
		}
		if p != (domain.Place{}) {
			b.e.Subject.Addresses = append(b.e.Subject.Addresses, p)
		}
	}
}

// documents adds each number with what is said of it.
func (b *builder) documents() {
	for _, d := range []struct{ element, scheme, label string }{
		{"Passport", "passport", "Passport"}, {"NationalIdentifier", "national_id", "National Identifier"},
	} {
		for _, n := range b.all(d.element) {
			numbers := several(n.All(d.element + "Number"))
			if len(numbers) == 0 {
				continue
			}
			about := n.All(d.element + "AdditionalInformation")
			notes := several(about)
			for _, k := range about {
				k.Used = k.Used && len(notes) == len(numbers)
			}
			for i, number := range numbers {
				id := domain.Identifier{Scheme: d.scheme, Value: number, Label: d.label}
				if len(notes) == len(numbers) {
					id.Note = notes[i]
				}
				if !slices.Contains(b.e.Subject.Identifiers, id) { // the XML repeats it with each date of birth
					b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
				}
			}
		}
	}
	for _, number := range several(b.all("BusinessRegistrationNumber")) {
		b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, domain.Identifier{Scheme: "registration", Value: number, Label: "Business registration number"})
	}
}

// ship takes the flags, the one believed current first, and the numbers.
func (b *builder) ship() {
	s := &b.e.Subject
	s.Flags = append(b.countries("CurrentBelievedFlagOfShip", "Current believed flag of ship"), b.countries("PreviousFlag", "Previous flags")...)
	for _, n := range b.all("IMONumber") {
		for _, printed := range values(n) {
			id := b.imo(printed)
			n.Used = n.Used && id.Value == n.Text
			s.Identifiers = append(s.Identifiers, id)
		}
	}
	for _, element := range []string{"HullIdentificationNumber", "HIN"} {
		for _, number := range several(b.all(element)) {
			s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "other", Value: number, Label: "Hull identification number (HIN)"})
		}
	}
	for _, n := range b.all("OtherInformation") {
		b.imoInText(n.Text)
	}
}

func (b *builder) imo(printed string) domain.Identifier {
	id, warning := importer.IMONumber(b.e.Kind, printed)
	if warning != "" {
		b.warn(warning)
	}
	return id
}

var imoText = regexp.MustCompile(`(?i)\bIMO\b[^0-9.;]{0,20}([0-9]{7})\b`)

// imoInText lifts numbers out of the text of OFSI's list, which has no column
// for them. One that fails both check digits stays in the text alone, and so
// does one that the text on a person mentions.
func (b *builder) imoInText(text string) {
	if b.e.Kind == "person" {
		return
	}
	for _, m := range imoText.FindAllStringSubmatch(text, -1) {
		known := func(id domain.Identifier) bool { return id.Value == m[1] }
		if slices.ContainsFunc(b.e.Subject.Identifiers, known) {
			continue
		}
		id := b.imo(m[1])
		if id.Scheme != "other" {
			id.Label = "IMO number"
			b.mention(id)
		}
	}
}

// labelled are the elements that become remarks under their headings.
var labelled = []struct{ element, heading string }{
	{"TypeOfEntity", "Type of entity"},
	{"ParentCompany", "Parent company"},
	{"Subsidiary", "Subsidiaries"},
	{"CurrentOwnerOperator", "Current owner/operator (s)"},
	{"PreviousOwnerOperator", "Previous owner/operator (s)"},
	{"TypeOfShip", "Type of ship"},
	{"TonnageOfShip", "Tonnage of ship"},
	{"LengthOfShip", "Length of ship"},
	{"YearBuilt", "Year Built"},
}

// remarks keeps free text as it is, line breaks included.
func (b *builder) remarks() {
	s := &b.e.Subject
	for _, l := range []struct{ element, heading string }{{"OtherInformation", "Other Information"}, {"UKStatementofReasons", "UK Statement of Reasons"}} {
		for _, n := range b.all(l.element) {
			if !n.Blank() {
				n.Used = true
				s.Remarks = append(s.Remarks, domain.Text{Text: n.Text, Language: language, Label: l.heading})
			}
		}
	}
	for _, l := range labelled {
		s.Remarks = append(s.Remarks, b.texts(l.element, l.heading)...)
	}
}
