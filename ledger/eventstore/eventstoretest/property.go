package eventstoretest

import (
	"errors"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"pgregory.net/rapid"
)

func propertyClauses() []clause {
	return []clause{
		{"any sequence of calls agrees with a model", agreesWithModel},
	}
}

// The clauses above test what somebody thought of. This one does what nobody
// did: random calls, compared after each step with two slices.
func agreesWithModel(t subject) {
	rapid.Check(t.TB, func(rt *rapid.T) {
		s := t.open(t.TB)
		defer func() { _ = s.Close() }()
		m := &model{t: t, rt: rt, store: s, streams: map[string][]uint64{}}
		rt.Repeat(map[string]func(*rapid.T){
			"append":      m.append,
			"append both": m.appendBoth,
			"read":        m.read,
			"next":        m.next,
			"":            func(*rapid.T) {},
		})
		m.finish()
	})
}

// model remembers of each stream only the numbers of the samples in it, and
// builds the records from them whenever it compares.
type model struct {
	t       subject
	rt      *rapid.T
	store   eventstore.Store
	streams map[string][]uint64
	used    uint64
}

func (m *model) stream(rt *rapid.T) string {
	return rapid.SampledFrom([]string{eventstore.Journal, eventstore.Checkpoints}).Draw(rt, "stream")
}

// draw makes a write that expects the right revision three times out of four.
func (m *model) draw(rt *rapid.T, stream string) (w eventstore.Write, numbers []uint64) {
	have := uint64(len(m.streams[stream]))
	next := have
	if rapid.IntRange(0, 3).Draw(rt, "wrong") == 0 {
		next = rapid.Uint64Range(0, have+2).Draw(rt, "next")
	}
	w = eventstore.Write{Stream: stream, Next: next}
	for range rapid.IntRange(1, 6).Draw(rt, "count") {
		numbers = append(numbers, m.used)
		w.Records = append(w.Records, sample(m.used))
		m.used++
	}
	return w, numbers
}

func (m *model) append(rt *rapid.T) {
	w, numbers := m.draw(rt, m.stream(rt))
	m.apply(rt, []eventstore.Write{w}, [][]uint64{numbers})
}

func (m *model) appendBoth(rt *rapid.T) {
	if !m.store.Atomic() {
		rt.Skip("one stream at a time")
	}
	a, numbersA := m.draw(rt, eventstore.Journal)
	b, numbersB := m.draw(rt, eventstore.Checkpoints)
	m.apply(rt, []eventstore.Write{a, b}, [][]uint64{numbersA, numbersB})
}

func (m *model) apply(rt *rapid.T, writes []eventstore.Write, numbers [][]uint64) {
	fits := true
	for _, w := range writes {
		fits = fits && w.Next == uint64(len(m.streams[w.Stream]))
	}
	err := m.store.Append(m.t.Context(), writes...)
	conflict := new(eventstore.Conflict)
	switch {
	case fits && err != nil:
		rt.Fatalf("append that fits: %v", err)
	case !fits && !errors.As(err, &conflict):
		rt.Fatalf("append that does not fit: got %v, want a conflict", err)
	case fits:
		for i, w := range writes {
			m.streams[w.Stream] = append(m.streams[w.Stream], numbers[i]...)
		}
	}
}

func (m *model) read(rt *rapid.T) {
	stream := m.stream(rt)
	have := uint64(len(m.streams[stream]))
	m.compare(rt, stream, rapid.Uint64Range(0, have+2).Draw(rt, "from"))
}

func (m *model) next(rt *rapid.T) {
	stream := m.stream(rt)
	got, err := m.store.Next(m.t.Context(), stream)
	if want := uint64(len(m.streams[stream])); err != nil || got != want {
		rt.Fatalf("next of %s: got %d, %v; want %d", stream, got, err, want)
	}
}

func (m *model) compare(rt *rapid.T, stream string, from uint64) {
	var got, want []eventstore.Record
	for r, err := range m.store.Read(m.t.Context(), stream, from, eventstore.Head) {
		if err != nil {
			rt.Fatalf("read of %s from %d: %v", stream, from, err)
		}
		got = append(got, r)
	}
	for rev, number := range m.streams[stream] {
		if uint64(rev) >= from {
			want = append(want, numbered(uint64(rev), number, 1)...)
		}
	}
	if diff := difference(got, want); diff != "" {
		rt.Fatalf("read of %s from %d: %s", stream, from, diff)
	}
}

func (m *model) finish() {
	m.compare(m.rt, eventstore.Journal, 0)
	m.compare(m.rt, eventstore.Checkpoints, 0)
}
