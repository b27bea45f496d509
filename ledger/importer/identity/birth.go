package identity

import (
	"fmt"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// birth is a stated date of birth as the days that it can mean.
type birth struct {
	from, to time.Time
	text     string
	day      bool // an exact day
}

// around is by how many years an approximate date may be off.
const around = 2

func readBirth(d domain.FuzzyDate) (birth, bool) {
	b := birth{text: string(d.Date)}
	first, last := d.Date, d.Date
	if first == "" {
		first, last = d.From, d.To
		b.text = string(d.From) + " to " + string(d.To)
	}
	if !first.Valid() || !last.Valid() {
		return b, false
	}
	b.from, b.to = first.Time(), last.Latest().Time()
	b.day = b.from.Equal(b.to)
	if d.Type == "approximately" {
		b.from, b.to, b.day = b.from.AddDate(-around, 0, 0), b.to.AddDate(around, 0, 0), false
		b.text = "about " + b.text
	}
	return b, true
}

// birthMatch is how the birth dates of two entries agree, best first.
type birthMatch int

const (
	unknownBirth birthMatch = iota // one states none
	sameDay
	fits      // within the precision stated
	allBut    // a slip apart: a day or two, one year, day and month changed places
	near      // less than a year apart
	differs   // further apart than stated
	elsewhere // so far that they are two persons, unless a number says otherwise
)

// generation is the number of years from which two persons are meant.
const generation = 10

// births compares the stated dates: one that agrees is enough, since lists
// state several where they do not know which is right.
func births(a, b []birth) (birthMatch, string) {
	match, words := unknownBirth, ""
	for _, x := range a {
		for _, y := range b {
			if m, w := x.compare(y); match == unknownBirth || m < match {
				match, words = m, w
			}
		}
	}
	return match, words
}

func (b birth) compare(c birth) (birthMatch, string) {
	switch gap := b.apart(c); {
	case b.day && c.day && gap == 0:
		return sameDay, "born " + b.text + " on both"
	case gap == 0 && b.text == c.text:
		return fits, "born " + b.text + " on both"
	case gap == 0:
		return fits, fmt.Sprintf("birth dates fit: %s and %s", b.text, c.text)
	case b.slip(c):
		return allBut, fmt.Sprintf("birth dates all but agree: %s and %s", b.text, c.text)
	case gap < 366*24*time.Hour:
		return near, fmt.Sprintf("birth dates differ by less than a year: %s and %s", b.text, c.text)
	case gap < generation*365*24*time.Hour:
		return differs, fmt.Sprintf("birth dates differ: %s and %s", b.text, c.text)
	default:
		return elsewhere, fmt.Sprintf("birth dates differ by %d years: %s and %s", int(gap.Hours()/24/365.25), b.text, c.text)
	}
}

// apart is the time between two ranges, 0 when they overlap.
func (b birth) apart(c birth) time.Duration { return max(0, c.from.Sub(b.to), b.from.Sub(c.to)) }

// slip reports whether two days differ as copies do: by up to two days (a zone
// or a calendar), by one year, or by day and month.
func (b birth) slip(c birth) bool {
	if !b.day || !c.day {
		return false
	}
	year, month, day := b.from.Date()
	otherYear, otherMonth, otherDay := c.from.Date()
	return b.apart(c) <= 48*time.Hour ||
		year == otherYear && day == int(otherMonth) && int(month) == otherDay ||
		month == otherMonth && day == otherDay && (year-otherYear == 1 || otherYear-year == 1)
}
