package projections

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Entry returns one event as a timeline shows it; false if it is not known.
func (v *Views) Entry(index uint64, q Query) (Entry, bool) {
	t := v.at(q)
	if index >= t.n {
		return Entry{}, false
	}
	return t.entry(index), true
}

func (t at) entry(i uint64) Entry {
	rec := &t.v.history.rows[i]
	body := t.v.history.bodyAt(i, t.n)
	e := Entry{
		Index: i, Leaf: rec.leaf, RecordedAt: time.UnixMicro(rec.at).UTC(), Type: rec.kind,
		Issuer: rec.issuer, EventID: rec.eventID, Summary: summary(rec, body), Marks: t.marks(i), CoveredBy: t.covers(i),
	}
	if st, ok := body.(domain.Statement); ok {
		base := st.Base()
		e.OccurredOn, e.Published, e.Case, e.Confidence = base.OccurredOn, base.PublishedOn, base.Case, base.Confidence
		e.Sealed = len(base.Sealed)
	}
	return e
}

// Case returns the events of a case, what belongs to it by what they say, and
// what was said about them; false if no event names it.
func (v *Views) Case(id string, q CaseQuery) (TimelinePage, bool) {
	t := v.at(q.Query)
	events := t.caseEvents(id)
	if len(events) == 0 {
		return TimelinePage{}, false
	}
	return t.page(t.withAbout(events), q), true
}

// CountryTimeline returns the events by, for or concerning a state, and what
// was said about them.
func (v *Views) CountryTimeline(c domain.Country, q CaseQuery) TimelinePage {
	t := v.at(q.Query)
	var events []uint64
	for _, e := range v.timeline.States[c] {
		if e < t.n && t.ofState(e, c) && t.happened(e) {
			events = append(events, e)
		}
	}
	return t.page(t.withAbout(events), q)
}

func (t at) ofState(e uint64, c domain.Country) bool {
	return t.v.history.rows[e].issuer.Member() == c || slices.Contains(statesOf(t.v.history.bodyAt(e, t.n)), c)
}

// happened leaves out what happened after the day asked for, and what was said
// about that.
func (t at) happened(e uint64) bool {
	body := t.v.history.bodyAt(e, t.n)
	if st, ok := body.(domain.Statement); ok && !t.by(st.Base().OccurredOn) {
		return false
	}
	target, ok := targetOf(body)
	return !ok || target >= e || t.happened(target)
}

// targetOf returns the event that an event is about; false for what is about none.
func targetOf(body domain.Body) (uint64, bool) {
	switch b := body.(type) {
	case domain.EventCorrected:
		return b.Target.Index, true
	case domain.EventWithdrawn:
		return b.Target.Index, true
	case domain.EventEndorsed:
		return b.Target.Index, true
	case domain.EventDisputed:
		return b.Target.Index, true
	case domain.DisputeClosed:
		return b.Dispute.Index, true
	case domain.ExplanationGiven:
		if b.Target != nil {
			return b.Target.Index, true
		}
	}
	return 0, false
}

// withAbout adds the corrections, withdrawals, disputes, endorsements and
// explanations of events, in the order of the journal.
func (t at) withAbout(events []uint64) []uint64 {
	out := slices.Clone(events)
	for _, e := range events {
		out = append(out, t.about(e)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (t at) about(e uint64) []uint64 {
	rec := &t.v.history.rows[e]
	var out []uint64
	for _, v := range rec.versions {
		out = append(out, v.from)
	}
	if rec.withdrawn != 0 {
		out = append(out, rec.withdrawn)
	}
	for _, d := range rec.disputes {
		out = append(out, d)
		out = append(out, t.v.history.rows[d].closings...)
	}
	out = append(append(out, rec.endorsed...), rec.explained...)
	return slices.DeleteFunc(out, func(i uint64) bool { return i >= t.n })
}

// page cuts one page out of ascending events. The cursor is the index of the
// last entry of the page before.
func (t at) page(events []uint64, q CaseQuery) TimelinePage {
	out := TimelinePage{Scope: t.scope(), Entries: []Entry{}, Total: len(events)}
	if q.Newest {
		slices.Reverse(events)
	}
	last, err := strconv.ParseUint(q.Cursor, 10, 64)
	for _, e := range events {
		if err == nil && (q.Newest && e >= last || !q.Newest && e <= last) {
			continue
		}
		if len(out.Entries) == q.limit() {
			out.Next = q.next(strconv.FormatUint(out.Entries[len(out.Entries)-1].Index, 10))
			break
		}
		out.Entries = append(out.Entries, t.entry(e))
	}
	return out
}

// Feed returns events, newest first.
func (v *Views) Feed(q FeedQuery) TimelinePage {
	t := v.at(q.Query)
	var events []uint64
	for _, e := range t.candidates(&q) {
		if t.feeds(&q, e) {
			events = append(events, e)
		}
	}
	return t.page(events, CaseQuery{Query: q.Query, Page: q.Page, Newest: true})
}

// candidates are the events that the narrowest list allows, ascending.
func (t at) candidates(q *FeedQuery) []uint64 {
	switch {
	case q.Subject != "":
		return t.told(t.called(q.Subject))
	case q.Case != "":
		return t.known(t.v.timeline.Cases[q.Case])
	case q.Member != "":
		return t.known(t.v.timeline.States[q.Member])
	}
	all := make([]uint64, t.n)
	for i := range all {
		all[i] = uint64(i)
	}
	return all
}

func (t at) known(events []uint64) []uint64 {
	n, _ := slices.BinarySearch(events, t.n)
	return events[:n]
}

func (t at) feeds(q *FeedQuery, e uint64) bool {
	rec := &t.v.history.rows[e]
	when := time.UnixMicro(rec.at)
	return rec.kind != "" && // voided
		(len(q.Types) == 0 || ofType(rec.kind, q.Types)) && !ofType(rec.kind, q.NotTypes) &&
		(q.Agency == "" || rec.issuer == q.Agency) && (q.Among == nil || q.Among[e]) &&
		(q.Member == "" || rec.issuer.Member() == q.Member) &&
		(q.Case == "" || caseOf(t.v.history.bodyAt(e, t.n)) == q.Case) &&
		(q.Before == nil || when.Before(*q.Before)) &&
		(q.After == nil || !when.Before(*q.After)) &&
		t.happened(e)
}

// ofType reports whether a type is one of those named; "designation.*" names
// a group.
func ofType(kind string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		if group, ok := strings.CutSuffix(name, "*"); ok {
			return strings.HasPrefix(kind, group)
		}
		return kind == name
	})
}
