package api

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"go.uber.org/goleak"

	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

func withSubscriptions(t *testing.T) (*fixture, *notify.Store) {
	t.Helper()
	store, err := notify.OpenStore(t.TempDir(), 5)
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, func(c *Config) {
		c.Subscriptions, c.Limits.Heartbeat = store, 50*time.Millisecond
		c.Deliveries = func() notify.Stats {
			return notify.Stats{Delivered: 7, Failures: 2, Active: 3, Parked: 1, Behind: 40, Oldest: 90 * time.Second}
		}
	})
	return f, store
}

// of mints a token for one agency.
func (f *fixture) of(a domain.AgencyID) string {
	now := time.Now().Unix()
	return f.mint(Claims{
		Issuer: testIssuer, Subject: string(a), Audience: Audience{testAudience}, IssuedAt: now, ExpiresAt: now + 600, Role: RoleAgency, MaySubmitFor: []domain.AgencyID{a},
	})
}

func (f *fixture) subscribe(token, body string) answer {
	f.t.Helper()
	return f.do("POST", "/v1/subscriptions", token, []byte(body), "Content-Type", "application/json")
}

const watchesXB = `{"agency":"XA/desk","watch":[{"kind":"member","value":"XB"}],"from":0`

func (f *fixture) subscribed(body string) Subscription {
	f.t.Helper()
	a := f.subscribe(f.of("XA/desk"), body)
	var sub Subscription
	f.decode(a.body, &sub)
	if a.status != http.StatusCreated || a.header.Get("Location") != "/v1/subscriptions/"+sub.ID+"/events" {
		f.t.Fatalf("got %d %s", a.status, a.body)
	}
	return sub
}

func TestSubscriptions(t *testing.T) {
	f, store := withSubscriptions(t)
	token := f.of("XA/desk")
	plain := f.subscribed(watchesXB + `}`)
	hook := f.subscribed(watchesXB + `,"webhook":"https://hooks.example/x"}`)
	var list struct{ Subscriptions []Subscription }
	a := f.do("GET", "/v1/subscriptions", token, nil)
	f.decode([]byte(strings.Replace(string(a.body), `"subscriptions"`, `"Subscriptions"`, 1)), &list)
	if len(list.Subscriptions) != 2 || list.Subscriptions[0].ID != plain.ID || list.Subscriptions[0].Delivery != nil || list.Subscriptions[1].Delivery.Lag != f.ledger.Size() {
		t.Errorf("got %s", a.body)
	}
	if a := f.do("POST", "/v1/subscriptions/"+hook.ID+"/resume", token, nil); a.status != 200 {
		t.Errorf("resume: %d %s", a.status, a.body)
	}
	if sub, err := store.Get("XA/desk", hook.ID); err != nil || sub.Resumes != 1 {
		t.Errorf("got %+v, %v", sub, err)
	}
	if a := f.do("DELETE", "/v1/subscriptions/"+plain.ID, token, nil); a.status != 204 {
		t.Errorf("delete: %d %s", a.status, a.body)
	}
	f.problem(f.do("DELETE", "/v1/subscriptions/"+plain.ID, token, nil), 404, "subscription.unknown")
	for range 4 {
		f.subscribed(watchesXB + `}`)
	}
	f.problem(f.subscribe(token, watchesXB+`}`), 409, "subscription.limit")
	metrics := string(f.do("GET", "/metrics", f.token(RoleOperator), nil).body)
	for _, line := range []string{"deliveries_total 7", "failures_total 2", "active 3", "parked 1", "behind_events 40", "oldest_seconds 90"} {
		if !strings.Contains(metrics, "\nledger_webhook_"+line+"\n") {
			t.Errorf("the metrics lack ledger_webhook_%s", line)
		}
	}
}

