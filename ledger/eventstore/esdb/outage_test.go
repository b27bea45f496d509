package esdb_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

// The vendor's client is dead for good once it has not found the server.
func TestStoreOutlivesAnOutage(t *testing.T) {
	node, s := filled(t, 3, "&maxDiscoverAttempts=1")
	f := follow(t, s)
	f.take(3)
	for next := uint64(3); next < 6; next++ {
		node.Stop()
		if _, err := s.Next(t.Context(), eventstore.Journal); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("next: got %v, want ErrUnavailable", err)
		}
		if _, err := collect(s.Read(t.Context(), eventstore.Journal, 0, 3)); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("read: got %v, want ErrUnavailable", err)
		}
		if err := node.Resume(); err != nil {
			t.Fatal(err)
		}
		holds(t, s, next)
		mustAppend(t, s, next, 1)
		f.take(1)
	}
}

func TestStoreOpensBeforeItsServer(t *testing.T) {
	node := start(t, esdbnode.Options{})
	node.Stop()
	s := open(t, node.ConnectionString())
	if err := s.Append(t.Context(), journal(0, 1)); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("got %v, want ErrUnavailable", err)
	}
	f := follow(t, s)
	if err := node.Resume(); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, 0, 1)
	f.take(1)
}

// silent is a server that takes connections and never says a word.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return "esdb://" + listener.Addr().String() + "?tls=false"
}

// Callers of the vendor's client hang for ever here, whatever their context.
func TestCallersReturnWithTheirContextWhileNoServerAnswers(t *testing.T) {
	s := open(t, silent(t)+"&gossipTimeout=1")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	begin := time.Now()
	for range 8 {
		all.Go(func() {
			if err := s.Append(ctx, journal(0, 1)); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, eventstore.ErrUnknownOutcome) {
				t.Errorf("append: got %v, want the context's error: nothing was sent", err)
			}
		})
		all.Go(func() {
			if _, err := s.Next(ctx, eventstore.Journal); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("next: got %v, want the context's error", err)
			}
		})
		all.Go(func() {
			for _, err := range s.Follow(ctx, eventstore.Journal, 0) {
				t.Errorf("follow: got %v, want silence", err)
			}
		})
	}
	all.Wait()
	if took := time.Since(begin); took > time.Second {
		t.Errorf("the callers took %s, their context 200 ms", took)
	}
}

func TestCallsEndByTheirDeadlineWhileNoServerAnswers(t *testing.T) {
	s := open(t, silent(t)+"&defaultDeadline=300")
	begin := time.Now()
	if err := s.Append(t.Context(), journal(0, 1)); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("append: got %v, want ErrUnavailable", err)
	}
	if _, err := s.Next(t.Context(), eventstore.Journal); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("next: got %v, want ErrUnavailable", err)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %s, the deadline is 300 ms", took)
	}
}

// A server may fall silent in the middle of a read, too.
func TestSilenceWithinAReadEndsIt(t *testing.T) {
	node, s := filled(t, 9, "&defaultDeadline=300")
	node.Faults().Reads(1, esdbnode.HangAfter().AfterEvents(4))
	n, err := collect(s.Read(t.Context(), eventstore.Journal, 0, 9))
	if n != 4 || !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("got %d records and %v, want 4 and ErrUnavailable", n, err)
	}
	holds(t, s, 9)
}

// A slow reader is no silent server.
func TestReaderMayTakeItsTime(t *testing.T) {
	_, s := filled(t, 3, "&defaultDeadline=100")
	n := 0
	for _, err := range s.Read(t.Context(), eventstore.Journal, 0, 3) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		time.Sleep(150 * time.Millisecond)
	}
	if n != 3 {
		t.Fatalf("got %d records, want 3", n)
	}
}

func TestReadGoesOnWhenItsConnectionIsCut(t *testing.T) {
	node, s := filled(t, 9, "")
	node.Faults().Reads(1, esdbnode.DropBefore())
	holds(t, s, 9)
	node.Faults().Reads(1, esdbnode.DropAfter().AfterEvents(4))
	n, err := collect(s.Read(t.Context(), eventstore.Journal, 0, 9))
	if n != 9 || err != nil {
		t.Fatalf("got %d records and %v, want 9", n, err)
	}
}

// An outage of minutes must not fill the log.
func TestFollowerReportsAnOutageOnce(t *testing.T) {
	node := start(t, esdbnode.Options{})
	log := &logged{}
	s, err := esdb.Open(t.Context(), node.ConnectionString(), esdb.Options{Log: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	mustAppend(t, s, 0, 3)
	f := follow(t, s)
	f.take(3)
	for outage := 1; outage <= 2; outage++ {
		node.Stop()
		time.Sleep(500 * time.Millisecond) // several attempts
		if err := node.Resume(); err != nil {
			t.Fatal(err)
		}
		mustAppend(t, s, uint64(2+outage), 1)
		f.take(1)
		if lost, back := log.count("level=WARN"), log.count("level=INFO"); lost != outage || back != outage {
			t.Fatalf("after outage %d: %d warnings and %d notes that it goes on: %q", outage, lost, back, log.lines)
		}
	}
}
