package api

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

const nasty = `<script>alert("x")</script><img src=x onerror=alert(1)>`

// withQuarter records what a report tells, names that would like to be markup
// included, and returns the first and last index of it.
func (f *fixture) withQuarter() (first, last uint64) {
	f.t.Helper()
	at := f.withDesignation()
	b := domain.DesignationAdopted{
		Common: domain.Common{Illustrative: true}, Designation: "XA:T.002", Regime: "XA-TEST", Authority: "XA", ListRef: "T.002",
		Subject: domain.Subject{Kind: "entity", Names: []domain.Name{{Text: nasty, Kind: "primary"}}}, Measures: []string{"asset_freeze"}, AdoptedOn: "2017-06-03",
	}
	f.c.Must(f.ledger, f.c.Sign("XA", "designation.adopted", b))
	frozen := domain.AssetFrozen{AssetKind: "account", Designations: []string{"XA:T.001"}, Amount: &domain.Money{Amount: "100.50", Currency: "EUR"}}
	frozen.Illustrative, frozen.OccurredOn = true, "2018-01-01"
	f.c.Must(f.ledger, f.c.Sign("XB", "asset.frozen", frozen))
	last = f.c.Must(f.ledger, f.c.Sign("XB", "explanation.given", domain.ExplanationGiven{
		Common: domain.Common{Illustrative: true}, Figure: "activity", Text: domain.Text{Text: nasty, Language: "en"},
	})).Index
	if err := f.runner.Wait(f.t.Context(), last); err != nil {
		f.t.Fatal(err)
	}
	return at, last
}

func TestReportInBothForms(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Notice = "A demonstration" })
	first, last := f.withQuarter()
	path := fmt.Sprintf("/v1/reports/changes?from=%d&to=%d", first-1, last)
	var r Changes
	a := f.view(path, &r)
	if r.Self != path || *r.To.Index != last || r.To.Root.IsZero() || r.From.Root.IsZero() || r.Origin == "" || len(r.Views) == 0 {
		t.Fatalf("pinned to %+v, %+v, at %s", r.From, r.To, r.Self)
	}
	if a.header.Get("Vary") == "" || a.header.Get("Ledger-Index") != fmt.Sprint(last) {
		t.Errorf("headers %v", a.header)
	}
	page := f.get(path, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	text := string(page.body)
	if page.status != http.StatusOK || page.header.Get("Content-Type") != "text/html; charset=utf-8" || page.header.Get("ETag") == a.header.Get("ETag") {
		t.Fatalf("page: %d %s", page.status, page.header.Get("Content-Type"))
	}
	f.agree(r, text)
	if same := f.get(path, "Accept", "text/html", "If-None-Match", page.header.Get("ETag")); same.status != http.StatusNotModified {
		t.Errorf("the same page again: %d", same.status)
	}
}

// agree holds the page against the answer in JSON: every number and every
// sentence, each where it belongs.
func (f *fixture) agree(r Changes, text string) {
	f.t.Helper()
	lines, shown := 0, func(what string) {
		if !strings.Contains(text, html.EscapeString(what)) {
			f.t.Errorf("the page lacks %q", what)
		}
	}
	for _, s := range append([]projections.ReportSection{r.Coalition}, r.Members...) {
		shown(s.Name)
		for _, c := range s.Changes {
			row := fmt.Sprintf(`<tr><th scope="row">%s</th><td>%s</td><td>%d</td><td>%d</td><td>%d</td></tr>`, html.EscapeString(c.Name), c.Text, c.Transcribed, c.Illustrative, c.Covered)
			if !strings.Contains(text, row) {
				f.t.Errorf("the page lacks the row %s", row)
			}
			if c.Events.Total != len(c.Events.Indexes) || len(c.Entries) > 0 && c.Untold != c.Events.Total-len(c.Entries) {
				f.t.Errorf("%s: %d events, %d named, %d told, %d untold", c.Name, c.Events.Total, len(c.Events.Indexes), len(c.Entries), c.Untold)
			}
			for _, e := range c.Entries[:min(len(c.Entries), 20)] { // JSON tells more
				lines++
				shown(e.Summary)
			}
		}
		for _, e := range s.Explanations {
			lines++
			shown(e.Text)
		}
		for _, m := range s.Frozen {
			if !strings.Contains(text, "<td>"+m.Before+"</td><td>"+m.After+"</td>") {
				f.t.Errorf("the page lacks %s %s", m.After, m.Currency)
			}
		}
	}
	for _, pinned := range []string{r.From.Root.String(), r.To.Root.String(), r.Genesis.String(), r.Origin} {
		shown(pinned)
	}
	if n := strings.Count(text, "<li>"); n != lines {
		f.t.Errorf("%d lines on the page, %d in JSON", n, lines)
	}
}

