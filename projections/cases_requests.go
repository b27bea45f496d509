package projections

import (
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// caseRequest is a request that stands, on the day.
type caseRequest struct {
	event    uint64
	to       domain.Country
	due      domain.Date
	state    string
	answers  []uint64 // that stand and had come by the day, ascending
	answered uint64   // the one that ended it; 0 while it is open
	overdue  bool
}

func (t at) request(e uint64, b *domain.InformationRequested) caseRequest {
	r := caseRequest{event: e, to: b.ToMember, due: b.DueOn, state: RequestOpen}
	for _, a := range t.v.cases.Answers[e] {
		answer := t.answers(a, e)
		if answer == nil || !t.v.history.stands(a, t.n) || !t.happened(a) {
			continue
		}
		r.answers = append(r.answers, a)
		r.take(a, answer.Answer)
	}
	open := r.state == RequestOpen || r.state == RequestPartial
	r.overdue = open && t.on != "" && r.due != "" && r.due.Latest() < t.on
	return r
}

// take lets the first answer that is complete or refuses end a request.
func (r *caseRequest) take(event uint64, answer string) {
	switch {
	case r.answered != 0:
	case answer == "complete":
		r.state, r.answered = RequestAnswered, event
	case answer == "refused":
		r.state, r.answered = RequestRefused, event
	default:
		r.state = RequestPartial
	}
}

// due returns the earliest date for which an open request asks: of those that
// are overdue on the day, or of those that are not.
func (c *caseFile) due(overdue bool) domain.Date {
	var next domain.Date
	for _, r := range c.requests {
		if r.answered == 0 && r.overdue == overdue && r.due != "" && (next == "" || r.due.Latest() < next.Latest()) {
			next = r.due
		}
	}
	return next
}

func (t at) shown(r caseRequest) CaseRequest {
	b, _ := t.v.history.bodyAt(r.event, t.n).(domain.InformationRequested)
	out := CaseRequest{
		Entry: t.entry(r.event), To: r.to, Questions: b.Questions, DueOn: r.due, State: r.state, Overdue: r.overdue,
		DaysLate: t.late(r), Answers: []CaseAnswer{},
	}
	for _, a := range r.answers {
		out.Answers = append(out.Answers, t.answer(a))
	}
	return out
}

// late counts the days by which an answer came, or has not come by the day
// asked for, after the last day of what was asked for; nil where it is not
// late, or nobody knows.
func (t at) late(r caseRequest) *int {
	came := t.on
	if r.answered != 0 {
		came, _ = t.dated(r.answered)
	}
	if r.due == "" || r.answered == 0 && !r.overdue {
		return nil
	}
	if days, ok := daysBetween(r.due.Latest(), came); ok && days > 0 {
		return &days
	}
	return nil
}

func (t at) answer(e uint64) CaseAnswer {
	rec := &t.v.history.rows[e]
	b, _ := t.v.history.bodyAt(e, t.n).(domain.InformationAnswered)
	return CaseAnswer{
		Index: e, Issuer: rec.issuer, RecordedAt: time.UnixMicro(rec.at).UTC(), AnsweredOn: b.OccurredOn, Answer: b.Answer,
		Text: b.Text.Text, Language: b.Text.Language, Sealed: len(b.Sealed), Marks: t.marks(e),
	}
}
