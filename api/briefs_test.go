package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func TestABriefProvesWhatWasKnownAndWhatBecameOfIt(t *testing.T) {
	f := newFixture(t)
	listed := f.withDesignation()
	act := testAction(1)
	act.Designations = []string{"XA:T.001"}
	done := f.c.Must(f.ledger, f.c.Sign("XB", "enforcement.action_taken", act))
	f.c.Must(f.ledger, f.c.Sign("XC", "event.disputed", domain.EventDisputed{
		Target: domain.Ref{Index: done.Index, Leaf: done.Leaf}, Grounds: domain.Text{Text: "we hold otherwise", Language: "en"},
	}))
	later := f.c.Must(f.ledger, f.c.Sign("XB", "event.withdrawn", domain.EventWithdrawn{Target: domain.Ref{Index: done.Index, Leaf: done.Leaf}, Reason: "a slip"}))

	var b Brief
	a := f.view(fmt.Sprintf("/v1/briefs/knowledge?subject=XA:T.001&as_of=%d&min_index=%d", done.Index, later.Index), &b)
	if got := a.header.Get("Ledger-Index"); got != fmt.Sprint(later.Index) {
		t.Errorf("Ledger-Index %s", got)
	}
	if b.Known.EventsTotal != 2 || b.AsOf != done.Index || b.Size != done.Index+1 || b.On != domain.DateOf(f.c.Clock()) {
		t.Fatalf("got %+v", b)
	}
	var key string
	f.ledger.View(func(s *domain.State) { key = s.LogKey() })
	v, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	head, err := translog.OpenCheckpoint([]byte(b.Checkpoint), b.Origin, v)
	if err != nil {
		t.Fatal(err)
	}
	var proof []domain.Hash
	for _, h := range b.Consistency {
		raw, err := base64.StdEncoding.DecodeString(h)
		if err != nil {
			t.Fatal(err)
		}
		proof = append(proof, domain.Hash(raw))
	}
	if err := translog.VerifyConsistency(proof, translog.Checkpoint{Size: b.Size, Root: b.Root}, head); err != nil {
		t.Error(err)
	}
	indexes := map[uint64]bool{}
	check := func(e BriefEvent) {
		c, index, err := translog.VerifyReceipt([]byte(e.Receipt), e.RecordedAt, []byte(e.Envelope), b.Origin, v)
		if err != nil || c != head || index != e.Index {
			t.Errorf("event %d: %v", e.Index, err)
		}
		indexes[e.Index] = true
	}
	for _, e := range b.Events {
		check(e)
	}
	if !indexes[listed] || !indexes[done.Index] || indexes[later.Index] {
		t.Errorf("events: got %v", indexes)
	}
	var what []string
	for _, l := range b.Later {
		check(l.BriefEvent)
		what = append(what, fmt.Sprint(l.What, l.About))
	}
	if want := []string{fmt.Sprintf("disputed[%d]", done.Index), fmt.Sprintf("withdrawn[%d]", done.Index)}; fmt.Sprint(what) != fmt.Sprint(want) {
		t.Errorf("later: got %v, want %v", what, want)
	}
}

func TestABriefIsRefusedForWhatWasNotKnown(t *testing.T) {
	f := newFixture(t)
	listed := f.withDesignation()
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		fmt.Sprintf("?subject=XA:T.001&as_of=%d", listed-1): {http.StatusNotFound, "subject.unknown"},
		fmt.Sprintf("?subject=XA:T.009&as_of=%d", listed):   {http.StatusNotFound, "subject.unknown"},
		"?subject=XA:T.001":                                               {http.StatusBadRequest, "request.parameter"},
		fmt.Sprintf("?as_of=%d", listed):                                  {http.StatusBadRequest, "request.parameter"},
		"?subject=XA:T.001&as_of=yesterday":                               {http.StatusBadRequest, "request.parameter"},
		fmt.Sprintf("?subject=XA:T.001&as_of=%d&on=soon-is-it", listed):   {http.StatusBadRequest, "request.parameter"},
		fmt.Sprintf("?subject=XA:T.001&as_of=%d", listed+100):             {http.StatusBadRequest, "as_of.beyond_head"},
		"?subject=XA:T.001&as_of=1999-01-01T00:00:00Z":                    {http.StatusBadRequest, "as_of.before_genesis"},
		fmt.Sprintf("?subject=XA:T.001&as_of=%d&min_index=9999", listed):  {http.StatusGatewayTimeout, "views.behind"},
		fmt.Sprintf("?subject=XA:T.001&as_of=%d&from=2017-01-01", listed): {http.StatusBadRequest, "request.parameter_unknown"},
	} {
		f.problem(f.get("/v1/briefs/knowledge"+path), want.status, want.code)
	}
	f.problem(f.do(http.MethodGet, fmt.Sprintf("/v1/briefs/knowledge?subject=XA:T.001&as_of=%d", listed), "", nil), http.StatusUnauthorized, "token.missing")
}
