package api

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// A filter that can match nothing is refused, by name, with the value and what
// it could have been: an empty page would look like a finding.
func TestFiltersThatMatchNothingAreRefused(t *testing.T) {
	f := newFixture(t)
	f.withDesignation()
	for path, want := range map[string][]string{
		"/v1/events?member=ZW":                       {"member.unknown", "member", `"ZW"`, "XA, XB, XC"},
		"/v1/events?agency=XA/none":                  {"agency.unknown", "agency", `"XA/none"`, "XA/desk"},
		"/v1/events?audience=ZW/none":                {"agency.unknown", "audience", `"ZW/none"`, "none yet"},
		"/v1/events?case=none":                       {"case.unknown", "case", `"none"`, "/v1/cases"},
		"/v1/events?subject=UN:none":                 {"subject.unknown", "subject", `"UN:none"`, "/v1/subjects?q="},
		"/v1/events?type=no.such":                    {"request.parameter", "type", `"no.such"`, "/v1/schemas"},
		"/v1/cases?member=ZW":                        {"member.unknown", "member", `"ZW"`, "XA, XB, XC"},
		"/v1/countries/XA/assertions?asserter=ZW":    {"member.unknown", "asserter", `"ZW"`, "XA, XB, XC"},
		"/v1/coalition/loopholes?state=ZW":           {"country.not_watched", "state", `"ZW"`, "XA, XB, XC"},
		"/v1/coalition/matrix?state=ZW":              {"country.not_watched", "state", `"ZW"`, "XA, XB, XC"},
		"/v1/coalition/divergences?measure=a_ban":    {"measure.unknown", "measure", `"a_ban"`, "asset_freeze, travel_ban"},
		"/v1/designations?authority=ZW":              {"authority.unknown", "authority", `"ZW"`, "choose among XA"},
		"/v1/designations?held_by=XA&held_by=ZW":     {"country.unrecorded", "held_by", `"ZW"`, "XA, XB, XC"},
		"/v1/designations?not_held_by=ZW":            {"country.unrecorded", "not_held_by", `"ZW"`, "XA, XB, XC"},
		"/v1/designations?regime=banana":             {"regime.unknown", "regime", `"banana"`, "XA-TEST"},
		"/v1/designations?q=%21":                     {"request.parameter", "q", `"!"`, "letter"},
		"/v1/subjects?q=%21":                         {"request.parameter", "q", `"!"`, "letter"},
		"/v1/designations?held_by=UK":                {"country.unknown", "held_by", `"UK"`, "ISO 3166-1"},
		"/v1/designations?kind=ship":                 {"request.parameter", "kind", `"ship"`, "person, entity, vessel, aircraft, wallet"},
		"/v1/designations?limit=501":                 {"request.parameter", "limit", `"501"`, "from 1 to 500"},
		"/v1/coalition/loopholes?min_holders=0":      {"request.parameter", "min_holders", `"0"`, "from 1 to 200"},
		"/v1/coalition/loopholes?gaps_only=maybe":    {"request.parameter", "gaps_only", `"maybe"`, "true or false"},
		"/v1/coalition/summary?min_index=x":          {"request.parameter", "min_index", `"x"`, "from 0 on"},
		"/v1/coalition/summary?as_of=yesterday":      {"request.parameter", "as_of", `"yesterday"`, "2026-11-23T09:00:00Z"},
		"/v1/coalition/summary?class=duty":           {"request.parameter_unknown", "class", "takes as_of, min_index, on", ""},
		"/v1/events?recorded_after=2020":             {"request.parameter", "recorded_after", `"2020"`, "a time"},
		"/v1/countries/XA/timeline?order=up":         {"request.parameter", "order", `"up"`, "one of asc, desc"},
		"/v1/countries/XA/assertions?confidence=any": {"request.parameter", "confidence", `"any"`, "not stated"},
	} {
		p := f.problem(f.get(path), 400, want[0])
		if p.Field != want[1] || !strings.Contains(p.Detail, want[2]) || !strings.Contains(p.Detail, want[3]) {
			t.Errorf("%s: field %q, %q; want %q", path, p.Field, p.Detail, want[1:])
		}
	}
	for _, path := range []string{"/v1/countries/ZW/timeline", "/v1/countries/ZW/assertions"} {
		if p := f.problem(f.get(path), 404, "country.unrecorded"); !strings.Contains(p.Detail, "ZW") {
			t.Errorf("%s: %q", path, p.Detail)
		}
	}
	p := f.problem(f.do("GET", "/v1/subscriptions", f.token(RoleAuditor), nil), 403, "token.role")
	if !strings.Contains(p.Detail, "use a token of role agency") {
		t.Errorf("another role: %q", p.Detail)
	}
}

