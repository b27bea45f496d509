package names

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Name is a name made comparable.
type Name struct {
	Text  string // as the source writes it
	Mixed bool   // one word mixes scripts whose letters look alike

	words    []string    // folded, in Latin letters as far as a table reaches
	loose    [2][]string // the same by the Korean and the Arabic table
	skeleton []string    // words by what they look like
	bones    []string    // words by their consonants
	sorted   string      // words in order, to compare them in any
	joined   []rune      // all letters of words
	joint    [2][]rune   // all letters of loose
	bags     [2]bag      // how often each letter stands in joint
	ideal    []rune      // a name in Han, Hangul or kana; words is empty then
	scripts  scripts
}

// Parse folds a name. One that has no letter and no digit has no words and
// agrees with nothing.
func Parse(text string) Name {
	n := Name{Text: text, scripts: scriptsOf(text)}
	plain := strip(norm.NFKC.String(text))
	if n.scripts&ideographic != 0 {
		n.ideal = ideographs(plain)
		return n
	}
	for _, w := range divide(plain) {
		n.skeleton = append(n.skeleton, form(unaccent(lookalike(w))))
		if scriptsOf(w).mixed() {
			n.Mixed = true // of no language: only what it looks like can be compared
		} else {
			w = romanise(w)
		}
		if w = unaccent(w); w == "" {
			continue
		}
		w = form(w)
		n.words = append(n.words, w)
		n.bones = append(n.bones, bones(w))
		for i, table := range looseTables {
			n.loose[i] = append(n.loose[i], loosen(w, table))
		}
	}
	n.sorted = inOrder(n.words)
	n.joined = []rune(strings.Join(n.words, ""))
	for i := range n.loose {
		n.joint[i] = []rune(strings.Join(n.loose[i], ""))
		n.bags[i] = bagOf(n.joint[i])
	}
	return n
}

// Empty reports whether nothing is left to compare.
func (n Name) Empty() bool { return len(n.words) == 0 && len(n.ideal) == 0 }

// Words returns the folded words; none for a name in Han, Hangul or kana.
func (n Name) Words() []string { return n.words }

// Latin reports whether the name is written in Latin letters, or in none.
func (n Name) Latin() bool { return n.scripts&^latin == 0 }

// Exact reports whether the name must match exactly: one of up to four
// characters in Han, Hangul or kana.
func (n Name) Exact() bool { return len(n.ideal) > 0 && len(n.ideal) <= longestExact }

// longestExact is the length of the longest personal name in use.
const longestExact = 4

func inOrder(words []string) string {
	return strings.Join(slices.Sorted(slices.Values(words)), " ")
}

func divide(plain string) []string {
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

func ideographs(plain string) []rune { return []rune(strings.Join(divide(plain), "")) }

// strip drops bracketed text that follows a name, such as an acronym, but not
// a country, by which branches of one name differ, and what is not seen:
// apostrophes, zero-width and direction marks.
func strip(name string) string {
	name = strings.TrimSpace(strings.ReplaceAll(name, "&", " AND "))
	if i := strings.LastIndex(name, "("); i > 0 && strings.HasSuffix(name, ")") {
		if _, ok := domain.CountryByName(name[i+1 : len(name)-1]); !ok {
			name = name[:i]
		}
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("'’‘`´ʼʻʿʾ", r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, name)
}

// unaccent drops accents, and writes the Latin letters that have no
// decomposition as the plain ones that stand for them.
func unaccent(w string) string {
	ascii := true
	for i := range len(w) {
		ascii = ascii && w[i] < 0x80
	}
	if ascii {
		return w
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(undecomposed.Replace(w)))
}

var undecomposed = strings.NewReplacer("Ø", "O", "Ł", "L", "ß", "SS", "ẞ", "SS", "Æ", "AE", "Œ", "OE", "Đ", "D", "Ð", "D", "Þ", "TH", "ı", "I", "Ə", "E", "Ħ", "H")

// form writes a company form one way.
func form(w string) string {
	if long, ok := forms[w]; ok {
		return long
	}
	return w
}

var forms = map[string]string{
	"CO": "COMPANY", "CORP": "CORPORATION", "LTD": "LIMITED", "CENTRE": "CENTER", "INC": "INCORPORATED", "INTL": "INTERNATIONAL",
}

// scripts is a set of scripts.
type scripts uint8

const (
	latin scripts = 1 << iota
	cyrillic
	greek
	arabic
	ideographic
	other
)

// mixed reports whether letters of scripts that look alike stand together.
func (s scripts) mixed() bool {
	return s&latin != 0 && s&(cyrillic|greek) != 0 || s&cyrillic != 0 && s&greek != 0
}

func scriptsOf(s string) scripts {
	var out scripts
	for _, r := range s {
		out |= scriptOf(r)
	}
	return out
}

func scriptOf(r rune) scripts {
	switch {
	case !unicode.IsLetter(r) || r == 'ー' || r >= 0x2B0 && r <= 0x2FF: // a letter of any script
		return 0
	case r < 0x80 || unicode.Is(unicode.Latin, r):
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r):
		return greek
	case unicode.Is(unicode.Arabic, r):
		return arabic
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
		return ideographic
	}
	return other
}
