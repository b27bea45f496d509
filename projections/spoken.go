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

// CaseBeginning is from when on a case is known.
type CaseBeginning struct {
	Index uint64      // where an event names it first
	On    domain.Date // the first day by which anything of it had surely happened; "" where none says
	Gone  bool        // corrections took every event out of it: Index is of the first before them
}

// CaseBegins returns from when on a case is known; false where no event names
// it or ever did.
func (v *Views) CaseBegins(id string) (CaseBeginning, bool) {
	var out CaseBeginning
	named := v.timeline.Cases[id]
	kept := false
	for _, e := range named {
		body := v.history.bodyAt(e, v.Size())
		if caseOf(body) != id {
			continue
		}
		if !kept {
			out.Index, kept = v.history.namesCaseFrom(e, id), true
		}
		if st, ok := body.(domain.Statement); ok {
			if on := st.Base().OccurredOn.Latest(); on != "" && (out.On == "" || on < out.On) {
				out.On = on
			}
		}
	}
	if !kept && len(named) > 0 {
		out.Index, out.Gone = v.history.namesCaseFrom(named[0], id), true
	}
	return out, len(named) > 0
}

// namesCaseFrom is the index from which event e names a case: its own, or that
// of the correction that put it there.
func (h *history) namesCaseFrom(e uint64, id string) uint64 {
	if caseOf(h.rows[e].body) == id {
		return e
	}
	for _, v := range h.rows[e].versions {
		if caseOf(v.body) == id {
			return v.from
		}
	}
	return e
}

// NamesSubject reports whether any event names a subject, by an id or a number.
func (v *Views) NamesSubject(id string) bool {
	return len(v.subjects.Naming[id])+len(v.subjects.Naming[numberOf(id)]) > 0
}
