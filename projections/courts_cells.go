package projections

import (
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// heed applies what courts decided of national acts. What falls at the EU's
// court falls in the states that implement through the EU.
func (f *frame) heed(d designated, out []verdict) {
	for _, c := range f.contestedBy(d.row) {
		i, ok := f.number[c]
		if !ok || c == d.Authority {
			continue
		}
		took := f.nationalRelief(d, c, out[i])
		if took.event == 0 {
			f.lessen(took, &out[i])
			continue
		}
		lost := verdict{took.event, notInForce, uint8(slices.Index(modeNames[:], took.status))}
		out[i] = lost
		for k := range out {
			if c == "EU" && f.union[k] && out[k].mode == modeThroughEU {
				out[k] = lost
			}
		}
	}
}

// nationalRelief is what courts took from a state's act; an act that it made
// after a ruling stands.
func (f *frame) nationalRelief(d designated, c domain.Country, v verdict) relief {
	return f.court(d.row, c).relief(func(r ruling) bool {
		if !v.own() {
			return false
		}
		b, ok := f.v.history.bodyAt(v.event, f.n).(*domain.DesignationTransposed)
		if !ok {
			return true // a designation of its own, which has courts of its own
		}
		return lastDay(b.EffectOn()) > lastDay(r.DecidedOn) || b.EffectOn() == r.DecidedOn && v.event > r.event
	})
}

// lostInCourt reports that a ruling took effect from a designation.
func (t at) lostInCourt(d designated) bool {
	if d.fate == nil || d.status != StatusAnnulled && d.status != StatusSuspended {
		return false
	}
	_, ok := t.v.history.bodyAt(d.fate.event, t.n).(domain.CourtRuled)
	return ok
}

// lessen notes that an act of a state's own carries not all measures.
func (f *frame) lessen(took relief, v *verdict) {
	if len(took.struck) > 0 && v.own() {
		v.mode = modeOwnPart
	}
}

// struck lists the measures that courts took from a state's act.
func (f *frame) struck(d designated, i int, v verdict) []string {
	c := f.states[i]
	if len(d.Court) == 0 || c == d.Authority {
		return nil
	}
	if v.mode == modeThroughEU && f.union[i] {
		c = "EU"
	}
	return f.nationalRelief(d, c, v).struck
}

// follow ends the effect of what is not listed on the day: in all states but
// those that gave it effect by an act of their own, which stands until they end it.
func (f *frame) follow(d designated, out []verdict) {
	v := verdict{d.Event, notInForce, uint8(slices.Index(modeNames[:], d.status))}
	if d.fate != nil && d.status != StatusPending {
		v.event = d.fate.event
	}
	for i, was := range out {
		ended := was.state == inForce && (!was.own() || was.event == d.Event)
		if ended || was.state == open {
			out[i] = v
		}
	}
}

// lostSince is the day from which a ruling is in effect.
func (t at) lostSince(event uint64, b domain.CourtRuled) domain.Date {
	num, ok := t.v.lists.byID[b.Designation]
	if !ok {
		return ""
	}
	_, since := t.court(&t.v.lists.Rows[num], b.Member).state(ruling{b, event})
	return since
}

// courtSteps shows what was brought before courts, as far as it has come or
// changes the day asked for: a ruling that does comes with its challenge.
func (t at) courtSteps(d designated) []CourtStep {
	out := []CourtStep{}
	for _, member := range t.contestedBy(d.row) {
		c := t.court(d.row, member)
		for _, x := range c.challenges {
			if t.by(x.FiledOn) || c.decided(x) {
				out = append(out, c.challengeStep(x))
			}
		}
		for _, r := range c.rulings {
			if c.counts(r) {
				out = append(out, c.rulingStep(r))
				out = append(out, c.staySteps(r)...)
			}
		}
		for i := range out {
			if out[i].Member == member {
				out[i].Contests = "transposition"
				if member == d.Authority {
					out[i].Contests = "designation"
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b CourtStep) int { return int(a.Index) - int(b.Index) })
	return out
}

func (c court) challengeStep(x challenge) CourtStep {
	out := CourtStep{
		Index: x.event, Type: "challenge.filed", Member: x.Member, Court: x.Court, CaseNumber: x.CaseNumber, On: x.FiledOn,
		Seeks: x.Seeks, State: "pending", Marks: c.marks(x.event),
	}
	if x.AppealOf != nil {
		out.AppealOf = &x.AppealOf.Index
	}
	if c.decided(x) {
		out.State = "decided"
	}
	return out
}

// counts reports whether a ruling was made by the day asked for, or changes it.
func (c court) counts(r ruling) bool {
	state, _ := c.state(r)
	return c.by(r.DecidedOn) || state == RulingInEffect
}

func (c court) decided(x challenge) bool {
	return slices.ContainsFunc(c.rulings, func(r ruling) bool { return c.counts(r) && c.decides(r, x) })
}

// decides reports whether a ruling ends the case that a challenge began.
func (c court) decides(r ruling, x challenge) bool {
	if r.Relief == domain.ReliefStayed || r.Relief == domain.ReliefInterim && x.Seeks != "interim_measures" {
		return false
	}
	appeal := x.AppealOf != nil && r.AppealOf != nil && x.AppealOf.Index == r.AppealOf.Index
	return appeal || r.Challenge != nil && r.Challenge.Index == x.event || r.Court == x.Court && r.CaseNumber == x.CaseNumber
}

func (c court) rulingStep(r ruling) CourtStep {
	state, _ := c.state(r)
	out := CourtStep{
		Index: r.event, Type: "court.ruled", Member: r.Member, Court: r.Court, CaseNumber: r.CaseNumber, On: r.DecidedOn, Relief: r.Relief,
		Measures: r.Measures, EffectiveFrom: r.EffectiveFrom, EffectiveTo: r.EffectiveTo, StayedUntil: r.StayedUntil,
		StayedPendingAppeal: r.StayedPendingAppeal, State: state, Marks: c.marks(r.event),
	}
	if r.AppealOf != nil {
		out.AppealOf = &r.AppealOf.Index
	}
	if r.Challenge != nil {
		out.About = &r.Challenge.Index
	}
	return out
}

// staySteps are the ends of a ruling's stays that have come.
func (c court) staySteps(r ruling) []CourtStep {
	var out []CourtStep
	for _, e := range c.v.lists.Stays[r.event] {
		b, ok := c.v.history.standing(e, c.n).(domain.StayEnded)
		if ok && b.Ruling.Index == r.event && c.by(b.EndedOn) {
			out = append(out, CourtStep{
				Index: e, Type: "stay.ended", Member: r.Member, On: b.EndedOn, Cause: b.Cause, About: &b.Ruling.Index, State: RulingEnded, Marks: c.marks(e),
			})
		}
	}
	return out
}
