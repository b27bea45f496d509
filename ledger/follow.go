package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// A follower tries to take over no more often than this, and ever more rarely
// while the store does not answer.
const soonest, latest = 50 * time.Millisecond, 2 * time.Second

// follow keeps up with what other replicas sign, until this one is to order
// events; then it returns the sequencer for that. It returns nil when the
// ledger closes.
func (l *Ledger) follow(ctx context.Context) *sequencer {
	var pumping sync.WaitGroup
	defer pumping.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	marks, from := make(chan mark), l.marks
	pumping.Go(func() { l.pump(ctx, from, marks) })
	f := follower{wanted: l.ownLease(), wait: l.penance}
	for {
		select {
		case m := <-marks:
			l.follows(ctx, &f, m)
		case f.rival = <-l.replica.claims:
			f.wanted = l.failed() == nil
		case it := <-l.queue:
			it.move()
		case <-l.replica.nudge:
			f.missed = true
		case <-f.again():
			if s := l.tryAgain(ctx, &f); s != nil {
				return s
			}
		case <-l.stop:
			return nil
		}
	}
}

// follower is what a following replica has in mind.
type follower struct {
	wanted bool   // to order events
	rival  string // in the place of this replica, "" of nobody
	missed bool   // marks, because the store did not answer
	wait   time.Duration
	timer  <-chan time.Time // to the next attempt; nil while none is due
}

// again is the timer of the next attempt. Whatever else happens meanwhile, it
// goes on: claims that come in quick succession would put it off for ever.
func (f *follower) again() <-chan time.Time {
	switch {
	case !f.wanted && !f.missed:
		f.timer = nil
	case f.timer == nil:
		f.timer = time.After(f.wait)
	}
	return f.timer
}

// follows takes in a mark, with those before it that were missed.
func (l *Ledger) follows(ctx context.Context, f *follower, m mark) {
	err := m.err
	switch {
	case err != nil || m.record.Revision < l.marks:
	case m.record.Revision == l.marks:
		err = l.observe(ctx, m.record)
	default:
		err = l.observeAll(ctx)
	}
	l.meet(ctx, err)
	if err == nil {
		f.wait, f.timer = 0, nil
	}
	f.missed = err != nil && l.failed() == nil
	f.wanted = f.wanted && l.ownLease()
}

// tryAgain does what could not be done, or was not wanted, before.
func (l *Ledger) tryAgain(ctx context.Context, f *follower) (s *sequencer) {
	var err error
	f.timer = nil
	if f.wanted {
		s, err = l.tryStepUp(ctx, f.rival)
		f.wanted = err != nil && !errors.Is(err, errMoved) && !isConflict(err)
	} else {
		err = l.observeAll(ctx)
	}
	l.meet(ctx, err)
	f.missed, f.wanted = err != nil, (f.wanted || l.ownLease()) && l.failed() == nil
	if f.wait = min(max(2*f.wait, soonest), latest); err == nil {
		f.wait = 0
	}
	l.penance = f.wait
	return s
}

// ownLease reports whether nobody else has the lease.
func (l *Ledger) ownLease() bool {
	_, holder := l.lease()
	return (holder == "" || holder == l.cfg.Name) && l.failed() == nil
}

// mark is a record of the checkpoints stream, or why there are no more.
type mark struct {
	record eventstore.Record
	err    error
}

