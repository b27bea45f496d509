package projections

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// median shows the median of days of an indicator.
func (s *sheet) median(number int, path, name string, lags []lag, more string) {
	events := make([]uint64, 0, len(lags))
	for _, l := range lags {
		events = append(events, l.event)
	}
	l := distribution(lags, 0, events)
	if l == nil {
		return
	}
	i := s.indicators[number-1]
	n := l.Median
	s.showMedian(Figure{
		Class: i.Class, Path: path, Indicator: number, Name: name, Count: &n, Unit: "days",
		Formula: fmt.Sprintf("%s; median over %d, p90 %d, max %d, by nearest rank%s", i.Formula, l.Count, l.P90, l.Max, more),
	}, slices.Compact(events), eachLag(lags))
}

// followUps measures from each inspection to its full report.
func (s *sheet) followUps() {
	var lags []lag
	waiting := 0
	reports := s.affairs(s.country, "report.submitted")
	for _, a := range s.affairs(s.country, "vessel.inspected") {
		b := a.body.(domain.VesselInspected)
		days, ok := daysBetween(b.OccurredOn, s.reportedOn(a.event, b, reports))
		if ok {
			lags = append(lags, lag{days, a.event})
		}
		count(&waiting, !ok)
	}
	s.median(10, s.indicators[9].Path, s.indicators[9].Name, lags, fmt.Sprintf("; of %d more inspections no report, or no exact day, is recorded", waiting))
}

// reportedOn is the day of an inspection's report: as the inspection says, or
// the first report that names it.
func (s *sheet) reportedOn(inspection uint64, b domain.VesselInspected, reports []affair) domain.Date {
	day := b.ReportedOn
	for _, a := range reports {
		r := a.body.(domain.ReportSubmitted)
		if r.Trigger != nil && r.Trigger.Index == inspection && s.by(r.SubmittedOn) && (day == "" || r.SubmittedOn < day) {
			day = r.SubmittedOn
		}
	}
	if !s.by(day) {
		return ""
	}
	return day
}

// responses measures from an order against a ship to its execution.
func (s *sheet) responses() {
	s.response("vessel.deregistered", "deflag", "ships struck off the flag")
	s.response("port_entry.denied", "port_denial", "ships denied entry to a port")
}

func (s *sheet) response(kind, path, name string) {
	var lags []lag
	without := 0
	for _, a := range s.affairs(s.country, kind) {
		m := measureOf(a.body)
		if m.Order == nil {
			without++
			continue
		}
		done := cmp.Or(m.EffectiveOn, m.OccurredOn)
		if days, ok := daysBetween(m.Order.OrderedOn, done); ok && s.by(done) {
			lags = append(lags, lag{days, a.event})
		}
	}
	s.median(13, s.indicators[12].Path+"."+path, s.indicators[12].Name+": "+name, lags, fmt.Sprintf("; %d more name no order", without))
}

func measureOf(body domain.Body) domain.VesselMeasure {
	switch b := body.(type) {
	case domain.VesselDeregistered:
		return b.VesselMeasure
	case domain.PortEntryDenied:
		return b.VesselMeasure
	}
	return domain.VesselMeasure{}
}

// hoppingMonths is how far flag hopping looks back.
const hoppingMonths = 24

// flagChanges counts the changes of flag of ships that took or left the state's
// flag, in the months before the day.
func (s *sheet) flagChanges() {
	if s.on == "" {
		s.lack(12, "changes are counted in the 24 months up to a day: ask for one (on)")
		return
	}
	total, ships, most := 0, 0, 0
	var events []uint64
	f := s.start(12)
	for _, imo := range s.flagged() {
		behind, n := s.changesOf(imo)
		if n == 0 {
			continue
		}
		total, ships, most = total+n, ships+1, max(most, n)
		events = append(events, behind...)
		f.Details = append(f.Details, Detail{What: "imo " + imo, Value: fmt.Sprint(n), Unit: "flag changes", Events: behind})
	}
	if total == 0 {
		return
	}
	slices.Sort(events)
	f.Count, f.Unit = &total, "flag changes"
	f.Formula += fmt.Sprintf("; of %d ships, at most %d of one", ships, most)
	s.show(f, slices.Compact(events))
}

// start begins a figure of an indicator's own path.
func (s *sheet) start(number int) Figure {
	i := s.indicators[number-1]
	return Figure{Class: i.Class, Path: i.Path, Indicator: number, Name: i.Name, Formula: i.Formula}
}

// flagged lists the ships that took or left the state's flag, by IMO number.
func (s *sheet) flagged() []string {
	var out []string
	for _, a := range s.affairs(s.country, "vessel.identity_changed") {
		out = append(out, a.body.(domain.VesselIdentityChanged).IMO)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// changesOf counts a ship's changes of flag in the months before the day, up to
// the last with which it took or left the state's flag: what it does under
// another is not this registry's. One that several report on one day is one.
func (s *sheet) changesOf(imo string) (events []uint64, n int) {
	type change struct {
		from, to string
		on       domain.Date
	}
	seen := map[change]bool{}
	since, until := addMonths(s.on, -hoppingMonths, 0), s.lastUnder(imo)
	for _, e := range s.v.subjects.Bearing[imo] {
		b, ok := s.acts(s.country, e).(domain.VesselIdentityChanged)
		if !ok || b.IMO != imo || b.New.Flag == "" || b.New.Flag == b.Old.Flag || b.OccurredOn.Latest() <= since || b.OccurredOn.Latest() > until {
			continue
		}
		seen[change{b.Old.Flag, b.New.Flag, b.OccurredOn}] = true
		events = append(events, e)
	}
	return events, len(seen)
}

// lastUnder is the last day on which a ship took or left the state's flag.
func (s *sheet) lastUnder(imo string) domain.Date {
	last := domain.Date("")
	for _, a := range s.affairs(s.country, "vessel.identity_changed") {
		b := a.body.(domain.VesselIdentityChanged)
		if own := string(s.country); b.IMO == imo && b.New.Flag != b.Old.Flag && (b.Old.Flag == own || b.New.Flag == own) {
			last = max(last, b.OccurredOn.Latest())
		}
	}
	return last
}
