package projections

import (
	"maps"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// What a filter can name: whoever asks for something else asks for nothing, and
// is told so instead of being shown an empty page.

// States lists the states of which lists and what gives them effect can tell:
// members past and present, authorities and addressees of regimes, and those
// whose implementation is recorded.
func (v *Views) States() []domain.Country {
	out := map[domain.Country]bool{}
	for _, e := range v.lists.Members {
		switch b := v.history.rows[e].body.(type) {
		case domain.CoalitionFounded:
			for _, m := range b.Members {
				out[m.Code] = true
			}
		case domain.MemberAdmitted:
			out[b.Member.Code] = true
		}
	}
	for _, events := range v.lists.Regimes {
		for _, e := range events {
			b, _ := v.history.rows[e].body.(domain.RegimeAdopted)
			out[b.Authority] = true
			for _, c := range b.Addressees {
				out[c] = true
			}
		}
	}
	for c := range v.lists.Declared {
		out[c] = true
	}
	for _, c := range v.lists.StateIDs {
		out[c] = true
	}
	return slices.Sorted(maps.Keys(out))
}

// NamesState reports whether any event is by a state, for it or of it.
func (v *Views) NamesState(c domain.Country) bool {
	return len(v.timeline.States[c])+len(v.abroad.Asserted[c]) > 0
}

// NamesCase reports whether any event names a case.
func (v *Views) NamesCase(id string) bool { return len(v.timeline.Cases[id]) > 0 }

// CaseBegins returns the index of the first event that names a case, and the
// first day on which anything of it is said to have happened; false where none
// names it.
func (v *Views) CaseBegins(id string) (index uint64, on domain.Date, ok bool) {
	for i, e := range v.timeline.Cases[id] {
		if i == 0 {
			index, ok = e, true
		}
		st, isStatement := v.history.bodyAt(e, v.Size()).(domain.Statement)
		if isStatement && st.Base().OccurredOn != "" && (on == "" || st.Base().OccurredOn < on) {
			on = st.Base().OccurredOn
		}
	}
	return index, on, ok
}

// NamesSubject reports whether any event names a subject, by an id or a number.
func (v *Views) NamesSubject(id string) bool {
	return len(v.subjects.Naming[id])+len(v.subjects.Naming[numberOf(id)]) > 0
}
