package projections

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func clock() time.Time { return journalStart }

func newRunner(t testing.TB, dir string, every uint64) *Runner {
	t.Helper()
	r, err := New(Config{Dir: dir, Clock: clock, SnapshotEvery: every})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// runUntil runs until every fact of the source is folded, and stops.
func runUntil(t testing.TB, r *Runner, src Source, last uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- r.Run(running, src) }()
	if err := r.Wait(ctx, last); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func answers(r *Runner) (out map[string]any) {
	r.Read(func(v *Views) { out = ask(v, Query{}) })
	return out
}

// counting is a source that counts what it gave, and stops with an error
// after a number of facts, once.
type counting struct {
	*journal
	given  atomic.Int64
	failAt int64
}

var errLost = errors.New("connection lost")

func (c *counting) Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) {
		for f, err := range c.journal.Follow(ctx, from) {
			if c.failAt > 0 && c.given.Load() == c.failAt {
				c.failAt = 0
				yield(domain.Fact{}, errLost)
				return
			}
			c.given.Add(1)
			if !yield(f, err) {
				return
			}
		}
	}
}

func TestRunnerFoldsEachFactOnce(t *testing.T) {
	j := japan(t)
	dir, last := t.TempDir(), uint64(len(j.facts)-1)
	half := &counting{journal: &journal{facts: j.facts[:150]}}
	runUntil(t, newRunner(t, dir, 40), half, 149)

	again := newRunner(t, dir, 40)
	if again.Index() != 150 {
		t.Fatalf("the snapshot holds %d facts, want 150", again.Index())
	}
	rest := &counting{journal: j, failAt: 60}
	runUntil(t, again, rest, last)
	if got := rest.given.Load(); got != int64(len(j.facts)-150) {
		t.Errorf("%d facts were asked for after the restart, want %d", got, len(j.facts)-150)
	}
	if diff := cmp.Diff(ask(j.views(-1), Query{}), answers(again)); diff != "" {
		t.Errorf("after a restart and a lost source (-fresh fold +runner):\n%s", diff)
	}
	if l := again.Liveness(); l.LastError != nil || l.Size != last+1 || l.Snapshot != last+1 || !l.Heartbeat.Equal(journalStart) {
		t.Errorf("liveness %+v", l)
	}
}

// voided puts records that no view is to see before the last fact.
func voided(j *journal, n uint64) *journal {
	first := uint64(len(j.facts))
	body := domain.JournalVoided{Leaves: []domain.VoidedLeaves{{Index: first, Through: first + n - 1}}, Reason: "written past the ledger"}
	if n == 1 {
		body.Leaves[0].Through = 0
	}
	j.add("JP/mof", body)
	j.facts[first].Index += n
	return j
}

func TestRunnerGoesPastVoidedRecords(t *testing.T) {
	for _, n := range []uint64{1, 3, 300} {
		dir, j := t.TempDir(), japan(t)
		first := uint64(len(j.facts))
		v := voided(j, n)
		r := newRunner(t, dir, 0)
		runUntil(t, r, v, first) // a voided index is waited for to an end
		if r.Index() != first+n+1 {
			t.Errorf("%d facts are folded, want %d", r.Index(), first+n+1)
		}
		again := newRunner(t, dir, 0)
		if again.Index() != first+n+1 {
			t.Fatalf("the snapshot holds %d facts, want %d", again.Index(), first+n+1)
		}
		more := v.facts[first]
		more.Index, more.EventID, more.Body, more.Type = first+n+1, "after", domain.MemberWithdrew{}, "member.withdrew"
		v.facts = append(v.facts, more)
		after := &skipping{v}
		runUntil(t, again, after, more.Index)
		fresh := newRunner(t, "", 0)
		runUntil(t, fresh, after, more.Index)
		if diff := cmp.Diff(answers(fresh), answers(again)); diff != "" {
			t.Errorf("(-fresh +restored):\n%s", diff)
		}
		again.Read(func(v *Views) {
			feed := v.Feed(FeedQuery{Page: Page{Limit: 3}})
			if len(feed.Entries) < 3 || feed.Entries[1].Type != "journal.voided" || feed.Entries[2].Index != first-1 || feed.Total != int(first)+2 {
				t.Errorf("the feed shows %+v", feed)
			}
			if feed := v.Feed(FeedQuery{Query: asOf(first)}); feed.Entries[0].Index != first-1 {
				t.Errorf("as of a voided record the feed begins with %d", feed.Entries[0].Index)
			}
		})
	}
}

// skipping is a journal whose facts are found by index, not by place.
type skipping struct{ *journal }

func (s *skipping) from(index uint64) *journal {
	for i, f := range s.facts {
		if f.Index >= index {
			return &journal{facts: s.facts[i:]}
		}
	}
	return &journal{}
}

func (s *skipping) Facts(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return s.from(from).Facts(ctx, 0)
}

func (s *skipping) Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return s.from(from).Follow(ctx, 0)
}

func TestRunnerRefusesAnyOtherGap(t *testing.T) {
	j := japan(t)
	first := uint64(len(j.facts))
	body := domain.JournalVoided{Leaves: []domain.VoidedLeaves{{Index: first}}}
	for name, f := range map[string]domain.Fact{
		"no voiding":       {Event: domain.Event{Body: domain.MemberWithdrew{}}, Index: first + 1},
		"names too few":    {Event: domain.Event{Body: body}, Index: first + 2},
		"names nothing":    {Event: domain.Event{Body: domain.JournalVoided{}}, Index: first + 1},
		"voids the folded": {Event: domain.Event{Body: domain.JournalVoided{Leaves: []domain.VoidedLeaves{{Index: first - 1}}}}, Index: first},
	} {
		r := newRunner(t, "", 0)
		runUntil(t, r, j, first-1)
		if err := r.take(f, first); err == nil {
			t.Errorf("%s: folded", name)
		}
	}
}

