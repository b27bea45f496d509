package sqlite

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// unspaced reports whether a script writes words without spaces between them.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r == 'ー' || r == '々'
}

// pairs returns the pairs of neighbouring characters of each run of an
// unspaced script, and runs of one character as they are.
func pairs(text string) string {
	var out []string
	for run := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unspaced(r) }) {
		runes := []rune(run)
		if len(runes) == 1 {
			out = append(out, run)
		}
		for i := range len(runes) - 1 {
			out = append(out, string(runes[i:i+2]))
		}
	}
	return strings.Join(out, " ")
}

// Match writes what names_fts is to be asked for to find a text: the words
// whole, and what is of an unspaced script wherever it stands in a name; forms
// of width do not matter. ""
// when nothing in it can be searched for.
func Match(text string) string {
	var out []string
	words := strings.FieldsFunc(norm.NFKC.String(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !unspaced(r)
	})
	for _, word := range words {
		for _, part := range parts(word) {
			if p := pairs(part); p != "" {
				part = p
			}
			out = append(out, `"`+part+`"`)
		}
	}
	return strings.Join(out, " AND ")
}

// parts cuts a word where its script begins or ends to be an unspaced one.
func parts(word string) []string {
	var out []string
	start, last := 0, false
	for i, r := range word {
		now := unspaced(r)
		if i > 0 && now != last {
			out = append(out, word[start:i])
			start = i
		}
		last = now
	}
	return append(out, word[start:])
}
