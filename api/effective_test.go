package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// cosigning is a ledger whose witnesses have cosigned the first events, and
// no others.
type cosigning struct {
	Ledger
	size uint64
}

func (c cosigning) EffectiveSize() uint64 { return c.size }

func (c cosigning) Effective(ctx context.Context, index uint64) (ledger.Receipt, error) {
	if index < c.size {
		return c.Receipt(ctx, index)
	}
	<-ctx.Done()
	return ledger.Receipt{}, ctx.Err()
}

func (c cosigning) Cosigned(_ context.Context, from uint64) iter.Seq2[ledger.Cosigned, error] {
	return func(yield func(ledger.Cosigned, error) bool) {
		for size := from; size <= c.size && yield(ledger.Cosigned{Size: size, Note: fmt.Appendf(nil, "note %d", size)}, nil); size++ {
		}
	}
}

func (c cosigning) Witnesses() []witness.Report {
	return []witness.Report{
		{Witness: "w0", Outcome: witness.OutcomeCosigned, Size: c.size, Time: 1_790_000_000},
		{Witness: "w1", Outcome: witness.OutcomeDisagrees, Err: errors.New("another root")},
	}
}

// Who prefers to wait gets the receipt that the witnesses stand behind, or is
// told that it is not there yet and has the log's.
func TestWaitingForWitnesses(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Ledger = cosigning{c.Ledger, 12} })
	agency := f.token(RoleAgency)
	envelopes := f.c.Actions(4)
	post := func(envelope []byte, headers ...string) answer {
		return f.do("POST", "/v1/events", agency, envelope, append(headers, "Content-Type", "application/jose")...)
	}
	for i, want := range []struct {
		prefer    string
		status    int
		effective string
	}{
		{"wait=1", 201, `"effective":true`},       // 10
		{"", 201, `"effective":true`},             // 11: cosigned before the answer went out
		{"wait=0", 201, `"effective":false`},      // 12
		{"foo, Wait=1", 202, `"effective":false`}, // 13
	} {
		var headers []string
		if want.prefer != "" {
			headers = []string{"Prefer", want.prefer}
		}
		a := post(envelopes[i], headers...)
		if a.status != want.status || !strings.Contains(string(a.body), want.effective) || !strings.Contains(string(a.body), "c2sp.org/tlog-proof@v1") {
			t.Errorf("Prefer: %s: got %d %s, want %d and %s", want.prefer, a.status, a.body, want.status, want.effective)
		}
	}
	if a := post(envelopes[3], "Prefer", "wait=soon"); a.status != 400 || !strings.Contains(string(a.body), "request.prefer") {
		t.Errorf("got %d %s, want request.prefer", a.status, a.body)
	}
	if a := f.get("/v1/events/11/receipt"); a.status != 200 || !strings.Contains(string(a.body), `"effective":true`) {
		t.Errorf("got %d %s, want it effective", a.status, a.body)
	}
	if a := f.get("/v1/events/13/receipt", "Prefer", "wait=1"); a.status != 200 || !strings.Contains(string(a.body), `"effective":false`) {
		t.Errorf("got %d %s, want it recorded", a.status, a.body)
	}
}

// What witnesses cosigned is shown page by page.
func TestCosignedCheckpointsAreListed(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Ledger = cosigning{c.Ledger, 5} })
	for path, want := range map[string]string{
		"/v1/cosigned":                `"more":false`,
		"/v1/cosigned?from=2&limit=2": `{"cosigned":[{"size":2,"checkpoint":"note 2"},{"size":3,"checkpoint":"note 3"}],"more":true}`,
		"/v1/cosigned?from=4&limit=2": `"more":false`,
		"/v1/cosigned?from=9":         `{"cosigned":[],"more":false}`,
	} {
		if a := f.get(path); a.status != 200 || !strings.Contains(string(a.body), want) {
			t.Errorf("%s: got %d %s, want %s", path, a.status, a.body, want)
		}
	}
	if a := f.get("/v1/cosigned?limit=0"); a.status != 400 {
		t.Errorf("got %d %s, want a refusal", a.status, a.body)
	}
}

func TestWitnessesAreShown(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.Ledger = cosigning{c.Ledger, 3} })
	a := f.get("/v1/witnesses")
	for _, want := range []string{`"effective_size":3`, `"outcome":"disagrees"`, `"cause":"another root"`, `"cosigned_at":1790000000`} {
		if a.status != 200 || !strings.Contains(string(a.body), want) {
			t.Errorf("got %d %s, want %s", a.status, a.body, want)
		}
	}
	m := f.do("GET", "/metrics", f.token(RoleOperator), nil)
	for _, want := range []string{`ledger_witness{outcome="disagrees",witness="w1"} 1`, "ledger_effective_events 3", "ledger_witnesses_disagreeing 1"} {
		if !strings.Contains(string(m.body), want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
