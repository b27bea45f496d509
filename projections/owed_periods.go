package projections

import (
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
	var out []occasion
	for p := firstOf(o.Recurrence, from); p.From <= to && len(out) < maxPeriods; p = nextOf(o.Recurrence, p) {
		if s.on != "" && p.To > s.on {
			break
		}
		one := occasion{day: p.To, period: &domain.Period{From: p.From, To: p.To}}
		if takesPart(o.AppliesTo.Who) {
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
		earliest := domain.Date("9999-12-31")
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
	last := domain.Date("")
	for _, x := range shown {
		last = max(last, x.span().To)
	}
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

func nextOf(recurrence string, p domain.Period) domain.Period {
	return firstOf(recurrence, addDays(p.To, 1))
}

func addDays(d domain.Date, days int) domain.Date { return domain.DateOf(d.Time().AddDate(0, 0, days)) }

func addMonths(d domain.Date, months, days int) domain.Date {
	return domain.DateOf(d.Time().AddDate(0, months, days))
}
