package ofac

import (
	"cmp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// feature adds each version of a feature under the word of its type.
func (p *advanced) feature(b *builder, n *tree.Node) {
	label := p.word(n, "@FeatureTypeID")
	route, chain := routeOf(label)
	switch label {
	case "Birthdate":
		route = "dob"
	case "Place of Birth":
		route = "pob"
	case "Nationality Country", "Citizenship Country":
		route = "nationality"
	case "Title", "Location":
		route = strings.ToLower(label)
	}
	if route == "" {
		route = "remark"
	}
	for _, v := range n.All("FeatureVersion") {
		p.doubt(b, v, "@ReliabilityID", "a "+label)
		for _, d := range v.All("VersionDetail") {
			p.versionDetail(b, d, detail{route: route, label: label, chain: chain})
		}
		for _, at := range v.All("VersionLocation") {
			b.placed(route, label, p.place(b, at.Get("@LocationID")))
		}
		for _, when := range v.All("DatePeriod") {
			b.dated(route, label, datePeriod(when))
		}
		for _, c := range v.All("Comment") {
			if text := c.Typed(); text != "" {
				b.remark(label, text)
			}
		}
	}
}

// versionDetail adds what a feature states as text, or by a code.
func (p *advanced) versionDetail(b *builder, n *tree.Node, d detail) {
	p.word(n, "@DetailTypeID") // Text, Lookup, Country: how it is stated, not what
	d.value = n.Typed()
	if word := p.word(n, "@DetailReferenceID"); d.value == "" {
		d.value = word
	} else if word != "" && word != "Unknown" {
		b.remark(d.label, word)
	}
	switch {
	case d.value == "":
	case d.route == "title":
		b.e.Subject.Titles = append(b.e.Subject.Titles, domain.Text{Text: d.value, Language: language})
	case d.route == "location":
		b.e.Subject.Addresses = append(b.e.Subject.Addresses, domain.Place{Text: d.value, Country: b.countries.last(d.value)})
	case !b.add(d):
		n.Used = false
	}
}

// placed adds a place where its feature says.
func (b *builder) placed(route, label string, place domain.Place) {
	s := &b.e.Subject
	switch {
	case place == (domain.Place{}):
	case route == "pob":
		s.BirthPlaces = append(s.BirthPlaces, place)
	case route == "nationality":
		s.Nationalities = append(s.Nationalities, b.named(label, place))
	case route == "flag":
		s.Flags = append(s.Flags, b.named(label, place))
	case route == "location":
		s.Addresses = append(s.Addresses, place)
	default:
		b.remark(label, text(place))
	}
}

// named is a country that is stated as a place: by its code, or by its name as
// a part of the place that is of no type.
func (b *builder) named(label string, place domain.Place) domain.Text {
	t := b.country(label, text(place))
	t.Code = cmp.Or(place.Country, t.Code)
	return t
}

// dated adds a date where its feature says.
func (b *builder) dated(route, label string, d domain.FuzzyDate) {
	switch {
	case d == (domain.FuzzyDate{}):
	case route == "dob":
		b.e.Subject.BirthDates = append(b.e.Subject.BirthDates, d)
	default:
		b.remark(label, inWords(d))
	}
}

func inWords(d domain.FuzzyDate) string {
	words := []string{string(d.Date)}
	if d.Type == "approximately" {
		words = []string{"circa", string(d.Date)}
	}
	if d.From != "" {
		words = append(words, string(d.From), "to", string(d.To))
	}
	if d.Text != "" {
		words = append(words, "("+d.Text+")")
	}
	return importer.Clean(strings.Join(words, " "))
}

// place reads a location. What has no field of its own, the area code and the
// relevance of the country, goes to Raw.
func (p *advanced) place(b *builder, id string) domain.Place {
	n, ok := p.places[id]
	if !ok {
		if p.broken == "" {
			p.broken = "location " + id + " is not in the file"
		}
		return domain.Place{}
	}
	var place domain.Place
	for _, c := range n.All("Comment") {
		place.Note = c.Typed()
	}
	for _, c := range n.All("LocationCountry") {
		if place.CountryText != "" {
			break // a second country stays in Raw
		}
		row := p.row(c, "@CountryID")
		place.CountryText = importer.Clean(row.Text)
		place.Country = domain.Country(importer.Clean(row.Get("@ISO2")))
		if !place.Country.Valid() {
			place.Country = b.countries.code(place.CountryText)
		}
	}
	p.placeParts(&place, n)
	p.rest(b, n, "Location")
	return place
}

// placeParts fills the fields of a place, the lines of a street in their order,
// which is not that of the file. Parts of one field are joined; their own texts
// stay in Raw then, and so do values in other scripts.
func (p *advanced) placeParts(place *domain.Place, n *tree.Node) {
	parts, words := n.All("LocationPart"), make(map[*tree.Node]string)
	for _, part := range parts {
		words[part] = strings.ToUpper(p.word(part, "@LocPartTypeID"))
	}
	slices.SortStableFunc(parts, func(x, y *tree.Node) int { return strings.Compare(words[x], words[y]) })
	values := make(map[*string][]*tree.Node)
	for _, part := range parts {
		to := placeField(place, words[part])
		for _, value := range primary(part) {
			if text := value.Typed(); text != "" {
				values[to] = append(values[to], value)
				*to = strings.TrimPrefix(*to+", "+text, ", ")
			}
		}
	}
	for _, nodes := range values {
		if len(nodes) > 1 {
			for _, value := range nodes {
				value.Used = false
			}
		}
	}
}

// primary returns the primary values of a part, all when none is.
func primary(part *tree.Node) []*tree.Node {
	var out, others []*tree.Node
	for _, v := range part.All("LocationPartValue") {
		if take(v, "@Primary", "true") {
			out = append(out, v.All("Value")...)
		} else {
			others = append(others, v.All("Value")...)
		}
	}
	if len(out) == 0 {
		return others
	}
	return out
}

func placeField(place *domain.Place, word string) *string {
	switch word {
	case "ADDRESS1", "ADDRESS2", "ADDRESS3":
		return &place.Street
	case "CITY":
		return &place.City
	case "STATE/PROVINCE", "REGION":
		return &place.Region
	case "POSTAL CODE":
		return &place.PostalCode
	}
	return &place.Text
}

// text is a place in one line.
func text(p domain.Place) string {
	var parts []string
	for _, s := range []string{p.Text, p.Street, p.City, p.Region, p.PostalCode, p.CountryText} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

func period(n *tree.Node) domain.FuzzyDate {
	for _, k := range n.All("DatePeriod") {
		return datePeriod(k)
	}
	return domain.FuzzyDate{}
}

// datePeriod reads a period, whose start and end are each stated from a day to
// a day. A whole day, month or year becomes a date; any other is a range, with
// all four days as its text when start or end are ranges themselves.
func datePeriod(n *tree.Node) domain.FuzzyDate {
	startFrom, startTo, circa1 := boundary(n, "Start")
	endFrom, endTo, circa2 := boundary(n, "End")
	if endTo == "" {
		endFrom, endTo = startFrom, startTo
	}
	out := domain.FuzzyDate{Type: "exact"}
	switch date := whole(startFrom, endTo); {
	case startFrom == "" && endTo == "":
		return domain.FuzzyDate{}
	case date != "":
		out.Date = date
	default:
		out.Type, out.From, out.To = "between", startFrom, endTo
		if startFrom != startTo || endFrom != endTo {
			out.Text = string(startFrom) + " to " + string(startTo) + ", " + string(endFrom) + " to " + string(endTo)
		}
	}
	if circa1 || circa2 {
		out.Type = "approximately"
	}
	n.Used = true
	use(n)
	return out
}

// boundary reads the start or end of a period.
func boundary(n *tree.Node, name string) (from, to domain.Date, circa bool) {
	for _, k := range n.All(name) {
		circa = k.Get("@Approximate") == "true"
		for _, x := range k.Kids {
			switch x.Name {
			case "From":
				from = day(x)
			case "To":
				to = day(x)
			}
		}
	}
	if from == "" {
		from = to
	}
	if to == "" {
		to = from
	}
	return from, to, circa
}

// whole returns the day, month or year that lies from one day to another
// exactly, "" when none does.
func whole(from, to domain.Date) domain.Date {
	if len(from) == 10 {
		for _, d := range []domain.Date{from, from[:7], from[:4]} {
			if d.Earliest() == from && d.Latest() == to {
				return d
			}
		}
	}
	if from == to {
		return from
	}
	return ""
}

// use marks the parts of a date as taken: its days, and how they are fixed.
func use(n *tree.Node) {
	for _, k := range n.Kids {
		if k.Name != "Comment" && k.Name != "@CalendarTypeID" && !strings.HasPrefix(k.Name, "Duration") {
			k.Used = true
			use(k)
		}
	}
}
