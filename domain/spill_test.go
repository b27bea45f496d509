package domain

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawer is a spill in memory, which reuses what it hands out and fails from
// an operation on.
type drawer struct {
	held  map[string][]byte
	shown []byte
	left  int // operations until it fails; negative: never
}

var errDrawer = errors.New("the drawer is stuck")

func newDrawer() *drawer { return &drawer{held: map[string][]byte{}, left: -1} }

func (d *drawer) stuck() error {
	if d.left == 0 {
		return errDrawer
	}
	d.left--
	return nil
}

func (d *drawer) show(b []byte) []byte {
	d.shown = append(d.shown[:0], b...)
	return d.shown
}

func (d *drawer) Get(key []byte) ([]byte, bool, error) {
	if err := d.stuck(); err != nil {
		return nil, false, err
	}
	v, ok := d.held[string(key)]
	return d.show(v), ok, nil
}

func (d *drawer) Put(key, value []byte) error {
	if err := d.stuck(); err != nil {
		return err
	}
	d.held[string(key)] = bytes.Clone(value)
	return nil
}

func (d *drawer) All() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for k, v := range d.held {
			if err := d.stuck(); err != nil {
				yield(Entry{}, err)
				return
			}
			if !yield(Entry{Key: []byte(k), Value: d.show(v)}, nil) {
				return
			}
		}
	}
}

// encodedAlike compares two states and what comes back from their encodings.
func encodedAlike(t rapid.TB, want, got *State) {
	t.Helper()
	same(t, "the state on a spill", want.snapshot(), got.snapshot())
	same(t, "its encoding", deepOf(t, want), deepOf(t, got))
	a, errA := want.MarshalBinary()
	b, errB := got.MarshalBinary()
	if errA != nil || errB != nil || len(a) != len(b) { // maps are written in no order
		t.Fatalf("encoded in %d bytes, %v; in memory %d, %v", len(b), errB, len(a), errA)
	}
}

// forget drops what a state on a spill keeps in memory of what it read.
func forget(s *State) {
	for ; s.parent != nil; s = s.parent {
	}
	clear(s.events.spill.newer)
	clear(s.events.spill.older)
	clear(s.ids.spill.newer)
	clear(s.ids.spill.older)
}

// A state on a spill decides and encodes as one in memory: over the golden
// journals, in overlays that are merged or thrown away, whatever is forgotten
// between, and over events in any order.
func TestStateOnASpillIsTheSame(t *testing.T) {
	journals := [][]Fact{replay(t, nil).facts, busy(t)}
	for name := range chapters {
		journals = append(journals, chapter(t, name, nil).facts)
	}
	candidates := pool(t)
	rapid.Check(t, func(t *rapid.T) {
		memory, spilt := NewState(), NewStateOn(newDrawer())
		give := func(f Fact) {
			over := spilt.Fork()
			if rapid.Bool().Draw(t, "forget") {
				forget(spilt)
			}
			if d := cmp.Diff(Admit(memory, f), Admit(over, f)); d != "" {
				t.Fatalf("index %d: (-memory +spill) %s", f.Index, d)
			}
			if rapid.Bool().Draw(t, "discard") {
				take(over, f)
				over = spilt.Fork()
			}
			if rapid.Bool().Draw(t, "direct") {
				over = spilt
			}
			take(over, f)
			over.Merge()
			take(memory, f)
		}
		facts := rapid.SampledFrom(journals).Draw(t, "journal")
		for _, f := range facts[:rapid.IntRange(0, len(facts)).Draw(t, "facts")] {
			give(f)
		}
		for range rapid.IntRange(0, 20).Draw(t, "any") {
			f := rapid.SampledFrom(candidates).Draw(t, "fact")
			if rapid.Bool().Draw(t, "new id") {
				f = move(f, memory)
			} else {
				f.Index = memory.Next()
			}
			give(f)
		}
		encodedAlike(t, memory, spilt)
	})
}

// An error of the spill is told for ever after, and no such state is encoded.
func TestErrorOfTheSpillIsTold(t *testing.T) {
	facts := replay(t, nil).facts
	for n := range 3 * len(facts) {
		d := newDrawer()
		d.left = n
		s := NewStateOn(d)
		for _, f := range facts {
			over := s.Fork()
			Admit(over, f)
			take(over, f)
			over.Merge()
			forget(s)
		}
		_, err := s.MarshalBinary()
		if failed := d.left == 0; failed != errors.Is(s.Fork().SpillErr(), errDrawer) || failed != errors.Is(err, errDrawer) {
			t.Fatalf("after %d operations: %v, encoding: %v", n, s.SpillErr(), err)
		}
	}
	if NewState().SpillErr() != nil {
		t.Error("a state in memory has an error")
	}
}

// What the spill gives back damaged is an error, not another record.
func TestDamagedSpillIsAnError(t *testing.T) {
	d := newDrawer()
	s := NewStateOn(d)
	for _, f := range replay(t, nil).facts {
		take(s, f)
	}
	for k, v := range d.held {
		d.held[k] = v[:len(v)-1]
	}
	forget(s)
	if _, ok := s.Record(3); ok || s.SpillErr() == nil {
		t.Errorf("a torn record is %t, %v", ok, s.SpillErr())
	}
}

// Memory holds so many entries of each table, and no more.
func TestSpilledTableIsBounded(t *testing.T) {
	s := NewStateOn(newDrawer())
	for i := range uint64(5 * recent) {
		s.events.put(i, Record{Type: fmt.Sprint(i)})
		if r, ok := s.Record(i / 2); !ok || r.Type != fmt.Sprint(i/2) {
			t.Fatalf("record %d: %+v, %t", i/2, r, ok)
		}
	}
	if n := len(s.events.spill.newer) + len(s.events.spill.older); n > 2*recent {
		t.Errorf("%d entries in memory", n)
	}
}

func FuzzRecord(f *testing.F) {
	f.Add(appendRecord(nil, Record{Type: "asset.frozen", Issuer: "XA/mof", KeyID: "k", Key: "x", Statement: true}))
	f.Add(appendRecord(nil, Record{Withdrawn: true, Closed: true}))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := readRecord(text)
		if err != nil {
			return
		}
		if again, err := readRecord(appendRecord(nil, r)); err != nil || again != r {
			t.Fatalf("%+v comes back as %+v, %v", r, again, err)
		}
	})
}
