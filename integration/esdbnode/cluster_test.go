package esdbnode_test

import (
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

func cluster(t *testing.T, size int) *esdbnode.Cluster {
	t.Helper()
	c, err := esdbnode.StartCluster(size, esdbnode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestTheClientFindsTheLeader(t *testing.T) {
	c := cluster(t, 3)
	c.Lead(1)
	for range 5 { // the client asks the nodes in a random order
		client := connect(t, c.ConnectionString())
		mustAppend(t, client, "s", esdb.Any{}, events(0, 1)...)
	}
}

func TestAFollowerSendsWritersToTheLeader(t *testing.T) {
	c := cluster(t, 2)
	client := connect(t, c.Nodes()[1].ConnectionString())
	_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{}, event(0))
	if codeOf(err) != esdb.ErrorCodeNotLeader {
		t.Fatalf("append to a follower: %v", err)
	}
	eventually(t, func() error { // the client has gone over
		_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{}, event(0))
		return err
	})
	follower := connect(t, c.Nodes()[1].ConnectionString())
	if list, err := read(t, follower, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 1); err != nil || len(list) != 1 {
		t.Errorf("read from a follower: %d events, %v", len(list), err)
	}
	_, err = follower.DeleteStream(within(t), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
	if codeOf(err) != esdb.ErrorCodeNotLeader {
		t.Errorf("delete at a follower: %v", err)
	}
}

func TestWhenTheLeaderStopsAnotherTakesOver(t *testing.T) {
	c := cluster(t, 3)
	client := connect(t, c.ConnectionString())
	mustAppend(t, client, "s", esdb.NoStream{}, event(0))
	c.Nodes()[0].Stop()
	eventually(t, func() error {
		_, err := client.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0)}, event(1))
		return err
	})
	if c.Leader() == c.Nodes()[0] {
		t.Error("a stopped node leads")
	}
	if err := c.Nodes()[0].Resume(); err != nil {
		t.Fatal(err)
	}
	back := connect(t, c.Nodes()[0].ConnectionString())
	if list, err := read(t, back, "s", esdb.ReadStreamOptions{From: esdb.Start{}}, everything); err != nil || len(list) != 2 {
		t.Errorf("the node that came back has %d events, %v", len(list), err)
	}
}

func TestAClusterThatCannotStartLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	node, _ := open(t, esdbnode.Options{})
	if c, err := esdbnode.StartCluster(2, esdbnode.Options{Listen: node.Address(), Dir: dir}); err == nil {
		_ = c.Close()
		t.Error("a cluster listens where a node does")
	}
	if c, err := esdbnode.StartCluster(0, esdbnode.Options{Dir: dir}); err == nil {
		_ = c.Close()
		t.Error("a cluster of no nodes started")
	}
	open(t, esdbnode.Options{Dir: dir}) // the folder is free
}

// eventually tries for five seconds until there is no error.
func eventually(t *testing.T, try func() error) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
