// Package translog makes a journal tamper-evident: a Merkle tree over its
// leaves, checkpoints that the ledger signs, and receipts that anyone can check
// offline against a key and nothing else.
//
// The formats are the published ones, so that other people's programs read
// them: RFC 6962 hashing, C2SP signed-note, tlog-checkpoint, tlog-tiles and
// tlog-proof. Only the leaf (LeafEntry) and the signed refusal (Refusal) are
// ours, and both carry a versioned first line.
//
// # Growing the tree
//
// A Tree stands on a HashStore. Stage computes the tree with a batch added and
// changes nothing; the caller signs the staged root, makes the batch durable
// and then calls Commit. A Staged can be staged upon in turn, so that batch N+1
// is computed while N is being written. To discard a batch, drop it: what was
// staged on it is then refused by Commit with ErrStale.
//
// # The hash store is a cache
//
// It is never flushed, and may be deleted at any time: the journal's leaves
// rebuild it. NewTree drops a torn tail. Compare RootAt with the newest
// checkpoint after opening a file, run Check in the background, and on
// ErrCorrupt call Truncate(0) and stage the leaves again. Inclusion checks its
// own proof before it returns it, so a damaged cache yields an error and never
// a receipt that fails later.
//
// # Checking
//
// The parsers accept exactly one text for each value: no extension lines, no
// alternative base64, no leading zeroes, no repeated signature. A receipt or
// checkpoint signed by one key therefore fails after any change to it. Lines
// signed by keys that the reader does not know are ignored, as signed-note
// requires, because witnesses and rotated keys add them.
package translog
