package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// readCheckpoints finds the newest checkpoint, the lease, and the newest
// cosigned checkpoint. Signatures are checked once the log key is known.
func (l *Ledger) readCheckpoints(ctx context.Context) (signed translog.Checkpoint, err error) {
	if l.marks, err = l.cfg.Store.Next(ctx, eventstore.Checkpoints); err != nil {
		return signed, err
	}
	l.checkpoint, l.leasedAt = nil, 0
	newest := map[string]eventstore.Record{}
	for end := l.marks; end > 0 && l.checkpoint == nil; end -= min(end, marksAtOnce) {
		if err := l.readMarks(ctx, end-min(end, marksAtOnce), end, newest); err != nil {
			return signed, err
		}
		l.checkpoint = newest[checkpointType].Data
	}
	if l.checkpoint == nil { // signed with an earlier key, or ours is the wrong one
		l.checkpoint = newest[doubtfulType].Data
	}
	if r, ok := newest[leaseType]; ok && l.shared() {
		l.seeLease(r)
	}
	if l.checkpoint == nil {
		return signed, nil
	}
	l.cosignedBefore = newest[CosignedType]
	return translog.PeekCheckpoint(l.checkpoint)
}

// marksAtOnce is how many marks are read to find the newest of each kind. A
// lease is written again before it is further away.
const (
	marksAtOnce = 512
	leaseEvery  = marksAtOnce / 2
)

// doubtfulType stands for checkpoints that our key did not sign.
const doubtfulType = "checkpoint of another key"

// ownWord reports whether our key signed a checkpoint: it signs the same to the
// same bytes. Anything else may have been put there by anybody.
func (l *Ledger) ownWord(text []byte) bool {
	c, err := translog.PeekCheckpoint(text)
	if err != nil {
		return false
	}
	own, err := translog.SignCheckpoint(c, l.cfg.Signer)
	return err == nil && bytes.Equal(own, text)
}

// readMarks notes the newest record of each kind in a range, unless one above
// it is noted already.
func (l *Ledger) readMarks(ctx context.Context, from, to uint64, newest map[string]eventstore.Record) error {
	here := map[string]eventstore.Record{}
	next := from
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Checkpoints, from, to) {
		if err != nil {
			return fmt.Errorf("read checkpoint %d: %w", next, err)
		}
		next = r.Revision + 1
		if r.Type == checkpointType && !l.ownWord(r.Data) {
			here[doubtfulType] = r
			continue
		}
		here[r.Type] = r
	}
	if next < to {
		return fmt.Errorf("read checkpoint %d: it is not there: %w", next, eventstore.ErrUnavailable)
	}
	for kind, r := range here {
		if _, ok := newest[kind]; !ok {
			newest[kind] = r
		}
	}
	return nil
}

// adopt takes over what stands in the journal above the newest checkpoint: a
// crash, or another replica that lost its lease, left it there. It is verified
// and admitted like new events, then signed. From the first record that is not
// admissible on nothing is signed: the sequencer is returned with the rest of
// the journal in the batch that it builds, which only the voiding of that
// record can complete.
func (l *Ledger) adopt(ctx context.Context) (*sequencer, error) {
	l.mend(nil)
	s := l.newSequencer()
	var rogue *inadmissible
	first := l.state.Next()
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, first-min(first, 1), eventstore.Head) {
		if err != nil {
			return nil, fmt.Errorf("read the journal above the newest checkpoint: %w", err)
		}
		if r.Revision < first { // the one on which the rest stands
			if _, err := l.genuine(r, r.Revision); err != nil {
				return nil, err
			}
			continue
		}
		leaf := LeafOf(r)
		fact, err := replayOne(s.next, leaf, l.judge(true, &s.building.leaves))
		if err != nil && rogue == nil {
			rogue = &inadmissible{leaf.Index, err}
			if err := l.signAdopted(ctx, s); err != nil {
				return nil, errors.Join(err, rogue)
			}
		}
		if err != nil {
			s.next.Skip(leaf.Index, leaf.Hash)
		}
		s.building.stored++
		if err := s.building.keep(entry{leaf, fact}); err != nil {
			return nil, err
		}
	}
	if pending := s.next.Pending(); rogue != nil && len(pending) > 0 {
		l.mend(fmt.Errorf("event %d stands in the store above the newest checkpoint and is not admissible, so nothing from it on is signed until a quorum has voided%s: %s", rogue.index, named(pending), rogue.cause.Error()))
		return s, nil
	}
	return s, l.signAdopted(ctx, s)
}

// named lists records as `ledger void approve` takes them.
func named(pending []domain.Ref) string {
	const most = 16
	var list strings.Builder
	for _, p := range pending[:min(len(pending), most)] {
		fmt.Fprintf(&list, " %d:%s", p.Index, p.Leaf)
	}
	if more := len(pending) - most; more > 0 {
		fmt.Fprintf(&list, " and %d more", more)
	}
	return list.String()
}

// signAdopted signs what the sequencer holds so far, if that is not signed yet.
func (l *Ledger) signAdopted(ctx context.Context, s *sequencer) error {
	if err := l.ownKey(s.next); err != nil {
		return err
	}
	b := s.building
	if len(b.leaves) == 0 {
		return nil
	}
	if err := l.commit(ctx, b); err != nil {
		return err
	}
	s.next.Merge()
	l.publish(s.flight, b)
	l.reset(s)
	return nil
}

// mend notes, or forgets, why the journal cannot be signed to its end.
func (l *Ledger) mend(rogue error) {
	l.mu.Lock()
	l.rogue = rogue
	l.mu.Unlock()
	if rogue != nil {
		l.cfg.Log.Error("the ledger stops taking writes", "cause", rogue)
	}
}
