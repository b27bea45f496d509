package ledger

import (
	"context"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// commitAll makes batches durable, one after the other.
func (l *Ledger) commitAll(ctx context.Context) {
	for b := range l.batches {
		b.err = l.commit(ctx, b)
		l.done <- struct{}{}
	}
}

// commit appends a batch, reads back what the store holds, and signs it. When
// it fails nothing of the batch is acknowledged, whatever the store has kept.
func (l *Ledger) commit(ctx context.Context, b *batch) error {
	if err := l.failed(); err != nil {
		return err
	}
	b.size, b.text = l.tree.Size(), l.Checkpoint()
	if !b.signs() {
		return l.keepProof(ctx, b)
	}
	if b.size != b.first {
		return fmt.Errorf("the batch begins at %d, the tree ends at %d", b.first, b.size)
	}
	staged, err := l.tree.Stage(b.leaves)
	if err != nil {
		return fmt.Errorf("hash events from %d: %w", b.first, err)
	}
	text, err := l.sign(staged)
	if err != nil {
		return err
	}
	again, err := l.renewal()
	if err != nil {
		return err
	}
	marks := l.marksOf(eventstore.Record{Type: checkpointType, Data: text}, append(b.witnessed(), again...)...)
	if err := l.append(ctx, b, marks); err != nil {
		return err
	}
	l.marked(marks)
	if err := l.tree.Commit(staged); err != nil {
		return fmt.Errorf("extend tree to %d: %w", staged.Size(), err)
	}
	b.size, b.text = staged.Size(), text
	l.keeper.keep(text)
	return nil
}

// keepProof appends the cosigned checkpoint that waits, if there is one.
func (l *Ledger) keepProof(ctx context.Context, b *batch) error {
	if b.proof == nil {
		return nil
	}
	marks := l.marksOf(b.witnessed()[0])
	if err := l.cfg.Store.Append(ctx, marks); err != nil {
		return fmt.Errorf("append cosigned checkpoint: %w", err)
	}
	l.marked(marks)
	return nil
}

func (l *Ledger) sign(staged *translog.Staged) ([]byte, error) {
	text, err := translog.SignCheckpoint(translog.Checkpoint{Origin: l.cfg.Signer.Name(), Size: staged.Size(), Root: staged.Root()}, l.cfg.Signer)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint of size %d: %w", staged.Size(), err)
	}
	return text, nil
}

// append writes both streams: at once where the store can, otherwise the
// checkpoint only after the records were read back.
func (l *Ledger) append(ctx context.Context, b *batch, mark eventstore.Write) error {
	from := b.first + b.stored
	journal := eventstore.Write{Stream: eventstore.Journal, Next: from, Records: b.records}
	if len(b.records) > 0 && l.cfg.Store.Atomic() {
		if err := l.cfg.Store.Append(ctx, journal, mark); err != nil {
			return fmt.Errorf("append from %d: %w", from, err)
		}
		return l.readBack(ctx, b)
	}
	if len(b.records) > 0 {
		if err := l.cfg.Store.Append(ctx, journal); err != nil {
			return fmt.Errorf("append from %d: %w", from, err)
		}
		if err := l.readBack(ctx, b); err != nil {
			return err
		}
	}
	if err := l.cfg.Store.Append(ctx, mark); err != nil {
		return fmt.Errorf("append checkpoint of size %d: %w", b.end(), err)
	}
	return nil
}

// readBack hashes what the store really holds: a bit flipped on the way to
// the disk would otherwise be signed for ever.
func (l *Ledger) readBack(ctx context.Context, b *batch) error {
	from := b.first + b.stored
	next := from - min(from, 1) // with the event before, on which the batch rests
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, next, b.end()) {
		if err != nil {
			return fmt.Errorf("read back %d: %w", next, err)
		}
		want, err := l.leafUnder(b, next)
		if err != nil {
			return err
		}
		if leaf := LeafOf(r); leaf.Index != next || leaf.Hash != want {
			return fmt.Errorf("the store holds another event %d than was written: nothing from it on is acknowledged", next)
		}
		next++
	}
	if next < b.end() {
		return fmt.Errorf("the store returned %d of %d events just appended from %d", next-from, len(b.records), from)
	}
	return nil
}

func (l *Ledger) leafUnder(b *batch, index uint64) (domain.Hash, error) {
	if index < b.first {
		return l.tree.Leaf(index)
	}
	return b.leaves[index-b.first], nil
}
