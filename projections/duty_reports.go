package projections

import (
	"fmt"
	"slices"
)

// reports shows what became of each duty to report or to act, one figure a
// duty: what is law, what is a benchmark and what nobody checked never add up.
func (s *sheet) reports() {
	for _, o := range s.owed() {
		switch o.Kind {
		case "inspection_followup":
			s.overdue(10, "duties.followup_overdue."+o.Obligation, o)
		case "petroleum_notice", "crude_notice":
			s.punctual(o)
		case "joint_venture_closure": // shown venture by venture
		default:
			s.overdue(8, s.indicators[7].Path+"."+o.Obligation, o)
		}
		s.complete(o)
	}
}

// duty starts a figure on one duty, with what it must be shown with.
func (s *sheet) duty(number int, path string, o owed) Figure {
	i := s.indicators[number-1]
	f := Figure{Class: i.Class, Path: path, Indicator: number, Name: i.Name + ": " + o.Title.Text, Regime: o.Regime, Label: o.label(), Formula: i.Formula}
	f.Formula += "; source: " + plainSource(o)
	if o.Source.Note != "" {
		f.Formula += " (" + o.Source.Note + ")"
	}
	return f
}

// overdue counts the cases of a duty that are past their day and open.
func (s *sheet) overdue(number int, path string, o owed) {
	f := s.duty(number, path, o)
	late, passed, days := 0, 0, []lag{}
	for _, c := range o.cases {
		count(&late, c.Status == DutyOverdue)
		count(&passed, c.passed())
		if c.DaysLate != nil {
			days = append(days, lag{days: *c.DaysLate, event: o.event})
		}
	}
	s.settle(&f, o, passed)
	if f.measured() {
		f.Count, f.Of, f.Unit = &late, &passed, "reports"
		if l := distribution(days, 0, nil); l != nil {
			f.Formula += fmt.Sprintf("; days late: median %d, most %d, over %d", l.Median, l.Max, l.Count)
		}
	}
	s.show(f, s.parted(&f, o))
}

// punctual counts the notices that came in time.
func (s *sheet) punctual(o owed) {
	f := s.duty(17, s.indicators[16].Path+"."+o.Obligation, o)
	inTime, passed := 0, 0
	for _, c := range o.cases {
		count(&inTime, c.Status == DutySubmitted)
		count(&passed, c.passed())
	}
	s.settle(&f, o, passed)
	if f.measured() {
		f.Count, f.Of, f.Unit = &inTime, &passed, "notices"
	}
	s.show(f, s.parted(&f, o))
}

// settle says why a duty has no number: nothing sets it off, or the record is
// silent, or no day has passed.
func (s *sheet) settle(f *Figure, o owed, passed int) {
	exempt := func(c DutyCase) bool { return c.Status != DutyNotApplicable }
	switch {
	case len(o.cases) == 0:
		f.NotApplicable = o.none
	case !slices.ContainsFunc(o.cases, exempt):
		f.NotApplicable = "declared so: " + o.cases[0].Reason
	case passed > 0:
	case s.on == "":
		f.NotEnoughData = "no report is recorded; whether one is overdue is said on a day (on)"
	default:
		f.NotEnoughData = silent(o.cases)
	}
}

// silent says why none of a duty's cases counts: the reason of the last.
func silent(cases []DutyCase) string {
	for _, c := range slices.Backward(cases) {
		if c.Status != DutyNotApplicable && c.Reason != "" {
			return c.Reason
		}
	}
	return "no case of this duty is past its day"
}

// parted gives a figure its cases as parts and returns the events behind it:
// of the cases that count, and the duty's own.
func (s *sheet) parted(f *Figure, o owed) []uint64 {
	events := []uint64{o.event}
	for _, c := range o.cases {
		d := Detail{What: o.Obligation, State: c.Status, On: c.DueOn, Days: c.DaysLate, Events: c.Events}
		if c.Period != nil {
			d.Name = string(c.Period.From) + " to " + string(c.Period.To)
		}
		f.Details = append(f.Details, d)
		if c.passed() {
			events = append(events, c.Events...)
		}
	}
	slices.Sort(events)
	return slices.Compact(events)
}

// complete counts the sections that submitted reports have.
func (s *sheet) complete(o owed) {
	has, asked := 0, 0
	var events []uint64
	for _, c := range o.cases {
		if c.SubmittedOn == "" || len(o.Sections) == 0 || !slices.ContainsFunc(c.Events, s.isReport) {
			continue
		}
		asked += len(o.Sections)
		for _, section := range o.Sections {
			count(&has, slices.Contains(c.Completed, section))
		}
		events = append(events, c.Events...)
	}
	if asked == 0 {
		return
	}
	slices.Sort(events)
	f := s.duty(9, s.indicators[8].Path+"."+o.Obligation, o)
	f.Count, f.Of, f.Unit = &has, &asked, "sections"
	s.show(f, slices.Compact(events))
}

func (s *sheet) isReport(e uint64) bool { return s.v.history.rows[e].kind == "report.submitted" }
