package projections

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Cases returns a page of cases: all that an event names, also those that
// nobody opened.
func (v *Views) Cases(q CasesQuery) CasesPage {
	t := v.at(q.Query)
	var files []*caseFile
	for id := range v.timeline.Cases {
		if c := t.caseFile(id); c != nil && c.fits(&q) {
			files = append(files, c)
		}
	}
	slices.SortFunc(files, func(a, b *caseFile) int { return b.place().compare(a.place()) })
	out := CasesPage{Scope: t.scope(), Notice: CasesNotice, Cases: []CaseRow{}, Total: len(files)}
	last, further := placeOfCase(q.Cursor)
	for _, c := range files {
		if further && c.place().compare(last) >= 0 {
			continue
		}
		if len(out.Cases) == q.limit() {
			break
		}
		out.Cases = append(out.Cases, c.row())
		out.Next = c.place().String()
	}
	if len(files) == 0 || len(out.Cases) == 0 || out.Cases[len(out.Cases)-1].ID == files[len(files)-1].id {
		out.Next = ""
	}
	out.Next = q.next(out.Next)
	return out
}

// casePlace is where a case stands in the list: by the day of its opening, or of
// the first event that names it, then by the index of that event.
type casePlace struct {
	day   domain.Date
	begun uint64
}

func (c *caseFile) place() casePlace { return casePlace{c.day, c.begun} }

func (p casePlace) compare(o casePlace) int {
	return cmp.Or(cmp.Compare(p.day, o.day), cmp.Compare(p.begun, o.begun))
}

func (p casePlace) String() string { return fmt.Sprintf("%s.%d", p.day, p.begun) }

// placeOfCase reads the cursor of a page; false for none.
func placeOfCase(cursor string) (casePlace, bool) {
	day, begun, ok := strings.Cut(cursor, ".")
	index, err := strconv.ParseUint(begun, 10, 64)
	return casePlace{domain.Date(day), index}, ok && err == nil
}

// CaseFile returns a case as it stands with a page of its events; false if no
// event names it.
func (v *Views) CaseFile(id string, q CaseQuery) (CaseFile, bool) {
	page, ok := v.Case(id, q)
	c := v.at(q.Query).caseFile(id)
	if !ok || c == nil {
		return CaseFile{}, false
	}
	return CaseFile{
		Scope: page.Scope, Notice: CasesNotice, Case: c.detail(),
		Entries: page.Entries, Total: page.Total, Next: page.Next,
	}, true
}

// caseFile is what is known of a case on the day.
type caseFile struct {
	at
	id        string
	begun     uint64      // index of the first event that names it
	day       domain.Date // of its opening, or of that event
	events    []uint64    // that stand, ascending
	opened    uint64      // index of the opening; 0 for none
	closed    uint64      // index of the closing in force; 0 while open
	reopened  uint64      // index of the last reopening in force; 0 for none
	opening   domain.CaseOpened
	closing   domain.CaseClosed
	requests  []caseRequest
	violation []uint64
	actions   []uint64
}

