package integration

import (
	"bufio"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/projections"
)

// ready is the line that demo --json prints.
type ready struct {
	URL    string            `json:"url"`
	Tokens map[string]string `json:"tokens"`
	Events uint64            `json:"events"`
}

// demo is a running demonstration.
type demo struct {
	ready
	*process
	dir string
}

func startDemo(t *testing.T, every time.Duration) demo {
	t.Helper()
	dir := t.TempDir()
	p := run(t, "ledgerd", "demo", "--json", "--data", dir, "--every", every.String())
	p.waitFor(t, "line of JSON", func() bool { return strings.HasSuffix(p.stdout.String(), "\n") })
	return demo{decode[ready](t, []byte(p.stdout.String())), p, dir}
}

func (d demo) as(t *testing.T, role string) caller { return call(t, d.URL, d.Tokens[role]) }

func TestDemoOnce(t *testing.T) {
	start := time.Now()
	stdout, stderr, code := try(t.Context(), t, "ledgerd", "demo", "--once", "--json")
	took := time.Since(start)
	if code != 0 || stderr != "" || took > time.Minute {
		t.Fatalf("exit %d after %s\n%s", code, took, stderr)
	}
	if strings.Count(stdout, "\n") != 1 {
		t.Errorf("not one line: %q", stdout)
	}
	r := decode[map[string]any](t, []byte(stdout))
	var names []string
	for name := range r {
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"events", "tokens", "url"}, names); diff != "" {
		t.Error(diff)
	}
	got := decode[ready](t, []byte(stdout))
	if !strings.HasPrefix(got.URL, "http://127.0.0.1:") || got.Events < 400 || len(got.Tokens) != 4 {
		t.Errorf("got %+v", got)
	}
	for _, role := range []string{"agency", "auditor", "coordinator", "operator"} {
		if strings.Count(got.Tokens[role], ".") != 2 {
			t.Errorf("no token for %s", role)
		}
	}
	t.Logf("demo --once: %d events in %s", got.Events, took.Round(time.Millisecond))
}

// One demonstration answers all that the issue asks of it.
func TestDemo(t *testing.T) {
	d := startDemo(t, 0)
	c := d.as(t, "coordinator")
	events := c.stream(within(t, 20*time.Second), t)
	if uint64(len(events)) != d.Events {
		t.Fatalf("%d events streamed, %d announced", len(events), d.Events)
	}
	t.Run("JP", func(t *testing.T) { testJapan(t, c) })
	t.Run("as_of", func(t *testing.T) { testAsOf(t, c, events) })
	t.Run("by reference", func(t *testing.T) { testByReference(t, c) })
	t.Run("loopholes", func(t *testing.T) { testLoopholes(t, c) })
	t.Run("held_by", func(t *testing.T) { testHeldBy(t, c) })
	t.Run("invented", func(t *testing.T) { testInvented(t, events) })
	t.Run("read back", func(t *testing.T) { testReadBack(t, c, events) })
	t.Run("roles", func(t *testing.T) { testRoles(t, d, events) })
	t.Run("shown", func(t *testing.T) { testShown(t, d) })
	testStories(t, d, events)
	d.stop(t)
}

func regime(t *testing.T, c caller, country, query string) projections.RegimeCompliance {
	t.Helper()
	page := get[projections.Compliance](t, c, "/v1/countries/"+country+"/compliance"+query)
	for _, r := range page.Regimes {
		if r.Regime == "UN-DPRK" {
			return r
		}
	}
	t.Fatalf("%s%s: no UN-DPRK", country, query)
	return projections.RegimeCompliance{}
}

type lagFigures struct{ Count, Median, P90, Max int }

func figuresOf(l *projections.Lag) lagFigures {
	if l == nil {
		return lagFigures{}
	}
	return lagFigures{l.Count, l.Median, l.P90, l.Max}
}

