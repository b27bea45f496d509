package api

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// withDesignation records a regime and one designation, and returns its index.
func (f *fixture) withDesignation() uint64 {
	f.t.Helper()
	f.c.Decide(f.ledger, "regime.adopted", domain.RegimeAdopted{Regime: domain.Regime{
		ID: "XA-TEST", Name: "Test regime", Authority: "XA", Custodian: "XA/desk", Measures: []string{"asset_freeze"},
	}})
	r := f.c.Must(f.ledger, f.c.Sign("XA", "designation.adopted", domain.DesignationAdopted{
		Common: domain.Common{Illustrative: true}, Designation: "XA:T.001", Regime: "XA-TEST", Authority: "XA", ListRef: "T.001",
		Subject:  domain.Subject{Kind: "entity", Names: []domain.Name{{Text: "Fictional Trading", Kind: "primary"}}},
		Measures: []string{"asset_freeze"}, AdoptedOn: "2017-06-02",
	}))
	return r.Index
}

func TestEveryViewAnswers(t *testing.T) {
	f := newFixture(t)
	at := f.withDesignation()
	action := testAction(1)
	action.Case = "case-1"
	last := f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", action)).Index
	for _, path := range []string{
		"/v1/events", "/v1/events?type=enforcement.*&exclude_type=member.accepted&member=XB&agency=XB/desk&case=case-1&limit=5",
		"/v1/events?subject=XA:T.001&recorded_after=2020-01-01T00:00:00Z", "/v1/members", "/v1/members/XA/keys", "/v1/regimes",
		"/v1/designations", "/v1/designations?regime=XA-TEST&authority=XA&kind=entity&status=listed&held_by=XA&not_held_by=XB&not_held_by=XC&q=fictional",
		"/v1/designations/XA:T.001", "/v1/subjects/XA:T.001", "/v1/subjects?q=trading", "/v1/countries", "/v1/countries/XA/compliance", "/v1/countries/XA/obligations?on=2026-01-01", "/v1/countries/XA/timeline?order=desc",
		"/v1/countries/XC/assertions?confidence=alleged&asserter=XA", "/v1/cases", "/v1/cases?state=not_recorded&member=XB&regime=XA-TEST&overdue=false", "/v1/cases/case-1", "/v1/coalition/summary",
		"/v1/coalition/loopholes?min_holders=1&state=XB&kind=entity&regime=XA-TEST", "/v1/coalition/matrix?regime=XA-TEST", "/v1/coalition/date-conflicts",
		"/v1/coalition/divergences?measure=asset_freeze&min_holders=1&state=XB&kind=entity&regime=XA-TEST", "/v1/coalition/vessels?min_changes=1",
		"/v1/coalition/caps?product=refined&regime=XA-TEST", "/v1/coalition/assets?state=XB", "/v1/coalition/cyber",
	} {
		var v map[string]any
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		a := f.view(fmt.Sprintf("%s%smin_index=%d", path, sep, last), &v)
		if got := a.header.Get("Ledger-Index"); got != strconv.FormatUint(last, 10) {
			t.Errorf("%s: Ledger-Index %s, want %d", path, got, last)
		}
		if a.header.Get("ETag") == "" || a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: no ETag or type %s", path, a.header.Get("Content-Type"))
		}
	}
	var register struct {
		AsOf         uint64 `json:"as_of"`
		Total        int    `json:"total"`
		Designations []struct {
			ID string `json:"id"`
		} `json:"designations"`
	}
	f.view("/v1/designations", &register)
	if register.Total != 1 || register.AsOf != last || len(register.Designations) != 1 || register.Designations[0].ID != "XA:T.001" {
		t.Fatalf("got %+v", register)
	}
	f.view(fmt.Sprintf("/v1/designations?as_of=%d", at-1), &register)
	if register.Total != 0 || register.AsOf != at-1 {
		t.Fatalf("before it was recorded: got %+v", register)
	}
	var feed struct {
		Entries []struct {
			Index uint64 `json:"index"`
		} `json:"entries"`
		Next string `json:"next"`
	}
	f.view("/v1/events?limit=2", &feed)
	if len(feed.Entries) != 2 || feed.Entries[0].Index != last || feed.Next == "" {
		t.Fatalf("got %+v", feed)
	}
	f.view("/v1/events?limit=2&after="+feed.Next, &feed)
	if feed.Entries[0].Index != last-2 {
		t.Fatalf("the second page begins with %d, want %d", feed.Entries[0].Index, last-2)
	}
}

