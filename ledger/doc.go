// Package ledger is the write path: the only code that appends to the journal.
//
//	envelope → verified → admitted → appended → proven
//
// [Ledger.Submit] parses and verifies an envelope in the caller's goroutine,
// so all cores verify at once. One sequencer admits events in order, against
// an overlay on the committed [domain.State], and hands batches to one
// committer. While a batch is being made durable the next one is admitted on
// top of it: group commit without timers. A batch is whatever has queued up,
// at most 1,024 events and 900 KiB.
//
// The committer writes the journal records and the signed checkpoint, reads
// the records back, hashes what the store really holds, and only then lets the
// receipts go. With a store that appends to both streams at once the
// checkpoint is the commit record; with another the order is append, read
// back, sign, append the checkpoint.
//
// # What a caller gets
//
// A [Receipt] is a C2SP tlog-proof of the event under a checkpoint signed by
// the log, returned by the append itself. The same envelope again, or the same
// content signed again, gives a receipt for the first leaf. A [Refused] error
// names the rule and carries a statement of the refusal that the log signed,
// so that a refused agency can contest it: it names the size of the journal
// that the rules were run on. [ErrNotReady] means that nothing is acknowledged
// and that the ledger takes no writes until an operator looks; whether an event
// that met the fault stands in the store is found out by submitting it again.
//
// # Start
//
// [Open] loads the snapshot if this build wrote it and the log's own hashes
// bear it out, replays the rest, and compares the root with the newest signed
// checkpoint. If that fails it tries once more without the caches, so damage
// to a cache never condemns a journal. A store that is shorter than what this
// ledger signed before, or whose root differs, is refused with the place. A
// tail that a crash left without a checkpoint is verified and admitted like
// new events, then signed, up to the first that is not admissible.
//
// # Several replicas
//
// A store that cannot append to both streams at once may be shared: any number
// of ledgers, on any number of machines, stand in front of it with the same log
// key. One of them orders the events. It is the one that the last lease in the
// checkpoints stream names; the others hand their submissions to it through
// [Peers], and follow the checkpoints: at each they get the events up to its
// size, compare the root and commit. So a replica serves what is signed, and
// what two of them serve at one size is the same. They ask the one that orders
// events for the bytes, which it has in memory, and read the journal where the
// bytes do not come or do not give the root.
//
//	follow ── nobody has the lease, or its holder does not answer ──▶ lead
//	lead   ── a revision was taken, or the store does not answer ──▶ follow
//
// A lease has no term and no clock: whoever cannot reach the holder takes it
// over by appending a lease of its own. It only says where to forward to. What
// keeps two that both believe they hold it from doing harm is the revision
// that every append names: of two appends one is refused. Whoever is refused,
// or does not learn the outcome, throws its overlays away and sends what it had
// through the front door again: there it is found if it was recorded after
// all, and decided anew on the journal as it is now if not. A replica that
// comes to lead first verifies, admits and signs what stands above the newest
// checkpoint.
//
// A replica that cannot reach the store serves what it has; [Ledger.Contact]
// says how old that is, and [Ledger.Ready] that writes have to wait.
//
// # Records that nobody may have written
//
// A record that somebody else put into the journal, and that is not
// admissible, stops signing before it. [Ledger.Ready] names it, and all after
// it. The one event that is taken then is journal.voided, approved by a quorum
// for exactly these records; with it the ledger goes on.
//
// # Damage
//
// What start-up took from the caches is compared with the stored bytes in the
// background, and so is every event that is read. At the first difference the
// ledger stops signing and [Ledger.Ready] names the index.
package ledger
