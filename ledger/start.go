package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

var errShorter = errors.New("acknowledged events are missing; restore a backup that holds them, or re-append them from an archive")

// start brings state, tree and checkpoint to the newest checkpoint and, where
// nobody else orders events, takes over what stands above it. It returns how
// many events it took from the caches, and the sequencer to begin with: nil to
// follow another replica.
func (l *Ledger) start(ctx context.Context) (cached uint64, s *sequencer, err error) {
	if l.cfg.Dir != "" {
		if err := os.MkdirAll(l.cfg.Dir, 0o700); err != nil {
			return 0, nil, err
		}
	}
	if err := l.openTree(); err != nil {
		return 0, nil, err
	}
	l.keeper = newKeeper(l.cfg.Dir, l.cfg.Log)
	defer func() {
		if err != nil {
			err = errors.Join(err, l.keeper.close(), l.hashes.Close())
		}
	}()
	if cached, err = l.load(ctx); err != nil {
		return 0, nil, err
	}
	if l.cosignedBefore.Data != nil {
		l.seeCosigned(l.cosignedBefore)
	}
	if s, err = l.begin(ctx); s != nil {
		l.turn(true, l.cfg.Name)
	}
	return cached, s, err
}

// load reads what the log signed. Into an empty store it writes genesis; if
// another replica does so at the same time, it reads what that one wrote.
func (l *Ledger) load(ctx context.Context) (cached uint64, err error) {
	signed, err := l.readCheckpoints(ctx)
	if err != nil {
		return 0, err
	}
	if cached, err = l.catchUp(ctx, signed); err != nil {
		return 0, err
	}
	stored, err := l.cfg.Store.Next(ctx, eventstore.Journal)
	if err != nil || stored > 0 {
		return cached, err
	}
	err = l.writeGenesis(ctx)
	if err == nil || !l.shared() || !isConflict(err) {
		return 0, err
	}
	if err := l.startOver(); err != nil {
		return 0, err
	}
	return l.load(ctx)
}

// begin takes the lease if nobody else has it. A store of one's own has none.
func (l *Ledger) begin(ctx context.Context) (*sequencer, error) {
	if err := l.mayLead(); err != nil {
		return nil, err
	}
	if !l.shared() {
		if err := l.survey(ctx); err != nil {
			return nil, err
		}
		return l.adopt(ctx)
	}
	if !l.ownLease() {
		return nil, nil
	}
	s, err := l.tryStepUp(ctx, "")
	switch {
	case errors.Is(err, errMoved) || isConflict(err):
		return nil, nil // somebody else was quicker
	case err != nil && passes(err):
		l.reached(err)
		return nil, nil
	}
	return s, err
}

// catchUp replays the journal on top of the caches and, if the outcome is not
// what was signed, once more without them: a damaged cache must not condemn a
// good journal. If the journal holds a voided record, every signature and rule
// is checked to find it.
func (l *Ledger) catchUp(ctx context.Context, signed translog.Checkpoint) (cached uint64, err error) {
	if err := l.loadSnapshot(); err != nil {
		return 0, err
	}
	cached = l.state.Next()
	err = l.replay(ctx, signed, false)
	if err == nil || errors.Is(err, errShorter) || ctx.Err() != nil {
		return cached, err
	}
	var doubt *inadmissible
	if cached > 0 {
		l.cfg.Log.Warn("the caches do not fit the journal; replaying all of it", "cause", err)
	} else if !errors.As(err, &doubt) {
		return 0, err
	}
	if err := l.startOver(); err != nil {
		return 0, err
	}
	if err := l.replay(ctx, signed, false); !errors.As(err, &doubt) {
		return 0, err
	}
	if err := l.startOver(); err != nil {
		return 0, err
	}
	return 0, l.replay(ctx, signed, true)
}

// openCheckpoint verifies a checkpoint of the log.
func (l *Ledger) openCheckpoint(state *domain.State, text []byte) (translog.Checkpoint, error) {
	v, err := logKeys(state)
	if err != nil {
		return translog.Checkpoint{}, err
	}
	return translog.OpenCheckpoint(text, state.Origin(), v...)
}

