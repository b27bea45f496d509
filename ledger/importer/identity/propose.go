package identity

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// Proposal says that an entry of one list is an entry of the other. It is a
// proposal: whoever links two subjects decides, and signs it.
type Proposal struct {
	A         string   `json:"a"` // references
	B         string   `json:"b"`
	Score     float64  `json:"score"`             // 0 to 1
	Basis     string   `json:"basis"`             // what it rests on: identifier or name
	For       []string `json:"for"`               // reasons, in words, the weightiest first
	Against   []string `json:"against,omitempty"` // and against
	Confirmed bool     `json:"confirmed"`         // nothing else could be meant
}

// The bases of a proposal.
const (
	ByIdentifier = "identifier"
	ByName       = "name"
)

// Options say what is proposed.
type Options struct {
	MinScore float64 // below which names propose nothing; 0 means DefaultMinScore
}

// DefaultMinScore is the score from which names propose a link.
const DefaultMinScore = 0.68

// Propose returns the links it finds between two lists, in the order of a and,
// for one entry, the best first. The package comment says what it proposes and
// what it never does. The references of each list must be unique within it.
func Propose(a, b []importer.Entry, o Options) []Proposal {
	if o.MinScore == 0 {
		o.MinScore = DefaultMinScore
	}
	m := &matcher{a: newIndex(prepare(a)), b: newIndex(prepare(b))}
	m.word = telling(m.a, m.b)
	m.b.spell(m.a.keys())
	m.pair()
	m.keep(min(o.MinScore, DefaultMinScore)) // a rival counts however high the threshold
	out := make([]Proposal, 0, len(m.links))
	for i := range m.links {
		if l := &m.links[i]; len(l.shared) > 0 || l.score >= o.MinScore-rounding {
			out = append(out, m.propose(l))
		}
	}
	return out
}

type matcher struct {
	a, b  *index
	word  func(string) float64
	links []link
	ofA   map[int][]int // links of an entry, by their place in links
	ofB   map[int][]int
}

// link is one possible link, by the places of its ends in their lists.
type link struct {
	a, b int
	evidence
}

// pair weighs each pair that the index of b finds, on as many processors as
// there are; the order of links does not depend on them.
func (m *matcher) pair() {
	of := make([][]link, len(m.a.subjects))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			space := newScratch(m.b)
			for i := int(next.Add(1)) - 1; i < len(of); i = int(next.Add(1)) - 1 {
				of[i] = m.linksOf(i, space)
			}
		})
	}
	wait.Wait()
	m.links = slices.Concat(of...)
}

// linksOf weighs the links of an entry of a.
func (m *matcher) linksOf(i int, space *scratch) []link {
	var out []link
	found := m.b.candidates(&m.a.subjects[i], space)
	for _, j := range slices.Sorted(maps.Keys(found)) {
		if l, ok := m.weigh(i, j, found[j]); ok {
			out = append(out, l)
		}
	}
	return out
}

// weigh returns false for a pair that is not to be proposed, whatever the
// threshold.
func (m *matcher) weigh(i, j int, name agreed) (link, bool) {
	a, b := &m.a.subjects[i], &m.b.subjects[j]
	if !kindsFit(a.entry.Kind, b.entry.Kind) || contradicts(a.numbers, b.numbers) {
		return link{}, false
	}
	on := sharedNumbers(a.numbers, b.numbers)
	if len(on) == 0 && a.entry.Kind != b.entry.Kind || !domain.MayBeOne(a.entry.Subject, b.entry.Subject) {
		return link{}, false
	}
	l := link{a: i, b: j, evidence: weigh(a, b, name, m.word)}
	if l.shared = on; len(on) > 0 {
		l.byNumber()
		return l, true
	}
	return l, !l.forbids && l.score > 0 && (l.second || m.rare(&l))
}

// kindsFit reports whether two kinds can be of one subject: entity is also
// what lists call a thing that they have no kind for.
func kindsFit(a, b string) bool {
	return a == b || a == "entity" && (b == "vessel" || b == "aircraft") || b == "entity" && (a == "vessel" || a == "aircraft")
}

// How much the words of a name must tell to be proposed without a second
// reason, in words that only the two entries say, and how long they must be: a
// short list does not know which names are common.
const (
	rarePerson  = 1.6
	rareCompany = 0.95
	shortName   = 8 // letters
)

// rare reports whether a name can hardly be borne by two.
func (m *matcher) rare(l *link) bool {
	if m.a.subjects[l.a].entry.Kind != "person" {
		return l.telling >= rareCompany
	}
	return l.telling >= rarePerson && !l.nameWeak && utf8.RuneCountInString(l.name.A) > shortName && utf8.RuneCountInString(l.name.B) > shortName
}

