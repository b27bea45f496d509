package projections

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Changes reports what was recorded after the first from events and up to the
// event at to, which must be folded. It uses no other fact.
func (v *Views) Changes(from, to uint64) Report {
	after := v.point(to + 1)
	s := &reporter{before: v.point(from), frame: after.frame(), sections: map[domain.Country]map[string][]uint64{}}
	out := Report{
		From: s.before.reportPoint(), To: after.reportPoint(), Views: v.versions(), Notice: reportNotice,
		Lists: s.lists(), Members: []ReportSection{}, Silent: []domain.Country{},
	}
	for e := from; e <= to; e++ {
		s.take(e)
	}
	out.Coalition = s.coalition()
	for _, c := range slices.Sorted(maps.Keys(s.sections)) {
		if c != "" {
			out.Members = append(out.Members, s.section(c))
		}
	}
	for _, c := range s.watched {
		if s.sections[c] == nil {
			out.Silent = append(out.Silent, c)
		}
	}
	return out
}

// point is the journal after n events, on the day when the last was recorded.
func (v *Views) point(n uint64) at {
	if n == 0 {
		return v.at(Query{}).first(0)
	}
	day := domain.DateOf(time.UnixMicro(v.history.rows[n-1].at))
	return v.at(Query{On: day}).first(n)
}

// first narrows a question to the first n events.
func (t at) first(n uint64) at {
	t.n = n
	return t
}

func (t at) reportPoint() ReportPoint {
	out := ReportPoint{Size: t.n, On: t.on}
	if t.n > 0 {
		index, when := t.n-1, time.UnixMicro(t.v.history.rows[t.n-1].at).UTC()
		out.Index, out.RecordedAt = &index, &when
	}
	return out
}

func (v *Views) versions() []ViewVersion {
	var out []ViewVersion
	for _, view := range v.all {
		out = append(out, ViewVersion{view.Name(), view.Version()})
	}
	return out
}

// reporter gathers events by state and kind. Its frame is that of the second
// point.
type reporter struct {
	*frame
	before   at
	sections map[domain.Country]map[string][]uint64
}

// take puts an event where it is told.
func (s *reporter) take(e uint64) {
	rec := &s.v.history.rows[e]
	if rec.kind == "" || rec.statement && !s.v.history.stands(e, s.n) {
		return // voided, or withdrawn since
	}
	c := s.ofWhom(e)
	if s.sections[c] == nil {
		s.sections[c] = map[string][]uint64{}
	}
	key := changeKey(rec.kind)
	s.sections[c][key] = append(s.sections[c][key], e)
}

func changeKey(kind string) string {
	for _, k := range changeKinds {
		if ofType(kind, k.types) {
			return k.key
		}
	}
	return "other"
}

func (s *reporter) section(c domain.Country) ReportSection {
	out := ReportSection{
		Country: c, Name: countryName(c), Member: s.members[c], Illustrative: c.UserAssigned(),
		Changes: []Change{}, Frozen: s.money(c), Explanations: []Remark{}, Sources: []ReportSource{},
	}
	for _, k := range changeKinds {
		if events := s.sections[c][k.key]; len(events) > 0 {
			change := s.change(k.key, k.name, events)
			change.Entries = s.entries(events)
			change.Untold = len(events) - len(change.Entries)
			out.Changes = append(out.Changes, change)
		}
	}
	for _, e := range s.sections[c]["explanations"] {
		if r, ok := s.explanation(e); ok {
			out.Explanations = append(out.Explanations, r)
		}
	}
	for _, e := range s.sections[c]["sources"] {
		if b, ok := s.v.history.bodyAt(e, s.n).(domain.ListImported); ok {
			out.Sources = append(out.Sources, ReportSource{
				Index: e, Source: b.Source, URL: b.URL, SHA256: b.SHA256, PublisherDate: b.PublisherDate, Entries: b.Entries, Counts: b.Counts,
			})
		}
	}
	return out
}

