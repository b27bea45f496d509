package eu

import (
	"cmp"
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

func newEntry(n *tree.Node) (e importer.Entry, reason string) {
	b := &builder{root: n}
	if reason := b.kind(); reason != "" {
		return e, reason
	}
	b.reference()
	b.dates()
	b.programme()
	b.names()
	for _, c := range n.All("citizenship") {
		b.citizenship(c)
	}
	for _, d := range n.All("birthdate") {
		b.birth(d)
	}
	for _, a := range n.All("address") {
		b.address(a)
	}
	for _, i := range n.All("identification") {
		b.identification(i)
	}
	b.remarks()
	b.e.Subject.Raw = tree.Gather(n.Rest())
	return b.e, ""
}

// kind reads the two codes of subjectType, whichever is in which attribute:
// the word says more than the letter of its class.
func (b *builder) kind() (reason string) {
	var word, class, unknown string
	for _, n := range b.root.All("subjectType") {
		for _, k := range n.Kids {
			code := strings.ToLower(importer.Clean(k.Text))
			kind, at := kinds[code], &word
			if len(code) == 1 {
				at = &class
			}
			if kind == "" {
				unknown = cmp.Or(unknown, code)
			} else if *at != "" && *at != kind {
				return fmt.Sprintf("subjectType says both %s and %s", *at, kind)
			} else {
				*at = kind
			}
		}
	}
	b.e.Kind = cmp.Or(word, class)
	switch {
	case b.e.Kind == "":
		return fmt.Sprintf("subjectType %q is no known kind of subject", unknown)
	case class != "" && (class == "person") != (b.e.Kind == "person"):
		return fmt.Sprintf("subjectType says both %s and %s", word, class)
	case unknown != "":
		b.warn(fmt.Sprintf("subjectType %q is not known; its class says %s", unknown, b.e.Kind))
	}
	b.e.Subject.Kind = b.e.Kind
	return ""
}

var kinds = map[string]string{
	"person": "person", "p": "person", "enterprise": "entity", "e": "entity",
	"vessel": "vessel", "ship": "vessel", "aircraft": "aircraft",
}

var (
	euReference = regexp.MustCompile(`^EU\.[0-9]+\.[0-9]+$`)
	unReference = regexp.MustCompile(`^[A-Z]{2}[ie]\.[0-9]{3}$`)
)

// reference takes the EU's reference, else the logical id, and the UN's.
func (b *builder) reference() {
	b.e.RawRef = b.root.Get("@euReferenceNumber")
	b.e.Ref = strings.Join(strings.Fields(b.e.RawRef), "")
	label := "euReferenceNumber"
	switch {
	case b.e.Ref == "":
		label = "logicalId"
		b.e.RawRef = b.root.Get("@logicalId")
		b.e.Ref = strings.TrimSpace(b.e.RawRef)
		b.warn("euReferenceNumber is blank: the entry goes by its logicalId " + b.e.Ref)
	case !euReference.MatchString(b.e.Ref):
		b.warn(fmt.Sprintf("euReferenceNumber %q has an unknown shape and was kept as it is", b.e.RawRef))
	case b.e.Ref != b.e.RawRef:
		b.warn(fmt.Sprintf("euReferenceNumber %q was read as %s", b.e.RawRef, b.e.Ref))
	}
	if b.e.Ref == "" {
		return
	}
	b.identify("@"+label, domain.Identifier{Scheme: "other", Value: b.e.Ref, Label: label})
	if un := strings.Join(strings.Fields(b.root.Get("@unitedNationId")), ""); un != "" {
		if !unReference.MatchString(un) {
			b.warn(fmt.Sprintf("unitedNationId %q has not the shape of a reference of the UN list", un))
		}
		b.identify("@unitedNationId", domain.Identifier{Scheme: "un_ref", Value: un})
	}
}

// identify adds an identifier that stands in an attribute of the entry.
func (b *builder) identify(attribute string, id domain.Identifier) {
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, id)
	for _, k := range b.root.All(attribute)[:1] {
		k.Used = k.Text == id.Value
	}
}

func (b *builder) dates() {
	b.e.ListedOn = b.ownDate("@designationDate")
	b.e.DelistedOn = b.ownDate("@delistingDate")
	if b.e.ListedOn == "" {
		b.warn("designationDate is blank or no date: the dates of the act are of the latest one, and were not taken for it")
	}
}

// ownDate reads a date of the entry, whose text stays in Raw.
func (b *builder) ownDate(attribute string) domain.Date {
	d := b.day(b.root, attribute)
	for _, k := range b.root.All(attribute) {
		k.Used = false
	}
	return d
}

// programme takes the first; rows of a CSV may disagree.
func (b *builder) programme() {
	var all []string
	for _, n := range b.root.All("regulation") {
		if p := importer.Clean(n.Get("@programme")); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		b.warn("the entry has no programme")
		return
	}
	b.e.List = all[0]
	if len(all) > 1 {
		b.warn("the entry is of several programmes: " + strings.Join(all, ", "))
	}
}

// remarks keeps text as it is, line breaks included.
func (b *builder) remarks() {
	for _, element := range []string{"remark", "@designationDetails"} {
		for _, n := range b.root.All(element) {
			if n.Blank() {
				continue
			}
			n.Used = true
			b.e.Subject.Remarks = append(b.e.Subject.Remarks, domain.Text{Text: n.Text, Label: strings.TrimPrefix(element, "@")})
		}
	}
}

// day reads a date of the XML (2009-04-24) or of the CSV (24/04/2009); one
// that is none stays in Raw alone.
func (b *builder) day(n *tree.Node, attribute string) domain.Date {
	for _, k := range n.All(attribute) {
		if k.Blank() {
			continue
		}
		if d, ok := day(k.Text); ok {
			k.Used = string(d) == k.Text
			return d
		}
		b.warn(fmt.Sprintf("%s %q is no date", attribute[1:], k.Text))
	}
	return ""
}

func day(s string) (domain.Date, bool) {
	if d, ok := importer.SlashDay(s); ok {
		return d, true
	}
	return importer.Day(s)
}

func (b *builder) warn(text string) { b.e.Warnings = append(b.e.Warnings, text) }
