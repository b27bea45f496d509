package projections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// DateConflicts returns pairs of published dates that cannot both be right,
// by state and designation.
func (v *Views) DateConflicts(q ConflictQuery) ConflictPage {
	f := v.frame(q.Query)
	var all []found
	f.eachConflict(q.State, q.Regime, func(d designated, a *act, days int) {
		all = append(all, found{f.v.lists.StateIDs[a.State], d.ID, d.num, a, days})
	})
	slices.SortFunc(all, func(a, b found) int { return strings.Compare(a.key(), b.key()) })
	page := ConflictPage{Scope: f.scope(), Total: len(all), Conflicts: []DateConflict{}}
	for i, c := range all {
		if q.Cursor != "" && c.key() <= q.Cursor {
			continue
		}
		if len(page.Conflicts) == q.limit() {
			page.Next = q.next(all[i-1].key())
			break
		}
		d, _ := f.designation(c.row)
		page.Conflicts = append(page.Conflicts, f.conflict(d, c.act, c.days))
	}
	return page
}

// found is a conflict before it is shown.
type found struct {
	state domain.Country
	id    string
	row   int32
	act   *act
	days  int
}

// key sorts by state, all of which have two letters, by designation and by
// event: each row has its own.
func (c found) key() string { return fmt.Sprintf("%s|%s|%020d", c.state, c.id, c.act.Event) }

// eachConflict calls see with every conflict of entries on UN designations.
func (t at) eachConflict(state domain.Country, regime string, see func(d designated, a *act, days int)) {
	l := t.v.lists
	for number, acts := range l.ByState {
		if state != "" && l.StateIDs[number] != state {
			continue
		}
		for _, k := range acts {
			t.tryConflict(&l.Acts[k], regime, see)
		}
	}
}

func (t at) tryConflict(a *act, regime string, see func(d designated, a *act, days int)) {
	if !t.effective(a) {
		return
	}
	d, ok := t.designation(a.Row)
	if !ok || d.Authority != "UN" || regime != "" && t.regimeID(d) != regime {
		return
	}
	if days, dated := lagOf(d, a); dated && conflict(days) != "" {
		see(d, a, days)
	}
}
