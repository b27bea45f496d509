package ftm

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Counts are how many entities were written, by schema.
type Counts map[string]int

// Write writes the basis, then every entity: a subject after the addresses it
// names, its sanctions, documents and wallets behind it, edges last. What it
// keeps in memory are the subjects of designations that are one entity until
// the last of them is read.
func Write(w io.Writer, s *exporter.Source) (Counts, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	k := &writer{
		out: out, source: s, clusters: cluster(s), counts: Counts{}, open: map[string][]projections.Listed{}, addresses: map[string]bool{},
		dataset: "coalition_ledger_" + s.Genesis.String()[:16],
	}
	k.put(k.basis())
	for d := range s.Designations() {
		k.take(d)
	}
	for l := range s.Links() {
		k.link(l)
	}
	if k.err == nil {
		k.err = out.Flush()
	}
	if k.err != nil {
		return nil, fmt.Errorf("write FollowTheMoney entities: %w", k.err)
	}
	return k.counts, nil
}

type writer struct {
	out       *bufio.Writer
	source    *exporter.Source
	clusters  *clusters
	counts    Counts
	dataset   string
	open      map[string][]projections.Listed // by canonical id: of entities that are not whole yet
	addresses map[string]bool
	err       error
}

// part is an entity with what belongs to it.
type part struct {
	thing *entity
	own   []*entity
}

func (k *writer) put(e *entity) {
	if k.err != nil {
		return
	}
	e.Datasets = []string{k.dataset}
	line, err := json.Marshal(e, json.Deterministic(true))
	if err == nil {
		_, err = k.out.Write(append(line, '\n'))
	}
	k.err = err
	k.counts[e.Schema]++
}

func (k *writer) basis() *entity {
	s := k.source
	e := newEntity("cl-basis-"+s.Genesis.String()[:16], "Note")
	e.add("name", "What this file rests on: "+s.Ledger)
	e.add("description", fmt.Sprintf("FollowTheMoney %s. Ledger %s (%s), genesis %s. Events 0 to %d, the last recorded at %s, under the signed checkpoint of %d events with root %s. An export proves nothing by itself: recordId is index:leaf of the event behind an entry.",
		Model, s.Ledger, s.Origin, s.Genesis.String(), s.Index, stamp(s.RecordedAt), s.Size, s.Root))
	e.add("notes", s.States().Part())
	return e
}

// take keeps a designation until all of its entity are read, and writes that.
func (k *writer) take(d projections.Listed) {
	at := k.clusters.canonical(d.ID)
	list := append(k.open[at], d)
	if len(list) < k.clusters.size[at] {
		k.open[at] = list
		return
	}
	delete(k.open, at)
	k.whole(at, list)
}

// whole writes an entity. What was recorded first names it.
func (k *writer) whole(canonical string, list []projections.Listed) {
	slices.SortFunc(list, func(a, b projections.Listed) int { return cmp.Compare(a.At.Index, b.At.Index) })
	p := &part{thing: newEntity(idOf(canonical), k.schema(canonical, list))}
	for _, id := range k.clusters.others[canonical] {
		p.thing.Referents = append(p.thing.Referents, idOf(id))
	}
	p.thing.add("topics", k.clusters.topics(canonical)...)
	for _, d := range list {
		k.describe(p, d)
		k.sanctions(p, d)
	}
	k.put(p.thing)
	slices.SortStableFunc(p.own, func(a, b *entity) int { return cmp.Compare(a.ID, b.ID) })
	for i, e := range p.own {
		if i == 0 || p.own[i-1].ID != e.ID { // one passport on two lists is one
			k.put(e)
		}
	}
}
