package watch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Watch is one thing that is watched.
type Watch struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Reason says which watch an event met, and how.
type Reason struct {
	Watch
	Why string `json:"why"`
}

// Kinds lists what can be watched.
func Kinds() []string {
	return []string{
		projections.FacetSubject, projections.FacetFlag, projections.FacetPort, projections.FacetMeasure,
		projections.FacetMember, projections.FacetCase, projections.FacetRegime, projections.FacetType,
	}
}

const maxValue = 200

// Parse checks a watch and returns it in its one form.
func Parse(w Watch) (Watch, error) {
	w.Value = strings.TrimSpace(w.Value)
	switch {
	case !slices.Contains(Kinds(), w.Kind):
		return w, fmt.Errorf("%q cannot be watched: kind is one of %s", shorten(w.Kind), strings.Join(Kinds(), ", "))
	case w.Value == "" || len(w.Value) > maxValue || strings.ContainsFunc(w.Value, control):
		return w, fmt.Errorf("the value of a watch has 1 to %d characters in one line", maxValue)
	}
	switch w.Kind {
	case projections.FacetSubject:
		w.Value = ship(w.Value)
	case projections.FacetMember:
		if !domain.Country(w.Value).Valid() {
			return w, fmt.Errorf("%q is no country code: use ISO 3166-1 alpha-2, EU, UN or a user-assigned code", shorten(w.Value))
		}
	case projections.FacetFlag:
		if !domain.Country(w.Value).Valid() && !slices.Contains([]string{"unknown", "false", "stateless"}, w.Value) {
			return w, fmt.Errorf("%q is no flag: give a country code, or unknown, false, stateless", shorten(w.Value))
		}
	case projections.FacetType:
		return w, checkType(w.Value)
	}
	return w, nil
}

// ship takes a ship's number out of "IMO 9159787"; other ids stay as they are.
func ship(id string) string {
	rest, ok := strings.CutPrefix(strings.ToUpper(id), "IMO")
	rest = strings.TrimSpace(rest)
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	if !ok || len(rest) != 7 || strings.ContainsFunc(rest, notDigit) {
		return id
	}
	return rest
}

func checkType(value string) error {
	group, isGroup := strings.CutSuffix(value, "*")
	known := slices.ContainsFunc(domain.Types(), func(t string) bool {
		return t == value || isGroup && strings.HasSuffix(group, ".") && strings.HasPrefix(t, group)
	})
	if !known {
		return fmt.Errorf("%q is no event type: write it as designation.adopted, or a group as designation.*", shorten(value))
	}
	return nil
}

func control(r rune) bool { return r < 0x20 || r == 0x7f }

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Match returns why an event is to be told of: a reason for each watch that
// one of its facets meets, in the order of the watches; none where none does.
func Match(facets []projections.Facet, watches []Watch) []Reason {
	var out []Reason
	for _, w := range watches {
		i := slices.IndexFunc(facets, func(f projections.Facet) bool { return w.meets(f) })
		if i >= 0 {
			out = append(out, Reason{Watch: w, Why: facets[i].Why})
		}
	}
	return out
}

// meets compares as the kind needs it: places without regard to case, types
// by group, all else exactly.
func (w Watch) meets(f projections.Facet) bool {
	if w.Kind != f.Kind {
		return false
	}
	switch w.Kind {
	case projections.FacetPort:
		return strings.EqualFold(w.Value, f.Value)
	case projections.FacetType:
		if group, ok := strings.CutSuffix(w.Value, "*"); ok {
			return strings.HasPrefix(f.Value, group)
		}
	}
	return w.Value == f.Value
}
