package witness

import (
	"context"
	"errors"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Tree is what a round needs of the log's tree, which may be larger than the
// checkpoint: a *translog.Tree. Beyond its end it fails with translog.ErrRange.
type Tree interface {
	RootAt(size uint64) (domain.Hash, error)
	Consistency(older, newer uint64) ([]domain.Hash, error)
}

// Contradiction says that the log's own key signed a checkpoint that does not
// go with ours. Nobody else can make one. Stop signing: either this ledger was
// put back from an older copy, or the key signs elsewhere.
type Contradiction struct {
	Witness      string // that showed it
	Ours, Theirs translog.Checkpoint
	Fork         Fork // Ours and Theirs; when Theirs is larger it is undecided by itself
	err          error
}

// Error says what was found, and what to do.
func (c *Contradiction) Error() string {
	if errors.Is(c.err, ErrRolledBack) {
		return fmt.Sprintf("%v: witness %s holds a checkpoint of %d leaves that our own key signed, we have %d: sign nothing; run 'ledgerd repair' with the newest archive or mirror", c.err, c.Witness, c.Theirs.Size, c.Ours.Size)
	}
	return fmt.Sprintf("%v: witness %s holds a checkpoint of %d leaves with root %s that our own key signed, which our %d leaves with root %s do not follow: sign nothing; find out who else holds the log's key", c.err, c.Witness, c.Theirs.Size, c.Theirs.Root, c.Ours.Size, c.Ours.Root)
}

// Unwrap is ErrRolledBack or ErrForked.
func (c *Contradiction) Unwrap() error { return c.err }

var (
	// ErrRolledBack says that our key signed a larger tree than we have.
	ErrRolledBack = errors.New("this ledger was rolled back")
	// ErrForked says that our key signed another history.
	ErrForked = errors.New("the log's key signed two histories")
)

// examine fetches what a witness that does not cosign holds against us. The
// result is nil unless it bears our own signature: a witness's word alone stops
// nothing.
func (q *question) examine(ctx context.Context) (*Contradiction, error) {
	text, err := q.peer.newest(ctx, q.head.Origin)
	if err != nil {
		return nil, fmt.Errorf("and does not show what it holds: %w", err)
	}
	if text == nil {
		return nil, errors.New("and shows no checkpoint")
	}
	theirs, err := translog.OpenCheckpoint(text, q.head.Origin, q.log...)
	if err != nil {
		return nil, fmt.Errorf("and shows a checkpoint that we did not sign: %w", err)
	}
	kind, fork, err := q.compare(theirs, text)
	if kind == nil || err != nil {
		return nil, err
	}
	return &Contradiction{Witness: q.witness.Name, Ours: q.head, Theirs: theirs, Fork: fork, err: kind}, nil
}

// compare holds a checkpoint that our key signed against our tree. The kind is
// nil when both are of one history.
func (q *question) compare(theirs translog.Checkpoint, text []byte) (kind error, f Fork, err error) {
	root, err := q.tree.RootAt(theirs.Size)
	switch {
	case errors.Is(err, translog.ErrRange):
		kind = ErrRolledBack
	case err != nil:
		return nil, f, err
	case root == theirs.Root:
		return nil, f, nil
	default:
		kind = ErrForked
	}
	f = Fork{Older: q.text, Newer: text}
	if theirs.Size > q.head.Size {
		return kind, f, nil
	}
	f.Older, f.Newer = text, q.text
	if theirs.Size < q.head.Size {
		if f.Proof, err = q.tree.Consistency(theirs.Size, q.head.Size); err != nil {
			return nil, f, err
		}
		f.Prefix = &root
	}
	return kind, f, nil
}
