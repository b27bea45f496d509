package archive

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// DefaultTolerance is by how much recorded times may lie outside what witnesses
// saw. A round of cosigning ends within ten seconds, and clocks differ.
const DefaultTolerance = time.Minute

// AnyTime as a tolerance lets recorded times be what they are: for those who
// keep a ledger going, whatever its clock did. Whoever audits it uses another.
const AnyTime = time.Duration(math.MaxInt64)

// Time is when a quorum of witnesses had seen the first Size leaves: the median
// of the times at which they cosigned, in seconds since 1970.
type Time struct {
	Size uint64
	At   int64
}

// micros is the time in microseconds, as far as these reach.
func (t Time) micros() int64 { return min(t.At, math.MaxInt64/4_000_000) * 1_000_000 }

// slack is the tolerance in microseconds.
func (v *verifier) slack() int64 { return max(0, v.o.Tolerance.Microseconds()) }

// before is what is wrong with a leaf recorded earlier than witnesses saw the
// ledger without it.
func (v *verifier) before(at int64, seen Time) string {
	if at >= seen.micros()-v.slack() {
		return ""
	}
	return fmt.Sprintf("it bears the time %s, but witnesses saw the ledger without it, at %d leaves, at %s: it was dated back", micros(at), seen.Size, micros(seen.micros()))
}

// after is what is wrong with a leaf recorded later than witnesses saw it.
func (v *verifier) after(at int64, seen Time) string {
	if at <= seen.micros()+1_000_000+v.slack() { // witnesses' seconds are whole
		return ""
	}
	return fmt.Sprintf("it bears the time %s, but witnesses saw it recorded, at %d leaves, at %s: it was dated ahead", micros(at), seen.Size, micros(seen.micros()))
}

func micros(at int64) string { return time.UnixMicro(at).UTC().Format(time.RFC3339) }

// bracket checks that a leaf was recorded after the witnesses saw the last
// checkpoint without it, and before they saw the first one with it, as far as
// they are known by now.
func (v *verifier) bracket(l *leaf) error {
	index, at := l.item.Leaf.Index, l.item.Leaf.RecordedAt
	for v.times < len(v.o.Times) && v.o.Times[v.times].Size <= index {
		v.times++
	}
	if l.refused != nil {
		return nil
	}
	var fault string
	if v.times > 0 {
		fault = v.before(at, v.o.Times[v.times-1])
	}
	if fault == "" && v.trail.begun {
		fault = v.before(at, v.trail.since)
	}
	if fault == "" && v.times < len(v.o.Times) {
		fault = v.after(at, v.o.Times[v.times])
	}
	if fault != "" {
		return l.bad(RuleTime, fault)
	}
	v.trail.add(step{l.item.Line, index, at})
	return nil
}

// seen closes the bracket of the leaves that a cosigned checkpoint is the first
// to cover, and opens the next.
func (v *verifier) seen(at Time) error {
	for _, s := range v.trail.steps {
		if fault := v.after(s.at, at); fault != "" {
			return &Bad{Line: s.line, Index: s.index, Rule: RuleTime, Message: fault}
		}
	}
	v.trail = trail{since: at, begun: true, steps: v.trail.steps[:0]}
	return nil
}

// trail holds the leaves since witnesses saw the ledger last. Recorded time
// does not run backwards, so the latest are those that may be dated ahead: of a
// long trail only they are kept, and memory is bounded.
type trail struct {
	since Time
	begun bool // since is known
	steps []step
}

type step struct {
	line  int
	index uint64
	at    int64
}

const mostSteps = 1 << 16

func (t *trail) add(s step) {
	if len(t.steps) == 2*mostSteps {
		t.steps = slices.Delete(t.steps, 0, mostSteps)
	}
	t.steps = append(t.steps, s)
}
