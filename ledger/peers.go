package ledger

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
)

// Peers reaches the other replicas of a ledger.
type Peers interface {
	// Forward hands submissions to the replica that is reached at holder and
	// returns one outcome for each, in order. An error says that it is unknown
	// what became of them.
	Forward(ctx context.Context, holder string, items []Forwarded) ([]Outcome, error)
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
}

// Take records what another replica forwarded. It returns one outcome for each
// item, in order.
func (l *Ledger) Take(ctx context.Context, items []Forwarded) []Outcome {
	out := make([]Outcome, len(items))
	var all sync.WaitGroup
	for i, it := range items {
		all.Go(func() { out[i] = outcomeOf(l.Submit(ctx, it.Envelope)) })
	}
	all.Wait()
	return out
}

func outcomeOf(r Receipt, err error) Outcome {
	var refused *Refused
	var malformed *seal.Error
	switch {
	case err == nil:
		return Outcome{Index: r.Index, Leaf: r.Leaf, RecordedAt: r.RecordedAt, Replayed: r.Replayed}
	case errors.As(err, &refused):
		return Outcome{Refusal: &refused.Refusal, Signed: refused.Signed}
	case errors.As(err, &malformed):
		return Outcome{Malformed: malformed}
	}
	return Outcome{Failure: err.Error()}
}

// Leading reports whether this replica orders the events. With a store of
// one's own it always does.
func (l *Ledger) Leading() bool { return true }

// Contact returns when the store last answered. A store of one's own always
// does.
func (l *Ledger) Contact() time.Time { return l.cfg.Clock() }
