package main

import (
	"strings"
	"testing"
)

// Spreadsheets leave their marks; the message names what to change.
func TestSpreadsheetFiles(t *testing.T) {
	for text, want := range map[string]string{
		"occurred_on;kind\n2026-01-01;penalty\n":    "divided by semicolons",
		"occurred_on,kind\n2026-01-01,p\xe9nalty\n": "not UTF-8",
		"kind,kind\na,b\n":                          "two columns are named kind",
	} {
		if _, err := csvRows("f.csv", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	rows, err := csvRows("f.csv", []byte("\xef\xbb\xbfoccurred_on,kind\r\n2026-01-01,penalty\r\n,\r\n , \r\n"))
	if err != nil || len(rows) != 1 {
		t.Fatalf("got %d rows, %v; want one, the empty ones left out", len(rows), err)
	}
}

func TestFounderTwice(t *testing.T) {
	c := foundCmd{Member: []string{"XA", "XA:0"}}
	if _, err := c.founders(nil); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Fatalf("got %v, want the founder named twice refused before any key is made", err)
	}
}
