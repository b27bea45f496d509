package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// sheet gathers the figures of one state.
type sheet struct {
	*frame
	country                domain.Country
	here                   int        // the state's place in frame.states
	listed                 [][]judged // beside lists.RegimeIDs
	gaps, silent           []uint64   // designations that another state holds
	gapsApart, silentApart int        // at a real state, those of invented lists
	explanations           []Remark
	indicators             []Indicator
	sheets                 map[string]*regimeSheet
	owing                  []owed          // see owed
	shipWays               map[shipKey]way // see shipWay
	figures                []figure
}

func (f *frame) sheet(c domain.Country) *sheet {
	return &sheet{
		frame: f, country: c, here: f.number[c], explanations: f.explained(c),
		indicators: Indicators(), sheets: map[string]*regimeSheet{}, shipWays: map[shipKey]way{},
	}
}

// regimeSheet is a regime's part, with the events behind its numbers.
type regimeSheet struct {
	RegimeCompliance
	transposed []uint64 // events of listed designations' own acts
	open       []designated
	lags       []lag
	lagEvents  []uint64
	notices    map[int32][]uint64  // entries of each that lags were measured of
	over       map[string][]uint64 // by benchmark
	timed      bool                // see timed
}

// regime works out a regime's part, once for a sheet.
func (s *sheet) regime(id string) *regimeSheet {
	if s.sheets[id] == nil {
		s.judge()
		s.sheets[id] = s.newRegime(id)
	}
	return s.sheets[id]
}

func (s *sheet) newRegime(id string) *regimeSheet {
	r := s.regimes[id]
	out := &regimeSheet{over: map[string][]uint64{}, RegimeCompliance: RegimeCompliance{
		Regime: id, Name: r.Name, Authority: r.Authority, Modes: s.modeRows(id), Through: s.throughEU(s.country, id), Groups: []Group{}, Conflicts: []DateConflict{}, Bench: []Benchmark{},
	}}
	if number, ok := s.v.lists.regimes[id]; ok {
		out.Counts, out.Groups = s.count(s.listed[number])
		s.gatherCells(out, s.listed[number])
	}
	return out
}

// timed is a regime's part with what is counted in days: lags, ages and
// benchmarks.
func (s *sheet) timed(id string) *regimeSheet {
	out := s.regime(id)
	if out.timed {
		return out
	}
	out.timed = true
	if number, ok := s.v.lists.regimes[id]; ok {
		s.gatherLags(number, out)
	}
	if out.Counts.Open > 0 || slices.Contains(s.modes(id, s.country), domain.ModeOwnAct) {
		out.Backlog = s.backlog(out.open)
	}
	s.benchmarks(id, out)
	return out
}

func (s *sheet) modeRows(id string) []Mode {
	out := []Mode{}
	for _, d := range s.declarations(s.country) {
		if d.Regime != id {
			continue
		}
		out = append(out, Mode{
			Index: d.event, Mode: d.Mode, Measures: d.Measures, Kinds: d.Kinds, Instrument: d.Instrument,
			ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, Marks: s.marks(d.event),
		})
	}
	return out
}

func (s *sheet) gatherCells(out *regimeSheet, listed []judged) {
	out.open, out.transposed = make([]designated, 0, out.Counts.Open), make([]uint64, 0, out.Counts.Transposed)
	for i := range listed {
		d := &listed[i]
		switch {
		case d.state == open:
			out.open = append(out.open, d.designated)
		case d.own():
			out.transposed = append(out.transposed, d.event)
		}
	}
	slices.Sort(out.transposed)
}

// gatherLags measures every act of the state that has effect, those for
// designations removed since included: the act was made.
func (s *sheet) gatherLags(regime int16, out *regimeSheet) {
	groups, undated := map[int32][]lag{}, 0
	out.notices = map[int32][]uint64{}
	for _, k := range s.v.lists.actsOf(s.country) {
		a := &s.v.lists.Acts[k]
		if !s.effective(a) {
			continue
		}
		d, ok := s.designation(a.Row)
		if !ok || d.Regime != regime || d.status == StatusPending {
			continue
		}
		days, dated := lagOf(d, a)
		if !dated {
			undated++
			continue
		}
		l := lag{days: days, event: a.Event}
		out.lags, out.lagEvents = append(out.lags, l), append(out.lagEvents, a.Event)
		groups[a.Notice], out.notices[a.Notice] = append(groups[a.Notice], l), append(out.notices[a.Notice], a.Event)
		if d.Authority != "UN" || conflict(days) == "" {
			continue
		}
		if out.ConflictCount++; len(out.Conflicts) < MaxEvents {
			out.Conflicts = append(out.Conflicts, s.conflict(d, a, days))
		}
	}
	out.PerEntry = distribution(out.lags, undated, out.lagEvents)
	out.PerNotice = distribution(perNotice(groups), 0, out.lagEvents)
}

