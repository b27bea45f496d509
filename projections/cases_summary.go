package projections

import (
	"slices"
	"strconv"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func (c *caseFile) row() CaseRow {
	out := CaseRow{
		ID: c.id, State: c.state(), Members: c.members(), Regimes: c.regimes(), Counts: c.counts(),
		Title: c.opening.Title.Text, Language: c.opening.Title.Language, NextDue: c.due(false), OverdueSince: c.due(true), Handling: "TLP:CLEAR",
	}
	for _, e := range c.events {
		if st, ok := c.v.history.bodyAt(e, c.n).(domain.Statement); ok {
			out.Handling = stricter(out.Handling, st.Base().Handling)
			out.Sealed += len(st.Base().Sealed)
		}
	}
	if c.opened == 0 {
		return out
	}
	out.OpenedAt, out.OpenedOn, out.Lead = &c.opened, c.opening.OccurredOn, c.lead()
	if c.closed != 0 {
		out.ClosedAt, out.ClosedOn, out.Outcome = &c.closed, c.closing.OccurredOn, c.closing.Outcome
	}
	out.AgeDays, out.AgeFrom = c.age()
	return out
}

// lead returns the agency that leads an opened case: the one named, or who
// opened it.
func (c *caseFile) lead() domain.AgencyID {
	if c.opening.Lead != "" {
		return c.opening.Lead
	}
	return c.v.history.rows[c.opened].issuer
}

// age counts days from the opening to the closing, or to the day asked for.
func (c *caseFile) age() (*int, string) {
	from, label := c.dated(c.opened)
	to := c.on
	if c.closed != 0 {
		to, _ = c.dated(c.closed)
	}
	days, ok := daysBetween(from, to)
	if !ok || days < 0 {
		return nil, ""
	}
	return &days, label
}

// dated returns the day that an event names, or the day on which it was
// recorded where it names none, and which of the two it is.
func (t at) dated(e uint64) (domain.Date, string) {
	if st, ok := t.v.history.bodyAt(e, t.n).(domain.Statement); ok && st.Base().OccurredOn != "" {
		return st.Base().OccurredOn, "occurred_on"
	}
	return domain.DateOf(time.UnixMicro(t.v.history.rows[e].at)), "recorded_at"
}

// members lists who takes part, sorted.
func (c *caseFile) members() []domain.Country {
	out := slices.Clone(c.opening.Members)
	if c.opened != 0 {
		out = append(out, c.lead().Member())
	}
	for _, r := range c.requests {
		out = append(out, r.to)
	}
	for _, e := range c.events {
		out = append(out, c.v.history.rows[e].issuer.Member())
		if b, ok := c.v.history.bodyAt(e, c.n).(ofState); ok && b.Whose() != "" {
			out = append(out, b.Whose())
		}
	}
	slices.Sort(out)
	return append([]domain.Country{}, slices.Compact(out)...)
}

// regimes lists the regimes that its events name, sorted.
func (c *caseFile) regimes() []string {
	out := []string{}
	for _, e := range c.events {
		if r := regimeIn(c.v.history.bodyAt(e, c.n)); r != "" && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	slices.Sort(out)
	return out
}

// regimeIn returns the regime that an event of a case names.
func regimeIn(body domain.Body) string {
	switch b := body.(type) {
	case *domain.EnforcementActionTaken:
		return b.Regime
	case *domain.InterdictionExecuted:
		return b.Regime
	case *domain.AssetFrozen:
		return b.Regime
	case *domain.DesignationAdopted:
		return b.Regime
	case *domain.ViolationReported:
		return b.Regime
	case *domain.TravelBanEnforced:
		return b.Regime
	case *domain.WorkersReported:
		return b.Regime
	case *domain.WorkersRepatriated:
		return b.Regime
	case *domain.JointVentureReported:
		return b.Regime
	case *domain.JointVentureClosed:
		return b.Regime
	case *domain.RepresentativeOfficeClosed:
		return b.Regime
	case domain.CaseOpened:
		return b.Regime
	case interface{ About() domain.Matter }:
		return b.About().Regime
	}
	return ""
}

func (c *caseFile) counts() CaseCounts {
	var all, open, answered, refused, overdue []caseRequest
	for _, r := range c.requests {
		all = append(all, r)
		switch r.state {
		case RequestAnswered:
			answered = append(answered, r)
		case RequestRefused:
			refused = append(refused, r)
		default:
			open = append(open, r)
		}
		if r.overdue {
			overdue = append(overdue, r)
		}
	}
	return CaseCounts{
		Violations: c.counted(len(c.violation), c.violation), Actions: c.counted(len(c.actions), c.actions), Events: c.counted(len(c.events), c.events),
		Requests: c.countRequests(all), Open: c.countRequests(open), Answered: c.countRequests(answered), Refused: c.countRequests(refused), Overdue: c.countRequests(overdue),
	}
}

func (c *caseFile) countRequests(list []caseRequest) CaseCount {
	var events []uint64
	for _, r := range list {
		events = append(append(events, r.event), r.answers...)
	}
	slices.Sort(events)
	return c.counted(len(list), slices.Compact(events))
}

func (t at) counted(n int, events []uint64) CaseCount {
	y := t.tally(events)
	f := y.flags
	return CaseCount{
		Count: n, Text: y.words(strconv.Itoa(n)), Events: bounded(events), Disputed: f.disputed, Contested: f.contested,
		Repudiated: f.repudiated, Transcribed: f.transcribed, Illustrative: f.illustrative,
	}
}

func (c *caseFile) detail() CaseDetail {
	out := CaseDetail{
		CaseRow: c.row(), Violations: []CaseViolation{}, Requests: []CaseRequest{}, Actions: []Entry{}, Disputes: []Remark{}, Explanations: []Remark{},
	}
	if c.closing.Text != nil {
		out.OutcomeText = c.closing.Text.Text
	}
	if b, ok := c.v.history.bodyAt(c.reopened, c.n).(domain.CaseReopened); ok {
		out.Reopened = b.Reason.Text
	}
	for _, e := range c.violation[:min(len(c.violation), MaxPage)] {
		out.Violations = append(out.Violations, c.caseViolation(e))
	}
	for _, r := range c.requests[:min(len(c.requests), MaxPage)] {
		out.Requests = append(out.Requests, c.shown(r))
	}
	for _, e := range c.actions[:min(len(c.actions), MaxPage)] {
		out.Actions = append(out.Actions, c.entry(e))
	}
	for _, e := range c.events {
		out.Disputes = append(out.Disputes, c.disputesOf(e)...)
		out.Explanations = append(out.Explanations, c.explanationsOf(e)...)
	}
	return out
}

func (t at) caseViolation(e uint64) CaseViolation {
	out := CaseViolation{Entry: t.entry(e)}
	switch b := t.v.history.bodyAt(e, t.n).(type) {
	case *domain.ViolationReported:
		out.Category, out.Concerning = b.Category, b.Concerns()
	case domain.TradeViolationReported:
		out.Category, out.Concerning = "trade_"+b.Category, b.Concerns()
	}
	return out
}
