package esdbnode_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

// next returns the next thing that a subscription says: "event n", "caught up",
// "checkpoint" or "dropped: …".
func next(t *testing.T, s *esdb.Subscription) (string, *esdb.SubscriptionEvent) {
	t.Helper()
	e := s.Recv()
	switch {
	case e.EventAppeared != nil:
		return fmt.Sprint("event ", e.EventAppeared.OriginalEvent().EventNumber), e
	case e.CaughtUp != nil:
		return "caught up", e
	case e.CheckPointReached != nil:
		return "checkpoint", e
	case e.SubscriptionDropped != nil:
		return fmt.Sprint("dropped: ", e.SubscriptionDropped.Error), e
	}
	t.Fatalf("subscription says %+v", e)
	return "", nil
}

func expect(t *testing.T, s *esdb.Subscription, want ...string) {
	t.Helper()
	for _, w := range want {
		if got, _ := next(t, s); got != w {
			t.Fatalf("subscription says %q, want %q of %q", got, w, want)
		}
	}
}

func subscribe(t *testing.T, client *esdb.Client, stream string, from esdb.StreamPosition) *esdb.Subscription {
	t.Helper()
	s, err := client.SubscribeToStream(within(t), stream, esdb.SubscribeToStreamOptions{From: from})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestASubscriptionCatchesUpAndGoesLive(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 3)...)
	fromStart := subscribe(t, client, "s", esdb.Start{})
	fromOne := subscribe(t, client, "s", esdb.Revision(1))
	fromEnd := subscribe(t, client, "s", esdb.End{})
	fromBeyond := subscribe(t, client, "s", esdb.Revision(3))
	expect(t, fromStart, "event 0", "event 1", "event 2", "caught up")
	expect(t, fromOne, "event 2", "caught up")
	expect(t, fromEnd, "caught up")
	expect(t, fromBeyond, "caught up")
	mustAppend(t, client, "other", esdb.NoStream{}, events(5, 6)...)
	mustAppend(t, client, "s", esdb.Revision(2), events(3, 5)...)
	expect(t, fromStart, "event 3", "event 4")
	expect(t, fromOne, "event 3", "event 4")
	expect(t, fromEnd, "event 3", "event 4")
	expect(t, fromBeyond, "event 4")
}

func TestASubscriptionWaitsForItsStream(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	s := subscribe(t, client, "s", esdb.Start{})
	expect(t, s, "caught up")
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	expect(t, s, "event 0")
}

func TestATombstoneEndsASubscription(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	has(1)(t, client)
	s := subscribe(t, client, "s", esdb.Start{})
	expect(t, s, "event 0", "caught up")
	tombstoned(t, client)
	expect(t, s, "event 9223372036854775807")
	if got, _ := next(t, s); !strings.Contains(got, "is deleted") {
		t.Errorf("then it says %q", got)
	}
	late := subscribe(t, client, "s", esdb.Start{})
	if got, _ := next(t, late); !strings.Contains(got, "is deleted") {
		t.Errorf("a later one says %q", got)
	}
}