// lateViews hold back until somebody waits for them.
type lateViews struct {
	*projections.Runner
	begin func()
}

func (v lateViews) Wait(ctx context.Context, minIndex uint64) error {
	v.begin()
	return v.Runner.Wait(ctx, minIndex)
}

// A filter is checked by what the caller waits for: a state that the event at
// min_index is the first to name is known.
func TestFiltersAreCheckedAfterTheWait(t *testing.T) {
	late, err := projections.New(projections.Config{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	done, start := make(chan error, 1), sync.Once{}
	ctx, cancel := context.WithCancel(t.Context())
	var f *fixture
	begin := func() { start.Do(func() { go func() { done <- late.Run(ctx, f.ledger) }() }) }
	f = newFixture(t, func(c *Config) { c.Views = lateViews{late, begin} })
	defer func() { cancel(); begin(); <-done }()
	f.withDesignation()
	index := f.c.Must(f.ledger, f.c.Sign("XA", "designation.transposed", domain.DesignationTransposed{
		Common: domain.Common{Illustrative: true}, Designation: "XA:T.001", Member: "XD", InForceOn: "2018-01-02", Measures: []string{"asset_freeze"},
	})).Index
	var page struct {
		Total int `json:"total"`
	}
	if f.view(fmt.Sprintf("/v1/designations?held_by=XD&min_index=%d", index), &page); page.Total != 1 {
		t.Errorf("%d designations of the state, want 1", page.Total)
	}
}

// A cursor goes on with its own query alone: with another it would leave rows
// out, and nothing would show it.
func TestCursorsBelongToTheirQuery(t *testing.T) {
	f := newFixture(t)
	f.withDesignation()
	for n := range 3 {
		registered := domain.SubjectRegistered{ID: "subject:XA-" + string(rune('1'+n)), Subject: domain.Subject{
			Kind: "vessel", Names: []domain.Name{{Text: "Fictional Star"}},
		}}
		registered.Illustrative = true
		if err := f.runner.Wait(t.Context(), f.c.Must(f.ledger, f.c.Sign("XA", "subject.registered", registered)).Index); err != nil {
			t.Fatal(err)
		}
	}
	type paged struct {
		Subjects []struct {
			ID string `json:"id"`
		} `json:"subjects"`
		Entries []struct {
			Index uint64 `json:"index"`
		} `json:"entries"`
		Total int    `json:"total"`
		Next  string `json:"next"`
	}
	rows := func(p paged) int { return len(p.Subjects) + len(p.Entries) }
	for path, other := range map[string]string{
		"/v1/subjects?q=fictional":                   "/v1/subjects?q=star",
		"/v1/events?exclude_type=member.accepted":    "/v1/events?member=XA",
		"/v1/countries/XA/timeline?order=asc":        "/v1/countries/XA/timeline?order=desc",
		"/v1/countries/XA/timeline?on=2026-11-23":    "/v1/countries/XB/timeline?on=2026-11-23",
		"/v1/events?type=subject.*&type=coalition.*": "/v1/events?type=coalition.*",
	} {
		var page paged
		f.view(path+"&limit=1", &page)
		if page.Next == "" || rows(page) != 1 {
			t.Fatalf("%s: %+v", path, page)
		}
		after := "&after=" + url.QueryEscape(page.Next)
		for _, wrong := range []string{other + after, path + after + "0", path + "&after=5", path + "&as_of=15" + after} {
			if p := f.problem(f.get(wrong), 400, "request.cursor"); p.Field != "after" {
				t.Errorf("%s: field %q", wrong, p.Field)
			}
		}
		seen := 1
		for page.Next != "" { // with pages of another length, and from another index on: the same query
			last := "&limit=2&min_index=3&after=" + url.QueryEscape(page.Next)
			page = paged{}
			f.view(path+last, &page)
			seen += rows(page)
		}
		if seen != page.Total {
			t.Errorf("%s: %d rows on the pages, %d in all", path, seen, page.Total)
		}
	}
}

// Before it begins a case is not unknown: the answer says when to ask for.
func TestACaseThatBeginsLaterSaysSo(t *testing.T) {
	f := newFixture(t)
	action := testAction(1)
	action.Case, action.OccurredOn = "case-1", "2018-03-04"
	index := f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", action)).Index
	if err := f.runner.Wait(t.Context(), index); err != nil {
		t.Fatal(err)
	}
	p := f.problem(f.get("/v1/cases/case-1?on=2018-03-03"), 404, "case.not_yet")
	if p.Field != "on" || !strings.Contains(p.Detail, "begins on 2018-03-04") || !strings.Contains(p.Detail, fmt.Sprintf("index %d", index)) {
		t.Errorf("the day before: field %q, %q", p.Field, p.Detail)
	}
	p = f.problem(f.get(fmt.Sprintf("/v1/cases/case-1?as_of=%d", index-1)), 404, "case.not_yet")
	if p.Field != "as_of" || !strings.Contains(p.Detail, fmt.Sprintf("first known at index %d", index)) {
		t.Errorf("the index before: field %q, %q", p.Field, p.Detail)
	}
	f.view("/v1/cases/case-1?on=2018-03-04", new(any))
	f.problem(f.get("/v1/cases/none"), 404, "case.unknown")
}

// A case whose date is a year has surely begun by its last day; one that every
// event was corrected out of does not begin, and says where it was.
func TestACaseSaysWhenItOpens(t *testing.T) {
	f := newFixture(t)
	action := testAction(1)
	action.Case, action.OccurredOn = "case-1", "2018"
	first := f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", action))
	index := first.Index
	if err := f.runner.Wait(t.Context(), index); err != nil {
		t.Fatal(err)
	}
	if p := f.problem(f.get("/v1/cases/case-1?on=2018-06-01"), 404, "case.not_yet"); !strings.Contains(p.Detail, "begins on 2018-12-31") {
		t.Errorf("within the year: %q", p.Detail)
	}
	f.view("/v1/cases/case-1?on=2018-12-31", new(any))
	action.Case = "case-2"
	payload, err := json.Marshal(action)
	if err != nil {
		t.Fatal(err)
	}
	moved := f.c.Must(f.ledger, f.c.Sign("XB", "event.corrected", domain.EventCorrected{
		Target: domain.Ref{Index: index, Leaf: first.Leaf}, Type: "enforcement.action_taken", Version: 1, Replacement: payload, Reason: "the wrong case",
	})).Index
	if err := f.runner.Wait(t.Context(), moved); err != nil {
		t.Fatal(err)
	}
	p := f.problem(f.get("/v1/cases/case-1"), 404, "case.corrected")
	if p.Field != "as_of" || !strings.Contains(p.Detail, fmt.Sprintf("as of index %d", index)) {
		t.Errorf("after the correction: field %q, %q", p.Field, p.Detail)
	}
	f.view(fmt.Sprintf("/v1/cases/case-1?as_of=%d", index), new(any))
	if p := f.problem(f.get(fmt.Sprintf("/v1/cases/case-2?as_of=%d", index)), 404, "case.not_yet"); !strings.Contains(p.Detail, fmt.Sprintf("at index %d", moved)) {
		t.Errorf("before the correction: %q", p.Detail)
	}
}
