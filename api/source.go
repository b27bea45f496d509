package api

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Journal records and reads events.
type Journal interface {
	Submit(ctx context.Context, raw []byte) (ledger.Receipt, error)
	Leaf(ctx context.Context, index uint64) (ledger.Leaf, error)
	Leaves(ctx context.Context, from uint64) iter.Seq2[ledger.Leaf, error]
	FollowLeaves(ctx context.Context, from uint64) iter.Seq2[ledger.Leaf, error]
}

// Log proves what the journal holds.
type Log interface {
	Receipt(ctx context.Context, index uint64) (ledger.Receipt, error)
	Effective(ctx context.Context, index uint64) (ledger.Receipt, error)
	EffectiveSize() uint64
	Cosigned(ctx context.Context, from uint64) iter.Seq2[ledger.Cosigned, error]
	Witnesses() []witness.Report
	Checkpoint() []byte
	Size() uint64
	Tile(level int, n uint64, width int) ([]byte, error)
	SignDigests(size uint64, views []translog.ViewDigest) ([]byte, error)
}

// Registry shows the committed state.
type Registry interface {
	// View calls f with the state, read-locked: f must not keep it.
	View(f func(*domain.State))
	Facts(ctx context.Context, from uint64) iter.Seq2[domain.Fact, error]
	// Ready returns why no writes are taken, or nil.
	Ready() error
	// Contact returns when the event store last answered.
	Contact() time.Time
	// Leading reports whether this replica orders the events.
	Leading() bool
}

// Ledger is what the server stands in front of: a *ledger.Ledger.
type Ledger interface {
	Journal
	Log
	Registry
}

// Sealed keeps ciphertexts of sealed detail: a *sealed.Store.
type Sealed interface {
	Put(a domain.AgencyID, hash domain.Hash, body io.Reader, at time.Time) error
	Get(hash domain.Hash) ([]byte, error)
	Erase(hash domain.Hash) error
	Sweep(keep func(hash domain.Hash, uploaded time.Time) bool, before time.Time) (int, error)
}

// Subscriptions keeps what agencies watch: a *notify.Store.
type Subscriptions interface {
	Add(sub notify.Subscription) (notify.Subscription, error)
	Of(a domain.AgencyID) ([]notify.Subscription, error)
	Get(a domain.AgencyID, id string) (notify.Subscription, error)
	Remove(a domain.AgencyID, id string) error
	Resume(a domain.AgencyID, id string) (notify.Subscription, error)
	Progress(sub notify.Subscription) (notify.Progress, error)
}

// Views is where views are asked: a *projections.Runner.
type Views interface {
	Index() uint64
	Wait(ctx context.Context, minIndex uint64) error
	Read(f func(*projections.Views))
	Liveness() projections.Liveness
	Digests(size uint64) ([]projections.Digest, bool)
}

var (
	_ Ledger = (*ledger.Ledger)(nil)
	_ Sealed = (*sealed.Store)(nil)
	_ Views  = (*projections.Runner)(nil)

	_ Subscriptions = (*notify.Store)(nil)
)
