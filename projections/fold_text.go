package projections

import (
	"strings"
	"unicode"
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

// fold lowers case, drops accents and combining marks, narrows full-width
// forms, and turns everything but letters and digits into single spaces. Han,
// Hangul and Kana stay as they are, so two characters are found as two.
func (f folder) fold(text string) string {
	var out strings.Builder
	space := true
	for _, r := range text {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		r = unicode.ToLower(r)
		if p, ok := f.plain[r]; ok {
			r = p
		}
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
