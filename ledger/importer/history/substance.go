package history

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// Substantive reports whether two readings of a subject say different things.
// These alone make no difference: white space; placeholders for nothing ("na",
// "-0-", "N/A"); the order of items in a list; the case of labels and of the
// source's headings; the publisher's bookkeeping (numbers of records and
// versions, how a reference is printed, sort keys, the dates of its edits); and, of what Raw keeps, the
// order of words and what a typed field says as well. Everything else does, the
// case of a name included.
func Substantive(a, b domain.Subject) (bool, error) {
	if same(a, b) {
		return false, nil
	}
	was, is, err := both(a, b)
	return err == nil && !sameSubstance(was, is), err
}

func sameSubstance(a, b map[string]any) bool { return substance(a) == substance(b) }

// substance is what a subject says, in one canonical text.
func substance(s map[string]any) string {
	said := make(map[string]bool) // by typed fields
	var typed []string
	for field, v := range s {
		if field == "raw" {
			continue
		}
		if t := canonical(field, v, said); t != "" {
			typed = append(typed, field+"="+t)
		}
	}
	raw, _ := s["raw"].([]any)
	for _, r := range raw {
		if t := rawSubstance(r, said); t != "" {
			typed = append(typed, t)
		}
	}
	slices.Sort(typed)
	return strings.Join(typed, "\n")
}

// canonical is a value without what makes no difference; "" for nothing.
func canonical(key string, v any, said map[string]bool) string {
	var parts []string
	switch v := v.(type) {
	case string:
		return canonicalText(key, v, said)
	case []any:
		for _, x := range v {
			if t := canonical(key, x, said); t != "" {
				parts = append(parts, t)
			}
		}
	case map[string]any:
		for k, x := range v {
			if t := canonical(k, x, said); t != "" && !derived(k) {
				parts = append(parts, k+":"+t)
			}
		}
		if len(parts) == 0 {
			return ""
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}

// derived are the members that follow from others of the same item.
func derived(key string) bool { return key == "script" || key == "language" }

func canonicalText(key, s string, said map[string]bool) string {
	s = importer.Clean(s)
	if placeholder(s) {
		return ""
	}
	said[words(s)] = true
	if key == "label" || key == "path" {
		s = strings.ToLower(s)
	}
	return s
}

func placeholder(s string) bool {
	switch strings.ToLower(s) {
	case "", "na", "n/a", "n.a.", "-0-", "-", "--", ".":
		return true
	}
	return false
}

// rawSubstance is what a raw field says that no typed field does.
func rawSubstance(v any, said map[string]bool) string {
	r, _ := v.(map[string]any)
	path, _ := r["path"].(string)
	value, _ := r["value"].(string)
	path = strings.ToLower(places.ReplaceAllString(path, ""))
	if bookkeeping.MatchString(path) || placeholder(importer.Clean(value)) {
		return ""
	}
	if d, ok := importer.Day(value); ok {
		value = string(d)
	}
	w := words(value)
	if w == "" || said[w] {
		return ""
	}
	return path + "=" + w
}

var (
	places      = regexp.MustCompile(`\[[0-9,]+\]`)
	bookkeeping = regexp.MustCompile(`^(dataid|versionnum|sort_key(_last_mod)?|last_day_updated(/.*)?|number|reference_number|listed_on|last updated|lastupdated|control date)$|(^|/)@(logicalid|regulationlanguage)$`)
)

// words are the words of a text, in an order of their own.
func words(s string) string {
	out := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	slices.Sort(out)
	return strings.Join(out, " ")
}
