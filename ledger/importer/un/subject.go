package un

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// builder moves the values of one entry into its subject. A value that is
// taken is marked; finish puts the rest into Raw, so that none is lost.
type builder struct {
	root *node
	e    importer.Entry
}

func newEntry(n *node, kind string) importer.Entry {
	b := &builder{root: n}
	b.e.Kind, b.e.Subject.Kind = kind, kind
	b.reference()
	b.dates()
	b.primaryName()
	b.aliases(n.all("INDIVIDUAL_ALIAS"))
	b.aliases(n.all("ENTITY_ALIAS"))
	b.person()
	b.addresses(n.all("INDIVIDUAL_ADDRESS"))
	b.addresses(n.all("ENTITY_ADDRESS"))
	b.documents()
	b.remarks()
	b.rest(n, "")
	return b.e
}

// typed marks a node as standing in a typed field in its cleaned form, unless
// cleaning changed it: then rest keeps the exact text in Raw as well.
func (b *builder) typed(n *node) string {
	clean := importer.Clean(n.text)
	n.used = clean == n.text
	return clean
}

// field is typed on the first child of that name, "" when there is none.
func (b *builder) field(n *node, name string) string {
	for _, k := range n.all(name) {
		return b.typed(k)
	}
	return ""
}

// code returns the code of the child's word from the table, "" for others,
// which then stay in Raw.
func (b *builder) code(n *node, name string, table map[string]string) string {
	for _, k := range n.all(name) {
		if c, ok := table[k.text]; ok {
			k.used = true
			return c
		}
	}
	return ""
}

func (b *builder) reference() {
	b.e.RawRef = b.root.get("REFERENCE_NUMBER")
	ref, warning := reference(b.e.RawRef)
	if warning != "" {
		b.warn(warning)
	}
	b.e.Ref = ref
	b.e.List = importer.Clean(b.root.get("UN_LIST_TYPE"))
	if ref == "" {
		return
	}
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, domain.Identifier{Scheme: "un_ref", Value: ref})
	for _, k := range b.root.all("REFERENCE_NUMBER") {
		k.used = k.text == ref
	}
}

func (b *builder) dates() {
	printed := b.root.get("LISTED_ON")
	d, ok := importer.Day(printed)
	switch {
	case ok && d != "":
		b.e.ListedOn = d
	case strings.TrimSpace(printed) != "":
		b.warn(fmt.Sprintf("LISTED_ON %q is no date", printed))
	default:
		b.warn("LISTED_ON is blank")
	}
	for _, l := range b.root.all("LAST_DAY_UPDATED") {
		for _, v := range l.all("VALUE") {
			if d, ok := importer.Day(v.text); ok && d != "" {
				b.e.UpdatedOn = append(b.e.UpdatedOn, d)
			} else if !v.blank() {
				b.warn(fmt.Sprintf("LAST_DAY_UPDATED %q is no date", v.text))
			}
		}
	}
}

func (b *builder) primaryName() {
	name := domain.Name{Kind: "primary"}
	var words []string
	for _, f := range []struct{ element, part string }{
		{"FIRST_NAME", "first"}, {"SECOND_NAME", "second"}, {"THIRD_NAME", "third"}, {"FOURTH_NAME", "fourth"},
	} {
		if text := b.field(b.root, f.element); text != "" {
			words = append(words, text)
			name.Parts = append(name.Parts, domain.NamePart{Part: f.part, Text: text})
		}
	}
	if name.Text = strings.Join(words, " "); name.Text == "" {
		return
	}
	if b.e.Kind == "entity" {
		name.Parts = nil
	}
	name.Script = importer.Script(name.Text)
	b.e.Subject.Names = append(b.e.Subject.Names, name)
	if text := b.field(b.root, "NAME_ORIGINAL_SCRIPT"); text != "" {
		b.e.Subject.Names = append(b.e.Subject.Names, domain.Name{Text: text, Kind: "original", Script: importer.Script(text)})
	}
}

// aliases adds each alias; one that lists several, "a; b; c", becomes several
// names, and its whole text stays in Raw.
func (b *builder) aliases(nodes []*node) {
	for _, n := range nodes {
		text := b.field(n, "ALIAS_NAME")
		if text == "" {
			continue
		}
		name := domain.Name{
			Kind: "aka", Note: b.field(n, "NOTE"),
			Quality: b.code(n, "QUALITY", map[string]string{"Good": "good", "Low": "low"}),
		}
		if k := b.code(n, "QUALITY", map[string]string{"a.k.a.": "aka", "f.k.a.": "fka"}); k != "" {
			name.Kind = k
		}
		parts := split(text)
		if len(parts) > 1 {
			n.all("ALIAS_NAME")[0].used = false
		}
		for _, part := range parts {
			name.Text, name.Script = part, importer.Script(part)
			b.e.Subject.Names = append(b.e.Subject.Names, name)
		}
	}
}

func split(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func (b *builder) warn(text string) { b.e.Warnings = append(b.e.Warnings, text) }

// rest keeps every value not yet taken under its path; elements that repeat
// carry their place, from 0.
func (b *builder) rest(n *node, path string) {
	count := make(map[string]int)
	for _, k := range n.kids {
		at := path + k.name
		if len(n.all(k.name)) > 1 {
			at = fmt.Sprintf("%s[%d]", at, count[k.name])
			count[k.name]++
		}
		if !k.used && !k.blank() {
			b.e.Subject.Raw = append(b.e.Subject.Raw, domain.RawField{Path: at, Value: k.text})
		}
		b.rest(k, at+"/")
	}
}
