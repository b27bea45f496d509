package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// Options says what an archive is held against.
type Options struct {
	Genesis   domain.Hash           // SHA-256 of the genesis envelope: the one thing that must come from elsewhere
	Pins      []translog.Checkpoint // checkpoints seen elsewhere that the archive must contain
	Times     []Time                // when witnesses saw checkpoints of the archive, by size
	Tolerance time.Duration         // by which recorded time may lie outside its bracket; 0: DefaultTolerance; negative: none
	Views     Views                 // what recomputes the views; nil leaves their digests unchecked
	Hashes    translog.HashStore    // empty; keeps the tree's hashes, 64 bytes for each leaf. Nil: memory
	Spill     domain.Spill          // empty; keeps what the state holds of every event. Nil: memory
	Workers   int                   // 0: as many as there are processors
	Progress  func(leaves uint64)   // called now and then from Verify's goroutine; nil for none

	// Decided is called for each leaf in order, once it is decided; nil for none.
	Decided func(Decision)
	// Covered is called for each checkpoint in order, once all under it is
	// verified; nil for none. Who feeds items as they come knows by it how far a
	// ledger is good.
	Covered func(c translog.Checkpoint)
	// Witnessed is called for each cosigned checkpoint in order, once its
	// signatures are verified, and before times are; nil for none.
	Witnessed func(c translog.Checkpoint)
	// Stops are sizes, ascending, at which Stop is called with the state and
	// whatever the views have folded. Its error ends verification.
	Stops []uint64
	Stop  func(size uint64, s *domain.State) error
	// Stored is for what comes from a store, which keeps what this package's
	// files do not: others' signatures below a checkpoint, and a checkpoint that
	// was cosigned twice or once larger ones had been.
	Stored bool
}

// Views folds facts into views, and digests them.
type Views interface {
	Fold(f domain.Fact)
	// Digests returns the digests of all views that this program knows.
	Digests() ([]translog.ViewDigest, error)
}

// Decision is what became of one leaf.
type Decision struct {
	Leaf    Leaf
	Fact    domain.Fact // zero where the leaf is no event
	Refused *Bad        // nil when it was admitted
}

// Report is what a verified archive holds. Of a bad one it says what was read
// before, and what depends on it.
type Report struct {
	State       *domain.State // after the last leaf that was decided
	Size        uint64        // leaves
	Root        domain.Hash   // of the last checkpoint
	Checkpoints int
	Digests     int       // of views that were recomputed and agree
	Unchecked   int       // digests of views that were not recomputed, without [Options.Views]
	Unknown     []Unknown // digests that cannot be judged here
	Cosigned    int       // cosigned checkpoints, each as its policy asks
	Effective   Effective // what the newest of them says
	Policies    []Policy  // that were in force, in order
	From, To    int64     // recorded times of the first and last event, microseconds since 1970, UTC
	Voided      []Voided  // records that were refused and that a quorum voided, in order
	Vouched     uint64    // leaves under the last good checkpoint
	Affected    *Affected // nil of a good archive
}

// Voided is a record that stands in the journal without effect.
type Voided struct {
	domain.Voided
	Rule string // that the record broke
}

// Unknown is a digest of a view that this program does not know, in a version
// that it does not know.
type Unknown struct {
	Size uint64
	translog.ViewDigest
}

// Rules of verification that belong to no event.
const (
	RuleGenesis = "archive.genesis" // index 0 is another envelope than the genesis asked for
	RuleRoot    = "archive.root"    // a checkpoint's root is not that of the leaves before it
	RuleSigned  = "archive.signed"  // a checkpoint is not signed by the log key in force, and by it alone
	RuleAnchor  = "archive.anchor"  // an envelope's anc names a root that this ledger never had
	RulePin     = "archive.pin"     // a pinned checkpoint is not in this archive
	RuleTime    = "archive.time"    // recorded outside the bracket that witnesses saw, here or elsewhere
	RuleView    = "archive.view"    // a view that the log digested is not what its events give
)

// Verify reads an archive to its end, or to the first thing wrong with it,
// which is a *Bad; then it only looks what else depends on that. Other errors
// are the reader's, the context's, and [ErrScratch].
func Verify(ctx context.Context, r io.Reader, o Options) (Report, error) {
	return VerifyItems(ctx, read(r), o)
}

// VerifyItems is Verify of leaves and checkpoints that come from elsewhere, as
// from a store. Their order is the reader's to hold: indexes 0, 1, 2, … A tail
// that no checkpoint covers is verified like the rest.
func VerifyItems(ctx context.Context, items iter.Seq2[Item, error], o Options) (Report, error) {
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Hashes == nil {
		o.Hashes = translog.MemoryHashes()
	}
	if o.Tolerance == 0 {
		o.Tolerance = DefaultTolerance
	}
	tree, err := translog.NewTree(o.Hashes)
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrScratch, err)
	}
	v := &verifier{o: o, state: domain.NewState(), tree: tree, names: map[string]string{}}
	if o.Spill != nil {
		v.state = domain.NewStateOn(o.Spill)
	}
	for item, err := range items {
		if err == nil {
			err = ctx.Err()
		}
		if v.bad != nil { // looking what depends on it
			if err != nil {
				v.report.Affected.Partial = true
				break
			}
			v.survey(item)
			continue
		}
		if err == nil {
			err = v.take(item)
		} else {
			err = v.earlier(err)
		}
		if err = v.found(err); err != nil {
			v.report.State = v.state
			return v.report, err
		}
	}
	return v.finish()
}

