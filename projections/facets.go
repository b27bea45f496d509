package projections

import (
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Kinds of facets: what an event can be watched by.
const (
	FacetSubject = "subject" // designation id, id of a registered subject, IMO number, address of a wallet
	FacetFlag    = "flag"    // code of a flag state, or unknown, false, stateless
	FacetPort    = "port"    // city, or a place in words
	FacetMeasure = "measure"
	FacetMember  = "member" // that issued it, or is asked, told of or spoken of in it
	FacetCase    = "case"
	FacetRegime  = "regime"
	FacetType    = "type"
)

// Facet is one thing that an event is about, and why.
type Facet struct {
	Kind  string
	Value string
	Why   string // in words
}

// Facets lists what an event is about, by what was known when it was
// recorded: what it says itself, what the events say that it is about, and of
// the designations that it names their regime, the numbers of their subjects
// and the designations that are the same subject. False if it is not known, or
// was voided.
func (v *Views) Facets(index uint64) ([]Facet, bool) {
	t := v.at(Query{AsOf: &index})
	if index >= v.Size() || v.history.rows[index].kind == "" {
		return nil, false
	}
	rec := &v.history.rows[index]
	b := facets{at: t, seen: map[Facet]bool{}, visited: map[uint64]bool{}}
	b.add(FacetType, rec.kind, "its type")
	b.take(index, "", 0)
	b.related()
	return b.list, true
}

// facets collects them, each kind and value once, for the first reason.
type facets struct {
	at
	list    []Facet
	seen    map[Facet]bool
	visited map[uint64]bool
}

// aboutDepth is how far references are followed: an answer to a dispute of an
// event is about that event.
const aboutDepth = 2

// maxRelated bounds how many names of one event's subjects are followed.
const maxRelated = 256

func (b *facets) add(kind, value, why string) {
	if key := (Facet{Kind: kind, Value: value}); value != "" && !b.seen[key] {
		b.seen[key] = true
		b.list = append(b.list, Facet{kind, value, why})
	}
}

// take adds what an event says, and ever said, then what those say that it
// refers to.
func (b *facets) take(event uint64, about string, depth int) {
	if event >= b.n || b.visited[event] || len(b.visited) > 64 {
		return
	}
	b.visited[event] = true
	rec := &b.v.history.rows[event]
	b.add(FacetMember, string(rec.issuer.Member()), "issued"+about)
	refs := b.body(rec.body, "named"+about)
	for _, v := range rec.versions {
		if v.from < b.n {
			refs = append(refs, b.body(v.body, "named"+about)...)
		}
	}
	for _, r := range refs {
		if depth < aboutDepth && r < event {
			b.take(r, fmt.Sprintf(" in event %d, which this one is about", r), depth+1)
		}
	}
}

// body adds what a body says and returns the indexes of the events that it
// refers to.
func (b *facets) body(body domain.Body, why string) []uint64 {
	for _, c := range statesOf(body) {
		b.add(FacetMember, string(c), why)
	}
	if r, ok := body.(domain.RegimeAdopted); ok {
		b.add(FacetRegime, r.ID, why)
	}
	return tell(body, func(kind, value string) { b.add(kind, value, why) })
}

// related adds what is known of the subjects named.
func (b *facets) related() {
	for i := 0; i < len(b.list) && i < maxRelated; i++ {
		if f := b.list[i]; f.Kind == FacetSubject {
			b.relatedTo(f)
		}
	}
}

func (b *facets) relatedTo(f Facet) {
	for _, id := range b.bearers(f.Value, b.v.subjects.Bearing[f.Value]) {
		b.add(FacetSubject, id, "bears IMO "+f.Value)
	}
	s, regime := b.described(f.Value)
	b.add(FacetRegime, regime, "of "+f.Value)
	if s == nil {
		return
	}
	for _, number := range numbers(s) {
		b.add(FacetSubject, number, "borne by "+f.Value)
	}
	for _, id := range b.sameIDs(f.Value) {
		b.add(FacetSubject, id, "the same subject as "+f.Value)
	}
}
