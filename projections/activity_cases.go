package projections

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// requests counts what the state was asked, and how it answered.
func (s *sheet) requests() {
	answers := map[uint64][]affair{}
	for _, a := range s.affairs(s.country, "information.answered") {
		request := a.body.(domain.InformationAnswered).Request.Index
		answers[request] = append(answers[request], a)
	}
	said, asked := map[string]int{}, s.affairs(s.country, "information.requested")
	var lags []lag
	var events []uint64
	for _, q := range asked {
		last, ok := final(answers[q.event])
		events = append(events, q.event)
		if !ok {
			said["open"]++
			continue
		}
		answer := last.body.(domain.InformationAnswered).Answer
		said[answer]++
		events = append(events, last.event)
		if days, ok := daysBetween(s.dayOf(q), s.dayOf(last)); ok && answer != "partial" {
			lags = append(lags, lag{days, last.event})
		}
	}
	if len(asked) == 0 {
		return
	}
	slices.Sort(events)
	f := s.start(21)
	n, of := said["complete"], len(asked)
	f.Path, f.Count, f.Of, f.Unit = f.Path+".answered", &n, &of, "requests"
	f.Formula += fmt.Sprintf("; %d answered in part, %d refused, of %d no answer is recorded", said["partial"], said["refused"], said["open"])
	s.show(f, events)
	s.median(21, s.indicators[20].Path+".days", "days from request to answer", lags, "; from the days that the events give, or else those of their recording")
}

// final is the answer that ends a request, or else the last in part.
func final(list []affair) (affair, bool) {
	for _, a := range list {
		if a.body.(domain.InformationAnswered).Answer != "partial" {
			return a, true
		}
	}
	if len(list) == 0 {
		return affair{}, false
	}
	return list[len(list)-1], true
}

// funnel shows how far what was reported came: to a case, an action, an end.
func (s *sheet) funnel() {
	var cases, acted, closed []uint64
	reports, investigated, covered := s.reportedViolations()
	for _, a := range s.affairs(s.country, "case.opened") {
		id := a.body.(domain.CaseOpened).Case
		ended, done := s.outcome(id)
		cases = append(cases, a.event)
		if done {
			acted = append(acted, a.event)
		}
		if ended {
			closed = append(closed, a.event)
		}
	}
	s.step("reports", "violations reported", reports, nil)
	s.step("investigated", "violations reported that a case looks into", investigated, reports)
	s.step("covered", "violations reported that a permission covers, not counted above", covered, nil)
	s.step("cases", "cases that the state leads", cases, nil)
	s.step("acted", "cases with an action", acted, cases)
	s.step("closed", "cases closed", closed, cases)
}

// reportedViolations lists the state's reports of the kinds that the coalition's
// summary counts: those that nothing permits, of these those that a case looks
// into, and those that a permission covers.
func (s *sheet) reportedViolations() (reports, investigated, covered []uint64) {
	looked := s.lookedInto()
	for _, a := range slices.Concat(s.affairs(s.country, "violation.reported"), s.affairs(s.country, "trade_violation.reported")) {
		id := caseOf(a.body)
		switch {
		case s.permitted(id):
			covered = append(covered, a.event)
			continue
		case looked.events[a.event] || looked.cases[id]:
			investigated = append(investigated, a.event)
		}
		reports = append(reports, a.event)
	}
	for _, list := range [][]uint64{reports, investigated, covered} {
		slices.Sort(list)
	}
	return reports, investigated, covered
}

// step shows one step of the funnel, out of the step before.
func (s *sheet) step(path, name string, events, of []uint64) {
	if len(events)+len(of) == 0 {
		return
	}
	f, n, all := s.start(22), len(events), len(of)
	f.Path, f.Name, f.Count = f.Path+"."+path, name, &n
	if of == nil {
		s.show(f, events)
		return
	}
	f.Of = &all
	s.showPart(f, events, of)
}

// looked is what cases look into: reports that they name, and all that share
// their id.
type looked struct {
	events map[uint64]bool
	cases  map[string]bool
}

func (s *sheet) lookedInto() looked {
	out := looked{map[uint64]bool{}, map[string]bool{}}
	for _, e := range s.v.history.kinds["case.opened"] {
		b, ok := s.acts(s.country, e).(domain.CaseOpened)
		if !ok {
			continue
		}
		out.cases[b.Case] = true
		for _, v := range b.Violations {
			out.events[v.Index] = true
		}
	}
	return out
}

