package eventstoretest

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

type appendFunc = func(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error

func badAppend(fault string, f appendFunc, breaks ...string) brokenStore {
	return brokenStore{fault, breaks, func() eventstore.Store {
		return &faulty{Store: eventstore.Memory(), append: f}
	}}
}

// edited appends what edit makes of each write.
func edited(edit func(w eventstore.Write) eventstore.Write) appendFunc {
	return func(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
		var changed []eventstore.Write
		for _, w := range writes {
			w.Records = slices.Clone(w.Records)
			changed = append(changed, edit(w))
		}
		return s.Append(ctx, changed...)
	}
}

func brokenAppends() []brokenStore {
	return []brokenStore{
		badAppend("loses the last record of a batch", edited(loseLast),
			"the records of one append stand in the order given", "revisions count from zero without gaps"),
		badAppend("swaps the records of a batch", edited(swap), "the records of one append stand in the order given"),
		badAppend("re-encodes data", edited(trim), "records come back byte for byte"),
		badAppend("writes everything into the journal", edited(merge),
			"the two streams do not mix", "a follower sees only its own stream"),
		badAppend("stores at the head whatever was expected", atHead(0, math.MaxUint64),
			"an append behind the head is refused as a conflict", "a reopened store goes on at the next revision"),
		badAppend("closes gaps silently", beyond, "an append beyond the head is refused as a conflict"),
		badAppend("keeps the first record of a refused batch", keepFirst, "a refused append leaves nothing behind"),
		badAppend("writes stream by stream", oneByOne, "an append to several streams is all or nothing"),
		badAppend("calls every conflict unknown", hideConflict,
			"an append behind the head is refused as a conflict", "of concurrent appenders exactly one wins each revision"),
		badAppend("reports the wrong head", wrongHead, "an append behind the head is refused as a conflict"),
		badAppend("checks, then writes", checkThenWrite, "of concurrent appenders exactly one wins each revision"),
		badAppend("writes record by record", recordByRecord, "a reader never sees part of an append"),
		badAppend("takes anything", lax, "an empty append is refused", "an unknown stream is refused",
			"a stream named twice in one append is refused", "a record without a proper type is refused", "a record without an id is refused"),
		badAppend("refuses large appends", small, "an append of the greatest size is taken and a larger one refused"),
		badAppend("ignores its context", func(ctx context.Context, s eventstore.Store, w []eventstore.Write) error {
			return s.Append(context.WithoutCancel(ctx), w...)
		}, "an append with an ended context writes nothing"),
		badAppend("forgets the second stream now and then", forgetSecond, "any sequence of calls agrees with a model"),
	}
}

func loseLast(w eventstore.Write) eventstore.Write {
	if len(w.Records) > 1 {
		w.Records = w.Records[:len(w.Records)-1]
	}
	return w
}

func swap(w eventstore.Write) eventstore.Write {
	if len(w.Records) > 1 {
		w.Records[0], w.Records[1] = w.Records[1], w.Records[0]
	}
	return w
}

func trim(w eventstore.Write) eventstore.Write {
	for i := range w.Records {
		w.Records[i].Data = bytes.TrimSpace(w.Records[i].Data)
	}
	return w
}

func merge(w eventstore.Write) eventstore.Write {
	w.Stream = eventstore.Journal
	return w
}

// atHead ignores expectations from low to high.
func atHead(low, high uint64) appendFunc {
	return func(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
		writes = slices.Clone(writes)
		for i, w := range writes {
			if next, err := s.Next(ctx, w.Stream); err == nil && w.Next >= low && w.Next <= high {
				writes[i].Next = next
			}
		}
		return s.Append(ctx, writes...)
	}
}

func beyond(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	conflict := new(eventstore.Conflict)
	err := s.Append(ctx, writes...)
	if errors.As(err, &conflict) && conflict.Want > conflict.Have {
		return atHead(conflict.Have, math.MaxUint64)(ctx, s, writes)
	}
	return err
}

func keepFirst(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	conflict := new(eventstore.Conflict)
	err := s.Append(ctx, writes...)
	if errors.As(err, &conflict) && len(writes[0].Records) > 1 {
		_ = s.Append(ctx, write(conflict.Stream, conflict.Have, writes[0].Records[0]))
	}
	return err
}

func oneByOne(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	if err := eventstore.Check(writes...); err != nil {
		return err
	}
	for _, w := range writes {
		if err := s.Append(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func hideConflict(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	conflict := new(eventstore.Conflict)
	err := s.Append(ctx, writes...)
	if errors.As(err, &conflict) {
		return eventstore.ErrUnknownOutcome
	}
	return err
}

func wrongHead(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	conflict := new(eventstore.Conflict)
	err := s.Append(ctx, writes...)
	if errors.As(err, &conflict) {
		conflict.Have--
	}
	return err
}

func checkThenWrite(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	w := writes[0]
	if next, err := s.Next(ctx, w.Stream); err != nil || next != w.Next {
		return s.Append(ctx, writes...)
	}
	time.Sleep(time.Millisecond)
	for {
		conflict := new(eventstore.Conflict)
		err := s.Append(ctx, w)
		if !errors.As(err, &conflict) {
			return err
		}
		w.Next = conflict.Have
	}
}

func recordByRecord(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	w := writes[0]
	for i, r := range w.Records {
		if err := s.Append(ctx, write(w.Stream, w.Next+uint64(i), r)); err != nil {
			return err
		}
		time.Sleep(10 * time.Microsecond)
	}
	return nil
}

func lax(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	if err := s.Append(ctx, writes...); !errors.Is(err, eventstore.ErrInvalid) {
		return err
	}
	return nil
}

func small(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	for _, w := range writes {
		for _, r := range w.Records {
			if len(r.Data) > eventstore.MaxAppend/2 {
				return eventstore.ErrInvalid
			}
		}
	}
	return s.Append(ctx, writes...)
}

func forgetSecond(ctx context.Context, s eventstore.Store, writes []eventstore.Write) error {
	if len(writes) == 2 && writes[0].Next > 3 && writes[1].Next > 1 {
		if have, err := s.Next(ctx, writes[1].Stream); err == nil && have == writes[1].Next {
			writes = writes[:1]
		}
	}
	return s.Append(ctx, writes...)
}
