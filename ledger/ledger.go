package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// Config says what a Ledger runs on.
type Config struct {
	Store   eventstore.Store
	Signer  note.Signer      // the log's key; its verifier key stands in genesis
	Clock   func() time.Time // the only clock
	Dir     string           // for caches and the mark of the highest signed checkpoint; "" keeps none
	Genesis []byte           // envelope of index 0; needed when the store is empty
	Log     *slog.Logger

	// Name is the address at which the other replicas reach this one, and
	// Peers reaches them. Both are for a store that several replicas share;
	// without them nothing is forwarded.
	Name  string
	Peers Peers

	// Witnesses asks the witnesses of the policy in force to cosign; nil asks
	// none. It is closed by whoever made it, after the ledger.
	Witnesses *witness.Gatherer
}

// Errors of the write path.
var (
	// ErrNotReady says that the ledger takes no writes; the cause is wrapped. An
	// event that met the fault itself may or may not stand in the store:
	// submit the same envelope again once the ledger is ready.
	ErrNotReady = errors.New("the ledger takes no writes")
	// ErrClosed says that the ledger has been closed.
	ErrClosed = errors.New("the ledger is closed")
	// ErrNoSuchLeaf says that nothing is recorded at an index.
	ErrNoSuchLeaf = errors.New("no event is recorded at this index")
)

// Refused is the answer to an event that may not stand in the ledger.
type Refused struct {
	Refusal domain.Refusal
	Signed  []byte // signed note over envelope hash, tree size, root and rule
}

// Error returns the rule and what to do.
func (e *Refused) Error() string { return e.Refusal.Error() }

// Unwrap returns the refusal.
func (e *Refused) Unwrap() error { return &e.Refusal }

// Receipt is the proof that an event is recorded.
type Receipt struct {
	Index      uint64
	Leaf       domain.Hash
	RecordedAt int64 // microseconds since 1970, UTC
	Proof      []byte
	Replayed   bool // the event had been recorded before, perhaps by another try of this submission
}

// Ledger is one open ledger. Its methods may be called from any goroutine.
type Ledger struct {
	cfg    Config
	tree   *translog.Tree
	hashes io.Closer // what the tree keeps its hashes in

	mu         sync.RWMutex // guards what follows
	state      *domain.State
	checkpoint []byte // newest signed checkpoint
	marks      uint64 // records in the checkpoints stream
	leasedAt   uint64 // of them, below the newest lease and with it
	recent     recent
	failure    error // why no writes are taken, until a restart
	rogue      error // what stands in the journal and is not admissible
	grown      chan struct{}
	replica    replica
	witnessed  witnessed

	queue    chan *item // to the sequencer
	outbox   chan *item // to the replica that orders events
	sent     sent
	batches  chan *batch
	done     chan struct{} // the batch in flight is committed or failed
	cosigned chan []byte   // checkpoints that satisfy the witness policy, to be kept
	stop     chan struct{}
	ended    chan struct{} // the sequencer has answered for the last time
	stopped  sync.WaitGroup
	open     sync.RWMutex // read-held by submissions
	close    func() error
	keeper   *keeper

	cosignedBefore eventstore.Record // found at start

	// of the goroutine that orders or follows
	penance time.Duration // how long it waits before it tries to order again
	mute    time.Time     // until when the replica that orders is not asked for leaves
}

// Open starts a ledger on a store. It fails rather than serve a journal that
// does not match what was signed before.
func Open(ctx context.Context, cfg Config) (*Ledger, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	l := &Ledger{
		cfg: cfg, state: domain.NewState(), grown: make(chan struct{}),
		queue: make(chan *item, maxBatch), outbox: make(chan *item, maxBatch),
		batches: make(chan *batch), done: make(chan struct{}), stop: make(chan struct{}), ended: make(chan struct{}),
		replica: newReplica(cfg.Clock()), cosigned: make(chan []byte), witnessed: witnessed{grown: make(chan struct{})},
	}
	cached, first, err := l.start(ctx)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	lasting := context.WithoutCancel(ctx)
	checking, cancel := context.WithCancel(lasting)
	l.close = sync.OnceValue(func() error { cancel(); return l.shut() })
	l.stopped.Go(func() { l.recheck(checking, cached) })
	l.stopped.Go(func() { l.commitAll(lasting) })
	l.stopped.Go(func() { l.run(lasting, checking, first) })
	if cfg.Witnesses != nil {
		l.stopped.Go(func() { l.witnessAll(checking) })
	}
	if l.shared() {
		l.stopped.Go(func() { l.watch(checking) })
		l.stopped.Go(func() { l.forwardAll(checking) })
	}
	return l, nil
}

// Close stops the write path, lets a batch in flight finish and be answered,
// and writes the caches. It does not close the store. It may be repeated.
func (l *Ledger) Close() error { return l.close() }

func (l *Ledger) shut() error {
	close(l.stop)
	l.stopped.Wait()
	l.open.Lock()
	defer l.open.Unlock()
	return errors.Join(l.saveSnapshot(), l.keeper.close(), l.hashes.Close())
}

// View calls f with the committed state, read-locked: f must not keep it.
func (l *Ledger) View(f func(*domain.State)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	f(l.state)
}

// Size returns the number of committed events.
func (l *Ledger) Size() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.state.Next()
}

// Checkpoint returns the newest signed checkpoint, as a note.
func (l *Ledger) Checkpoint() []byte {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.checkpoint
}

// Ready returns nil when writes are taken, and why not otherwise.
func (l *Ledger) Ready() error {
	l.mu.RLock()
	cause, last := cmp.Or(l.failure, l.rogue, l.replica.away, l.witnessed.fast), l.state.LastRecordedAt()
	l.mu.RUnlock()
	if cause != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, cause)
	}
	if behind := time.UnixMicro(last).Sub(l.cfg.Clock()); behind > maxSkew {
		return fmt.Errorf("%w: the clock is %s behind the newest event: correct the clock", ErrNotReady, behind.Round(time.Second))
	}
	return nil
}

const maxSkew = 5 * time.Second

// failed returns why the ledger stopped taking writes, nil while it does not.
func (l *Ledger) failed() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.failure
}

func (l *Ledger) fail(err error) {
	l.mu.Lock()
	before := l.failure
	l.failure = cmp.Or(before, err)
	l.mu.Unlock()
	if before != nil {
		return
	}
	l.cfg.Log.Error("the ledger stops taking writes", "cause", err)
}

// Tile returns a C2SP hash tile of the committed tree.
func (l *Ledger) Tile(level int, n uint64, width int) ([]byte, error) {
	return l.tree.Tile(level, n, width)
}
