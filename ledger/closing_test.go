package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// What was forwarded may be recorded although this replica closes: it says that
// the outcome is unknown, not that nothing was recorded.
func TestAClosingFollowerDoesNotDenyWhatIsRecorded(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b")
	c.settled(t)
	mustClose(t, c.node("a"))
	arrived, gate := make(chan struct{}, 1), make(chan struct{})
	store := &hooked{Store: c.reach("a")}
	c.open(t, "a", store)
	store.on(func(c call) error {
		if c.what == "append" && c.stream == eventstore.Journal {
			select {
			case arrived <- struct{}{}:
			default:
			}
			<-gate
		}
		return nil
	})
	answer := submitting(c.node("b"), c.Actions(1)[0])
	<-arrived
	closed := make(chan error, 1)
	go func() { closed <- c.node("b").Close() }()
	time.Sleep(100 * time.Millisecond) // b closes while a appends
	close(gate)
	got := <-answer
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return length(t, c.store, eventstore.Journal) == 11 })
	if errors.Is(got.err, ledger.ErrClosed) && !errors.Is(got.err, ledger.ErrNotReady) {
		t.Fatalf("got %v, and it stands in the journal", got.err)
	}
}
