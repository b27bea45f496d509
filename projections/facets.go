package projections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

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
// refers to. One that cannot be written says nothing: views are total.
func (b *facets) body(body domain.Body, why string) []uint64 {
	for _, c := range statesOf(body) {
		b.add(FacetMember, string(c), why)
	}
	if r, ok := body.(domain.RegimeAdopted); ok {
		b.add(FacetRegime, r.ID, why)
	}
	var members any
	text, err := json.Marshal(body)
	if err != nil || json.Unmarshal(text, &members) != nil {
		return nil
	}
	return b.walk("", members, why)
}

// walk adds what members of a body say and returns the indexes of the events
// that it refers to. The names of members mean the same in all types.
func (b *facets) walk(name string, value any, why string) (refs []uint64) {
	switch v := value.(type) {
	case map[string]any:
		if i, ok := v["index"].(float64); ok && v["leaf"] != nil {
			return []uint64{uint64(i)}
		}
		b.object(name, v, why)
		for _, key := range sortedKeys(v) {
			refs = append(refs, b.walk(key, v[key], why)...)
		}
	case []any:
		for _, item := range v {
			refs = append(refs, b.walk(name, item, why)...)
		}
	case string:
		if kind := facetOf(name, v); kind != "" {
			b.add(kind, v, why)
		}
	}
	return refs
}

func sortedKeys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// object adds what several members say together.
func (b *facets) object(name string, v map[string]any, why string) {
	text := func(key string) string { s, _ := v[key].(string); return s }
	switch {
	case text("scheme") == "imo", text("scheme") == "wallet":
		b.add(FacetSubject, text("value"), why)
	case text("chain") != "" && text("address") != "":
		b.add(FacetSubject, text("address"), why)
	case name == "flags":
		b.add(FacetFlag, text("code"), why)
	case name == "port", name == "place":
		b.add(FacetPort, text("city"), why)
		b.add(FacetPort, text("text"), why)
	}
}

// facetOf says what a text under a name is, "" for what cannot be watched.
func facetOf(name, value string) string {
	switch name {
	case "designation", "designations", "subject", "imo", "a", "b":
		return FacetSubject
	case "id", "basis": // of a registered subject; a designation, where it is no word for how sure a link is
		if strings.Contains(value, ":") {
			return FacetSubject
		}
	case "flag", "flag_claimed":
		return FacetFlag
	case "port":
		return FacetPort
	case "measure", "measures":
		return FacetMeasure
	case "case":
		return FacetCase
	case "regime", "regimes":
		return FacetRegime
	}
	return ""
}

// related adds what is known of the subjects named.
func (b *facets) related() {
	for i := 0; i < len(b.list) && i < 256; i++ {
		if f := b.list[i]; f.Kind == FacetSubject {
			b.relatedTo(f)
		}
	}
}

func (b *facets) relatedTo(f Facet) {
	for _, e := range b.known(b.v.subjects.Bearing[f.Value]) {
		body := b.v.history.standing(e, b.n)
		if id := designationOf(body); id != "" && slices.Contains(imosIn(body), f.Value) {
			b.add(FacetSubject, id, "designates IMO "+f.Value)
		}
	}
	num, ok := b.v.lists.byID[f.Value]
	if !ok {
		return
	}
	d, ok := b.designation(num)
	if !ok {
		return
	}
	b.add(FacetRegime, b.regimeID(d), "of "+f.Value)
	if s := b.subject(d); s != nil {
		for _, id := range s.Identifiers {
			if id.Scheme == "imo" || id.Scheme == "wallet" {
				b.add(FacetSubject, id.Value, "borne by "+f.Value)
			}
		}
	}
	for _, other := range b.sameAs(d.row) {
		if o, ok := b.designation(other); ok {
			b.add(FacetSubject, o.ID, "the same subject as "+f.Value)
		}
	}
}
