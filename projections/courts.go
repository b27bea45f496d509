package projections

import (
	"math"
	"slices"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// court is what was brought before courts about one act: the designation itself
// where member is its authority, else member's transposition of it.
type court struct {
	at
	present    int32 // day up to which it is known what became of a ruling
	rulings    []ruling
	challenges []challenge
}

type ruling struct {
	domain.CourtRuled
	event uint64
}

type challenge struct {
	domain.ChallengeFiled
	event uint64
}

// never is the end of a stay that nothing known ends.
const never = math.MaxInt32

// stay is the time, its end not included, in which a ruling waits.
type stay struct{ from, to int32 }

func (s stay) over(day int32) bool { return day >= s.to && s.to != never }

// States of a ruling on a day.
const (
	RulingInEffect = "in_effect"
	RulingStayed   = "stayed"
	RulingReplaced = "replaced" // by one on appeal, or in the main proceedings
	RulingEnded    = "ended"    // interim measures that are over
	RulingNotYet   = "not_yet"
	RulingNoEffect = "without_effect" // on the act: upheld, dismissed, or about the ruling below
)

// contestedBy lists the states whose act a designation's courts speak of.
func (t at) contestedBy(r *row) []domain.Country {
	var out []domain.Country
	for _, e := range r.Court {
		if x, ok := t.contested(e, r.ID); ok && !slices.Contains(out, x.Member) {
			out = append(out, x.Member)
		}
	}
	return out
}

func (t at) contested(e uint64, id string) (domain.ContestedAct, bool) {
	switch b := t.v.history.standing(e, t.n).(type) {
	case domain.ChallengeFiled:
		return b.ContestedAct, b.Designation == id
	case domain.CourtRuled:
		return b.ContestedAct, b.Designation == id
	}
	return domain.ContestedAct{}, false
}

// court gathers what stands about one act.
func (t at) court(r *row, member domain.Country) court {
	c := court{at: t, present: t.present()}
	for _, e := range r.Court {
		switch b := t.v.history.standing(e, t.n).(type) {
		case domain.ChallengeFiled:
			if b.Designation == r.ID && b.Member == member {
				c.challenges = append(c.challenges, challenge{b, e})
			}
		case domain.CourtRuled:
			if b.Designation == r.ID && b.Member == member {
				c.rulings = append(c.rulings, ruling{b, e})
			}
		}
	}
	return c
}

// present is the day of the question: the one asked for, or that on which the
// last event known was recorded, if that is later. What a ruling changes of the
// past depends on it: a ruling that waits changes nothing yet.
func (t at) present() int32 {
	if t.n == 0 {
		return t.day
	}
	return max(t.day, lastDay(domain.DateOf(time.UnixMicro(t.v.history.rows[t.n-1].at))))
}

// state says what a ruling does to the act on the day asked for, and since when.
func (c court) state(r ruling) (string, domain.Date) {
	if !r.Annuls() {
		return RulingNoEffect, ""
	}
	decided, replaced := lastDay(r.DecidedOn), c.replacedOn(r)
	switch {
	case c.day >= replaced && replaced != never:
		return RulingReplaced, ""
	case r.EffectiveTo != "" && c.on != "" && c.day > lastDay(r.EffectiveTo):
		return RulingEnded, ""
	case c.day < lastDay(r.EffectiveFrom):
		return RulingNotYet, ""
	case c.day < decided:
		return c.backward(r, replaced)
	}
	since := r.EffectiveFrom
	for _, s := range c.stays(r) {
		if c.day >= s.from && !s.over(c.day) {
			return RulingStayed, ""
		}
		if s.over(c.day) && lastDay(since) < s.to {
			since = dateOf(s.to)
		}
	}
	return RulingInEffect, since
}

// backward says what a ruling does to a day before it was made. It waits no
// longer when its stays are over, and one that was replaced changes no past.
func (c court) backward(r ruling, replaced int32) (string, domain.Date) {
	if c.present >= replaced && replaced != never {
		return RulingReplaced, ""
	}
	for _, s := range c.stays(r) {
		if !s.over(c.present) {
			return RulingStayed, ""
		}
	}
	if c.present < lastDay(r.DecidedOn) {
		return RulingNotYet, ""
	}
	return RulingInEffect, r.EffectiveFrom
}

// replacedOn is the day from which a later ruling stands in a ruling's place:
// one on appeal, or for interim measures the decision in the same case.
func (c court) replacedOn(r ruling) int32 {
	day := int32(never)
	for _, s := range c.rulings {
		if s.Relief == domain.ReliefStayed || s.event == r.event {
			continue
		}
		appeal := s.AppealOf != nil && s.AppealOf.Index == r.event
		final := r.Relief == domain.ReliefInterim && s.Relief != domain.ReliefInterim && c.follows(s, r)
		if appeal || final {
			day = min(day, lastDay(s.DecidedOn))
		}
	}
	return day
}

// follows reports whether a ruling was made in the same case after another.
func (c court) follows(s, r ruling) bool {
	same := s.Court == r.Court && s.CaseNumber == r.CaseNumber ||
		s.Challenge != nil && r.Challenge != nil && s.Challenge.Index == r.Challenge.Index
	return same && s.AppealOf == nil && s.event > r.event && lastDay(s.DecidedOn) >= lastDay(r.DecidedOn)
}

// stays lists the times in which a ruling waits: by its own words, and by those
// of the court above.
func (c court) stays(r ruling) []stay {
	var out []stay
	for _, s := range c.rulings {
		own := s.event == r.event
		above := s.Relief == domain.ReliefStayed && s.AppealOf != nil && s.AppealOf.Index == r.event
		if s.Stayed() && (own || above) {
			out = append(out, stay{lastDay(s.DecidedOn), c.stayEnd(r, s)})
		}
	}
	return out
}

// stayEnd is the first day on which r no longer waits as s says: that of the
// stay.ended, else the day after stayed_until, or the decision of an appeal that
// was filed by then.
func (c court) stayEnd(r, s ruling) int32 {
	for _, event := range []uint64{s.event, r.event} {
		for _, e := range slices.Backward(c.v.lists.Stays[event]) {
			b, ok := c.v.history.standing(e, c.n).(domain.StayEnded)
			if ok && b.Ruling.Index == event && lastDay(b.EndedOn) >= lastDay(s.DecidedOn) {
				return lastDay(b.EndedOn)
			}
		}
	}
	until := int32(never)
	if s.StayedUntil != "" {
		until = lastDay(s.StayedUntil) + 1
	}
	if !s.StayedPendingAppeal || s.StayedUntil != "" && !c.appealed(r, s.StayedUntil) {
		return until
	}
	return c.replacedOn(r)
}

// appealed reports whether an appeal against a ruling was filed by a day.
func (c court) appealed(r ruling, by domain.Date) bool {
	return slices.ContainsFunc(c.challenges, func(x challenge) bool {
		return x.AppealOf != nil && x.AppealOf.Index == r.event && x.FiledOn.Earliest() <= by.Latest()
	})
}

// relief is what courts take from an act on the day asked for.
type relief struct {
	event  uint64 // the ruling that takes it whole, 0 for none
	status string
	since  domain.Date
	struck []string // measures, where rulings take only these
}

// relief joins the rulings in effect: an annulment goes before interim
// measures. What was listed or transposed after a ruling is not touched by it.
func (c court) relief(after func(r ruling) bool) relief {
	var out relief
	for _, r := range c.rulings {
		state, since := c.state(r)
		if state != RulingInEffect || after(r) {
			continue
		}
		switch {
		case len(r.Measures) > 0:
			out.struck = append(out.struck, r.Measures...)
		case r.Relief == domain.ReliefAnnulled:
			out.event, out.status, out.since = r.event, StatusAnnulled, since
		case out.event == 0:
			out.event, out.status, out.since = r.event, StatusSuspended, since
		}
	}
	return out
}

// judged applies what courts decided of the designation itself.
func (t at) judged(d *designated) {
	c := t.court(d.row, d.Authority)
	if len(c.rulings) == 0 {
		return
	}
	took := c.relief(d.listedAfter)
	back := int32(0)
	if d.status == StatusListed && took.event == 0 {
		back = c.backSince(d.listedAfter)
	}
	if took.event == 0 && took.struck == nil && back == 0 {
		return
	}
	own := fate{}
	if d.fate != nil {
		own = *d.fate
	}
	d.fate, own.struck = &own, took.struck
	if took.event != 0 && d.status != StatusRemoved && (took.status == StatusAnnulled || d.status == StatusListed) {
		d.status, own.event, own.since = took.status, took.event, took.since
	}
	if back > lastDay(d.since()) {
		own.since = dateOf(back)
	}
}

// listedAfter reports whether the listing in force was put back after a ruling.
func (d *designated) listedAfter(r ruling) bool {
	if d.fate == nil || d.status != StatusListed || d.fate.event == 0 {
		return false
	}
	if d.fate.since == "" {
		return d.fate.event > r.event
	}
	return lastDay(d.fate.since) >= lastDay(r.DecidedOn)
}

// dateOf is the day of a number, see dayNumber.
func dateOf(day int32) domain.Date { return domain.DateOf(time.Unix(int64(day)*86400, 0)) }
