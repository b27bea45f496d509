package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/fsck"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

type fsckCmd struct {
	Store      string        `env:"LEDGERD_STORE" required:"" placeholder:"URL" help:"Event store to verify: pebble:///path (stop ledgerd first) or esdb://host:2113."`
	Data       string        `env:"LEDGERD_DATA" placeholder:"DIR" help:"Folder of caches that is verified too. Default: beside the Pebble store, if it is there."`
	Sealed     string        `env:"LEDGERD_SEALED" placeholder:"DIR" help:"Folder of sealed detail that is verified too. Default: beside the Pebble store."`
	Genesis    string        `placeholder:"FILE|HASH" help:"genesis.jws or its hash. Without it the store's own first event is believed."`
	Checkpoint []string      `placeholder:"FILE" help:"A checkpoint seen elsewhere, which the store must contain; repeat for more."`
	Tolerance  time.Duration `default:"1m" help:"By how much recorded times may lie outside what witnesses saw."`
	JSON       bool          `name:"json" help:"Print one line of JSON."`
}

// Help shows more under --help.
func (c *fsckCmd) Help() string {
	return "Reads journal, checkpoints and caches once and changes nothing: every signature, rule, hash and root, cosignatures under the policy in force, recorded times against those of witnesses, that each record is what a ledger writes, the kept mark, snapshots, tree hashes and the views. Exit code 0: all is good. 1: something is bad, and where. 3: it cannot be told (the store is not reachable or in use, or a part is of a version that this program does not know). 2: wrong usage."
}

// Verdicts of a check.
const (
	verdictGood    = "good"
	verdictBad     = "bad"
	verdictUnknown = "cannot_tell"
)

// checked is what --json prints.
type checked struct {
	Verdict     string      `json:"verdict"`
	Store       string      `json:"store"`
	Genesis     domain.Hash `json:"genesis"`
	Pinned      bool        `json:"genesis_given"`
	Origin      string      `json:"origin,omitempty"`
	Events      uint64      `json:"events"`
	Checkpoints int         `json:"checkpoints"`
	Root        domain.Hash `json:"root"`
	Cosigned    int         `json:"cosigned"` // checkpoints that satisfy the witness policy in force
	Effective   uint64      `json:"effective_size"`
	Unsigned    uint64      `json:"unsigned"` // events behind the newest checkpoint
	Voided      int         `json:"voided"`
	Bad         []finding   `json:"bad"`
	Unknown     []finding   `json:"unknown"`
	Affected    *affected   `json:"affected,omitempty"`
}

