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
		var events, of []uint64
		for _, x := range ships {
			of = append(of, x.frozen...)
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
		s.showPart(f, slices.Compact(events), of)
	}
}

// frozenShips joins what lists say of one IMO number, and keeps what is frozen.
func (s *sheet) frozenShips() []*vesselHeld {
	s.judge()
	by, order := map[string]*vesselHeld{}, []*vesselHeld{}
	for _, list := range s.listed {
		for i := range list {
			d := &list[i]
			if d.Kind != vesselKind {
				continue
			}
			event, freeze := s.carries(d, "asset_freeze")
			var carried [len(shipMeasures)]cellState
			some := freeze
			for k, measure := range shipMeasures {
				_, carried[k] = s.carries(d, measure)
				some = max(some, carried[k])
			}
			if some == notRecorded {
				continue
			}
			id := s.shipID(d.designated)
			x := by[id]
			if x == nil {
				x = &vesselHeld{id: id, name: nameOf(s.subject(d.designated))}
				by[id], order = x, append(order, x)
			}
			x.take(event, freeze, carried)
		}
	}
	return slices.DeleteFunc(order, func(x *vesselHeld) bool { return len(x.frozen) == 0 })
}

// take joins what one list says of a ship with what others do.
func (x *vesselHeld) take(event uint64, freeze cellState, carried [len(shipMeasures)]cellState) {
	if freeze == inForce {
		x.frozen = append(x.frozen, event)
	}
	for k := range carried {
		x.carried[k] = max(x.carried[k], carried[k])
	}
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
func (s *sheet) carries(d *judged, measure string) (uint64, cellState) {
	if d.own() || d.inForce() && d.mode == modeThroughEU && d.event == d.Event {
		if slices.Contains(s.carriedBy(d.designated, d.event), measure) {
			return d.event, inForce
		}
	}
	w := s.shipWay(d.Regime, measure)
	switch {
	case w.mode == domain.ModeNotInForce:
		return w.event, notInForce
	case !domain.Covers(w.mode):
		return 0, notRecorded
	case w.mode == domain.ModeGeneralProhibition || slices.Contains(w.measures, measure) || slices.Contains(s.measures(d.designated), measure):
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
func (s *sheet) shipWay(regime int16, measure string) way {
	key := shipKey{regime, measure}
	w, ok := s.shipWays[key]
	if !ok {
		w = choose(s.declarations(s.country), s.v.lists.RegimeIDs[regime], kinds[vesselKind], measure)
		s.shipWays[key] = w
	}
	return w
}

// shipKey names a measure of a regime, by its number.
type shipKey struct {
	regime  int16
	measure string
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