// Another agency's subscription is as unknown as none, for every method.
func TestAnothersSubscriptionIsUnknown(t *testing.T) {
	f, store := withSubscriptions(t)
	sub := f.subscribed(watchesXB + `}`)
	path := "/v1/subscriptions/" + sub.ID
	for _, route := range []string{"DELETE " + path, "POST " + path + "/resume", "GET " + path + "/events"} {
		method, p, _ := strings.Cut(route, " ")
		p2 := strings.Replace(p, sub.ID, "00000000-0000-4000-8000-000000000000", 1)
		others, nobodys := f.do(method, p, f.of("XB/desk"), nil), f.do(method, p2, f.of("XB/desk"), nil)
		one, two := f.problem(others, 404, "subscription.unknown"), f.problem(nobodys, 404, "subscription.unknown")
		if one.Detail != two.Detail {
			t.Errorf("%s tells them apart: %q, %q", route, one.Detail, two.Detail)
		}
		for _, role := range []Role{RoleAuditor, RoleCoordinator, RoleOperator} {
			f.problem(f.do(method, p, f.token(role), nil), 403, "token.role")
		}
		f.problem(f.do(method, p, "", nil), 401, "token.missing")
	}
	if a := f.do("GET", "/v1/subscriptions", f.of("XB/desk"), nil); strings.Contains(string(a.body), sub.ID) {
		t.Errorf("XB sees %s", a.body)
	}
	f.problem(f.subscribe(f.of("XB/desk"), watchesXB+`}`), 403, "token.may_not_submit_for")
	for _, id := range []string{"..%2f..%2fx", "x", "%2e%2e"} {
		f.problem(f.do("DELETE", "/v1/subscriptions/"+id, f.of("XA/desk"), nil), 404, "subscription.unknown")
	}
	if _, err := store.Get("XA/desk", sub.ID); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeSubscribed(t *testing.T) {
	f, _ := withSubscriptions(t)
	token := f.of("XA/desk")
	for body, want := range map[string]string{
		`{`:                                                                       "400 request.body",
		`{"agency":"XA/desk","watch":[]}`:                                         "422 subscription.watch",
		watchesXB + `,"agency":"XA/desk"}`:                                        "400 request.body",
		watchesXB + `,"Webhook":"https://x/"}`:                                    "400 request.body",
		watchesXB + `,"secret":"x"}`:                                              "400 request.body",
		watchesXB + `} {}`:                                                        "400 request.body",
		watchesXB + `,"webhook":"http://127.0.0.1/"}`:                             "422 subscription.webhook",
		watchesXB + `,"webhook":"https://169.254.169.254/"}`:                      "422 subscription.webhook",
		watchesXB + `,"webhook":"https://localhost/"}`:                            "422 subscription.webhook",
		watchesXB + `,"webhook":"https://metadata.google.internal/"}`:             "422 subscription.webhook",
		watchesXB + `,"webhook":"https://[::ffff:10.0.0.1]/"}`:                    "422 subscription.webhook",
		`{"agency":"XA/desk","watch":[{"kind":"mood","value":"x"}]}`:              "422 subscription.watch",
		`{"agency":"XA/desk","watch":[{"kind":"measure","value":"x"}]}`:           "422 subscription.watch",
		`{"agency":"XA/desk","watch":[{"kind":"type","value":"no.such"}]}`:        "422 subscription.watch",
		`{"agency":"XA/desk","watch":[{"kind":"subject","value":"9159788"}]}`:     "422 subscription.watch",
		`{"agency":"XA/desk","watch":[{"kind":"regime","value":"banana"}]}`:       "400 regime.unknown",
		`{"agency":"XA/desk","watch":[{"kind":"case","value":"x"}],"from":99999}`: "422 subscription.from",
		`{"agency":"XA/desk","watch":[` + strings.Repeat(`{"kind":"case","value":"x"},`, 20) + `{"kind":"case","value":"x"}]}`: "422 subscription.watch",
		`{"agency":"` + strings.Repeat("x", 17<<10) + `"}`:                                                                     "413 request.too_large",
	} {
		a := f.subscribe(token, body)
		var p Problem
		f.decode(a.body, &p)
		if got := fmt.Sprint(a.status, " ", p.Code); got != want {
			t.Errorf("%.80s: got %s, want %s", body, got, want)
		}
	}
	f.problem(f.do("POST", "/v1/subscriptions", token, []byte(watchesXB+`}`), "Content-Type", "text/plain"), 415, "request.content_type")
	bare := newFixture(t)
	bare.problem(bare.do("GET", "/v1/subscriptions", bare.token(RoleAgency), nil), 501, "subscription.no_store")
}

func TestMakingManySubscriptionsIsLimited(t *testing.T) {
	store, err := notify.OpenStore(t.TempDir(), 100)
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, func(c *Config) { c.Subscriptions, c.Limits.NewPerMinute = store, 3 })
	for range 3 {
		f.subscribed(watchesXB + `}`)
	}
	p := f.subscribe(f.of("XA/desk"), watchesXB+`}`)
	f.problem(p, 429, "limit.subscriptions")
	if p.header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", p.header.Get("Retry-After"))
	}
}

// The stream and the webhook use one matcher: what was recorded, then what
// comes, each with the reasons.
func TestStreamOfASubscription(t *testing.T) {
	f, _ := withSubscriptions(t)
	sub := f.subscribed(`{"agency":"XA/desk","watch":[{"kind":"case","value":"case-1"},{"kind":"type","value":"enforcement.*"}],"from":0}`)
	post := func(of string) uint64 {
		action := testAction(1)
		action.Case = of
		return f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", action)).Index
	}
	first := post("case-1")
	before := goleak.IgnoreCurrent()
	next, end := f.notices(t, sub.ID, "")
	n := next()
	if n.Index != first || n.Subscription != sub.ID || len(n.Reasons) != 2 || n.Reasons[0].Value != "case-1" || n.Ledger != f.c.Ledger {
		t.Fatalf("got %+v", n)
	}
	second := post("case-2")
	if n := next(); n.Index != second || len(n.Reasons) != 1 || n.Reasons[0].Kind != "type" {
		t.Fatalf("got %+v", n)
	}
	again, endAgain := f.notices(t, sub.ID, fmt.Sprint(first))
	if n := again(); n.Index != second {
		t.Fatalf("after %d: got %+v", first, n)
	}
	if a := f.do("DELETE", "/v1/subscriptions/"+sub.ID, f.of("XA/desk"), nil); a.status != 204 {
		t.Fatalf("delete: %d", a.status)
	}
	end() // by itself, at the next beat
	endAgain()
	f.http.Client().CloseIdleConnections()
	goleak.VerifyNone(t, before)
}

// notices reads a stream until it or the test ends.
func (f *fixture) notices(t *testing.T, id, last string) (next func() watch.Notice, end func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	r, err := http.NewRequestWithContext(ctx, "GET", f.http.URL+"/v1/subscriptions/"+id+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.of("XA/desk"))
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	res, err := f.http.Client().Do(r)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%v %v", res, err)
	}
	t.Cleanup(cancel)
	in := bufio.NewScanner(res.Body)
	end = func() {
		for in.Scan() {
		}
		if in.Err() != nil {
			t.Errorf("the stream did not end: %v", in.Err())
		}
		res.Body.Close()
		cancel()
	}
	next = func() watch.Notice {
		t.Helper()
		for in.Scan() {
			if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				var n watch.Notice
				if err := json.Unmarshal([]byte(data), &n); err != nil {
					t.Fatal(err)
				}
				return n
			}
		}
		t.Fatalf("the stream ended: %v", in.Err())
		return watch.Notice{}
	}
	return next, end
}
