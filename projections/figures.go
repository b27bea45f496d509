package projections

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// figure is a Figure with all its events.
type figure struct {
	Figure
	tally
	of []uint64 // behind Of; nil where the events are behind both
}

// show adds a figure. Its words are the number with what stands against it.
func (s *sheet) show(f Figure, events []uint64) {
	y := s.tally(events)
	s.showAs(f, y, y.words(f.number()))
}

// showPart adds a figure whose events are a part of those that it is counted
// out of.
func (s *sheet) showPart(f Figure, events, of []uint64) {
	s.show(f, events)
	of = slices.Clone(of)
	slices.Sort(of)
	s.figures[len(s.figures)-1].of = slices.Compact(of)
}

// showMedian adds a figure that is a median. What stands against it is counted
// by the values that it is of: a disputed event makes one of them disputed, not
// the median.
func (s *sheet) showMedian(f Figure, events []uint64, values iter.Seq[[]uint64]) {
	n, y := s.tallyValues(values)
	f.Values, f.ValuesDisputed = n, y.flags.disputed
	of := fmt.Sprintf("%d values", n)
	if n == 1 {
		of = "1 value"
	}
	s.showAs(f, s.tally(events), y.words(f.number()+", median of "+of))
}

// eachLag are values that rest on one event each.
func eachLag(lags []lag) iter.Seq[[]uint64] {
	return func(yield func([]uint64) bool) {
		for _, l := range lags {
			if !yield([]uint64{l.event}) {
				return
			}
		}
	}
}

func (s *sheet) showAs(f Figure, y tally, text string) {
	f.Text = text
	if f.Label != "" {
		f.Text += " (" + f.Label + ")"
	}
	f.Disputed, f.Contested, f.Repudiated = y.flags.disputed, y.flags.contested, y.flags.repudiated
	f.Transcribed, f.Illustrative = y.flags.transcribed, y.flags.illustrative
	f.Explanations = []Remark{}
	for _, e := range s.explanations {
		if e.Figure != "" && under(f.Path, e.Figure) {
			f.Explanations = append(f.Explanations, e)
		}
	}
	s.figures = append(s.figures, figure{Figure: f, tally: y})
}

// number is a figure in words, without what stands against it.
func (f Figure) number() string {
	switch {
	case f.NotEnoughData != "":
		return "not enough data: " + f.NotEnoughData
	case f.NotApplicable != "":
		return "not applicable: " + f.NotApplicable
	}
	number := f.Value
	if f.Count != nil {
		number = strconv.Itoa(*f.Count)
	}
	if f.Of != nil {
		number += " of " + strconv.Itoa(*f.Of)
	}
	if f.OfValue != "" {
		number += " of " + f.OfValue
	}
	return strings.TrimSpace(number + " " + f.Unit)
}

// measured reports whether a figure has a number.
func (f Figure) measured() bool { return f.NotEnoughData == "" && f.NotApplicable == "" }

// lack shows that there is no number, and why.
func (s *sheet) lack(number int, reason string) {
	i := s.indicators[number-1]
	s.show(Figure{Class: i.Class, Path: i.Path, Indicator: number, Name: i.Name, Formula: i.Formula, NotEnoughData: reason}, nil)
}

// unbound shows that nothing sets the duty off for this state.
func (s *sheet) unbound(number int, reason string) {
	i := s.indicators[number-1]
	s.show(Figure{Class: i.Class, Path: i.Path, Indicator: number, Name: i.Name, Formula: i.Formula, NotApplicable: reason}, nil)
}

// shown bounds the events, and leaves the parts to whoever asks for the figure
// alone.
func (f figure) shown() Figure {
	out := f.Figure
	out.Events, out.Details = bounded(f.events), nil
	if f.of != nil {
		of := bounded(f.of)
		out.OfEvents = &of
	}
	return out
}

// counted starts a figure that is a number out of another.
func counted(class, path string, indicator int, n, of int) Figure {
	f := Figure{Class: class, Path: path, Indicator: indicator, Count: &n}
	if of >= 0 {
		f.Of = &of
	}
	return f
}

// eachRegime shows duties regime by regime: only the UN's regimes bind every
// state, and nothing is asked where nothing is recorded.
func (s *sheet) eachRegime(show func(id string)) {
	for _, id := range s.ids {
		if s.regimes[id].Authority == "UN" {
			show(id)
		}
	}
}

func (s *sheet) benched(id string) {
	r := s.timed(id)
	for _, b := range r.Bench {
		if b.Of == 0 {
			continue // nothing was to be done, or nothing is recorded
		}
		f := counted(ClassDuty, "duties.benchmark."+b.ID, 2, b.Over, b.Of)
		f.Name, f.Regime, f.Unit, f.Label = fmt.Sprintf("more than %d days from listing to effect", b.Days), r.Regime, "designations", BenchmarkLabel
		f.Formula = "national effect - listing > benchmark, or open for longer; text of the benchmark: " + b.Text
		s.showPart(f, r.over[b.ID], s.measuredBy(r))
	}
}

