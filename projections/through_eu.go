package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// ThroughEU names the states that declared that they hold a regime through the
// EU. It stands beside what is recorded of the EU itself: that a state says so is
// no word of the EU's.
type ThroughEU struct {
	Count  int              `json:"count"`
	States []domain.Country `json:"states"`
	Events Events           `json:"events"` // their declarations
}

// throughEU returns what stands beside a state's part of a regime: nil but for
// the EU, and where no state declared so.
func (f *frame) throughEU(c domain.Country, regime string) *ThroughEU {
	if c != "EU" {
		return nil
	}
	var out ThroughEU
	var events []uint64
	for i, state := range f.states {
		for _, w := range f.regimes[regime].ways[i] {
			if w.mode != domain.ModeThroughEU || slices.Contains(events, w.event) {
				continue
			}
			events = append(events, w.event)
			if !slices.Contains(out.States, state) {
				out.States = append(out.States, state)
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	slices.Sort(events)
	out.Count, out.Events = len(out.States), bounded(events)
	return &out
}
