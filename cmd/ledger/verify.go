package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

type verifyCmd struct {
	Archive    string   `arg:"" help:"Archive that ledger replay wrote."`
	Checkpoint []string `placeholder:"FILE" help:"A checkpoint seen elsewhere, which the archive must contain; repeat for more."`
}

// Help shows more under --help.
func (c *verifyCmd) Help() string {
	return "Needs no network: only the archive and the genesis hash (--genesis), which must not come from whoever gave you the archive. Checks each signature, re-runs every rule at every index, computes the tree and compares each checkpoint. Records that a quorum voided are listed. Exit code 0: whole and admissible. 1: something is wrong, and where. 2: the archive could not be read."
}

// verified is what the command answers.
type verified struct {
	OK          bool        `json:"ok"`
	Genesis     domain.Hash `json:"genesis"`
	Name        string      `json:"name,omitempty"`
	Origin      string      `json:"origin,omitempty"`
	Size        uint64      `json:"size"`
	Root        domain.Hash `json:"root,omitzero"`
	From        string      `json:"from,omitempty"`
	To          string      `json:"to,omitempty"`
	Checkpoints int         `json:"checkpoints"`
	Voided      []voided    `json:"voided,omitempty"`
	Line        int         `json:"line,omitzero"`
	Index       uint64      `json:"index,omitzero"`
	Rule        string      `json:"rule,omitempty"`
	Message     string      `json:"message,omitempty"`
}

// voided is a record without effect, and what voided it.
type voided struct {
	Index uint64      `json:"index"`
	Leaf  domain.Hash `json:"leaf_hash"`
	Rule  string      `json:"rule"` // that it broke
	By    uint64      `json:"by"`   // index of journal.voided
}

// errNotVerified says that the archive is bad; the answer named the place.
var errNotVerified = errors.New("the archive does not verify")

// Run verifies an archive.
func (c *verifyCmd) Run(ctx context.Context, a *app) error {
	g, err := a.genesisKnown()
	if err != nil {
		return err
	}
	pins, err := c.pins()
	if err != nil {
		return err
	}
	f, err := os.Open(c.Archive)
	if err != nil {
		return &usageError{err}
	}
	defer f.Close()
	bar := a.progress("verifying", 0)
	report, err := archive.Verify(ctx, f, archive.Options{Genesis: g.hash, Pins: pins, Progress: bar.set})
	bar.end()
	var bad *archive.Bad
	if err != nil && !errors.As(err, &bad) {
		return usage("%s: %w", c.Archive, err)
	}
	return c.tell(a, g, report, bad)
}

// pins reads checkpoints whose signatures their holder has checked.
func (c *verifyCmd) pins() ([]translog.Checkpoint, error) {
	var out []translog.Checkpoint
	for _, file := range c.Checkpoint {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, &usageError{err}
		}
		pin, err := translog.PeekCheckpoint(text)
		if err != nil {
			return nil, usage("%s:1: %w", file, err)
		}
		out = append(out, pin)
	}
	return out, nil
}

func (c *verifyCmd) tell(a *app, g genesis, r archive.Report, bad *archive.Bad) error {
	v := verified{OK: bad == nil, Genesis: g.hash, Size: r.Size, Root: r.Root, Checkpoints: r.Checkpoints}
	if bad != nil {
		v.Line, v.Index, v.Rule, v.Message = bad.Line, bad.Index, bad.Rule, bad.Message
		if a.JSON {
			writeJSON(a.out, v)
			return errNotVerified
		}
		return fmt.Errorf("%w: %s:%w", errNotVerified, c.Archive, bad)
	}
	v.Name, v.Origin = r.State.Name(), r.State.Origin()
	v.From, v.To = stamp(r.From), stamp(r.To)
	for _, x := range r.Voided {
		v.Voided = append(v.Voided, voided{Index: x.Index, Leaf: x.Leaf, Rule: x.Rule, By: x.By})
	}
	return a.answer(v, func(w io.Writer) {
		fmt.Fprintf(w, "verified: %s (%s)\n%d events recorded from %s to %s, %d checkpoints\nroot %s\n",
			v.Name, v.Origin, v.Size, v.From, v.To, v.Checkpoints, v.Root)
		for _, x := range v.Voided {
			fmt.Fprintf(w, "index %d is no event: it broke %s and was voided at index %d\n", x.Index, x.Rule, x.By)
		}
	})
}

// stamp words a recorded time.
func stamp(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339Nano) }
