package projections

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// moneyKey is what amounts are added within: those of states that stand for
// nobody real never with others.
type moneyKey struct {
	band, currency string
	illustrative   bool
}

// money shows what a state has frozen, at both points.
func (s *reporter) money(c domain.Country) []MoneyChange {
	return s.moneyOf([]domain.Country{c})
}

// moneyOfAll adds the states' amounts within a currency and a band.
func (s *reporter) moneyOfAll() []MoneyChange {
	return s.moneyOf(slices.Sorted(maps.Keys(s.v.activity.Acts)))
}

func (s *reporter) moneyOf(states []domain.Country) []MoneyChange {
	before, after, between := map[moneyKey]*big.Rat{}, map[moneyKey]*big.Rat{}, map[moneyKey][]uint64{}
	keys := map[moneyKey]bool{}
	for _, c := range states {
		gather(s.before, c, before, nil, 0)
		gather(s.at, c, after, between, s.before.n)
	}
	for key := range before {
		keys[key] = true
	}
	for key := range after {
		keys[key] = true
	}
	out := []MoneyChange{}
	for _, key := range slices.SortedFunc(maps.Keys(keys), func(a, b moneyKey) int {
		return cmp.Or(realFirst(a.illustrative, b.illustrative), cmp.Compare(a.currency, b.currency), -cmp.Compare(a.band, b.band))
	}) {
		slices.Sort(between[key])
		out = append(out, MoneyChange{
			Band: key.band, Currency: key.currency, Illustrative: key.illustrative, Before: amountOf(before[key]), After: amountOf(after[key]), Events: whole(between[key]),
		})
	}
	return out
}

// gather adds what a state has frozen at a point, and the events behind that
// were recorded from an index on.
func gather(t at, c domain.Country, sums map[moneyKey]*big.Rat, behind map[moneyKey][]uint64, from uint64) {
	for _, m := range t.memberMoney(c) {
		key := moneyKey{m.Band, m.Currency, c.UserAssigned()}
		if sums[key] == nil {
			sums[key] = new(big.Rat)
		}
		sums[key].Add(sums[key], rat(m.Amount))
		if behind == nil {
			continue
		}
		for _, e := range m.events {
			if e >= from {
				behind[key] = append(behind[key], e)
			}
		}
	}
}

func amountOf(v *big.Rat) string {
	if v == nil {
		return "0"
	}
	return decimal(v)
}
