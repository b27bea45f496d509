package ledger_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// voids checks which records above the seats count as voided, and that nothing
// waits to be.
func voids(t *testing.T, who string, l *ledger.Ledger, want ...uint64) {
	t.Helper()
	l.View(func(s *domain.State) {
		var got []uint64
		for i := uint64(10); i < s.Next(); i++ {
			if s.Voided(i) {
				got = append(got, i)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(s.Pending()) > 0 {
			t.Errorf("%s: pending %v, voided (-want +got)\n%s", who, s.Pending(), diff)
		}
	})
}

// A record whose only fault is its anchor is judged alike by the replica that
// adopts it, those that follow, whoever replays it all, and the one that orders
// events when it starts again: else they part over what the journal says.
func TestAFalseAnchorIsVoidedForEverybody(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b")
	forged := anchored(t, c, "XA", 5, domain.Hash{0xab})
	c.Refused(c.node("a"), forged, "envelope.anchor")
	plant(t, c, forged)
	waitFor(t, func() bool { return c.node("a").Ready() != nil })
	mustInsist(t, c.node("a"), voiding(t, c, 10, 11))
	c.settled(t)
	for _, name := range c.names {
		voids(t, name, c.node(name), 10)
	}
	fresh := mustOpen(t, c.Coalition, c.reach("fresh"), "")
	voids(t, "fresh", fresh, 10)
	mustClose(t, fresh)
	mustClose(t, c.node("a"))
	again := c.open(t, "a", c.reach("a"), func(cfg *ledger.Config) { cfg.Dir = "" })
	voids(t, "a again", again, 10)
}

// The replica that found a rogue record takes writes again once another one has
// recorded that it is void.
func TestARecordVoidedElsewhereNoLongerStandsInTheWay(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b")
	last := c.Must(c.node("a"), c.Actions(1)[0]).Index
	c.settled(t)
	appendCopy(t, c.store, last, func(r eventstore.Record) eventstore.Record { return r })
	waitFor(t, func() bool { return c.node("a").Ready() != nil })
	c.set(true, "b>a") // b takes over
	mustInsist(t, c.node("b"), voiding(t, c, 11, 12))
	c.set(false, "b>a")
	c.Must(c.node("b"), c.Actions(1)[0])
	c.settled(t)
	waitFor(t, func() bool { return c.node("a").Ready() == nil })
}

// A second rogue record arrives while the first is being voided, above an event
// that a crash left unsigned. A voiding that names only the first does not pass,
// one that names both does, and the event between stays.
func TestASecondRogueRecordWhileVoiding(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b")
	last := c.Must(c.node("a"), c.Actions(1)[0]).Index
	c.settled(t)
	plant(t, c, c.Actions(1)...)
	appendCopy(t, c.store, last, func(r eventstore.Record) eventstore.Record { return r })
	waitFor(t, func() bool { return c.node("a").Ready() != nil })
	early := voiding(t, c, 12, 13)
	appendCopy(t, c.store, last, func(r eventstore.Record) eventstore.Record { r.Meta = []byte("{}"); return r })
	if _, err := c.node("b").Submit(t.Context(), early); !errors.Is(err, ledger.ErrNotReady) {
		t.Fatalf("got %v, want ErrNotReady", err)
	}
	mustClose(t, c.node("a"))
	c.start(t, "a")
	if n := c.node("a").Size(); n != 12 {
		t.Fatalf("%d events are signed, want 12", n)
	}
	mustInsist(t, c.node("b"), voiding(t, c, 12, 14))
	if r := c.Must(c.node("b"), c.Actions(1)[0]); r.Index != 15 {
		t.Fatalf("went on at %d, want 15", r.Index)
	}
	c.settled(t)
	for _, name := range c.names {
		voids(t, name, c.node(name), 12, 13)
	}
}

// A client reads the newest checkpoint at one replica and posts an event
// anchored to it at another, which has not seen it yet. To refuse it would be
// the log's signed word that it never signed that checkpoint: evidence of a
// fork that there is not.
func TestAnAnchorNewerThanThisReplicaIsAwaited(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "a", "b")
	c.settled(t)
	mustClose(t, c.node("b"))
	store := &hooked{Store: c.reach("b")}
	b := c.open(t, "b", store)
	c.set(true, "a>b") // or it would get the events from a
	store.on(func(c call) error {
		if c.what == "read" && c.stream == eventstore.Journal && c.from >= 10 {
			time.Sleep(150 * time.Millisecond) // a slow link
		}
		return nil
	})
	c.Must(c.node("a"), c.Actions(1)[0])
	newest, err := translog.PeekCheckpoint(c.node("a").Checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	envelope := anchored(t, c, "XA", newest.Size, newest.Root)
	if size := b.Size(); size >= newest.Size {
		t.Fatalf("b has %d events already", size)
	}
	c.set(false, "a>b")
	c.Must(b, envelope)
}

// Somebody writes into the journal behind the ledger's back. Nothing from
// there on is signed until a quorum voids it; then the ledger goes on, on every
// replica, also after a restart and for whoever replays.
func TestARogueRecordIsVoided(t *testing.T) {
	rogues := map[string]func(eventstore.Record) eventstore.Record{
		"no event of ours": func(r eventstore.Record) eventstore.Record { r.Meta = []byte("{}"); return r },
		"recorded twice":   func(r eventstore.Record) eventstore.Record { return r },
		"forged": func(r eventstore.Record) eventstore.Record {
			r.Data = bytes.Replace(r.Data, []byte("125000.50"), []byte("1.00"), 1)
			return r
		},
	}
	for name, rogue := range rogues {
		t.Run(name, func(t *testing.T) { voidRogue(t, rogue) })
	}
}

func voidRogue(t *testing.T, rogue func(eventstore.Record) eventstore.Record) {
	c := newCluster(t, "a", "b")
	last := c.Must(c.node("a"), c.Actions(1)[0]).Index
	c.settled(t)
	appendCopy(t, c.store, last, rogue)
	appendCopy(t, c.store, last, func(r eventstore.Record) eventstore.Record { return r })
	waitFor(t, func() bool { return c.node("a").Ready() != nil })
	if err := c.node("a").Ready(); !strings.Contains(err.Error(), "event 11 stands in the store") {
		t.Fatalf("got %v, want event 11 named", err)
	}
	for _, l := range c.all() {
		if _, err := l.Submit(t.Context(), c.Actions(1)[0]); !errors.Is(err, ledger.ErrNotReady) {
			t.Fatalf("got %v, want ErrNotReady", err)
		}
	}
	if n := c.node("b").Size(); n != 11 {
		t.Fatalf("%d events are signed, want 11", n)
	}
	voided := c.Must(c.node("b"), voiding(t, c, 11, 13))
	after := c.Must(c.node("a"), c.Actions(1)[0])
	if voided.Index != 13 || after.Index != 14 {
		t.Fatalf("voided at %d, went on at %d; want 13 and 14", voided.Index, after.Index)
	}
	c.settled(t)
	for _, name := range c.names {
		holdsVoided(t, c.node(name))
		mustClose(t, c.node(name))
		c.start(t, name)
		holdsVoided(t, c.node(name))
	}
	fresh := mustOpen(t, c.Coalition, reach{c.store, c.network, "fresh"}, "")
	holdsVoided(t, fresh)
	mustClose(t, fresh)
}

func holdsVoided(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	l.View(func(s *domain.State) {
		if s.Next() != 15 || !s.Voided(11) || !s.Voided(12) || len(s.Pending()) > 0 {
			t.Errorf("%d events, pending %v", s.Next(), s.Pending())
		}
	})
	var seen []uint64
	for f, err := range l.Facts(t.Context(), 9) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, f.Index)
	}
	if want := fmt.Sprint([]uint64{9, 10, 13, 14}); fmt.Sprint(seen) != want {
		t.Fatalf("facts %v, want %s", seen, want)
	}
}

// voiding signs journal.voided for the records [from, to) of the store.
func voiding(t *testing.T, c *cluster, from, to uint64) []byte {
	t.Helper()
	var pending []domain.Ref
	for r, err := range c.store.Read(t.Context(), eventstore.Journal, from, to) {
		if err != nil {
			t.Fatal(err)
		}
		pending = append(pending, domain.Ref{Index: r.Revision, Leaf: ledger.LeafOf(r).Hash})
	}
	v := domain.JournalVoided{Leaves: domain.VoidLeaves(pending), Reason: "written past the ledger"}
	text := domain.VoidText(c.Ledger, v.Leaves, v.Reason)
	for _, m := range c.Members {
		sig, err := c.Roots[m].Sign(text)
		if err != nil {
			t.Fatal(err)
		}
		v.Approvals = append(v.Approvals, domain.Approval{Member: m, Signature: base64.RawURLEncoding.EncodeToString(sig)})
	}
	return c.Sign("XA", "journal.voided", v)
}
