// Package integration holds tests across processes: the commands are built
// once, run as a user runs them, and asked over HTTP on 127.0.0.1.
//
//	go test ./integration
//
// What they show:
//
//   - the demonstration, figure by figure (demo_test.go, roles_test.go);
//   - that kill -9 loses nothing acknowledged and records nothing twice
//     (crash_test.go; -v prints the counts);
//   - that three replicas on one store acknowledge each event once when the one
//     that orders them is killed, and that they serve reads as stale and take no
//     writes while the store is away (peers_test.go);
//   - that a ledger moves between Pebble and EventStoreDB's protocol with all its
//     receipts, and that an archive repairs a store that came back shorter
//     (copy_test.go, repair_test.go);
//   - that each kind of bad input has its own refusal code and leaves the
//     journal as it was (badinput_test.go);
//   - that the journal as streamed is the journal that was signed
//     (readback_test.go);
//   - that three replicas in containers lose and double nothing while each of
//     them and the store is killed, paused, cut off and restarted, three
//     minutes long (cluster_test.go; -v prints what happened meanwhile);
//   - that the compose files come up and answer, and that everything else in
//     deploy says what ledgerd reads and exports (containers_*_test.go);
//   - that stories of a coalition, told in plain text, come to the figures that
//     were worked out by hand (package scenarios);
//   - that the commands in README.md and docs run as written (docs_test.go);
//     the pages that need a founded ledger are run by cmd/ledger's own test.
//
// Tests in containers skip where no Docker daemon answers, unless
// LEDGER_NEED_DOCKER is set. ESDB_IMAGE names an image of a real server that
// they use in place of the node in integration/esdbnode.
//
// Every wait is bounded; every process, container, network, volume and image
// that a test makes ends with it.
package integration
