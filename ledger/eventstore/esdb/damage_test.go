package esdb_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
)

func TestMissingRecordIsNamed(t *testing.T) {
	node, s := filled(t, 9, "")
	for _, revision := range []uint64{0, 4, 7} {
		node.Faults().Omit(eventstore.Journal, revision)
		n, err := collect(s.Read(t.Context(), eventstore.Journal, 0, 9))
		missingAt(t, err, revision)
		if n != revision {
			t.Errorf("got %d records before the missing one %d", n, revision)
		}
		_, err = collect(s.Read(t.Context(), eventstore.Journal, 0, eventstore.Head))
		missingAt(t, err, revision)
		node.Faults().Heal()
	}
	node.Faults().Omit(eventstore.Journal, 4)
	f := follow(t, s)
	f.take(4)
	missingAt(t, f.end(), 4)
}

func TestRecordDeliveredTwiceIsYieldedOnce(t *testing.T) {
	node, s := filled(t, 5, "")
	node.Faults().Twice(8)
	f := follow(t, s)
	f.take(5)
	mustAppend(t, s, 5, 5)
	f.take(5)
}

// A store that came back shorter: a subscription from beyond the end would wait
// in silence until others have filled the gap with other records.
func TestStoreThatCameBackShorterIsNoticed(t *testing.T) {
	node, s := filled(t, 9, "")
	f := follow(t, s)
	f.take(9)
	node.Stop()
	if err := node.Faults().Truncate(eventstore.Journal, 6); err != nil {
		t.Fatal(err)
	}
	if err := node.Resume(); err != nil {
		t.Fatal(err)
	}
	missingAt(t, f.end(), 6)
	_, err := s.Next(t.Context(), eventstore.Journal)
	missingAt(t, err, 6)
	holds(t, open(t, node.ConnectionString()), 6) // another process has seen nothing else
}

// What was deleted must not look like a journal that was never written: the
// ledger would found itself anew.
func TestDeletedStreamIsNotAnEmptyOne(t *testing.T) {
	soft := func(c *client.Client) error {
		_, err := c.DeleteStream(t.Context(), eventstore.Journal, client.DeleteStreamOptions{ExpectedRevision: client.Any{}})
		return err
	}
	tombstone := func(c *client.Client) error {
		_, err := c.TombstoneStream(t.Context(), eventstore.Journal, client.TombstoneStreamOptions{ExpectedRevision: client.Any{}})
		return err
	}
	truncate := func(before uint64) func(c *client.Client) error {
		return func(c *client.Client) error {
			metadata := client.StreamMetadata{}
			metadata.SetTruncateBefore(before)
			_, err := c.SetStreamMetadata(t.Context(), eventstore.Journal, client.AppendToStreamOptions{ExpectedRevision: client.Any{}}, metadata)
			return err
		}
	}
	for name, destroy := range map[string]func(*client.Client) error{
		"deleted": soft, "tombstone": tombstone, "truncated": truncate(2), "all truncated": truncate(5),
	} {
		t.Run(name, func(t *testing.T) {
			node, s := filled(t, 5, "")
			running := follow(t, s)
			running.take(5)
			c, err := bare(node.ConnectionString())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := destroy(c); err != nil {
				t.Fatal(err)
			}
			for who, s := range map[string]*esdb.Store{"old": s, "new": open(t, node.ConnectionString())} {
				for _, to := range []uint64{eventstore.Head, 5} {
					n, err := collect(s.Read(t.Context(), eventstore.Journal, 0, to))
					if missingAt(t, err, 0); n != 0 {
						t.Errorf("%s store: read %d records", who, n)
					}
				}
				missingAt(t, follow(t, s).end(), 0)
				if name == "truncated" {
					continue // the server has not lost its head
				}
				err := s.Append(t.Context(), journal(0, 1))
				if missingAt(t, err, 0); !errors.Is(err, eventstore.ErrUnavailable) {
					t.Errorf("%s store: append: got %v, want ErrUnavailable too", who, err)
				}
			}
		})
	}
}

// The vendor's client ends the process when it meets an event that has no date.
func TestUndatedEventDoesNotEndTheProcess(t *testing.T) {
	node, _ := filled(t, 10, "")
	read := func(with string) (string, error) {
		node.Faults().Undated(5)
		child := exec.CommandContext(t.Context(), os.Args[0], node.ConnectionString())
		child.Env = append(os.Environ(), readerVariable+"="+with)
		out, err := child.CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	if out, err := read("adapter"); err != nil || out != "20 <nil>" {
		t.Errorf("the adapter read %q and ended with %v", out, err)
	}
	if out, err := read("client"); err == nil {
		t.Errorf("the client read %q: it can be used for reading now", out)
	}
}

func TestUnreadableEventIsDamage(t *testing.T) {
	node, s := filled(t, 3, "")
	node.Faults().Alter(eventstore.Journal, 1, func(e *esdbnode.RecordedEvent) { e.Id = nil })
	_, err := collect(s.Read(t.Context(), eventstore.Journal, 0, 3))
	missingAt(t, err, 1)
}
