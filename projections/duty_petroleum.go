package projections

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// supply is what one band of transfers adds up to, in one unit.
type supply struct {
	regime, product, band, unit string
	year                        domain.Date
}

// petroleum shows what the state supplied in a year, band by band: what is
// notified, alleged and disputed is never added. The cap is the one that an
// obligation names.
func (s *sheet) petroleum() {
	sums, behind := map[supply]*big.Rat{}, map[supply][]uint64{}
	for _, a := range s.affairs(s.country, "petroleum_transfer.reported") {
		b := a.body.(domain.PetroleumTransferReported)
		key := supply{s.regimeOf(b), b.Product, b.Status, "bbl", wholeDays(b.Period).To[:4]}
		amount := b.Quantity.Amount
		if b.Converted != nil {
			amount = b.Converted.Barrels
		} else {
			key.unit = b.Quantity.Unit
		}
		if s.on != "" && (key.year != s.on[:4] || b.Period.To.Earliest() > s.on) {
			continue
		}
		if sums[key] == nil {
			sums[key] = new(big.Rat)
		}
		sums[key].Add(sums[key], rat(amount))
		behind[key] = append(behind[key], a.event)
	}
	for _, key := range slices.SortedFunc(maps.Keys(sums), func(a, b supply) int { return slices.Compare(a.parts(), b.parts()) }) {
		s.showSupply(key, decimal(sums[key]), behind[key])
	}
}

func (k supply) parts() []string {
	return []string{string(k.year), k.regime, k.product, k.band, k.unit}
}

func (s *sheet) showSupply(key supply, sum string, events []uint64) {
	f := s.start(16)
	f.Path += fmt.Sprintf(".%s.%s.%s", key.year, key.product, key.band)
	if key.regime != "" {
		f.Path += "." + key.regime
	}
	if key.unit != "bbl" {
		f.Path += "." + key.unit
	}
	f.Name, f.Regime, f.Value, f.Unit = fmt.Sprintf("%s petroleum supplied in %s, %s", key.product, key.year, key.band), key.regime, sum, key.unit
	if o := s.capOf(key); o == nil {
		f.Formula += "; no obligation names a cap in this unit: not enough data to compare"
	} else {
		f.OfValue, f.Label = o.Limit.Amount.Amount, o.label()
		f.Formula += "; cap of all suppliers together in a calendar year: " + plainSource(*o)
		events = append(events, o.event)
		slices.Sort(events)
	}
	s.show(f, events)
}

// capOf finds the obligation whose limit a supply counts against.
func (s *sheet) capOf(key supply) *owed {
	for _, e := range slices.Backward(s.v.history.kinds["obligation.defined"]) {
		b, ok := s.acts(s.country, e).(*domain.ObligationDefined)
		if ok && b.Limit != nil && b.Regime == key.regime && b.Limit.Product == key.product && b.Limit.Amount.Unit == key.unit {
			return &owed{ObligationDefined: b, event: e}
		}
	}
	return nil
}