func testJapan(t *testing.T, c caller) {
	now := regime(t, c, "JP", "")
	if diff := cmp.Diff(projections.Counts{Listed: 155, Transposed: 155}, now.Counts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(lagFigures{155, 9, 15, 29}, figuresOf(now.PerEntry)); diff != "" {
		t.Errorf("per entry: %s", diff)
	}
	if diff := cmp.Diff(lagFigures{13, 11, 28, 29}, figuresOf(now.PerNotice)); diff != "" {
		t.Errorf("per notice: %s", diff)
	}
	then := regime(t, c, "JP", "?on=2017-06-05")
	if diff := cmp.Diff(projections.Counts{Listed: 99, Transposed: 81, Open: 18}, then.Counts); diff != "" {
		t.Error(diff)
	}
	if then.Backlog == nil || then.Backlog.Open != 18 || len(then.Backlog.Entries) != 18 {
		t.Errorf("backlog: %+v", then.Backlog)
	}
	if diff := cmp.Diff(lagFigures{}, figuresOf(regime(t, c, "JP", "?on=2006-01-01").PerEntry)); diff != "" {
		t.Errorf("before the regime: %s", diff)
	}
}

// What as_of answers is counted in the stream.
func testAsOf(t *testing.T, c caller, events []event) {
	var transposed []int
	for i, e := range events {
		if e.Header.Type == "designation.transposed" {
			transposed = append(transposed, i)
		}
	}
	if len(transposed) != 155 {
		t.Fatalf("%d transpositions in the stream", len(transposed))
	}
	for n, at := range map[int]int{0: transposed[0] - 1, 1: transposed[0], 78: transposed[77], 155: transposed[154]} {
		r := regime(t, c, "JP", fmt.Sprintf("?as_of=%d", at))
		if r.Counts.Transposed != n || r.Counts.Listed != 155 {
			t.Errorf("as_of=%d: %d of %d transposed, recorded were %d", at, r.Counts.Transposed, r.Counts.Listed, n)
		}
	}
	at := time.UnixMicro(events[transposed[0]-1].RecordedAt).UTC().Format(time.RFC3339Nano)
	early := get[projections.Compliance](t, c, "/v1/countries/JP/compliance?as_of="+at)
	if early.AsOf >= uint64(transposed[0]) && events[transposed[0]].RecordedAt != events[transposed[0]-1].RecordedAt {
		t.Errorf("as_of=%s reflects index %d", at, early.AsOf)
	}
	for query, code := range map[string]string{
		"as_of=2006-10-14T00:00:00Z":         "as_of.before_genesis",
		fmt.Sprintf("as_of=%d", len(events)): "as_of.beyond_head",
		"as_of=yesterday":                    "request.parameter",
		"as_of=-1":                           "request.parameter",
		"as_of=18446744073709551616":         "request.parameter",
		"as_at=1":                            "request.parameter_unknown",
		"as_of=1&as_of=2":                    "request.parameter_twice",
		"on=5+June+2017":                     "request.parameter",
		"on=2017-02-29":                      "request.parameter",
	} {
		p := refused(t, c.Get(t.Context(), "/v1/countries/JP/compliance?"+query, new(any)))
		if p.Status != http.StatusBadRequest || p.Code != code {
			t.Errorf("%s: got %d %s, want 400 %s", query, p.Status, p.Code, code)
		}
	}
}

// A state that implements by reference is never late.
func testByReference(t *testing.T, c caller) {
	for _, country := range []string{"CA", "AU", "NZ"} {
		for _, query := range []string{"", "?on=2017-06-05"} {
			r := regime(t, c, country, query)
			if r.Counts.Open != 0 || r.Counts.Covered != r.Counts.Listed || r.Counts.Listed < 99 || r.Backlog != nil {
				t.Errorf("%s%s: %+v, backlog %+v", country, query, r.Counts, r.Backlog)
			}
			for _, b := range r.Bench {
				if b.Over != 0 || b.Of != 0 {
					t.Errorf("%s%s: measured by a benchmark for acts of its own: %+v", country, query, b)
				}
			}
		}
	}
	if r := regime(t, c, "US", ""); r.Counts.Open != 0 || r.Counts.NotRecorded != 155 {
		t.Errorf("US, of which nothing is recorded: %+v", r.Counts)
	}
}

// Every loophole names the events behind it, and all of them can be read.
func testLoopholes(t *testing.T, c caller) {
	behind := map[uint64]bool{}
	seen, path := 0, "/v1/coalition/loopholes?limit=100"
	for next := path; next != ""; {
		page := get[projections.LoopholePage](t, c, next)
		for _, l := range page.Loopholes {
			seen++
			listedByHolder := l.Authority != "UN" // then one event is both
			if len(l.Events) < 2 && !listedByHolder || len(l.Events) == 0 || len(l.Holders) == 0 || len(l.Missing) == 0 {
				t.Fatalf("%s: %d holders, %d missing, events %v", l.Designation, len(l.Holders), len(l.Missing), l.Events)
			}
			for _, h := range l.Holders {
				if len(h.Events) == 0 {
					t.Errorf("%s: held by %s, by no event", l.Designation, h.Country)
				}
			}
			for _, i := range l.Events {
				behind[i] = true
			}
		}
		if next = ""; page.Next != "" {
			next = path + "&after=" + page.Next
		} else if seen != page.Total {
			t.Errorf("%d loopholes on the pages, %d in all", seen, page.Total)
		}
	}
	if seen < 155 {
		t.Errorf("%d loopholes", seen)
	}
	for i := range behind {
		e := get[struct {
			Index uint64 `json:"index"`
			Type  string `json:"type"`
		}](t, c, fmt.Sprintf("/v1/events/%d", i))
		kind, _, _ := strings.Cut(e.Type, ".")
		if e.Index != i || kind != "designation" && kind != "implementation" {
			t.Errorf("event %d behind a loophole is %+v", i, e)
		}
	}
	t.Logf("%d loopholes, %d events behind them, all readable", seen, len(behind))
}

// The United Kingdom implemented through the EU until the end of 2020: what is
// held by one and not by another depends on the day. Japan's ban of ports says
// nothing of ships whose assets alone are frozen.
func testHeldBy(t *testing.T, c caller) {
	for query, want := range map[string]int{
		"held_by=JP&kind=person":                               80,
		"held_by=JP&not_held_by=GB&kind=person":                80,
		"held_by=JP&not_held_by=GB&kind=person&on=2018-06-01":  0,
		"held_by=JP&not_held_by=CA&kind=entity":                0,
		"held_by=JP&held_by=CA&kind=entity":                    75,
		"held_by=CA&not_held_by=JP&kind=person&on=2017-06-05":  14,
		"held_by=JP&not_held_by=CA&not_held_by=US&kind=vessel": 35, // of 59, those whose designation bears the port ban
		"held_by=US": 0,
	} {
		page := get[projections.RegisterPage](t, c, "/v1/designations?limit=500&"+query)
		if page.Total != want || len(page.Designations) != want {
			t.Errorf("%s: total %d, %d rows, want %d", query, page.Total, len(page.Designations), want)
		}
	}
}

// Nothing invented stands in a real state's name, and nothing that looks like
// enforcement passes for real.
func testInvented(t *testing.T, events []event) {
	invented := 0
	for _, e := range events {
		said := strings.Contains(string(e.Payload), `"illustrative":true`)
		switch kind, _, _ := strings.Cut(e.Header.Type, "."); kind {
		case "enforcement", "asset", "interdiction":
			if !said {
				t.Errorf("event %d (%s) is not marked as illustrative", e.Index, e.Header.Type)
			}
		}
		if !e.Header.Issuer.Member().UserAssigned() {
			t.Errorf("event %d is signed in the name of %s", e.Index, e.Header.Issuer)
		}
		if !said {
			continue
		}
		invented++
		walk(t, e.Payload, func(member, value string) {
			switch member {
			case "member", "country", "code", "concerning", "flag_claimed", "flag", "authority", "host", "origin", "supplier", "receiver", "state", "to_member", "from", "to", "states":
				if realState(value) {
					t.Errorf("event %d, invented, says %s of %s", e.Index, member, value)
				}
			}
		})
	}
	if invented < 40 {
		t.Errorf("%d invented events", invented)
	}
}

// Events of a running demonstration arrive live, and a stream is resumed
// where it was left.
func TestLive(t *testing.T) {
	d := startDemo(t, 150*time.Millisecond)
	c := d.as(t, "auditor")
	ctx := within(t, 20*time.Second)
	res := c.send(ctx, t, http.MethodGet, fmt.Sprintf("/v1/events?from=%d", d.Events), "text/event-stream", nil)
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || !strings.HasPrefix(got, "text/event-stream") {
		t.Fatalf("got %d %s", res.StatusCode, got)
	}
	lines, want := bufio.NewScanner(res.Body), d.Events
	for want < d.Events+3 && lines.Scan() {
		id, ok := strings.CutPrefix(lines.Text(), "id: ")
		if !ok {
			continue
		}
		if id != fmt.Sprint(want) {
			t.Fatalf("event %s where %d is due", id, want)
		}
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), fmt.Sprintf(`data: {"index":%d,`, want)) {
			t.Fatalf("event %d: %q", want, lines.Text())
		}
		want++
	}
	if err := lines.Err(); err != nil || want < d.Events+3 {
		t.Fatalf("the stream ended at %d: %v", want, err)
	}
	res.Body.Close()
	d.stop(t)
}

// A demonstration's folder can be taken up again, and never by serve.
func TestServeRefusesDemo(t *testing.T) {
	dir := t.TempDir()
	first, stderr, code := try(t.Context(), t, "ledgerd", "demo", "--once", "--json", "--data", dir)
	if code != 0 {
		t.Fatal(stderr)
	}
	again, stderr, code := try(t.Context(), t, "ledgerd", "demo", "--once", "--json", "--data", dir)
	if code != 0 {
		t.Fatal(stderr)
	}
	if a, b := decode[ready](t, []byte(first)).Events, decode[ready](t, []byte(again)).Events; a != b {
		t.Errorf("%d events, the second time %d", a, b)
	}
	keys, _ := tokenKey(t)
	set := writeFile(t, 0o644, keys, dir, "tokens.json")
	_, stderr, code = try(t.Context(), t, "ledgerd", "serve", "--listen", "127.0.0.1:0", "--genesis", dir,
		"--log-key", filepath.Join(dir, "log.key"), "--auth-keys", set, "--store", "pebble://"+filepath.Join(dir, "journal"))
	if code != 1 || !strings.Contains(stderr, "ledgerd demo") || !strings.Contains(stderr, "ledger found") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
