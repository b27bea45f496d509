package projections

import (
	"maps"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Unnumbered are ships of which no IMO number is known.
type Unnumbered struct {
	Subjects []SubjectRow `json:"subjects"` // designated or registered; the first MaxEvents, by id
	Total    int          `json:"total"`    // of Subjects
	Events   Events       `json:"events"`   // reports and acts that describe such a ship
}

func (t at) unnumbered() Unnumbered {
	out := Unnumbered{Subjects: []SubjectRow{}}
	for _, id := range slices.Sorted(maps.Keys(t.v.register.Texts)) {
		s, _ := t.described(id)
		if s == nil || !noIMO(s) {
			continue
		}
		if out.Total++; len(out.Subjects) < MaxEvents {
			row, _ := t.subjectRow(id)
			out.Subjects = append(out.Subjects, row)
		}
	}
	var events []uint64
	for kind := range t.v.history.kinds {
		if tellsOfShips(kind) {
			events = append(events, t.describing(kind)...)
		}
	}
	slices.Sort(events)
	out.Events = bounded(events)
	return out
}

func noIMO(s *domain.Subject) bool { return s.Kind == "vessel" && len(imos(s)) == 0 }

// tellsOfShips reports whether a type of event is a report or an act that may
// describe a ship.
func tellsOfShips(kind string) bool {
	switch kind {
	case "vessel.observed", "vessel.inspected", "vessel.deregistered", "port_entry.denied", "vessel_service.withdrawn", "interdiction.executed",
		"ship_to_ship_transfer.reported", "cargo.seized", "violation.reported", "asset.frozen", "enforcement.action_taken":
		return true
	}
	return false
}

// describing lists the events of a type that stand, had happened and describe
// a ship without its number.
func (t at) describing(kind string) []uint64 {
	var out []uint64
	for _, e := range t.known(t.v.history.kinds[kind]) {
		if body := t.v.history.standing(e, t.n); body != nil && t.happened(e) && slices.ContainsFunc(subjectsIn(body), noIMO) {
			out = append(out, e)
		}
	}
	return out
}
