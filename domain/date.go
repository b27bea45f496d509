package domain

import (
	"fmt"
	"time"
)

// Date is a calendar date with its precision: "2017", "2017-06" or
// "2017-06-05". The empty Date means "not stated".
type Date string

// Valid reports whether d is a real date in one of the three forms.
func (d Date) Valid() bool {
	layout, ok := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(d)]
	if !ok {
		return false
	}
	_, err := time.Parse(layout, string(d))
	return err == nil
}

// Precision returns "year", "month", "day", or "" for the empty date.
func (d Date) Precision() string {
	return map[int]string{4: "year", 7: "month", 10: "day"}[len(d)]
}

// Earliest returns the first day that d can mean, "" for the empty date.
func (d Date) Earliest() Date {
	switch len(d) {
	case 4:
		return d + "-01-01"
	case 7:
		return d + "-01"
	}
	return d
}

// Latest returns the last day that d can mean, "" for the empty date.
func (d Date) Latest() Date {
	switch len(d) {
	case 4:
		return d + "-12-31"
	case 7:
		return DateOf(d.Time().AddDate(0, 1, -1))
	}
	return d
}

// Time returns midnight UTC of the first day that d can mean.
func (d Date) Time() time.Time {
	t, _ := time.Parse("2006-01-02", string(d.Earliest()))
	return t
}

// DateOf returns the UTC day of t.
func DateOf(t time.Time) Date { return Date(t.UTC().Format("2006-01-02")) }

// DaysBetween returns the whole days from a to b; negative when b is earlier.
// Both are taken at their first day: use it only on dates of day precision.
func DaysBetween(a, b Date) int {
	return int((b.Time().Unix() - a.Time().Unix()) / (24 * 60 * 60)) // a time.Duration holds 292 years
}

// OnOrBefore reports whether all of d lies on or before day.
func (d Date) OnOrBefore(day Date) bool { return d != "" && d.Latest() <= day }

func checkDate(field string, d Date) *Refusal {
	if d == "" || d.Valid() {
		return nil
	}
	return refuse("date.invalid", field, fmt.Sprintf("%q is not a date: write 2017, 2017-06 or 2017-06-05", string(d)))
}

func checkDates(field string, dates []Date) *Refusal {
	for i, d := range dates {
		at := fmt.Sprintf("%s[%d]", field, i)
		if r := first(required(at, string(d)), checkDate(at, d)); r != nil {
			return r
		}
	}
	return nil
}

// FuzzyDate is a date as sources state it: exact, approximate, or a range.
type FuzzyDate struct {
	Type string `json:"type,omitempty"` // exact, approximately, between, or the source's own word
	Date Date   `json:"date,omitempty"`
	From Date   `json:"from,omitempty"`
	To   Date   `json:"to,omitempty"`
	Note string `json:"note,omitempty"`
	Text string `json:"text,omitempty"` // as written in the source, where it says more
}
