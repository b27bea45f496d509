package projections

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

func digestsOf(t rapid.TB, v *Views) []Digest {
	t.Helper()
	d, err := v.Digests()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Whoever folds the same facts gets the same digests, also through snapshots;
// one fact more or less gives others.
func TestDigestsFollowFromTheFactsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJournal(t)
		n := len(j.facts)
		whole := digestsOf(t, j.views(n))
		if d := cmp.Diff(whole, digestsOf(t, j.views(n))); d != "" {
			t.Fatalf("folded again (-first +second):\n%s", d)
		}
		half := j.views(n / 2)
		loaded := NewViews()
		for i, view := range half.all {
			var file bytes.Buffer
			if err := view.Save(&file); err != nil {
				t.Fatal(err)
			}
			if err := loaded.all[i].Load(&file); err != nil {
				t.Fatal(err)
			}
			loaded.next[i] = half.next[i]
		}
		if d := cmp.Diff(digestsOf(t, half), digestsOf(t, loaded)); d != "" {
			t.Fatalf("loaded from snapshots (-folded +loaded):\n%s", d)
		}
		for _, f := range j.facts[half.Size():] {
			loaded.Fold(f)
		}
		if d := cmp.Diff(whole, digestsOf(t, loaded)); d != "" {
			t.Fatalf("folded on from snapshots (-whole +halves):\n%s", d)
		}
		if cmp.Equal(whole, digestsOf(t, j.views(n-1))) {
			t.Fatal("a fact less gives the same digests")
		}
	})
}

// A digest of the history that was asked for before, and of which only what
// changed is hashed again, is that of the rows hashed whole.
func TestHistoryDigestIsIncremental(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJournal(t)
		h := newHistory()
		h.sums.rows = rapid.Uint64Range(1, 7).Draw(t, "rows of a block")
		for _, f := range j.facts {
			if h.Fold(f); !rapid.Bool().Draw(t, "digest") {
				continue
			}
			var text bytes.Buffer
			if err := h.canonical(&text); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(wholeHistory(h), text.String()); d != "" {
				t.Fatalf("after index %d (-whole +incremental):\n%s", f.Index, d)
			}
		}
	})
}

// Digests may be asked for while facts are folded and a digest is kept.
func TestDigestsWhileFolding(t *testing.T) {
	r, err := New(Config{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for i := range uint64(DigestEvery - 50) {
		r.views.Fold(domain.Fact{Event: domain.Event{Header: domain.Header{Type: "member.accepted", Version: 1, Issuer: "XA/root"}, Body: domain.MemberAccepted{}}, Index: i})
	}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 30 {
				r.Digests(r.Index())
				r.Digests(DigestEvery)
			}
		})
	}
	last := domain.Fact{Index: DigestEvery - 51}
	for range 100 {
		last = nextFact(last, 5000)
		if err := r.take(last, last.Index); err != nil {
			t.Error(err)
			break
		}
	}
	all.Wait()
	kept, ok := r.Digests(DigestEvery)
	if !ok || len(kept) != len(r.views.all) {
		t.Errorf("kept %v, %t", kept, ok)
	}
}

// The same of the views that list events.
func TestListDigestsAreIncremental(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJournal(t)
		rows := rapid.Uint64Range(1, 7).Draw(t, "rows of a block")
		l, a := newTimeline(), newActivity()
		l.sums.rows, a.sums.rows = rows, rows
		for _, f := range j.facts {
			l.Fold(f)
			a.Fold(f)
			if !rapid.Bool().Draw(t, "digest") {
				continue
			}
			var cases, acts bytes.Buffer
			if err := errors.Join(l.canonical(&cases), a.canonical(&acts)); err != nil {
				t.Fatal(err)
			}
			want := wholeLists(rows, byName("case", l.Cases), byName("state", l.States))
			if d := cmp.Diff(want, cases.String()); d != "" {
				t.Fatalf("timeline after index %d (-whole +incremental):\n%s", f.Index, d)
			}
			want = wholeLists(rows, byName("stated", a.Stated), byName("acts", a.Acts), byName("explained", a.Explained), byName("disputed", a.Disputed))
			if d := cmp.Diff(want, acts.String()); d != "" {
				t.Fatalf("activity after index %d (-whole +incremental):\n%s", f.Index, d)
			}
		}
	})
}

