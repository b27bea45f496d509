package ofac

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// party is one DistinctParty, with all that the file says of it.
type party struct {
	*builder
	programs []string
	onSDN    bool // ListedOn is of the SDN list
	entries  int  // SanctionsEntry elements
	links    int  // relationships and links, to number them
}

func (q *party) finish() importer.Entry {
	q.e.List = normalPrograms(q.programs)
	switch {
	case q.entries == 0:
		q.warn("no SanctionsEntry is stated: neither date, list nor programs")
	case len(q.e.Measures)+len(q.e.Unworded) == 0:
		q.e.Unworded = []string{"a listing that blocks no property"}
	}
	return q.e
}

// party reads a party: its profiles' names, documents and features.
func (p *advanced) party(n *tree.Node) error {
	ref := importer.Clean(n.Get("@FixedRef"))
	b, err := p.begin(ref, p.partyKind(n), n.Line)
	if err != nil {
		return err
	}
	q := &party{builder: b}
	for _, c := range n.All("Comment") {
		if text := c.Typed(); text != "" {
			b.remark("Comment", text)
		}
	}
	for _, profile := range n.All("Profile") {
		id := profile.Get("@ID")
		if _, twice := p.profiles[id]; twice || id == "" {
			return p.refuse(fmt.Sprintf("profile %q stands twice or has no number", id), nil)
		}
		p.profiles[id] = q
		if id != ref {
			b.keep("Profile", id)
		}
		for _, identity := range profile.All("Identity") {
			p.identity(b, identity)
		}
		for _, feature := range profile.All("Feature") {
			p.feature(b, feature)
		}
	}
	if len(b.e.Subject.Names) == 0 {
		return p.refuse("entry "+ref+" has no name", nil)
	}
	p.rest(b, n, "Party")
	p.parties = append(p.parties, q)
	return nil
}

// partyKind reads the kind of a party from the type of its first profile: the
// subtype Vessel or Aircraft, or the type Individual or Entity.
func (p *advanced) partyKind(n *tree.Node) string {
	for _, profile := range n.All("Profile") {
		subtype := p.row(profile, "@PartySubTypeID")
		for _, word := range []string{importer.Clean(subtype.Text), p.word(subtype, "@PartyTypeID")} {
			if kind := kindOf(word); kind != "" && word != "" {
				return kind
			}
		}
	}
	return ""
}

// identity reads the names of an identity, and the documents that belong to it.
func (p *advanced) identity(b *builder, n *tree.Node) {
	groups := make(map[string]string)
	for _, groupsNode := range n.All("NamePartGroups") {
		for _, master := range groupsNode.All("MasterNamePartGroup") {
			for _, g := range master.All("NamePartGroup") {
				groups[g.Get("@ID")] = p.word(g, "@NamePartTypeID")
			}
		}
	}
	take(n, "@Primary", "true")
	for _, alias := range n.All("Alias") {
		p.alias(b, alias, groups)
	}
	slices.SortStableFunc(b.e.Subject.Names, func(x, y domain.Name) int { return order(x) - order(y) })
	id := n.Get("@ID")
	for i, doc := range p.documents[id] {
		p.number(b, doc)
		p.rest(b, doc, fmt.Sprintf("IDRegDocument[%d]", i))
	}
	delete(p.documents, id)
}

// order puts the primary name first, which in the file stands among the others.
func order(n domain.Name) int {
	if n.Kind == "primary" {
		return 0
	}
	return 1
}

// take marks an attribute of that value as taken, and reports whether there is
// one.
func take(n *tree.Node, attribute, value string) bool {
	for _, k := range n.All(attribute) {
		if k.Text == value {
			k.Used = true
			return true
		}
	}
	return false
}

