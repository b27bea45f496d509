package witness

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A witness that stands elsewhere than was known is brought up to date, and one
// that stands lower than it did is named.
func TestAWitnessOnAnOldDiskIsBroughtUpToDateAndNamed(t *testing.T) {
	log := newLog(t)
	log.grow(t, 40)
	w := newWitness(t, "w", log.key)
	p := mustPolicy(t, policyText(1, w))
	g := newGatherer(t, 5*time.Second)
	var old []byte
	for _, size := range []uint64{5, 9, 20} {
		if got, err := g.Gather(t.Context(), round(t, p, log, size)); err != nil || report(t, got, "w1").Restored {
			t.Fatalf("%v %+v", err, got.Reports)
		}
		if size == 9 {
			old, _ = os.ReadFile(filepath.Join(w.dir, originID(testOrigin), newestFile))
		}
	}
	put := func() {
		w.stop()
		if err := os.WriteFile(filepath.Join(w.dir, originID(testOrigin), newestFile), old, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := NewServer(Config{Key: w.key, Logs: []note.Verifier{log.key}, Dir: w.dir, Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		w.Server, w.web = s, httptest.NewServer(s.Handler())
		w.url = w.web.URL
	}
	put()
	p = mustPolicy(t, policyText(1, w))
	got, err := g.Gather(t.Context(), round(t, p, log, 30))
	if r := report(t, got, "w1"); err != nil || !r.Restored || r.Size != 30 {
		t.Errorf("%v %+v", err, r)
	}
	put()
	p = mustPolicy(t, policyText(1, w))
	fresh := newGatherer(t, 5*time.Second) // after a restart of the ledger, from what it had kept
	fresh.Learn(got.Cosigned)
	got, err = fresh.Gather(t.Context(), round(t, p, log, 40))
	if r := report(t, got, "w1"); err != nil || !r.Restored || r.Size != 40 {
		t.Errorf("%v %+v", err, r)
	}
}

func TestOurSignatureOnALargerTreeIsARollback(t *testing.T) {
	log := newLog(t)
	log.grow(t, 20)
	all := []*testWitness{newWitness(t, "a", log.key), newWitness(t, "b", log.key), newWitness(t, "c", log.key)}
	p := mustPolicy(t, policyText(2, all...))
	all[0].add(t, log, 0, 20)
	back := log.other(t, 12) // a copy of the ledger from an earlier day
	for name, ask := range map[string]func(*Gatherer, Round) (Result, error){
		"gather": func(g *Gatherer, r Round) (Result, error) { return g.Gather(t.Context(), r) },
		"survey": func(g *Gatherer, r Round) (Result, error) { return g.Survey(t.Context(), r) },
	} {
		g, r := newGatherer(t, 5*time.Second), round(t, p, back, 12)
		late := make(chan error, 1)
		r.Late = func(_ Result, err error) { late <- err }
		if _, err := ask(g, r); err != nil && !errors.Is(err, ErrRolledBack) {
			t.Errorf("%s: %v", name, err)
		}
		var c *Contradiction
		if err := <-late; !errors.As(err, &c) || !errors.Is(err, ErrRolledBack) || c.Witness != "w1" || c.Theirs.Size != 20 || !strings.Contains(err.Error(), "ledgerd repair") {
			t.Errorf("%s: late %v", name, err)
		}
	}
}

func TestALiarAboutItsSizeStopsNobody(t *testing.T) {
	log, stranger := newLog(t), newLog(t)
	log.grow(t, 20)
	stranger.grow(t, 99)
	liar := stub(t, "liar", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			conflict(w, "99\n")
			return
		}
		_, _ = w.Write(stranger.checkpoint(t, 99))
	})
	mute := stub(t, "mute", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			conflict(w, "99\n")
			return
		}
		http.NotFound(w, r)
	})
	turning := stub(t, "turning", func(w http.ResponseWriter, _ *http.Request) { conflict(w, "3\n") })
	p := mustPolicy(t, policyText(2, newWitness(t, "a", log.key), newWitness(t, "b", log.key), liar, mute, turning))
	r := round(t, p, log, 20)
	late := make(chan Result, 1)
	r.Late = func(res Result, err error) {
		if err != nil {
			t.Errorf("late: %v", err)
		}
		late <- res
	}
	if _, err := newGatherer(t, 5*time.Second).Gather(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	got := outcomes(<-late)
	if got["w3"] != OutcomeAhead || got["w4"] != OutcomeAhead || got["w5"] != OutcomeBehind {
		t.Errorf("got %v", got)
	}
	// Three of five that say nothing of worth could be a quorum of two: unsure.
	if _, err := newGatherer(t, 5*time.Second).Survey(t.Context(), round(t, p, log, 20)); !errors.Is(err, ErrUnsure) {
		t.Errorf("got %v", err)
	}
}

// Another round, or another replica, was faster: no alarm.
func TestAWitnessThatIsAheadInOurOwnHistoryIsNoAlarm(t *testing.T) {
	log := newLog(t)
	log.grow(t, 20)
	w := newWitness(t, "w", log.key)
	w.add(t, log, 0, 20)
	got, err := newGatherer(t, 5*time.Second).Gather(t.Context(), round(t, mustPolicy(t, policyText(1, w)), log, 12))
	if !errors.Is(err, ErrQuorum) || outcomes(got)["w1"] != OutcomeAhead {
		t.Errorf("%v %+v", err, got.Reports)
	}
}

func TestAnotherHistoryUnderOurKeyIsAFork(t *testing.T) {
	log := newLog(t)
	log.grow(t, 30)
	fork := log.other(t, 5)
	fork.grow(t, 30)
	for _, row := range []struct {
		theirs, ours uint64
		proven       bool // with what Fork holds alone
	}{{8, 8, true}, {8, 20, true}, {16, 20, true}, {25, 20, false}} {
		w := newWitness(t, "w", log.key)
		w.add(t, fork, 0, row.theirs)
		_, err := newGatherer(t, 5*time.Second).Gather(t.Context(), round(t, mustPolicy(t, policyText(1, w)), log, row.ours))
		var c *Contradiction
		if !errors.As(err, &c) || !errors.Is(err, ErrForked) || !strings.Contains(err.Error(), "who else holds the log's key") {
			t.Errorf("%+v: %v", row, err)
			continue
		}
		if err := c.Fork.Verify(log.key); row.proven != (err == nil) || !row.proven && !errors.Is(err, ErrUndecided) {
			t.Errorf("%+v: evidence: %v", row, err)
		}
		f, err := ParseFork(c.Fork.Text())
		if err != nil || !row.proven && !errors.Is(f.Verify(log.key), ErrUndecided) {
			t.Errorf("%+v: %v", row, err)
		}
	}
}
