package projections

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// workplace is where numbers of workers may be compared over time.
type workplace struct{ origin, sector, employer string }

// headcount is one statement on a workplace.
type headcount struct {
	event uint64
	*domain.Workforce
	home bool // of those sent home
	over domain.Period
}

// remaining is the number said to remain, with the end of its range; false
// where the statement does not say.
func (h headcount) remaining() (low, high int64, ok bool) {
	switch {
	case h.Remaining != nil:
		return *h.Remaining, *h.Remaining, true
	case h.home:
		return 0, 0, false
	}
	return h.Count, max(h.Count, h.CountTo), true
}

// workforce shows how many workers remain in the state, and how many it sent
// home.
func (s *sheet) workforce() {
	places := s.workplaces()
	s.showRemaining(places)
	s.showRepatriated(places)
}

// workplaces gathers what stands, each list by its end.
func (s *sheet) workplaces() [][]headcount {
	by := map[workplace][]headcount{}
	var order []workplace
	for _, kind := range []string{"workers.reported", "workers.repatriated"} {
		for _, a := range s.affairs(s.country, kind) {
			h := headcount{event: a.event, home: kind == "workers.repatriated", Workforce: workforceOf(a.body), over: wholeDays(domain.Period{From: s.dayOf(a)})}
			if p := periodOf(a.body); p != nil {
				h.over = *p
			}
			if s.on != "" && h.over.From > s.on {
				continue
			}
			key := workplace{string(h.Origin), h.Sector, ""}
			if h.Employer != nil {
				key.employer = nameOf(h.Employer)
			}
			if by[key] == nil {
				order = append(order, key)
			}
			by[key] = append(by[key], h)
		}
	}
	out := make([][]headcount, 0, len(order))
	for _, key := range order {
		slices.SortFunc(by[key], func(a, b headcount) int {
			return cmp.Or(cmp.Compare(a.over.To, b.over.To), cmp.Compare(a.event, b.event))
		})
		out = append(out, by[key])
	}
	return out
}

func workforceOf(body domain.Body) *domain.Workforce {
	switch b := body.(type) {
	case *domain.WorkersReported:
		return &b.Workforce
	case *domain.WorkersRepatriated:
		return &b.Workforce
	}
	return &domain.Workforce{}
}

func (s *sheet) showRemaining(places [][]headcount) {
	f := s.start(18)
	f.Path, f.Name, f.Unit = f.Path+".remaining", "workers said to remain", "persons"
	var low, high, before int64
	silent, had := 0, false
	var events []uint64
	for _, list := range places {
		said := slices.DeleteFunc(slices.Clone(list), func(h headcount) bool { _, _, ok := h.remaining(); return !ok })
		if len(said) == 0 {
			silent++
			continue
		}
		last := said[len(said)-1]
		l, h, _ := last.remaining()
		low, high = low+l, high+h
		if len(said) > 1 {
			earlier, _, _ := said[len(said)-2].remaining()
			before, had = before+earlier, true
		} else {
			before += l
		}
		count(&silent, list[len(list)-1].event != last.event)
		events = append(events, last.event)
		f.Details = append(f.Details, Detail{What: last.Sector, Name: string(last.Origin), On: last.over.To, Value: fmt.Sprint(l), Unit: "persons", Events: []uint64{last.event}})
	}
	if len(events) == 0 {
		return
	}
	n := int(low)
	f.Count = &n
	if high > low {
		f.Formula += fmt.Sprintf("; estimates are ranges, counted at their lower end; at their upper %d", high)
	}
	if had {
		f.Formula += fmt.Sprintf("; %d by the statements before", before)
	}
	if silent > 0 {
		f.Formula += fmt.Sprintf("; of %d workplaces a newer statement does not say how many remain", silent)
	}
	slices.Sort(events)
	s.show(f, events)
}

func (s *sheet) showRepatriated(places [][]headcount) {
	var sum int64
	var events []uint64
	overlapping := 0
	for _, list := range places {
		var kept []headcount
		for _, h := range slices.Backward(list) { // the newest goes before what it overlaps
			switch {
			case !h.home:
			case slices.ContainsFunc(kept, func(k headcount) bool { return meets(k.over, h.over) }):
				overlapping++
			default:
				kept, sum, events = append(kept, h), sum+h.Count, append(events, h.event)
			}
		}
	}
	if len(events) == 0 {
		return
	}
	slices.Sort(events)
	n := int(sum)
	f := s.start(18)
	f.Path, f.Name, f.Unit, f.Count = f.Path+".repatriated", "workers said to have been sent home", "persons", &n
	if overlapping > 0 {
		f.Formula += fmt.Sprintf("; %d statements over the same days are left out", overlapping)
	}
	s.show(f, events)
}

// ventures counts joint ventures that are open past their deadline: their own,
// or that of a duty to close them.
func (s *sheet) ventures() {
	f := s.start(19)
	f.Unit = "joint ventures"
	open, dated, seen, asserted := 0, 0, 0, 0
	var events []uint64
	for _, a := range s.affairs(s.country, "joint_venture.reported") {
		b := a.body.(*domain.JointVentureReported)
		seen++
		if !s.established(s.regimeOf(b), a) {
			asserted++
			continue
		}
		deadline, label := s.deadlineOf(a.event, b)
		if deadline == "" || b.Approval != "" {
			continue
		}
		dated++
		d := s.venture(a.event, b, deadline)
		count(&open, d.State == DutyOverdue)
		f.Label = cmp.Or(f.Label, label)
		f.Details, events = append(f.Details, d), append(events, d.Events...)
	}
	switch {
	case seen == 0:
		s.unbound(19, "no joint venture in this state is recorded")
		return
	case s.on == "":
		s.lack(19, "a deadline has passed on a day: ask for one (on)")
		return
	case dated == 0:
		return
	}
	if asserted > 0 {
		f.Formula += fmt.Sprintf("; %d that others alone assert are left out", asserted)
	}
	slices.Sort(events)
	f.Count, f.Of = &open, &dated
	s.show(f, slices.Compact(events))
}

// deadlineOf is the day by which a venture must be closed, and what that must
// be shown with.
func (s *sheet) deadlineOf(venture uint64, b *domain.JointVentureReported) (domain.Date, string) {
	if b.Deadline != "" {
		return b.Deadline.Latest(), ""
	}
	for _, o := range s.owed() {
		if o.Kind != "joint_venture_closure" {
			continue
		}
		for _, c := range o.cases {
			if c.Status != DutyNotApplicable && (c.Trigger == nil || *c.Trigger == venture) {
				return c.DueOn, o.label()
			}
		}
	}
	return "", ""
}

func (s *sheet) venture(event uint64, b *domain.JointVentureReported, deadline domain.Date) Detail {
	d := Detail{What: "joint venture", Name: cmp.Or(b.Name, names(b.Parties)), State: DutyDue, On: deadline, Events: []uint64{event}}
	closed := s.closedOn(&owed{ObligationDefined: &domain.ObligationDefined{Kind: "joint_venture_closure"}}, event, &d.Events)
	switch {
	case closed != "":
		d.State = "closed"
	case deadline < s.on:
		d.State = DutyOverdue
		if days, ok := daysBetween(deadline, s.on); ok {
			d.Days = &days
		}
	}
	return d
}
