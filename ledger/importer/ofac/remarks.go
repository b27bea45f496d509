package ofac

import (
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// remarks divides the remarks of an entry and adds each part. The exact text
// is the caller's to keep.
func (b *builder) remarks(text string) {
	for part := range strings.SplitSeq(endOfRemarks(text), ";") {
		if part = importer.Clean(part); part != "" {
			b.part(part)
		}
	}
}

// endOfRemarks drops the point that ends remarks, but not that of an
// abbreviation such as S.A., which serves as both.
func endOfRemarks(text string) string {
	text = strings.TrimSpace(text)
	short, ok := strings.CutSuffix(text, ".")
	if n := len(short); !ok || n > 1 && short[n-2] == '.' && short[n-1] >= 'A' && short[n-1] <= 'Z' {
		return text
	}
	return short
}

// part adds one part of the remarks: a weak alias, a value under a heading
// that is known, else a remark.
func (b *builder) part(part string) {
	plain := part
	for _, alt := range []string{"alt. ", "Alt. "} {
		plain = strings.TrimPrefix(plain, alt)
	}
	if b.weakAlias(plain) {
		return
	}
	route, label, rest := match(plain)
	switch route {
	case "":
		b.remark("", part)
	case "dob", "pob", "nationality", "gender", "flag", "remark":
		if rest == "" {
			b.remark("", part)
			return
		}
		b.add(detail{route: route, label: label, value: rest})
	default:
		d, ok := numbered(detail{route: route, label: label}, rest)
		if !ok {
			b.remark("", part)
			return
		}
		b.add(d)
	}
}

// weakAlias adds a name given as a.k.a. 'X'.
func (b *builder) weakAlias(part string) bool {
	for _, kind := range []string{"aka", "fka", "nka"} {
		intro := kind[:1] + "." + kind[1:2] + "." + kind[2:] + ". '"
		if quoted, ok := strings.CutPrefix(part, intro); ok && len(quoted) > 1 && strings.HasSuffix(quoted, "'") {
			b.name(domain.Name{Text: strings.TrimSuffix(quoted, "'"), Kind: kind, Quality: "low"})
			return true
		}
	}
	return false
}

// numbered reads what follows the heading of a number: the number, the country
// in brackets, the dates of issue and expiry. False when that is not how it
// reads: it is prose then.
func numbered(d detail, rest string) (detail, bool) {
	if d.route == "wallet" {
		var ok bool
		d.chain, d.value, ok = strings.Cut(rest, " ")
		return d, ok && d.value != ""
	}
	rest, d.expires = cutDate(rest, " expires ")
	rest, d.issued = cutDate(rest, " issued ")
	if i := strings.LastIndex(rest, " ("); i > 0 && strings.HasSuffix(rest, ")") {
		rest, d.country = rest[:i], rest[i+2:len(rest)-1]
	}
	d.value = rest
	return d, numeric(rest)
}

// numeric reports whether s reads as a number that somebody issued, and not as
// a sentence: it has a digit, or is one word of capitals.
func numeric(s string) bool {
	if s == "" || len(s) > 40 || strings.Contains(s, ", ") || strings.Contains(s, " issued ") || strings.Contains(s, " expires ") {
		return false
	}
	if strings.Contains(s, " ") {
		return strings.ContainsAny(s, "0123456789") && (s[0] < 'a' || s[0] > 'z')
	}
	return strings.ContainsAny(s, "0123456789") || len(s) > 3 && strings.ToUpper(s) == s
}

// cutDate cuts the word and the date after it off the end of s.
func cutDate(s, word string) (string, domain.Date) {
	i := strings.LastIndex(s, word)
	if i < 0 {
		return s, ""
	}
	d := date(s[i+len(word):])
	if d == "" {
		return s, ""
	}
	return s[:i], d
}

// date reads a date as OFAC writes it: 10 Dec 1948, Dec 1948, 1948, and
// 12/10/1948 in sdn.xml. Empty for anything else.
func date(s string) domain.Date {
	for _, f := range []struct{ in, out string }{
		{"02 Jan 2006", "2006-01-02"}, {"2 Jan 2006", "2006-01-02"}, {"01/02/2006", "2006-01-02"}, {"Jan 2006", "2006-01"}, {"2006", "2006"},
	} {
		if t, err := time.Parse(f.in, s); err == nil {
			return domain.Date(t.Format(f.out))
		}
	}
	return ""
}

// fuzzyDate reads a date of birth; Text is set when it is not understood.
func fuzzyDate(s string) domain.FuzzyDate {
	out := domain.FuzzyDate{Type: "exact"}
	rest, circa := strings.CutPrefix(s, "circa ")
	if circa {
		out.Type = "approximately"
	}
	if out.Date = date(rest); out.Date != "" {
		return out
	}
	from, to, ok := strings.Cut(rest, " to ")
	if !ok {
		from, to, _ = strings.Cut(rest, "-")
	}
	out.From, out.To = date(from), date(to)
	if out.From == "" || out.To == "" {
		return domain.FuzzyDate{Text: s}
	}
	if !circa {
		out.Type = "between"
	}
	return out
}
