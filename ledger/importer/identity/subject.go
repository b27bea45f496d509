package identity

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/names"
)

// subject is an entry made comparable.
type subject struct {
	entry   importer.Entry
	numbers []number
	names   []names.Name
	counts  []float64 // what the agreement of each name counts
	latin   bool      // one of the names at least is in Latin letters
	births  []birth
	cities  []names.Name
	states  map[domain.Country]bool // of birth, for a person, and of addresses for others
	nations map[domain.Country]bool // nationalities, or flags
	roles   []names.Name
}

func prepare(entries []importer.Entry) []subject {
	out := make([]subject, len(entries))
	for i, e := range entries {
		out[i] = newSubject(e)
	}
	return out
}

func newSubject(e importer.Entry) subject {
	s := subject{entry: e, states: make(map[domain.Country]bool), nations: make(map[domain.Country]bool)}
	for _, id := range e.Subject.Identifiers {
		for _, n := range read(e.Kind, id) {
			if !slices.Contains(s.numbers, n) {
				s.numbers = append(s.numbers, n)
			}
		}
	}
	for _, n := range e.Subject.Names {
		s.name(n)
	}
	for _, b := range e.Subject.BirthDates {
		if b, ok := readBirth(b); ok {
			s.births = append(s.births, b)
		}
	}
	s.places()
	for _, t := range append(e.Subject.Nationalities, e.Subject.Flags...) {
		if t.Code != "" {
			s.nations[t.Code] = true
		}
	}
	for _, t := range append(e.Subject.Roles, e.Subject.Titles...) {
		s.roles = append(s.roles, names.Parse(t.Text))
	}
	return s
}

func (s *subject) name(n domain.Name) {
	p, counts := names.Parse(n.Text), 1.0
	if p.Empty() {
		return
	}
	if n.Kind != "primary" {
		counts = aliasCounts
	}
	if n.Quality == "low" || n.Kind == "alias" {
		counts = weakAliasCounts
	}
	if s.entry.Kind == "person" && len(p.Words()) == 1 {
		counts = min(counts, oneWordCounts)
	}
	s.names, s.counts = append(s.names, p), append(s.counts, counts)
	s.latin = s.latin || latin(&p)
}

// latin reports whether a name is to be read as one in Latin letters: also one
// that slips letters of another script in.
func latin(n *names.Name) bool { return n.Latin() || n.Mixed }

// What the agreement of a name counts that is not a primary one.
const (
	aliasCounts     = 0.99
	weakAliasCounts = 0.92
	oneWordCounts   = 0.80 // a person's name of one word
)

func (s *subject) places() {
	of := s.entry.Subject.Addresses
	if s.entry.Kind == "person" {
		of = s.entry.Subject.BirthPlaces
	}
	for _, p := range of {
		text := p.City
		if text == "" {
			text, _, _ = strings.Cut(p.Text, ",")
		}
		if n := names.Parse(text); !n.Empty() {
			s.cities = append(s.cities, n)
		}
		if p.Country != "" {
			s.states[p.Country] = true
		}
	}
}

// pairs says what the i-th name of a counts with the j-th of b. A name in
// another script is compared with a Latin one only where a subject has no
// Latin name of its own: what it writes itself is better than any table.
func pairs(a, b *subject) func(i, j int) float64 {
	across := !a.latin || !b.latin
	return func(i, j int) float64 {
		if !across && latin(&a.names[i]) != latin(&b.names[j]) {
			return 0
		}
		return a.counts[i] * b.counts[j]
	}
}

// originals has only names in scripts other than Latin count.
func originals(a, b *subject) func(i, j int) float64 {
	return func(i, j int) float64 {
		if latin(&a.names[i]) || latin(&b.names[j]) {
			return 0
		}
		return 1
	}
}

// agreed is how far the names of two subjects agree, and what that counts.
type agreed struct {
	names.Agreement
	counts float64
}

func best(a, b *subject) agreed {
	g, counts := names.Best(a.names, b.names, pairs(a, b))
	return agreed{g, counts}
}
