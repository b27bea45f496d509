package ledger

import (
	"context"
	"errors"
	"sync"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// Peers reaches the other replicas of a ledger.
type Peers interface {
	// Forward hands submissions to the replica that is reached at holder and
	// returns one outcome for each, in order. An error says that it is unknown
	// what became of them.
	Forward(ctx context.Context, holder string, items []Forwarded) ([]Outcome, error)
	// Leaves returns what the replica at holder has committed and still has in
	// memory, from an index up to, but without, to: all of it, or its beginning;
	// none where the beginning is no longer there. They are taken for what they
	// are only under a root that the log signed.
	Leaves(ctx context.Context, holder string, from, to uint64) ([]Leaf, error)
}

// Forwarded is a submission on its way to the replica that orders events.
type Forwarded struct {
	Envelope []byte // JWS compact serialization
	// Verified says that the signature verifies under the key that the
	// envelope names. All replicas hold the log key, so one may take another's
	// word; whether that key may sign is decided where events are ordered.
	Verified bool
}

// Outcome is what became of a forwarded submission: recorded (or found
// recorded), refused, or neither.
type Outcome struct {
	Index      uint64
	Leaf       domain.Hash
	RecordedAt int64 // microseconds since 1970, UTC
	Replayed   bool

	Refusal *domain.Refusal // the rule; nil unless refused
	Signed  []byte          // the log's statement of the refusal

	Malformed *seal.Error // the bytes are no envelope
	Failure   string      // why nothing was decided: submit again
	Moved     bool        // the replica does not order events (any more)
}

// Take records what another replica forwarded. It returns one outcome for each
// item, in order.
func (l *Ledger) Take(ctx context.Context, items []Forwarded) []Outcome {
	l.open.RLock()
	defer l.open.RUnlock()
	out := make([]Outcome, len(items))
	var all sync.WaitGroup
	for i, it := range items {
		all.Go(func() { out[i] = l.take(ctx, it) })
	}
	all.Wait()
	return out
}

// take decides one item, but does not forward it on.
func (l *Ledger) take(ctx context.Context, f Forwarded) Outcome {
	if !l.able() {
		return Outcome{Moved: true}
	}
	it, err := l.prepare(ctx, f.Envelope, f.Verified)
	if err == nil && !it.replayed {
		err = l.pass(ctx, it, l.queue)
	}
	if err == nil && it.refusal != nil {
		err = l.refused(it.hash, it.decided, it.refusal)
	}
	if err == nil && it.replayed {
		var leaf Leaf
		if leaf, err = l.Leaf(ctx, it.index); err == nil {
			return Outcome{Index: it.index, Leaf: leaf.Hash, RecordedAt: leaf.RecordedAt, Replayed: true}
		}
	}
	return outcomeOf(it, err)
}

// able reports whether this replica orders events and can: one that cannot, for
// reasons of its own, leaves it to those that forward to it to take over.
func (l *Ledger) able() bool {
	select {
	case <-l.stop:
		return false
	default:
	}
	return l.Leading() && (l.Ready() == nil || l.onlyHeld())
}

func outcomeOf(it *item, err error) Outcome {
	var refused *Refused
	var malformed *seal.Error
	switch {
	case err == nil:
		return Outcome{Index: it.index, Leaf: it.leaf, RecordedAt: it.at}
	case errors.As(err, &refused):
		return Outcome{Refusal: &refused.Refusal, Signed: refused.Signed}
	case errors.As(err, &malformed):
		return Outcome{Malformed: malformed}
	}
	return Outcome{Moved: errors.Is(err, errMoved) || errors.Is(err, ErrClosed), Failure: err.Error()}
}
