package esdbnode_test

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

func TestARestartOnTheSameFolderAndPortKnowsEverything(t *testing.T) {
	opts := esdbnode.Options{Dir: t.TempDir()}
	node, client := open(t, opts)
	first := mustAppend(t, client, "s", esdb.NoStream{}, events(0, 3)...)
	mustAppend(t, client, "gone", esdb.NoStream{}, event(7))
	mustAppend(t, client, "hidden", esdb.NoStream{}, events(0, 4)...)
	var meta esdb.StreamMetadata
	meta.SetMaxCount(1)
	if _, err := client.SetStreamMetadata(within(t), "hidden", esdb.AppendToStreamOptions{}, meta); err != nil {
		t.Fatal(err)
	}
	if _, err := client.TombstoneStream(within(t), "gone", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
	before, err := readAll(t, client, esdb.ReadAllOptions{From: esdb.Start{}}, everything)
	if err != nil {
		t.Fatal(err)
	}
	opts.Listen = node.Address()
	if err := node.Close(); err != nil {
		t.Fatal(err)
	}
	_, client = open(t, opts)
	after, err := readAll(t, client, esdb.ReadAllOptions{From: esdb.Start{}}, everything)
	if err != nil || len(after) != len(before) {
		t.Fatalf("%d events, %d before: %v", len(after), len(before), err)
	}
	for i := range after {
		if after[i].EventID != before[i].EventID || after[i].Position != before[i].Position {
			t.Errorf("event %d moved", i)
		}
	}
	if again := mustAppend(t, client, "s", esdb.NoStream{}, events(0, 3)...); *again != *first {
		t.Errorf("a repeat says %+v, the first time %+v", *again, *first)
	}
	next := mustAppend(t, client, "s", esdb.Revision(2), event(3))
	if next.CommitPosition <= before[len(before)-1].Position.Commit {
		t.Errorf("position %d is not beyond those before", next.CommitPosition)
	}
	if _, err := read(t, client, "gone", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); codeOf(err) != isGone {
		t.Errorf("tombstone is forgotten: %v", err)
	}
	if list, err := read(t, client, "hidden", esdb.ReadStreamOptions{From: esdb.Start{}}, 9); err != nil || len(list) != 1 {
		t.Errorf("metadata is forgotten: %d events, %v", len(list), err)
	}
}

func TestAStoppedNodeComesBack(t *testing.T) {
	node, client := open(t, esdbnode.Options{})
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	s := subscribe(t, client, "s", esdb.Start{})
	expect(t, s, "event 0", "caught up")
	node.Stop()
	if _, e := next(t, s); e.SubscriptionDropped == nil {
		t.Error("the subscription goes on")
	}
	if err := node.Resume(); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0)}, event(1))
		return err
	})
	expect(t, subscribe(t, client, "s", esdb.Revision(0)), "event 1", "caught up")
	if err := node.Close(); err != nil {
		t.Fatal(err)
	}
	if err := node.Resume(); err == nil {
		t.Error("a closed node comes back")
	}
}

func TestTwoNodesCannotShareAFolder(t *testing.T) {
	dir := t.TempDir()
	open(t, esdbnode.Options{Dir: dir})
	if second, err := esdbnode.Start(esdbnode.Options{Dir: dir}); err == nil {
		_ = second.Close()
		t.Error("a second node opened the folder")
	}
}
