package esdb_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// Looking up one record leaves the read after it.
func TestReadsThatAreLeftLeaveNothingBehind(t *testing.T) {
	_, s := filled(t, 500, "")
	leave := func() {
		for range 100 {
			for _, err := range s.Read(t.Context(), eventstore.Journal, 0, 500) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
		}
	}
	leave()
	before := runtime.NumGoroutine()
	leave()
	eventually(t, func() error {
		if now := runtime.NumGoroutine(); now > before+10 {
			return errors.New("goroutines pile up")
		}
		return nil
	})
	holds(t, s, 500)
}

// An append on its way when the store is closed comes to its end: its caller
// is told the truth.
func TestCloseLetsAppendsFinish(t *testing.T) {
	node, s := filled(t, 3, "")
	node.Faults().Slow(200 * time.Millisecond)
	result := make(chan error, 1)
	go func() { result <- s.Append(t.Context(), journal(3, 1)) }()
	time.Sleep(50 * time.Millisecond)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-result; err != nil {
		t.Fatalf("append: %v", err)
	}
	if err := s.Append(t.Context(), journal(4, 1)); !errors.Is(err, eventstore.ErrClosed) {
		t.Fatalf("append after close: got %v, want ErrClosed", err)
	}
	node.Faults().Heal()
	holds(t, open(t, node.ConnectionString()), 4)
}

// Shutting down during an outage must not wait for its end.
func TestCloseEndsWhatWaitsForTheServer(t *testing.T) {
	node, s := filled(t, 3, "")
	f := follow(t, s)
	f.take(3)
	node.Faults().Reads(1, esdbnode.HangBefore())
	result := make(chan error, 1)
	go func() {
		_, err := s.Next(t.Context(), eventstore.Journal)
		result <- err
	}()
	time.Sleep(50 * time.Millisecond)
	begin := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-result; !errors.Is(err, eventstore.ErrClosed) {
		t.Errorf("next: got %v, want ErrClosed", err)
	}
	if err := f.end(); !errors.Is(err, eventstore.ErrClosed) {
		t.Errorf("follow: got %v, want ErrClosed", err)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("close took %s", took)
	}
}

// Each append that is given up stays with the client until it lets go; while
// many do, others are refused before anything is sent.
func TestAppendsThatAreGivenUpEnd(t *testing.T) {
	node, s := filled(t, 3, "")
	node.Faults().Appends(200, esdbnode.HangBefore())
	for range 200 {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Millisecond)
		err := s.Append(ctx, journal(3, 1))
		if cancel(); err == nil {
			t.Fatal("an append without an answer succeeded")
		}
	}
	node.Faults().Heal()
	mustAppend(t, s, 3, 1)
}