func (s *sheet) transposed(id string) {
	r := s.regime(id)
	if c := r.Counts; c.Transposed+c.Open > 0 {
		s.transpositions(r)
	}
	if c := r.Counts; c.Covered > 0 {
		f := counted(ClassDuty, "duties.coverage."+r.Regime, 28, c.Covered, c.Listed)
		f.Name, f.Regime, f.Unit = "UN designations in force without an act for each", r.Regime, "designations"
		f.Formula = "designations listed on the day that a declared way of implementing covers / listed"
		var events []uint64
		for _, m := range r.Modes {
			events = append(events, m.Index)
		}
		s.showPart(f, events, s.listedUnder(id))
	}
}

// transpositions shows what a state gave effect by acts of its own, and what is open. Acts
// alone, with no word on how the state implements, make no share: nothing says
// what else it owes an act for.
func (s *sheet) transpositions(r *regimeSheet) {
	done, open := r.Counts.Transposed, r.Counts.Open
	f := counted(ClassDuty, "duties.transposition."+r.Regime, 1, done, done+open)
	f.Name, f.Regime, f.Unit = "UN designations transposed", r.Regime, "designations"
	f.Formula = "designations listed on the day that an act of the state gives effect / those and the open ones"
	of := slices.Concat(r.transposed, eventsOf(r.open))
	bare := r.undeclared()
	if bare > 0 {
		f.Of, of = nil, nil
		f.Formula = fmt.Sprintf("designations listed on the day that an act of the state gives effect; no share is made, because for %d of them no way of implementing is declared (implementation.declared)", bare)
	}
	s.showPart(f, r.transposed, of)
	g := counted(ClassDuty, "duties.backlog."+r.Regime, 3, open, -1)
	g.Name, g.Regime, g.Unit = "UN designations open", r.Regime, "designations"
	g.Formula = "designations listed on the day, under an act of its own for each, without one"
	if bare > 0 && open == 0 {
		g.Count, g.NotEnoughData = nil, s.indicators[2].NotEnough
	}
	s.show(g, eventsOf(r.open))
}

// undeclared counts what acts give effect where no way of implementing is declared.
func (r *regimeSheet) undeclared() int {
	for _, g := range r.Groups {
		if g.Mode == "" {
			return g.Transposed
		}
	}
	return 0
}

// measuredBy lists the acts and open designations that a benchmark is held
// against.
func (s *sheet) measuredBy(r *regimeSheet) []uint64 {
	out := slices.Clone(r.lagEvents)
	for _, d := range r.open {
		if s.age(d) != nil {
			out = append(out, d.Event)
		}
	}
	return out
}

func (s *sheet) listedUnder(regime string) []uint64 {
	var out []uint64
	for _, d := range s.listed[s.v.lists.regimes[regime]] {
		out = append(out, d.Event)
	}
	return out
}

func (s *sheet) lags(id string) {
	r := s.timed(id)
	show := func(l *Lag, name, path string, values iter.Seq[[]uint64]) {
		if l == nil {
			return
		}
		n := l.Median
		f := Figure{
			Class: ClassDuty, Path: path + "." + r.Regime, Indicator: 2, Name: name, Regime: r.Regime, Count: &n, Unit: "days",
			Formula: fmt.Sprintf("median of national effect - listing over %d; p90 %d, max %d; %s", l.Count, l.P90, l.Max, l.Method),
		}
		s.showMedian(f, r.lagEvents, values)
	}
	show(r.PerEntry, "time to transpose, per entry", "duties.lag_per_entry", eachLag(r.lags))
	show(r.PerNotice, "time to transpose, per notice", "duties.lag_per_notice", maps.Values(r.notices))
}

// removals measures how long after the UN's removal the state's own
// designation that rests on it ended.
func (s *sheet) removals(id string) {
	var lags []lag
	var events []uint64
	var values [][]uint64
	for _, num := range s.ownList() {
		if days, behind, ok := s.removalLag(num, id); ok {
			lags, events, values = append(lags, lag{days, behind[1]}), append(events, behind...), append(values, behind)
		}
	}
	if l := distribution(lags, 0, events); l != nil {
		n := l.Median
		s.showMedian(Figure{
			Class: ClassDuty, Path: "duties.removal_lag." + id, Indicator: 27, Name: "time to delist", Regime: id, Count: &n, Unit: "days",
			Formula: fmt.Sprintf("median of national removal - UN removal over %d; p90 %d; %s", l.Count, l.P90, l.Method),
		}, events, slices.Values(values))
	}
}

func (s *sheet) removalLag(num int32, regime string) (days int, behind []uint64, ok bool) {
	d, ok := s.designation(num)
	if !ok || d.Authority != s.country || d.removed == 0 || d.Basis == "" {
		return 0, nil, false
	}
	base, ok := s.designation(s.v.lists.byID[d.Basis])
	if !ok || s.regimeID(base) != regime || base.removed == 0 {
		return 0, nil, false
	}
	own, _ := s.removalBody(d.removed)
	un, _ := s.removalBody(base.removed)
	days, ok = daysBetween(removedOn(un), removedOn(own))
	return days, []uint64{base.removed, d.removed}, ok
}

// ownList returns the rows of the state's own list, none when it has no
// regime of its own.
func (s *sheet) ownList() []int32 {
	for _, r := range s.regimes {
		if r.Authority == s.country {
			return s.v.lists.order
		}
	}
	return nil
}

func eventsOf(list []designated) []uint64 {
	out := make([]uint64, 0, len(list))
	for _, d := range list {
		out = append(out, d.Event)
	}
	return out
}
