package esdbnode_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

func TestAFaultOfAnAppendStrikesOnce(t *testing.T) {
	for _, c := range []struct {
		name    string
		fault   esdbnode.Fault
		written bool
		code    esdb.ErrorCode
		says    string
	}{
		{"dropped before", esdbnode.DropBefore(), false, esdb.ErrorUnavailable, ""},
		{"dropped after", esdbnode.DropAfter(), true, esdb.ErrorUnavailable, ""},
		{"no answer, before", esdbnode.HangBefore(), false, esdb.ErrorCodeDeadlineExceeded, ""},
		{"no answer, after", esdbnode.HangAfter(), true, esdb.ErrorCodeDeadlineExceeded, ""},
		{"timed out before", esdbnode.TimeoutBefore(), false, esdb.ErrorAborted, "timed out"},
		{"timed out after", esdbnode.TimeoutAfter(), true, esdb.ErrorAborted, "timed out"},
		{"not ready", esdbnode.NotReady(), false, esdb.ErrorUnavailable, "Server Is Not Ready"},
		{"too busy", esdbnode.TooBusy(), false, esdb.ErrorUnavailable, "Server Is Too Busy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			node, client := open(t, esdbnode.Options{})
			mustAppend(t, client, "s", esdb.NoStream{}, event(0))
			node.Faults().Appends(1, c.fault)
			deadline := 300 * time.Millisecond
			_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0), Deadline: &deadline}, event(1))
			if codeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("append: code %d (%v), want %d and %q", codeOf(err), err, c.code, c.says)
			}
			list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
			if written := len(list) == 2; written != c.written || err != nil {
				t.Errorf("written is %v, want %v (%v)", written, c.written, err)
			}
			mustAppend(t, client, "s", esdb.Revision(0), event(1)) // a repeat, or the first
		})
	}
}

func TestFaultsQueueAndHeal(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	f := node.Faults()
	f.Appends(2, esdbnode.TimeoutBefore())
	f.Appends(1, esdbnode.TooBusy())
	f.Appends(5, esdbnode.TimeoutBefore())
	for i, want := range []esdb.ErrorCode{esdb.ErrorAborted, esdb.ErrorAborted, esdb.ErrorUnavailable, esdb.ErrorAborted} {
		if _, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{}, event(0)); codeOf(err) != want {
			t.Errorf("append %d: %v", i, err)
		}
	}
	f.Heal()
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
}

func TestTheClientFollowsTheLeaderThatAFaultNames(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	other, _ := open(t, esdbnode.Options{})
	node.Faults().Appends(1, esdbnode.NotLeader(other.Address()))
	if _, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{}, event(0)); codeOf(err) != esdb.ErrorCodeNotLeader {
		t.Fatalf("got %v", err)
	}
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	if _, err := read(t, connect(t, other.ConnectionString()), "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); err != nil {
		t.Errorf("the event is not at the other node: %v", err)
	}
}

func TestAFaultOfAReadStrikesAfterSomeEvents(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 20)...)
	node.Faults().Reads(1, esdbnode.TimeoutBefore().AfterEvents(7))
	list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
	if diff := cmp.Diff(upTo(0, 7), revisions(list)); diff != "" || codeOf(err) != esdb.ErrorAborted {
		t.Errorf("%v\n%s", err, diff)
	}
	node.Faults().Reads(1, esdbnode.DropBefore())
	if _, err = read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything); codeOf(err) != esdb.ErrorUnavailable {
		t.Errorf("dropped: %v", err)
	}
	node.Faults().Reads(1, esdbnode.NotReady())
	if _, err = read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything); codeOf(err) != esdb.ErrorUnavailable {
		t.Errorf("not ready: %v", err)
	}
	if list, err = read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything); err != nil || len(list) != 20 {
		t.Errorf("healthy: %d events, %v", len(list), err)
	}
}

func TestAFaultOfASubscription(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 20)...)
	node.Faults().Subscriptions(1, esdbnode.DropBefore().AfterEvents(2))
	s := subscribe(t, client, "s", esdb.Start{})
	expect(t, s, "event 0", "event 1")
	if got, e := next(t, s); e.SubscriptionDropped == nil {
		t.Errorf("then it says %q", got)
	}
	node.Faults().Twice(2)
	eventually(t, func() error { // the client makes a new connection
		_, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 1)
		return err
	})
	expect(t, subscribe(t, client, "s", esdb.Revision(16)), "event 17", "event 17", "event 18", "event 18", "event 19", "caught up")
	expect(t, subscribe(t, client, "s", esdb.Revision(18)), "event 19", "caught up")
}

