package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// filings is what is recorded of a state's reports, by obligation.
type filings struct{ reports, extensions, exempt map[string][]affair }

func (s *sheet) filings() filings {
	out := filings{map[string][]affair{}, map[string][]affair{}, map[string][]affair{}}
	for kind, list := range map[string]map[string][]affair{
		"report.submitted": out.reports, "extension.granted": out.extensions, "inapplicability.declared": out.exempt,
	} {
		for _, a := range s.affairs(s.country, kind) {
			id := dutyOf(a.body).Obligation
			if b, ok := a.body.(domain.ReportSubmitted); !ok || s.by(b.SubmittedOn) {
				list[id] = append(list[id], a)
			}
		}
	}
	return out
}

func dutyOf(body domain.Body) domain.Duty {
	switch b := body.(type) {
	case domain.ReportSubmitted:
		return b.Duty
	case domain.ExtensionGranted:
		return b.Duty
	case domain.InapplicabilityDeclared:
		return b.Duty
	}
	return domain.Duty{}
}

// about lists what was filed on one occasion of a duty.
func (c occasion) about(list []affair) []affair {
	var out []affair
	for _, a := range list {
		if c.matches(dutyOf(a.body)) {
			out = append(out, a)
		}
	}
	return out
}

// matches reports whether a filing is on this occasion: it names the event, or
// a period in which the occasion's day lies, or the whole duty.
func (c occasion) matches(d domain.Duty) bool {
	dated := c.period == nil && c.event == nil
	switch {
	case d.Trigger != nil && !dated:
		return slices.Contains(c.behind, d.Trigger.Index)
	case d.Period != (domain.Period{}) && !dated:
		p := wholeDays(d.Period)
		return p.From <= c.day && c.day <= p.To
	}
	return dated
}

// judgeCase says what became of a duty on one occasion.
func (s *sheet) judgeCase(o *owed, c occasion, filed filings) DutyCase {
	out := DutyCase{Period: c.period, Trigger: c.event, TriggeredOn: c.day, DueOn: dueOn(o, c), Events: slices.Clone(c.behind)}
	s.extend(&out, c, filed.extensions[o.Obligation])
	s.submit(&out, c, filed.reports[o.Obligation])
	if out.SubmittedOn == "" {
		s.notify(&out, o, c)
	}
	s.decide(&out, c, filed.exempt[o.Obligation], s.followed(o, c, filed))
	slices.Sort(out.Events)
	out.Events = slices.Compact(out.Events)
	marks := s.tally(out.Events).flags
	out.Disputed, out.Transcribed = marks.disputed, marks.transcribed
	return out
}

func dueOn(o *owed, c occasion) domain.Date {
	if o.Due.On != "" {
		return o.Due.On.Latest()
	}
	return addDays(c.day, o.Due.Days)
}

// extend gives a case more time, as the latest extension says.
func (s *sheet) extend(out *DutyCase, c occasion, granted []affair) {
	first := out.DueOn
	for _, a := range c.about(granted) {
		if until := a.body.(domain.ExtensionGranted).Until.Latest(); until > out.DueOn {
			out.FirstDueOn, out.DueOn = first, until
		}
		out.Events = append(out.Events, a.event)
	}
}

// submit takes the first report, and the sections of all.
func (s *sheet) submit(out *DutyCase, c occasion, reports []affair) {
	for _, a := range c.about(reports) {
		b := a.body.(domain.ReportSubmitted)
		out.Events = append(out.Events, a.event)
		for _, section := range b.Completed {
			if !slices.Contains(out.Completed, section) {
				out.Completed = append(out.Completed, section)
			}
		}
		if !b.Supplement && (out.SubmittedOn == "" || b.SubmittedOn < out.SubmittedOn) {
			out.SubmittedOn, out.Symbol = b.SubmittedOn, b.Symbol
		}
	}
}

// notify takes an event that itself says that the duty was met: a notified
// transfer, an inspection with its report, a closed venture.
func (s *sheet) notify(out *DutyCase, o *owed, c occasion) {
	for _, e := range c.behind {
		var day domain.Date
		switch b := s.v.history.bodyAt(e, s.n).(type) {
		case domain.PetroleumTransferReported:
			if o.Kind == "petroleum_notice" || o.Kind == "crude_notice" {
				day = b.NotifiedOn
			}
		case domain.VesselInspected:
			if o.Kind == "inspection_followup" {
				day = b.ReportedOn
			}
		case *domain.JointVentureReported:
			day = s.closedOn(o, e, &out.Events)
		}
		if day != "" && s.by(day) && day > out.SubmittedOn { // met with the last of them
			out.SubmittedOn = day
		}
	}
}

func (s *sheet) closedOn(o *owed, venture uint64, events *[]uint64) domain.Date {
	if o.Kind != "joint_venture_closure" {
		return ""
	}
	for _, a := range s.affairs(s.country, "joint_venture.closed") {
		if b := a.body.(*domain.JointVentureClosed); b.Venture != nil && b.Venture.Index == venture {
			*events = append(*events, a.event)
			return b.OccurredOn
		}
	}
	return ""
}

func (s *sheet) decide(out *DutyCase, c occasion, exempt []affair, followed []uint64) {
	if declared := c.exempted(exempt); len(declared) > 0 && out.SubmittedOn == "" {
		out.Status, out.Reason = DutyNotApplicable, declared[0].body.(domain.InapplicabilityDeclared).Reason.Text
		for _, a := range declared {
			out.Events = append(out.Events, a.event)
		}
		return
	}
	switch {
	case out.SubmittedOn != "":
		out.settle()
	case c.asserted:
		out.Status, out.Reason = DutyAsserted, "others assert what would set this duty off; the state has not said so"
	case s.on == "":
		out.Status, out.Reason = DutyNotRecorded, "no report is recorded; whether it is overdue is said on a day (on)"
	case s.on <= out.DueOn:
		out.Status = DutyDue
	case len(followed) == 0:
		out.Status, out.Reason = DutyNotRecorded, "nothing recorded shows that this duty is followed for this state: no finding"
	default:
		out.Status, out.Events = DutyOverdue, append(out.Events, followed...)
		if days, ok := daysBetween(out.DueOn, s.on); ok {
			out.DaysLate = &days
		}
	}
}

// exempted lists declarations that take this occasion, or the whole duty, away.
func (c occasion) exempted(list []affair) []affair {
	return slices.DeleteFunc(slices.Clone(list), func(a affair) bool {
		d := dutyOf(a.body)
		whole := d.Period == (domain.Period{}) && d.Trigger == nil
		return !whole && !c.matches(d)
	})
}

// settle says whether a report came in time. A date that does not tell counts
// as in time.
func (c *DutyCase) settle() {
	c.Status = DutySubmitted
	if c.SubmittedOn.Earliest() <= c.DueOn {
		return
	}
	c.Status = DutyLate
	if days, ok := daysBetween(c.DueOn, c.SubmittedOn); ok {
		c.DaysLate = &days
	}
}
