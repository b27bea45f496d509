package tree

import (
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Gather states once what several elements of one name have in common: fields
// that differ only in the place of the element become one field whose path
// has the places of all, "alias[0,2,3]/@language". It loses nothing, and
// keeps an entry with many details, each of which cites the same act, small.
func Gather(raw []domain.RawField) []domain.RawField {
	type key struct{ before, after, value string }
	at := make(map[key]int)
	var out []domain.RawField
	for _, f := range raw {
		before, place, after, ok := numbered(f.Path)
		k := key{before, after, f.Value}
		i, seen := at[k]
		switch {
		case ok && seen:
			p := out[i].Path
			end := len(p) - len(after) - len("]")
			out[i].Path = p[:end] + "," + place + p[end:]
			continue
		case ok:
			at[k] = len(out)
		}
		out = append(out, f)
	}
	return out
}

// numbered divides a path at the first place in it.
func numbered(path string) (before, place, after string, ok bool) {
	before, rest, ok := strings.Cut(path, "[")
	if !ok {
		return "", "", "", false
	}
	place, after, ok = strings.Cut(rest, "]")
	if _, err := strconv.Atoi(place); err != nil {
		return "", "", "", false
	}
	return before, place, after, ok
}