// alias adds the names that one alias is documented as. A primary name in
// another script than Latin is the original one.
func (p *advanced) alias(b *builder, n *tree.Node, groups map[string]string) {
	word := p.word(n, "@AliasTypeID")
	primary, weak := take(n, "@Primary", "true"), take(n, "@LowQuality", "true")
	for _, documented := range n.All("DocumentedName") {
		name := p.name(b, documented, groups)
		switch {
		case primary && name.Script != "Latn" && name.Script != "":
			name.Kind = "original"
		case primary:
			name.Kind = "primary"
		default:
			name.Kind, name.Quality = "alias", "good"
		}
		if kind := map[string]string{"A.K.A.": "aka", "F.K.A.": "fka", "N.K.A.": "nka"}[word]; kind != "" && !primary {
			name.Kind = kind
		} else if word != "Name" {
			name.Note = word
		}
		if weak {
			name.Quality = "low"
		}
		b.name(name)
	}
}

// name joins the parts of a name as OFAC prints it: a person's last name,
// a comma, the others; anything else in the order of the file.
func (p *advanced) name(b *builder, n *tree.Node, groups map[string]string) domain.Name {
	var name domain.Name
	var last, others []string
	for _, part := range n.All("DocumentedNamePart") {
		for _, v := range part.All("NamePartValue") {
			text := v.Typed()
			if text == "" {
				continue
			}
			code := importer.Clean(p.row(v, "@ScriptID").Get("@ScriptCode"))
			if len(code) != 4 { // Latin, Hebrew, Japanese and Korean are no codes
				code = importer.Script(text)
			}
			name.Script = cmp.Or(name.Script, code)
			word := strings.ToLower(strings.TrimSuffix(groups[v.Get("@NamePartGroupID")], " Name"))
			name.Parts = append(name.Parts, domain.NamePart{Part: word, Text: text})
			if word == "last" && b.e.Kind == "person" {
				last = append(last, text)
			} else {
				others = append(others, text)
			}
		}
	}
	name.Text = strings.Join(others, " ")
	if len(last) > 0 {
		name.Text = strings.Trim(strings.Join(last, " ")+", "+name.Text, ", ")
	}
	if len(name.Parts) == 1 && name.Parts[0].Text == name.Text {
		name.Parts = nil
	}
	return name
}

// number adds a document that has a number; of another, what is stated stays
// in Raw.
func (p *advanced) number(b *builder, n *tree.Node) {
	number := n.Field("IDRegistrationNo")
	if number == "" {
		return
	}
	country := p.row(n, "@IssuedBy-CountryID")
	d := detail{label: p.word(n, "@IDRegDocTypeID"), value: number, country: importer.Clean(country.Text), note: n.Field("IssuingAuthority")}
	if d.route, d.chain = routeOf(d.label); d.route == "" || d.route == "remark" || d.route == "dob" || d.route == "pob" {
		d.route = "other"
	}
	p.doubt(b, n, "@ValidityID", d.label+" "+number)
	for _, dated := range n.All("DocumentDate") {
		p.documentDate(b, &d, dated)
	}
	if id := n.Get("@IssuedIn-LocationID"); id != "" {
		d.issuedAt = text(p.place(b, id))
	}
	if d.country != "" && (d.note != "" || b.countries.code(d.country) != "") {
		b.keep("IDRegDocument/IssuedBy", d.country)
	}
	if !b.add(d) {
		n.All("IDRegistrationNo")[0].Used = false
	}
}

// doubt warns of what the list itself marks as false or fraudulent; the mark
// stands in Raw.
func (p *advanced) doubt(b *builder, n *tree.Node, attribute, what string) {
	for _, k := range n.All(attribute) {
		if word := importer.Clean(p.lookUp(n, k).Text); word == "False" || word == "Fraudulent" {
			b.warn(what + " is marked " + word)
		}
	}
}

func (p *advanced) documentDate(b *builder, d *detail, n *tree.Node) {
	word, when := p.word(n, "@IDRegDocDateTypeID"), period(n)
	switch {
	case when.Type == "exact" && strings.HasPrefix(word, "Issue"):
		d.issued = when.Date
	case when.Type == "exact" && strings.HasPrefix(word, "Expir"):
		d.expires = when.Date
	default:
		b.keep("IDRegDocument/DocumentDate", strings.TrimSpace(word+" "+inWords(when)))
	}
}
