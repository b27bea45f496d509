package esdb

import (
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// While the server is away a follower asks again after these waits.
const (
	firstWait = 100 * time.Millisecond
	lastWait  = 5 * time.Second
)

// Follow yields the records from revision from for ever, until ctx ends. While
// the server is away it waits and tries again, which it logs once; it ends with
// *eventstore.Corrupt if a record is missing or the stream has become shorter.
func (s *Store) Follow(ctx context.Context, stream string, from uint64) iter.Seq2[eventstore.Record, error] {
	return func(yield func(eventstore.Record, error) bool) {
		err := eventstore.CheckStream(stream)
		if err == nil {
			f := &follower{store: s, stream: stream, next: from, yield: yield}
			err = f.run(ctx)
		}
		if err != nil && ctx.Err() == nil {
			yield(eventstore.Record{}, err)
		}
	}
}

// follower is one Follow in progress.
type follower struct {
	store  *Store
	stream string
	next   uint64 // the revision that is due
	gap    bool   // it was missing once
	away   bool   // the outage was logged
	yield  yieldFunc
}

// run subscribes again and again. It returns nil when the loop was left.
func (f *follower) run(ctx context.Context) error {
	ctx, done, err := f.store.reading(ctx)
	if err != nil {
		return err
	}
	defer done()
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		before := f.next
		err := f.subscribe(ctx)
		if err == nil || errors.Is(err, eventstore.ErrCorrupt) {
			return err
		}
		if f.next > before {
			wait = firstWait
		}
		f.report(err)
		if err := sleep(ctx, wait); err != nil {
			return f.store.cutShort(ctx, err)
		}
	}
}

// report logs the beginning of an outage, and its end when err is nil.
func (f *follower) report(err error) {
	switch {
	case err != nil && !f.away:
		f.store.log.Warn("event store: following is interrupted, it goes on when the server is back",
			"stream", f.stream, "revision", f.next, "error", err.Error())
	case err == nil && f.away:
		f.store.log.Info("event store: following goes on", "stream", f.stream, "revision", f.next)
	}
	f.away = err != nil
}

// subscribe yields records until the subscription or the loop ends. First it
// makes sure that the stream still holds what was yielded: a subscription that
// begins beyond the end waits in silence.
func (f *follower) subscribe(ctx context.Context) error {
	if _, err := f.store.head(ctx, f.stream); err != nil {
		return err
	}
	a, err := f.store.ask(ctx, f.stream, f.request())
	if err != nil {
		return err
	}
	defer a.close()
	if first, err := a.recv(); err != nil || first.GetConfirmation() == nil {
		return f.ended(err)
	}
	f.report(nil)
	for {
		message, err := a.await()
		if err == nil {
			err = f.store.cutShort(ctx, nil)
		}
		if err != nil {
			return f.ended(err)
		}
		r, due, err := f.store.record(f.stream, message, f.next)
		if err != nil {
			return f.missed(err)
		}
		if !due {
			continue
		}
		f.next, f.gap = f.next+1, false
		if !f.yield(r, nil) {
			return nil
		}
	}
}

// request subscribes after the last record yielded.
func (f *follower) request() *streams.ReadReq_Options {
	at := &streams.ReadReq_Options_StreamOptions{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(f.store.prefix + f.stream)},
		RevisionOption:   &streams.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}},
	}
	if f.next > 0 {
		after := min(f.next-1, math.MaxInt64-1)
		at.RevisionOption = &streams.ReadReq_Options_StreamOptions_Revision{Revision: after}
	}
	return &streams.ReadReq_Options{
		StreamOption: &streams.ReadReq_Options_Stream{Stream: at},
		CountOption:  &streams.ReadReq_Options_Subscription{Subscription: &streams.ReadReq_Options_SubscriptionOptions{}},
	}
}

// ended makes an error of a subscription's end, whatever the server meant.
func (f *follower) ended(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return errors.New("the server ended the subscription")
	}
	return err
}

// missed asks once more for a record that the server skipped, before it is
// taken to be missing.
func (f *follower) missed(err error) error {
	if f.gap {
		return err
	}
	f.gap = true
	return errors.New(err.Error()) // no longer a *Corrupt
}
