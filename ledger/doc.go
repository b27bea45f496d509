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
// new events, then signed, up to the first that is not admissible: with one of
// those the ledger serves what is signed and takes no writes.
//
// What start-up took from the caches is compared with the stored bytes in the
// background, and so is every event that is read. At the first difference the
// ledger stops signing and [Ledger.Ready] names the index.
package ledger
