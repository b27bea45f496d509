package projections

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// openDisputes returns the disputes of event i that stand open after n facts.
func (h *history) openDisputes(i, n uint64) []uint64 {
	var open []uint64
	for _, d := range h.rows[i].disputes {
		if b, ok := h.standing(d, n).(domain.EventDisputed); ok && b.Target.Index == i && h.closing(d, n) == nil {
			open = append(open, d)
		}
	}
	return open
}

// closing returns what closed a dispute, nil while it is open.
func (h *history) closing(dispute, n uint64) *domain.DisputeClosed {
	for _, c := range h.rows[dispute].closings {
		if b, ok := h.standing(c, n).(domain.DisputeClosed); ok && b.Dispute.Index == dispute {
			return &b
		}
	}
	return nil
}

// contested reports whether the key that signed event i was called compromised
// from a day on or before its recording, by one of the first n facts.
func (h *history) contested(i, n uint64) bool {
	rec := &h.rows[i]
	if len(h.revocations) == 0 {
		return false
	}
	for _, r := range h.revocations[rec.key] {
		if r.at < n && h.contests(r, i) {
			return true
		}
	}
	return false
}

// contests reports whether a revocation of the key that signed event i speaks
// of it: it was recorded before, and on or after the day named.
func (h *history) contests(r revocation, i uint64) bool {
	return i < r.at && domain.DateOf(time.UnixMicro(h.rows[i].at)) >= r.since.Earliest()
}

// repudiated reports whether its agency said of event i "not by us".
func (h *history) repudiated(i, n uint64) bool {
	for _, r := range h.repudiations {
		if r.at < n && h.repudiates(r, i) {
			return true
		}
	}
	return false
}

func (h *history) repudiates(r repudiation, i uint64) bool {
	rec := &h.rows[i]
	return r.Agency == rec.issuer && r.FromIndex <= i && i <= r.ToIndex && (r.KeyID == "" || r.KeyID == rec.key)
}

// flags are the marks that figures count.
type flags struct{ disputed, contested, repudiated, transcribed, illustrative bool }

// flagsOf returns the marks of event i. What its correction in force bears
// counts as well.
func (t at) flagsOf(i uint64) flags {
	h := t.v.history
	if q := h.quick[i]; q&quickLook == 0 {
		return flags{illustrative: q&quickIllustrative != 0, transcribed: q&quickTranscribed != 0}
	}
	rec := &h.rows[i]
	f := flags{
		disputed:  len(rec.disputes) > 0 && len(h.openDisputes(i, t.n)) > 0,
		contested: h.contested(i, t.n), repudiated: h.repudiated(i, t.n),
	}
	traits := rec.traits
	if v := rec.versionAt(t.n); v != nil {
		traits = v.traits
		f.contested = f.contested || h.contested(v.from, t.n)
		f.repudiated = f.repudiated || h.repudiated(v.from, t.n)
	}
	if traits.whose == "" {
		traits.whose = t.whose(i)
	}
	f.illustrative = traits.illustrative
	f.transcribed = traits.whose != "" && traits.whose != rec.issuer.Member()
	return f
}

// whose returns who decided what an amendment, or an event that ends or renews
// a designation, reports, and the authority of a regime that such an event
// transcribes; "" for other statements, which are their signer's by nature.
func (t at) whose(i uint64) domain.Country {
	switch b := t.v.history.bodyAt(i, t.n).(type) {
	case *domain.DesignationAmended:
		return t.authority(b.Designation)
	case *domain.DesignationRemoved:
		return t.authority(b.Designation)
	case domain.DesignationSuspended:
		return t.authority(b.Designation)
	case domain.DesignationReinstated:
		return t.authority(b.Designation)
	case *domain.ObligationDefined:
		return t.keeps(b.Regime)
	case domain.ExemptionGranted:
		return t.keeps(b.Regime)
	case domain.ExemptionEnded:
		return t.keeps(b.Regime)
	case domain.RegimeAmended:
		return t.keeps(b.Regime)
	case domain.RegimeLapsed:
		return t.keeps(b.Regime)
	case domain.RegimeRenewed:
		return t.keeps(b.Regime)
	case domain.MandateEnded:
		return t.keeps(b.Regime)
	}
	return ""
}

// keeps returns a regime's authority, "" if it is not known.
func (t at) keeps(regime string) domain.Country {
	for _, e := range slices.Backward(t.v.lists.Regimes[regime]) {
		if b, ok := t.v.history.rows[e].body.(domain.RegimeAdopted); ok && e < t.n {
			return b.Authority
		}
	}
	return ""
}

// marks returns everything that stands against or beside event i.
func (t at) marks(i uint64) Marks {
	h, f := t.v.history, t.flagsOf(i)
	m := Marks{
		Handling:    domain.HandlingOf(h.bodyAt(i, t.n)),
		Transcribed: f.transcribed, Illustrative: f.illustrative, Disputed: f.disputed,
		Contested: f.contested, Repudiated: f.repudiated, DisputedBy: h.openDisputes(i, t.n),
	}
	rec := &h.rows[i]
	for _, v := range rec.versions {
		if v.from < t.n {
			m.CorrectedBy = append(m.CorrectedBy, v.from)
		}
	}
	if w := rec.withdrawn; w != 0 && w < t.n {
		m.WithdrawnBy = &w
	}
	for _, e := range rec.endorsed {
		if b, ok := h.standing(e, t.n).(domain.EventEndorsed); ok && b.Target.Index == i {
			m.EndorsedBy = append(m.EndorsedBy, e)
		}
	}
	for _, e := range rec.explained {
		if b, ok := h.standing(e, t.n).(domain.ExplanationGiven); ok && b.Target != nil && b.Target.Index == i {
			m.ExplainedBy = append(m.ExplainedBy, e)
		}
	}
	return m
}

