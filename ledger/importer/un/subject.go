package un

import (
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// builder moves the values of one entry into its subject. A value that is
// taken is marked; finish puts the rest into Raw, so that none is lost.
type builder struct {
	root *tree.Node
	e    importer.Entry
}

func newEntry(n *tree.Node, kind string) importer.Entry {
	b := &builder{root: n}
	b.e.Kind, b.e.Subject.Kind = kind, kind
	b.reference()
	b.dates()
	b.primaryName()
	b.aliases(n.All("INDIVIDUAL_ALIAS"))
	b.aliases(n.All("ENTITY_ALIAS"))
	b.person()
	b.addresses(n.All("INDIVIDUAL_ADDRESS"))
	b.addresses(n.All("ENTITY_ADDRESS"))
	b.documents()
	b.remarks()
	b.e.Subject.Raw = append(b.e.Subject.Raw, n.Rest()...)
	return b.e
}

func (b *builder) reference() {
	b.e.RawRef = b.root.Get("REFERENCE_NUMBER")
	ref, warning := reference(b.e.RawRef)
	if warning != "" {
		b.warn(warning)
	}
	b.e.Ref = ref
	b.e.List = importer.Clean(b.root.Get("UN_LIST_TYPE"))
	if ref == "" {
		return
	}
	b.e.Subject.Identifiers = append(b.e.Subject.Identifiers, domain.Identifier{Scheme: "un_ref", Value: ref})
	for _, k := range b.root.All("REFERENCE_NUMBER") {
		k.Used = k.Text == ref
	}
}

func (b *builder) dates() {
	printed := b.root.Get("LISTED_ON")
	d, ok := importer.Day(printed)
	switch {
	case ok && d != "":
		b.e.ListedOn = d
	case strings.TrimSpace(printed) != "":
		b.warn(fmt.Sprintf("LISTED_ON %q is no date", printed))
	default:
		b.warn("LISTED_ON is blank")
	}
	for _, l := range b.root.All("LAST_DAY_UPDATED") {
		for _, v := range l.All("VALUE") {
			if d, ok := importer.Day(v.Text); ok && d != "" {
				b.e.UpdatedOn = append(b.e.UpdatedOn, d)
			} else if !v.Blank() {
				b.warn(fmt.Sprintf("LAST_DAY_UPDATED %q is no date", v.Text))
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
		if text := b.root.Field(f.element); text != "" {
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
	if text := b.root.Field("NAME_ORIGINAL_SCRIPT"); text != "" {
		b.e.Subject.Names = append(b.e.Subject.Names, domain.Name{Text: text, Kind: "original", Script: importer.Script(text)})
	}
}

// aliases adds each alias; one that lists several, "a; b; c", becomes several
// names, and its whole text stays in Raw.
func (b *builder) aliases(nodes []*tree.Node) {
	for _, n := range nodes {
		text := n.Field("ALIAS_NAME")
		if text == "" {
			continue
		}
		name := domain.Name{
			Kind: "aka", Note: n.Field("NOTE"),
			Quality: n.Code("QUALITY", map[string]string{"Good": "good", "Low": "low"}),
		}
		if k := n.Code("QUALITY", map[string]string{"a.k.a.": "aka", "f.k.a.": "fka"}); k != "" {
			name.Kind = k
		}
		parts := split(text)
		if len(parts) > 1 {
			n.All("ALIAS_NAME")[0].Used = false
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
