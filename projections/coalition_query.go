package projections

import (
	"cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const summaryNotice = "Counts are of what is recorded. Not recorded is not non-compliance, and states are not ranked. How many events there are, and how many are disputed, corrected, withdrawn or illustrative, is counted over the record as known at as_of, whatever the day (on); states counts real and illustrative ones."

// Summary returns the coalition at a glance.
func (v *Views) Summary(q Query) Summary {
	f := v.frame(q)
	out := Summary{Scope: f.scope(), Members: len(f.members), States: len(f.watched), Regimes: []RegimeSummary{}, Events: map[string]int{}, Violations: f.violations(), Notice: summaryNotice}
	f.tallyEvents(&out)
	all := f.census()
	counts, kinds, lists := f.byRegime(all), f.countKinds(StatusListed), f.statuses()
	for _, id := range f.ids {
		out.Regimes = append(out.Regimes, f.summarise(id, counts[id], kinds[id], lists[id]))
	}
	f.eachConflict("", "", func(designated, *act, int) { out.Conflicts++ })
	out.Loopholes = all.pairs
	return out
}

func (f *frame) tallyEvents(out *Summary) {
	h := f.v.history
	for kind, events := range h.kinds {
		if n := len(f.known(events)); n > 0 {
			out.Events[kind] = n
		}
	}
	for _, i := range f.known(h.touched) {
		if !h.rows[i].statement {
			continue
		}
		marks := f.flagsOf(i)
		count(&out.Disputed, marks.disputed)
		count(&out.Illustrative, marks.illustrative)
		count(&out.Withdrawn, !h.stands(i, f.n))
		rec := &h.rows[i]
		count(&out.Corrected, len(rec.versions) > 0 && rec.versions[0].from < f.n)
	}
}

// countKinds counts designations of a status by regime and kind of subject.
func (f *frame) countKinds(status string) map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, id := range f.ids {
		out[id] = map[string]int{}
	}
	for num := range f.v.lists.Rows {
		if d, ok := f.designation(int32(num)); ok && d.status == status && f.byNumber[d.Regime] != nil {
			out[f.regimeID(d)][d.kind()]++
		}
	}
	return out
}

func (f *frame) summarise(id string, counts []Counts, kinds map[string]int, all ListCounts) RegimeSummary {
	r := f.regimes[id]
	out := RegimeSummary{Regime: id, Name: r.Name, Authority: r.Authority, ByKind: kinds, StateCounts: StateCounts{States: map[string]int{}}}
	for _, n := range kinds {
		out.Listed += n
	}
	out.Removed, out.Suspended, out.Annulled = all.Removed, all.Suspended, all.Annulled
	for _, c := range f.watched {
		to := &out.StateCounts
		if c.UserAssigned() {
			out.Illustrative = cmp.Or(out.Illustrative, &StateCounts{States: map[string]int{}})
			to = out.Illustrative
		}
		to.add(f.modes(id, c), counts[f.number[c]])
	}
	return out
}

// add counts one state.
func (t *StateCounts) add(modes []string, cells Counts) {
	if len(modes) == 0 {
		modes = []string{CellNotRecorded}
	}
	for _, m := range modes {
		t.States[m]++
	}
	t.CellCounts.sum(cells)
}

// of returns the counts for what is illustrative, or for what is not.
func (c *Differences) of(illustrative bool) *DifferenceCounts {
	if illustrative {
		return &c.Illustrative
	}
	return &c.DifferenceCounts
}

// inventedPair reports whether a list or a state stands for nobody real.
func inventedPair(authority, state domain.Country) bool {
	return authority.UserAssigned() || state.UserAssigned()
}

// add counts the states that lack a designation of an authority.
func (c *Differences) add(authority domain.Country, lacking []missing) {
	for _, m := range lacking {
		c.of(inventedPair(authority, m.country)).add(m.verdict)
	}
}

func (c *DifferenceCounts) add(v verdict) {
	switch v.call() {
	case "gap":
		c.Gaps++
	case "by court":
		c.ByCourt++
	case "":
		c.Partial++
	default:
		c.NotRecorded++
	}
}