// Nothing that anybody wrote becomes markup, and the policy allows no script.
func TestReportPageIsInert(t *testing.T) {
	f := newFixture(t)
	first, last := f.withQuarter()
	page := f.get(fmt.Sprintf("/v1/reports/changes?from=%d&to=%d", first-1, last), "Accept", "text/html")
	text := string(page.body)
	for _, bad := range []string{"<script", "<img", "onerror=alert(1)>", "javascript:", " style=", " onclick="} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(text, "&lt;script&gt;"); n < 3 {
		t.Errorf("the nasty name stands %d times, want it told as text: by its listing, the explanation and its quotation", n)
	}
	policy := page.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
		t.Errorf("policy %q", policy)
	}
	_, sheet, _ := strings.Cut(text, "<style>")
	sheet, _, _ = strings.Cut(sheet, "</style>")
	if sum := sha256.Sum256([]byte(sheet)); !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Errorf("the policy %q does not allow the page's own sheet", policy)
	}
	if !strings.Contains(text, "@media print") || strings.Contains(text, "ZgotmplZ") {
		t.Error("the page has no sheet for printing, or a value that the template refused")
	}
}

func TestReportRepeatsByItsAddress(t *testing.T) {
	f := newFixture(t)
	first, last := f.withQuarter()
	day := f.c.Clock().UTC().Format("2006-01-02")
	var r, again Changes
	f.view("/v1/reports/changes?from=2000-01-01&to="+day, &r)
	r.Until = nil
	if r.Self != fmt.Sprintf("/v1/reports/changes?from=2000-01-01&to=%d", last) || r.From.Size != 0 || *r.To.Index != last {
		t.Fatalf("by days: %s", r.Self)
	}
	if err := f.runner.Wait(t.Context(), f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", testAction(7))).Index); err != nil {
		t.Fatal(err)
	}
	f.view(r.Self, &again)
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("by its own address, after another event (-first +again):\n%s", diff)
	}
	f.view(fmt.Sprintf("/v1/reports/changes?from=%d", first), &again)
	if *again.To.Index != last+1 || !strings.HasSuffix(again.Self, fmt.Sprintf("to=%d", last+1)) {
		t.Errorf("to the newest event: %s", again.Self)
	}
	for path, code := range map[string]string{
		"from=9&to=3": "report.backwards", "from=x": "request.parameter", "from=1&to=2017": "as_of.beyond_head", "from=1&to=1999-01-01": "as_of.before_genesis",
		"to=3": "request.parameter", "from=99999": "as_of.beyond_head", "from=1&form=html": "request.parameter_unknown",
	} {
		f.problem(f.get("/v1/reports/changes?"+path), http.StatusBadRequest, code)
	}
}

