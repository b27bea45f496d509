package importer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Clean collapses white space, ideographic spaces included, to single spaces.
func Clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// CheckText refuses bytes that are not UTF-8 and control characters that no
// text carries (all below U+0020 but tab and line ends, and U+007F). A file
// with either was damaged on its way: a Latin-1 byte or a 0x1A in one place
// says nothing good of the others.
func CheckText(file string, data []byte) *Refused {
	line := 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size < 2:
			return &Refused{File: file, Offset: int64(i), Line: line, Reason: fmt.Sprintf("byte 0x%02X is not UTF-8", data[i])}
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return &Refused{File: file, Offset: int64(i), Line: line, Reason: fmt.Sprintf("control character U+%04X", r)}
		case r == '\n':
			line++
		}
		i += size
	}
	return nil
}

// Script returns the ISO 15924 code of the script that most letters of s are
// written in, Jpan when kana stand among them, "" when s has no letters.
func Script(s string) string {
	counts := make(map[string]int)
	best := ""
	for _, r := range s {
		code := scriptOf(r)
		if code == "Jpan" {
			return code
		}
		if code == "" {
			continue
		}
		counts[code]++
		if counts[code] > counts[best] {
			best = code
		}
	}
	return best
}

func scriptOf(r rune) string {
	switch {
	case r == 'ー' || r == '・' || !unicode.IsLetter(r):
		return ""
	case unicode.Is(unicode.Latin, r):
		return "Latn"
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return "Jpan"
	case unicode.Is(unicode.Hangul, r):
		return "Hang"
	case unicode.Is(unicode.Han, r):
		return "Hani"
	case unicode.Is(unicode.Arabic, r):
		return "Arab"
	case unicode.Is(unicode.Cyrillic, r):
		return "Cyrl"
	case unicode.Is(unicode.Hebrew, r):
		return "Hebr"
	}
	return ""
}

// Day reads an XML date, with or without an offset (2009-04-24-04:00): the
// offset says nothing about the day meant. False when it is no date.
func Day(s string) (domain.Date, bool) {
	s = strings.TrimSpace(s)
	if len(s) == len("2009-04-24-04:00") && (s[10] == '-' || s[10] == '+') && s[13] == ':' {
		s = s[:10]
	}
	s = strings.TrimSuffix(s, "Z")
	d := domain.Date(s)
	return d, d.Valid()
}

// ValidIMOCompany reports whether v is an IMO company or registered owner
// number: seven digits under another check digit than a ship's, so that some
// numbers pass both.
func ValidIMOCompany(v string) bool {
	if len(v) != 7 {
		return false
	}
	weights := [6]int{8, 6, 4, 2, 9, 7}
	sum := 0
	for i := range 7 {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
		if i < 6 {
			sum += int(v[i]-'0') * weights[i]
		}
	}
	return (11-sum%11)%10 == int(v[6]-'0')
}
