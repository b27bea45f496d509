package projections

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// freezeLatency measures from a designation's effect here to the first freeze
// that names it.
func (s *sheet) freezeLatency() {
	first := map[string]affair{}
	for _, a := range s.affairs(s.country, "asset.frozen") {
		b := a.body.(*domain.AssetFrozen)
		for _, id := range b.Designations {
			if had, ok := first[id]; !ok || b.OccurredOn < had.body.(*domain.AssetFrozen).OccurredOn {
				first[id] = a
			}
		}
	}
	var lags []lag
	earlier := 0
	for _, id := range slices.Sorted(maps.Keys(first)) {
		days, ok := daysBetween(s.effectOf(id), first[id].body.(*domain.AssetFrozen).OccurredOn)
		switch {
		case ok && days < 0:
			earlier++
		case ok:
			lags = append(lags, lag{days, first[id].event})
		}
	}
	s.median(15, s.indicators[14].Path, s.indicators[14].Name, lags, fmt.Sprintf("; %d freezes came before the designation and are left out", earlier))
}

// effectOf is the day on which a designation took effect in the state, as its
// own act says, or else was listed.
func (s *sheet) effectOf(id string) domain.Date {
	num, ok := s.v.lists.byID[id]
	if !ok {
		return ""
	}
	d, ok := s.designation(num)
	if !ok {
		return ""
	}
	for _, k := range slices.Backward(d.Acts) {
		if a := &s.v.lists.Acts[k]; s.acting[a.State] == s.here && s.effective(a) {
			return a.Effect
		}
	}
	return d.Listed
}

// sums adds amounts, each currency and asset by itself.
type sumsOf struct {
	total  map[string]*big.Rat
	behind map[string][]uint64
}

func newSums() *sumsOf { return &sumsOf{map[string]*big.Rat{}, map[string][]uint64{}} }

func (m *sumsOf) add(unit, amount string, event uint64) {
	if m.total[unit] == nil {
		m.total[unit] = new(big.Rat)
	}
	m.total[unit].Add(m.total[unit], rat(amount))
	if !slices.Contains(m.behind[unit], event) {
		m.behind[unit] = append(m.behind[unit], event)
	}
}

// amounts adds those of one theft or recovery. A loss may stand as an asset and
// as what it was worth: the two are never added.
func (m *sumsOf) amounts(money []domain.Money, assets []domain.AssetAmount, event uint64) {
	for _, x := range money {
		m.add(x.Currency, x.Amount, event)
	}
	for _, x := range assets {
		unit := x.Asset
		if x.Chain != "" {
			unit += "-" + x.Chain
		}
		m.add(unit, x.Amount, event)
	}
}

// of is a sum, "" where nothing was added.
func (m *sumsOf) of(unit string) string {
	if m.total[unit] == nil {
		return ""
	}
	return exact(m.total[unit])
}

// exact writes a sum of decimals of at most 18 places, as assets have.
func exact(v *big.Rat) string { return trimmed(v.FloatString(18)) }

// thefts shows what the state reported as stolen and attributes, and what it
// took back of which thefts.
func (s *sheet) thefts() {
	attributed, all := newSums(), newSums()
	for _, a := range s.affairs(s.country, "cyber_theft.reported") {
		b := a.body.(domain.CyberTheftReported)
		all.amounts(b.Amounts, b.Assets, a.event)
		if b.Actor != nil || b.ActorID != "" {
			attributed.amounts(b.Amounts, b.Assets, a.event)
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(all.total)) {
		s.showSum("attributed", "cyber loss attributed to an actor", unit, cmp.Or(attributed.of(unit), "0"), all.of(unit), all.behind[unit])
	}
	s.takenBack("recovered", "cyber loss recovered", false)
	s.takenBack("frozen", "cyber loss frozen, not taken back", true)
}

// takenBack shows what the state took back, or what it froze alone.
func (s *sheet) takenBack(path, name string, frozen bool) {
	recovered, lost, from := newSums(), newSums(), map[uint64]bool{}
	for _, a := range s.affairs(s.country, "cyber_theft.recovered") {
		b := a.body.(domain.CyberTheftRecovered)
		if (b.How == howFrozen) != frozen {
			continue
		}
		recovered.amounts(b.Amounts, b.Assets, a.event)
		theft, ok := s.acts(s.country, b.Theft.Index).(domain.CyberTheftReported)
		if ok && !from[b.Theft.Index] {
			from[b.Theft.Index] = true
			lost.amounts(theft.Amounts, theft.Assets, b.Theft.Index)
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(recovered.total)) {
		events := slices.Concat(recovered.behind[unit], lost.behind[unit])
		slices.Sort(events)
		s.showSum(path, name, unit, recovered.of(unit), lost.of(unit), slices.Compact(events))
	}
}

func (s *sheet) showSum(path, name, unit, sum, of string, events []uint64) {
	f := s.start(20)
	f.Path, f.Name, f.Unit, f.Value, f.OfValue = f.Path+"."+path+"."+unit, name, unit, sum, of
	s.show(f, events)
}

// evidence counts the reports of violations that another member can show a
// document for.
func (s *sheet) evidence() {
	var with, all []uint64
	for _, kind := range violationTypes() {
		for _, a := range s.affairs(s.country, kind) {
			if s.v.history.rows[a.event].issuer.Member() != s.country {
				continue
			}
			all = append(all, a.event)
			if s.heldByAnother(a.body) {
				with = append(with, a.event)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	slices.Sort(with)
	n, of := len(with), len(all)
	f := s.start(26)
	f.Count, f.Of, f.Unit = &n, &of, "reports"
	s.showPart(f, with, all)
}

// violationTypes are the reports of what broke or evaded a measure.
func violationTypes() []string {
	return []string{"violation.reported", "trade_violation.reported", "ship_to_ship_transfer.reported", "arms_transfer.reported", "technology_transfer.reported", "cyber_theft.reported"}
}

// heldByAnother reports whether a document of a statement lies with another
// member.
func (s *sheet) heldByAnother(body domain.Body) bool {
	st, ok := body.(domain.Statement)
	return ok && slices.ContainsFunc(st.Base().Evidence, func(e domain.Evidence) bool {
		return e.HeldBy != "" && e.HeldBy.Member() != s.country && s.members[e.HeldBy.Member()]
	})
}
