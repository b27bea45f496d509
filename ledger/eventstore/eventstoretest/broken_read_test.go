package eventstoretest

import (
	"context"
	"iter"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

type (
	sequence = iter.Seq2[eventstore.Record, error]
	readFunc = func(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence
)

func badRead(fault string, f readFunc, breaks ...string) brokenStore {
	return brokenStore{fault, breaks, func() eventstore.Store {
		return &faulty{Store: eventstore.Memory(), read: f}
	}}
}

func badFollow(fault string, f readFunc, breaks ...string) brokenStore {
	return brokenStore{fault, breaks, func() eventstore.Store {
		return &faulty{Store: eventstore.Memory(), follow: f}
	}}
}

func brokenReads() []brokenStore {
	return []brokenStore{
		badRead("reads from the revision after", fromNext, "a read starts at the revision asked for"),
		badRead("reads from the revision before", fromBefore,
			"a read starts at the revision asked for", "a read from the head or beyond yields nothing"),
		badRead("reads past the end of the range", readOn, "a read ends before the revision that it was told"),
		badRead("fails beyond the head", failBeyond, "a read from the head or beyond yields nothing"),
		badRead("swallows errors", swallow,
			"a read ends with its context's error", "an unknown stream is refused", "a closed store refuses every call"),
		badRead("repeats its error", repeatError, "a read ends with its context's error"),
		badRead("reads what comes later too", readLater, "a read ends though the loop appends"),
		badRead("counts revisions from one", fromOne, "revisions count from zero without gaps",
			"append assigns revisions whatever the caller put there"),
		badFollow("repeats the record at the seam", repeatSeam, "a follower sees every record once and in order"),
		badFollow("loses what is appended during catch-up", loseSeam,
			"a follower misses nothing between catching up and going live", "a follower sees every record once and in order"),
		badFollow("never goes live", giveUp, "followers keep up with a writer that does not wait for them"),
		badFollow("starts no later than the head", followFromHead, "a follower from beyond the head waits for that revision"),
		badFollow("reports the end of its context", loudEnd, "a follower ends silently with its context"),
		badFollow("outlives its context", deafToContext, "a follower ends silently with its context"),
		badFollow("follows the journal only", journalOnly, "a follower sees only its own stream"),
	}
}

func fromNext(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	if from > 0 {
		from++
	}
	return s.Read(ctx, stream, from, eventstore.Head)
}

func fromBefore(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	if from > 0 {
		from--
	}
	return s.Read(ctx, stream, from, eventstore.Head)
}

func readOn(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return s.Read(ctx, stream, from, eventstore.Head)
}

func failBeyond(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	if next, err := s.Next(ctx, stream); err == nil && from > next {
		return func(yield func(eventstore.Record, error) bool) {
			yield(eventstore.Record{}, eventstore.ErrUnavailable)
		}
	}
	return s.Read(ctx, stream, from, eventstore.Head)
}

func swallow(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range s.Read(ctx, stream, from, eventstore.Head) {
			if err != nil || !yield(r, nil) {
				return
			}
		}
	}
}

func repeatError(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range s.Read(ctx, stream, from, eventstore.Head) {
			if !yield(r, err) || (err != nil && !yield(r, err)) {
				return
			}
		}
	}
}

func readLater(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return func(yield func(eventstore.Record, error) bool) {
		for more := true; more; {
			more = false
			for r, err := range s.Read(ctx, stream, from, eventstore.Head) {
				if !yield(r, err) {
					return
				}
				from, more = from+1, err == nil
			}
		}
	}
}

func fromOne(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range s.Read(ctx, stream, from, eventstore.Head) {
			r.Revision++
			if !yield(r, err) {
				return
			}
		}
	}
}

// repeatSeam goes live one record too early.
func repeatSeam(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range s.Read(ctx, stream, from, eventstore.Head) {
			if err != nil || !yield(r, nil) {
				return
			}
			from = r.Revision
		}
		s.Follow(ctx, stream, from)(yield)
	}
}

// loseSeam goes live where the head is when it has caught up.
func loseSeam(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range s.Read(ctx, stream, from, eventstore.Head) {
			if err != nil || !yield(r, nil) {
				return
			}
		}
		next, _ := s.Next(ctx, stream)
		s.Follow(ctx, stream, next+1)(yield)
	}
}

// giveUp ends instead of going live.
func giveUp(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return s.Read(ctx, stream, from, eventstore.Head)
}

func followFromHead(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	if next, err := s.Next(ctx, stream); err == nil {
		from = min(from, next)
	}
	return s.Follow(ctx, stream, from)
}

func loudEnd(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	return func(yield func(eventstore.Record, error) bool) {
		for r, err := range s.Follow(ctx, stream, from) {
			if !yield(r, err) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(eventstore.Record{}, err)
		}
	}
}

// deafToContext goes on until the store is closed.
func deafToContext(ctx context.Context, s eventstore.Store, stream string, from uint64) sequence {
	if ctx.Err() != nil {
		return func(func(eventstore.Record, error) bool) {}
	}
	return s.Follow(context.WithoutCancel(ctx), stream, from)
}

func journalOnly(ctx context.Context, s eventstore.Store, _ string, from uint64) sequence {
	return s.Follow(ctx, eventstore.Journal, from)
}