func (l *Ledger) pump(ctx context.Context, from uint64, marks chan<- mark) {
	for wait := soonest; ctx.Err() == nil; wait = min(2*wait, latest) {
		for r, err := range l.cfg.Store.Follow(ctx, eventstore.Checkpoints, from) {
			if err == nil {
				from, wait = r.Revision+1, soonest
			}
			select {
			case marks <- mark{r, err}:
			case <-ctx.Done():
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

// meet does what an error of the store calls for: wait for better days, or
// stop signing.
func (l *Ledger) meet(ctx context.Context, err error) {
	switch {
	case err == nil:
		l.reached(nil)
	case ctx.Err() != nil || errors.Is(err, errMoved) || isConflict(err):
	case passes(err):
		l.reached(err)
	default:
		l.fail(err)
	}
}

// observeAll takes in the checkpoints stream from where this replica stands.
func (l *Ledger) observeAll(ctx context.Context) error {
	for r, err := range l.cfg.Store.Read(ctx, eventstore.Checkpoints, l.marks, eventstore.Head) {
		if err == nil {
			err = l.observe(ctx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// observe takes in the next record of the checkpoints stream.
func (l *Ledger) observe(ctx context.Context, r eventstore.Record) error {
	var err error
	switch r.Type {
	case leaseType:
		l.seeLease(r)
	case CosignedType:
		l.seeCosigned(r)
	case checkpointType:
		err = l.seeCheckpoint(ctx, r)
	}
	if err == nil {
		l.mu.Lock()
		l.marks = r.Revision + 1
		l.mu.Unlock()
	}
	return err
}

func (l *Ledger) seeCheckpoint(ctx context.Context, r eventstore.Record) error {
	c, err := l.openCheckpoint(l.state, r.Data)
	if l.state.Next() == 0 && l.ownWord(r.Data) { // the key stands in genesis
		c, err = translog.PeekCheckpoint(r.Data)
	}
	if err != nil {
		l.cfg.Log.Error("a record among the checkpoints is not signed by the log and is ignored", "revision", r.Revision, "cause", err)
		return nil
	}
	if c.Size <= l.tree.Size() {
		return l.matches(ctx, "a checkpoint of another replica", c)
	}
	if l.advance(ctx, c, r.Data, l.offered, false) == nil {
		return nil
	}
	err = l.advance(ctx, c, r.Data, l.stored, false)
	var doubt *inadmissible
	if errors.As(err, &doubt) {
		err = l.advance(ctx, c, r.Data, l.stored, true)
	}
	return err
}

// advance commits the events that a checkpoint of another replica covers.
// Wherever they come from, they must give its root.
func (l *Ledger) advance(ctx context.Context, c translog.Checkpoint, text []byte, from source, verify bool) error {
	first := l.state.Next()
	over := l.state.Fork()
	b := &batch{first: first}
	if err := replayTo(over, from(ctx, first, c.Size), l.judge(verify, &b.leaves), b.keep); err != nil {
		return err
	}
	if have := over.Next(); have < c.Size {
		return shorter("a checkpoint of another replica", c.Size, have)
	}
	if p := over.Pending(); len(p) > 0 {
		return fmt.Errorf("event %d is covered by a checkpoint of another replica, but it is not admissible and not voided", p[0].Index)
	}
	staged, err := l.tree.Stage(b.leaves)
	if err != nil {
		return err
	}
	if staged.Root() != c.Root {
		return differs("a checkpoint of another replica", c, staged.Root(), fmt.Sprintf(" at or after event %d", first))
	}
	if _, err := l.openCheckpoint(over, text); err != nil {
		return fmt.Errorf("a checkpoint of another replica: %w", err)
	}
	if err := l.tree.Commit(staged); err != nil {
		return fmt.Errorf("extend tree to %d: %w", c.Size, err)
	}
	b.size, b.text = c.Size, text
	l.publish(over, b)
	l.mend(nil) // what stood in the way is voided
	l.keeper.keep(text)
	return nil
}

// tryStepUp makes this replica the one that orders events: it takes in what was
// signed, takes the lease unless it has it, and adopts the unsigned tail. It
// does so only against one rival, "" for none: another may be well.
func (l *Ledger) tryStepUp(ctx context.Context, rival string) (*sequencer, error) {
	if err := l.observeAll(ctx); err != nil {
		return nil, err
	}
	if err := l.failed(); err != nil {
		return nil, err
	}
	if _, holder := l.lease(); holder != rival && !l.ownLease() {
		return nil, fmt.Errorf("%s has the lease now: %w", holder, errMoved)
	}
	if err := cmp.Or(l.mayLead(), l.survey(ctx)); err != nil {
		return nil, err
	}
	if err := l.takeLease(ctx); err != nil {
		return nil, err
	}
	return l.adopt(ctx)
}

// publish makes what a batch holds part of the committed ledger. over is the
// overlay with its facts.
func (l *Ledger) publish(over *domain.State, b *batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	over.Merge()
	l.checkpoint = b.text
	l.recent.add(b)
	close(l.grown)
	l.grown = make(chan struct{})
}
