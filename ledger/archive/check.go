package archive

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// anchor checks the checkpoint that a signer had seen: size, colon, root.
func (v *verifier) anchor(l *leaf) error {
	if l.fact.Anchor == "" {
		return nil
	}
	var size uint64
	var text string
	if _, err := fmt.Sscanf(l.fact.Anchor, "%d:%s", &size, &text); err != nil || size == 0 || size > l.fact.Index {
		return l.bad(RuleAnchor, fmt.Sprintf("the anchor %s is of no tree before this event", l.fact.Anchor))
	}
	root, err := v.tree.RootAt(size)
	if err != nil { // of the disk: the tree is larger
		v.disk = err
		return err
	}
	if root.String() != text {
		return l.bad(RuleAnchor, fmt.Sprintf("the signer had seen root %s at size %d, this ledger has %s: one of two histories was shown to the signer", text, size, root))
	}
	return nil
}

func (v *verifier) checkpoint(item Item) error {
	if bad := v.unvoided("checkpoint", item.Line); bad != nil {
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
	case !v.o.Stored && countSignatures(item.Checkpoint) != 1:
		return bad(RuleSigned, "a checkpoint bears the log's signature and no other")
	case c.Size != v.state.Next():
		return bad(RuleCheckpoint, "the checkpoint is of %d leaves, %d stand before it", c.Size, v.state.Next())
	case c.Root != v.tree.Root():
		return bad(RuleRoot, "the checkpoint has root %s, the %d leaves before it have %s; the %d leaves before index %d are vouched for by an earlier one", c.Root, c.Size, v.tree.Root(), v.report.Vouched, v.report.Vouched)
	}
	v.report.Checkpoints++
	v.report.Root, v.report.Vouched = c.Root, c.Size
	if v.o.Covered != nil {
		v.o.Covered(c)
	}
	return nil
}

// digests compares what the log says its views hold with what the facts give.
func (v *verifier) digests(item Item) error {
	if bad := v.unvoided("digest of views", item.Line); bad != nil {
		return bad
	}
	bad := func(rule, format string, args ...any) error {
		return &Bad{Line: item.Line, Index: v.state.Next(), Rule: rule, Message: fmt.Sprintf(format, args...)}
	}
	if err := v.loadLogKey(); err != nil {
		return bad(RuleDigests, "the log key in the journal is no key: %v", err)
	}
	d, err := translog.OpenDigests(item.Digests, v.state.Origin(), v.logKeys...)
	switch {
	case err != nil:
		return bad(RuleDigests, "%v", err)
	case countSignatures(item.Digests) != 1:
		return bad(RuleDigests, "digests bear the log's signature and no other")
	case d.Size != v.state.Next() || d.Root != v.tree.Root():
		return bad(RuleDigests, "the digests are of %d leaves with root %s, the %d before them have %s", d.Size, d.Root, v.state.Next(), v.tree.Root())
	case v.o.Views == nil:
		v.report.Unchecked += len(d.Views)
		return nil
	}
	have, err := v.o.Views.Digests()
	if err != nil {
		return fmt.Errorf("verify archive: %w", err)
	}
	for _, want := range d.Views {
		got := known(have, want)
		if got == nil {
			v.report.Unknown = append(v.report.Unknown, Unknown{d.Size, want})
			continue
		}
		if got.Sum != want.Sum {
			return bad(RuleView, "after %d events the log said that the view %s, version %d, has the digest %s; the events give %s: the server showed what does not follow from the journal", d.Size, want.View, want.Version, want.Sum, got.Sum)
		}
		v.report.Digests++
	}
	return nil
}

// known finds the digest of the same view in the same version.
func known(list []translog.ViewDigest, want translog.ViewDigest) *translog.ViewDigest {
	for i := range list {
		if list[i].View == want.View && list[i].Version == want.Version {
			return &list[i]
		}
	}
	return nil
}

// unvoided returns the first refused record that is not voided. No log that
// follows the rules signs a checkpoint of it before its voiding. What the log
// signed stands at a line, 0 at the end of a store.
func (v *verifier) unvoided(what string, line int) error {
	pending := v.state.Pending()
	if len(pending) == 0 {
		return nil
	}
	bad := *v.refused[len(v.refused)-len(pending)]
	if line > 0 {
		bad.Message += fmt.Sprintf("; the %s at line %d covers this record, and no journal.voided before it does", what, line)
	} else {
		bad.Message += "; no journal.voided follows"
	}
	return &bad
}

// loadLogKey keeps the log key in force and the one before it, which signs the
// checkpoint that covers the change.
func (v *verifier) loadLogKey() error {
	if v.logKey == v.state.LogKey() {
		return nil
	}
	var keys []note.Verifier
	for _, text := range v.state.LogKeys() {
		k, err := note.NewVerifier(text)
		if err != nil {
			return err
		}
		keys = append(keys, k)
	}
	v.logKey, v.logKeys = v.state.LogKey(), keys
	return nil
}

func (v *verifier) pin(p translog.Checkpoint) error {
	bad := &Bad{Index: p.Size, Rule: RulePin}
	if p.Origin != v.state.Origin() {
		bad.Message = fmt.Sprintf("the pinned checkpoint is of the log %q, this is %q", p.Origin, v.state.Origin())
		return bad
	}
	root, err := v.tree.RootAt(p.Size)
	switch {
	case errors.Is(err, translog.ErrRange):
		bad.Index = v.report.Size
		bad.Message = fmt.Sprintf("the pinned checkpoint has %d leaves, here are %d: it leaves out what was seen before", p.Size, v.report.Size)
		return bad
	case err != nil:
		v.disk = err
		return err
	case root != p.Root:
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
