package projections

import (
	"slices"
	"strconv"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// registration returns what registered a subject, as it reads now; false where
// no registration of the id stands.
func (t at) registration(id string) (uint64, *domain.Subject, bool) {
	event, body := t.v.history.latest(t.v.subjects.Registered[id], t.n)
	b, ok := body.(domain.SubjectRegistered)
	return event, &b.Subject, ok
}

// described returns the subject that an id stands for, and the regime that
// designates it; nil for what is neither a designation nor a registered subject.
func (t at) described(id string) (s *domain.Subject, regime string) {
	if num, ok := t.v.lists.byID[id]; ok {
		if d, ok := t.designation(num); ok {
			return t.subject(d), t.regimeID(d)
		}
	}
	if _, s, ok := t.registration(id); ok {
		return s, ""
	}
	return nil, ""
}

// bearers lists the ids whose description, in one of the events, bears a
// number.
func (t at) bearers(number string, events []uint64) []string {
	var out []string
	for _, e := range t.known(events) {
		body := t.v.history.standing(e, t.n)
		id := entryOf(body)
		if id != "" && !slices.Contains(out, id) && bears(body, number) {
			out = append(out, id)
		}
	}
	return out
}

func bears(body domain.Body, number string) bool {
	return slices.ContainsFunc(subjectsIn(body), func(s *domain.Subject) bool { return slices.Contains(numbers(s), number) })
}

// sameIDs lists the ids that a standing link says are the same subject.
func (t at) sameIDs(id string) []string {
	num, ok := t.v.lists.byID[id]
	if !ok {
		return nil
	}
	var out []string
	for _, n := range t.sameAs(&t.v.lists.Rows[num]) {
		other := t.v.lists.Rows[n].ID
		if s, _ := t.described(other); s != nil {
			out = append(out, other)
		}
	}
	return out
}

// told lists the events known of which a subscription to one of the names
// tells, or that read so since they were corrected, ascending.
func (t at) told(names []string) []uint64 {
	var out []uint64
	for _, e := range t.mayTell(names) {
		if facets, _ := t.v.Facets(e); slices.ContainsFunc(facets, func(f Facet) bool {
			return f.Kind == FacetSubject && slices.Contains(names, f.Value)
		}) || t.namesAny(e, names) {
			out = append(out, e)
		}
	}
	return out
}

// namesAny reports whether an event that stands names one of them itself.
func (t at) namesAny(e uint64, names []string) (found bool) {
	body := t.v.history.standing(e, t.n)
	if body == nil {
		return false
	}
	tell(body, func(kind, value string) { found = found || kind == FacetSubject && slices.Contains(names, value) })
	return found
}

// mayTell lists all events that can be told of: those that name the subject by
// any name that it ever had, and those about them.
func (t at) mayTell(names []string) []uint64 {
	var out []uint64
	for _, name := range t.everCalled(names) {
		out = append(out, t.known(t.v.subjects.Naming[name])...)
	}
	for range aboutDepth {
		for _, e := range slices.Clone(out) {
			out = append(out, t.known(t.v.subjects.Citing[strconv.FormatUint(e, 10)])...)
		}
		slices.Sort(out)
		out = slices.Compact(out)
	}
	return out
}

// everCalled adds the names that were ever given to the same subject: by a
// link, or by a number that two descriptions bore.
func (t at) everCalled(names []string) []string {
	out := slices.Clone(names)
	for i := 0; i < len(out) && i < maxRelated; i++ {
		for _, e := range t.known(t.v.subjects.Naming[out[i]]) {
			for _, body := range t.saidBy(e) {
				for _, other := range callings(body, out[i]) {
					if !slices.Contains(out, other) {
						out = append(out, other)
					}
				}
			}
		}
	}
	return out
}

// callings lists the other names that an event gives to what bears one.
func callings(body domain.Body, name string) []string {
	if b, ok := body.(domain.SubjectLinked); ok {
		return []string{b.A, b.B}
	}
	id := entryOf(body)
	if id == "" {
		return nil
	}
	out := []string{id}
	for _, s := range subjectsIn(body) {
		out = append(out, numbers(s)...)
	}
	if slices.Contains(out, name) {
		return out
	}
	return nil
}
