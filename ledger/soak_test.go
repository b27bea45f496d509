package ledger_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/coalition-ledger/coalition-ledger/ledger"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// lossy is a shared store that is slow, loses answers, refuses, and takes some
// appends long after it was given up on.
type lossy struct{ reach }

func (s lossy) Append(ctx context.Context, writes ...eventstore.Write) error {
	if len(writes) > 1 {
		return eventstore.ErrNotAtomic
	}
	linger(4 * time.Millisecond)
	switch rand.IntN(40) {
	case 0:
		return eventstore.ErrUnknownOutcome
	case 1:
		return errors.Join(eventstore.ErrUnknownOutcome, s.reach.Append(ctx, writes...))
	case 2:
		go func() {
			linger(30 * time.Millisecond)
			_ = s.reach.Append(context.Background(), writes...)
		}()
		return eventstore.ErrUnknownOutcome
	case 3:
		return eventstore.ErrUnavailable
	}
	return s.reach.Append(ctx, writes...)
}

// linger waits up to d.
func linger(d time.Duration) { time.Sleep(rand.N(d)) }

// soaked opens a replica with a lossy store and a clock that is up to 2 s off
// and goes its own way.
func (c *cluster) soaked(t *testing.T, name string) {
	t.Helper()
	shift, began := rand.N(4*time.Second)-2*time.Second, time.Now()
	clock := func() time.Time { return c.Time.Add(shift + time.Since(began)/100) }
	for {
		err := c.tryOpen(name, lossy{c.reach(name)}, func(cfg *ledger.Config) { cfg.Clock = clock })
		if err == nil {
			return
		}
		if !errors.Is(err, eventstore.ErrUnavailable) && !errors.Is(err, eventstore.ErrUnknownOutcome) {
			t.Errorf("open %s: %v", name, err)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// disturb cuts and mends links, and stops and starts replicas, until done.
func (c *cluster) disturb(t *testing.T, done <-chan struct{}) *sync.WaitGroup {
	links := []string{"a>b", "b>a", "a>c", "c>a", "b>c", "c>b", "a>store", "b>store", "c>store", "store>a", "store>b", "store>c"}
	until := func(step func()) func() {
		return func() {
			for {
				select {
				case <-done:
					return
				default:
					step()
				}
			}
		}
	}
	cut := func() {
		link := links[rand.IntN(len(links))]
		c.set(true, link)
		linger(400 * time.Millisecond)
		c.set(false, link)
		linger(100 * time.Millisecond)
	}
	restart := func() {
		linger(1500 * time.Millisecond)
		name, began := c.names[rand.IntN(3)], time.Now()
		_ = c.node(name).Close()
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("closing %s took %s", name, took)
		}
		c.soaked(t, name)
	}
	var all sync.WaitGroup
	for _, step := range []func(){cut, cut, restart} {
		all.Go(until(step))
	}
	return &all
}

// Everything goes wrong at once for a while: stores, links, clocks, processes.
// Every client is served in the end, every answer holds, and the replicas come
// back to rest by themselves.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	t.Parallel()
	c := newCluster(t, "a", "b", "c")
	for _, name := range c.names {
		mustClose(t, c.node(name))
		c.soaked(t, name)
	}
	done, end := make(chan struct{}), time.Now().Add(5*time.Second)
	disturbed := c.disturb(t, done)
	ctx, cancel := context.WithDeadline(t.Context(), end.Add(time.Minute))
	defer cancel()
	var clients sync.WaitGroup
	var mu sync.Mutex
	var answers []answered
	for i := range 12 {
		clients.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(i), 1))
			for time.Now().Before(end) {
				a, err := c.persist(ctx, rnd, c.Actions(1)[0])
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				answers = append(answers, a)
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	close(done)
	disturbed.Wait()
	for _, name := range c.names {
		waitFor(t, func() bool { return c.node(name).Ready() == nil })
	}
	c.check(t, 10+len(answers), answers)
}
