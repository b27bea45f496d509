package archive

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Options says what an archive is held against.
type Options struct {
	Genesis  domain.Hash           // SHA-256 of the genesis envelope: the one thing that must come from elsewhere
	Pins     []translog.Checkpoint // checkpoints seen elsewhere that the archive must contain
	Workers  int                   // 0: as many as there are processors
	Progress func(leaves uint64)   // called now and then from Verify's goroutine; nil for none
}

// Report is what a verified archive holds.
type Report struct {
	State       *domain.State // after the last leaf
	Size        uint64        // leaves
	Root        domain.Hash   // of the last checkpoint
	Checkpoints int
	From, To    int64    // recorded times of the first and last event, microseconds since 1970, UTC
	Voided      []Voided // records that were refused and that a quorum voided, in order
}

// Voided is a record that stands in the journal without effect.
type Voided struct {
	domain.Voided
	Rule string // that the record broke
}

// Rules of verification that belong to no event.
const (
	RuleGenesis = "archive.genesis" // index 0 is another envelope than the genesis asked for
	RuleRoot    = "archive.root"    // a checkpoint's root is not that of the leaves before it
	RuleSigned  = "archive.signed"  // a checkpoint is not signed by the log key in force, and by it alone
	RuleAnchor  = "archive.anchor"  // an envelope's anc names a root that this ledger never had
	RulePin     = "archive.pin"     // a pinned checkpoint is not in this archive
)

// Verify reads an archive to its end, or to the first thing wrong with it,
// which is a *Bad. Other errors are the reader's and the context's.
func Verify(ctx context.Context, r io.Reader, o Options) (Report, error) {
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	tree, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		return Report{}, fmt.Errorf("verify archive: %w", err)
	}
	v := &verifier{o: o, state: domain.NewState(), tree: tree}
	for item, err := range Read(r) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = v.take(item)
		}
		if err != nil {
			return v.report, v.earlier(err)
		}
	}
	return v.finish()
}

const chunk = 1024 // leaves parsed and verified side by side

type verifier struct {
	o       Options
	state   *domain.State
	tree    *translog.Tree
	pending []Item          // leaves read and not decided
	refused []*Bad          // leaves skipped, in order
	logKeys []note.Verifier // in force, and the one before it
	logKey  string
	report  Report
}

func (v *verifier) take(item Item) error {
	if item.Checkpoint == nil {
		if v.pending = append(v.pending, item); len(v.pending) < chunk {
			return nil
		}
		return v.flush()
	}
	if err := v.flush(); err != nil {
		return err
	}
	return v.checkpoint(item)
}

// earlier prefers what is wrong with leaves read before a fault of the file.
func (v *verifier) earlier(err error) error {
	if bad := v.flush(); bad != nil {
		return bad
	}
	return err
}

// flush checks the leaves at hand and makes them part of state and tree.
func (v *verifier) flush() error {
	leaves := v.parse()
	v.pending = v.pending[:0]
	if len(leaves) == 0 {
		return nil
	}
	if err := v.admit(leaves); err != nil {
		return err
	}
	for _, l := range leaves {
		if l.refused != nil {
			v.refused = append(v.refused, l.refused)
		}
	}
	if v.report.Size == 0 {
		v.report.From = leaves[0].fact.RecordedAt
	}
	v.report.To = v.state.LastRecordedAt()
	v.report.Size += uint64(len(leaves))
	if v.o.Progress != nil {
		v.o.Progress(v.report.Size)
	}
	return v.grow(leaves)
}

// grow adds the leaves to the tree and compares the roots that anchors name.
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
		return fmt.Errorf("verify archive: %w", err)
	}
	for _, l := range leaves {
		if l.refused != nil || l.fact.Anchor == "" {
			continue
		}
		if bad := v.anchor(l); bad != nil {
			return bad
		}
	}
	return nil
}

