// Package eventstore is the port to the engine that keeps the ledger's bytes:
// two append-only streams of records, numbered from zero without gaps.
//
// It is small on purpose. Everything that makes the ledger trustworthy
// (signatures, rules, the Merkle tree) stands above it and re-checks what it
// returns; the store promises order, durability and exact bytes, no more.
//
// # The contract
//
// Each sentence below is a clause of package eventstoretest, which every
// implementation passes.
//
//   - A stream is [Journal] or [Checkpoints]; any other name is refused, so
//     that a typing error cannot open a second, empty journal.
//   - The revision of a record is its position: 0, 1, 2, … Append assigns it.
//   - Every [Write] names the revision it expects to write next. Appends whose
//     expectation is not met are refused with [*Conflict], so of many writers
//     that race for a revision exactly one wins.
//   - An Append is all or nothing, over all its records and, where
//     [Store.Atomic] is true, over all its streams. A refused Append leaves
//     nothing behind.
//   - When Append returns nil, the records survive a crash of the process and
//     of the machine, and every Read that starts afterwards returns them.
//   - [ErrUnknownOutcome] means that the Append may or may not have happened:
//     the caller finds out by reading. Any other error means that it did not.
//   - Bytes come back exactly as they went in. The store keeps no reference to
//     the caller's slices and the caller may change what it reads.
//   - Read yields the range asked for, as far as it was there at the time of
//     the call; with [Head] as its end it stops at the head of that time. A
//     bounded range that reaches beyond the head may also yield what was
//     appended meanwhile. Follow goes on for ever and yields every record once,
//     in order.
//   - A store that is not atomic may be shared: other processes append to it.
//     What they appended is read and followed like the rest.
//   - Iterators yield an error once and stop. What was yielded before the
//     error is valid.
//   - All methods may be called at the same time, also from within the body of
//     a loop over Read or Follow.
package eventstore

import (
	"context"
	"iter"
	"math"
)

// The streams of a ledger.
const (
	// Journal holds the events: revision = leaf index.
	Journal = "journal"
	// Checkpoints holds what the log and its witnesses signed about the journal.
	Checkpoints = "checkpoints"
)

// Head as the end of a Read means: up to what is there at the time of the call.
const Head = math.MaxUint64

const (
	// MaxAppend is the greatest total size of one Append in bytes: data and
	// metadata of all records, and their types twice. It is what EventStoreDB
	// accepts by default, and how its newer versions count.
	MaxAppend = 1 << 20
	// MaxType is the greatest length of a record's type in bytes.
	MaxType = 255
)

// Record is one entry of a stream.
type Record struct {
	// Revision is the position in the stream. Append ignores what the caller
	// puts here.
	Revision uint64
	// ID identifies the record to people and to engines that retry. Stores
	// keep it, and refuse a record without. Other bytes bear another ID: an engine may take a record for the
	// one that stands at its revision already if their IDs are the same.
	ID [16]byte
	// Type is the record's kind, 1 to MaxType bytes of UTF-8.
	Type string
	// Data and Meta are kept byte for byte. Nil and empty are the same.
	Data []byte
	Meta []byte
}

// Write is the part of an Append that concerns one stream.
type Write struct {
	Stream string
	// Next is the revision of the first record: the number of records that the
	// writer believes to be in the stream now.
	Next uint64
	// Records are written in this order. At least one is required.
	Records []Record
}

// Store keeps the streams. See the package comment for the contract.
type Store interface {
	// Append writes all records or none, durably. It fails with [*Conflict],
	// [ErrInvalid], [ErrNotAtomic], [ErrUnavailable], [ErrUnknownOutcome],
	// [ErrClosed], or the error of a context that had ended before anything
	// was written.
	Append(ctx context.Context, writes ...Write) error

	// Read yields the records from revision from up to, but without, to, or to
	// the head if that comes first. Say to where it is known: an engine across
	// a network then sends no more than that.
	// It fails with [ErrInvalid], [*Corrupt], [ErrUnavailable], [ErrClosed] or
	// the context's error.
	Read(ctx context.Context, stream string, from, to uint64) iter.Seq2[Record, error]

	// Follow yields the records from revision from, then new ones as they are
	// appended. It ends silently when ctx ends, otherwise with the errors of
	// Read.
	Follow(ctx context.Context, stream string, from uint64) iter.Seq2[Record, error]

	// Next is the number of records in the stream, which is the revision of
	// the next one.
	Next(ctx context.Context, stream string) (uint64, error)

	// Atomic reports whether one Append may write to several streams.
	Atomic() bool

	// Close releases the store. Followers end with [ErrClosed], and so does
	// every later call but Close, which may be repeated.
	Close() error
}