// caseEvents lists the events of a case: those that name it, the answers to
// its requests, the reports that it looks into and the acts that its closing
// names; withdrawn ones included. It is empty if none names it.
func (t at) caseEvents(id string) []uint64 {
	var out []uint64
	take := func(e uint64) {
		if e < t.n && t.happened(e) {
			out = append(out, e)
		}
	}
	for _, e := range t.known(t.v.timeline.Cases[id]) {
		if caseOf(t.v.history.bodyAt(e, t.n)) == id {
			take(e)
		}
	}
	for _, e := range slices.Clone(out) {
		t.linked(e, take)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// linked visits what belongs to a case by what an event of it says.
func (t at) linked(e uint64, take func(uint64)) {
	switch b := t.v.history.standing(e, t.n).(type) {
	case domain.CaseOpened:
		for _, v := range b.Violations {
			take(v.Index)
		}
	case domain.CaseClosed:
		for _, a := range b.Actions {
			take(a.Index)
		}
	case domain.InformationRequested:
		for _, a := range t.v.cases.Answers[e] {
			if t.answers(a, e) != nil {
				take(a)
			}
		}
	}
}

// answers returns an event as an answer to a request, withdrawn or not; nil
// where it is none.
func (t at) answers(e, request uint64) *domain.InformationAnswered {
	if e >= t.n {
		return nil
	}
	if b, ok := t.v.history.bodyAt(e, t.n).(domain.InformationAnswered); ok && b.Request.Index == request {
		return &b
	}
	return nil
}

func (t at) caseFile(id string) *caseFile {
	all := t.caseEvents(id)
	named := slices.IndexFunc(all, func(e uint64) bool { return caseOf(t.v.history.bodyAt(e, t.n)) == id })
	if named < 0 {
		return nil
	}
	c := &caseFile{at: t, id: id, begun: all[named]}
	c.findState(all)
	day, _ := c.dated(cmp.Or(c.opened, c.begun))
	c.day = day.Latest()
	for _, e := range all {
		if t.v.history.stands(e, t.n) {
			c.events = append(c.events, e)
			c.sort(e)
		}
	}
	return c
}

// move is an event that opens, closes or reopens a case, or its withdrawal.
type move struct {
	at, event uint64
}

// findState replays openings, closings, reopenings and their withdrawals in
// the order of the journal, as the rules do that let further events in.
func (c *caseFile) findState(all []uint64) {
	var moves []move
	for _, e := range all {
		switch c.v.history.rows[e].body.(type) {
		case domain.CaseOpened, domain.CaseClosed, domain.CaseReopened:
			moves = append(moves, move{e, e})
			if w := c.v.history.rows[e].withdrawn; w != 0 && w < c.n {
				moves = append(moves, move{w, e})
			}
		}
	}
	slices.SortFunc(moves, func(a, b move) int { return cmp.Compare(a.at, b.at) })
	for _, m := range moves {
		if m.at == m.event {
			c.make(m.event)
		} else {
			c.undo(m.event)
		}
	}
	if c.reopened != 0 {
		c.closed = 0
	}
	c.opening, _ = c.v.history.bodyAt(c.opened, c.n).(domain.CaseOpened)
	c.closing, _ = c.v.history.bodyAt(c.closed, c.n).(domain.CaseClosed)
}

func (c *caseFile) make(e uint64) {
	if caseOf(c.v.history.bodyAt(e, c.n)) != c.id {
		return
	}
	switch c.v.history.rows[e].body.(type) {
	case domain.CaseOpened:
		c.opened, c.closed, c.reopened = e, 0, 0
	case domain.CaseClosed:
		c.closed, c.reopened = e, 0
	case domain.CaseReopened:
		c.reopened = e
	}
}

// undo takes a move back while it is the last of its kind.
func (c *caseFile) undo(e uint64) {
	switch e {
	case c.opened:
		c.opened, c.closed, c.reopened = 0, 0, 0
	case c.closed:
		c.closed, c.reopened = 0, 0
	case c.reopened:
		c.reopened = 0
	}
}

func (c *caseFile) state() string {
	switch {
	case c.opened == 0:
		return CaseNotRecorded
	case c.closed != 0:
		return CaseClosed
	}
	return CaseOpen
}

// sort puts a standing event where the summary counts it.
func (c *caseFile) sort(e uint64) {
	body := c.v.history.bodyAt(e, c.n)
	switch b := body.(type) {
	case domain.InformationRequested:
		c.requests = append(c.requests, c.request(e, &b))
	case *domain.ViolationReported, domain.TradeViolationReported:
		c.violation = append(c.violation, e)
	default:
		if isAction(c.v.history.rows[e].kind) || slices.ContainsFunc(c.closing.Actions, func(r domain.Ref) bool { return r.Index == e }) {
			c.actions = append(c.actions, e)
		}
	}
}

// isAction reports whether a type of event is something done about a
// violation, rather than something seen, said or asked.
func isAction(kind string) bool {
	switch kind {
	case "enforcement.action_taken", "interdiction.executed", "cargo.seized", "asset.frozen", "transaction.rejected", "account.closed",
		"vessel.deregistered", "port_entry.denied", "vessel_service.withdrawn", "travel_ban.enforced", "workers.repatriated",
		"joint_venture.closed", "representative_office.closed", "cyber_theft.recovered", "designation.adopted":
		return true
	}
	return false
}

func (c *caseFile) fits(q *CasesQuery) bool {
	return (q.State == "" || c.state() == q.State) &&
		(q.Member == "" || slices.Contains(c.members(), q.Member)) &&
		(q.Regime == "" || slices.Contains(c.regimes(), q.Regime)) &&
		(!q.Overdue || slices.ContainsFunc(c.requests, func(r caseRequest) bool { return r.overdue }))
}
