package domain

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func same(t rapid.TB, what string, a, b snapshot) {
	t.Helper()
	if d := cmp.Diff(a, b, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s: %s", what, d)
	}
}

// begun is a state after some of the golden journal, in order.
func begun(t *rapid.T, journal []Fact) *State {
	s := NewState()
	for _, f := range journal[:rapid.IntRange(0, len(journal)).Draw(t, "begun")] {
		take(s, f)
	}
	return s
}

// busy is a second journal, in which releases are posted and taken back, and
// detail is sealed.
func busy(t testing.TB) []Fact {
	t.Helper()
	l := listed(t)
	z := l.given("XB/mof", "asset.frozen", freeze)
	x := l.given("XB/mof", "asset.unfrozen", fill(unfreezing, z, "20"))
	l.given("XB/mof", "asset.unfrozen", fill(unfreezing, z, "30"))
	l.given("XB/mof", "event.withdrawn", withdrawal(x))
	l.given("XB/mof", "asset.unfrozen", fill(release, z))
	l.adoptSealing()
	a := l.given("XA/mof", "enforcement.action_taken", holding(penalty, item(1, tip), item(2, "a photo", "XB/mof")))
	l.given("XA/mof", "detail.released", fill(`{"event":$1,"item":0,"ciphertext":"$2","size":9,"released_to":["XB/mof"]}`, a, sum("ciphertext", 3).String()))
	l.given("XA/mof", "detail.erased", fill(`{"event":$1,"item":0,"reason":"court order"}`, a))
	return l.facts
}

// pool holds events among which any may follow any.
func pool(t testing.TB) []Fact {
	t.Helper()
	return append(replay(t, nil).facts, busy(t)...)
}

// Overlays on overlays, merged or thrown away at any point, come to the same
// as applying directly; and nobody but the overlay sees what was not merged.
func TestForkAndMergeEqualApply(t *testing.T) {
	journals := [][]Fact{replay(t, nil).facts, busy(t)}
	for name := range chapters {
		journals = append(journals, chapter(t, name, nil).facts)
	}
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SampledFrom(journals).Draw(t, "journal")
		direct, base := NewState(), NewState()
		for i := 0; i < len(facts); {
			n := rapid.IntRange(1, 25).Draw(t, "batch")
			batch := facts[i:min(i+n, len(facts))]
			below := deepOf(t, base)
			over := base.Fork()
			for _, f := range batch {
				step := over
				if rapid.Bool().Draw(t, "nested") {
					step = over.Fork()
				}
				if d := cmp.Diff(Admit(direct, f), Admit(step, f)); d != "" {
					t.Fatalf("index %d: (-direct +overlay) %s", f.Index, d)
				}
				take(step, f)
				take(direct, f)
				if step != over {
					step.Merge()
				}
			}
			same(t, "the base changed under an overlay", below, base.snapshot())
			if rapid.Bool().Draw(t, "discard") { // as after a conflict: the batch is admitted anew
				again := base.Fork()
				for _, f := range batch {
					take(again, f)
				}
				over = again
			}
			over.Merge()
			over.Merge() // a second time adds nothing
			same(t, "merged", direct.snapshot(), base.snapshot())
			i += len(batch)
		}
	})
}

func deepOf(t rapid.TB, s *State) snapshot {
	data, err := s.MarshalBinary()
	if err != nil {
		t.Fatalf("%v", err)
	}
	var c State
	if err := c.UnmarshalBinary(data); err != nil {
		t.Fatalf("%v", err)
	}
	return c.snapshot()
}

// A pipeline forks the next overlay while the one before is being appended.
func TestOverlayMayBeForkedFromAnOverlay(t *testing.T) {
	facts := replay(t, nil).facts
	base := NewState()
	first := base.Fork()
	for _, f := range facts[:10] {
		take(first, f)
	}
	second := first.Fork()
	for _, f := range facts[10:] {
		take(second, f)
	}
	first.Merge()
	if got := second.Next(); got != uint64(len(facts)) {
		t.Fatalf("merging the first moved the second to %d", got)
	}
	second.Merge() // into the first,
	first.Merge()  // and so down
	same(t, "base", replay(t, nil).s.snapshot(), base.snapshot())
}

// A state that was stored and loaded decides everything alike.
func TestStoredStateDecidesAlike(t *testing.T) {
	journal, candidates := replay(t, nil).facts, pool(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := begun(rt, journal)
		for range rapid.IntRange(0, 20).Draw(rt, "facts") {
			f := move(rapid.SampledFrom(candidates).Draw(rt, "fact"), s)
			if rapid.Bool().Draw(rt, "admit") && Admit(s, f) != nil {
				continue
			}
			s.Apply(f)
		}
		c := reload(t, s)
		same(rt, "stored", s.snapshot(), c.snapshot())
		for _, f := range candidates {
			f = move(f, s)
			if d := cmp.Diff(Admit(s, f), Admit(c, f)); d != "" {
				rt.Fatalf("%s: %s", f.Type, d)
			}
		}
	})
}

// move gives a fact the next index of a state, keeping what it says.
func move(f Fact, s *State) Fact {
	f.Index, f.RecordedAt = s.Next(), max(f.RecordedAt, s.LastRecordedAt())
	f.EventID = fmt.Sprintf("%s-%d", f.EventID, f.Index)
	f.Ledger = s.Genesis()
	return f
}

// Whatever was recorded, in whatever order: Admit answers twice alike and
// changes nothing, Apply ends and counts one.
func TestAdmitIsPureAndApplyTotal(t *testing.T) {
	journal, candidates := replay(t, nil).facts, pool(t)
	rapid.Check(t, func(t *rapid.T) {
		s := begun(t, journal)
		for range rapid.IntRange(1, 8).Draw(t, "facts") {
			f := move(rapid.SampledFrom(candidates).Draw(t, "fact"), s)
			if rapid.Bool().Draw(t, "mutilated") {
				f.Type = rapid.SampledFrom(append(Types(), "")).Draw(t, "type")
				f.Body = nil
			}
			before := deepOf(t, s)
			if d := cmp.Diff(Admit(s, f), Admit(s, f)); d != "" {
				t.Fatalf("two answers: %s", d)
			}
			same(t, "Admit changed the state", before, s.snapshot())
			s.Apply(f)
			if s.Next() != f.Index+1 || s.LastRecordedAt() != f.RecordedAt {
				t.Fatalf("after index %d the next is %d", f.Index, s.Next())
			}
		}
	})
}

func TestDamagedSnapshotIsAnError(t *testing.T) {
	data, err := listed(t).s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, len(data) / 2, len(data) - 1} {
		var s State
		if err := s.UnmarshalBinary(data[:n]); err == nil {
			t.Errorf("%d of %d bytes load as a state", n, len(data))
		}
	}
}
