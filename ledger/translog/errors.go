package translog

import "errors"

var (
	// ErrRange says that a size, index or tile lies beyond the tree.
	ErrRange = errors.New("not in the tree yet")
	// ErrStale says that a batch was staged on a tree that has since become
	// another: stage its leaves again.
	ErrStale = errors.New("the batch was staged on another tree: stage it again")
	// ErrCorrupt says that the hash store contradicts itself: truncate the tree
	// and rebuild it from the journal.
	ErrCorrupt = errors.New("the hash store is damaged: rebuild it from the journal")
	// ErrMalformed says that a text or path is not in its format's one form.
	ErrMalformed = errors.New("malformed")
	// ErrSignature says that no valid signature by an accepted key stands below
	// the text.
	ErrSignature = errors.New("not signed by the log")
	// ErrProof says that a proof does not lead to the root.
	ErrProof = errors.New("the proof does not lead to the root")
)
