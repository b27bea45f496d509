package projections

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Recorded says where a statement stands in the journal.
type Recorded struct {
	Index      uint64
	Leaf       domain.Hash
	Issuer     domain.AgencyID
	RecordedAt time.Time
	Handling   string // TLP 2.0 label of its public part
}

// Listed is a designation with all that an export needs of it. What it points
// to is the views' own and must not be changed.
type Listed struct {
	Designation
	At             Recorded                     // of the adoption; Handling is the strictest of Events
	LastAt         time.Time                    // when the newest of Events, or a correction of one, was recorded
	Adopted        *domain.DesignationAdopted   // corrections applied
	Subject        *domain.Subject              // after amendments
	Rests          []*domain.DesignationAdopted // what it rests on by Basis, the nearest first
	Transpositions []Transposed                 // recorded, and with effect by the day
	Links          []Linked                     // to other designations; each is listed at both its ends
}

// Transposed is a transposition with its place.
type Transposed struct {
	Transposition
	At    Recorded
	Entry *domain.Subject // the national list's own words, or nil
}

// Linked is a link with its place.
type Linked struct {
	Link
	At Recorded
}

// Act is an action, freeze, release or interdiction that stands and had
// happened by the day.
type Act struct {
	At    Recorded
	Type  string
	Body  domain.Statement
	Marks Marks
}

// Listed yields the designations that q selects, all pages of them, in the
// order of their ids.
func (v *Views) Listed(q RegisterQuery) iter.Seq[Listed] {
	return func(yield func(Listed) bool) {
		f := v.frame(q.Query)
		for _, num := range v.lists.order {
			d, ok := f.designation(num)
			if ok && f.selects(&q, d, nil) && !yield(f.listed(d)) {
				return
			}
		}
	}
}

func (f *frame) listed(d designated) Listed {
	out := Listed{
		Designation: f.describe(d), At: f.placed(d.Event), Adopted: f.adopted(d), Subject: f.subject(d), Rests: f.rests(d),
	}
	for _, e := range out.Events {
		r := f.placed(e)
		out.At.Handling = stricter(out.At.Handling, r.Handling)
		out.LastAt = later(out.LastAt, r.RecordedAt)
		for _, v := range f.v.history.rows[e].versions {
			if v.from < f.n {
				out.LastAt = later(out.LastAt, f.placed(v.from).RecordedAt)
			}
		}
	}
	for _, t := range f.transpositionRows(d) {
		if f.by(t.EffectOn) {
			b, _ := f.v.history.bodyAt(t.Index, f.n).(*domain.DesignationTransposed)
			out.Transpositions = append(out.Transpositions, Transposed{Transposition: t, At: f.placed(t.Index), Entry: b.Entry})
		}
	}
	for _, l := range f.linkRows(d.row) {
		out.Links = append(out.Links, Linked{Link: l, At: f.placed(l.Index)})
	}
	return out
}

// rests follows the bases of a designation, each once.
func (t at) rests(d designated) []*domain.DesignationAdopted {
	var out []*domain.DesignationAdopted
	for seen := []string{d.ID}; ; seen = append(seen, d.ID) {
		num, ok := t.v.lists.byID[t.adopted(d).Basis]
		if !ok {
			return out
		}
		if d, ok = t.designation(num); !ok || slices.Contains(seen, d.ID) {
			return out
		}
		out = append(out, t.adopted(d))
	}
}

func (t at) placed(e uint64) Recorded {
	rec := &t.v.history.rows[e]
	r := Recorded{Index: e, Leaf: rec.leaf, Issuer: rec.issuer, RecordedAt: time.UnixMicro(rec.at).UTC()}
	if st, ok := t.v.history.bodyAt(e, t.n).(domain.Statement); ok {
		r.Handling = cmp.Or(st.Base().Handling, "TLP:CLEAR")
	}
	return r
}

// Acts yields the acts that stand and had happened by the day, in the order of
// the journal. Illustrative ones are marked so.
func (v *Views) Acts(q Query) iter.Seq[Act] {
	return func(yield func(Act) bool) {
		t := v.at(q)
		for e := range t.n {
			switch v.history.rows[e].body.(type) {
			case *domain.EnforcementActionTaken, *domain.AssetFrozen, *domain.AssetUnfrozen, *domain.InterdictionExecuted:
			default:
				continue
			}
			st, ok := v.history.standing(e, t.n).(domain.Statement)
			if ok && t.by(st.Base().OccurredOn) && !yield(Act{At: t.placed(e), Type: v.history.rows[e].kind, Body: st, Marks: t.marks(e)}) {
				return
			}
		}
	}
}

// Journal yields where each record stands, in order; Type is "" of records
// that were voided. Statements that were withdrawn are records as well.
func (v *Views) Journal(q Query) iter.Seq2[Recorded, string] {
	return func(yield func(Recorded, string) bool) {
		t := v.at(q)
		for e := range t.n {
			if !yield(t.placed(e), v.history.rows[e].kind) {
				return
			}
		}
	}
}

// labels are those of TLP 2.0, from the one that binds least.
var labels = []string{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"}

// Stricter reports whether a label of the Traffic Light Protocol binds more
// than another; "" is TLP:CLEAR.
func Stricter(a, b string) bool { return slices.Index(labels, a) > max(0, slices.Index(labels, b)) }

func stricter(a, b string) string {
	if Stricter(b, a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
