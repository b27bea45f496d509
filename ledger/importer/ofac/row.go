package ofac

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// The columns of the files, by the names of their specification.
var (
	sdnColumns = []string{"ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type", "Tonnage", "GRT", "Vess_flag", "Vess_owner", "Remarks"}
	addColumns = []string{"Ent_num", "Add_num", "Address", "City/State/Province/Postal Code", "Country", "Add_remarks"}
	altColumns = []string{"ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"}
)

// row reads what the CSV set says of one entry. Kind stands for SDN_Type, the
// identifier of the entry for the number that joins the files.
func (b *builder) row(r *row) {
	b.name(domain.Name{Text: b.typed("sdn/SDN_Name", r.cells[1]), Kind: "primary"})
	b.e.List = normalPrograms(strings.Split(r.cells[3], "] ["))
	b.cell("sdn/SDN_Type", r.cells[2])
	b.cell("sdn/Program", r.cells[3])
	if r.cells[4] != "" {
		b.e.Subject.Titles = []domain.Text{{Text: b.typed("sdn/Title", r.cells[4]), Language: language}}
	}
	b.vessel(r.cells)
	for i, a := range r.aliases {
		b.alias(fmt.Sprintf("alt[%d]/", i), a.cells)
	}
	for i, a := range r.addresses {
		b.address(fmt.Sprintf("add[%d]/", i), a.cells)
	}
	b.cell("sdn/Remarks", r.cells[11])
	b.cell("sdn_comments/Remarks", r.comments)
	b.remarks(r.cells[11] + r.comments)
}

// cell keeps a cell that has no typed field, or not as it stands.
func (b *builder) cell(path, value string) {
	if value != "" {
		b.keep(path, value)
	}
}

func (b *builder) vessel(cells []string) {
	s := &b.e.Subject
	if v := b.typed("sdn/Call_Sign", cells[5]); v != "" {
		s.Identifiers = append(s.Identifiers, domain.Identifier{Scheme: "call_sign", Value: v})
	}
	for i := 6; i <= 8; i++ {
		b.cell("sdn/"+sdnColumns[i], cells[i])
	}
	if v := b.typed("sdn/Vess_flag", cells[9]); v != "" {
		s.Flags = append(s.Flags, b.country("", v))
	}
	b.cell("sdn/Vess_owner", cells[10])
}

// alias adds a row of alt.csv. Those are strong by the specification of the
// format; the remarks of sdn.csv hold the weak.
func (b *builder) alias(at string, cells []string) {
	b.cell(at+"alt_num", cells[1])
	n := domain.Name{Kind: cells[2], Quality: "good", Text: b.typed(at+"alt_name", cells[3]), Note: b.typed(at+"alt_remarks", cells[4])}
	switch n.Kind {
	case "aka", "fka", "nka":
		if n.Text == "" {
			b.cell(at+"alt_type", cells[2])
		}
	default:
		b.warn(fmt.Sprintf("alt_type %q of the alias %q is unknown: kept as alias", n.Kind, n.Text))
		b.cell(at+"alt_type", cells[2])
		n.Kind = "alias"
	}
	b.name(n)
}

// address adds a row of add.csv. One column holds city, region and postal code
// together: what is letters alone is a city, "City, Region" is both, the rest
// is kept as the text of the place.
func (b *builder) address(at string, cells []string) {
	b.cell(at+"Add_num", cells[1])
	p := domain.Place{
		Street: b.typed(at+"Address", cells[2]), CountryText: b.typed(at+"Country", cells[4]),
		Note: b.typed(at+"Add_remarks", cells[5]),
	}
	p.Country = b.countries.code(p.CountryText)
	town := b.typed(at+addColumns[3], cells[3])
	city, region, divided := strings.Cut(town, ", ")
	switch {
	case strings.ContainsFunc(town, unicode.IsDigit) || strings.Contains(region, ","):
		p.Text = town
	case divided:
		p.City, p.Region = city, region
		b.cell(at+addColumns[3], cells[3])
	default:
		p.City = town
	}
	if p != (domain.Place{}) {
		b.e.Subject.Addresses = append(b.e.Subject.Addresses, p)
	}
}
