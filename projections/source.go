package projections

import (
	"context"
	"iter"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Source is where facts come from: the ledger, or an archive. Records that a
// journal.voided names are no facts: their indexes are left out before it.
type Source interface {
	// Facts yields the facts recorded by now, from an index on.
	Facts(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error]
	// Follow yields the same and then each new fact until ctx ends. It yields
	// an error once and stops.
	Follow(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error]
}