func TestAsOf(t *testing.T) {
	f := newFixture(t)
	var c Coalition
	a := f.view("/v1/members?as_of=0", &c)
	if a.header.Get("Ledger-Index") != "0" || c.Open || len(c.Members) != 3 || len(c.Members[0].Agencies) != 1 {
		t.Fatalf("at genesis: got %+v", c)
	}
	f.view("/v1/members", &c)
	if !c.Open || c.Genesis != f.c.Ledger || len(c.Members[0].Agencies) != 2 || c.LogKey != f.c.LogKey {
		t.Fatalf("now: got %+v", c)
	}
	size := f.ledger.Size()
	f.view(fmt.Sprintf("/v1/members?as_of=%d", size-1), &c)
	if !c.Open || len(c.Members[2].Agencies) != 2 {
		t.Fatalf("at the head: got %+v", c)
	}
	f.view("/v1/members?as_of=2", &c) // back again
	if !c.Members[1].Accepted || c.Members[2].Accepted {
		t.Fatalf("at 2: got %+v", c.Members)
	}
	recorded := f.c.Time.UTC().Format(time.RFC3339)
	for _, path := range []string{"/v1/members", "/v1/designations", "/v1/coalition/summary"} {
		if a := f.get(path + "?as_of=" + recorded); a.status != 200 || a.header.Get("Ledger-Index") != strconv.FormatUint(size-1, 10) {
			t.Errorf("%s as of %s: got %d, index %s", path, recorded, a.status, a.header.Get("Ledger-Index"))
		}
		f.problem(f.get(path+"?as_of=2001-01-01T00:00:00Z"), 400, "as_of.before_genesis")
		f.problem(f.get(fmt.Sprintf("%s?as_of=%d", path, size)), 400, "as_of.beyond_head")
		f.problem(f.get(path+"?as_of=yesterday"), 400, "request.parameter")
		f.problem(f.get(path+"?as_of=-1"), 400, "request.parameter")
	}
}

func TestParameters(t *testing.T) {
	f := newFixture(t)
	for path, code := range map[string]string{
		"/v1/designations?onn=2017-06-05":              "request.parameter_unknown",
		"/v1/designations?on=2017-06":                  "request.parameter",
		"/v1/designations?on=2017-02-30":               "request.parameter",
		"/v1/designations?on=2017-06-05&on=2018-01-01": "request.parameter_twice",
		"/v1/designations?kind=ship":                   "request.parameter",
		"/v1/designations?held_by=UK":                  "country.unknown",
		"/v1/designations?held_by=us":                  "country.unknown",
		"/v1/designations?limit=0":                     "request.parameter",
		"/v1/designations?limit=501":                   "request.parameter",
		"/v1/designations?limit=ten":                   "request.parameter",
		"/v1/designations?q=":                          "request.parameter",
		"/v1/countries/UK/compliance":                  "country.unknown",
		"/v1/countries/jp/compliance":                  "request.parameter",
		"/v1/countries/JPN/compliance":                 "request.parameter",
		"/v1/events?type=no.such":                      "request.parameter",
		"/v1/events?type=*":                            "request.parameter",
		"/v1/events?agency=XA":                         "request.parameter",
		"/v1/events?recorded_after=2020":               "request.parameter",
		"/v1/members?on=2017-06-05":                    "request.parameter_unknown",
		"/v1/coalition/summary?min_index=x":            "request.parameter",
		"/v1/coalition/loopholes?gaps_only=perhaps":    "request.parameter",
	} {
		p := f.problem(f.get(path), 400, code)
		if p.Field == "" {
			t.Errorf("%s: the problem names no parameter: %+v", path, p)
		}
	}
	f.problem(f.get("/v1/countries/JP/compliance"), 404, "country.not_watched")
	f.problem(f.get("/v1/designations/UN:none"), 404, "designation.unknown")
	f.problem(f.get("/v1/designations/a/b"), 404, "designation.unknown")
	f.problem(f.get("/v1/subjects/9999999"), 404, "subject.unknown")
	f.problem(f.get("/v1/cases/none"), 404, "case.unknown")
	f.problem(f.get("/v1/members/JP/keys"), 404, "member.unknown")
	f.problem(f.get("/v1/countries/XA/figures/none"), 404, "figure.unknown")
}

func TestMinIndexWaitsBounded(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Limits.MinIndexWait = 100 * time.Millisecond })
	next := f.ledger.Size()
	a := f.get(fmt.Sprintf("/v1/designations?min_index=%d", next))
	f.problem(a, 504, "views.behind")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", testAction(1)))
	for {
		if f.get(fmt.Sprintf("/v1/designations?min_index=%d", next)).status == 200 {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("never reached")
		}
	}
}

func TestETag(t *testing.T) {
	f := newFixture(t)
	a := f.get("/v1/coalition/summary?on=2020-01-01")
	tag := a.header.Get("ETag")
	b := f.get("/v1/coalition/summary?on=2020-01-01", "If-None-Match", `"x", W/`+tag)
	if b.status != 304 || len(b.body) != 0 || b.header.Get("ETag") != tag {
		t.Fatalf("got %d %q", b.status, b.body)
	}
	index := f.c.Must(f.ledger, f.c.Sign("XA", "enforcement.action_taken", testAction(1))).Index
	if c := f.get(fmt.Sprintf("/v1/coalition/summary?on=2020-01-01&min_index=%d", index), "If-None-Match", tag); c.status != 200 || c.header.Get("ETag") == tag {
		t.Fatalf("after an event: got %d %s", c.status, c.header.Get("ETag"))
	}
}

// A misspelt filter must not look like an empty answer.
func TestUnknownRegimesAreNoEmptyAnswer(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/v1/designations", "/v1/coalition/loopholes", "/v1/coalition/matrix", "/v1/coalition/caps", "/v1/cases"} {
		if p := f.problem(f.get(path+"?regime=banana"), 400, "regime.unknown"); p.Field != "regime" {
			t.Errorf("%s: field %q", path, p.Field)
		}
	}
}
