package domain

import (
	"cmp"
	"fmt"
	"strings"
)

// EUMember reports whether c is a member state of the European Union and has
// not left it.
func (c Country) EUMember() bool { return c.EUMemberOn("") }

// EUMemberOn reports whether c was a member state of the European Union, or
// before that of the Communities, on a day. Of a month or year, one day is enough;
// "" asks who has joined and not left.
func (c Country) EUMemberOn(day Date) bool { return c.inUnion(day, gbLeft) }

// BoundThroughEUOn reports whether acts of the European Union bound c on a day:
// as a member state, or in the transition after it left.
func (c Country) BoundThroughEUOn(day Date) bool { return c.inUnion(day, gbBound) }

func (c Country) inUnion(day, gbLast Date) bool {
	i := strings.Index(euJoined, "|"+string(c)+" ")
	if len(c) != 2 || i < 0 {
		return false
	}
	if day == "" {
		return c != "GB"
	}
	joined := Date(euJoined[i+4 : i+14])
	return joined <= day.Latest() && (c != "GB" || day.Earliest() <= gbLast)
}

// The last days on which the United Kingdom was a member, and was bound.
const (
	gbLeft  Date = "2020-01-31"
	gbBound Date = "2020-12-31"
)

// euJoined holds the day on which each state joined.
const euJoined = "|BE 1958-01-01|DE 1958-01-01|FR 1958-01-01|IT 1958-01-01|LU 1958-01-01|NL 1958-01-01" +
	"|DK 1973-01-01|GB 1973-01-01|IE 1973-01-01|GR 1981-01-01|ES 1986-01-01|PT 1986-01-01" +
	"|AT 1995-01-01|FI 1995-01-01|SE 1995-01-01" +
	"|CY 2004-05-01|CZ 2004-05-01|EE 2004-05-01|HU 2004-05-01|LT 2004-05-01|LV 2004-05-01|MT 2004-05-01|PL 2004-05-01|SI 2004-05-01|SK 2004-05-01" +
	"|BG 2007-01-01|RO 2007-01-01|HR 2013-07-01|"

// checkUnion lets only those implement through the EU whom its acts bind; from
// version 4 of the rules on, on the day from which that is declared, or to which,
// or else on the day of record.
func (b ImplementationDeclared) checkUnion(s *State, f Fact) *Refusal {
	if b.Mode != ModeThroughEU {
		return nil
	}
	if !b.Member.EUMember() && b.Member != "GB" {
		return refuse("implementation.not_eu", "mode", string(b.Member)+" does not implement through the EU: choose another mode")
	}
	day := cmp.Or(b.ValidFrom, b.ValidTo, DateOf(f.Time()))
	if !Sound(s.Rules()) || b.Member.BoundThroughEUOn(day) {
		return nil
	}
	return refuse("implementation.not_bound", "valid_from", fmt.Sprintf("acts of the EU did not bind %s on %s: give the day from which they did (valid_from), or choose another mode for that time", b.Member, day))
}
