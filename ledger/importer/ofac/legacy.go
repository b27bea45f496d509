package ofac

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// sdnList reads sdn.xml. The number of entries must be the one that it states.
func (p *document) sdnList() error {
	stated := ""
	err := p.children(func(t xml.StartElement) error {
		n, err := p.node(t)
		if err != nil {
			return err
		}
		switch n.Name {
		case "publshInformation", "publishInformation": // spelt without the i for twenty years
			stated = importer.Clean(n.Get("Record_Count"))
			p.list.PublishedOn = date(importer.Clean(n.Get("Publish_Date")))
			return nil
		case "sdnEntry":
			return p.sdnEntry(n)
		}
		return p.refuse("unknown element "+n.Name, nil)
	})
	if err != nil {
		return err
	}
	if p.list.PublishedOn == "" {
		return p.refuse("Publish_Date is missing or is no date", nil)
	}
	if got := strconv.Itoa(len(p.list.Entries)); stated != got {
		return p.refuse(fmt.Sprintf("Record_Count states %q entries and the file has %s", stated, got), nil)
	}
	return nil
}

func (p *document) sdnEntry(n *tree.Node) error {
	b, err := p.begin(n.Field("uid"), kindOf(importer.Clean(n.Get("sdnType"))), n.Line)
	if err != nil {
		return err
	}
	l := &legacy{builder: b, root: n}
	l.names()
	if len(b.e.Subject.Names) == 0 {
		return p.refuse("entry "+b.e.Ref+" has no name", nil)
	}
	l.programs()
	l.numbers()
	l.person()
	l.addresses()
	l.vessel()
	l.allRemarks()
	b.e.Subject.Raw = append(b.e.Subject.Raw, n.Rest()...)
	if !b.blocked() {
		return p.refuse(otherList, nil)
	}
	p.list.Entries = append(p.list.Entries, b.e)
	return nil
}

// legacy moves the values of one sdnEntry.
type legacy struct {
	*builder
	root *tree.Node
}

// items returns the children of that name in the list of that name.
func (l *legacy) items(list, item string) []*tree.Node {
	var out []*tree.Node
	for _, n := range l.root.All(list) {
		out = append(out, n.All(item)...)
	}
	return out
}

func (l *legacy) names() {
	name := nameOf(l.root)
	name.Kind = "primary"
	l.name(name)
	for _, n := range l.items("akaList", "aka") {
		name := nameOf(n)
		name.Quality = n.Code("category", map[string]string{"strong": "good", "weak": "low"})
		if name.Kind = n.Code("type", map[string]string{"a.k.a.": "aka", "f.k.a.": "fka", "n.k.a.": "nka"}); name.Kind == "" {
			name.Kind = "alias"
		}
		l.name(name)
	}
}

// allRemarks reads the remarks: in brackets, and without a point at their end,
// or as in sdn.csv.
func (l *legacy) allRemarks() {
	text := strings.TrimSpace(l.root.Get("remarks"))
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		l.parts(strings.TrimSuffix(inner, ")"))
		return
	}
	l.remarks(text)
}

// nameOf joins a name as OFAC prints it, the last name first.
func nameOf(n *tree.Node) domain.Name {
	last, first := n.Field("lastName"), n.Field("firstName")
	if first == "" || last == "" {
		return domain.Name{Text: last + first}
	}
	return domain.Name{Text: last + ", " + first, Parts: []domain.NamePart{{Part: "last", Text: last}, {Part: "first", Text: first}}}
}

func (l *legacy) programs() {
	var programs []string
	for _, n := range l.items("programList", "program") {
		programs = append(programs, n.Text)
	}
	l.e.List = normalPrograms(programs)
}

// numbers reads idList, which holds more than numbers: the sex, flags, web
// sites and warnings of secondary sanctions are of its types too.
func (l *legacy) numbers() {
	for _, n := range l.items("idList", "id") {
		label, value := importer.Clean(n.Get("idType")), importer.Clean(n.Get("idNumber"))
		if value == "" {
			continue
		}
		d := detail{
			label: label, value: value, country: importer.Clean(n.Get("idCountry")),
			issued: l.day(n, "issueDate"), expires: l.day(n, "expirationDate"),
		}
		if d.route, d.chain = routeOf(label); d.route == "" {
			d.route = "other"
		}
		if d.route == "gender" {
			d.label = "Gender"
		}
		if l.add(d) {
			n.Field("idNumber")
		}
		if d.route != "dob" && d.route != "pob" {
			n.Field("idType")
		}
	}
}

func (l *legacy) day(n *tree.Node, name string) domain.Date {
	text := importer.Clean(n.Get(name))
	d := date(text)
	if d == "" && text != "" {
		l.warn(fmt.Sprintf("%s %q is no date", name, text))
	}
	return d
}

func (l *legacy) person() {
	s := &l.e.Subject
	if title := l.root.Field("title"); title != "" {
		s.Titles = []domain.Text{{Text: title, Language: language}}
	}
	for _, n := range l.items("dateOfBirthList", "dateOfBirthItem") {
		if text := importer.Clean(n.Get("dateOfBirth")); text != "" && l.birth(text) {
			n.Field("dateOfBirth")
		}
	}
	for _, n := range l.items("placeOfBirthList", "placeOfBirthItem") {
		if text := n.Field("placeOfBirth"); text != "" {
			l.add(detail{route: "pob", value: text})
		}
	}
	for _, of := range []struct{ list, item, label string }{{"nationalityList", "nationality", "nationality"}, {"citizenshipList", "citizenship", "citizen"}} {
		for _, n := range l.items(of.list, of.item) {
			if text := n.Field("country"); text != "" {
				s.Nationalities = append(s.Nationalities, l.country(of.label, text))
			}
		}
	}
}

func (l *legacy) addresses() {
	for _, n := range l.items("addressList", "address") {
		p := domain.Place{
			City: n.Field("city"), Region: n.Field("stateOrProvince"),
			PostalCode: n.Field("postalCode"), CountryText: n.Field("country"),
		}
		p.Country = l.countries.code(p.CountryText)
		var street []string
		for _, name := range []string{"address1", "address2", "address3"} {
			if text := importer.Clean(n.Get(name)); text != "" {
				street = append(street, text)
			}
		}
		if p.Street = strings.Join(street, ", "); len(street) == 1 {
			n.Field("address1")
		}
		if p != (domain.Place{}) {
			l.e.Subject.Addresses = append(l.e.Subject.Addresses, p)
		}
	}
}

func (l *legacy) vessel() {
	for _, n := range l.root.All("vesselInfo") {
		if v := n.Field("callSign"); v != "" {
			l.identifier(detail{route: "call_sign", value: v})
		}
		if v := n.Field("vesselFlag"); v != "" {
			l.e.Subject.Flags = append([]domain.Text{l.country("", v)}, l.e.Subject.Flags...)
		}
	}
}
