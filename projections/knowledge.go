package projections

import (
	"cmp"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Knowledge is what was recorded of a subject as of an index, the events that
// this rests on, and what was said against or beside them since.
type Knowledge struct {
	Known  Dossier  `json:"known"`
	Events []uint64 `json:"events"` // ascending; each was known
	Later  []Later  `json:"later"`  // in the order of the journal
}

// Later is an event behind the AsOf of a question that speaks of an event in
// its answer. One event may speak of several.
type Later struct {
	Index uint64 `json:"index"`
	About uint64 `json:"about"`
	What  string `json:"what"`
}

// What a later event does.
const (
	LaterCorrected     = "corrected"
	LaterWithdrawn     = "withdrawn"
	LaterDisputed      = "disputed"
	LaterDisputeClosed = "dispute_closed"
	LaterEndorsed      = "endorsed"
	LaterExplained     = "explained"
	LaterContested     = "contested" // its key was called compromised from before its recording
	LaterRepudiated    = "repudiated"
)

// Knowledge returns what was known of a subject, given as to Subject; false if
// none was known by that id.
func (v *Views) Knowledge(id string, q Query) (Knowledge, bool) {
	known, ok := v.Subject(id, q)
	if !ok {
		return Knowledge{}, false
	}
	f := v.frame(q)
	out := Knowledge{Known: known, Events: f.behind(known), Later: []Later{}}
	for _, e := range out.Events {
		out.Later = append(out.Later, f.later(e)...)
	}
	slices.SortFunc(out.Later, func(a, b Later) int { return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.About, b.About)) })
	return out, true
}

// behind lists every event known that is about a dossier's subject, withdrawn
// ones too, or that its answer rests on.
func (f *frame) behind(d Dossier) []uint64 {
	out := f.told(d.calledBy())
	for _, one := range d.Designations {
		out = append(out, one.Events...)
		for _, step := range one.Court {
			out = append(out, step.Index)
		}
	}
	for _, one := range d.Registered {
		out = append(out, one.Index)
	}
	for _, l := range slices.Concat(d.Links, d.Related) {
		out = append(out, l.Index)
	}
	for _, cell := range d.Cells {
		out = append(out, cell.Events...)
	}
	for _, e := range d.Events {
		for _, c := range e.CoveredBy {
			out = append(out, c.Index)
		}
	}
	for _, p := range d.Permits {
		out = append(out, p.Index)
		if p.EndedBy != nil {
			out = append(out, *p.EndedBy)
		}
	}
	for _, m := range d.Frozen {
		out = append(out, m.Events.Indexes...)
	}
	slices.Sort(out)
	return f.withAbout(slices.Compact(out))
}

// calledBy lists by what a subscription would watch a dossier's subject.
func (d Dossier) calledBy() []string {
	out := []string{d.ID, numberOf(d.ID)}
	for _, one := range d.Designations {
		out = append(out, one.ID)
	}
	for _, one := range d.Registered {
		out = append(out, one.ID)
	}
	return append(out, numbers(&domain.Subject{Identifiers: d.Identifiers})...)
}

// saidBy lists what an event said, as recorded and by each correction known.
func (t at) saidBy(e uint64) []domain.Body {
	rec := &t.v.history.rows[e]
	out := []domain.Body{rec.body}
	for _, v := range rec.versions {
		if v.from < t.n {
			out = append(out, v.body)
		}
	}
	return out
}

// later lists what was said of an event since.
func (t at) later(e uint64) []Later {
	h := t.v.history
	now := at{v: t.v, n: t.v.Size(), on: t.on, day: t.day}
	var out []Later
	for _, i := range now.about(e) {
		if i >= t.n {
			out = append(out, Later{Index: i, About: e, What: h.saying(i)})
		}
	}
	for _, r := range h.revocations[h.rows[e].key] {
		if r.at >= t.n && h.contests(r, e) {
			out = append(out, Later{Index: r.at, About: e, What: LaterContested})
		}
	}
	for _, r := range h.repudiations {
		if r.at >= t.n && h.repudiates(r, e) {
			out = append(out, Later{Index: r.at, About: e, What: LaterRepudiated})
		}
	}
	return out
}

// saying names what an event does to the one it is about.
func (h *history) saying(i uint64) string {
	switch h.rows[i].body.(type) {
	case domain.EventCorrected:
		return LaterCorrected
	case domain.EventWithdrawn:
		return LaterWithdrawn
	case domain.EventDisputed:
		return LaterDisputed
	case domain.DisputeClosed:
		return LaterDisputeClosed
	case domain.EventEndorsed:
		return LaterEndorsed
	}
	return LaterExplained
}
