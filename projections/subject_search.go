package projections

import (
	"maps"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// SubjectQuery finds subjects by text: part of a name, an identifier or a
// reference; case, accents, width and the spaces of a name do not matter.
type SubjectQuery struct {
	Query
	Page
	Text string
}

// SubjectPage is one page of the ids that a text finds, in their order.
type SubjectPage struct {
	Scope
	Subjects []SubjectRow `json:"subjects"`
	Total    int          `json:"total"` // of all pages
	Next     string       `json:"next,omitempty"`
}

// SubjectRow is the id of a designation or of a registered subject.
type SubjectRow struct {
	ID         string         `json:"id"`
	Registered bool           `json:"registered"` // by an agency: no list names it so
	Kind       string         `json:"kind"`
	Name       string         `json:"name"`
	Regime     string         `json:"regime,omitempty"`
	SameAs     []string       `json:"same_as"` // ids that a link calls the same subject
	Event      uint64         `json:"event"`   // its registration, or its listing
	Authority  domain.Country `json:"authority,omitempty"`
}

// Searchable reports whether a text has anything to be found by.
func (v *Views) Searchable(text string) bool { return len(v.words(text)) > 0 }

func (v *Views) words(text string) []string { return strings.Fields(v.register.fold.fold(text)) }

// Subjects finds designations and registered subjects.
func (v *Views) Subjects(q SubjectQuery) SubjectPage {
	t, words := v.at(q.Query), v.words(q.Text)
	page := SubjectPage{Scope: t.scope(), Subjects: []SubjectRow{}}
	for _, id := range slices.Sorted(maps.Keys(v.register.Texts)) {
		if len(words) == 0 || !t.matches(id, words) {
			continue
		}
		row, ok := t.subjectRow(id)
		switch {
		case !ok:
			continue
		case q.Cursor != "" && id <= q.Cursor:
		case len(page.Subjects) == q.limit():
			page.Next = page.Subjects[len(page.Subjects)-1].ID
		default:
			page.Subjects = append(page.Subjects, row)
		}
		page.Total++
	}
	page.Next = q.next(page.Next)
	return page
}

// subjectRow shows an id; false for what is not known.
func (t at) subjectRow(id string) (SubjectRow, bool) {
	s, regime := t.described(id)
	if s == nil {
		return SubjectRow{}, false
	}
	row := SubjectRow{ID: id, Kind: s.Kind, Name: nameOf(s), Regime: regime, SameAs: append([]string{}, t.sameIDs(id)...)}
	if regime == "" {
		row.Registered = true
		row.Event, _, _ = t.registration(id)
		return row, true
	}
	d, _ := t.designation(t.v.lists.byID[id])
	row.Event, row.Authority = d.Event, d.Authority
	return row, true
}
