package projections

import (
	"cmp"
	"io"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// affairs finds what happened in a state or was done by it, by type: reports
// and permissions, ships of its flag, requests made to it. A correction adds
// where its original is found; a reader checks what it says at the query's AsOf.
type affairs struct {
	Of map[domain.Country]map[string][]uint64
}

func newAffairs() *affairs { return &affairs{Of: map[domain.Country]map[string][]uint64{}} }

// Name returns the view's name in snapshots.
func (a *affairs) Name() string { return "affairs" }

// Version returns the version of the view's fold.
func (a *affairs) Version() int { return 1 }

// Fold takes the next fact.
func (a *affairs) Fold(f domain.Fact) {
	event, kind, body := f.Index, f.Type, f.Body
	if b, ok := body.(domain.EventCorrected); ok {
		st, r := b.Body()
		if r != nil {
			return
		}
		event, kind, body = b.Target.Index, b.Type, st
	}
	if _, ok := body.(domain.Statement); !ok || ofLists(kind) {
		return
	}
	for _, c := range affairOf(f.Issuer.Member(), held(body)) {
		if !c.Valid() {
			continue
		}
		if a.Of[c] == nil {
			a.Of[c] = map[string][]uint64{}
		}
		put(a.Of[c], kind, event)
	}
}

// ofLists reports whether a type is of those that other views find: they are
// most of a journal.
func ofLists(kind string) bool {
	family, _, _ := strings.Cut(kind, ".")
	switch family {
	case "designation", "implementation", "list", "subject", "event", "detail":
		return true
	}
	return false
}

// affairOf lists the states whose affair a statement is.
func affairOf(issuer domain.Country, body domain.Body) []domain.Country {
	switch b := body.(type) {
	case domain.PetroleumTransferReported:
		return []domain.Country{b.Supplier}
	case domain.VesselIdentityChanged:
		return []domain.Country{domain.Country(b.Old.Flag), domain.Country(b.New.Flag)}
	case domain.InformationRequested:
		return []domain.Country{b.ToMember}
	case domain.ExemptionGranted:
		return []domain.Country{b.Member}
	case ofState:
		return []domain.Country{cmp.Or(b.Whose(), issuer)}
	}
	return []domain.Country{issuer}
}

// Save writes the view.
func (a *affairs) Save(w io.Writer) error { return save(w, a.Of) }

// Load replaces the view by a saved one.
func (a *affairs) Load(r io.Reader) error {
	in := newAffairs()
	if err := load(r, &in.Of); err != nil {
		return err
	}
	*a = *in
	return nil
}

// affair is an event of a state, and what it says.
type affair struct {
	event uint64
	body  domain.Body
}

// affairs lists the events of one type that stand, had happened by the day and
// are this state's affair as they read now, ascending.
func (t at) affairs(c domain.Country, kind string) []affair {
	var out []affair
	for _, e := range t.v.affairs.Of[c][kind] {
		body := t.acts(c, e)
		if body == nil {
			continue
		}
		for _, whose := range affairOf(t.v.history.rows[e].issuer.Member(), body) {
			if whose == c {
				out = append(out, affair{e, body})
				break
			}
		}
	}
	return out
}

// dayOf is the day that an event tells of: when it happened, or else when it
// was recorded.
func (t at) dayOf(a affair) domain.Date {
	if st, ok := a.body.(domain.Statement); ok && st.Base().OccurredOn != "" {
		return st.Base().OccurredOn
	}
	when, _ := t.v.RecordedAt(a.event)
	return domain.DateOf(when)
}
