package au

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
)

// birth reads a person's dates of birth; several stand in one cell, divided by
// commas. A cell of which a part is not understood stays as text.
func (g *group) birth(text string) (whole bool) {
	if g.e.Kind != "person" {
		return false
	}
	births := &g.e.Subject.BirthDates
	if d := fuzzy(text); d.Type != "" || !strings.Contains(text, ",") {
		*births = append(*births, d)
		return true
	}
	var parts []domain.FuzzyDate
	for p := range strings.SplitSeq(strings.TrimRight(text, ", "), ",") {
		d := fuzzy(strings.TrimSpace(p))
		if d.Type == "" {
			*births = append(*births, domain.FuzzyDate{Text: text})
			return true
		}
		parts = append(parts, d)
	}
	*births = append(*births, parts...)
	return false
}

// fuzzy reads one date of birth: a day, a month or a year, a range of years, one
// of them about; what is none has its text alone.
func fuzzy(text string) domain.FuzzyDate {
	if m := years.FindStringSubmatch(text); m != nil {
		return domain.FuzzyDate{Type: "between", From: domain.Date(m[1]), To: domain.Date(m[2]), Text: text}
	}
	d := domain.FuzzyDate{Type: "exact", Text: text}
	bare := about.ReplaceAllString(text, "")
	if bare != text {
		d.Type = "approximately"
	}
	if d.Date = day(bare); d.Date == "" {
		return domain.FuzzyDate{Text: text}
	}
	if text == string(d.Date) {
		d.Text = ""
	}
	return d
}

var (
	years = regexp.MustCompile(`^(?:[Bb]etween )?((?:19|20)[0-9]{2}) ?(?:-|–|to|and) ?((?:19|20)[0-9]{2})$`)
	about = regexp.MustCompile(`^(?i:approximately|approx\.?|circa|c\.) ?`)
)

// day returns the date that a cell states, "" when it states none: in words or
// figures, the day first, or as the number by which a workbook counts days. A
// date such as 3/4/26 is none: nothing says which of the two is the month.
func day(text string) domain.Date {
	if d := domain.Date(text); d != "" && d.Valid() {
		return d
	}
	if d, ok := importer.SlashDay(text); ok {
		return d
	}
	if serial.MatchString(text) {
		n, _ := strconv.Atoi(text)
		return domain.DateOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n))
	}
	words := strings.Replace(strings.Replace(text, ".", "", 1), "Sept ", "Sep ", 1)
	for _, layout := range []string{"2 January 2006", "2 Jan 2006"} {
		if t, err := time.Parse(layout, words); err == nil {
			return domain.DateOf(t)
		}
	}
	for _, layout := range []string{"January 2006", "Jan 2006"} {
		if t, err := time.Parse(layout, words); err == nil {
			return domain.DateOf(t)[:len("2006-01")]
		}
	}
	return ""
}

// serial is a number of days since 30 December 1899, from 1927 to 2173: one of
// four digits is a year.
var serial = regexp.MustCompile(`^[1-9][0-9]{4}$`)
