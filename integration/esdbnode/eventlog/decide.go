package eventlog

import "fmt"

// Expectations about a stream besides a revision of 0 or more.
const (
	NoStream     int64 = -1
	Any          int64 = -2
	StreamExists int64 = -4
)

// WrongRevision refuses a write whose expectation was not met.
type WrongRevision struct {
	Stream   string
	Expected int64
	Actual   int64 // last revision; -1: no event
}

// Error names the stream and both revisions.
func (e *WrongRevision) Error() string {
	return fmt.Sprintf("stream %q: expected version %d, actual version %d", e.Stream, e.Expected, e.Actual)
}

// Deleted refuses an operation on a stream that is deleted.
type Deleted struct{ Stream string }

// Error names the stream.
func (e *Deleted) Error() string { return fmt.Sprintf("stream %q is deleted", e.Stream) }

type decision struct {
	repeated bool
	result   Result // what to answer where nothing is to be written
}

// decide says whether the events may be written. Called with writing held.
func (l *Log) decide(s *stream, expected int64, events []Event) (decision, error) {
	last := s.last()
	wrong := &WrongRevision{Stream: s.name, Expected: expected, Actual: last}
	asIs := decision{result: Result{Revision: last, Position: l.next}}
	switch {
	case s.tombstoned, expected == StreamExists && s.meta.deleted():
		return decision{}, &Deleted{Stream: s.name}
	case expected == StreamExists && last < 0 && !l.isDescribed(s.name):
		return decision{}, wrong
	case expected == Any || expected == StreamExists:
		return l.decideByID(s, events, wrong)
	case expected > last:
		return decision{}, wrong
	case expected == last:
		return asIs, nil
	}
	same, err := l.sameFrom(s, uint64(expected+1), events)
	if err != nil {
		return decision{}, err
	}
	switch {
	case len(events) > 0 && same == len(events):
		return l.repeated(s, uint64(expected)+uint64(len(events)))
	case same == 0 && expected == NoStream && s.meta.deleted():
		return asIs, nil
	}
	return decision{}, wrong
}

// decideByID is for writers who named no revision: known events are a repeat.
func (l *Log) decideByID(s *stream, events []Event, wrong error) (decision, error) {
	known := 0
	var revision uint64
	for known < len(events) {
		r, ok := l.recent.find(s.id, events[known].ID)
		if !ok {
			break
		}
		revision = r
		known++
	}
	switch {
	case known == 0:
		return decision{result: Result{Revision: s.last(), Position: l.next}}, nil
	case known == len(events):
		return l.repeated(s, revision)
	}
	return decision{}, wrong
}

// sameFrom counts the events that stand in the stream from the revision on
// already, up to the first that does not.
func (l *Log) sameFrom(s *stream, revision uint64, events []Event) (int, error) {
	it, err := l.scan(s.id, revision, TombstoneRevision)
	if err != nil {
		return 0, err
	}
	defer func() { _ = it.Close() }()
	n := 0
	for ok := it.First(); ok && n < len(events); ok = it.Next() {
		if idIn(it.Value()) != events[n].ID {
			break
		}
		n++
	}
	return n, it.Error()
}

func (l *Log) repeated(s *stream, revision uint64) (decision, error) {
	value, closer, err := l.db.Get(keyOfEvent(s.id, revision))
	if err != nil {
		return decision{}, fmt.Errorf("event %d of %q: %w", revision, s.name, err)
	}
	defer func() { _ = closer.Close() }()
	return decision{
		repeated: true,
		result:   Result{Revision: int64(revision), Position: positionIn(value)},
	}, nil
}

// recent remembers which events were written last, so that a repeat is known
// where no revision was named. It is bounded and empty after a start: best
// effort, like the real one.
type recent struct {
	at   map[recentKey]uint64
	ring []recentKey
	next int
}

type recentKey struct {
	stream uint64
	id     [16]byte
}

const recentEvents = 1 << 16

func newRecent() recent { return recent{at: map[recentKey]uint64{}} }

func (r *recent) add(stream uint64, id [16]byte, revision uint64) {
	key := recentKey{stream, id}
	if len(r.ring) < recentEvents {
		r.ring = append(r.ring, key)
	} else {
		delete(r.at, r.ring[r.next])
		r.ring[r.next] = key
		r.next = (r.next + 1) % recentEvents
	}
	r.at[key] = revision
}

func (r *recent) find(stream uint64, id [16]byte) (uint64, bool) {
	revision, ok := r.at[recentKey{stream, id}]
	return revision, ok
}

// forget drops what was written to the stream from the revision on.
func (r *recent) forget(stream, revision uint64) {
	for key, at := range r.at {
		if key.stream == stream && at >= revision {
			delete(r.at, key)
		}
	}
}
