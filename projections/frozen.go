package projections

import (
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// moneyBehind is an amount with all its events.
type moneyBehind struct {
	domain.Money
	events []uint64
}

// frozen adds freezes and takes releases away, by currency. The events given
// have happened and stand.
func (t at) frozen(events []uint64) []moneyBehind {
	sums, behind := map[string]*big.Rat{}, map[string][]uint64{}
	left := map[uint64]*big.Rat{}
	for _, e := range events {
		if b, ok := t.v.history.bodyAt(e, t.n).(*domain.AssetFrozen); ok && b.Amount != nil {
			left[e] = rat(b.Amount.Amount)
			behind[b.Amount.Currency] = append(behind[b.Amount.Currency], e)
		}
	}
	for _, e := range events {
		b, ok := t.v.history.bodyAt(e, t.n).(*domain.AssetUnfrozen)
		if !ok || left[b.Freeze.Index] == nil {
			continue
		}
		release(left[b.Freeze.Index], b.Amount)
		currency := t.v.history.bodyAt(b.Freeze.Index, t.n).(*domain.AssetFrozen).Amount.Currency
		behind[currency] = append(behind[currency], e)
	}
	for e, amount := range left {
		currency := t.v.history.bodyAt(e, t.n).(*domain.AssetFrozen).Amount.Currency
		if sums[currency] == nil {
			sums[currency] = new(big.Rat)
		}
		sums[currency].Add(sums[currency], amount)
	}
	out := []moneyBehind{}
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		slices.Sort(behind[currency])
		out = append(out, moneyBehind{domain.Money{Amount: decimal(sums[currency]), Currency: currency}, behind[currency]})
	}
	return out
}

// release takes an amount off, all of it when none is named, and never more
// than is left: a freeze may have been corrected to less.
func release(left *big.Rat, amount *domain.Money) {
	if amount == nil {
		left.SetInt64(0)
		return
	}
	left.Sub(left, rat(amount.Amount))
	if left.Sign() < 0 {
		left.SetInt64(0)
	}
}

// rat reads an exact decimal; what is none counts as zero.
func rat(text string) *big.Rat {
	if v, ok := new(big.Rat).SetString(text); ok {
		return v
	}
	return new(big.Rat)
}

// decimal writes a sum of decimals of at most eight places exactly.
func decimal(v *big.Rat) string { return trimmed(v.FloatString(8)) }

func trimmed(text string) string { return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") }
