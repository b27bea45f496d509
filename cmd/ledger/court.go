package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// court decides an envelope on the journal as it was at some size.
type court struct {
	state *domain.State
	tree  *translog.Tree
	next  int64 // when the event after those was recorded, 0 when there is none
}

// court folds the first size records of an audited archive.
func (d *audited) court(size uint64) (*court, error) {
	tree, err := translog.NewTree(translog.MemoryHashes())
	if err != nil {
		return nil, err
	}
	c := &court{state: domain.NewState(), tree: tree}
	var leaves []domain.Hash
	for r, err := range d.records() {
		if err != nil {
			return nil, err
		}
		if r.fact.Index >= size {
			if !r.voided {
				c.next = r.fact.RecordedAt
				break
			}
			continue
		}
		leaves = append(leaves, r.fact.Leaf)
		if r.voided {
			c.state.Skip(r.fact.Index, r.fact.Leaf)
		} else {
			c.state.Apply(r.fact)
		}
	}
	staged, err := c.tree.Stage(leaves)
	if err != nil {
		return nil, err
	}
	return c, c.tree.Commit(staged)
}

// judge compares the decision with the log's. The log's clock is not in its
// refusal: it was between the event before and the one after, and some rules
// hold at one end of that only.
func (c *court) judge(out judged, e *seal.Envelope) judged {
	from, to := c.state.LastRecordedAt(), c.next
	if to == 0 {
		to = max(from, e.Header.ExpiresAt*1e6)
	}
	first, last := c.decide(e, from), c.decide(e, to)
	switch {
	case rule(first) == out.Rule:
		out.Verdict, out.Message = verdictRight, first.Message
	case rule(last) == out.Rule:
		out.Verdict, out.Message = verdictRight, fmt.Sprintf("%s (if it came late enough: the event before was recorded at %s)", last.Message, stamp(from))
	case first == nil || last == nil:
		out.Verdict, out.Message = verdictWrong, fmt.Sprintf("on the journal of %d events no rule refuses this envelope: the log says %s and has no ground for it", out.Size, out.Rule)
	default:
		out.Verdict, out.Message = verdictOther, fmt.Sprintf("the envelope is refused by %s, not by %s as the log says: %s", first.Rule, out.Rule, first.Message)
	}
	return out
}

func rule(r *domain.Refusal) string {
	if r == nil {
		return ""
	}
	return r.Rule
}

// decide says by which rule an envelope is refused at a time, microseconds
// since 1970, UTC; nil when it is admissible.
func (c *court) decide(e *seal.Envelope, at int64) *domain.Refusal {
	event, refusal := domain.Decode(e.Header, e.Payload)
	if refusal != nil {
		return refusal
	}
	if refusal := c.anchored(e.Header.Anchor); refusal != nil {
		return refusal
	}
	if k, ok := c.state.Key(e.Header.KeyID); ok {
		var forged *seal.Error
		if errors.As(e.Verify(k.Key), &forged) {
			return &domain.Refusal{Rule: forged.Code, Message: forged.Message}
		}
	}
	return domain.Admit(c.state, domain.Fact{
		Event: event, Index: c.state.Next(), RecordedAt: at, Leaf: translog.LeafHash(at, e.Raw), Envelope: e.Hash(),
	})
}

// anchored refuses an anchor that is not of this history.
func (c *court) anchored(anchor string) *domain.Refusal {
	if anchor == "" {
		return nil
	}
	digits, root, _ := strings.Cut(anchor, ":")
	size, err := strconv.ParseUint(digits, 10, 64)
	if err == nil {
		have, err := c.tree.RootAt(size)
		if err == nil && have.String() == root {
			return nil
		}
	}
	return &domain.Refusal{Rule: "envelope.anchor", Message: "the envelope names the checkpoint " + anchor + ", which is not of this journal"}
}
