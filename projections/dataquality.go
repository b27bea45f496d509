package projections

import (
	"fmt"
	"slices"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// identifiers counts the state's own entries that name their subject surely
// enough to be found: a vessel by IMO number, a person by date of birth or
// passport.
func (s *sheet) identifiers() {
	var with, all []uint64
	see := func(event uint64, subject *domain.Subject) {
		if subject == nil || subject.Kind != "person" && subject.Kind != "vessel" {
			return
		}
		all = append(all, event)
		if identified(subject) {
			with = append(with, event)
		}
	}
	for _, k := range s.v.lists.actsOf(s.country) {
		if a := &s.v.lists.Acts[k]; s.effective(a) {
			see(a.Event, s.transposition(a).Entry)
		}
	}
	for _, num := range s.ownList() {
		if d, ok := s.designation(num); ok && d.Authority == s.country && d.status == StatusListed {
			see(d.Event, s.subject(d))
		}
	}
	if len(all) == 0 {
		return
	}
	slices.Sort(with)
	f := counted(ClassDataQuality, "data_quality.identifiers", 6, len(with), len(all))
	f.Name, f.Unit = "entries with an identifier", "entries"
	f.Formula = "vessels with an IMO number and persons with a date of birth or passport / the state's own entries on vessels and persons"
	s.showPart(f, with, all)
}

func identified(subject *domain.Subject) bool {
	if subject.Kind == "person" && len(subject.BirthDates) > 0 {
		return true
	}
	want := map[string]string{"person": "passport", "vessel": "imo"}[subject.Kind]
	return slices.ContainsFunc(subject.Identifiers, func(id domain.Identifier) bool { return id.Scheme == want })
}

func (s *sheet) conflicts() {
	if !slices.ContainsFunc(s.v.lists.actsOf(s.country), func(k int32) bool { return s.effective(&s.v.lists.Acts[k]) }) {
		return
	}
	var events []uint64
	s.eachConflict(s.country, "", func(_ designated, a *act, _ int) { events = append(events, a.Event) })
	slices.Sort(events)
	f := counted(ClassDataQuality, "data_quality.date_conflicts", 7, len(events), -1)
	f.Name, f.Unit = "date conflicts", "entries"
	f.Formula = "entries on UN designations whose date of effect is before the listing, or more than 30 days after it"
	s.show(f, events)
}

// lateRecording measures from the day something happened to its recording.
func (s *sheet) lateRecording() {
	var lags []lag
	var events []uint64
	for _, e := range s.v.activity.Stated[s.country] {
		if e >= s.n {
			break
		}
		if s.v.history.quick[e]&(quickDated|quickLook) == 0 {
			continue
		}
		st, ok := s.acts(s.country, e).(domain.Statement)
		if !ok || st.Base().OccurredOn == "" {
			continue
		}
		recorded := domain.DateOf(time.UnixMicro(s.v.history.rows[e].at))
		if days, ok := daysBetween(st.Base().OccurredOn, recorded); ok {
			lags, events = append(lags, lag{days, e}), append(events, e)
		}
	}
	l := distribution(lags, 0, events)
	if l == nil {
		return
	}
	n := l.Median
	s.showMedian(Figure{
		Class: ClassDataQuality, Path: "data_quality.late_recording", Indicator: 25, Name: "days from event to recording", Count: &n, Unit: "days",
		Formula: fmt.Sprintf("median of recorded day (UTC) - occurred_on over %d; p90 %d, max %d", l.Count, l.P90, l.Max),
	}, events, eachLag(lags))
}

func (s *sheet) disputedShare() {
	var disputed, all []uint64
	for _, e := range s.v.activity.Stated[s.country] {
		if e >= s.n {
			break
		}
		quick := s.v.history.quick[e]
		if quick&(quickDated|quickLook) != 0 && !s.happened(e) {
			continue
		}
		all = append(all, e)
		if quick&quickLook != 0 && (!s.v.history.stands(e, s.n) || s.flagsOf(e).disputed) {
			disputed = append(disputed, e)
		}
	}
	if len(all) == 0 {
		return
	}
	f := counted(ClassDataQuality, "data_quality.disputed", 24, len(disputed), len(all))
	f.Name, f.Unit, f.Formula = "statements disputed or withdrawn", "statements", "the state's statements that are disputed or withdrawn / all it made; not of what happened after the day"
	s.showPart(f, disputed, all)
}
