package seal

import (
	"strings"
	"unicode/utf8"
)

// member is a place in the closed list of header members.
type member int

const (
	alg member = iota
	kid
	typ
	cty
	iss
	eid
	iat
	exp
	led
	anc
	members  // how many there are
	required = led
)

// memberNamed returns the member of that exact name, or members.
func memberNamed(name string) member {
	for m := range members {
		if m.String() == name {
			return m
		}
	}
	return members
}

// String returns the member's name in the header.
func (m member) String() string { return "algkidtypctyisseidiatexpledanc"[3*m : 3*m+3] }

func (m member) number() bool { return m == iat || m == exp }

// tokens holds each member's text, without quotes, and which were present.
type tokens struct {
	text [members]string
	seen [members]bool
}

// read reads the one JSON object that a header is. Library decoders let a name
// pass twice, in other case or in escapes; this one knows no other form than
// the profile's.
func (t *tokens) read(header []byte) error {
	if !utf8.Valid(header) {
		return refuse(CodeHeaderUTF8, "the header is not UTF-8: all its members are plain ASCII")
	}
	s := &scanner{rest: string(header)}
	if err := s.take('{'); err != nil {
		return err
	}
	for more := true; more; {
		if err := s.member(t); err != nil {
			return err
		}
		if more = strings.HasPrefix(s.rest, ","); more {
			s.rest = s.rest[1:]
		}
	}
	if err := s.take('}'); err != nil {
		return err
	}
	if s.rest != "" {
		return s.unexpected("the end")
	}
	return nil
}

// scanner holds what is left of the header.
type scanner struct{ rest string }

func (s *scanner) member(t *tokens) error {
	name, err := s.quoted("a name in quotes")
	if err != nil {
		return err
	}
	m := memberNamed(name)
	if m == members {
		return unknown(name)
	}
	if t.seen[m] {
		return refuse(CodeHeaderDuplicate, "the header has %s twice: write each member once", m)
	}
	t.seen[m] = true
	if err := s.take(':'); err != nil {
		return err
	}
	t.text[m], err = s.value(m)
	return err
}

func unknown(name string) error {
	if m := memberNamed(strings.ToLower(name)); m != members {
		return refuse(CodeHeaderCase, "the header has %q: write %s in lowercase", name, m)
	}
	return refuse(CodeHeaderUnknown, "the header has %.40q, which is not allowed: keep to alg kid typ cty iss led eid iat exp anc", name)
}

func (s *scanner) value(m member) (string, error) {
	if s.space() {
		return "", s.unexpected("a value")
	}
	quoted := strings.HasPrefix(s.rest, `"`)
	switch {
	case s.rest == "" || !strings.ContainsRune(`"-0123456789tfn{[`, rune(s.rest[0])):
		return "", s.unexpected("a value")
	case m.number() && !quoted:
		return s.integer(m)
	case m.number() || !quoted:
		return "", refuse(CodeHeaderType, "%s has the wrong type: iat and exp are integers, all other members strings", m)
	}
	return s.quoted("a string")
}

// quoted takes a string in quotes that needs no escape.
func (s *scanner) quoted(what string) (string, error) {
	if !strings.HasPrefix(s.rest, `"`) {
		return "", s.unexpected(what)
	}
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			text := s.rest[1:i]
			s.rest = s.rest[i+1:]
			return text, nil
		case c == '\\':
			return "", refuse(CodeHeaderEscape, `the header has an escape: write every character plainly, "JP/mof" not "JP\/mof"`)
		case c < 0x20:
			return "", refuse(CodeHeaderJSON, "the header has a control character in a string: take it out")
		}
	}
	return "", refuse(CodeHeaderJSON, "the header ends within a string: send all of it")
}

// integer takes the digits of a whole number from 0 to below 10^12.
func (s *scanner) integer(m member) (string, error) {
	end := strings.IndexAny(s.rest, ",}")
	if end < 0 {
		end = len(s.rest)
	}
	text := s.rest[:end]
	if c := text[0]; (c < '0' || c > '9') && c != '-' {
		return "", refuse(CodeHeaderType, "%s has the wrong type: it is an integer", m)
	}
	digits := strings.TrimLeft(text, "0123456789") == ""
	if !digits || len(text) > 12 || len(text) > 1 && text[0] == '0' {
		if i := strings.IndexAny(text, " \t\r\n"); i >= 0 {
			s.rest = text[i:]
			return "", s.unexpected("a digit")
		}
		return "", refuse(CodeHeaderNumber, "%s is %.40q: write whole seconds since 1970, digits only", m, text)
	}
	s.rest = s.rest[end:]
	return text, nil
}

func (s *scanner) take(c byte) error {
	if s.rest == "" || s.rest[0] != c {
		return s.unexpected(string(rune(c)))
	}
	s.rest = s.rest[1:]
	return nil
}

func (s *scanner) space() bool {
	return s.rest != "" && strings.IndexByte(" \t\r\n", s.rest[0]) >= 0
}

func (s *scanner) unexpected(want string) error {
	if s.space() {
		return refuse(CodeHeaderSpace, "the header has white space between its tokens: write compact JSON")
	}
	if s.rest == "" {
		return refuse(CodeHeaderJSON, "the header ends where %s is due: send one JSON object", want)
	}
	return refuse(CodeHeaderJSON, "the header has %.10q where %s is due: send one JSON object", s.rest, want)
}
