package projections

import (
	"cmp"
	"math"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// dayNumber counts days from 1970-01-01; false unless d has day precision. It
// says what domain.Date says, without parsing into a time.
func dayNumber(d domain.Date) (int, bool) {
	if len(d) != 10 {
		return 0, false
	}
	num := func(from, to int) int {
		n := 0
		for i := from; i < to; i++ {
			n = n*10 + int(d[i]-'0')
		}
		return n
	}
	y, m, day := num(0, 4), num(5, 7), num(8, 10)
	if m <= 2 { // years that begin in March have the leap day at their end
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + day - 719469, true
}

// lastDay is the number of the last day that a date can mean; without a date,
// a day before all others.
func lastDay(d domain.Date) int32 {
	if n, ok := dayNumber(d.Latest()); ok {
		return int32(n)
	}
	return math.MinInt32
}

// daysBetween returns the days from a to b; false unless both have day
// precision.
func daysBetween(a, b domain.Date) (int, bool) {
	x, ok := dayNumber(a)
	y, ok2 := dayNumber(b)
	return y - x, ok && ok2
}

// lagOf returns the days to an act's effect from the listing that it answers:
// the first, or the one after a removal; false unless both dates have day
// precision.
func lagOf(d designated, a *act) (int, bool) {
	if d.fate == nil {
		return int(a.Day - d.Day), len(d.Listed) == 10 && len(a.Effect) == 10
	}
	return daysBetween(d.listedFor(a), a.Effect)
}

// lag is one act: a transposition, or a notice that holds several.
type lag struct {
	days  int
	event uint64
}

// rankOf returns the nearest-rank percentile of sorted numbers.
func rankOf(sorted []lag, percent int) int {
	n := (len(sorted)*percent + 99) / 100
	return sorted[max(n, 1)-1].days
}

// distribution describes lags; nil when there are none. Events are those of
// the lags given in behind.
func distribution(lags []lag, undated int, behind []uint64) *Lag {
	if len(lags) == 0 {
		return nil
	}
	sorted := slices.Clone(lags)
	slices.SortFunc(sorted, func(a, b lag) int { return cmp.Or(cmp.Compare(a.days, b.days), cmp.Compare(a.event, b.event)) })
	slices.Sort(behind)
	return &Lag{
		Count: len(sorted), Median: rankOf(sorted, 50), P90: rankOf(sorted, 90),
		Min: sorted[0].days, Max: sorted[len(sorted)-1].days,
		Undated: undated, Method: LagMethod, Histogram: histogram(sorted), Events: bounded(behind),
	}
}

// histogram bins lags at the edges that separate days, weeks and months.
func histogram(sorted []lag) []Bin {
	edges := []int{-1, 0, 3, 7, 14, 30, 90, 365}
	out := []Bin{}
	from := min(sorted[0].days, edges[0])
	rest := sorted
	for _, to := range append(edges, max(sorted[len(sorted)-1].days, 366)) {
		n := 0
		for n < len(rest) && rest[n].days <= to {
			n++
		}
		if n > 0 {
			out = append(out, Bin{From: from, To: to, Count: n})
		}
		rest, from = rest[n:], to+1
	}
	return out
}

// perNotice gathers lags by notice: a notice counts once, with the median of
// its entries.
func perNotice(groups map[int32][]lag) []lag {
	out := make([]lag, 0, len(groups))
	for _, g := range groups {
		slices.SortFunc(g, func(a, b lag) int { return cmp.Or(cmp.Compare(a.days, b.days), cmp.Compare(a.event, b.event)) })
		out = append(out, lag{days: rankOf(g, 50), event: g[0].event})
	}
	return out
}
