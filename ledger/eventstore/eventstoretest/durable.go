package eventstoretest

import (
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

func durableClauses(reopen Reopen) []clause {
	return []clause{
		{"what was acknowledged is there after reopening", func(t subject) { survives(t, reopen) }},
		{"a reopened store goes on at the next revision", func(t subject) { goesOn(t, reopen) }},
	}
}

// A receipt is a promise for ever; the process is not.
func survives(t subject, reopen Reopen) {
	s := t.store()
	t.mustAppend(s, eventstore.Journal, 0, 0, 300)
	t.mustAppend(s, eventstore.Checkpoints, 0, 1000, 2)
	t.conflicts(s, 300, write(eventstore.Journal, 299, sample(5)))
	s = reopen(t.TB, s)
	t.Cleanup(func() { _ = s.Close() })
	t.holds(s, eventstore.Journal, numbered(0, 0, 300))
	t.holds(s, eventstore.Checkpoints, numbered(0, 1000, 2))
}

// The fence must hold across a restart: an old writer's expectation is refused
// by the new process as by the old one.
func goesOn(t subject, reopen Reopen) {
	s := t.store()
	next := uint64(0)
	for range 5 {
		t.mustAppend(s, eventstore.Journal, next, next, 3)
		next += 3
		s = reopen(t.TB, s)
		t.conflicts(s, next, write(eventstore.Journal, 0, sample(9)))
		t.conflicts(s, next, write(eventstore.Journal, next+1, sample(9)))
	}
	t.Cleanup(func() { _ = s.Close() })
	t.holds(s, eventstore.Journal, numbered(0, 0, next))
}
