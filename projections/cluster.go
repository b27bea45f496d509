package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// numberOf takes a ship's number out of "IMO 9159787"; other names stay.
func numberOf(id string) string {
	if rest, ok := strings.CutPrefix(strings.ToUpper(id), "IMO"); ok {
		return strings.TrimSpace(rest)
	}
	return id
}

// roots finds the designations and registered subjects that an id, an IMO
// number or a wallet names.
func (t at) roots(id, number string) []string {
	if s, _ := t.described(id); s != nil {
		return []string{id}
	}
	var out []string
	for _, one := range t.bearers(number, t.v.subjects.Naming[number]) {
		if s, _ := t.described(one); s != nil {
			out = append(out, one)
		}
	}
	return out
}

// cluster is a subject under all its ids.
type cluster struct {
	ids          []string // of both, sorted
	designated   []designated
	registered   []string
	descriptions []*domain.Subject // beside ids
}

// cluster adds all that same_as links join, in the order of ids.
func (t at) cluster(ids []string) cluster {
	var out cluster
	for todo := slices.Clone(ids); len(todo) > 0; todo = todo[1:] {
		if !slices.Contains(out.ids, todo[0]) {
			out.ids = append(out.ids, todo[0])
			todo = append(todo, t.sameIDs(todo[0])...)
		}
	}
	slices.Sort(out.ids)
	for _, id := range out.ids {
		s, _ := t.described(id)
		out.descriptions = append(out.descriptions, s)
		if num, ok := t.v.lists.byID[id]; ok {
			if d, ok := t.designation(num); ok {
				out.designated = append(out.designated, d)
				continue
			}
		}
		out.registered = append(out.registered, id)
	}
	return out
}

// names lists by what a subscription would watch the subject.
func (c cluster) names(id, number string) []string {
	out := append([]string{id, number}, c.ids...)
	for _, s := range c.descriptions {
		out = append(out, numbers(s)...)
	}
	return out
}

// called lists by what a subscription would watch the subject that an id names.
func (t at) called(id string) []string {
	number := numberOf(id)
	return t.cluster(t.roots(id, number)).names(id, number)
}