func TestSourceErrorIsShown(t *testing.T) {
	j := japan(t)
	r := newRunner(t, "", 0)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx, failing{}) }()
	for r.Liveness().Failures == 0 {
		time.Sleep(time.Millisecond)
	}
	if l := r.Liveness(); !errors.Is(l.LastError, errLost) || l.Size != 0 {
		t.Errorf("liveness %+v, want %v", l, errLost)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	runUntil(t, r, j, uint64(len(j.facts)-1))
}

type failing struct{}

func (failing) Facts(context.Context, uint64) iter.Seq2[domain.Fact, error] {
	return func(yield func(domain.Fact, error) bool) { yield(domain.Fact{}, errLost) }
}

func (f failing) Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error] {
	return f.Facts(ctx, from)
}

func TestDamagedSnapshotsAreFoldedAgain(t *testing.T) {
	j := japan(t)
	last := uint64(len(j.facts) - 1)
	damage := map[string]func(t *testing.T, dir string){
		"one byte changed": func(t *testing.T, dir string) {
			change(t, dir, "lists", func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
		},
		"torn": func(t *testing.T, dir string) {
			change(t, dir, "timeline", func(b []byte) []byte { return b[:len(b)/2] })
		},
		"empty":           func(t *testing.T, dir string) { change(t, dir, "history", func([]byte) []byte { return nil }) },
		"of another view": func(t *testing.T, dir string) { copyFile(t, dir, "activity", "lists") },
		"missing":         func(t *testing.T, dir string) { remove(t, dir, "register") },
		"history missing": func(t *testing.T, dir string) { remove(t, dir, "history") },
	}
	for name, harm := range damage {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			runUntil(t, newRunner(t, dir, 0), j, last)
			harm(t, dir)
			r := newRunner(t, dir, 0)
			if r.Index() != 0 {
				t.Errorf("%d facts are called folded while one view has none", r.Index())
			}
			runUntil(t, r, j, last)
			if diff := cmp.Diff(ask(j.views(-1), Query{}), answers(r)); diff != "" {
				t.Errorf("(-fresh fold +runner):\n%s", diff)
			}
		})
	}
}

func change(t *testing.T, dir, view string, edit func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(dir, view+".snapshot")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, edit(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, dir, from, to string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, from+".snapshot"))
	if err != nil {
		t.Fatal(err)
	}
	change(t, dir, to, func([]byte) []byte { return content })
}

func remove(t *testing.T, dir, view string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, view+".snapshot")); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotsOfAnotherLedger(t *testing.T) {
	dir, one := t.TempDir(), japan(t)
	runUntil(t, newRunner(t, dir, 0), one, uint64(len(one.facts)-1))
	for name, other := range map[string]*journal{
		"another ledger":    relabelled(one),
		"came back shorter": {facts: one.facts[:100]},
	} {
		r := newRunner(t, dir, 0)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		r.cfg.Dir = "" // keep the snapshots for the next case
		go func() { done <- r.Run(ctx, other) }()
		want := uint64(len(other.facts))
		for genesis := other.facts[0].Envelope; ; time.Sleep(time.Millisecond) {
			var got domain.Hash
			var size uint64
			r.Read(func(v *Views) { got, size = v.Genesis(), v.Size() })
			if got == genesis && size == want {
				break
			}
			if ctx.Err() != nil {
				t.Fatalf("%s: the old views stay", name)
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func relabelled(j *journal) *journal {
	out := &journal{}
	for _, f := range j.facts {
		f.Leaf[0] ^= 1
		f.Envelope[0] ^= 1
		out.facts = append(out.facts, f)
	}
	return out
}

func TestWaitReadsOwnWrite(t *testing.T) {
	r := newRunner(t, "", 0)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := r.Wait(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for what never comes: %v", err)
	}
	j := japan(t)
	var waiting sync.WaitGroup
	for i := range uint64(20) {
		waiting.Go(func() {
			if err := r.Wait(t.Context(), i*10); err != nil {
				t.Error(err)
			}
			if _, ok := r.RecordedAt(i * 10); !ok {
				t.Errorf("event %d was waited for and is not folded", i*10)
			}
		})
	}
	runUntil(t, r, j, uint64(len(j.facts)-1))
	waiting.Wait()
}

// Readers see whole facts while the writer folds: a listing and its count.
func TestReadersSeeWholeFacts(t *testing.T) {
	j, r := japan(t), newRunner(t, "", 0)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r.Read(func(v *Views) {
					s := v.Summary(Query{})
					if listed := s.Events["designation.adopted"]; len(s.Regimes) > 0 && s.Regimes[0].Listed != listed {
						t.Errorf("%d listed after %d listings", s.Regimes[0].Listed, listed)
					}
				})
			}
		})
	}
	runUntil(t, r, j, uint64(len(j.facts)-1))
	close(stop)
	readers.Wait()
}

func TestRunnerNeedsAClock(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("a runner without a clock")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Clock: clock, Dir: file}); err == nil {
		t.Error("a snapshot folder that is a file")
	}
}
