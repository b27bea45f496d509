package esdb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Where the append may have been written the store must say so, and what is
// there must settle it: the same append again ends well in both cases.
func TestLostAnswerIsAnUnknownOutcome(t *testing.T) {
	cases := map[string]struct {
		fault   esdbnode.Fault
		written bool
	}{
		"cut before":       {esdbnode.DropBefore(), false},
		"cut after":        {esdbnode.DropAfter(), true},
		"silent before":    {esdbnode.HangBefore(), false},
		"silent after":     {esdbnode.HangAfter(), true},
		"timed out before": {esdbnode.TimeoutBefore(), false},
		"timed out after":  {esdbnode.TimeoutAfter(), true},
		"not ready":        {esdbnode.NotReady(), false},
		"too busy":         {esdbnode.TooBusy(), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			node, s := filled(t, 3, "&defaultDeadline=400")
			node.Faults().Appends(1, c.fault)
			begin := time.Now()
			err := s.Append(t.Context(), journal(3, 2))
			if !errors.Is(err, eventstore.ErrUnknownOutcome) || errors.Is(err, eventstore.ErrUnavailable) {
				t.Fatalf("got %v, want ErrUnknownOutcome", err)
			}
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("it took %s, the deadline is 400 ms", took)
			}
			want := uint64(3)
			if c.written {
				want = 5
			}
			holds(t, s, want)
			mustAppend(t, s, 3, 2) // the same again
			holds(t, s, 5)
		})
	}
}

// After a caller has gone its append may still arrive.
func TestContextThatEndsOnTheWayIsAnUnknownOutcome(t *testing.T) {
	node, s := filled(t, 3, "")
	node.Faults().Appends(1, esdbnode.HangAfter())
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := s.Append(ctx, journal(3, 1))
	if !errors.Is(err, eventstore.ErrUnknownOutcome) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want ErrUnknownOutcome and the context's error", err)
	}
	holds(t, s, 4)
}

// The server takes an append whose ids it finds at that place for a repeat:
// resending what was written is no conflict, other records are.
func TestARepeatIsNoConflict(t *testing.T) {
	_, s := filled(t, 3, "")
	for next := range uint64(3) {
		if err := s.Append(t.Context(), journal(next, 3-next)); err != nil {
			t.Errorf("repeated from %d: %v", next, err)
		}
		other := journal(next, 1)
		other.Records[0].ID[0]++
		conflict := new(eventstore.Conflict)
		if err := s.Append(t.Context(), other); !errors.As(err, &conflict) || conflict.Have != 3 {
			t.Errorf("another record at %d: got %v, want a conflict", next, err)
		}
	}
	holds(t, s, 3)
}

// Nothing is sent to a server that is known to be away, and the error says so:
// the caller need not read before it tries again.
func TestAppendToAServerThatIsAwayIsCertainlyNotWritten(t *testing.T) {
	node, s := filled(t, 3, "")
	node.Stop()
	time.Sleep(50 * time.Millisecond) // the client hears of it
	for range 3 {
		if err := s.Append(t.Context(), journal(3, 1)); !errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, eventstore.ErrUnknownOutcome) {
			t.Fatalf("got %v, want ErrUnavailable", err)
		}
	}
	if err := node.Resume(); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, 3, 1)
	holds(t, s, 4)
}