// notice is the act that entries belong to: its number and date, or the date
// of effect where neither is stated.
type notice struct {
	Number string
	On     domain.Date
}

func noticeOf(b domain.DesignationTransposed) notice {
	if b.Notice == "" && b.NoticeOn == "" {
		return notice{On: b.InForceOn}
	}
	return notice{b.Notice, b.NoticeOn}
}

// conflictDays is how far two published dates may lie apart before both are
// looked at again.
const conflictDays = 30

func conflict(days int) string {
	switch {
	case days < 0:
		return "the national date is earlier than the listing"
	case days > conflictDays:
		return "the dates lie more than 30 days apart"
	}
	return ""
}

func (t at) conflict(d designated, a *act, days int) DateConflict {
	return DateConflict{
		Country: t.v.lists.StateIDs[a.State], Designation: d.ID, Name: nameOf(t.subject(d)), ListedOn: d.listedFor(a),
		EffectOn: a.Effect, Days: days, Reason: conflict(days), Events: []uint64{d.Event, a.Event},
	}
}

// backlog lists open designations, the oldest first.
func (s *sheet) backlog(open []designated) *Backlog {
	out := &Backlog{Open: len(open), Entries: []OpenEntry{}}
	var ages []int // falling
	for _, i := range byDay(open) {
		d := &open[i]
		age := s.age(*d)
		if age != nil {
			ages = append(ages, *age)
		}
		if len(out.Entries) < MaxEvents {
			out.Entries = append(out.Entries, OpenEntry{
				Designation: d.ID, Name: nameOf(s.subject(*d)), ListedOn: d.listedOn(), AgeDays: age, Event: d.Event,
			})
		}
	}
	if n := len(ages); n > 0 {
		out.Oldest, out.Median = &ages[0], &ages[n-(n+1)/2]
	}
	return out
}

// byDay orders designations, given in the order of ids, by the day of listing.
func byDay(list []designated) []int32 {
	keys, out := make([]int64, len(list)), make([]int32, len(list))
	for i := range list {
		keys[i] = int64(list[i].Day)<<32 | int64(i)
	}
	slices.Sort(keys)
	for i, k := range keys {
		out[i] = int32(k & (1<<32 - 1))
	}
	return out
}

func (s *sheet) age(d designated) *int {
	listed, ok := dayNumber(d.listedOn())
	if s.on == "" || !ok {
		return nil
	}
	days := int(s.day) - listed
	return &days
}

// benchmarks counts the acts that took longer than the coalition's benchmark,
// and what has been open for longer.
func (s *sheet) benchmarks(id string, out *regimeSheet) {
	for _, e := range s.benchmarksOf(id) {
		b := s.v.history.rows[e].body.(domain.BenchmarkAdopted)
		var over []uint64
		row := Benchmark{ID: b.ID, Label: BenchmarkLabel, Measure: b.Measure, Days: b.Days, Text: b.Text, Event: e}
		for _, l := range out.lags {
			row.Of++
			if l.days > b.Days {
				over = append(over, l.event)
			}
		}
		for _, d := range out.open {
			age := s.age(d)
			if age == nil {
				continue
			}
			row.Of++
			if *age > b.Days {
				over = append(over, d.Event)
			}
		}
		slices.Sort(over)
		row.Over, row.Events, out.over[b.ID] = len(over), bounded(over), over
		out.Bench = append(out.Bench, row)
	}
}

// benchmarksOf returns the last adoption of each of a regime's benchmarks.
func (t at) benchmarksOf(regime string) []uint64 {
	var out []uint64
	seen := map[string]bool{}
	events := t.v.lists.Benchmarks[regime]
	for k := len(events) - 1; k >= 0; k-- {
		if events[k] >= t.n {
			continue
		}
		if b, ok := t.v.history.rows[events[k]].body.(domain.BenchmarkAdopted); ok && !seen[b.ID] {
			seen[b.ID] = true
			out = append(out, events[k])
		}
	}
	slices.Sort(out)
	return out
}
