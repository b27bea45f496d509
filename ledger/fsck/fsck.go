// Package fsck verifies a ledger's store and caches, from genesis on, without a
// running ledger: what `ledger verify` does to an archive, and whatever else a
// disk holds.
//
// It reads the journal once. Each record must be what a ledger writes for its
// leaf; each leaf, checkpoint, cosigned checkpoint and root is verified by
// package archive; the journal must contain the newest checkpoint that was kept
// beside the store. Then the caches are compared with what the journal gives:
// tree hashes, the state's snapshot, the views' snapshots and digests. Nothing
// is written or repaired.
//
// Check always ends, and a [Finding] names the part, the first index and the
// rule. Faults of caches do not condemn the journal: delete the cache.
package fsck

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Options says what a store is held against.
type Options struct {
	Genesis domain.Hash           // zero: whatever stands at index 0
	Pins    []translog.Checkpoint // seen elsewhere
	Dir     string                // the ledger's caches; "" for none
	Sealed  string                // folder of sealed detail; "" for none
	Views   archive.Views         // recomputes views; nil leaves theirs unchecked
	Kept    []Kept                // what the views' folder holds
	Hashes  translog.HashStore    // empty; keeps the tree's hashes. Nil: memory
	// Tolerance is by how much recorded times may lie outside what witnesses
	// saw, as in package archive.
	Tolerance time.Duration
	Progress  func(leaves uint64)
}

// Kept is a view's digest as its snapshot, or the list of digests, has it.
type Kept struct {
	File string
	Size uint64 // facts folded
	translog.ViewDigest
	Err     error // it cannot be read; nil otherwise
	Unknown bool  // it is of a version that this program does not know
}

// Finding is one fault, or one thing that cannot be told.
type Finding struct {
	Part    string // journal, checkpoints, mark, hashes, snapshot, sealed, or a file of the views
	Index   uint64 // first leaf concerned
	Rule    string
	Message string
}

// Error words the finding.
func (f Finding) Error() string {
	return fmt.Sprintf("%s, index %d: %s: %s", f.Part, f.Index, f.Rule, f.Message)
}

// Report is what a check found.
type Report struct {
	archive.Report
	Genesis domain.Hash
	Origin  string
	Tail    uint64 // leaves behind the newest checkpoint, verified and not signed
	Bad     []Finding
	Unknown []Finding
}

// Rules of a store and its caches, beside those of package archive.
const (
	RuleRecord   = "store.record"      // a record is not what a ledger writes for its leaf
	RuleRevision = "store.revision"    // a revision is missing or out of order
	RuleDamaged  = "store.damaged"     // the store's own checksum of a record does not match
	RuleEmpty    = "store.empty"       // there is no journal
	RuleHashes   = "cache.hashes"      // a stored hash is not the tree's
	RuleMark     = "cache.mark"        // the kept checkpoint is none of this log
	RuleSnapshot = "cache.snapshot"    // the state's snapshot is not the state
	RuleView     = "cache.view"        // a view's snapshot or digest is not what the facts give
	RuleSealed   = "sealed.ciphertext" // a ciphertext is not what its hash says
	RuleAhead    = "cache.ahead"       // a cache knows more events than the store holds
)

// Check verifies a store. An error says that it could not be read; what is
// wrong stands in the report.
func Check(ctx context.Context, store eventstore.Store, o Options) (Report, error) {
	c := &checker{o: o, store: store}
	if c.o.Hashes == nil {
		c.o.Hashes = translog.MemoryHashes()
	}
	if err := c.prepare(ctx); err != nil {
		return c.report, err
	}
	err := c.verify(ctx)
	if err != nil {
		return c.report, err
	}
	if err := errors.Join(c.caches(), c.checkSealed()); err != nil {
		return c.report, err
	}
	return c.report, ctx.Err()
}

type checker struct {
	o      Options
	store  eventstore.Store
	report Report
	cached *cached
	kept   []translog.Checkpoint // beside the store
}

func (c *checker) bad(part string, index uint64, rule, format string, args ...any) {
	c.report.Bad = append(c.report.Bad, Finding{part, index, rule, fmt.Sprintf(format, args...)})
}

func (c *checker) unknown(part string, index uint64, rule, format string, args ...any) {
	c.report.Unknown = append(c.report.Unknown, Finding{part, index, rule, fmt.Sprintf(format, args...)})
}

// prepare finds out which ledger it is, and at which sizes caches were written.
func (c *checker) prepare(ctx context.Context) error {
	if err := c.findGenesis(ctx); err != nil {
		return err
	}
	return c.readCaches()
}

// verify reads journal and checkpoints, and compares at each size of a cache.
func (c *checker) verify(ctx context.Context) error {
	o := archive.Options{
		Genesis: c.report.Genesis, Pins: append(slices.Clone(c.o.Pins), c.kept...), Views: c.o.Views, Hashes: c.o.Hashes,
		Progress: c.o.Progress, Stored: true, Tolerance: c.o.Tolerance, Stops: c.stops(), Stop: c.stop,
	}
	var err error
	c.report.Report, err = archive.VerifyItems(ctx, c.items(ctx), o)
	c.report.Tail = c.report.Size - min(c.report.Size, c.report.Vouched)
	if c.report.State != nil {
		c.report.Origin = c.report.State.Origin()
	}
	var bad *archive.Bad
	var damaged *eventstore.Corrupt
	switch {
	case errors.As(err, &bad):
		c.bad(partOf(bad.Rule), bad.Index, bad.Rule, "%s", bad.Message)
	case errors.As(err, &damaged):
		c.bad(damaged.Stream, damaged.Revision, RuleDamaged, "%s", damaged.Reason)
	case err != nil:
		return err
	}
	return nil
}

func partOf(rule string) string {
	switch rule {
	case archive.RuleCheckpoint, archive.RuleSigned, archive.RuleRoot, archive.RuleCosigned:
		return eventstore.Checkpoints
	case archive.RulePin:
		return "mark"
	}
	return eventstore.Journal
}

// stops are the sizes at which something was cached, ascending.
func (c *checker) stops() []uint64 {
	var out []uint64
	if c.cached != nil {
		out = append(out, c.cached.Size)
	}
	if c.o.Views != nil {
		for _, k := range c.o.Kept {
			if k.Err == nil && !k.Unknown {
				out = append(out, k.Size)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(slices.DeleteFunc(out, func(n uint64) bool { return n == 0 }))
}

func (c *checker) stop(size uint64, s *domain.State) error {
	if c.cached != nil && c.cached.Size == size {
		if err := c.cached.compare(s); err != nil {
			c.bad("snapshot", size, RuleSnapshot, "%v: delete it; the ledger then replays the journal", err)
		}
		c.cached.seen = true
	}
	if c.o.Views == nil {
		return nil
	}
	have, err := c.o.Views.Digests()
	if err != nil {
		return err
	}
	for i := range c.o.Kept {
		if k := &c.o.Kept[i]; k.Size == size && k.Err == nil && !k.Unknown {
			c.compareView(k, have)
		}
	}
	return nil
}

func (c *checker) compareView(k *Kept, have []translog.ViewDigest) {
	i := slices.IndexFunc(have, func(d translog.ViewDigest) bool { return d.View == k.View && d.Version == k.Version })
	switch {
	case i < 0:
		k.Unknown = true
	case have[i].Sum != k.Sum:
		c.bad(k.File, k.Size, RuleView, "after %d events the view %s has the digest %s, the file's is %s: delete the file; the view is then folded again", k.Size, k.View, have[i].Sum, k.Sum)
	}
}
