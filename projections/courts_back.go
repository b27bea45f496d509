package projections

import "slices"

// backSince is the day from which an act that no court takes on the day asked for
// is in effect again after one did: when a stay began, or interim measures ended.
// It is 0 where none took it before, as far as is known today.
func (c court) backSince(after func(r ruling) bool) int32 {
	var days []int32
	for _, r := range c.rulings {
		days = append(days, c.replacedOn(r))
		if r.EffectiveTo != "" {
			days = append(days, lastDay(r.EffectiveTo)+1)
		}
		for _, s := range c.stays(r) {
			days = append(days, s.from)
		}
	}
	slices.Sort(days)
	for _, day := range slices.Backward(days) {
		if day <= c.day && c.onDay(day-1).relief(after).event != 0 {
			return day
		}
	}
	return 0
}

// onDay is the same knowledge asked about another day.
func (c court) onDay(day int32) court {
	c.day, c.on = day, dateOf(day)
	return c
}