func TestConnectionsAreDroppedAndSentAway(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	s := subscribe(t, client, "s", esdb.Start{})
	expect(t, s, "event 0", "caught up")
	node.Faults().GoAway()
	mustAppend(t, client, "s", esdb.Revision(0), event(1)) // over a new connection
	expect(t, s, "event 1")                                // over the old one, which may end its calls
	node.Faults().DropConnections()
	if _, e := next(t, s); e.SubscriptionDropped == nil {
		t.Error("the subscription goes on")
	}
	eventually(t, func() error {
		_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(1)}, event(2))
		return err
	})
}

func TestASlowNodeTakesItsTime(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	const delay = 100 * time.Millisecond
	node.Faults().Slow(delay)
	began := time.Now()
	mustAppend(t, client, "s", esdb.Revision(0), event(1))
	if took := time.Since(began); took < delay {
		t.Errorf("an append took %v", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), delay/2)
	defer cancel()
	if _, err := client.AppendToStream(ctx, "s", esdb.AppendToStreamOptions{}, event(2)); codeOf(err) != esdb.ErrorCodeDeadlineExceeded {
		t.Errorf("an impatient append: %v", err)
	}
}

func TestEventsAreAltered(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 4)...)
	f := node.Faults()
	f.Damage("s", 1)
	f.Omit("s", 2)
	f.Alter("s", 3, func(e *esdbnode.RecordedEvent) { e.CustomMetadata = nil })
	for range 2 { // as often as they are read
		list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
		if diff := cmp.Diff([]uint64{0, 1, 3}, revisions(list)); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
		if got := string(list[1].Data); got == string(event(1).Data) || len(got) != len(event(1).Data) {
			t.Errorf("event 1 is not damaged: %q", got)
		}
		if len(list[2].UserMetadata) != 0 {
			t.Errorf("event 3 is not altered: %q", list[2].UserMetadata)
		}
	}
	f.Heal()
	list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
	if err != nil || len(list) != 4 || string(list[1].Data) != string(event(1).Data) {
		t.Errorf("healed: %d events, %v", len(list), err)
	}
}

func TestAcknowledgedEventsAreForgotten(t *testing.T) {
	node, client := open(t, esdbnode.Options{Dir: t.TempDir()})
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 5)...)
	s := subscribe(t, client, "s", esdb.Revision(3))
	expect(t, s, "event 4", "caught up")
	if err := node.Faults().Truncate("s", 3); err != nil {
		t.Fatal(err)
	}
	list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything)
	if diff := cmp.Diff(upTo(0, 3), revisions(list)); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	mustAppend(t, client, "s", esdb.Revision(2), events(20, 23)...)
	expect(t, s, "event 5") // it never learns of 3 and 4
	if err := node.Faults().Truncate("s", 0); err != nil {
		t.Fatal(err)
	}
	if _, err = read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); codeOf(err) != esdb.ErrorCodeResourceNotFound {
		t.Errorf("a stream of nothing: %v", err)
	}
	mustAppend(t, client, "s", esdb.NoStream{}, events(0, 2)...)
	all, err := readAll(t, client, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, 3)
	if err != nil || all[0].EventID != id(1) || all[2].StreamID == "s" {
		t.Errorf("$all still has what was forgotten: %v", err)
	}
}

func TestAForeignEventIsWrittenBehindEverybodysBack(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	if err := node.Faults().Intrude("s", "foreign", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0)}, event(1))
	if codeOf(err) != wrong {
		t.Errorf("append: %v", err)
	}
	list, err := read(t, client, "s", esdb.ReadStreamOptions{From: esdb.Revision(1)}, 1)
	if err != nil || len(list) != 1 || list[0].EventType != "foreign" {
		t.Errorf("read: %v", err)
	}
}

func TestPersistentSubscriptionsAreNotImplemented(t *testing.T) {
	_, client := open(t, esdbnode.Options{})
	err := client.CreatePersistentSubscription(within(t), "s", "g", esdb.PersistentStreamSubscriptionOptions{})
	if codeOf(err) != esdb.ErrorCodeUnsupportedFeature {
		t.Errorf("create: %v", err)
	}
	if _, err := client.GetServerVersion(); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("version: %v", err)
	}
}
