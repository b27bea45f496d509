package witness

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newGatherer(t testing.TB, patience time.Duration) *Gatherer {
	t.Helper()
	g := NewGatherer(Options{HTTP: &http.Client{Transport: &http.Transport{}}, Patience: patience, Clock: time.Now})
	t.Cleanup(g.Close)
	return g
}

func round(t testing.TB, p *Policy, l *testLog, size uint64) Round {
	t.Helper()
	return Round{Policy: p, Log: []note.Verifier{l.key}, Checkpoint: l.checkpoint(t, size), Tree: l.tree}
}

// outcomes is what each witness did, by name.
func outcomes(r Result) map[string]Outcome {
	out := make(map[string]Outcome)
	for _, p := range r.Reports {
		out[p.Witness] = p.Outcome
	}
	return out
}

func report(t testing.TB, r Result, name string) Report {
	t.Helper()
	for _, p := range r.Reports {
		if p.Witness == name {
			return p
		}
	}
	t.Fatalf("no report of %s", name)
	return Report{}
}

// stub is a witness that behaves as it is told.
func stub(t testing.TB, name string, h http.HandlerFunc) *testWitness {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return &testWitness{key: testKey(t, name), url: web.URL, web: web}
}

// blocked is a witness that answers after the channel is closed.
func blocked(t testing.TB, w *testWitness, go_ chan struct{}) *testWitness {
	t.Helper()
	slow := stub(t, "slow", func(out http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body) // only then does a server see that its client left
		if err != nil {
			return
		}
		select {
		case <-go_:
		case <-r.Context().Done():
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		w.Handler().ServeHTTP(out, r)
	})
	slow.key = w.key
	return slow
}

func TestGatherReturnsAtQuorumAndTheSlowComeLater(t *testing.T) {
	log := newLog(t)
	log.grow(t, 30)
	go_ := make(chan struct{})
	all := []*testWitness{newWitness(t, "a", log.key), newWitness(t, "b", log.key), blocked(t, newWitness(t, "c", log.key), go_)}
	p := mustPolicy(t, policyText(2, all...))
	g := newGatherer(t, 10*time.Second)
	r := round(t, p, log, 9)
	late := make(chan Result, 1)
	r.Late = func(res Result, err error) {
		if err != nil {
			t.Errorf("late: %v", err)
		}
		late <- res
	}
	got, err := g.Gather(t.Context(), r)
	if err != nil || !got.Satisfied || len(got.Cosignatures) != 2 || report(t, got, "w3").Outcome != OutcomeSlow {
		t.Fatalf("%v: %+v", err, got.Reports)
	}
	if _, err := p.Open(got.Note, testOrigin, log.key); err != nil {
		t.Errorf("the cosigned note: %v", err)
	}
	close(go_)
	full := <-late
	if len(full.Cosignatures) != 3 || report(t, full, "w3").Outcome != OutcomeCosigned || report(t, full, "w3").Took <= 0 {
		t.Errorf("late: %+v", full.Reports)
	}
	if !strings.HasPrefix(string(full.Note), strings.TrimSuffix(string(r.Checkpoint), "\n")) || strings.Count(string(full.Note), "\n— ") != 4 {
		t.Errorf("the note is not the log's signature and three cosignatures:\n%s", full.Note)
	}
	got, err = g.Gather(t.Context(), round(t, p, log, 30)) // now all sizes are known: no 409
	if err != nil || report(t, got, "w1").Size != 30 && report(t, got, "w2").Size != 30 {
		t.Errorf("%v: %+v", err, got.Reports)
	}
}

func TestGatherNeverTakesTooFewForEnough(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	stranger := testKey(t, "stranger")
	lies := map[string]http.HandlerFunc{
		"nothing":  func(w http.ResponseWriter, _ *http.Request) {},
		"no lines": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) },
		"another's": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(stranger.Cosign("x\n1\n\n", 1).String() + "\n"))
		},
		"endless":    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, maxReply+1)) },
		"not for us": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		},
		"a size too far": func(w http.ResponseWriter, _ *http.Request) { conflict(w, "99999999999999999999\n") },
	}
	for name, h := range lies {
		w := stub(t, "liar", h)
		got, err := newGatherer(t, time.Second).Gather(t.Context(), round(t, mustPolicy(t, policyText(1, w)), log, 9))
		if !errors.Is(err, ErrQuorum) || got.Satisfied || outcomes(got)["w1"] != OutcomeRefused || report(t, got, "w1").Err == nil {
			t.Errorf("%s: %v %+v", name, err, got.Reports)
		}
	}
	// A valid cosignature of another checkpoint does not count either.
	w := stub(t, "old", nil)
	text, _, _ := translog.SplitNote(log.checkpoint(t, 8))
	w.web.Config.Handler = http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		_, _ = out.Write([]byte(w.key.Cosign(text, 1).String() + "\n"))
	})
	got, err := newGatherer(t, time.Second).Gather(t.Context(), round(t, mustPolicy(t, policyText(1, w)), log, 9))
	if !errors.Is(err, ErrQuorum) || !errors.Is(report(t, got, "w1").Err, translog.ErrSignature) {
		t.Errorf("%v %+v", err, got.Reports)
	}
}

func conflict(w http.ResponseWriter, size string) {
	w.Header().Set("Content-Type", sizeType)
	w.WriteHeader(http.StatusConflict)
	_, _ = w.Write([]byte(size))
}

