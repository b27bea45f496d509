package eu

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// names adds every name, the primary one first: the first strong name in Latin
// letters, else the first strong one, else the first.
func (b *builder) names() {
	s := &b.e.Subject
	for _, n := range b.root.All("nameAlias") {
		if name := b.name(n); name.Text != "" {
			s.Names = append(s.Names, name)
		}
		b.gender(n)
		s.Titles = addText(s.Titles, n, "@title")
		s.Roles = addText(s.Roles, n, "@function")
	}
	if len(s.Names) == 0 {
		b.warn("the entry has no name")
		return
	}
	best := max(0, slices.IndexFunc(s.Names, func(n domain.Name) bool { return n.Quality == "good" }))
	if i := slices.IndexFunc(s.Names, func(n domain.Name) bool { return n.Quality == s.Names[best].Quality && n.Script == "Latn" }); i >= 0 {
		best = i
	}
	primary := s.Names[best]
	primary.Kind = "primary"
	s.Names = slices.Insert(slices.Delete(s.Names, best, best+1), 0, primary)
}

func (b *builder) name(n *tree.Node) domain.Name {
	name := domain.Name{Text: n.Field("@wholeName"), Kind: "aka"}
	var words []string
	for _, part := range []string{"first", "middle", "last"} {
		if text := n.Field("@" + part + "Name"); text != "" {
			words = append(words, text)
			name.Parts = append(name.Parts, domain.NamePart{Part: part, Text: text})
		}
	}
	if name.Text == "" {
		name.Text = strings.Join(words, " ")
	}
	if name.Text == "" {
		return name
	}
	name.Script = importer.Script(name.Text)
	name.Quality = n.Code("@strong", map[string]string{"true": "good", "1": "good", "false": "low", "0": "low"})
	name.Language = language(n, "@nameLanguage")
	name.Note = n.Field("remark")
	return name
}

// language takes a language code, which the EU writes in capitals.
func language(n *tree.Node, attribute string) string {
	for _, k := range n.All(attribute) {
		code := strings.ToLower(k.Text)
		if len(code) == 2 && code[0] >= 'a' && code[0] <= 'z' && code[1] >= 'a' && code[1] <= 'z' {
			k.Used = true
			return code
		}
	}
	return ""
}

// gender takes the sex that the first name states, and the same of others.
func (b *builder) gender(n *tree.Node) {
	said := map[string]string{"M": "male", "F": "female"}[n.Get("@gender")]
	if said == "" {
		return
	}
	if b.e.Subject.Gender == "" {
		b.e.Subject.Gender = said
	}
	if b.e.Subject.Gender != said {
		b.warn("the names state both sexes; the first stands")
		return
	}
	n.All("@gender")[0].Used = true
}

// addText adds the text of an attribute that several names may repeat.
func addText(list []domain.Text, n *tree.Node, attribute string) []domain.Text {
	text := n.Field(attribute)
	if text == "" || slices.ContainsFunc(list, func(t domain.Text) bool { return t.Text == text }) {
		return list
	}
	return append(list, domain.Text{Text: text, Language: strings.ToLower(n.Get("@regulationLanguage"))})
}