const chunk = 1024 // leaves parsed and verified side by side

type verifier struct {
	o       Options
	state   *domain.State
	tree    *translog.Tree
	pending []Item            // leaves read and not decided
	refused []*Bad            // leaves skipped, in order
	logKeys []note.Verifier   // in force, and the one before it
	names   map[string]string // types, issuers and key ids, each once
	logKey  string
	report  Report
	times   int // brackets that have begun
	trail   trail
	policy  *witness.Policy // the last that was parsed
	bad     *Bad            // the first
	hash    string
	kids    map[string]bool // keys that the bad leaf registered
	disk    error           // the first of Hashes
}

func (v *verifier) take(item Item) error {
	switch {
	case item.Checkpoint != nil:
		if err := v.flush(); err != nil {
			return err
		}
		return v.checkpoint(item)
	case item.Digests != nil:
		if err := v.flush(); err != nil {
			return err
		}
		return v.digests(item)
	case item.Cosigned != nil:
		if err := v.flush(); err != nil {
			return err
		}
		return v.cosigned(item)
	}
	v.pending = append(v.pending, item)
	due := len(v.o.Stops) > 0 && item.Leaf.Index+1 == v.o.Stops[0]
	if len(v.pending) < chunk && !due {
		return nil
	}
	if err := v.flush(); err != nil || !due {
		return err
	}
	v.o.Stops = v.o.Stops[1:]
	return v.o.Stop(item.Leaf.Index+1, v.state)
}

// earlier prefers what is wrong with leaves read before a fault of the file.
func (v *verifier) earlier(err error) error {
	if bad := v.flush(); bad != nil {
		return bad
	}
	return err
}

// ErrScratch says that Hashes or Spill failed. Nothing is told of the archive
// then: whatever looked like a fault may come of what could not be read.
var ErrScratch = errors.New("it cannot be told whether the archive is good, because the scratch disk failed (give it room, or name another folder with TMPDIR)")

// scratch returns ErrScratch with its cause, or nil.
func (v *verifier) scratch() error {
	if err := cmp.Or(v.disk, v.state.SpillErr()); err != nil {
		return fmt.Errorf("%w: %w", ErrScratch, err)
	}
	return nil
}

// found notes the first fault, and begins to look what depends on it.
func (v *verifier) found(err error) error {
	if failed := v.scratch(); failed != nil {
		return failed
	}
	var bad *Bad
	if !errors.As(err, &bad) {
		return err
	}
	v.begin(bad)
	return nil
}

// flush checks the leaves at hand and makes them part of state and tree.
func (v *verifier) flush() error {
	if len(v.pending) == 0 {
		return nil
	}
	leaves := v.parse()
	if err := v.grow(leaves); err != nil {
		return err
	}
	if err := v.admit(leaves); err != nil {
		return err
	}
	v.settle(leaves)
	for _, l := range leaves {
		if bad := v.bracket(l); bad != nil {
			return bad
		}
	}
	v.pending = v.pending[:0]
	return nil
}

// settle hands decided leaves on.
func (v *verifier) settle(leaves []*leaf) {
	if v.report.Size == 0 {
		v.report.From = leaves[0].fact.RecordedAt
	}
	v.report.To = v.state.LastRecordedAt()
	v.report.Size += uint64(len(leaves))
	for _, l := range leaves {
		if l.refused != nil {
			v.refused = append(v.refused, l.refused)
		} else {
			v.notePolicy(l.fact)
			if v.o.Views != nil {
				v.o.Views.Fold(l.fact)
			}
		}
		if v.o.Decided != nil {
			v.o.Decided(Decision{Leaf: l.item.Leaf, Fact: l.fact, Refused: l.refused})
		}
	}
	if v.o.Progress != nil {
		v.o.Progress(v.report.Size)
	}
}

// grow adds the leaves to the tree: whatever is decided of them, they stand in
// it, and anchors name its roots.
func (v *verifier) grow(leaves []*leaf) error {
	hashes := make([]domain.Hash, len(leaves))
	for i, l := range leaves {
		hashes[i] = l.hash
	}
	staged, err := v.tree.Stage(hashes)
	if err == nil {
		err = v.tree.Commit(staged)
	}
	if err != nil {
		v.disk = err
		return v.scratch()
	}
	return nil
}

func (v *verifier) finish() (Report, error) {
	if v.bad == nil {
		if err := v.found(v.ending()); err != nil {
			return v.report, err
		}
	}
	v.report.State = v.state
	if v.bad != nil {
		return v.report, v.bad
	}
	for i, voided := range v.state.AllVoided() {
		v.report.Voided = append(v.report.Voided, Voided{Voided: voided, Rule: v.refused[i].Rule})
	}
	for _, pin := range v.o.Pins {
		if bad := v.pin(pin); bad != nil {
			return v.report, cmp.Or(v.scratch(), error(bad))
		}
	}
	return v.report, nil
}

// ending decides what no checkpoint covers.
func (v *verifier) ending() error {
	if err := v.flush(); err != nil {
		return err
	}
	return v.unvoided("", 0)
}