// disputesOf returns every standing dispute of event i, closed ones included.
func (t at) disputesOf(i uint64) []Remark {
	out := []Remark{}
	for _, d := range t.v.history.rows[i].disputes {
		if r, ok := t.dispute(d); ok && *r.Target == i {
			out = append(out, r)
		}
	}
	return out
}

func (t at) dispute(d uint64) (Remark, bool) {
	b, ok := t.v.history.standing(d, t.n).(domain.EventDisputed)
	if !ok {
		return Remark{}, false
	}
	r := t.remark(d, b.Grounds)
	r.Target, r.Open = &b.Target.Index, true
	if c := t.v.history.closing(d, t.n); c != nil {
		r.Open, r.Outcome = false, c.Outcome
	}
	return r, true
}

// explanationsOf returns the standing explanations of event i.
func (t at) explanationsOf(i uint64) []Remark {
	out := []Remark{}
	for _, e := range t.v.history.rows[i].explained {
		if r, ok := t.explanation(e); ok && r.Target != nil && *r.Target == i {
			out = append(out, r)
		}
	}
	return out
}

func (t at) explanation(e uint64) (Remark, bool) {
	b, ok := t.v.history.standing(e, t.n).(domain.ExplanationGiven)
	if !ok {
		return Remark{}, false
	}
	r := t.remark(e, b.Text)
	r.Figure = b.Figure
	if b.Target != nil {
		r.Target = &b.Target.Index
	}
	return r, true
}

func (t at) remark(i uint64, text domain.Text) Remark {
	rec := &t.v.history.rows[i]
	return Remark{
		Index: i, Issuer: rec.issuer, RecordedAt: time.UnixMicro(rec.at).UTC(), Handling: domain.HandlingOf(t.v.history.bodyAt(i, t.n)),
		Text: text.Text, Language: text.Language,
	}
}

// tally counts marks over the events behind a number.
type tally struct {
	events []uint64
	flags  struct{ disputed, contested, repudiated, transcribed, illustrative int }
}

func (t at) tally(events []uint64) tally {
	out := tally{events: events}
	for _, i := range events {
		out.add(t.flagsOf(i))
	}
	return out
}

// invented reports whether a statement about a state is illustrative: it says
// so, or the state's code stands for nobody real.
func invented(b domain.Statement, about domain.Country) bool {
	return b.Base().Illustrative || about.UserAssigned()
}

// invented reports whether a statement is illustrative, or the word or act of a
// state whose code stands for nobody real.
func (t at) invented(e uint64) bool {
	return t.flagsOf(e).illustrative || t.ofWhom(e).UserAssigned()
}

// ofWhom is the state whose act or word an event is: the one it speaks for where
// it transcribes, else its signer's.
func (t at) ofWhom(e uint64) domain.Country {
	rec := &t.v.history.rows[e]
	traits := rec.traits
	if v := rec.versionAt(t.n); v != nil {
		traits = v.traits
	}
	return cmp.Or(traits.whose, t.whose(e), rec.issuer.Member())
}

// parted divides events into those that are not so, and those that are.
func parted(events []uint64, so func(uint64) bool) (not, are []uint64) {
	for _, e := range events {
		if so(e) {
			are = append(are, e)
		} else {
			not = append(not, e)
		}
	}
	return not, are
}

// realFirst orders what is illustrative after what is not.
func realFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (y *tally) add(f flags) {
	count(&y.flags.disputed, f.disputed)
	count(&y.flags.contested, f.contested)
	count(&y.flags.repudiated, f.repudiated)
	count(&y.flags.transcribed, f.transcribed)
	count(&y.flags.illustrative, f.illustrative)
}

// tallyValues counts the values that a median is of, each given by the events
// that it is worked out from, and those with a mark on any of these.
func (t at) tallyValues(values iter.Seq[[]uint64]) (n int, y tally) {
	for events := range values {
		var all flags
		for _, e := range events {
			all = all.or(t.flagsOf(e))
		}
		y.add(all)
		n++
	}
	return n, y
}

func (f flags) or(g flags) flags {
	return flags{
		f.disputed || g.disputed, f.contested || g.contested, f.repudiated || g.repudiated,
		f.transcribed || g.transcribed, f.illustrative || g.illustrative,
	}
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// words says a number with what stands against it: "12, of which 3 disputed".
func (y tally) words(number string) string {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(y.flags.disputed, "disputed")
	add(y.flags.contested, "contested")
	add(y.flags.repudiated, "repudiated")
	if len(parts) == 0 {
		return number
	}
	return number + ", of which " + strings.Join(parts, ", ")
}
