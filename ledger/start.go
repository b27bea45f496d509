package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

var errShorter = errors.New("acknowledged events are missing; restore a backup that holds them, or re-append them from an archive")

// start brings state, tree and checkpoint to the head of the journal. It
// returns how many events it took from the caches.
func (l *Ledger) start(ctx context.Context) (cached uint64, err error) {
	if l.cfg.Dir != "" {
		if err := os.MkdirAll(l.cfg.Dir, 0o700); err != nil {
			return 0, err
		}
	}
	if err := l.openTree(); err != nil {
		return 0, err
	}
	l.keeper = newKeeper(l.cfg.Dir, l.cfg.Log)
	defer func() {
		if err != nil {
			err = errors.Join(err, l.keeper.close(), l.hashes.Close())
		}
	}()
	signed, err := l.readCheckpoints(ctx)
	if err != nil {
		return 0, err
	}
	cached, rogue, err := l.catchUp(ctx, signed)
	if err != nil {
		return 0, errors.Join(err, rogue)
	}
	if rogue != nil && l.tree.Size() == 0 {
		return 0, rogue
	}
	if err := l.signTail(ctx, signed.Size); err != nil {
		return 0, errors.Join(err, rogue)
	}
	if rogue != nil {
		l.fail(rogue)
	}
	return cached, nil
}

// catchUp replays the journal on top of the caches and, if the outcome is not
// what was signed, once more without them: a damaged cache must not condemn a
// good journal. rogue is why the journal is not followed to its end.
func (l *Ledger) catchUp(ctx context.Context, signed translog.Checkpoint) (cached uint64, rogue, err error) {
	if err := l.loadSnapshot(); err != nil {
		return 0, nil, err
	}
	cached = l.state.Next()
	rogue, err = l.replay(ctx, signed)
	if cached == 0 || (err == nil && rogue == nil) || errors.Is(err, errShorter) || ctx.Err() != nil {
		return cached, rogue, err
	}
	l.cfg.Log.Warn("the caches do not fit the journal; replaying all of it", "cause", errors.Join(err, rogue))
	if err := l.startOver(); err != nil {
		return 0, nil, err
	}
	rogue, err = l.replay(ctx, signed)
	return 0, rogue, err
}

func (l *Ledger) verifier() (note.Verifier, error) {
	key := l.state.LogKey()
	if key == "" {
		return nil, errors.New("genesis names no log key")
	}
	return note.NewVerifier(key)
}

// ownKey is the verifier of the log key, which must be the one we sign with.
func (l *Ledger) ownKey() (note.Verifier, error) {
	v, err := l.verifier()
	if err != nil {
		return nil, err
	}
	if s := l.cfg.Signer; v.Name() != s.Name() || v.KeyHash() != s.KeyHash() || l.state.Origin() != s.Name() {
		return nil, fmt.Errorf("the log key given is %s+%08x, the ledger's is %s+%08x: give the key that this ledger was founded with", s.Name(), s.KeyHash(), v.Name(), v.KeyHash())
	}
	return v, nil
}

// replay applies the journal from the state's place on and compares the tree
// with what was signed. Under the checkpoint the root vouches for what was
// admitted; above it every event is verified and admitted like a new one, and
// the first that is not admissible ends the journal: rogue names it.
func (l *Ledger) replay(ctx context.Context, signed translog.Checkpoint) (rogue, err error) {
	stored, err := l.cfg.Store.Next(ctx, eventstore.Journal)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	if have := l.state.Next(); stored < have {
		return nil, shorter("this ledger's snapshot", have, stored)
	}
	if rogue, err = l.replayAll(ctx, signed.Size); err != nil {
		return nil, err
	}
	if err := l.matches(ctx, "the newest signed checkpoint", signed); err != nil {
		return rogue, err
	}
	return rogue, l.matchesKept(ctx)
}

func (l *Ledger) replayAll(ctx context.Context, signed uint64) (rogue, err error) {
	var leaves []domain.Hash
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, l.state.Next(), eventstore.Head) {
		if err != nil {
			return nil, fmt.Errorf("replay: %w", err)
		}
		leaf := LeafOf(r)
		err := l.replayOne(leaf, r.Revision >= signed)
		if err != nil && r.Revision < signed {
			return nil, fmt.Errorf("the store was altered at or before event %d: %w", r.Revision, err)
		}
		if err != nil {
			rogue = fmt.Errorf("event %d stands in the store above the newest checkpoint and is not admissible, so nothing from it on is signed: %w", r.Revision, err)
			break
		}
		if leaves = append(leaves, leaf.Hash); len(leaves) == maxBatch {
			if err := l.extend(leaves); err != nil {
				return nil, err
			}
			leaves = leaves[:0]
		}
	}
	return rogue, l.extend(leaves)
}

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

func (l *Ledger) replayOne(leaf Leaf, verify bool) error {
	fact, envelope, err := factOf(leaf)
	if err != nil {
		return err
	}
	if verify {
		if err := verifyFact(l.state, fact, envelope); err != nil {
			return err
		}
	}
	l.state.Apply(fact)
	return nil
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
	if refusal := domain.Admit(s, fact); refusal != nil {
		return refusal
	}
	return nil
}
