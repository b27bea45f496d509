package ofac

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// advanced reads sdn_advanced.xml, whose parts refer to one another by number:
// code tables first, then places and documents, then the parties that they
// belong to, then what is said of those.
type advanced struct {
	*document
	tables     map[string]map[string]*tree.Node // table element, such as AliasType, and number
	places     map[string]*tree.Node            // Location by number
	documents  map[string][]*tree.Node          // IDRegDocument by the number of the identity
	parties    []*party
	profiles   map[string]*party
	sanctioned map[string]*party // by the number of a SanctionsEntry
	broken     string            // the first reference that leads nowhere
}

func newAdvanced(p *document) *advanced {
	return &advanced{
		document: p, tables: make(map[string]map[string]*tree.Node), places: make(map[string]*tree.Node),
		documents: make(map[string][]*tree.Node), profiles: make(map[string]*party), sanctioned: make(map[string]*party),
	}
}

func (p *advanced) sanctions(root xml.StartElement) error {
	for _, a := range root.Attr {
		if a.Name.Local == "DeltaBaseVersion" && importer.Clean(a.Value) != "" && a.Value != "0" {
			return p.refuse("the file is a delta on version "+a.Value+" and not the list: take the whole list", nil)
		}
	}
	if err := p.children(p.section); err != nil {
		return err
	}
	if p.list.PublishedOn == "" {
		return p.refuse("DateOfIssue is missing or is no date", nil)
	}
	for identity := range p.documents {
		return p.refuse("a document belongs to identity "+identity+", which is not in the file", nil)
	}
	for _, party := range p.parties {
		p.list.Entries = append(p.list.Entries, party.finish())
	}
	return nil
}

// section reads one part of the file.
func (p *advanced) section(t xml.StartElement) error {
	each := map[string]func(*tree.Node) error{
		"ReferenceValueSets":   p.table,
		"Locations":            p.location,
		"IDRegDocuments":       p.registration,
		"DistinctParties":      p.party,
		"ProfileRelationships": p.relationship,
		"SanctionsEntries":     p.entry,
		"SanctionsEntryLinks":  p.link,
	}[t.Name.Local]
	if t.Name.Local == "DateOfIssue" {
		n, err := p.node(t)
		if err == nil {
			p.list.PublishedOn = day(n)
		}
		return err
	}
	if each == nil {
		return p.refuse("unknown part "+t.Name.Local, nil)
	}
	return p.children(func(t xml.StartElement) error {
		n, err := p.node(t)
		if err != nil {
			return err
		}
		if deletes(n) {
			return p.refuse("an element is marked as deleted: the file is a delta and not the list", nil)
		}
		if err := each(n); err != nil {
			return err
		}
		if p.broken != "" {
			return p.refuse(p.broken, nil)
		}
		return nil
	})
}

func deletes(n *tree.Node) bool {
	if n.Get("@DeltaAction") == "delete" {
		return true
	}
	for _, k := range n.Kids {
		if deletes(k) {
			return true
		}
	}
	return false
}

// table reads one code table: its rows by their number.
func (p *advanced) table(n *tree.Node) error {
	for _, row := range n.Kids {
		if p.tables[row.Name] == nil {
			p.tables[row.Name] = make(map[string]*tree.Node)
		}
		p.tables[row.Name][row.Get("@ID")] = row
	}
	return nil
}

func (p *advanced) location(n *tree.Node) error {
	p.places[n.Get("@ID")] = n
	return nil
}

func (p *advanced) registration(n *tree.Node) error {
	identity := n.Get("@IdentityID")
	p.documents[identity] = append(p.documents[identity], n)
	return nil
}

// row returns the row of a table that an attribute names, and takes the
// attribute.
func (p *advanced) row(n *tree.Node, attribute string) *tree.Node {
	for _, k := range n.Kids {
		if k.Name == attribute {
			k.Used = true
			return p.lookUp(n, k)
		}
	}
	return &tree.Node{}
}

// lookUp finds the row that attribute k names. The table's name is the
// attribute's, without ID at the end and without a role before a hyphen.
func (p *advanced) lookUp(n, k *tree.Node) *tree.Node {
	name := tableOf(k.Name)
	row, ok := p.tables[name][k.Text]
	if !ok {
		if p.broken == "" {
			p.broken = fmt.Sprintf("%s names %s %q, which no code table of the file has", n.Name, name, k.Text)
		}
		return &tree.Node{}
	}
	return row
}

// word is the word of the row.
func (p *advanced) word(n *tree.Node, attribute string) string {
	return importer.Clean(p.row(n, attribute).Text)
}

func tableOf(attribute string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(attribute, "@"), "ID")
	return name[strings.LastIndex(name, "-")+1:]
}

// rest keeps what was not taken of an element and of those below it, codes by
// their words: see ParseAdvanced for what is left out.
func (p *advanced) rest(b *builder, n *tree.Node, path string) {
	var attributes []string
	count, seen := make(map[string]int), make(map[string]int)
	for _, k := range n.Kids {
		count[k.Name]++
		if name, ok := strings.CutPrefix(k.Name, "@"); ok {
			if value := p.attribute(b, n, k); value != "" {
				attributes = append(attributes, strings.TrimSuffix(name, "ID")+"="+value)
			}
		}
	}
	if len(attributes) > 0 {
		b.keep(path, strings.Join(attributes, "; "))
	}
	if !n.Used && !n.Blank() {
		b.keep(path, n.Text)
	}
	for _, k := range n.Kids {
		if strings.HasPrefix(k.Name, "@") {
			continue
		}
		at := path + "/" + k.Name
		if count[k.Name] > 1 {
			at = fmt.Sprintf("%s[%d]", at, seen[k.Name])
			seen[k.Name]++
		}
		p.rest(b, k, at)
	}
}

// attribute returns what is to be kept of an attribute, "" for nothing.
func (p *advanced) attribute(b *builder, n, k *tree.Node) string {
	value := importer.Clean(k.Text)
	switch {
	case k.Used, value == "false", k.Name == "@FixedRef" && value == b.e.Ref:
		return ""
	case k.Name == "@ID", strings.HasSuffix(k.Name, "ID") && !coded(k.Name):
		return ""
	case strings.HasSuffix(k.Name, "ID"):
		row := p.lookUp(n, k)
		value = importer.Clean(cmp.Or(row.Text, row.Get("@Description"))) // an area without a code has its name alone
		if value == "Unknown" || value == "Gregorian" {
			return ""
		}
	}
	return value
}

// coded reports whether an attribute names a row of a code table, and not an
// element of the file.
func coded(attribute string) bool {
	switch tableOf(attribute) {
	case "Identity", "Profile", "Location", "IDRegDocument", "FeatureVersion", "DocumentedName", "NamePartGroup", "ProfileRelationship", "SanctionsEntry":
		return false
	}
	return true
}

// day reads Year, Month and Day of an element; a month or day of 0 is not
// stated.
func day(n *tree.Node) domain.Date {
	pad := func(name string) string {
		v := importer.Clean(n.Get(name))
		if len(v) == 1 {
			v = "0" + v
		}
		return v
	}
	d := importer.Clean(n.Get("Year"))
	if m := pad("Month"); m != "" && m != "00" {
		d += "-" + m
		if v := pad("Day"); v != "" && v != "00" {
			d += "-" + v
		}
	}
	if date := domain.Date(d); date.Valid() {
		return date
	}
	return ""
}
