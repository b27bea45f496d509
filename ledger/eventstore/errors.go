package eventstore

import (
	"errors"
	"fmt"
)

var (
	// ErrUnknownOutcome says that an Append may or may not have been written.
	// Read the stream to find out; resend the same records if they are absent.
	ErrUnknownOutcome = errors.New("outcome of the append is unknown: read the stream before trying again")

	// ErrUnavailable says that nothing was done and that the store cannot
	// serve the call now, or, for a store that met a fault of its disk, not
	// before it has been repaired and opened again.
	ErrUnavailable = errors.New("event store is unavailable")

	// ErrClosed says that the store has been closed.
	ErrClosed = errors.New("event store is closed")

	// ErrNotAtomic refuses an Append to several streams by a store that could
	// not make it all or nothing. Append to one stream at a time.
	ErrNotAtomic = errors.New("event store cannot append to several streams at once: append to one at a time")

	// ErrInvalid refuses a call that no store accepts: an unknown stream, an
	// empty or oversized append, a stream named twice.
	ErrInvalid = errors.New("invalid call of the event store")

	// ErrCorrupt is what every [*Corrupt] is, for errors.Is.
	ErrCorrupt = errors.New("stored record is damaged")
)

// Conflict refuses an Append whose expectation about a stream was not met.
// Nothing was written. Read from Have's predecessors and decide anew.
type Conflict struct {
	Stream string
	Want   uint64 // what the write named as next revision
	Have   uint64 // what the next revision was
}

// Error names the stream and both revisions.
func (e *Conflict) Error() string {
	return fmt.Sprintf("stream %s: the next revision is %d, the append expected %d", e.Stream, e.Have, e.Want)
}

// Corrupt reports a record whose stored bytes are not what was written.
// Records before it were read and are valid; restore the store from a copy.
type Corrupt struct {
	Stream   string
	Revision uint64
	Reason   string
}

// Error names the record, the damage and the way out.
func (e *Corrupt) Error() string {
	return fmt.Sprintf("stream %s: record %d is damaged: %s; restore the store from a backup or another member's copy",
		e.Stream, e.Revision, e.Reason)
}

// Is reports that every Corrupt is [ErrCorrupt].
func (e *Corrupt) Is(target error) bool { return target == ErrCorrupt }
