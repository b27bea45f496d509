package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const (
	forwardsAtOnce  = 2 // one under way, one on top of it: as the sequencer does
	forwardPatience = 10 * time.Second
	// A replica that was given the lease may still be stepping up.
	movedPatience = 500 * time.Millisecond
)

// forwardAll hands submissions to the replica that orders events, in batches
// of whatever has queued up.
func (l *Ledger) forwardAll(ctx context.Context) {
	slots := make(chan struct{}, forwardsAtOnce)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		select {
		case it := <-l.outbox:
			items := l.gather(it)
			l.stopped.Go(func() {
				defer func() { <-slots }()
				l.forward(ctx, items)
			})
		case <-ctx.Done():
			return
		}
	}
}

func (l *Ledger) gather(first *item) []*item {
	items, bytes := []*item{first}, len(first.envelope.Raw)
	for len(items) < maxBatch && bytes < maxBatchBytes {
		select {
		case it := <-l.outbox:
			items, bytes = append(items, it), bytes+len(it.envelope.Raw)
		default:
			return items
		}
	}
	return items
}

func (l *Ledger) forward(ctx context.Context, items []*item) {
	leading, holder := l.lease()
	outcomes, err := l.ask(ctx, leading, holder, items)
	if err != nil && !leading {
		l.claim(holder)
	}
	moved, recorded, last := false, items[:0:0], uint64(0)
	for i, it := range items {
		if err != nil {
			it.settle(fmt.Errorf("%w: %w", errMoved, err))
			continue
		}
		moved = moved || outcomes[i].Moved
		if it.take(outcomes[i]) {
			recorded, last = append(recorded, it), max(last, it.index)
		}
	}
	l.stopped.Go(func() { l.arrive(ctx, recorded, last); l.sent.drop(items) })
	l.stubborn(holder, moved)
}

const arrivePatience = time.Second

// arrive settles what another replica recorded once the last of it is committed
// here: one waits for the batch, not each for its own event. After a while each
// does, and says why it had to.
func (l *Ledger) arrive(ctx context.Context, recorded []*item, last uint64) {
	ctx, cancel := context.WithTimeout(ctx, arrivePatience)
	defer cancel()
	if len(recorded) > 0 {
		_ = l.commits(ctx, last+1)
	}
	for _, it := range recorded {
		it.settle(nil)
	}
}

func (l *Ledger) ask(ctx context.Context, leading bool, holder string, items []*item) ([]Outcome, error) {
	if leading || holder == l.cfg.Name {
		return nil, errMoved
	}
	if l.cfg.Peers == nil || holder == "" {
		return nil, errors.New("no replica is known that orders the events")
	}
	forwarded := make([]Forwarded, len(items))
	for i, it := range items {
		forwarded[i] = Forwarded{Envelope: it.envelope.Raw, Verified: it.verified}
	}
	l.sent.add(items)
	ctx, cancel := context.WithTimeout(ctx, forwardPatience)
	defer cancel()
	l.cancelWhenTurned(ctx, cancel)
	outcomes, err := l.cfg.Peers.Forward(ctx, holder, forwarded)
	if err == nil && len(outcomes) != len(items) {
		err = fmt.Errorf("%s answered %d of %d submissions", holder, len(outcomes), len(items))
	}
	return outcomes, err
}

// cancelWhenTurned gives up on a holder that has lost the lease meanwhile.
func (l *Ledger) cancelWhenTurned(ctx context.Context, cancel func()) {
	l.mu.RLock()
	turned := l.replica.turned
	l.mu.RUnlock()
	l.stopped.Go(func() {
		select {
		case <-turned:
			cancel()
		case <-ctx.Done():
		}
	})
}

// claim asks for the lease, because its holder cannot be reached.
func (l *Ledger) claim(holder string) {
	select {
	case l.replica.claims <- holder:
	default:
	}
}

// stubborn claims the lease from a replica that goes on saying that it does not
// order events.
func (l *Ledger) stubborn(holder string, moved bool) {
	l.mu.Lock()
	first := moved && l.replica.moved != holder
	if l.replica.moved = ""; moved {
		l.replica.moved = holder
	}
	l.mu.Unlock()
	if !first {
		return
	}
	time.AfterFunc(movedPatience, func() {
		l.mu.Lock()
		still := l.replica.moved == holder && l.replica.holder == holder
		if l.replica.moved == holder {
			l.replica.moved = "" // its next answer of that kind counts anew
		}
		l.mu.Unlock()
		if still {
			l.claim(holder)
		}
	})
}

// take notes what another replica decided. It settles the item unless that
// recorded it.
func (it *item) take(o Outcome) (recorded bool) {
	it.afar = true
	switch {
	case o.Moved:
		it.settle(errMoved)
	case o.Malformed != nil:
		it.settle(o.Malformed)
	case o.Failure != "":
		it.settle(fmt.Errorf("%w: %s", ErrNotReady, o.Failure))
	case o.Refusal != nil:
		it.refusal, it.signed = o.Refusal, o.Signed
		it.settle(nil)
	default:
		it.index, it.leaf, it.at, it.replayed = o.Index, o.Leaf, o.RecordedAt, o.Replayed
		return true
	}
	return false
}

const awaitPatience = 10 * time.Second

// await waits until an event that another replica recorded is committed here,
// and prepares its receipt: it proves what this replica saw in the store.
func (l *Ledger) await(ctx context.Context, it *item) error {
	if err := l.commits(ctx, it.index+1); err != nil {
		return fmt.Errorf("submit, recorded as event %d: %w", it.index, err)
	}
	l.mu.RLock()
	it.size, it.text = l.state.Next(), l.checkpoint
	l.mu.RUnlock()
	return l.sawIt(it)
}

// commits waits until so many events are committed here. It fails with
// ErrNotReady when that takes too long, ErrClosed or the context's error.
func (l *Ledger) commits(ctx context.Context, size uint64) error {
	late := time.NewTimer(awaitPatience)
	defer late.Stop()
	for {
		l.mu.RLock()
		have, grown := l.state.Next(), l.grown
		l.mu.RUnlock()
		if have >= size {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			return fmt.Errorf("%w: this replica has seen %d events, not yet %d: submit it again", ErrNotReady, have, size)
		case <-l.stop:
			return ErrClosed
		}
	}
}

func (l *Ledger) sawIt(it *item) error {
	leaf, err := l.leafHash(it.index)
	if err == nil && leaf != it.leaf {
		err = fmt.Errorf("another replica says that it recorded %s as event %d, the journal holds %s: stop that replica", it.leaf, it.index, leaf)
	}
	return err
}

// leafHash returns the hash of a committed leaf, from memory if it is there.
func (l *Ledger) leafHash(index uint64) (domain.Hash, error) {
	l.mu.RLock()
	kept := l.recent.from(index)
	l.mu.RUnlock()
	if len(kept) > 0 {
		return kept[0].leaf.Hash, nil
	}
	return l.tree.Leaf(index)
}
