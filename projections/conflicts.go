package projections

import (
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// DateConflicts returns pairs of published dates that cannot both be right,
// by state and designation.
func (v *Views) DateConflicts(q ConflictQuery) ConflictPage {
	f := v.frame(q.Query)
	type found struct {
		key  string
		d    designated
		a    *act
		days int
	}
	var all []found
	f.eachConflict(q.State, q.Regime, func(d designated, a *act, days int) {
		all = append(all, found{string(f.v.lists.StateIDs[a.State]) + "|" + d.ID, d, a, days})
	})
	slices.SortFunc(all, func(a, b found) int { return strings.Compare(a.key, b.key) })
	page := ConflictPage{Scope: f.scope(), Total: len(all), Conflicts: []DateConflict{}}
	last := ""
	for _, c := range all {
		if q.Cursor != "" && c.key <= q.Cursor {
			continue
		}
		if len(page.Conflicts) == q.limit() {
			page.Next = last
			break
		}
		page.Conflicts, last = append(page.Conflicts, f.conflict(c.d, c.a, c.days)), c.key
	}
	return page
}

// eachConflict calls see with every conflict of entries on UN designations.
func (t at) eachConflict(state domain.Country, regime string, see func(d designated, a *act, days int)) {
	l := t.v.lists
	for i := range l.Acts {
		a := &l.Acts[i]
		if state != "" && l.StateIDs[a.State] != state || !t.effective(a) {
			continue
		}
		d, ok := t.designation(a.Row)
		if !ok || d.Authority != "UN" || regime != "" && t.regimeID(d) != regime {
			continue
		}
		if days, dated := daysBetween(d.Listed, a.Effect); dated && conflict(days) != "" {
			see(d, a, days)
		}
	}
}
