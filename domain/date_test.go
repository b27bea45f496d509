package domain

import "testing"

func TestDaysBetweenFarDates(t *testing.T) {
	for _, c := range []struct {
		a, b Date
		want int
	}{{"2018-02-28", "2018-03-01", 1}, {"2018-03-01", "2018-02-28", -1}, {"2018-01-01", "9999-12-31", 2915364}} {
		if got := DaysBetween(c.a, c.b); got != c.want {
			t.Errorf("%s to %s: %d days, want %d", c.a, c.b, got, c.want)
		}
	}
}
