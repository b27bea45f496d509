package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog/witness"
)

// CosignedType is the type of the record, in the checkpoints stream, that keeps a
// checkpoint with the cosignatures that satisfied the policy in force at its size.
const CosignedType = "cosigned"

const (
	surveyPatience = 5 * time.Second
	roundPatience  = 10 * time.Second
	roundAgain     = time.Second // after a round that brought no quorum
)

// witnessed is what the witnesses said, guarded by Ledger.mu.
type witnessed struct {
	effective []byte // newest checkpoint that satisfies the policy, nil before the first
	size      uint64 // of it
	reports   []witness.Report
	grown     chan struct{} // closed and replaced when effective grows
	policy    *witness.Policy
	fast      error // our clock is ahead of theirs
}

// Witnesses returns what each witness of the policy did in the newest round, in
// the policy's order: empty where there is no policy, or where another replica
// asks.
func (l *Ledger) Witnesses() []witness.Report {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.Clone(l.witnessed.reports)
}

// Effective returns the receipt of an event under the newest checkpoint that
// the policy's witnesses cosigned, once there is one that covers it: it waits
// for that until ctx ends, whose error it then returns.
func (l *Ledger) Effective(ctx context.Context, index uint64) (Receipt, error) {
	for {
		l.mu.RLock()
		w := l.witnessed
		l.mu.RUnlock()
		if index < w.size {
			leaf, err := l.Leaf(ctx, index)
			if err != nil {
				return Receipt{}, err
			}
			return l.receipt(w.size, w.effective, leaf)
		}
		select {
		case <-w.grown:
		case <-ctx.Done():
			return Receipt{}, ctx.Err()
		case <-l.stop:
			return Receipt{}, ErrClosed
		}
	}
}

// EffectiveSize returns how many events the newest checkpoint covers that the
// policy's witnesses cosigned: those below are effective.
func (l *Ledger) EffectiveSize() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.witnessed.size
}

// policy returns the witness policy in force, nil when there is none.
func (l *Ledger) policy() *witness.Policy {
	var text string
	l.View(func(s *domain.State) { text = s.WitnessPolicy() })
	return l.parsed(text)
}

// parsed returns the policy that a text is, nil when there is none, or when
// witnesses are not asked here.
func (l *Ledger) parsed(text string) *witness.Policy {
	if text == "" || l.cfg.Witnesses == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.witnessed.policy != nil && l.witnessed.policy.String() == text {
		return l.witnessed.policy
	}
	p, err := witness.ParsePolicy(text)
	if err != nil {
		l.cfg.Log.Error("the witness policy cannot be read: no event becomes effective", "cause", err)
		return nil
	}
	l.witnessed.policy = p
	return p
}

// witnessAll has the newest checkpoint cosigned, one round at a time, while
// this replica orders the events.
func (l *Ledger) witnessAll(ctx context.Context) {
	for ctx.Err() == nil {
		l.mu.RLock()
		grown, turned, text := l.grown, l.replica.turned, l.checkpoint
		leading, covered := l.replica.leading, l.witnessed.size >= l.state.Next()
		inForce := l.state.WitnessPolicy() // at that size, which verifiers hold the cosignatures against
		l.mu.RUnlock()
		var again <-chan time.Time
		if p := l.parsed(inForce); p != nil && leading && !covered {
			if l.round(ctx, p, text) {
				continue
			}
			again = time.After(roundAgain)
		}
		select {
		case <-grown:
		case <-turned:
		case <-again:
		case <-ctx.Done():
		}
	}
}

// round asks the witnesses once and reports whether the policy is satisfied.
func (l *Ledger) round(ctx context.Context, p *witness.Policy, text []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, roundPatience)
	defer cancel()
	result, err := l.cfg.Witnesses.Gather(ctx, witness.Round{Policy: p, Log: l.keysInForce(), Checkpoint: text, Tree: l.tree, Late: l.heard})
	l.heard(result, err)
	if err != nil {
		return false
	}
	l.effective(result.Cosigned)
	l.compareClocks(result.Cosigned)
	select {
	case l.cosigned <- result.Note:
	case <-ctx.Done():
	case <-l.stop:
	}
	return true
}

