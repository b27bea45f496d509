package ledger

import (
	"bytes"
	"context"
	"fmt"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

const checkpointType = "checkpoint"

// commitAll makes batches durable, one after the other.
func (l *Ledger) commitAll() {
	defer l.stopped.Done()
	for b := range l.batches {
		b.err = l.commit(context.Background(), b)
		l.done <- b
	}
}

// commit appends a batch, reads back what the store holds, and signs it. When
// it fails nothing of the batch is acknowledged.
func (l *Ledger) commit(ctx context.Context, b *batch) error {
	b.size, b.text = l.tree.Size(), l.Checkpoint()
	if len(b.records) == 0 {
		return nil
	}
	if err := l.broken(); err != nil {
		return err
	}
	staged, err := l.tree.Stage(b.leaves)
	if err != nil {
		return fmt.Errorf("hash events from %d: %w", b.first, err)
	}
	text, err := l.sign(staged)
	if err != nil {
		return err
	}
	journal := eventstore.Write{Stream: eventstore.Journal, Next: b.first, Records: b.records}
	mark := eventstore.Write{Stream: eventstore.Checkpoints, Next: l.marks, Records: []eventstore.Record{{Type: checkpointType, Data: text}}}
	if err := l.append(ctx, b, journal, mark); err != nil {
		return err
	}
	if err := l.tree.Commit(staged); err != nil {
		return fmt.Errorf("extend tree to %d: %w", staged.Size(), err)
	}
	b.size, b.text = staged.Size(), text
	l.keeper.keep(text)
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
func (l *Ledger) append(ctx context.Context, b *batch, journal, mark eventstore.Write) error {
	if l.cfg.Store.Atomic() {
		if err := l.cfg.Store.Append(ctx, journal, mark); err != nil {
			return fmt.Errorf("append from %d: %w", b.first, err)
		}
		return l.readBack(ctx, b)
	}
	if err := l.cfg.Store.Append(ctx, journal); err != nil {
		return fmt.Errorf("append from %d: %w", b.first, err)
	}
	if err := l.readBack(ctx, b); err != nil {
		return err
	}
	if err := l.cfg.Store.Append(ctx, mark); err != nil {
		return fmt.Errorf("append checkpoint of size %d: %w", b.first+uint64(len(b.records)), err)
	}
	return nil
}

// readBack hashes what the store really holds: a bit flipped on the way to
// the disk would otherwise be signed for ever.
func (l *Ledger) readBack(ctx context.Context, b *batch) error {
	i := 0
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Journal, b.first) {
		if err != nil {
			return fmt.Errorf("read back %d: %w", b.first+uint64(i), err)
		}
		leaf, err := leafOf(r)
		if err != nil {
			return fmt.Errorf("read back: %w", err)
		}
		if leaf.Hash != b.leaves[i] || !bytes.Equal(r.Data, b.records[i].Data) {
			return fmt.Errorf("the store changed event %d between write and read: nothing of this batch is signed", r.Revision)
		}
		if i++; i == len(b.records) {
			return nil
		}
	}
	return fmt.Errorf("the store returned %d of %d events just appended from %d", i, len(b.records), b.first)
}
