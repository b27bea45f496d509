package notify

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
)

// Deliverer sends webhooks. Run it once.
type Deliverer struct {
	cfg    Config
	public *http.Client
	local  *http.Client    // reaches this machine too; its connections are no others'
	jobs   map[string]*job // by subscription; of the goroutine of Run alone
	order  []*job          // the same, in the order of their turns
	last   int             // in order: whose turn began last
	busy   int             // jobs whose turn it is
	slow   int             // of these, slow ones
	ended  chan *job       // turns that are over
	turns  sync.WaitGroup
	events events

	delivered, failures atomic.Uint64
	counted             atomic.Pointer[Stats] // without those two
}

// New returns a deliverer; Run starts it.
func New(cfg Config) *Deliverer {
	cfg = cfg.withDefaults()
	d := &Deliverer{
		cfg: cfg, public: newClient(dialer{resolver: cfg.Resolver}, cfg.Workers, cfg.Timeout),
		local: newClient(dialer{resolver: cfg.Resolver, loopback: true}, cfg.Workers, cfg.Timeout),
		jobs:  map[string]*job{}, ended: make(chan *job), events: events{kept: map[uint64]watch.Event{}},
	}
	d.counted.Store(&Stats{})
	return d
}

// job is one subscription at work. While busy it belongs to its turn, but for
// what is atomic.
type job struct {
	Subscription
	at      Progress
	next    atomic.Uint64 // at.Next, for who counts
	saved   uint64        // at.Next as it was kept last
	unsaved int           // notices told since
	savedAt time.Time
	ready   time.Time // not before
	slow    bool      // the last delivery took long, or failed
	held    bool      // it counts among the slow ones that are busy
	busy    bool
	gone    bool // removed while busy
	stop    context.CancelFunc
}

// Run delivers until ctx ends, and until what is under way is over.
func (d *Deliverer) Run(ctx context.Context) {
	grown := make(chan struct{}, 1)
	d.turns.Go(func() { d.watchViews(ctx, grown) })
	defer d.public.CloseIdleConnections()
	defer d.local.CloseIdleConnections()
	defer d.turns.Wait()
	tick := time.NewTicker(min(d.cfg.First, d.cfg.Rescan))
	defer tick.Stop()
	scanned := time.Time{}
	for {
		if now := d.cfg.Clock(); now.Sub(scanned).Abs() >= d.cfg.Rescan { // either way: clocks are set back
			scanned = now
			d.scan()
			d.count()
		}
		d.assign(ctx)
		select {
		case <-ctx.Done():
			d.drain()
			return
		case j := <-d.ended:
			d.release(j)
		case <-d.cfg.Store.changed:
			scanned = time.Time{}
		case <-grown:
		case <-tick.C:
			d.count()
		}
	}
}

// drain takes over the turns that end by ctx.
func (d *Deliverer) drain() {
	for d.busy > 0 {
		d.release(<-d.ended)
	}
	for _, j := range d.jobs {
		d.save(j)
	}
}

// watchViews tells when there are new events.
func (d *Deliverer) watchViews(ctx context.Context, grown chan<- struct{}) {
	for ctx.Err() == nil {
		if err := d.cfg.Views.Wait(ctx, d.cfg.Views.Index()); err != nil {
			return
		}
		select {
		case grown <- struct{}{}:
		default:
		}
	}
}

// scan reads the folder. A replica that does not order events forgets all, and
// reads again how far others went when its turn comes.
func (d *Deliverer) scan() {
	found := map[string]bool{}
	if d.cfg.Leading() {
		all, err := d.cfg.Store.All()
		if err != nil {
			d.cfg.Log.Error("some subscriptions cannot be read: they are not delivered", "cause", err)
		}
		for _, sub := range all {
			found[sub.ID] = true
			d.meet(sub)
		}
	}
	for id, j := range d.jobs {
		if !found[id] {
			d.forget(j)
		}
	}
}

// forget ends what a job is at: its subscription was removed, or is another
// replica's to tell.
func (d *Deliverer) forget(j *job) {
	if !j.busy {
		d.drop(j)
		return
	}
	j.gone = true
	j.stop()
}

func (d *Deliverer) drop(j *job) {
	delete(d.jobs, j.ID)
	d.order = slices.DeleteFunc(d.order, func(other *job) bool { return other == j })
}

// meet finds or makes the job of a subscription, and lets one that was resumed
// go on.
func (d *Deliverer) meet(sub Subscription) {
	j := d.jobs[sub.ID]
	if j == nil {
		at, err := d.cfg.Store.Progress(sub)
		if err != nil {
			d.cfg.Log.Error("a subscription's progress cannot be read: it is not delivered", "subscription", sub.ID, "cause", err)
			return
		}
		j = &job{Subscription: sub, at: at, saved: at.Next, ready: at.NextTry, slow: at.Failures > 0}
		j.next.Store(at.Next)
		d.jobs[sub.ID] = j
		d.order = append(d.order, j)
	}
	if j.busy {
		return // looked at again with the next scan
	}
	if j.Subscription = sub; j.at.Resumes < sub.Resumes {
		j.at.Parked, j.at.Failures, j.at.NextTry, j.at.Resumes, j.ready = false, 0, time.Time{}, sub.Resumes, time.Time{}
	}
}

// assign starts turns while there are workers free: whoever had one waits until
// the others had theirs.
func (d *Deliverer) assign(ctx context.Context) {
	if !d.cfg.Leading() {
		return
	}
	now, size := d.cfg.Clock(), d.cfg.Views.Index()
	for range len(d.order) {
		if d.busy == d.cfg.Workers {
			return
		}
		d.last = (d.last + 1) % len(d.order)
		if j := d.order[d.last]; d.mayBegin(j, now, size) {
			d.begin(ctx, j, size)
		}
	}
}

// mayBegin reports whether it is a job's turn. Slow ones take half of the
// workers at most, so that there are always some for the others. Nobody waits
// for longer than the longest pause, wherever a clock stood when it failed.
func (d *Deliverer) mayBegin(j *job, now time.Time, size uint64) bool {
	if j.busy || j.at.Parked || j.at.Next >= size || j.slow && d.slow >= max(1, d.cfg.Workers/2) {
		return false
	}
	if wait := j.ready.Sub(now); wait > 0 && wait <= d.cfg.Longest {
		return false
	}
	return d.cfg.Speaks(j.Agency)
}

func (d *Deliverer) begin(ctx context.Context, j *job, size uint64) {
	ctx, j.stop = context.WithCancel(ctx)
	d.busy++
	if j.busy, j.held = true, j.slow; j.held {
		d.slow++
	}
	d.turns.Go(func() {
		d.turn(ctx, j, size)
		d.ended <- j
	})
}

func (d *Deliverer) release(j *job) {
	j.stop()
	d.busy--
	if j.busy = false; j.held {
		d.slow--
	}
	if j.gone {
		d.drop(j)
	}
}