// plain is an index as lists by name and key.
func byName[K ~string](name string, index map[K][]uint64) map[string][]uint64 {
	out := map[string][]uint64{}
	for k, list := range index {
		out[fmt.Sprintf("%s %+q", name, string(k))] = list
	}
	return out
}

// wholeLists is the value of an index of events, written as plainly as can be.
func wholeLists(rows uint64, indexes ...map[string][]uint64) string {
	var out strings.Builder
	last := int64(-1)
	for _, index := range indexes {
		for _, list := range index {
			last = max(last, int64(slices.Max(list)))
		}
	}
	for from := uint64(0); int64(from) <= last; from += rows {
		var block strings.Builder
		for _, index := range indexes {
			for _, key := range slices.Sorted(maps.Keys(index)) {
				line := key
				for _, e := range index[key] {
					if from <= e && e < from+rows {
						line += fmt.Sprint(" ", e)
					}
				}
				if line != key {
					fmt.Fprintln(&block, line)
				}
			}
		}
		fmt.Fprintf(&out, "%x\n", sha256.Sum256([]byte(block.String())))
	}
	return out.String()
}

// wholeHistory is the value of a history, written as plainly as can be.
func wholeHistory(h *history) string {
	var out strings.Builder
	for from := uint64(0); from < h.size(); from += h.sums.rows {
		var block strings.Builder
		for i := from; i < min(from+h.sums.rows, h.size()); i++ {
			r := h.rows[i]
			fmt.Fprintf(&block, "%d %s %s %d %s %d", r.at, r.kind, r.leaf, h.quick[i], r.issuer, r.withdrawn)
			for _, v := range r.versions {
				fmt.Fprintf(&block, " v%d", v.from)
			}
			fmt.Fprintf(&block, " %d %d %d %d\n", r.disputes, r.closings, r.endorsed, r.explained)
		}
		fmt.Fprintf(&out, "%x\n", sha256.Sum256([]byte(block.String())))
	}
	return out.String()
}

// What all events share of which nothing is said is never written to.
func TestUnremarkedStaysEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawJournal(t).views(-1)
		if d := cmp.Diff(remarks{}, *unremarked, cmp.AllowUnexported(remarks{}, version{})); d != "" {
			t.Fatalf("what is said of no event: %s", d)
		}
	})
}

func TestDigestsAreByName(t *testing.T) {
	v := NewViews()
	before := ""
	for _, d := range digestsOf(t, v) {
		if d.View <= before || d.Version < 1 || d.Sum.IsZero() {
			t.Errorf("digest %+v after %s", d, before)
		}
		before = d.View
	}
}

// A runner keeps the digests of every 65,536th fact, also over a restart.
func TestRunnerKeepsDigests(t *testing.T) {
	dir := t.TempDir()
	open := func() *Runner {
		r, err := New(Config{Dir: dir, Clock: func() time.Time { return time.Unix(0, 0) }})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := open()
	for i := range uint64(DigestEvery + 5) {
		f := domain.Fact{Event: domain.Event{Header: domain.Header{Type: "member.accepted", Version: 1, Issuer: "XA/root"}, Body: domain.MemberAccepted{}}, Index: i, Leaf: domain.Hash{1}}
		if err := r.take(f, i); err != nil {
			t.Fatal(err)
		}
	}
	kept, ok := r.Digests(DigestEvery)
	if _, now := r.Digests(DigestEvery + 5); !ok || !now {
		t.Fatalf("kept %t, of now %t", ok, now)
	}
	if _, ok := r.Digests(DigestEvery + 1); ok {
		t.Error("digests of a size between were made up")
	}
	if err := r.snapshot(); err != nil {
		t.Fatal(err)
	}
	again, ok := open().Digests(DigestEvery)
	if d := cmp.Diff(kept, again); !ok || d != "" {
		t.Errorf("after a restart: %t (-before +after):\n%s", ok, d)
	}
	if err := os.WriteFile(filepath.Join(dir, digestsFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := open().Digests(DigestEvery); ok {
		t.Error("a torn file of digests was believed")
	}
}
