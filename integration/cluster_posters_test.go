package integration

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/coalition-ledger/coalition-ledger/api/client"
)

// posters post to all replicas at once until each event is acknowledged.
type posters struct {
	*cluster
	envelopes    [][]byte
	recorded     []ack // by place in envelopes
	pace         *rate.Limiter
	next         atomic.Int64
	acknowledged atomic.Int64
	unknown      atomic.Int64 // attempts whose outcome nobody told
	busy         atomic.Int64 // attempts that were told to wait
	again        atomic.Int64 // acknowledged once more
}

// ack is the first acknowledgement of an event.
type ack struct {
	client.Receipt
	unsure bool // an attempt before it had no answer
}

const (
	bulkSize = 20
	oneCall  = 4 * time.Second // shorter than a pause: a replica wakes with events that others took over
)

// start lets all posters go. The channel is closed when nothing is left.
func (p *posters) start(t *testing.T) <-chan struct{} {
	t.Helper()
	var group sync.WaitGroup
	done := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(group.Wait)
	t.Cleanup(cancel) // first
	for w := range clusterPosters {
		to := make([]caller, len(p.replicas))
		for i := range to {
			to[i] = p.at(t, i)
		}
		group.Go(func() { p.work(ctx, t, w, to) })
	}
	go func() { group.Wait(); close(done) }()
	return done
}

// work takes events from the pile: half of the posters one by one, half in
// bulks. One poster starts at one replica, and turns to the next when the
// outcome is unknown.
func (p *posters) work(ctx context.Context, t *testing.T, w int, to []caller) {
	size := int64(1)
	if w%2 == 1 {
		size = bulkSize
	}
	for {
		from := p.next.Add(size) - size
		until := min(from+size, int64(len(p.envelopes)))
		if from >= until || p.pace.WaitN(ctx, int(until-from)) != nil {
			return
		}
		for at := w; ; at++ {
			if p.post(ctx, t, to[at%len(to)], int(from), int(until)) {
				break
			}
			if ctx.Err() != nil {
				t.Errorf("events %d to %d were never acknowledged: %v", from, until, context.Cause(ctx))
				return
			}
		}
		if w%5 == 0 { // whoever is not sure posts it again, anywhere
			p.post(ctx, t, to[rand.IntN(len(to))], int(from), int(until))
		}
	}
}

// post posts some events to one replica, and says whether all are acknowledged.
func (p *posters) post(ctx context.Context, t *testing.T, to caller, from, until int) bool {
	ctx, cancel := context.WithTimeout(ctx, oneCall)
	defer cancel()
	if until-from == 1 {
		r, err := to.Submit(ctx, p.envelopes[from])
		return p.noted(t, from, &r, err)
	}
	got := 0
	err := to.Bulk(ctx, all(p.envelopes[from:until]), func(r client.Result) {
		if p.noted(t, from+r.Item-1, r.Receipt, r.Err()) {
			got++
		}
	})
	if err != nil {
		p.lost(t, from, err)
	}
	return got == until-from
}

func all(list [][]byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, one := range list {
			if !yield(one, nil) {
				return
			}
		}
	}
}

// noted keeps a receipt, which must be that of the first acknowledgement if
// there was one.
func (p *posters) noted(t *testing.T, i int, r *client.Receipt, err error) bool {
	if err != nil {
		p.lost(t, i, err)
		return false
	}
	first := &p.recorded[i]
	if first.Proof == "" {
		unsure := first.unsure
		*first = ack{*r, unsure}
		p.acknowledged.Add(1)
		return true
	}
	p.again.Add(1)
	if first.Index != r.Index || first.Leaf != r.Leaf || first.RecordedAt != r.RecordedAt || !r.Replayed {
		t.Errorf("event %d was acknowledged at %d as %s, then at %d as %s (replayed: %v)", i, first.Index, first.Leaf, r.Index, r.Leaf, r.Replayed)
	}
	return true
}

// lost is an attempt that failed. A refusal is a failure of the test: all
// events are admissible.
func (p *posters) lost(t *testing.T, i int, err error) {
	var told *client.Error
	switch {
	case errors.As(err, &told) && told.Status == http.StatusTooManyRequests:
		p.busy.Add(1)
	case errors.As(err, &told) && told.Status < 500:
		t.Errorf("event %d was refused: %v", i, err)
	default:
		p.unknown.Add(1)
		p.recorded[i].unsure = true
	}
	time.Sleep(50 * time.Millisecond)
}
