package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/seal"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// start brings state, tree and checkpoint to the head of the journal.
func (l *Ledger) start(ctx context.Context) (err error) {
	if err := l.openTree(); err != nil {
		return err
	}
	l.keeper = newKeeper(l.cfg.Dir)
	defer func() {
		if err != nil {
			err = errors.Join(err, l.keeper.close(), l.hashes.Close())
		}
	}()
	l.loadSnapshot()
	signed, err := l.readCheckpoints(ctx)
	if err != nil {
		return err
	}
	if err := l.replay(ctx, signed.Size); err != nil {
		return err
	}
	if err := l.matches("the newest signed checkpoint", signed); err != nil {
		return err
	}
	if err := l.matchesKept(); err != nil {
		return err
	}
	return l.signTail(ctx, signed.Size)
}

func (l *Ledger) openTree() (err error) {
	hashes, closer := translog.MemoryHashes(), io.Closer(io.NopCloser(nil))
	if l.cfg.Dir != "" {
		if err := os.MkdirAll(l.cfg.Dir, 0o700); err != nil {
			return err
		}
		file, err := translog.OpenFileHashes(filepath.Join(l.cfg.Dir, "hashes"))
		if err != nil {
			return err
		}
		hashes, closer = file, file
	}
	l.hashes = closer
	l.tree, err = translog.NewTree(hashes)
	return err
}

func (l *Ledger) verifier() (note.Verifier, error) {
	key := l.state.LogKey()
	if key == "" {
		return nil, errors.New("genesis names no log key")
	}
	return note.NewVerifier(key)
}

// readCheckpoints finds the newest checkpoint. Its signature is checked once
// the log key is known, in matches.
func (l *Ledger) readCheckpoints(ctx context.Context) (translog.Checkpoint, error) {
	n, err := l.cfg.Store.Next(ctx, eventstore.Checkpoints)
	if err != nil || n == 0 {
		return translog.Checkpoint{}, err
	}
	l.marks = n
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Checkpoints, n-1) {
		if err != nil {
			return translog.Checkpoint{}, fmt.Errorf("read checkpoint %d: %w", n-1, err)
		}
		l.checkpoint = r.Data
	}
	return translog.PeekCheckpoint(l.checkpoint)
}

// replay applies the journal from the state's place on. Under the checkpoint
// the root vouches for what was admitted; above it every event is verified and
// admitted like a new one.
func (l *Ledger) replay(ctx context.Context, signed uint64) error {
	stored, err := l.cfg.Store.Next(ctx, eventstore.Journal)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	if have := l.state.Next(); stored < have {
		return fmt.Errorf("this ledger recorded %d events, the store holds %d: acknowledged events are missing; restore a backup that holds them, or re-append them from an archive", have, stored)
	}
	var leaves []domain.Hash
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, l.state.Next()) {
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		leaf, err := leafOf(r)
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		if err := l.replayOne(leaf, leaf.Index >= signed); err != nil {
			return err
		}
		if leaves = append(leaves, leaf.Hash); len(leaves) == maxBatch {
			if err := l.extend(leaves); err != nil {
				return err
			}
			leaves = leaves[:0]
		}
	}
	return l.extend(leaves)
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
			return fmt.Errorf("event %d stands in the store above the newest checkpoint and is not admissible, so nothing from it on is signed: %w", leaf.Index, err)
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

// matches checks that our tree is the one that a checkpoint signed.
func (l *Ledger) matches(what string, c translog.Checkpoint) error {
	if c.Size == 0 {
		return nil
	}
	if have := l.tree.Size(); have < c.Size {
		return fmt.Errorf("%s covers %d events, the store holds %d: acknowledged events are missing; restore a backup that holds them, or re-append them from an archive", what, c.Size, have)
	}
	root, err := l.tree.RootAt(c.Size)
	if err != nil {
		return err
	}
	if root != c.Root {
		return fmt.Errorf("%s has root %s at size %d, the stored events give %s: the store was altered; verify an archive to find the first changed event", what, c.Root, c.Size, root)
	}
	return nil
}

func (l *Ledger) matchesKept() error {
	kept, err := l.keeper.read()
	if err != nil || kept == nil {
		return err
	}
	v, err := l.verifier()
	if err != nil {
		return fmt.Errorf("the store is empty or damaged, but this ledger signed a checkpoint before: %w", err)
	}
	c, err := translog.OpenCheckpoint(kept, l.state.Origin(), v)
	if err != nil {
		l.cfg.Log.Warn("the kept checkpoint is not readable and is ignored", "cause", err)
		return nil
	}
	return l.matches("the highest checkpoint this ledger signed", c)
}

// signTail writes genesis into an empty store, and signs what a crash left
// between an append and its checkpoint.
func (l *Ledger) signTail(ctx context.Context, signed uint64) error {
	if l.tree.Size() == 0 {
		return l.writeGenesis(ctx)
	}
	v, err := l.verifier()
	if err != nil {
		return err
	}
	if v.Name() != l.cfg.Signer.Name() || v.KeyHash() != l.cfg.Signer.KeyHash() {
		return fmt.Errorf("the log key given is %s+%08x, the ledger's is %s+%08x: give the key that this ledger was founded with", l.cfg.Signer.Name(), l.cfg.Signer.KeyHash(), v.Name(), v.KeyHash())
	}
	if signed > 0 {
		if _, err := translog.OpenCheckpoint(l.checkpoint, l.state.Origin(), v); err != nil {
			return fmt.Errorf("newest checkpoint: %w", err)
		}
	}
	if l.tree.Size() == signed {
		return nil
	}
	return l.appendMark(ctx)
}

func (l *Ledger) appendMark(ctx context.Context) error {
	staged, err := l.tree.Stage(nil)
	if err != nil {
		return err
	}
	text, err := l.sign(staged)
	if err != nil {
		return err
	}
	mark := eventstore.Write{Stream: eventstore.Checkpoints, Next: l.marks, Records: []eventstore.Record{{Type: checkpointType, Data: text}}}
	if err := l.cfg.Store.Append(ctx, mark); err != nil {
		return fmt.Errorf("append checkpoint: %w", err)
	}
	l.checkpoint, l.marks = text, l.marks+1
	l.keeper.keep(text)
	return nil
}

// writeGenesis admits and appends index 0.
func (l *Ledger) writeGenesis(ctx context.Context) error {
	if l.cfg.Genesis == nil {
		return errors.New("the store is empty: give the genesis envelope that `ledger found` wrote")
	}
	e, err := seal.Parse(l.cfg.Genesis)
	if err != nil {
		return fmt.Errorf("genesis: %w", err)
	}
	at := l.cfg.Clock().UnixMicro()
	leaf := Leaf{RecordedAt: at, Envelope: e.Raw, Hash: translog.LeafHash(at, e.Raw)}
	if err := l.replayOne(leaf, true); err != nil {
		return err
	}
	record, err := recordOf(e, 0, at, leaf.Hash)
	if err != nil {
		return err
	}
	if v, err := l.verifier(); err != nil || v.KeyHash() != l.cfg.Signer.KeyHash() || l.state.Origin() != l.cfg.Signer.Name() {
		return fmt.Errorf("genesis: its log key and origin are not those of the log key given (%v)", err)
	}
	b := &batch{records: []eventstore.Record{record}, leaves: []domain.Hash{leaf.Hash}}
	if err := l.commit(ctx, b); err != nil {
		return err
	}
	l.checkpoint, l.marks = b.text, 1
	return nil
}
