package ftm

import (
	"cmp"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// clusters joins designations that a recorded decision calls one subject.
type clusters struct {
	parent map[string]string
	size   map[string]int      // exported designations, by canonical id
	others map[string][]string // of canonical ids that stand for several: all the others
	listed map[string]bool     // canonical ids with a designation that is listed, and real
	linked map[string]bool     // canonical ids that a link joins to a listed one
	owned  map[string]bool     // canonical ids that a link says somebody owns
}

func cluster(s *exporter.Source) *clusters {
	c := &clusters{
		parent: map[string]string{}, size: map[string]int{}, others: map[string][]string{},
		listed: map[string]bool{}, linked: map[string]bool{}, owned: map[string]bool{},
	}
	for _, l := range s.AllLinks() {
		if merges(s, l) {
			c.join(s, l.A, l.B)
		}
	}
	for i := range s.Infos() {
		at := c.canonical(i.ID)
		if at != i.ID {
			c.others[at] = append(c.others[at], i.ID)
		}
		if i.Exported {
			c.size[at]++
		}
		if i.Exported && i.Status == projections.StatusListed && !i.Invented {
			c.listed[at] = true
		}
	}
	for _, list := range c.others {
		slices.Sort(list)
	}
	for l := range s.Links() {
		c.mark(l)
	}
	return c
}

func (c *clusters) mark(l projections.Linked) {
	a, b := c.canonical(l.A), c.canonical(l.B)
	c.owned[b] = c.owned[b] || l.Relation == "owns"
	if a == b || l.Marks.Illustrative {
		return
	}
	c.linked[a] = c.linked[a] || c.listed[b]
	c.linked[b] = c.linked[b] || c.listed[a]
}

// merges reports whether a link makes two designations one entity. A decision
// that is contested does not, nor one between a ship and a person.
func merges(s *exporter.Source, l projections.Linked) bool {
	a, okA := s.Info(l.A)
	b, okB := s.Info(l.B)
	m := l.Marks
	return l.Relation == "same_as" && okA && okB && a.Kind == b.Kind && !m.Disputed && !m.Contested && !m.Repudiated
}

// canonical returns the designation whose id an entity has.
func (c *clusters) canonical(id string) string {
	for {
		p, ok := c.parent[id]
		if !ok {
			return id
		}
		id = p
	}
}

// join lets the designation that was recorded first stand for both.
func (c *clusters) join(s *exporter.Source, a, b string) {
	a, b = c.canonical(a), c.canonical(b)
	if a == b {
		return
	}
	first, _ := s.Info(a)
	second, _ := s.Info(b)
	if cmp.Or(cmp.Compare(first.Event, second.Event), cmp.Compare(a, b)) > 0 {
		a, b = b, a
	}
	c.parent[b] = a
}

// topics of an entity.
func (c *clusters) topics(canonical string) []string {
	switch {
	case c.listed[canonical]:
		return []string{"sanction"}
	case c.linked[canonical]:
		return []string{"sanction.linked"}
	}
	return nil
}
