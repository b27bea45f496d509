package domain

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// checkCharacters keeps out of every text what a reader does not see or what
// changes the order of what is seen: controls, marks that turn the direction
// of a text, a byte order mark, and code points that are no characters. The
// marks and joiners that right-to-left names need (U+200C to U+200F) stay.
func checkCharacters(s *State, f Fact) *Refusal {
	rules := s.Rules()
	if b, ok := f.Body.(CoalitionFounded); ok {
		rules = b.Rules
	}
	if !Sound(rules) {
		return nil
	}
	return checkTexts(f.Payload)
}

func checkTexts(payload []byte) *Refusal {
	if !MaySayUnseen(payload) {
		return nil
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(payload), jsontext.AllowDuplicateNames(true)) // decoding refused those
	for {
		tok, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil: // decoded before, so this is not reached
			return refuse("payload.syntax", "", "the payload is not one JSON object: "+err.Error())
		case tok.Kind() != '"':
			continue
		}
		if text := tok.String(); strings.ContainsFunc(text, notPlain) {
			if r := checkText(string(d.StackPointer()), text); r != nil {
				return r
			}
		}
	}
}

func notPlain(r rune) bool { return breaksLine(r) || Unseen(r) }

func breaksLine(r rune) bool { return r == '\n' || r == '\t' || r == 0x2028 || r == 0x2029 }

// MaySayUnseen looks through the bytes of a JSON object for anything that a text may
// not hold everywhere. It is quick, and what it finds is looked at again.
func MaySayUnseen(payload []byte) bool {
	lines := false
	for i := 0; i < len(payload); i++ {
		switch c := payload[i]; {
		case c == '\\' && i+1 < len(payload):
			i++
			switch payload[i] {
			case '"', '\\', '/':
			case 'n', 't':
				lines = true
			default:
				return true
			}
		case c < 0x7f, c >= 0x80 && c < 0xc2, c >= 0xc3 && c < 0xcd, c >= 0xce && c < 0xe1, c > 0xe3 && c < 0xef: // also the rest of a rune
		default:
			r, _ := utf8.DecodeRune(payload[i:])
			if Unseen(r) {
				return true
			}
			lines = lines || breaksLine(r)
		}
	}
	return lines && (bytes.Contains(payload, []byte(`"name`)) || bytes.Contains(payload, []byte(`"identifiers`)))
}

// Unseen reports whether a character may stand in no text of an event. Line
// breaks and tabs may, but not in names.
func Unseen(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r <= 0x9f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return r == 0xfeff || r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe || unicode.Is(fillers, r)
}

// fillers are marks of no width that no name needs, letters that show as nothing,
// and tags: a name that holds one is not found by those who read it.
var fillers = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00ad, 0x00ad, 1},
		{0x034f, 0x034f, 1},
		{0x115f, 0x1160, 1},
		{0x17b4, 0x17b5, 1},
		{0x180b, 0x180f, 1},
		{0x200b, 0x200b, 1},
		{0x2060, 0x2065, 1},
		{0x206a, 0x206f, 1},
		{0x3164, 0x3164, 1},
		{0xffa0, 0xffa0, 1},
		{0xfff0, 0xfffb, 1},
	},
	R32: []unicode.Range32{{0x1bca0, 0x1bca3, 1}, {0x1d173, 0x1d17a, 1}, {0xe0000, 0xe007f, 1}},
}

func checkText(pointer, text string) *Refusal {
	field := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	if i := strings.IndexFunc(text, Unseen); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return refuse("text.character", field, fmt.Sprintf("the text holds %U, which readers do not see or which turns the order of what they see: take it out", r))
	}
	if strings.ContainsFunc(text, breaksLine) && OnOneLine(pointer) {
		return refuse("text.line", field, "a name or number stands on one line: put a space in place of line breaks and tabs")
	}
	return nil
}

// OnOneLine reports whether the member at a JSON pointer holds a name or a number.
func OnOneLine(pointer string) bool {
	return strings.HasSuffix(pointer, "/name") ||
		strings.Contains(pointer, "/names/") && strings.HasSuffix(pointer, "/text") ||
		strings.Contains(pointer, "/identifiers/") && strings.HasSuffix(pointer, "/value")
}
