package projections

import (
	"fmt"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// shipMeasures are those that a frozen ship is compared by.
var shipMeasures = [...]string{"port_entry_ban", "deflag"}

const vesselKind = 2 // place in kinds

// vesselHeld is a vessel with what the state carries on it, under all lists.
type vesselHeld struct {
	id, name string
	frozen   []uint64
	carried  [len(shipMeasures)]cellState
}

// measureGaps counts vessels that are frozen here without a port ban, or
// without deflagging: a gap by the state's own word, or not recorded.
func (s *sheet) measureGaps() {
	ships := s.frozenShips()
	for k, measure := range shipMeasures {
		f := s.start(5)
		f.Path, f.Name, f.Unit = f.Path+"."+measure, "vessels frozen here, "+plain(measure)+" not in force or not recorded", "vessels"
		without, gaps, all := 0, 0, len(ships)
		var events []uint64
		for _, x := range ships {
			if x.carried[k] == inForce {
				continue
			}
			without++
			count(&gaps, x.carried[k] == notInForce)
			events = append(events, x.frozen...)
			f.Details = append(f.Details, Detail{What: x.id, Name: x.name, State: stateNames[x.carried[k]], Value: measure, Events: x.frozen})
		}
		if all == 0 {
			return
		}
		slices.Sort(events)
		f.Count, f.Of = &without, &all
		f.Formula += fmt.Sprintf("; %d of them declared not in force, of the others nothing is recorded: no finding", gaps)
		s.show(f, slices.Compact(events))
	}
}

// frozenShips joins what lists say of one IMO number, and keeps what is frozen.
func (s *sheet) frozenShips() []*vesselHeld {
	by, order := map[string]*vesselHeld{}, []*vesselHeld{}
	for _, num := range s.v.lists.order {
		d, ok := s.designation(num)
		if !ok || d.status != StatusListed || d.Kind != vesselKind {
			continue
		}
		v := s.verdictAt(d, s.here)
		id := s.shipID(d)
		x := by[id]
		if x == nil {
			x = &vesselHeld{id: id, name: nameOf(s.subject(d))}
			by[id], order = x, append(order, x)
		}
		if event, state := s.carries(d, v, "asset_freeze"); state == inForce {
			x.frozen = append(x.frozen, event)
		}
		for k, measure := range shipMeasures {
			_, state := s.carries(d, v, measure)
			x.carried[k] = max(x.carried[k], state)
		}
	}
	return slices.DeleteFunc(order, func(x *vesselHeld) bool { return len(x.frozen) == 0 })
}

// shipID is a ship's IMO number, or else the designation that its listing
// rests on.
func (t at) shipID(d designated) string {
	for _, id := range t.subject(d).Identifiers {
		if id.Scheme == "imo" {
			return "imo " + id.Value
		}
	}
	if d.Basis != "" {
		return d.Basis
	}
	return d.ID
}

// carries says whether the state carries one measure on a designation: by its
// own act, or by what it declared of the measure.
func (s *sheet) carries(d designated, v verdict, measure string) (uint64, cellState) {
	if v.inForce() && (v.own() || v.mode == modeThroughEU && v.event == d.Event) {
		if slices.Contains(s.carriedBy(d, v.event), measure) {
			return v.event, inForce
		}
	}
	w := s.shipWay(d, measure)
	switch {
	case w.mode == domain.ModeNotInForce:
		return w.event, notInForce
	case !domain.Covers(w.mode):
		return 0, notRecorded
	case w.mode == domain.ModeGeneralProhibition || slices.Contains(w.measures, measure) || slices.Contains(s.measures(d), measure):
		return w.event, inForce
	}
	return 0, notRecorded
}

// carriedBy lists the measures of the act that gives a designation effect. A
// designation of another list speaks for itself.
func (s *sheet) carriedBy(d designated, event uint64) []string {
	if b, ok := s.v.history.bodyAt(event, s.n).(*domain.DesignationTransposed); ok && len(b.Measures) > 0 {
		return b.Measures
	}
	if event == d.Event || s.v.history.rows[event].kind == "designation.transposed" {
		return s.measures(d)
	}
	return nil
}

// shipWay is how the state declared to implement a measure against vessels
// under a designation's regime.
func (s *sheet) shipWay(d designated, measure string) way {
	key := s.regimeID(d) + " " + measure
	w, ok := s.shipWays[key]
	if !ok {
		w = choose(s.declarations(s.country), s.regimeID(d), kinds[vesselKind], measure)
		s.shipWays[key] = w
	}
	return w
}

// modesDeclared counts the measures of the UN's regimes of which the state said
// how it implements them.
func (s *sheet) modesDeclared() {
	declared := s.declarations(s.country)
	for _, id := range s.ids {
		r := s.regimes[id]
		if r.Authority != "UN" || len(r.Measures) == 0 {
			continue
		}
		f := s.start(28)
		f.Path, f.Regime, f.Unit = f.Path+"."+id, id, "measures"
		said, all := 0, len(r.Measures)
		var events []uint64
		for _, m := range r.Measures {
			d := modeOf(declared, id, m)
			count(&said, d.State != CellNotRecorded)
			events = append(events, d.Events...)
			f.Details = append(f.Details, d)
		}
		if said == 0 {
			f.NotEnoughData = "not recorded: this state has not declared how it implements this regime"
		} else {
			f.Count, f.Of = &said, &all
		}
		slices.Sort(events)
		s.show(f, slices.Compact(events))
	}
}

// modeOf is the mode declared of one measure, of any kind of subject.
func modeOf(declared []declaration, regime, measure string) Detail {
	out := Detail{What: measure, State: CellNotRecorded, Events: []uint64{}}
	for _, kind := range kinds {
		w := choose(declared, regime, kind, measure)
		if w.mode == "" || slices.Contains(out.Events, w.event) {
			continue
		}
		out.State, out.Events = w.mode, append(out.Events, w.event)
	}
	return out
}