// anchor checks the checkpoint that a signer had seen: size, colon, root.
func (v *verifier) anchor(l *leaf) error {
	var size uint64
	var text string
	if _, err := fmt.Sscanf(l.fact.Anchor, "%d:%s", &size, &text); err != nil || size == 0 || size > l.fact.Index {
		return l.bad(RuleAnchor, fmt.Sprintf("the anchor %s is of no tree before this event", l.fact.Anchor))
	}
	root, err := v.tree.RootAt(size)
	if err != nil {
		return fmt.Errorf("verify archive: %w", err)
	}
	if root.String() != text {
		return l.bad(RuleAnchor, fmt.Sprintf("the signer had seen root %s at size %d, this ledger has %s: one of two histories was shown to the signer", text, size, root))
	}
	return nil
}

func (v *verifier) checkpoint(item Item) error {
	if bad := v.unvoided(item.Line); bad != nil {
		return bad
	}
	bad := func(rule, format string, args ...any) error {
		return &Bad{Line: item.Line, Index: v.state.Next(), Rule: rule, Message: fmt.Sprintf(format, args...)}
	}
	if err := v.loadLogKey(); err != nil {
		return bad(RuleSigned, "the log key in the journal is no key: %v", err)
	}
	c, err := translog.OpenCheckpoint(item.Checkpoint, v.state.Origin(), v.logKeys...)
	switch {
	case err != nil:
		return bad(RuleSigned, "%v", err)
	case countSignatures(item.Checkpoint) != 1:
		return bad(RuleSigned, "a checkpoint bears the log's signature and no other")
	case c.Size != v.state.Next():
		return bad(RuleCheckpoint, "the checkpoint is of %d leaves, %d stand before it", c.Size, v.state.Next())
	case c.Root != v.tree.Root():
		return bad(RuleRoot, "the checkpoint has root %s, the %d leaves before it have %s", c.Root, c.Size, v.tree.Root())
	}
	v.report.Checkpoints++
	v.report.Root = c.Root
	return nil
}

// unvoided returns the first refused record that is not voided. No log that
// follows the rules signs a checkpoint of it before its voiding.
func (v *verifier) unvoided(line int) error {
	pending := v.state.Pending()
	if len(pending) == 0 {
		return nil
	}
	bad := *v.refused[len(v.refused)-len(pending)]
	bad.Message += fmt.Sprintf("; the checkpoint at line %d covers this record, and no journal.voided before it does", line)
	return &bad
}

// loadLogKey keeps the log key in force and the one before it, which may sign
// while the ledger changes over.
func (v *verifier) loadLogKey() error {
	if v.logKey == v.state.LogKey() {
		return nil
	}
	k, err := note.NewVerifier(v.state.LogKey())
	if err != nil {
		return err
	}
	v.logKey = v.state.LogKey()
	v.logKeys = append([]note.Verifier{k}, v.logKeys[:min(1, len(v.logKeys))]...)
	return nil
}

func (v *verifier) finish() (Report, error) {
	v.report.State = v.state
	for i, voided := range v.state.AllVoided() {
		v.report.Voided = append(v.report.Voided, Voided{Voided: voided, Rule: v.refused[i].Rule})
	}
	for _, pin := range v.o.Pins {
		if bad := v.pin(pin); bad != nil {
			return v.report, bad
		}
	}
	return v.report, nil
}

func (v *verifier) pin(p translog.Checkpoint) error {
	bad := &Bad{Index: p.Size, Rule: RulePin}
	if p.Origin != v.state.Origin() {
		bad.Message = fmt.Sprintf("the pinned checkpoint is of the log %q, this is %q", p.Origin, v.state.Origin())
		return bad
	}
	root, err := v.tree.RootAt(p.Size)
	if err != nil {
		bad.Message = fmt.Sprintf("the pinned checkpoint has %d leaves, the archive %d: it leaves out what was seen before", p.Size, v.report.Size)
		return bad
	}
	if root != p.Root {
		bad.Message = fmt.Sprintf("at %d leaves the pinned checkpoint has root %s, the archive %s: the history was changed", p.Size, p.Root, root)
		return bad
	}
	for _, x := range v.report.Voided {
		if x.Index < p.Size && p.Size <= x.By {
			return &Bad{Index: x.Index, Rule: x.Rule, Message: fmt.Sprintf("the pinned checkpoint of %d leaves covers this record, which was voided at index %d only: the log signed what it had to refuse", p.Size, x.By)}
		}
	}
	return nil
}
