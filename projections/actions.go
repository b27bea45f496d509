package projections

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// actions shows what the state did: never a ranking.
func (s *sheet) actions() {
	byKind, byOutcome, freezes := map[string][]uint64{}, map[string][]uint64{}, []uint64{}
	for _, e := range s.v.activity.Acts[s.country] {
		body := s.acts(s.country, e)
		switch b := body.(type) {
		case *domain.EnforcementActionTaken:
			byKind[b.Kind] = append(byKind[b.Kind], e)
		case *domain.InterdictionExecuted:
			byOutcome[b.Outcome] = append(byOutcome[b.Outcome], e)
		case *domain.AssetFrozen, *domain.AssetUnfrozen:
			freezes = append(freezes, e)
		}
	}
	s.showActs("activity.enforcement", "enforcement actions", 22, byKind)
	s.showActs("activity.interdictions", "interdictions", 11, byOutcome)
	s.showFrozen(freezes)
}

// acts returns an act of a state that stands and had happened by the day. What
// is illustrative counts for states that stand for nobody real alone.
func (t at) acts(c domain.Country, e uint64) domain.Body {
	st, ok := t.v.history.standing(e, t.n).(domain.Statement)
	if !ok || !t.by(st.Base().OccurredOn) || st.Base().Illustrative && !c.UserAssigned() {
		return nil
	}
	return st
}

func (s *sheet) showActs(path, name string, indicator int, by map[string][]uint64) {
	for _, key := range slices.Sorted(maps.Keys(by)) {
		f := counted(ClassActivity, path+"."+key, indicator, len(by[key]), -1)
		f.Name, f.Formula = name+": "+key, "events that stand and had happened by the day; how much was done, never a ranking"
		f.Details = s.wherefrom(by[key])
		s.show(f, by[key])
	}
}

// wherefrom parts interdictions by the flag claimed, the state of the place and
// the quarter, each with the events behind it.
func (s *sheet) wherefrom(events []uint64) []Detail {
	by := map[[2]string][]uint64{}
	for _, e := range events {
		b, ok := s.v.history.bodyAt(e, s.n).(*domain.InterdictionExecuted)
		if !ok {
			return nil
		}
		for what, name := range map[string]string{"flag": b.FlagClaimed, "port": string(b.Place.Country), "quarter": quarterOf(b.OccurredOn)} {
			key := [2]string{what, cmp.Or(name, "not stated")}
			by[key] = append(by[key], e)
		}
	}
	var out []Detail
	for _, key := range slices.SortedFunc(maps.Keys(by), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		out = append(out, Detail{What: key[0], Name: key[1], Value: strconv.Itoa(len(by[key])), Unit: "interdictions", Events: by[key]})
	}
	return out
}

// quarterOf is the quarter that a date lies in, the year where it names no month.
func quarterOf(d domain.Date) string {
	if len(d) < 7 {
		return cmp.Or(string(d), "not stated")
	}
	return fmt.Sprintf("%s-Q%d", d[:4], (int(d.Time().Month())+2)/3)
}

func (s *sheet) showFrozen(events []uint64) {
	for _, m := range s.frozen(events) {
		s.show(Figure{
			Class: ClassActivity, Path: "activity.frozen." + m.Currency, Indicator: 14, Name: "assets frozen",
			Value: m.Amount, Unit: m.Currency, Formula: "freezes - releases as of the day, in this currency alone; currencies are never added",
		}, m.events)
	}
	var unstated []uint64
	for _, e := range events {
		if b, ok := s.v.history.bodyAt(e, s.n).(*domain.AssetFrozen); ok && b.Amount == nil {
			unstated = append(unstated, e)
		}
	}
	if len(unstated) > 0 {
		f := counted(ClassActivity, "activity.frozen_without_amount", 14, len(unstated), -1)
		f.Name, f.Formula = "freezes whose amount is not stated", "freezes that stand and name no amount"
		s.show(f, unstated)
	}
}
