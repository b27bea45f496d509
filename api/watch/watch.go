package watch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

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
	w.Value = oneForm(w)
	return w, w.checkForm()
}

// oneForm takes a ship's number out of "IMO 9159787"; all else stays as it is.
func oneForm(w Watch) string {
	rest, ok := strings.CutPrefix(strings.ToUpper(w.Value), "IMO")
	rest = strings.TrimLeft(rest, " :")
	if w.Kind != projections.FacetSubject || !ok || !digits(rest) {
		return w.Value
	}
	return rest
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// checkForm refuses what no event can ever say. Whether it was recorded yet is
// not asked: one watches for what may come.
func (w Watch) checkForm() error {
	switch v := w.Value; w.Kind {
	case projections.FacetSubject:
		return checkSubject(v)
	case projections.FacetFlag:
		return must(domain.Country(v).Valid() || slices.Contains([]string{"unknown", "false", "stateless"}, v),
			"%q is no flag: give a country code, or unknown, false, stateless", v)
	case projections.FacetPort:
		return must(strings.ContainsFunc(v, unicode.IsLetter), "%q is no port: write the city as events do, as Busan", v)
	case projections.FacetMeasure:
		return must(slices.Contains(domain.Measures(), v), "%q is no known measure: use one of "+strings.Join(domain.Measures(), " "), v)
	case projections.FacetMember:
		return must(domain.Country(v).Valid(), "%q is no country code: use ISO 3166-1 alpha-2, EU, UN or a user-assigned code", v)
	case projections.FacetCase, projections.FacetRegime:
		return must(domain.ValidID(v), "%q is no id of a "+w.Kind+": 1 to 96 of A-Z a-z 0-9 - . _ : @ ( )", v)
	case projections.FacetType:
		return checkType(v)
	}
	return nil
}

// must turns what does not hold into an error that quotes the value.
func must(holds bool, format, value string) error {
	if holds {
		return nil
	}
	return fmt.Errorf(format, shorten(value))
}

// checkSubject accepts ids, ships' numbers and addresses of wallets, which may
// be written as any of them. Digits alone, too few for an address, are a number
// that was mistyped, or another than the IMO's.
func checkSubject(v string) error {
	if digits(v) && len(v) < 10 {
		return must(domain.ValidIMO(v), "%q is no IMO ship number: seven digits, the last a check digit; ships are watched by it, or by the id of a designation", v)
	}
	return must(domain.ValidAddress(v), "%q is no subject: give the id of a designation or a registered subject, an IMO number, or a wallet's address, without spaces", v)
}

func checkType(value string) error {
	group, isGroup := strings.CutSuffix(value, "*")
	known := slices.ContainsFunc(domain.Types(), func(t string) bool {
		return t == value || isGroup && strings.HasSuffix(group, ".") && strings.HasPrefix(t, group)
	})
	return must(known, "%q is no event type: write it as designation.adopted, or a group as designation.*; ledger template lists the types", value)
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
