package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// errMoved says that a submission was not decided because the right to order
// events moved, or may have: it goes through the front door again, where it is
// found if it was recorded after all.
var errMoved = errors.New("another replica may order the events now")

// replica is this ledger's place among those that share its store, guarded by
// Ledger.mu.
type replica struct {
	leading bool
	holder  string        // name of the replica that took the lease last, "" before the first
	turned  chan struct{} // closed and replaced when leading or holder changes
	contact time.Time     // when the store last answered
	away    error         // why it does not, nil while it does
	unsure  bool          // our last append failed: one must succeed before this replica orders events

	moved string // the holder that says that it does not order events, "" for none

	claims chan string   // holders that could not be reached
	longer chan uint64   // lengths of the journal, from watch
	nudge  chan struct{} // there are marks that were not seen, from watch
}

func newReplica(now time.Time) replica {
	return replica{turned: make(chan struct{}), contact: now, claims: make(chan string, 1), longer: make(chan uint64, 1), nudge: make(chan struct{}, 1)}
}

// shared reports whether others may append to the store. An atomic store is
// this process's own.
func (l *Ledger) shared() bool { return !l.cfg.Store.Atomic() }

// Leading reports whether this replica orders the events. With a store of
// one's own it always does.
func (l *Ledger) Leading() bool {
	leading, _ := l.lease()
	return leading
}

func (l *Ledger) lease() (leading bool, holder string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.replica.leading, l.replica.holder
}

func (l *Ledger) turn(leading bool, holder string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.replica.leading == leading && l.replica.holder == holder {
		return
	}
	l.replica.leading, l.replica.holder = leading, holder
	close(l.replica.turned)
	l.replica.turned = make(chan struct{})
}

// Contact returns when the store last answered. A store of one's own always
// does.
func (l *Ledger) Contact() time.Time {
	if !l.shared() {
		return l.cfg.Clock()
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.replica.contact
}

// reached notes what came of a call of the store.
func (l *Ledger) reached(err error) {
	now := l.cfg.Clock()
	l.mu.Lock()
	was := l.replica.away
	if err == nil {
		l.replica.contact = now
	}
	if err != nil || !l.replica.unsure {
		l.replica.away = err
	}
	is := l.replica.away
	l.mu.Unlock()
	switch {
	case was == nil && err != nil:
		l.cfg.Log.Warn("the event store does not answer: reads go on, writes do not", "cause", err)
	case was != nil && is == nil:
		l.cfg.Log.Info("the event store answers again")
	}
}

// doubt notes whether appends have to show that they are taken again.
func (l *Ledger) doubt(unsure bool) {
	l.mu.Lock()
	l.replica.unsure = unsure
	l.mu.Unlock()
}

// passes reports whether an error of the store may be gone after another look
// at it: the outcome is to be read, or somebody else was first.
func passes(err error) bool {
	return isConflict(err) || errors.Is(err, eventstore.ErrUnknownOutcome) || errors.Is(err, eventstore.ErrUnavailable) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

func isConflict(err error) bool {
	var conflict *eventstore.Conflict
	return errors.As(err, &conflict)
}

// run alternates between following the replica that orders events and being
// it. It owns state, tree and marks. checking ends when the ledger closes.
func (l *Ledger) run(ctx, checking context.Context, s *sequencer) {
	defer close(l.batches)
	defer close(l.ended)
	for {
		if s == nil {
			if s = l.follow(checking); s == nil {
				l.turnAway()
				return
			}
		}
		if closed := l.lead(ctx, s); closed {
			return
		}
		s = nil
	}
}

// lead orders events until the ledger closes or the right to do so is lost.
func (l *Ledger) lead(ctx context.Context, s *sequencer) (closed bool) {
	l.turn(true, l.cfg.Name)
	err := l.sequence(ctx, s)
	if err == nil {
		return true
	}
	_, holder := l.lease()
	l.turn(false, holder)
	l.cfg.Log.Info("this replica stops ordering events", "cause", err)
	return false
}

const probeEvery, probePatience = 2 * time.Second, 5 * time.Second

// watch looks at the store now and then: whether it answers, whether anything
// acknowledged is missing, and whether somebody else wrote into the journal.
func (l *Ledger) watch(ctx context.Context) {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := l.probe(ctx); ctx.Err() == nil {
				l.reached(err)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (l *Ledger) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	l.mu.RLock()
	size, marks := l.state.Next(), l.marks
	l.mu.RUnlock()
	events, err := l.cfg.Store.Next(ctx, eventstore.Journal)
	if err != nil {
		return err
	}
	if events < size {
		l.fail(shorter("what this ledger signed", size, events))
	}
	signed, err := l.cfg.Store.Next(ctx, eventstore.Checkpoints)
	if err != nil {
		return err
	}
	if signed < marks {
		l.fail(fmt.Errorf("the store holds %d signed checkpoints, this ledger has seen %d: %w", signed, marks, errShorter))
	}
	select {
	case l.replica.longer <- events:
	default:
	}
	if signed > marks && !l.Leading() {
		select {
		case l.replica.nudge <- struct{}{}:
		default:
		}
	}
	return nil
}
