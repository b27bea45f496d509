package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// Config is what a runner needs. Clock is required; Dir "" keeps no snapshots.
type Config struct {
	Dir           string
	Log           *slog.Logger     // nil discards
	Clock         func() time.Time // for the heartbeat only, never for a view
	SnapshotEvery uint64           // facts between snapshots; 0 means 10,000
}

const defaultSnapshotEvery = 10_000

// Runner follows a source and folds every fact into the views, once each.
type Runner struct {
	cfg Config

	mu       sync.RWMutex // guards views and digests
	views    *Views
	digests  map[uint64][]Digest // by facts folded
	lastMu   sync.Mutex          // guards last and lastSize; taken with mu read-locked
	last     []Digest            // newest that was asked for
	lastSize uint64
	waitMu   sync.Mutex // guards what follows
	advanced chan struct{}
	live     Liveness
}

// Liveness says how the runner does.
type Liveness struct {
	Size      uint64    // facts folded
	Heartbeat time.Time // of the last fact or attempt
	LastError error     // of the source or of a snapshot; nil after the next good one
	Failures  int       // of the source, in a row
	Snapshot  uint64    // facts in the newest snapshot
}

// New restores snapshots from cfg.Dir. A snapshot that is corrupt, of another
// version or torn is left aside and folded again; only an unusable folder is
// an error.
func New(cfg Config) (*Runner, error) {
	if cfg.Clock == nil {
		return nil, errors.New("projections: a runner needs a clock for its heartbeat")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.SnapshotEvery == 0 {
		cfg.SnapshotEvery = defaultSnapshotEvery
	}
	r := &Runner{cfg: cfg, views: NewViews(), digests: map[uint64][]Digest{}, advanced: make(chan struct{})}
	if cfg.Dir != "" {
		if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("views: make the snapshot folder: %w", err)
		}
		r.views = restore(cfg.Dir, cfg.Log)
		r.loadDigests()
	}
	r.live.Size = r.views.Size()
	r.live.Snapshot = r.live.Size
	return r, nil
}

// Run folds until ctx ends, and then writes a snapshot. An error of the source
// is noted in [Runner.Liveness] and retried with growing pauses. It returns
// nil when ctx ended, or the error of the last snapshot.
func (r *Runner) Run(ctx context.Context, src Source) error {
	pause := firstPause
	for ctx.Err() == nil {
		before := r.Index()
		err := r.follow(ctx, src)
		if ctx.Err() != nil {
			break
		}
		if r.Index() > before {
			pause = firstPause
		}
		r.note(err)
		r.cfg.Log.Warn("views: the source of facts stopped, trying again", "error", err, "pause", pause, "next", r.Index())
		sleep(ctx, pause)
		pause = min(2*pause, lastPause)
	}
	return r.snapshot()
}

const (
	firstPause = 100 * time.Millisecond
	lastPause  = 10 * time.Second
)

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// errEnded notes a source that stopped without an error, which none should.
var errEnded = errors.New("the source of facts ended")

func (r *Runner) follow(ctx context.Context, src Source) error {
	if err := r.check(ctx, src); err != nil {
		return err
	}
	from := r.Index()
	for f, err := range src.Follow(ctx, from) {
		if err != nil {
			return err
		}
		if err := r.take(f, from); err != nil {
			return err
		}
		from = f.Index + 1
		if from-r.Liveness().Snapshot >= r.cfg.SnapshotEvery {
			if err := r.snapshot(); err != nil {
				r.note(err)
				r.cfg.Log.Error("views: write a snapshot", "error", err)
			}
		}
	}
	return errEnded
}

// check starts over when the last fact folded is not the source's: the
// snapshots are of another ledger, or of a journal that came back shorter.
func (r *Runner) check(ctx context.Context, src Source) error {
	size := r.Index()
	if size == 0 {
		return nil
	}
	for f, err := range src.Facts(ctx, size-1) {
		if err != nil {
			return err
		}
		if f.Leaf == r.leaf(size-1) && f.Index == size-1 {
			return nil
		}
		break
	}
	if ctx.Err() != nil {
		return nil
	}
	r.cfg.Log.Warn("views: what is folded is not in the source, folding again", "facts", size)
	r.mu.Lock()
	r.views = NewViews()
	clear(r.digests)
	r.last, r.lastSize = nil, 0
	r.mu.Unlock()
	r.waitMu.Lock()
	defer r.waitMu.Unlock()
	r.live.Size, r.live.Snapshot = 0, 0
	return nil
}

func (r *Runner) leaf(index uint64) domain.Hash {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.views.history.rows[index].leaf
}

// take folds one fact that must have the index want, or be the voiding of the
// records from there on.
func (r *Runner) take(f domain.Fact, want uint64) error {
	if follows(f) != want {
		return fmt.Errorf("the source gave fact %d where %d was due", f.Index, want)
	}
	if f.Body == nil {
		return fmt.Errorf("the source gave fact %d undecoded", f.Index)
	}
	r.mu.Lock()
	r.views.Fold(f)
	size := r.views.Size()
	r.mu.Unlock()
	r.keepDigests(size)
	r.advance(size)
	return nil
}

func (r *Runner) advance(size uint64) {
	r.waitMu.Lock()
	defer r.waitMu.Unlock()
	r.live.Size, r.live.Heartbeat, r.live.LastError, r.live.Failures = size, r.cfg.Clock(), nil, 0
	close(r.advanced)
	r.advanced = make(chan struct{})
}

func (r *Runner) note(err error) {
	r.waitMu.Lock()
	defer r.waitMu.Unlock()
	r.live.Heartbeat, r.live.LastError = r.cfg.Clock(), err
	r.live.Failures++
}

// Index returns how many facts every view has folded.
func (r *Runner) Index() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.views.Size()
}

// RecordedAt returns when an event was recorded; false if it is not folded.
func (r *Runner) RecordedAt(index uint64) (time.Time, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.views.RecordedAt(index)
}

// Wait returns when the event at minIndex is folded, so that a poster reads
// its own write, or the record there voided; or the error of ctx.
func (r *Runner) Wait(ctx context.Context, minIndex uint64) error {
	for {
		r.waitMu.Lock()
		size, advanced := r.live.Size, r.advanced
		r.waitMu.Unlock()
		if size > minIndex {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for event %d in the views: %w", minIndex, ctx.Err())
		case <-advanced:
		}
	}
}

// Read calls f with views that no writer changes meanwhile. f must not keep
// the views, nor change them.
func (r *Runner) Read(f func(*Views)) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	f(r.views)
}

// Liveness returns how the runner does.
func (r *Runner) Liveness() Liveness {
	r.waitMu.Lock()
	defer r.waitMu.Unlock()
	return r.live
}
