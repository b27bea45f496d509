package projections

import (
	"context"
	"log/slog"
	"time"
)

// Config is what a runner needs. Clock is required; Dir "" keeps no snapshots.
type Config struct {
	Dir           string
	Log           *slog.Logger
	Clock         func() time.Time // for the heartbeat only, never for a view
	SnapshotEvery uint64           // facts between snapshots; 0 means 10,000
}

// Runner follows a source and folds every fact into the views, once each.
type Runner struct{}

// Liveness says how the runner does.
type Liveness struct {
	Size      uint64    // facts folded
	Heartbeat time.Time // of the last fact or attempt
	LastError error     // of the source; nil after the next good fact
	Failures  int       // in a row
	Snapshot  uint64    // facts in the newest snapshot
}

// New restores snapshots from cfg.Dir. A snapshot that is corrupt, of another
// version or torn is left aside and folded again; only an unusable folder is
// an error.
func New(cfg Config) (*Runner, error) { return &Runner{}, nil }

// Run folds until ctx ends, and then writes a snapshot. An error of the source
// is noted in [Runner.Liveness] and retried with growing pauses. It returns
// nil when ctx ended.
func (r *Runner) Run(ctx context.Context, src Source) error { return nil }

// Index returns how many facts every view has folded.
func (r *Runner) Index() uint64 { return 0 }

// RecordedAt returns when an event was recorded; false if it is not folded.
func (r *Runner) RecordedAt(index uint64) (time.Time, bool) { return time.Time{}, false }

// Wait returns when the event at minIndex is folded, so that a poster reads
// its own write; or the error of ctx.
func (r *Runner) Wait(ctx context.Context, minIndex uint64) error { return nil }

// Read calls f with views that no writer changes meanwhile. f must not keep
// the views.
func (r *Runner) Read(f func(*Views)) {}

// Liveness returns how the runner does.
func (r *Runner) Liveness() Liveness { return Liveness{} }