// keysInForce are the log's verifiers; nil, those of the policy, if they cannot
// be read.
func (l *Ledger) keysInForce() (keys []note.Verifier) {
	l.View(func(s *domain.State) { keys, _ = logKeys(s) })
	return keys
}

// compareClocks holds our clock against the witnesses' median, which is no
// younger than the round: a clock that runs ahead would stamp events with a
// time that all others have to wait for.
func (l *Ledger) compareClocks(c witness.Cosigned) {
	at, ok := c.Time()
	if !ok {
		return
	}
	var fast error
	if ahead := l.cfg.Clock().Sub(time.Unix(at, 0)); ahead > maxSkew {
		fast = fmt.Errorf("the clock is %s ahead of the witnesses': correct the clock", ahead.Round(time.Second))
	}
	l.mu.Lock()
	l.witnessed.fast = fast
	l.mu.Unlock()
}

// heard notes what the witnesses did. Our own signature on a history that is
// not ours stops signing; a witness that disagrees otherwise is an alarm.
func (l *Ledger) heard(result witness.Result, err error) {
	var contradiction *witness.Contradiction
	if errors.As(err, &contradiction) {
		l.fail(contradiction)
	}
	if len(result.Reports) == 0 {
		return
	}
	l.mu.Lock()
	before := l.witnessed.reports
	l.witnessed.reports = result.Reports
	l.mu.Unlock()
	for i, r := range result.Reports {
		if len(before) == len(result.Reports) && before[i].Outcome == r.Outcome {
			continue
		}
		switch r.Outcome {
		case witness.OutcomeDisagrees:
			l.cfg.Log.Error("a witness disagrees", "witness", r.Witness, "cause", r.Err)
		case witness.OutcomeCosigned, witness.OutcomeSlow:
		default:
			l.cfg.Log.Warn("a witness does not cosign", "witness", r.Witness, "outcome", string(r.Outcome), "cause", r.Err)
		}
	}
}

// effective takes in a checkpoint that satisfies the policy.
func (l *Ledger) effective(c witness.Cosigned) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.Checkpoint.Size <= l.witnessed.size || c.Checkpoint.Size > l.state.Next() {
		return
	}
	l.witnessed.effective, l.witnessed.size = c.Note, c.Checkpoint.Size
	close(l.witnessed.grown)
	l.witnessed.grown = make(chan struct{})
}

// seeCosigned takes in what another replica, or an earlier run, had cosigned.
func (l *Ledger) seeCosigned(r eventstore.Record) {
	p := l.policy()
	if p == nil {
		return
	}
	v, err := logKeys(l.state)
	if err != nil {
		return
	}
	c, err := p.Open(r.Data, l.state.Origin(), v...)
	if err != nil {
		l.cfg.Log.Warn("a cosigned checkpoint does not satisfy the policy in force", "revision", r.Revision, "cause", err)
		return
	}
	l.cfg.Witnesses.Learn(c)
	l.effective(c)
}

// survey asks the witnesses, before this replica signs, whether the log's key
// signed a history that is not, or not yet, here.
func (l *Ledger) survey(ctx context.Context) error {
	p := l.policy()
	if p == nil || l.tree.Size() == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, surveyPatience)
	defer cancel()
	result, err := l.cfg.Witnesses.Survey(ctx, witness.Round{Policy: p, Log: l.keysInForce(), Checkpoint: l.Checkpoint(), Tree: l.tree})
	var contradiction *witness.Contradiction
	if errors.As(err, &contradiction) {
		return contradiction
	}
	if err != nil {
		l.cfg.Log.Warn("too few witnesses say where they stand; signing goes on, and stops if one shows that this ledger was rolled back", "cause", err)
	}
	l.heard(result, nil)
	return nil
}