// JSON names every event and tells 500 of a kind in words; the page tells fewer
// and says how many it leaves out.
func TestReportLeavesNothingOutUnsaid(t *testing.T) {
	f := newFixture(t)
	first := f.ledger.Size()
	for i := range 120 {
		f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", testAction(i)))
	}
	if err := f.runner.Wait(t.Context(), f.ledger.Size()-1); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/v1/reports/changes?from=%d", first-1)
	var r Changes
	f.view(path, &r)
	c := r.Members[0].Changes[0]
	if c.Count != 120 || len(c.Events.Indexes) != 120 || len(c.Entries) != 120 || c.Untold != 0 || len(r.Coalition.Changes[0].Events.Indexes) != 120 {
		t.Errorf("%d events, %d named, %d told, %d untold", c.Count, len(c.Events.Indexes), len(c.Entries), c.Untold)
	}
	text := string(f.get(path, "Accept", "text/html").body)
	if strings.Count(text, "<li>") != 20 || !strings.Contains(text, "And 100 more") {
		t.Errorf("%d lines on the page", strings.Count(text, "<li>"))
	}
	f.agree(r, text)
}

func TestReportSaysWhereItsTimeLiesAhead(t *testing.T) {
	f := newFixture(t)
	var r Changes
	f.view("/v1/reports/changes?from=2000-01-01&to=2999-12-31", &r)
	if r.Until == nil || r.Until.Asked != "2999-12-31" || r.Until.Reached == nil || !r.Until.Reached.Equal(*r.To.RecordedAt) {
		t.Errorf("until %+v", r.Until)
	}
	page := f.get("/v1/reports/changes?from=2000-01-01&to=2999-12-31", "Accept", "text/html")
	if !strings.Contains(string(page.body), "2999-12-31, which lies ahead") {
		t.Error("the page does not say so")
	}
	r = Changes{}
	if f.view("/v1/reports/changes?from=0", &r); r.Until != nil {
		t.Errorf("until now: %+v", r.Until)
	}
	for _, from := range []string{"2999-12-31", "2999-12-31T00:00:00Z"} {
		if p := f.problem(f.get("/v1/reports/changes?from="+from), 400, "report.future"); p.Field != "from" {
			t.Errorf("%s: field %q", from, p.Field)
		}
	}
}

// Accept is read with its q values, then by what it names most specifically and
// first; JSON is what comes where it names neither.
func TestAcceptIsReadByQuality(t *testing.T) {
	for accept, want := range map[string]string{
		"": typeJSON, "*/*": typeJSON, "text/html": typeHTML, "text/html,application/xhtml+xml,*/*;q=0.8": typeHTML,
		"text/html;q=0.5, application/json": typeJSON, "application/json;q=0.1,text/html;q=0.2": typeHTML, "text/html, application/json": typeHTML, "application/json, text/html": typeJSON,
		"text/html, */*": typeHTML, "*/*, text/html": typeHTML, "*/*, text/*": typeHTML, "text/*, application/json": typeJSON, "application/*, text/*": typeJSON,
		"text/csv, */*": typeJSON, "text/html;q=0.5, */*": typeJSON,
		"text/html;q=0": "", "text/html;q=0,*/*": typeJSON, "application/*;q=0.3, text/*;q=0.4": typeHTML, "text/csv": "", "*/*;q=0.1, application/json;q=0": typeHTML,
	} {
		got, err := (&call{accept: accept}).accepted(typeJSON, typeHTML)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Accept: %s: got %q %v, want %q", accept, got, err, want)
		}
	}
	f := newFixture(t)
	f.problem(f.get("/v1/reports/changes?from=0", "Accept", "text/csv"), http.StatusNotAcceptable, "request.accept")
	if a := f.get("/v1/events", "Accept", "application/x-ndjson;q=0.1, application/json"); a.header.Get("Content-Type") != typeJSON {
		t.Errorf("events came as %s", a.header.Get("Content-Type"))
	}
	for accept, want := range map[string]string{
		"text/event-stream, */*": typeSSE, "application/x-ndjson, */*": typeNDJSON, "*/*": typeJSON, "application/*": typeJSON, "": typeJSON,
	} {
		if got, err := (&call{accept: accept}).accepted(typeJSON, typeNDJSON, typeSSE); got != want || err != nil {
			t.Errorf("events, Accept: %s: got %q %v, want %q", accept, got, err, want)
		}
	}
}
