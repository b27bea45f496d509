package demodata

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Every story reads, speaks for codes that stand for nobody, and names no event
// twice or before it is told.
func TestStoriesRead(t *testing.T) {
	lines, err := Stories()
	if err != nil || len(lines) < 60 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	told := map[string]domain.Ref{}
	for _, l := range lines {
		text, err := l.Fill(time.Now(), told)
		if err != nil {
			t.Fatal(err)
		}
		var payload map[string]any
		if err := json.Unmarshal(text, &payload); err != nil || payload["illustrative"] != true {
			t.Errorf("%s: %v in %s", l.Place, err, text)
		}
		if !l.As.Valid() || !l.As.Member().UserAssigned() {
			t.Errorf("%s: %s speaks", l.Place, l.As)
		}
		if _, twice := told[l.Name]; twice {
			t.Errorf("%s: two events are called %s", l.Place, l.Name)
		}
		if l.Name != "" {
			told[l.Name] = domain.Ref{}
		}
	}
}

func TestStoryPlaces(t *testing.T) {
	lines, err := story("s", "# A comment.\nXA/customs a.b {\"on\":\"@-30\",\n  \"at\":\"@+2T04:00:00Z\",\"of\":\"$first-one\"} as second\n")
	if err != nil || len(lines) != 1 || lines[0].Place != "s:2" || lines[0].Name != "second" {
		t.Fatalf("%+v, %v", lines, err)
	}
	day := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	got, err := lines[0].Fill(day, map[string]domain.Ref{"first-one": {Index: 7}})
	want := `{"illustrative":true,"on":"2026-01-30","at":"2026-03-03T04:00:00Z","of":{"index":7,"leaf":"` + strings.Repeat("0", 64) + `"}}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := lines[0].Fill(day, nil); err == nil || !strings.Contains(err.Error(), "s:2") || !strings.Contains(err.Error(), "first-one") {
		t.Errorf("an unknown event: %v", err)
	}
	for _, bad := range []string{"  {}", "XA/a a.b", "XA/a a.b {} as ", "XA/a a.b {} so", "XA/a a.b text {}"} {
		if _, err := story("s", bad); err == nil || !strings.HasPrefix(err.Error(), "s:1: ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
