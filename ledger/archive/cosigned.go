package archive

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// Effective is how much of an archive witnesses stand behind, as many as the
// policy in force asked for.
type Effective struct {
	Size      uint64   // leaves under the newest cosigned checkpoint; 0 for none
	At        int64    // when they saw it: the median, seconds since 1970; 0 where the policy asks for no witness
	Witnesses []string // who cosigned it, by the policy's names and in its order
}

// Policy is a witness policy and the size from which on it is in force.
type Policy struct {
	From uint64
	Text string
}

// PolicyAt returns the text of the witness policy that decides about a
// checkpoint of some leaves, "" for none.
func (r Report) PolicyAt(size uint64) string {
	text := ""
	for _, p := range r.Policies {
		if p.From <= size {
			text = p.Text
		}
	}
	return text
}

// notePolicy remembers who must cosign from here on.
func (v *verifier) notePolicy(f domain.Fact) {
	switch b := f.Body.(type) {
	case domain.CoalitionFounded:
		v.report.Policies = append(v.report.Policies, Policy{1, strings.Clone(b.WitnessPolicy)})
	case domain.WitnessPolicyAdopted:
		v.report.Policies = append(v.report.Policies, Policy{f.Index + 1, strings.Clone(b.Policy)})
	}
}

// cosigned checks a checkpoint that witnesses cosigned: that it is the log's,
// of the leaves before it, and signed by as many as the policy in force at that
// size asks for, in the one form that this has. The leaves under it are then
// effective, and bracketed in time.
func (v *verifier) cosigned(item Item) error {
	if bad := v.unvoided("cosigned checkpoint", item.Line); bad != nil {
		return bad
	}
	c, err := v.openCosigned(item.Cosigned)
	if err != nil {
		return &Bad{Line: item.Line, Index: v.state.Next(), Rule: RuleCosigned, Message: err.Error()}
	}
	v.report.Cosigned++
	if v.o.Witnessed != nil {
		v.o.Witnessed(c.Checkpoint)
	}
	if c.Checkpoint.Size < v.state.Next() || c.Checkpoint.Size == v.report.Effective.Size { // in a store only
		return nil
	}
	at, timed := c.Time()
	v.report.Effective = Effective{Size: c.Checkpoint.Size, At: at}
	for _, by := range c.Cosignatures {
		v.report.Effective.Witnesses = append(v.report.Effective.Witnesses, by.Witness)
	}
	if !timed {
		return nil
	}
	return v.seen(Time{c.Checkpoint.Size, at})
}

func (v *verifier) openCosigned(text []byte) (c witness.Cosigned, err error) {
	head, err := translog.PeekCheckpoint(text)
	if err != nil {
		return c, err
	}
	if err := v.loadLogKey(); err != nil {
		return c, fmt.Errorf("the log key in the journal is no key: %w", err)
	}
	policy, err := v.policyAt(head.Size)
	if err != nil {
		return c, err
	}
	c, err = policy.Open(text, v.state.Origin(), v.logKeys...)
	if err != nil {
		return c, err
	}
	return c, v.fits(c, text)
}

// fits holds a cosigned checkpoint against the leaves before it.
func (v *verifier) fits(c witness.Cosigned, text []byte) error {
	head, next := c.Checkpoint, v.state.Next()
	if head.Size > next || head.Size < next && !v.o.Stored {
		return fmt.Errorf("the cosigned checkpoint is of %d leaves, %d stand before it", head.Size, next)
	}
	root, err := v.tree.RootAt(head.Size)
	switch {
	case err != nil:
		return err
	case head.Root != root:
		return fmt.Errorf("the cosigned checkpoint has root %s, the %d leaves before it have %s: witnesses saw another history", head.Root, head.Size, root)
	case !bytes.Equal(c.Note, text):
		return errors.New("it bears a signature of a key that the policy in force does not name, or not in the policy's order: nobody could check that")
	case countSignatures(text) != 1+len(c.Cosignatures):
		return errors.New("a cosigned checkpoint bears one signature of the log")
	}
	return nil
}

// policyAt returns the policy in force at a size.
func (v *verifier) policyAt(size uint64) (*witness.Policy, error) {
	text := v.report.PolicyAt(size)
	if text == "" {
		return nil, fmt.Errorf("no witness policy is in force at %d leaves: nobody is asked to cosign", size)
	}
	if v.policy != nil && v.policy.String() == text {
		return v.policy, nil
	}
	p, err := witness.ParsePolicy(text)
	if err != nil {
		return nil, fmt.Errorf("the witness policy in force at %d leaves cannot be read: %w", size, err)
	}
	v.policy = p
	return p, nil
}
