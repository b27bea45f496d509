package esdb_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/uuid"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/esdb"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/eventstoretest"
)

func start(t testing.TB, opts esdbnode.Options) *esdbnode.Node {
	t.Helper()
	node, err := esdbnode.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Close() })
	return node
}

func open(t testing.TB, connection string) *esdb.Store {
	t.Helper()
	s, err := esdb.Open(t.Context(), connection, esdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// remote opens a store on the server that ESDB_URL names, in streams of its own.
func remote(t testing.TB, prefix string) *esdb.Store {
	t.Helper()
	s := open(t, os.Getenv("ESDB_URL"))
	s.Under(prefix)
	return s
}

func onRealServer() bool { return os.Getenv("ESDB_URL") != "" }

// ESDB_URL=esdb://… runs the same clauses on a real server.
func TestContract(t *testing.T) {
	passed := eventstoretest.Run(t, func(t testing.TB) eventstore.Store {
		if onRealServer() {
			return remote(t, uuid.NewString()+"-")
		}
		return open(t, start(t, esdbnode.Options{}).ConnectionString())
	})
	fmt.Printf("esdb: %d clauses of the contract passed\n", passed)
}

// The server restarts between the clauses' two halves, with its data on disk.
func TestDurableContract(t *testing.T) {
	nodes := map[eventstore.Store]*esdbnode.Node{}
	dirs := map[eventstore.Store]string{}
	on := func(t testing.TB, opts esdbnode.Options) eventstore.Store {
		node := start(t, opts)
		s := open(t, node.ConnectionString())
		nodes[s], dirs[s] = node, opts.Dir
		return s
	}
	passed := 0
	if onRealServer() {
		passed = durableOnRealServer(t)
	} else {
		passed = eventstoretest.RunDurable(t,
			func(t testing.TB) eventstore.Store { return on(t, esdbnode.Options{Dir: t.TempDir()}) },
			func(t testing.TB, s eventstore.Store) eventstore.Store {
				node := nodes[s]
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if err := node.Close(); err != nil {
					t.Fatal(err)
				}
				return on(t, esdbnode.Options{Listen: node.Address(), Dir: dirs[s]})
			})
	}
	fmt.Printf("esdb: %d clauses of the durable contract passed\n", passed)
}

// durableOnRealServer restarts only the client.
func durableOnRealServer(t *testing.T) int {
	prefixes := map[eventstore.Store]string{}
	on := func(t testing.TB, prefix string) eventstore.Store {
		s := remote(t, prefix)
		prefixes[s] = prefix
		return s
	}
	return eventstoretest.RunDurable(t,
		func(t testing.TB) eventstore.Store { return on(t, uuid.NewString()+"-") },
		func(t testing.TB, s eventstore.Store) eventstore.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return on(t, prefixes[s])
		})
}
