package domain

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
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
	if rules < rulesSound {
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

func notPlain(r rune) bool { return r == '\n' || r == '\t' || Unseen(r) }

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
		case c < 0x7f, c > 0xc2 && c < 0xe2, c > 0xe2 && c < 0xef:
		default:
			if r, _ := utf8.DecodeRune(payload[i:]); Unseen(r) {
				return true
			}
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
	return r == 0xfeff || r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe
}

func checkText(pointer, text string) *Refusal {
	field := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	if i := strings.IndexFunc(text, Unseen); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return refuse("text.character", field, fmt.Sprintf("the text holds %U, which readers do not see or which turns the order of what they see: take it out", r))
	}
	if strings.ContainsAny(text, "\n\t") && OnOneLine(pointer) {
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
