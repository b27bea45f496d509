package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/archive"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// Levels at which a receipt is proven.
const (
	levelRecorded  = "recorded"  // the log vouches
	levelEffective = "effective" // as many witnesses as the policy asks for vouch too
)

// errNotEffective says that a receipt proves less than was asked for.
var errNotEffective = errors.New("the receipt is not proven effective: fetch a newer one with ledger receipt upgrade, and name the witness policy with --policy or --archive")

// judging is where the witness policy comes from that a receipt is held against.
type judging struct {
	Policy    string `placeholder:"FILE" xor:"policy" help:"Witness policy (C2SP tlog-policy) that the receipt's cosignatures are checked against."`
	Archive   string `placeholder:"FILE" xor:"policy" help:"Archive that is verified first: its journal says which policy was in force at the receipt's checkpoint, and which keys the log had; and it must contain that checkpoint."`
	Effective bool   `help:"Fail unless the receipt is proven effective."`
}

// cosigner is a witness that stands behind a receipt.
type cosigner struct {
	Witness string `json:"witness"` // its name in the policy
	Key     string `json:"key"`
	Time    string `json:"time"` // at which it saw the checkpoint, as it says
}

// level is how far a verified receipt is proven.
type level struct {
	Level       string     `json:"level,omitempty"`
	Policy      string     `json:"policy,omitempty"` // that decided: file, or where in the journal
	Witnesses   []cosigner `json:"witnesses,omitempty"`
	EffectiveAt string     `json:"effective_at,omitempty"`          // the median of their times
	Unchecked   int        `json:"unchecked_cosignatures,omitzero"` // no policy was named
}

func (l level) tell(w io.Writer) {
	var by []string
	for _, c := range l.Witnesses {
		by = append(by, c.Witness+" at "+c.Time)
	}
	switch {
	case l.Level == levelEffective:
		fmt.Fprintf(w, "effective under %s: cosigned by %s%s\n", l.Policy, orNobody(by), median(l.EffectiveAt))
	case l.Unchecked > 0:
		fmt.Fprintf(w, "recorded; of its %d cosignatures none was checked: name the witness policy with --policy or --archive\n", l.Unchecked)
	case l.Policy != "":
		fmt.Fprintf(w, "recorded, not effective under %s: cosigned by %d, which are too few: ledger receipt upgrade fetches a newer one\n", l.Policy, len(by))
	case l.Level == levelRecorded:
		fmt.Fprintln(w, "recorded: no witness has cosigned")
	}
}

func median(time string) string {
	if time == "" {
		return ""
	}
	return "; the median is " + time
}

// policyOf returns the policy that decides about a receipt, and what to call it;
// nil when none was named. Of an archive g learns the log's keys.
func (j judging) policyOf(ctx context.Context, a *app, g *genesis, checkpoint []byte) (*witness.Policy, string, error) {
	switch {
	case j.Policy != "":
		text, err := os.ReadFile(j.Policy)
		if err != nil {
			return nil, "", &usageError{err}
		}
		p, err := witness.ParsePolicy(string(text))
		if err != nil {
			return nil, "", usage("%s: %w", j.Policy, err)
		}
		return p, "the policy " + j.Policy, nil
	case j.Archive != "":
		return j.policyInForce(ctx, a, g, checkpoint)
	}
	return nil, "", nil
}

// policyInForce verifies the archive, which must contain the checkpoint.
func (j judging) policyInForce(ctx context.Context, a *app, g *genesis, checkpoint []byte) (*witness.Policy, string, error) {
	if a.Genesis == "" {
		return nil, "", usage("an archive is verified from the genesis hash on: give --genesis too")
	}
	head, err := translog.PeekCheckpoint(checkpoint)
	if err != nil {
		return nil, "", err
	}
	d, err := a.audit(ctx, *g, j.Archive, head)
	var bad *archive.Bad
	if errors.As(err, &bad) && bad.Rule == archive.RulePin {
		return nil, "", fmt.Errorf("%w; if the archive is only older than the receipt, continue it with ledger replay", err)
	}
	if err != nil {
		return nil, "", err
	}
	defer d.file.Close()
	keys, err := d.logKeys()
	if err != nil {
		return nil, "", err
	}
	g.learn(keys)
	text := d.report.PolicyAt(head.Size)
	if text == "" {
		return nil, "", nil
	}
	p, err := witness.ParsePolicy(text)
	if err != nil {
		return nil, "", fmt.Errorf("the witness policy in force at %d events: %w", head.Size, err)
	}
	return p, fmt.Sprintf("the policy in force at %d events", head.Size), nil
}

// judge says how far a receipt that verified is proven.
func judge(r translog.Receipt, g genesis, policy *witness.Policy, name string) (level, error) {
	out := level{Level: levelRecorded, Policy: name}
	if policy == nil {
		for _, by := range signers(r.Checkpoint) {
			if by != g.origin {
				out.Unchecked++
			}
		}
		return out, nil
	}
	c, err := policy.Open(r.Checkpoint, g.origin, g.logKeys...)
	if err != nil && !errors.Is(err, witness.ErrQuorum) {
		return out, fmt.Errorf("the receipt's cosignatures: %w", err)
	}
	for _, by := range c.Cosignatures {
		out.Witnesses = append(out.Witnesses, cosigner{by.Witness, by.Key.String(), second(by.Time)})
	}
	if c.Satisfied {
		out.Level = levelEffective
	}
	if at, ok := c.Time(); ok {
		out.EffectiveAt = second(at)
	}
	return out, nil
}

// second words a witness's time.
func second(at int64) string { return time.Unix(at, 0).UTC().Format(time.RFC3339) }

// orNobody lists names; a policy may ask for no witness.
func orNobody(names []string) string {
	if len(names) == 0 {
		return "no witness, as the policy has it"
	}
	return strings.Join(names, ", ")
}
