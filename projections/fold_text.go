package projections

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// latin pairs letters that carry marks with the plain letters they are
// searched by.
const latin = "àa áa âa ãa äa åa āa ăa ąa çc ćc ĉc ċc čc ďd đd ðd èe ée êe ëe ēe ĕe ėe ęe ěe ĝg ğg ġg ģg ĥh ħh " +
	"ìi íi îi ïi ĩi īi ĭi įi ıi ĵj ķk ĺl ļl ľl łl ñn ńn ņn ňn òo óo ôo õo öo øo ōo ŏo őo ŕr ŗr řr śs ŝs şs šs șs " +
	"ţt ťt ŧt țt ùu úu ûu üu ũu ūu ŭu ůu űu ųu ŵw ýy ÿy ŷy źz żz žz ơo ưu"

// folder turns text into the form that names are compared in.
type folder struct{ plain map[rune]rune }

func newFolder() folder {
	f := folder{plain: map[rune]rune{}}
	for pair := range strings.FieldsSeq(latin) {
		letters := []rune(pair)
		f.plain[letters[0]] = letters[1]
	}
	return f
}

// fold takes the forms of width and typography away (NFKC), lowers case, drops
// accents and combining marks, and turns everything but letters and digits into
// single spaces. Han, Hangul and Kana stay as they are, so two characters are
// found as two.
func (f folder) fold(text string) string {
	var out strings.Builder
	space := true
	for _, r := range norm.NFKC.String(text) {
		r = f.unaccent(unicode.ToLower(r))
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out.WriteRune(r)
			space = false
		case !space:
			out.WriteByte(' ')
			space = true
		}
	}
	return strings.TrimRight(out.String(), " ")
}

// unaccent returns the plain letter of a Latin one that carries marks.
func (f folder) unaccent(r rune) rune {
	if p, ok := f.plain[r]; ok {
		return p
	}
	if r > unicode.MaxASCII && unicode.Is(unicode.Latin, r) {
		r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	}
	return r
}

// joined writes a folded text without its spaces; "" for one that has none.
func joined(folded string) string {
	if !strings.Contains(folded, " ") {
		return ""
	}
	return "\n" + strings.ReplaceAll(folded, " ", "")
}
