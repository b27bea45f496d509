// Package esdbnode is a node that speaks EventStoreDB's gRPC protocol. It is
// not EventStoreDB, and nothing of that server is in it: it is what tests of
// this project talk to, and what a demonstration runs where no server is at
// hand. The official Go client, v4.2.0, is the judge of what it says.
//
//	node, err := esdbnode.Start(esdbnode.Options{})
//	…
//	defer node.Close()
//	config, err := esdb.ParseConnectionString(node.ConnectionString())
//
// With Options.Dir what was acknowledged survives kill -9 and a crash of the
// machine; without, the node keeps everything in memory.
//
// # What it does
//
// Appends with every expectation, idempotent repeats and size limit; reads of
// streams and of $all, both ways, filtered or not; catch-up subscriptions with
// checkpoints; deletion, tombstones, stream metadata with $maxCount, $maxAge
// and $tb; access lists and basic authentication; TLS; gossip of a cluster in
// one process; GET /health/live on the same port.
//
// # What it does not
//
// Persistent subscriptions, projections, batch appends, operations and users
// over the wire answer Unimplemented. Links are delivered, not resolved.
// Nothing is ever scavenged. The nodes of a [Cluster] share one log, so no
// replication can lag. It has no user interface.
//
// # Misbehaviour
//
// [Node.Faults] makes the node do wrong what servers and networks do wrong:
//
//	node.Faults().Appends(1, esdbnode.DropAfter()) // written, and nobody told
//	node.Faults().Reads(2, esdbnode.DropBefore().AfterEvents(10))
//	node.Faults().Damage("journal", 7)
//
// Stop and Resume are an outage.
package esdbnode