// logKeys are the verifiers of the log's keys: the one in force and the one
// before it, under which checkpoints up to its replacement are signed.
func logKeys(state *domain.State) (out []note.Verifier, err error) {
	if state.LogKey() == "" {
		return nil, errors.New("genesis names no log key")
	}
	for _, text := range state.LogKeys() {
		v, err := note.NewVerifier(text)
		if err != nil {
			return nil, fmt.Errorf("log key %q: %w", text, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// mayLead refuses to sign with another key than the one in force.
func (l *Ledger) mayLead() error {
	if l.state.Next() == 0 {
		return nil // the key stands in genesis
	}
	return l.ownKey(l.state)
}

// ownKey refuses to sign where the log key in force is not the one we have.
func (l *Ledger) ownKey(state *domain.State) error {
	v, err := note.NewVerifier(state.LogKey())
	if err != nil {
		return err
	}
	if s := l.cfg.Signer; v.Name() != s.Name() || v.KeyHash() != s.KeyHash() || state.Origin() != s.Name() {
		return fmt.Errorf("the log key given is %s+%08x, the ledger's is %s+%08x: give the key that the coalition adopted last", s.Name(), s.KeyHash(), v.Name(), v.KeyHash())
	}
	return nil
}

// replay applies the journal from the state's place on up to the newest signed
// checkpoint, and compares the tree with it and with the copy of the highest
// one this ledger signed. The root vouches for what was admitted.
func (l *Ledger) replay(ctx context.Context, signed translog.Checkpoint, verify bool) error {
	stored, err := l.cfg.Store.Next(ctx, eventstore.Journal)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	if have := l.state.Next(); stored < have {
		return shorter("this ledger's snapshot", have, stored)
	}
	if have := l.state.Next(); have > signed.Size { // no receipt of this state would prove
		return fmt.Errorf("the snapshot holds %d events, the newest signed checkpoint covers %d", have, signed.Size)
	}
	var leaves []domain.Hash
	err = replayTo(l.state, l.stored(ctx, l.state.Next(), signed.Size), l.judge(verify, &leaves), func(e entry) error {
		if leaves = append(leaves, e.leaf.Hash); len(leaves) < maxBatch {
			return nil
		}
		defer func() { leaves = leaves[:0] }()
		return l.extend(leaves)
	})
	if err := errors.Join(err, l.extend(leaves)); err != nil {
		return err
	}
	if p := l.state.Pending(); len(p) > 0 {
		return fmt.Errorf("event %d is covered by a checkpoint that the log signed, but it is not admissible and not voided", p[0].Index)
	}
	if err := l.matches(ctx, "the newest signed checkpoint", signed); err != nil {
		return err
	}
	if signed.Size > 0 {
		if _, err := l.openCheckpoint(l.state, l.checkpoint); err != nil {
			return fmt.Errorf("newest checkpoint: %w", err)
		}
	}
	return l.matchesKept(ctx, stored)
}

// replayTo applies leaves to a state, in order, and hands each entry on. Below
// a checkpoint records need not be verified, with one exception: a voided
// record tells itself apart only by that. So replayTo fails with *inadmissible
// at the event that voids one, and is to be called again with a judge that
// verifies.
func replayTo(s *domain.State, leaves iter.Seq2[Leaf, error], j judge, keep func(entry) error) error {
	for leaf, err := range leaves {
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		fact, err := replayOne(s, leaf, j)
		if err != nil && !j.verifies {
			return &inadmissible{leaf.Index, err}
		}
		if err != nil {
			s.Skip(leaf.Index, leaf.Hash)
		}
		if err := keep(entry{leaf, fact}); err != nil {
			return err
		}
	}
	return nil
}

// inadmissible says that a record is no event that may stand where it stands.
type inadmissible struct {
	index uint64
	cause error
}

// Error names the record and the rule.
func (e *inadmissible) Error() string {
	return fmt.Sprintf("the store was altered at or before event %d: %v", e.index, e.cause)
}

// Unwrap returns the rule.
func (e *inadmissible) Unwrap() error { return e.cause }

func (l *Ledger) extend(leaves []domain.Hash) error {
	if len(leaves) == 0 {
		return nil
	}
	staged, err := l.tree.Stage(leaves)
	if err != nil {
		return err
	}
	return l.tree.Commit(staged)
}

// check decides whether a decoded record may be applied.
type check func(*domain.State, domain.Fact, *seal.Envelope) error

// replayOne applies a leaf to a state if it may be. It fails without changing
// the state.
func replayOne(s *domain.State, leaf Leaf, j judge) (*domain.Fact, error) {
	fact, envelope, err := j.read(leaf)
	if err == nil {
		err = j.may(s, fact, envelope)
	}
	if err != nil {
		return nil, err
	}
	s.Apply(fact)
	return &fact, nil
}

// judge is how a replay decides. One that verifies makes the checks of a
// submission, the anchor among them, and its refusals are final.
type judge struct {
	read     func(Leaf) (domain.Fact, *seal.Envelope, error)
	may      check
	verifies bool
}

// judge returns one for a replay whose leaves above the tree gather in above.
func (l *Ledger) judge(verify bool, above *[]domain.Hash) judge {
	if !verify {
		return judge{read: l.known, may: trusting}
	}
	return judge{read: factOf, verifies: true, may: func(s *domain.State, fact domain.Fact, e *seal.Envelope) error {
		if refusal := l.checkAnchor(fact.Event, fact.Index, *above); refusal != nil {
			return refusal
		}
		return verifyFact(s, fact, e)
	}}
}

// trusting checks what a signed root does not vouch for: which records a
// quorum voided.
func trusting(s *domain.State, fact domain.Fact, _ *seal.Envelope) error {
	if fact.Type != voidedType {
		return nil
	}
	return asError(domain.Admit(s, fact))
}

func asError(r *domain.Refusal) error {
	if r == nil {
		return nil
	}
	return r
}

// verifyFact checks signature and rules as at submission.
func verifyFact(s *domain.State, fact domain.Fact, e *seal.Envelope) error {
	if fact.Index == 0 {
		key, refusal := domain.GenesisKey(fact.Event)
		if refusal != nil {
			return refusal
		}
		if err := e.Verify(key); err != nil {
			return err
		}
	} else if key, ok := s.Key(fact.KeyID); ok {
		if err := e.Verify(key.Key); err != nil {
			return err
		}
	}
	return asError(domain.Admit(s, fact))
}
