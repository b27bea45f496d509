package projections

import (
	"io"
	"math"
	"sort"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// View is a value folded from facts. Fold is pure: no clock, no I/O, no other
// view. Save and Load move the whole value; Load replaces it, or leaves it as
// it was and returns an error. Raising Version voids older snapshots.
type View interface {
	Name() string
	Version() int
	Fold(domain.Fact)
	Save(io.Writer) error
	Load(io.Reader) error
}

// Views answers questions. It is safe for one writer or many readers: use
// [Runner.Read]. Answers share nothing that a later fold changes.
type Views struct {
	history  *history
	lists    *lists
	register *register
	activity *activity
	timeline *timeline
	abroad   *abroad
	subjects *subjects
	affairs  *affairs
	permits  *permits
	cases    *cases
	all      []View
	next     []uint64 // facts folded, beside all
}

// NewViews returns views of an empty journal.
func NewViews() *Views {
	v := &Views{
		history: newHistory(), lists: newLists(), register: newRegister(), activity: newActivity(),
		timeline: newTimeline(), abroad: newAbroad(), subjects: newSubjects(), affairs: newAffairs(), permits: newPermits(), cases: newCases(),
	}
	v.all = []View{v.history, v.lists, v.register, v.activity, v.timeline, v.abroad, v.subjects, v.affairs, v.permits, v.cases}
	v.next = make([]uint64, len(v.all))
	return v
}

// Fold takes a fact into every view whose turn it is: a fact counts once in
// each, and one that leaves a gap counts in none, except for the gap that
// voided records leave before their voiding.
func (v *Views) Fold(f domain.Fact) {
	for i, view := range v.all {
		if v.next[i] == follows(f) {
			view.Fold(f)
			v.next[i] = f.Index + 1
		}
	}
}

// follows returns how many facts and voided records stand before a fact's
// turn: its index, or that of the first record it voids.
func follows(f domain.Fact) uint64 {
	if b, ok := f.Body.(domain.JournalVoided); ok {
		if from, to := b.Span(); from < to && to == f.Index {
			return from
		}
	}
	return f.Index
}

// Size returns how many facts every view has folded, voided records included:
// the index of the next.
func (v *Views) Size() uint64 {
	least := v.next[0]
	for _, n := range v.next {
		least = min(least, n)
	}
	return least
}

// Genesis returns the hash that names the ledger, zero before genesis.
func (v *Views) Genesis() domain.Hash { return v.history.genesis }

// RecordedAt returns when the event at an index was recorded, or the record
// there voided; false if it is not folded yet.
func (v *Views) RecordedAt(index uint64) (time.Time, bool) {
	if index >= v.Size() {
		return time.Time{}, false
	}
	return time.UnixMicro(v.history.rows[index].at).UTC(), true
}

// IndexAt returns the index of the last event recorded at or before t, for an
// as_of that is a time; false before genesis.
func (v *Views) IndexAt(t time.Time) (uint64, bool) {
	micro := t.UnixMicro()
	n := sort.Search(int(v.Size()), func(i int) bool { return v.history.rows[i].at > micro })
	return uint64(max(n-1, 0)), n > 0
}

// at is a resolved query: the first n facts, on a day.
type at struct {
	v   *Views
	n   uint64
	on  domain.Date
	day int32 // number of on; after all others when no day is asked for
}

func (v *Views) at(q Query) at {
	n := v.Size()
	if q.AsOf != nil && *q.AsOf < n {
		n = *q.AsOf + 1
	}
	t := at{v: v, n: n, on: q.On.Latest(), day: math.MaxInt32}
	if q.On != "" {
		t.day = lastDay(q.On)
	}
	return t
}

func (t at) scope() Scope {
	if t.n == 0 {
		return Scope{Empty: true, On: t.on}
	}
	when, _ := t.v.RecordedAt(t.n - 1)
	return Scope{AsOf: t.n - 1, RecordedAt: when, On: t.on}
}

// by reports whether a date of the world has come on the day asked for. No
// date, or no day, sets no limit.
func (t at) by(d domain.Date) bool { return t.on == "" || d == "" || d.OnOrBefore(t.on) }

func (p Page) limit() int {
	switch {
	case p.Limit <= 0:
		return DefaultPage
	case p.Limit > MaxPage:
		return MaxPage
	}
	return p.Limit
}

func whole(events []uint64) Events {
	return Events{Total: len(events), Indexes: append([]uint64{}, events...)}
}

func bounded(events []uint64) Events {
	return Events{Total: len(events), Indexes: append([]uint64{}, events[:min(len(events), MaxEvents)]...)}
}
