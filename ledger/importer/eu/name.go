package eu

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/tree"
)

// names adds every name, the primary one first.
func (b *builder) names() {
	s := &b.e.Subject
	best, first := 0, rank{}
	for _, n := range b.root.All("nameAlias") {
		if name := b.name(n); name.Text != "" {
			if r := rankOf(n, name); len(s.Names) == 0 || r.before(first) {
				best, first = len(s.Names), r
			}
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
	primary := s.Names[best]
	primary.Kind = "primary"
	s.Names = slices.Insert(slices.Delete(s.Names, best, best+1), 0, primary)
}

// rank orders the names of an entry: the list says of none that it is the
// primary one, and has them in no order.
type rank struct {
	against [4]bool // what speaks against the name, the weightiest first
	number  int     // names entered first have low numbers
}

// rankOf weighs names that are not weak before others, then Latin letters, English or no
// language, and a name with a function or a title, which the list gives to one
// name of an entry as a rule.
func rankOf(n *tree.Node, name domain.Name) rank {
	number, err := strconv.Atoi(n.Get("@logicalId"))
	if err != nil {
		number = math.MaxInt
	}
	bare := importer.Clean(n.Get("@function")+n.Get("@title")) == ""
	foreign := name.Language != "" && name.Language != "en"
	return rank{[4]bool{name.Quality == "low", name.Script != "Latn", foreign, bare}, number}
}

func (r rank) before(other rank) bool {
	for i, against := range r.against {
		if against != other.against[i] {
			return !against
		}
	}
	return r.number < other.number
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
	name.Language = language(n, "@nameLanguage")
	name.Note = n.Field("remark")
	name.Quality = quality(n, name.Note)
	return name
}

// quality is what strong says, unless the remark says the contrary: the list
// marks as strong what it calls a "low quality alias". The CSV has the remark
// alone.
func quality(n *tree.Node, remark string) string {
	marked := map[string]string{"true": "good", "1": "good", "false": "low", "0": "low"}
	said := strings.ToLower(qualityText.FindString(remark))
	if word, _, ok := strings.Cut(said, " "); ok && word != marked[n.Get("@strong")] {
		return word
	}
	return n.Code("@strong", marked)
}

var qualityText = regexp.MustCompile(`(?i)\b(good|low) quality\b`)

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
