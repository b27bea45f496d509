package projections

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// supply is what transfers add up to: of one year, product and band, in one
// unit, and of what is alleged or disputed by one asserter.
type supply struct {
	year                                  domain.Date
	regime, product, band, asserter, unit string
}

func (k supply) parts() []string {
	return []string{string(k.year), k.regime, k.product, k.band, k.asserter, k.unit}
}

// path goes on from the indicator's.
func (k supply) path() string {
	out := string("." + k.year)
	for _, part := range []string{k.product, k.band, k.asserter, k.regime} {
		if part != "" {
			out += "." + part
		}
	}
	if k.unit != "bbl" {
		out += "." + k.unit
	}
	return out
}

// petroleum shows what the state supplied in a year, band by band: what is
// notified, alleged and disputed is never added, nor what several assert.
func (s *sheet) petroleum() {
	by := map[supply][]affair{}
	for _, a := range s.affairs(s.country, "petroleum_transfer.reported") {
		b := a.body.(domain.PetroleumTransferReported)
		key := s.supplyOf(a.event, b)
		if s.on == "" || key.year == s.on[:4] && b.Period.To.Earliest() <= s.on && s.notifiedBy(b) {
			by[key] = append(by[key], a)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(by), func(a, b supply) int { return slices.Compare(a.parts(), b.parts()) }) {
		s.showSupply(key, s.signedFirst(by[key]))
	}
}

func (s *sheet) supplyOf(event uint64, b domain.PetroleumTransferReported) supply {
	key := supply{year: wholeDays(b.Period).To[:4], regime: s.regimeOf(b), product: b.Product, band: b.Status, unit: "bbl"}
	if b.Converted == nil {
		key.unit = b.Quantity.Unit
	}
	if b.Status != "notified" {
		key.asserter = string(s.v.history.rows[event].issuer.Member())
	}
	return key
}

// signedFirst leaves out what was transcribed of a notification that the
// supplier signed as well.
func (s *sheet) signedFirst(list []affair) []affair {
	own := func(a affair) bool { return s.v.history.rows[a.event].issuer.Member() == s.country }
	return slices.DeleteFunc(slices.Clone(list), func(a affair) bool {
		return !own(a) && slices.ContainsFunc(list, func(b affair) bool { return own(b) && sameNotice(a.body, b.body) })
	})
}

func sameNotice(a, b domain.Body) bool {
	x, y := a.(domain.PetroleumTransferReported), b.(domain.PetroleumTransferReported)
	return x.Status == "notified" && y.Status == "notified" && x.Product == y.Product && x.Period == y.Period &&
		x.Quantity == y.Quantity && x.Receiver == y.Receiver && x.NotifiedOn == y.NotifiedOn
}

func (s *sheet) showSupply(key supply, list []affair) {
	sum, across := new(big.Rat), 0
	var events []uint64
	for _, a := range list {
		b := a.body.(domain.PetroleumTransferReported)
		amount := b.Quantity.Amount
		if b.Converted != nil {
			amount = b.Converted.Barrels
		}
		sum.Add(sum, rat(amount))
		events = append(events, a.event)
		count(&across, slices.ContainsFunc(list, func(o affair) bool { return crosses(b.Period, o.body.(domain.PetroleumTransferReported).Period) }))
	}
	f := s.start(16)
	f.Path += key.path()
	f.Name, f.Regime, f.Value, f.Unit = fmt.Sprintf("%s petroleum supplied in %s, %s", key.product, key.year, key.band), key.regime, decimal(sum), key.unit
	if key.asserter != "" {
		f.Name += " by " + key.asserter
	}
	if across > 0 {
		f.Formula += fmt.Sprintf("; added as stated, though %d statements share days with one over another period", across)
	}
	for _, c := range s.holdLimit(key, &f) {
		events = append(events, c.Event)
	}
	slices.Sort(events)
	s.show(f, events)
}

// holdLimit compares a figure with the cap that barrels or another unit are held
// to, and returns the caps that it looked at.
func (s *sheet) holdLimit(key supply, f *Figure) []Cap {
	caps := slices.DeleteFunc(s.limits(key.regime, key.product, key.year, s.country.UserAssigned()), func(c Cap) bool { return c.Unit != key.unit })
	c := agreed(caps, key.unit)
	if c == nil {
		f.Formula += "; " + noCap(key.regime, key.product, key.unit, caps) + ": not enough data to compare"
		return caps
	}
	f.OfValue, f.Label = c.Amount, c.Label
	f.Formula += "; cap of all suppliers together in a calendar year: " + strings.TrimSpace(c.Instrument+" "+c.Paragraph)
	return caps
}

// crosses reports whether two different periods share days.
func crosses(a, b domain.Period) bool {
	x, y := wholeDays(a), wholeDays(b)
	return x != y && meets(x, y)
}