// change counts events of one kind. What a permission covers is told, and not
// counted among violations.
func (s *reporter) change(key, name string, events []uint64) Change {
	out := Change{Key: key, Name: name, Events: whole(events), Entries: []ReportEntry{}}
	counted := events
	if kind, _, _ := strings.Cut(key, "."); kind == "violations" {
		counted = slices.DeleteFunc(slices.Clone(events), func(e uint64) bool { return len(s.covers(e)) > 0 })
		out.Covered = len(events) - len(counted)
	}
	y := s.tally(counted)
	out.Count, out.Text = len(counted), y.words(strconv.Itoa(len(counted)))
	out.Disputed, out.Contested, out.Repudiated = y.flags.disputed, y.flags.contested, y.flags.repudiated
	out.Transcribed, out.Illustrative = y.flags.transcribed, y.flags.illustrative
	return out
}

func (s *reporter) entries(events []uint64) []ReportEntry {
	out := []ReportEntry{}
	for _, e := range events[:min(len(events), MaxPage)] {
		entry := s.entry(e)
		out = append(out, ReportEntry{Index: e, OccurredOn: entry.OccurredOn, Summary: entry.Summary, Marks: entry.Marks, Covered: entry.CoveredBy})
	}
	return out
}

// coalition adds the states' parts. The EU and its states give a designation
// effect once.
func (s *reporter) coalition() ReportSection {
	out := ReportSection{Name: "The coalition", Changes: []Change{}, Explanations: []Remark{}, Sources: []ReportSource{}}
	all := map[string][]uint64{}
	for _, kinds := range s.sections {
		for key, events := range kinds {
			all[key] = append(all[key], events...)
		}
	}
	for _, k := range changeKinds {
		events := all[k.key]
		if len(events) == 0 {
			continue
		}
		slices.Sort(events)
		real, taught := parted(events, func(e uint64) bool { return s.flagsOf(e).illustrative })
		if len(real) > 0 {
			out.Changes = append(out.Changes, s.changeOfAll(k.key, k.name, real))
		}
		if len(taught) > 0 {
			out.Changes = append(out.Changes, s.changeOfAll(k.key+".illustrative", k.name+", illustrative", taught))
		}
	}
	out.Frozen = s.moneyOfAll()
	return out
}

// changeOfAll counts events of one kind of all states.
func (s *reporter) changeOfAll(key, name string, events []uint64) Change {
	change := s.change(key, name, events)
	if kind, _, _ := strings.Cut(key, "."); kind == "transpositions" {
		change.Count = s.once(events)
		change.Text = s.tally(events).words(strconv.Itoa(change.Count))
	}
	return change
}

// once counts transpositions by designation, the EU and its states as one.
func (s *reporter) once(events []uint64) int {
	seen := map[[2]string]bool{}
	for _, e := range events {
		if b, ok := s.v.history.bodyAt(e, s.n).(*domain.DesignationTransposed); ok {
			who := b.Member
			if who.BoundThroughEUOn(b.EffectOn()) {
				who = "EU"
			}
			seen[[2]string{string(who), b.Designation}] = true
		}
	}
	return len(seen)
}

// lists counts each regime's designations at both points.
func (s *reporter) lists() []ListChange {
	out := []ListChange{}
	before, after := s.before.statuses(), s.statuses()
	for _, id := range s.ids {
		out = append(out, ListChange{Regime: id, Name: s.regimes[id].Name, Before: before[id], After: after[id]})
	}
	return out
}

func (t at) statuses() map[string]ListCounts {
	out := map[string]ListCounts{}
	for num := range t.v.lists.Rows {
		d, ok := t.designation(int32(num))
		if !ok {
			continue
		}
		c := out[t.regimeID(d)]
		count(&c.Listed, d.status == StatusListed)
		count(&c.Suspended, d.status == StatusSuspended)
		count(&c.Annulled, d.status == StatusAnnulled)
		count(&c.Removed, d.status == StatusRemoved)
		out[t.regimeID(d)] = c
	}
	return out
}
