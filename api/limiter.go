package api

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiters holds one token bucket for each caller, at most max of them: the
// one that was used longest ago makes room. An evicted caller starts with a
// full bucket, which costs at most one burst.
type limiters struct {
	every rate.Limit
	burst int
	max   int
	clock func() time.Time

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *bucket, most recently used first
}

type bucket struct {
	key string
	*rate.Limiter
}

func newLimiters(perSecond float64, burst, most int, clock func() time.Time) *limiters {
	return &limiters{
		every: rate.Limit(perSecond), burst: burst, max: most, clock: clock,
		byKey: map[string]*list.Element{}, order: list.New(),
	}
}

// allow takes one from the caller's bucket; false when it is empty. A limit of
// zero allows all.
func (l *limiters) allow(key string) bool {
	if l.every <= 0 {
		return true
	}
	now := l.clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.byKey[key]; ok {
		l.order.MoveToFront(e)
		b, _ := e.Value.(*bucket)
		return b.AllowN(now, 1)
	}
	if l.order.Len() >= l.max {
		oldest := l.order.Back()
		b, _ := l.order.Remove(oldest).(*bucket)
		delete(l.byKey, b.key)
	}
	b := &bucket{key: key, Limiter: rate.NewLimiter(l.every, l.burst)}
	l.byKey[key] = l.order.PushFront(b)
	return b.AllowN(now, 1)
}
