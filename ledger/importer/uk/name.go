package uk

import (
	"cmp"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// names adds the names, primary ones first, then those in other scripts.
func (b *builder) names() {
	s := &b.e.Subject
	for _, n := range b.all("Name") {
		if name := b.name(n); name.Text != "" {
			s.Names = append(s.Names, name)
		}
	}
	s.Names = typedOnce(s.Names)
	slices.SortStableFunc(s.Names, func(x, y domain.Name) int { return rank(x) - rank(y) })
	for _, n := range b.all("NonLatinName") {
		text := n.Field("NameNonLatinScript")
		if text == "" {
			continue
		}
		name := domain.Name{Text: text, Kind: "original", Script: importer.Script(text)}
		if name.Script == "Latn" { // the list files romanisations here too
			name.Kind = "aka"
		}
		name.Language = lowerCode(n, "NonLatinScriptLanguage", languages)
		s.Names = append(s.Names, name)
	}
	if len(s.Names) == 0 {
		b.warn("the entry has no name")
	}
}

// typedOnce makes an alias of a name without a type, and leaves it out where the
// same spelling has one: the list repeats primary names in rows without a type.
func typedOnce(names []domain.Name) []domain.Name {
	var out []domain.Name
	for _, n := range names {
		typed := func(other domain.Name) bool { return other.Kind != "" && other.Text == n.Text }
		if n.Kind == "" && slices.ContainsFunc(names, typed) {
			continue
		}
		n.Kind = cmp.Or(n.Kind, "aka")
		out = append(out, n)
	}
	return out
}

func rank(n domain.Name) int {
	if n.Kind == "primary" {
		return 0
	}
	return 1
}

var parts = []struct{ element, part string }{
	{"Name1", "first"}, {"Name2", "second"}, {"Name3", "third"}, {"Name4", "fourth"}, {"Name5", "fifth"}, {"Name6", "last"},
}

// name joins the parts as the name is said: Name6 is the last, and the whole
// name of what is no person.
func (b *builder) name(n *tree.Node) domain.Name {
	var name domain.Name
	var words []string
	for _, p := range parts {
		if text := n.Field(p.element); text != "" {
			words = append(words, text)
			name.Parts = append(name.Parts, domain.NamePart{Part: p.part, Text: text})
		}
	}
	if name.Text = strings.Join(words, " "); name.Text == "" {
		return name
	}
	if len(words) == 1 {
		name.Parts = nil
	}
	name.Script = importer.Script(name.Text)
	name.Kind = lowerCode(n, "NameType", nameKinds)
	if note := n.Get("NameType"); name.Kind == "" && strings.TrimSpace(note) != "" {
		name.Kind, name.Note = "aka", n.Field("NameType") // a spelling of the primary name, as a rule
	}
	name.Quality = lowerCode(n, "AliasStrength", qualities)
	return name
}

var nameKinds = map[string]string{"primary name": "primary", "alias": "aka", "aka": "aka", "fka": "fka"}

var qualities = map[string]string{
	"good": "good", "good quality": "good", "good quality a.k.a": "good", "good quality a.k.a.": "good",
	"low": "low", "low quality": "low", "low quality a.k.a": "low", "low quality a.k.a.": "low",
}

var languages = map[string]string{
	"arabic": "ar", "belarusian": "be", "bosnian": "bs", "bulgarian": "bg", "burmese": "my", "chinese": "zh", "dari": "prs",
	"farsi": "fa", "greek": "el", "hebrew": "he", "japanese": "ja", "korean": "ko", "pashto": "ps", "persian": "fa",
	"romanian; moldavian; moldovan": "ro", "russian": "ru", "serbian": "sr", "turkish": "tr", "ukrainian": "uk", "urdu": "ur",
}

// lowerCode takes the code for a word, which the lists write in any case.
func lowerCode(n *tree.Node, element string, table map[string]string) string {
	for _, k := range n.All(element) {
		if code, ok := table[strings.ToLower(strings.TrimSpace(k.Text))]; ok {
			k.Used = true
			return code
		}
	}
	return ""
}
