package archive

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// Affected is what depends on the first fault of an archive. Lists are bounded;
// the counts beside them are not. Nothing in it is verified.
type Affected struct {
	From        uint64   // first leaf that is not vouched for: the fault, or the leaf behind the last good checkpoint
	Leaves      uint64   // from there to the end
	Checkpoints uint64   // that cover the fault
	Covering    uint64   // size of the first of them; 0 for none
	Anchored    uint64   // events whose signers had verified a checkpoint that covers it
	Named       []uint64 // events that name the bad leaf by its hash
	Naming      uint64   // how many
	Signed      []uint64 // events signed with a key that the bad leaf registered
	Signing     uint64   // how many
	Partial     bool     // the rest of the file is not in the form of an archive
}

const mostListed = 32

// begin notes the first fault. Leaves at hand that stand behind it are surveyed.
func (v *verifier) begin(bad *Bad) {
	v.bad, v.kids = bad, map[string]bool{}
	from := bad.Index
	switch bad.Rule {
	case RuleRoot, RuleSigned, RuleCheckpoint, RuleDigests, RuleView, RuleCosigned:
		from = v.report.Vouched
	}
	v.report.Affected = &Affected{From: from, Partial: formFaults[bad.Rule]}
	if v.state.Next() > from {
		v.report.Affected.Leaves = v.state.Next() - from
	}
	if hash, err := v.tree.Leaf(bad.Index); err == nil {
		v.hash = hash.String()
	}
	at := v.pending
	v.pending = nil
	for _, item := range at {
		if item.Leaf.Index == bad.Index {
			v.own(item.Leaf)
		}
		if item.Leaf.Index > bad.Index {
			v.depends(item.Leaf)
		}
	}
	if decided := v.state.Next(); len(at) > 0 && at[len(at)-1].Leaf.Index >= decided {
		v.report.Affected.Leaves += at[len(at)-1].Leaf.Index + 1 - max(decided, from)
	}
}

// formFaults end the reading of a file.
var formFaults = map[string]bool{RuleHeader: true, RuleLine: true, RuleIndex: true, RuleTruncated: true, RuleUnsigned: true}

// own notes what the bad leaf is known by.
func (v *verifier) own(l Leaf) {
	v.hash = translog.LeafHash(l.RecordedAt, l.Envelope).String()
	e, err := seal.Parse(l.Envelope)
	if err != nil {
		return
	}
	event, refusal := domain.Decode(e.Header, e.Payload)
	if refusal != nil {
		return
	}
	switch b := event.Body.(type) {
	case domain.KeyRegistered:
		v.kids[b.Key.Thumbprint()] = true
	case domain.KeyRotated:
		v.kids[b.Key.Thumbprint()] = true
	}
}

// survey looks at an item behind the fault.
func (v *verifier) survey(item Item) {
	a := v.report.Affected
	switch {
	case item.Checkpoint != nil:
		c, err := translog.PeekCheckpoint(item.Checkpoint)
		if err != nil || c.Size <= v.bad.Index {
			return
		}
		if a.Checkpoints++; a.Covering == 0 {
			a.Covering = c.Size
		}
	case item.Digests == nil && item.Cosigned == nil:
		a.Leaves++
		v.depends(item.Leaf)
	}
}

// depends looks how an event leans on the bad leaf.
func (v *verifier) depends(l Leaf) {
	e, err := seal.Parse(l.Envelope)
	if err != nil {
		return
	}
	a := v.report.Affected
	digits, _, _ := strings.Cut(e.Header.Anchor, ":")
	if size, err := strconv.ParseUint(digits, 10, 64); err == nil && size > v.bad.Index {
		a.Anchored++
	}
	if v.hash != "" && bytes.Contains(e.Payload, []byte(v.hash)) {
		a.Naming++
		a.Named = list(a.Named, l.Index)
	}
	if v.kids[e.Header.KeyID] {
		a.Signing++
		a.Signed = list(a.Signed, l.Index)
	}
}

func list(have []uint64, index uint64) []uint64 {
	if len(have) == mostListed {
		return have
	}
	return append(have, index)
}