// What the score of a number loses by names that are unlike, and by each
// reason against; it never falls below the least.
const (
	minusUnlike  = 0.10
	minusAgainst = 0.05
	leastNumber  = 0.30
)

// byNumber scores a link by the strongest number on both.
func (e *evidence) byNumber() {
	e.score = e.shared[0].score()
	switch {
	case e.name.Score >= unlike:
	case slices.ContainsFunc(e.shared, func(n both) bool { return n.a.scheme == "imo" }):
		e.forth = append(e.forth, "the number stays with a ship whatever its name")
	default:
		e.minus(minusUnlike, e.unlike())
	}
	e.score = max(leastNumber, e.score-minusAgainst*float64(len(e.against)))
}

func (e *evidence) unlike() string {
	if e.name.Score == 0 {
		return "names have no word in common"
	}
	return e.name.String()
}

// unlike is the score of names below which they are those of two subjects.
const unlike = 0.5

// behind is how far a link by name may be behind a better one of the same
// entry to be shown beside it.
const behind = 0.10

// rounding is what sums of scores may be off by.
const rounding = 1e-9

// keep drops links by name below the threshold, and those that a better link
// of one of their ends leaves behind.
func (m *matcher) keep(least float64) {
	bestA, bestB := make(map[int]float64), make(map[int]float64)
	for _, l := range m.links {
		bestA[l.a], bestB[l.b] = max(bestA[l.a], l.score), max(bestB[l.b], l.score)
	}
	m.links = slices.DeleteFunc(m.links, func(l link) bool {
		return len(l.shared) == 0 && (l.score < least-rounding || l.score < bestA[l.a]-behind || l.score < bestB[l.b]-behind)
	})
	slices.SortStableFunc(m.links, func(x, y link) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(y.score, x.score)) })
	m.ofA, m.ofB = make(map[int][]int), make(map[int][]int)
	for i, l := range m.links {
		m.ofA[l.a], m.ofB[l.b] = append(m.ofA[l.a], i), append(m.ofB[l.b], i)
	}
}

// propose words a link.
func (m *matcher) propose(l *link) Proposal {
	p := Proposal{
		A: m.a.subjects[l.a].entry.Ref, B: m.b.subjects[l.b].entry.Ref,
		Score: math.Round(l.score*1000) / 1000, Basis: ByName,
	}
	if len(l.shared) > 0 {
		p.Basis = ByIdentifier
	}
	for _, n := range l.shared {
		p.For = append(p.For, n.String())
	}
	if l.name.Score >= unlike {
		p.For = append(p.For, l.name.String())
	}
	p.For = append(p.For, l.forth...)
	if l.name.Lookalike {
		l.against = append(l.against, "a name mixes letters that look alike in two scripts, or is written in the other")
	}
	p.Against = append(l.against, m.rivals(l)...)
	p.Confirmed = len(p.Against) == 0 && (l.confirmedByNumber() || m.confirmedByName(l))
	return p
}

// mostRivals is the number of rivals that are named.
const mostRivals = 4

// rivals words what else could be meant: links of the same ends that are not
// far behind. A number that two entries of a list bear makes two such links.
func (m *matcher) rivals(l *link) []string {
	var out []string
	for _, i := range m.ofA[l.a] {
		if r := &m.links[i]; r.b != l.b && r.score >= l.score-behind {
			out = append(out, fmt.Sprintf("%s of the second list may be meant too (%.2f)", m.b.subjects[r.b].entry.Ref, r.score))
		}
	}
	for _, i := range m.ofB[l.b] {
		if r := &m.links[i]; r.a != l.a && r.score >= l.score-behind {
			out = append(out, fmt.Sprintf("%s of the first list may be meant too (%.2f)", m.a.subjects[r.a].entry.Ref, r.score))
		}
	}
	if more := len(out) - mostRivals; more > 0 {
		out = append(out[:mostRivals], fmt.Sprintf("so may %d others", more))
	}
	return out
}

// confirmedByNumber reports whether a number carries the link alone: one whose
// issuer is known on both, on subjects whose names do not speak against it.
func (e *evidence) confirmedByNumber() bool {
	return slices.ContainsFunc(e.shared, func(n both) bool { return schemes[n.a.scheme].alone && n.issued() })
}

// surely is the score of names that agree beyond doubt.
const surely = 0.97

// confirmedByName reports whether name and day of birth carry the link.
func (m *matcher) confirmedByName(l *link) bool {
	return l.births == sameDay && l.name.Score >= surely && !l.nameWeak && !l.name.Romanised &&
		(m.rare(l) || len(l.forth) > 1)
}
