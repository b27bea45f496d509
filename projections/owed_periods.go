package projections

import (
	"iter"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// maxPeriods bounds the periods of one duty: fifty years of months.
const maxPeriods = 600

// onPeriods is set off by each period that has ended. Whom only taking part
// binds owes it for periods in which it did. Without a day nothing tells how
// many periods there are: those are taken of which something is recorded.
func (s *sheet) onPeriods(o *owed) []occasion {
	shown := s.shows(o)
	if takesPart(o.AppliesTo.Who) && len(shown) == 0 {
		return nil
	}
	from, to := s.firstPeriod(o, shown), s.lastPeriod(o, shown)
	if from == "" || to == "" {
		return nil
	}
	part := takesPart(o.AppliesTo.Who)
	if part {
		to = min(to, lastShown(shown))
	}
	var out []occasion
	for p := range periods(o.Recurrence, from, to) {
		if len(out) == maxPeriods || s.on != "" && p.To > s.on {
			break
		}
		one := occasion{day: p.To, period: &domain.Period{From: p.From, To: p.To}}
		if part {
			during := within(shown, p)
			if len(during) == 0 {
				continue
			}
			one = s.joined(one, during)
		}
		out = append(out, one)
	}
	return out
}

// periods are those from the one that a day lies in to another day's, and none
// after the calendar's last.
func periods(recurrence string, from, to domain.Date) iter.Seq[domain.Period] {
	return func(yield func(domain.Period) bool) {
		for p := firstOf(recurrence, from); p.From <= to && yield(p) && p.To < endOfDates; {
			p = firstOf(recurrence, addDays(p.To, 1))
		}
	}
}

// lastShown is the last day on which something shows that the state took part.
func lastShown(shown []occasion) domain.Date {
	last := domain.Date("")
	for _, x := range shown {
		last = max(last, x.span().To)
	}
	return last
}

// within lists what shares days with a period.
func within(shown []occasion, p domain.Period) []occasion {
	var out []occasion
	for i := range shown {
		if meets(shown[i].span(), p) {
			out = append(out, shown[i])
		}
	}
	return out
}

// span is the days that an occasion is about.
func (c occasion) span() domain.Period {
	if c.period != nil {
		return *c.period
	}
	return wholeDays(domain.Period{From: c.day, To: c.day})
}

// firstPeriod is a day in the first period: as the duty says, or the first in
// which the state took part.
func (s *sheet) firstPeriod(o *owed, shown []occasion) domain.Date {
	first := o.Trigger.From.Earliest()
	if takesPart(o.AppliesTo.Who) {
		earliest := endOfDates
		for _, x := range shown {
			earliest = min(earliest, x.span().From)
		}
		first = max(first, earliest)
	}
	if first == "" {
		o.none = "the duty does not say when its first period begins"
	}
	return first
}

// lastPeriod is the last day that can lie in a period: the day asked for, the
// duty's end, or without a day the last of which something is recorded.
func (s *sheet) lastPeriod(o *owed, shown []occasion) domain.Date {
	if s.on != "" {
		return s.on
	}
	last := lastShown(shown)
	for _, a := range s.affairs(s.country, "report.submitted") {
		if b, ok := a.body.(domain.ReportSubmitted); ok && b.Obligation == o.Obligation {
			last = max(last, wholeDays(b.Period).To)
		}
	}
	if last == "" {
		o.none = "its periods are counted up to a day: ask for one (on)"
	}
	return last
}

// firstOf is the month, quarter or year that a day lies in.
func firstOf(recurrence string, day domain.Date) domain.Period {
	months := map[string]int{"monthly": 1, "quarterly": 3, "yearly": 12}[recurrence]
	t := day.Time()
	first := time.Month((int(t.Month())-1)/months*months + 1)
	from := domain.DateOf(time.Date(t.Year(), first, 1, 0, 0, 0, 0, time.UTC))
	return domain.Period{From: from, To: addMonths(from, months, -1)}
}

func addDays(d domain.Date, days int) domain.Date { return addMonths(d, 0, days) }

// endOfDates is the last that a date can name: a longer year sorts before all.
const endOfDates = domain.Date("9999-12-31")

// addMonths goes no further than endOfDates.
func addMonths(d domain.Date, months, days int) domain.Date {
	t := d.Time().AddDate(0, months, days)
	if t.After(endOfDates.Time()) {
		return endOfDates
	}
	return domain.DateOf(t)
}