func TestWitnessesThatAreDownSlowOrWithoutAddressAreNamed(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	down, ill := stub(t, "down", nil), stub(t, "ill", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "disk", 500) })
	down.web.Close()
	slow := blocked(t, newWitness(t, "slow", log.key), nil)
	here := newWitness(t, "here", log.key)
	mute := &testWitness{key: testKey(t, "mute")}
	p := mustPolicy(t, strings.Replace(policyText(2, here, down, ill, slow, mute), " \n", "\n", 1))
	got, err := newGatherer(t, 200*time.Millisecond).Gather(t.Context(), round(t, p, log, 9))
	want := map[string]Outcome{"w1": OutcomeCosigned, "w2": OutcomeDown, "w3": OutcomeDown, "w4": OutcomeSlow, "w5": OutcomeDown}
	for name, o := range want {
		if outcomes(got)[name] != o {
			t.Errorf("%s: got %s, want %s", name, outcomes(got)[name], o)
		}
	}
	if !errors.Is(err, ErrQuorum) || got.Satisfied {
		t.Errorf("got %v", err)
	}
}

func TestACallerThatGivesUpGetsItsErrorAndTheReports(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	slow := blocked(t, newWitness(t, "slow", log.key), nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	g := NewGatherer(Options{Clock: time.Now, Patience: time.Minute})
	got, err := g.Gather(ctx, round(t, mustPolicy(t, policyText(1, slow)), log, 9))
	if !errors.Is(err, context.DeadlineExceeded) || outcomes(got)["w1"] != OutcomeSlow {
		t.Errorf("%v %+v", err, got.Reports)
	}
	begun := time.Now()
	g.Close() // does not wait out the patience
	if time.Since(begun) > 5*time.Second {
		t.Errorf("closing took %s", time.Since(begun))
	}
}

func TestANewerRoundReplacesAnOlderOneThatWaits(t *testing.T) {
	log := newLog(t)
	log.grow(t, 30)
	go_ := make(chan struct{})
	w := blocked(t, newWitness(t, "w", log.key), go_)
	p := mustPolicy(t, policyText(1, w))
	g := newGatherer(t, 10*time.Second)
	type ended struct {
		Result
		err error
	}
	results := make(chan ended, 3)
	wait := func(turn uint64) {
		for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			g.mu.Lock()
			s := g.peers[w.key.Verifier()]
			done := s != nil && s.turn >= turn && len(s.busy) == 1
			g.mu.Unlock()
			if done {
				return
			}
		}
		t.Fatal("the round did not begin")
	}
	for i, size := range []uint64{5, 9, 20} {
		go func() {
			res, err := g.Gather(context.WithoutCancel(t.Context()), round(t, p, log, size))
			results <- ended{res, err}
		}()
		wait(uint64(i + 1))
	}
	close(go_)
	byError := map[bool]int{}
	for range 3 {
		r := <-results
		byError[r.err == nil]++
		if r.err != nil && (outcomes(r.Result)["w1"] != OutcomeSlow || !errors.Is(r.err, ErrQuorum)) {
			t.Errorf("%v %+v", r.err, r.Reports)
		}
	}
	if byError[true] != 2 { // the first was being asked, the second gave way, the third came last
		t.Errorf("got %v", byError)
	}
}

func TestSurveyKnowsWhoIsEnoughToRuleOutAQuorum(t *testing.T) {
	log := newLog(t)
	log.grow(t, 9)
	down := func() *testWitness {
		w := stub(t, "down", nil)
		w.web.Close()
		return w
	}
	here := func() *testWitness { return newWitness(t, "here", log.key) }
	for name, row := range map[string]struct {
		policy string
		want   error
	}{
		"3 of 7 with k=5":      {policyText(5, here(), here(), here(), down(), down(), down(), down()), nil},
		"2 of 7 with k=5":      {policyText(5, here(), here(), down(), down(), down(), down(), down()), ErrUnsure},
		"the required one":     {strings.Replace(policyText(1, here(), down(), down()), "quorum q", "witness own "+testKey(t, "own").Verifier().String()+"\nquorum q", 1), ErrUnsure},
		"no witness is needed": {"quorum none", nil},
	} {
		_, err := newGatherer(t, 5*time.Second).Survey(t.Context(), round(t, mustPolicy(t, row.policy), log, 9))
		if !errors.Is(err, row.want) || (err == nil) != (row.want == nil) {
			t.Errorf("%s: got %v, want %v", name, err, row.want)
		}
	}
}

func TestARoundOfACheckpointThatWeDidNotSignIsRefused(t *testing.T) {
	log, stranger := newLog(t), newLog(t)
	log.grow(t, 9)
	stranger.grow(t, 9)
	w := newWitness(t, "w", log.key)
	r := round(t, mustPolicy(t, policyText(1, w)), log, 9)
	r.Checkpoint = stranger.checkpoint(t, 9)
	if _, err := newGatherer(t, time.Second).Gather(t.Context(), r); !errors.Is(err, translog.ErrSignature) {
		t.Errorf("got %v", err)
	}
	r = round(t, mustPolicy(t, "log "+log.vkey+"\n"+policyText(1, w)), log, 9)
	r.Log = nil // the policy names the log
	if _, err := newGatherer(t, 5*time.Second).Gather(t.Context(), r); err != nil {
		t.Errorf("got %v", err)
	}
}
