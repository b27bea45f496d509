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

// builder moves the values of one entry into its subject. A value that is
// taken is marked; what is not goes into Raw, so that none is lost.
type builder struct {
	root *tree.Node
	e    importer.Entry
}

func newEntry(n *tree.Node, ref string) (e importer.Entry, reason string) {
	b := &builder{root: n}
	if reason := b.kind(); reason != "" {
		return e, reason
	}
	b.reference(ref)
	b.dates()
	b.e.List = b.one("RegimeName")
	b.measures()
	b.names()
	b.person()
	b.addresses()
	b.documents()
	b.ship()
	b.remarks()
	b.e.Subject.Raw = tree.Gather(n.Rest())
	return b.e, ""
}

// all returns the elements of that name anywhere below the entry: the XML
// groups them in others, rows do not.
func (b *builder) all(name string) []*tree.Node { return below(b.root, name) }

func below(n *tree.Node, name string) []*tree.Node {
	var out []*tree.Node
	for _, k := range n.Kids {
		if k.Name == name {
			out = append(out, k)
		} else {
			out = append(out, below(k, name)...)
		}
	}
	return out
}

// distinct returns the different texts of the elements of that name.
func (b *builder) distinct(name string) []string {
	var out []string
	for _, n := range b.all(name) {
		if text := importer.Clean(n.Text); text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// one returns the first text, with a warning when there are others: they all
// stay in Raw.
func (b *builder) one(name string) string {
	texts := b.distinct(name)
	if len(texts) == 0 {
		b.warn(name + " is blank")
		return ""
	}
	if len(texts) > 1 {
		b.warn(fmt.Sprintf("%s has several values: %s", name, strings.Join(texts, "; ")))
	}
	return texts[0]
}

var kinds = map[string]string{"individual": "person", "entity": "entity", "ship": "vessel"}

func (b *builder) kind() (reason string) {
	said := b.distinct("IndividualEntityShip")
	for _, text := range said {
		kind := kinds[strings.ToLower(text)]
		if kind == "" || b.e.Kind != "" && b.e.Kind != kind {
			b.e.Kind = ""
			break
		}
		b.e.Kind = kind
	}
	if b.e.Kind == "" {
		return fmt.Sprintf("the kind of the entry is %q where one of Individual, Entity and Ship is expected", strings.Join(said, "; "))
	}
	b.e.Subject.Kind = b.e.Kind
	return ""
}

var (
	uniqueID    = regexp.MustCompile(`^[A-Z]{3}[0-9]{4}$`)
	groupID     = regexp.MustCompile(`^[0-9]+$`)
	unReference = regexp.MustCompile(`[A-Z]{2}[ie]\.[0-9]{3}`)
	ukInText    = regexp.MustCompile(`UK Sanctions List Ref\)?\s*:?\s*([A-Z]{3}[0-9]{4})`)
	unInText    = regexp.MustCompile(`UN Ref\)?\s*:?\s*([A-Z]{2}[ie]\.[0-9]{3})`)
)

// reference takes the number that the list goes by, and those of other lists.
func (b *builder) reference(element string) {
	shape, label := uniqueID, "Unique ID"
	if element == "GroupID" {
		shape, label = groupID, "Group ID"
	}
	for _, n := range b.all(element) {
		b.e.RawRef = n.Text
		b.e.Ref = strings.Join(strings.Fields(n.Text), "")
		b.identify(n, domain.Identifier{Scheme: "other", Value: b.e.Ref, Label: label})
		break
	}
	switch {
	case b.e.Ref != "" && !shape.MatchString(b.e.Ref):
		b.warn(fmt.Sprintf("%s %q has an unknown shape and was kept as it is", label, b.e.RawRef))
	case b.e.Ref != b.e.RawRef:
		b.warn(fmt.Sprintf("%s %q was read as %s", label, b.e.RawRef, b.e.Ref))
	}
	for _, n := range b.all("OFSIGroupID") {
		b.identify(n, domain.Identifier{Scheme: "other", Value: importer.Clean(n.Text), Label: "OFSI Group ID"})
	}
	b.unReferences()
}

func (b *builder) unReferences() {
	for _, n := range b.all("UNReferenceNumber") {
		found := unReference.FindAllString(n.Text, -1)
		if len(found) == 0 && !n.Blank() {
			b.warn(fmt.Sprintf("UNReferenceNumber %q has not the shape of a reference of the UN list", n.Text))
			found = []string{importer.Clean(n.Text)}
		}
		for _, ref := range found {
			b.identify(n, domain.Identifier{Scheme: "un_ref", Value: ref})
		}
	}
	for _, n := range b.all("OtherInformation") {
		for _, m := range unInText.FindAllStringSubmatch(n.Text, -1) {
			b.mention(domain.Identifier{Scheme: "un_ref", Value: m[1]})
		}
		for _, m := range ukInText.FindAllStringSubmatch(n.Text, -1) {
			b.mention(domain.Identifier{Scheme: "other", Value: m[1], Label: "Unique ID"})
		}
	}
}

// identify adds an identifier that is the text of an element, or part of it.
func (b *builder) identify(n *tree.Node, id domain.Identifier) {
	if id.Value == "" {
		return
	}
	n.Used = n.Text == id.Value
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
}

// mention adds an identifier that free text mentions, unless it is known.
func (b *builder) mention(id domain.Identifier) {
	if slices.ContainsFunc(b.e.Subject.Identifiers, func(x domain.Identifier) bool { return x.Scheme == id.Scheme && x.Value == id.Value }) {
		return
	}
	id.Note = "from Other Information"
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
}

func (b *builder) dates() {
	listed := append(b.days("DateDesignated"), b.days("ListedOn")...)
	switch {
	case len(listed) == 0:
		b.warn("the date of designation is blank or no date")
	case len(listed) > 1:
		b.warn(fmt.Sprintf("the rows disagree on the date of designation, %v: the first was taken", listed))
	}
	if len(listed) > 0 {
		b.e.ListedOn = listed[0]
	}
	b.e.UpdatedOn = b.days("LastUpdated")
}

// days returns the different dates of the elements of that name.
func (b *builder) days(name string) []domain.Date {
	var out []domain.Date
	for _, text := range b.distinct(name) {
		d, ok := day(text)
		if !ok {
			b.warn(fmt.Sprintf("%s %q is no date", name, text))
		} else if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func (b *builder) warn(text string) { b.e.Warnings = append(b.e.Warnings, text) }
