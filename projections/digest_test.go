package projections

import (
	"bytes"
	"os"
	"path/filepath"
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
