package identity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/names"
)

// evidence is what speaks for one link and against it.
type evidence struct {
	shared   []both // numbers
	name     names.Agreement
	nameWeak bool    // by an alias of low quality or a name of one word
	telling  float64 // how much the words that agree say
	score    float64
	births   birthMatch
	forth    []string // reasons for, beside numbers and names
	against  []string
	second   bool // a reason beside the name
	forbids  bool // unless the two share a number
}

// What the score of a name counts, and what is added to it or taken away.
const (
	nameCounts       = 0.72 // of a person
	entityNameCounts = 0.82 // of all others, which have no birth date to add
	plusDay          = 0.25
	plusBirth        = 0.12
	plusCity         = 0.07
	plusState        = 0.03
	plusNation       = 0.05
	plusRole         = 0.05
	plusListed       = 0.06
	plusOriginal     = 0.06
	minusNear        = 0.04
	minusBirth       = 0.15
	minusNation      = 0.08
	minusNumber      = 0.08
	most             = 0.99
)

// weigh gathers the evidence on two entries whose names agree so far; word
// says how much a word tells.
func weigh(a, b *subject, name agreed, word func(string) float64) evidence {
	var e evidence
	e.name = name.Agreement
	e.nameWeak = name.counts < name.Score*aliasCounts*aliasCounts
	e.score = nameCounts
	if a.entry.Kind != "person" {
		e.score = entityNameCounts
	}
	e.score *= name.counts * e.words(a, b, word)
	e.origin(a, b)
	e.birth(a, b)
	e.gender(a, b)
	e.place(a, b)
	e.nation(a, b)
	e.role(a, b)
	e.listed(a, b)
	if x, y, ok := differ(a.numbers, b.numbers); ok {
		e.minus(minusNumber, fmt.Sprintf("%ss of %s differ: %s and %s", schemes[x.scheme].word, domain.CountryName(x.country), x.value, y.value))
	}
	e.kind(a, b)
	e.score = min(most, max(0, e.score))
	return e
}

// words returns a factor below 1 when the words that differ say more than
// those that agree: CHANGSHIN TRADING and TAESONG TRADING share a word only.
func (e *evidence) words(a, b *subject, word func(string) float64) float64 {
	if e.name.Ideal || e.name.Score == 0 {
		e.telling = 1
		return 1
	}
	x, y := a.names[e.name.I].Words(), b.names[e.name.J].Words()
	share, agreed := names.Shared(x, y, word)
	e.telling = agreed
	if e.name.Score >= alike { // the words are the same, if divided otherwise
		e.telling = max(agreed, sum(x, word), sum(y, word))
		return 1
	}
	return 0.6 + 0.4*share
}

func sum(words []string, weight func(string) float64) (total float64) {
	for _, w := range words {
		total += weight(w)
	}
	return total
}

// alike is the score of names from which their words are the same but for
// spelling.
const alike = 0.94

func (e *evidence) plus(by float64, reason string) {
	e.score += by
	e.second = true
	e.forth = append(e.forth, reason)
}

func (e *evidence) minus(by float64, reason string) {
	e.score -= by
	e.against = append(e.against, reason)
}

func (e *evidence) origin(a, b *subject) {
	if e.name.Score == 0 || !latin(&a.names[e.name.I]) && !latin(&b.names[e.name.J]) {
		return
	}
	if o, _ := names.Best(a.names, b.names, originals(a, b)); o.Score >= alike {
		e.plus(plusOriginal, "names agree in their original script too: "+o.A)
	}
}

func (e *evidence) birth(a, b *subject) {
	match, words := births(a.births, b.births)
	e.births = match
	switch match {
	case sameDay:
		e.plus(plusDay, words)
	case fits, allBut:
		e.plus(plusBirth, words)
	case near:
		e.minus(minusNear, words)
	case differs:
		e.minus(minusBirth, words)
	case elsewhere:
		e.minus(minusBirth, words)
		e.forbids = true
	}
}

func (e *evidence) gender(a, b *subject) {
	x, y := a.entry.Subject.Gender, b.entry.Subject.Gender
	if x != "" && y != "" && x != y {
		e.minus(minusBirth, fmt.Sprintf("genders differ: %s and %s", x, y))
		e.forbids = true
	}
}

func (e *evidence) kind(a, b *subject) {
	if a.entry.Kind != b.entry.Kind {
		e.minus(minusBirth, fmt.Sprintf("kinds differ: %s and %s", a.entry.Kind, b.entry.Kind))
		e.forbids = true
	}
}

func (e *evidence) place(a, b *subject) {
	where := "address in"
	if a.entry.Kind == "person" {
		where = "born in"
	}
	for _, x := range a.cities {
		for _, y := range b.cities {
			if names.Compare(x, y).Score >= sameCity {
				e.plus(plusCity, where+" "+x.Text+" on both")
				return
			}
		}
	}
	if both := shared(a.states, b.states); len(both) > 0 {
		e.plus(plusState, where+" "+both+" on both")
	}
}

// sameCity is the score from which two spellings are of one city.
const sameCity = 0.92

// nation compares nationalities, or flags; ships change those, so that flags
// which differ say nothing.
func (e *evidence) nation(a, b *subject) {
	word := "nationality"
	if a.entry.Kind != "person" {
		word = "flag"
	}
	switch both := shared(a.nations, b.nations); {
	case both != "":
		e.plus(plusNation, word+" "+both+" on both")
	case a.entry.Kind == "person" && len(a.nations) > 0 && len(b.nations) > 0:
		e.minus(minusNation, fmt.Sprintf("nationalities differ: %s and %s", listing(a.nations), listing(b.nations)))
	}
}

func shared(a, b map[domain.Country]bool) string {
	both := make(map[domain.Country]bool)
	for c := range a {
		if b[c] {
			both[c] = true
		}
	}
	return listing(both)
}

func listing(set map[domain.Country]bool) string {
	var out []string
	for _, c := range slices.Sorted(maps.Keys(set)) {
		name := domain.CountryName(c)
		if name == "" {
			name = string(c)
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

func (e *evidence) role(a, b *subject) {
	long := func(w string) float64 { return float64(max(0, len(w)-3)) } // of, the, and say nothing
	for _, x := range a.roles {
		for _, y := range b.roles {
			if share, agreed := names.Shared(x.Words(), y.Words(), long); share >= sameRole && agreed >= tellingRole {
				e.plus(plusRole, fmt.Sprintf("roles agree: %q and %q", x.Text, y.Text))
				return
			}
		}
	}
}

const (
	sameRole    = 0.6 // share of letters of two roles in words that agree
	tellingRole = 8   // letters of those words: "Director" alone is no reason
)

// noticeDays is the number of days after a listing in which others follow it.
const noticeDays = 120

func (e *evidence) listed(a, b *subject) {
	x, y := a.entry.ListedOn, b.entry.ListedOn
	if x.Precision() != "day" || y.Precision() != "day" {
		return
	}
	switch days := domain.DaysBetween(x, y); {
	case days == 0:
		e.plus(plusListed, "listed on "+string(x)+" on both")
	case max(days, -days) <= noticeDays:
		e.plus(plusListed, fmt.Sprintf("listed %d days apart: %s and %s", max(days, -days), x, y))
	}
}
