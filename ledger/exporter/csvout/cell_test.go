package csvout

import "testing"

// What spreadsheets would run behind a semicolon or a tab is kept from it, and
// reads back as it was.
func TestPartsOfACellDoNotRun(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "x;=1+1;y": "x;'=1+1;y", "x\t@sum": "x\t'@sum", "-a;+b;-c": "'-a;'+b;'-c", `x;"=1`: `x;'"=1`,
		"x;'=1": "x;''=1", "\t=1": "'\t'=1", ";=1": ";'=1", "a; b": "a; b", "a;b-c": "a;b-c", "'": "'", "a;": "a;",
	} {
		if got := guard(cell); got != want || Plain(got) != cell {
			t.Errorf("%q: got %q, back %q, want %q", cell, got, Plain(got), want)
		}
	}
}