type finding struct {
	Part    string `json:"part"`
	Index   uint64 `json:"index"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
}

// affected is what depends on the first fault of the journal.
type affected struct {
	From        uint64 `json:"from"`
	Events      uint64 `json:"events"`
	Checkpoints uint64 `json:"checkpoints"`
}

// exitError ends the process with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }

const exitUnknown = 3

var (
	errBad     = errors.New("the store is not good")
	errUnknown = errors.New("it cannot be told whether the store is good")
)

// Run verifies a store and its caches.
func (c *fsckCmd) Run(ctx context.Context, e *env) error {
	out, err := c.check(ctx, e)
	if err != nil {
		out.Verdict = verdictUnknown
		err = &exitError{exitUnknown, fmt.Errorf("%w: %w", errUnknown, err)}
	}
	if said := c.print(e.out, out); said != nil {
		return said
	}
	switch {
	case err != nil:
		return err
	case out.Verdict == verdictBad:
		return errBad
	case out.Verdict == verdictUnknown:
		return &exitError{exitUnknown, errUnknown}
	}
	return nil
}

func (c *fsckCmd) check(ctx context.Context, e *env) (out checked, err error) {
	out.Store, out.Pinned = shown(c.Store), c.Genesis != ""
	o, err := c.options()
	if err != nil {
		return out, err
	}
	if path, ok := strings.CutPrefix(c.Store, "pebble://"); ok { // opening it would make it
		if _, err := os.Stat(path); err != nil {
			return out, err
		}
	}
	hashes, done, err := archive.ScratchHashes()
	if err != nil {
		return out, err
	}
	defer done()
	o.Hashes = hashes
	store, err := openStore(ctx, c.Store, e.log)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	r, err := fsck.Check(ctx, store, o)
	out.take(r)
	return out, err
}

func (c *fsckCmd) options() (o fsck.Options, err error) {
	if c.Genesis != "" {
		if o.Genesis, err = genesisHash(c.Genesis); err != nil {
			return o, fmt.Errorf("--genesis: %w", err)
		}
	}
	if o.Tolerance = c.Tolerance; o.Tolerance == 0 {
		o.Tolerance = -1 // none, where none is said
	}
	for _, path := range c.Checkpoint {
		text, err := os.ReadFile(path)
		if err != nil {
			return o, fmt.Errorf("--checkpoint: %w", err)
		}
		pin, err := translog.PeekCheckpoint(text)
		if err != nil {
			return o, fmt.Errorf("--checkpoint %s: %w", path, err)
		}
		o.Pins = append(o.Pins, pin)
	}
	views := newFolded()
	o.Views = views
	o.Sealed = sealing{Sealed: c.Sealed}.beside(c.Store).Sealed
	serve := serveCmd{Store: c.Store, Data: c.Data}
	dir := serve.cacheDir()
	if dir == "" {
		return o, nil
	}
	if _, err := os.Stat(dir); c.Data != "" && err != nil {
		return o, fmt.Errorf("--data: %w", err)
	}
	o.Dir = under(dir, "ledger")
	kept, err := projections.Inspect(under(dir, "views"))
	for _, k := range kept {
		d := translog.ViewDigest{View: k.View, Version: k.Version, Sum: k.Sum}
		o.Kept = append(o.Kept, fsck.Kept{File: filepath.Join("views", k.File), Size: k.Size, ViewDigest: d, Err: k.Err, Unknown: k.Void})
	}
	return o, err
}

func genesisHash(text string) (domain.Hash, error) {
	if h, err := domain.ParseHash(text); err == nil {
		return h, nil
	}
	raw, err := readEnvelope(text)
	if err != nil {
		return domain.Hash{}, err
	}
	g, err := seal.Parse(raw)
	if err != nil {
		return domain.Hash{}, err
	}
	return g.Hash(), nil
}

func (out *checked) take(r fsck.Report) {
	out.Verdict = verdictGood
	out.Genesis, out.Origin, out.Events, out.Root = r.Genesis, r.Origin, r.Size, r.Root
	out.Checkpoints, out.Unsigned, out.Voided = r.Checkpoints, r.Tail, len(r.Voided)
	out.Cosigned, out.Effective = r.Cosigned, r.Effective.Size
	out.Bad, out.Unknown = findings(r.Bad), findings(r.Unknown)
	if a := r.Affected; a != nil {
		out.Affected = &affected{From: a.From, Events: a.Leaves, Checkpoints: a.Checkpoints}
	}
	if len(out.Unknown) > 0 {
		out.Verdict = verdictUnknown
	}
	if len(out.Bad) > 0 {
		out.Verdict = verdictBad
	}
}

func findings(list []fsck.Finding) []finding {
	out := make([]finding, 0, len(list))
	for _, f := range list {
		out = append(out, finding(f))
	}
	return out
}

func (c *fsckCmd) print(w io.Writer, out checked) error {
	if c.JSON {
		line, err := json.Marshal(out, json.Deterministic(true))
		fmt.Fprintf(w, "%s\n", line)
		return err
	}
	for _, f := range out.Bad {
		fmt.Fprintf(w, "BAD %s, index %d: %s: %s\n", f.Part, f.Index, f.Rule, f.Message)
	}
	for _, f := range out.Unknown {
		fmt.Fprintf(w, "cannot tell: %s, index %d: %s\n", f.Part, f.Index, f.Message)
	}
	if a := out.Affected; a != nil {
		fmt.Fprintf(w, "%d events from index %d on, and %d checkpoints that cover it, depend on the first fault\n", a.Events, a.From, a.Checkpoints)
	}
	fmt.Fprintf(w, "%s: %s: %d events, %d of them effective, %d checkpoints, %d cosigned, %d events unsigned, %d voided, root %s\n", out.Store, out.Verdict, out.Events, out.Effective, out.Checkpoints, out.Cosigned, out.Unsigned, out.Voided, out.Root)
	if !out.Pinned {
		fmt.Fprintf(w, "genesis %s was taken from the store itself: compare it with yours, or give --genesis\n", out.Genesis)
	}
	return nil
}

// folded folds facts into views and digests them.
type folded struct{ *projections.Views }

func newFolded() folded { return folded{projections.NewViews()} }

// Digests returns the views' digests as the log signs them.
func (f folded) Digests() ([]translog.ViewDigest, error) {
	list, err := f.Views.Digests()
	out := make([]translog.ViewDigest, 0, len(list))
	for _, d := range list {
		out = append(out, translog.ViewDigest(d))
	}
	return out, err
}
