package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

type verifyCmd struct {
	Archive    string        `arg:"" help:"Archive that ledger replay wrote."`
	Checkpoint []string      `placeholder:"FILE" help:"A checkpoint seen elsewhere, which the archive must contain; repeat for more."`
	Policy     string        `placeholder:"FILE" help:"Witness policy (C2SP tlog-policy) that each --checkpoint must satisfy. Their cosignatures then say when the archive's events were recorded, beside those that it holds."`
	Tolerance  time.Duration `default:"1m" help:"By how much recorded times may lie outside what witnesses saw."`
	NoViews    bool          `help:"Do not fold the views, which take memory for every event: their digests in the archive stay unchecked, and the answer says so."`
}

// Help shows more under --help.
func (c *verifyCmd) Help() string {
	return "Needs no network: only the archive and the genesis hash (--genesis), which must not come from whoever gave you the archive. Checks each signature, re-runs every rule at every index, computes the tree, compares each checkpoint, checks witnesses' cosignatures under the policy in force and recorded times against theirs, and folds the views that the log digested. Records that a quorum voided are listed. Exit code 0: whole and admissible. 1: something is wrong, and where, and what depends on it. 2: the command was not understood, or a disk failed: the archive could not be read, or the scratch folder (TMPDIR) not used, which says nothing of the archive. 3: it cannot be told, because the log digested a view in a version that this program does not know; all else is good."
}

// errNotVerified says that the archive is bad; the answer named the place.
var errNotVerified = errors.New("the archive does not verify")

// errCannotTell says that the archive is good as far as this program can tell.
var errCannotTell = &exitError{3, errors.New("it cannot be told: the archive holds digests of views in versions that this program does not have; use the program that wrote it, or --no-views to verify all the rest")}

// exitError ends the process with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }

// Run verifies an archive.
func (c *verifyCmd) Run(ctx context.Context, a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	f, err := os.Open(c.Archive)
	if err != nil {
		return &usageError{err}
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	if begin, _ := in.Peek(64); archive.IsExtract(begin) { // of a short file, less
		return c.extract(a, g, in)
	}
	o := archive.Options{Genesis: g.hash, Tolerance: c.Tolerance}
	if c.Tolerance == 0 {
		o.Tolerance = -1 // none, where none is said
	}
	if o.Pins, o.Times, err = c.anchors(g); err != nil {
		return err
	}
	if !c.NoViews {
		o.Views = foldedViews{projections.NewViews()}
	}
	done, err := c.scratch(&o)
	defer done()
	if err != nil {
		return &usageError{err}
	}
	bar := a.progress("verifying", 0)
	o.Progress = bar.Set
	report, err := archive.Verify(ctx, in, o)
	bar.End()
	var bad *archive.Bad
	if err != nil && !errors.As(err, &bad) {
		return usage("%s: %w", c.Archive, err)
	}
	return c.tell(a, g, report, bad)
}

// scratch puts what grows with every event on disk.
func (c *verifyCmd) scratch(o *archive.Options) (done func(), err error) {
	hashes, removeHashes, err := archive.ScratchHashes()
	if err != nil {
		return func() {}, err
	}
	spill, removeSpill, err := archive.ScratchSpill()
	if err != nil {
		return removeHashes, err
	}
	o.Hashes, o.Spill = hashes, spill
	return func() { removeHashes(); removeSpill() }, nil
}

// anchors reads checkpoints seen elsewhere. With a policy each must bear
// cosignatures that satisfy it, which say when it was seen; without one their
// holder has checked them.
func (c *verifyCmd) anchors(g genesis) (pins []translog.Checkpoint, times []archive.Time, err error) {
	policy, err := c.policy(g)
	if err != nil {
		return nil, nil, err
	}
	keys := g.logKeys
	if policy != nil && len(policy.Logs()) > 0 {
		keys = nil // the policy's
	}
	for _, file := range c.Checkpoint {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, &usageError{err}
		}
		pin, err := translog.PeekCheckpoint(text)
		if err != nil {
			return nil, nil, usage("%s:1: %w", file, err)
		}
		pins = append(pins, pin)
		if policy == nil {
			continue
		}
		seen, err := policy.Open(text, pin.Origin, keys...)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %s does not satisfy the policy %s: %w", errNotVerified, file, c.Policy, err)
		}
		if at, ok := seen.Time(); ok {
			times = append(times, archive.Time{Size: pin.Size, At: at})
		}
	}
	slices.SortFunc(times, func(a, b archive.Time) int { return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.At, b.At)) })
	return pins, times, nil
}

func (c *verifyCmd) policy(g genesis) (*witness.Policy, error) {
	if c.Policy == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Policy)
	if err != nil {
		return nil, &usageError{err}
	}
	policy, err := witness.ParsePolicy(string(text))
	if err != nil {
		return nil, usage("%s: %w", c.Policy, err)
	}
	if len(policy.Logs()) == 0 && len(g.logKeys) == 0 {
		return nil, usage("%s names no log, and of genesis only the hash is known: give --genesis genesis.jws, or add the line 'log <verifier key>'", c.Policy)
	}
	return policy, nil
}

// extract verifies the proofs of an extract.
func (c *verifyCmd) extract(a *app, g genesis, r io.Reader) error {
	e, err := archive.VerifyExtract(r, g.open)
	if bad := (*archive.Bad)(nil); errors.As(err, &bad) {
		return fmt.Errorf("%w: %s:%w", errNotVerified, c.Archive, bad)
	}
	if err != nil {
		return err
	}
	out := struct {
		OK     bool   `json:"ok"`
		Filter string `json:"filter"`
		Events int    `json:"events"`
		Size   uint64 `json:"size"`
	}{true, e.Filter, len(e.Leaves), e.Head.Size}
	return a.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, "verified: %s\neach stands in the ledger; an extract does not show what else was recorded, nor that the rules were kept\n", e)
	})
}

func (c *verifyCmd) tell(a *app, g genesis, r archive.Report, bad *archive.Bad) error {
	v := told(g, r, bad)
	if bad != nil {
		if a.JSON {
			writeJSON(a.out, v)
			return errNotVerified
		}
		if v.Affected != nil {
			v.Affected.print(a.out)
		}
		return fmt.Errorf("%w: %s:%w", errNotVerified, c.Archive, bad)
	}
	if err := a.answer(v, v.print); err != nil {
		return err
	}
	if len(v.Unknown) > 0 {
		return errCannotTell
	}
	return nil
}

// foldedViews folds the facts of an archive.
type foldedViews struct{ *projections.Views }

// Digests returns the views' digests as the log signs them.
func (f foldedViews) Digests() ([]translog.ViewDigest, error) {
	list, err := f.Views.Digests()
	out := make([]translog.ViewDigest, 0, len(list))
	for _, d := range list {
		out = append(out, translog.ViewDigest(d))
	}
	return out, err
}

// stamp words a recorded time.
func stamp(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339Nano) }
