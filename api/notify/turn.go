package notify

import (
	"context"
	"errors"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
)

const (
	maxScan    = 2000                   // events looked at in a turn
	turnTime   = time.Second            // after which it is another's turn
	slowAnswer = time.Second            // from here on a receiver is slow
	saveEvery  = 16                     // notices told between saves: what a crash repeats at most
	saveAfter  = 100 * time.Millisecond // or this, if it comes first
	saveLooked = 256                    // events looked at without one to tell of, between saves
)

// turn tells one subscription of what is next, in order.
func (d *Deliverer) turn(ctx context.Context, j *job, size uint64) {
	began := d.cfg.Clock()
	j.savedAt = began
	if j.unsaved > 0 && !d.save(j) { // what could not be kept last time
		return
	}
	for looked := 0; j.at.Next < size && looked < maxScan && ctx.Err() == nil && d.cfg.Leading(); looked++ {
		n, ok := d.notice(j)
		if ok && !d.tell(ctx, j, n) {
			break
		}
		j.at.Next++
		j.next.Store(j.at.Next)
		if now := d.cfg.Clock(); ok && j.slow || now.Sub(began).Abs() >= turnTime {
			break
		} else if d.due(j, now) && !d.save(j) {
			return
		}
	}
	if j.unsaved > 0 || j.at.Next-j.saved >= saveLooked {
		d.save(j)
	}
}

func (d *Deliverer) due(j *job, now time.Time) bool {
	return j.unsaved >= saveEvery || j.unsaved > 0 && now.Sub(j.savedAt).Abs() >= saveAfter || j.at.Next-j.saved >= saveLooked
}

func (d *Deliverer) notice(j *job) (watch.Notice, bool) {
	e, ok := d.events.at(d.cfg.Views, j.at.Next)
	if !ok {
		return watch.Notice{}, false
	}
	return e.Tell(j.ID, j.Watch)
}

// tell delivers one notice and reports whether the receiver has it.
func (d *Deliverer) tell(ctx context.Context, j *job, n watch.Notice) bool {
	began := d.cfg.Clock()
	err := d.send(ctx, j.Subscription, n)
	now := d.cfg.Clock()
	if err != nil {
		if ctx.Err() == nil {
			d.fail(j, err, now)
		}
		return false
	}
	d.delivered.Add(1)
	j.unsaved++
	j.slow = now.Sub(began) >= slowAnswer
	j.at.Delivered++
	j.at.Failures, j.at.LastError, j.at.NextTry, j.at.LastTry = 0, "", time.Time{}, now.UTC()
	return true
}

func (d *Deliverer) fail(j *job, err error, now time.Time) {
	d.failures.Add(1)
	pause := d.cfg.Longest
	if j.at.Failures < 40 {
		pause = min(d.cfg.First<<j.at.Failures, d.cfg.Longest)
	}
	j.at.Failures++
	j.slow = true
	j.at.LastError, j.at.LastTry, j.at.NextTry = plain(err, d.cfg.Timeout), now.UTC(), now.Add(pause).UTC()
	if j.ready = now.Add(pause); j.at.Failures >= d.cfg.Tries || errors.Is(err, errGone) {
		j.at.Parked, j.at.NextTry = true, time.Time{}
		d.cfg.Log.Warn("a subscription is parked: its agency resumes it", "subscription", j.ID, "agency", j.Agency, "cause", j.at.LastError)
	}
	j.unsaved++ // there is something to keep
}

// save keeps how far a job went, and reports whether that is kept. A
// subscription that is gone has nothing to keep. One that cannot be kept waits:
// what it is told meanwhile would be told again.
func (d *Deliverer) save(j *job) bool {
	if j.unsaved == 0 && j.saved == j.at.Next {
		return true
	}
	if err := d.cfg.Store.advance(j.Subscription, j.at); err != nil && !errors.Is(err, ErrUnknown) {
		d.cfg.Log.Error("a subscription's progress was not kept: it waits, and may be told again", "subscription", j.ID, "cause", err)
		j.ready = d.cfg.Clock().Add(min(d.cfg.Rescan, d.cfg.Longest))
		return false
	}
	j.saved, j.unsaved, j.savedAt = j.at.Next, 0, d.cfg.Clock()
	return true
}