// permitted reports whether a case holds a permission or an exception.
func (s *sheet) permitted(id string) bool {
	return s.inCase(id, func(body domain.Body) bool {
		switch body.(type) {
		case domain.LicenceGranted, domain.ExemptionGranted, domain.ExceptionReliedOn:
			return true
		}
		return false
	})
}

// inCase reports whether some event of a case is such.
func (s *sheet) inCase(id string, such func(domain.Body) bool) bool {
	return id != "" && slices.ContainsFunc(s.v.timeline.Cases[id], func(e uint64) bool {
		body := s.acts(s.country, e)
		return body != nil && caseOf(body) == id && such(body)
	})
}

// outcome says whether a case is closed, and whether anything was done in it.
func (s *sheet) outcome(id string) (closed, acted bool) {
	acted = s.inCase(id, func(body domain.Body) bool {
		switch b := body.(type) {
		case *domain.EnforcementActionTaken, *domain.AssetFrozen, *domain.InterdictionExecuted, domain.CargoSeized:
			return true
		case domain.CaseClosed:
			return len(b.Actions) > 0
		}
		return false
	})
	for _, e := range slices.Backward(s.v.timeline.Cases[id]) {
		switch s.acts(s.country, e).(type) {
		case domain.CaseClosed:
			return true, acted
		case domain.CaseReopened:
			return false, acted
		}
	}
	return false, acted
}

// permit is a permission as the view needs it.
type permit struct {
	family, ground string
	value          *domain.Money
	event          uint64
}

// permits shows what is permitted on the day: a state's licences, the
// Committee's exemptions that it asked for, and what the law itself leaves free.
func (s *sheet) permits() {
	by, values := map[string][]uint64{}, newSums()
	for _, p := range s.outstanding() {
		by[p.family+"."+p.ground] = append(by[p.family+"."+p.ground], p.event)
		if p.value != nil {
			values.add(p.family+"_value."+p.value.Currency, p.value.Amount, p.event)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(by)) {
		f, n := s.start(23), len(by[key])
		f.Path, f.Name, f.Count, f.Unit = f.Path+"."+key, "outstanding "+plain(key), &n, "permissions"
		s.show(f, by[key])
	}
	for _, key := range slices.Sorted(maps.Keys(values.total)) {
		f := s.start(23)
		f.Path, f.Name, f.Value, f.Unit = f.Path+"."+key, plain(key[:len(key)-4]), values.of(key), key[len(key)-3:]
		f.Formula += "; value limits, of those that name one"
		s.show(f, values.behind[key])
	}
}

func (s *sheet) outstanding() []permit {
	ended := s.endedPermits()
	var out []permit
	for _, a := range s.affairs(s.country, "licence.granted") {
		b := a.body.(domain.LicenceGranted)
		if !ended[b.Key()] && s.during(b.ValidFrom, b.ValidTo) {
			out = append(out, permit{"licences", b.Ground, b.ValueLimit, a.event})
		}
	}
	for _, a := range s.affairs(s.country, "exemption.granted") {
		b := a.body.(domain.ExemptionGranted)
		if !ended[b.Key()] && s.during(b.ValidFrom, b.ValidTo) {
			out = append(out, permit{"exemptions", b.Ground, b.ValueLimit, a.event})
		}
	}
	for _, a := range s.affairs(s.country, "exception.relied_on") {
		b := a.body.(domain.ExceptionReliedOn)
		if p := value(b.Period); s.during(p.From, p.To) {
			out = append(out, permit{"exceptions", b.Ground, b.Amount, a.event})
		}
	}
	return out
}

func value(p *domain.Period) domain.Period {
	if p == nil {
		return domain.Period{}
	}
	return *p
}

// during reports whether the day lies between two dates; without a day, all do.
func (t at) during(from, to domain.Date) bool {
	return t.by(from) && (t.on == "" || to == "" || to.Latest() >= t.on)
}

// endedPermits lists what was ended by the day, by the key of the permission.
func (s *sheet) endedPermits() map[string]bool {
	out := map[string]bool{}
	for _, kind := range []string{"licence.ended", "exemption.ended"} {
		for _, e := range s.v.history.kinds[kind] {
			switch b := s.acts(s.country, e).(type) {
			case domain.LicenceEnded:
				out[b.Key()] = out[b.Key()] || s.by(cmp.Or(b.EndedOn, b.OccurredOn))
			case domain.ExemptionEnded:
				out[b.Key()] = out[b.Key()] || s.by(cmp.Or(b.EndedOn, b.OccurredOn))
			}
		}
	}
	return out
}