func TestNoEventIsLostAtTheSeam(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	const n = 600
	done := make(chan error, 1)
	go func() {
		for i := range n {
			_, err := client.AppendToStream(t.Context(), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event(i))
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for range 3 { // each begins at another moment
		s := subscribe(t, client, "s", esdb.Start{})
		for i := 0; i < n; {
			got, _ := next(t, s)
			if got == "caught up" {
				continue
			}
			if got != fmt.Sprint("event ", i) {
				t.Fatalf("got %q, want event %d", got, i)
			}
			i++
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestASlowReaderFallsBehindAndLosesNothing(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	s := subscribe(t, client, "s", esdb.Start{})
	expect(t, s, "caught up")
	big := func(i int) esdb.EventData {
		e := event(i)
		e.Data = make([]byte, 20_000) // so that buffers between the two fill up
		return e
	}
	const n = 400
	for i := range n {
		mustAppend(t, client, "s", esdb.Any{}, big(i))
	}
	rounds := 0
	for i := 0; i < n || rounds == 0; {
		got, _ := next(t, s)
		if got == "caught up" {
			rounds++
			continue
		}
		if got != fmt.Sprint("event ", i) {
			t.Fatalf("got %q, want event %d", got, i)
		}
		i++
	}
	mustAppend(t, client, "s", esdb.Any{}, event(n))
	expect(t, s, fmt.Sprint("event ", n))
}

func TestAClosedSubscriptionEnds(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	s := subscribe(t, client, "s", esdb.Start{})
	expect(t, s, "caught up")
	_ = s.Close()
	ended := make(chan struct{})
	go func() { node.Stop(); close(ended) }() // waits for its calls
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the node does not stop")
	}
}

func TestASubscriptionToAllIsInOrder(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "a", esdb.NoStream{}, events(0, 3)...)
	s := subscribeAll(t, client, esdb.SubscribeToAllOptions{From: esdb.Start{}})
	list, err := readAll(t, client, esdb.ReadAllOptions{From: esdb.Start{}}, everything)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range list {
		if _, e := next(t, s); e.EventAppeared == nil || e.EventAppeared.OriginalEvent().EventID != want.EventID {
			t.Fatalf("got %+v, want %v", e, want.EventID)
		}
	}
	expect(t, s, "caught up")
	mustAppend(t, client, "b", esdb.NoStream{}, event(5))
	expect(t, s, "event 0")
	last := list[len(list)-2].Position
	after := subscribeAll(t, client, esdb.SubscribeToAllOptions{From: last})
	expect(t, after, "event 2", "event 0", "caught up")
	end := subscribeAll(t, client, esdb.SubscribeToAllOptions{From: esdb.End{}})
	expect(t, end, "caught up")
	mustAppend(t, client, "b", esdb.Revision(0), event(6))
	expect(t, after, "event 1")
	expect(t, end, "event 1")
	last.Commit++
	if _, err := client.SubscribeToAll(within(t), esdb.SubscribeToAllOptions{From: last}); err == nil || !strings.Contains(err.Error(), "invalid position") {
		t.Errorf("from between events: %v", err)
	}
}

func subscribeAll(t *testing.T, client *esdb.Client, opts esdb.SubscribeToAllOptions) *esdb.Subscription {
	t.Helper()
	s, err := client.SubscribeToAll(within(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestAFilterPicksAndSendsCheckpoints(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	for i := range 30 {
		mustAppend(t, client, []string{"journal", "noise-a", "noise-b"}[i%3], esdb.Any{}, event(i))
	}
	for _, c := range []struct {
		name   string
		filter esdb.SubscriptionFilter
		want   int
	}{
		{"stream prefix", esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"jour"}}, 10},
		{"stream regex, not anchored", esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "oise"}, 20},
		{"type regex", esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "^type-1.$"}, 10},
		{"type prefixes", esdb.SubscriptionFilter{Type: esdb.EventFilterType, Prefixes: []string{"type-1", "type-29"}}, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := subscribeAll(t, client, esdb.SubscribeToAllOptions{
				From: esdb.Start{}, Filter: &c.filter, MaxSearchWindow: 5, CheckpointInterval: 2,
			})
			if got := watch(t, s); got.events != c.want || got.checkpoints < 3 {
				t.Errorf("%d events and %d checkpoints, want %d and some", got.events, got.checkpoints, c.want)
			}
		})
	}
}

type watched struct {
	events      int
	checkpoints int
	last        esdb.Position
}

// watch reads until the subscription has caught up, and checks that what it
// says goes on and on: checkpoints never go back behind events or each other.
func watch(t *testing.T, s *esdb.Subscription) watched {
	t.Helper()
	var w watched
	final := ""
	for {
		got, e := next(t, s)
		switch {
		case e.EventAppeared != nil:
			o := e.EventAppeared.OriginalEvent()
			w.events++
			if o.Position.Commit <= w.last.Commit {
				t.Errorf("event at %v after %v", o.Position, w.last)
			}
		case e.CheckPointReached != nil:
			w.checkpoints++
			if e.CheckPointReached.Commit <= w.last.Commit {
				t.Errorf("checkpoint at %v after %v", *e.CheckPointReached, w.last)
			}
			w.last = *e.CheckPointReached
		case e.CaughtUp != nil:
			if final != "checkpoint" {
				t.Errorf("caught up after %q", final)
			}
			return w
		default:
			t.Fatalf("subscription says %q", got)
		}
		final = got
	}
}

func TestACheckpointIsAPlaceToStart(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "journal", esdb.NoStream{}, events(0, 3)...)
	mustAppend(t, client, "noise", esdb.NoStream{}, events(3, 9)...)
	opts := esdb.SubscribeToAllOptions{
		From: esdb.Start{}, MaxSearchWindow: 2, CheckpointInterval: 1,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"journal"}},
	}
	first := subscribeAll(t, client, opts)
	w := watch(t, first)
	mustAppend(t, client, "noise", esdb.Any{}, events(20, 24)...)
	expect(t, first, "checkpoint", "checkpoint") // live ones, of what does not match
	opts.From = w.last
	again := subscribeAll(t, client, opts)
	if got := watch(t, again); got.events != 0 {
		t.Errorf("%d events behind the checkpoint", got.events)
	}
	opts.From = esdb.End{}
	end := subscribeAll(t, client, opts)
	expect(t, end, "checkpoint", "caught up")
	mustAppend(t, client, "journal", esdb.Revision(2), event(30))
	expect(t, first, "event 3")
	expect(t, again, "event 3")
	expect(t, end, "event 3")
}

func TestAnUnfitFilterIsRefused(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	_, err := client.SubscribeToAll(within(t), esdb.SubscribeToAllOptions{
		Filter: &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "(?<!x)y"}, MaxSearchWindow: 1, CheckpointInterval: 1,
	})
	if err == nil || !strings.Contains(err.Error(), "InvalidArgument") {
		t.Errorf("got %v", err)
	}
}
