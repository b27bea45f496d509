// Package eventstoretest is the contract of eventstore.Store, executable.
//
// An implementation's test is two lines:
//
//	func TestContract(t *testing.T) {
//		eventstoretest.Run(t, func(t testing.TB) eventstore.Store { return mystore.Open(t.TempDir()) })
//	}
//
// Each clause is a subtest whose name is a sentence of the contract, and its
// comment says why the ledger needs it. Every clause gets a store of its own.
//
// Expectations are never taken from what the store was given or gave back:
// they are built a second time from a number, so a store that edits a record in
// place cannot edit what it is compared with. Bytes are compared, never
// meaning: the ledger hashes what it reads.
//
// The suite is itself tested: stores broken on purpose must each fail by the
// clause that names the fault.
package eventstoretest

import (
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Open returns an empty store for one clause. It fails the test when it
// cannot, and leaves nothing behind once the test's cleanup has run. The suite
// closes the store.
type Open func(t testing.TB) eventstore.Store

// Reopen closes s and returns a store on the same data, as a restart would.
type Reopen func(t testing.TB, s eventstore.Store) eventstore.Store

// patience is how long a clause waits for something that must happen.
const patience = 10 * time.Second

// Run checks every clause that a store can pass without outliving its process,
// and returns how many it passed.
func Run(t *testing.T, open Open) int {
	t.Helper()
	return run(t, open, clauses())
}

// RunDurable checks the clauses about what a restart must preserve, and
// returns how many the store passed. It comes in addition to Run.
func RunDurable(t *testing.T, open Open, reopen Reopen) int {
	t.Helper()
	return run(t, open, durableClauses(reopen))
}

func run(t *testing.T, open Open, list []clause) int {
	t.Helper()
	passed := 0
	for _, c := range list {
		if t.Run(c.says, func(t *testing.T) { c.check(subject{TB: t, open: open, patience: patience}) }) {
			passed++
		}
	}
	t.Logf("%d of %d clauses passed", passed, len(list))
	return passed
}

// clause is one sentence of the contract and the check of it.
type clause struct {
	says  string
	check func(t subject)
}

// subject is the test of one clause on one implementation.
type subject struct {
	testing.TB
	open     Open
	patience time.Duration
}

// store opens the store of this clause; it is closed when the test ends.
func (t subject) store() eventstore.Store {
	t.Helper()
	s := t.open(t.TB)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func clauses() []clause {
	var all []clause
	for _, group := range [][]clause{
		orderClauses(), conflictClauses(), refusalClauses(), ownershipClauses(), readClauses(),
		followClauses(), concurrencyClauses(), closeClauses(), propertyClauses(),
	} {
		all = append(all, group...)
	}
	return all
}
