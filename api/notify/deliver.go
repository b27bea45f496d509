package notify

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/projections"
)

// Views is where events are read: a *projections.Runner.
type Views interface {
	Index() uint64
	Wait(ctx context.Context, minIndex uint64) error
	Read(f func(*projections.Views))
}

// Config is what a Deliverer needs: Store, Views, Signer, Leading and Clock.
type Config struct {
	Store    *Store
	Views    Views
	Signer   note.Signer // the log's key
	Leading  func() bool // whether this replica orders the events
	Clock    func() time.Time
	Speaks   func(a domain.AgencyID) bool // whether an agency is told: not while it is suspended; nil: every one
	Log      *slog.Logger                 // nil discards
	Loopback bool                         // deliver to this machine what was subscribed under this: for demonstrations and tests
	Resolver Resolver                     // nil: the system's
	Workers  int                          // deliveries under way at a time; 4
	Batch    int                          // deliveries to one subscription in a turn; 20
	Pause    time.Duration                // between turns of one subscription that has more; 1 s
	First    time.Duration                // pause after the first failure, doubled after each; 1 s
	Longest  time.Duration                // pause after a failure; 30 min
	Tries    int                          // failures in a row after which it is parked; 24
	Rescan   time.Duration                // how often the folder is read for what others wrote; 5 s
}

func orDefault[T int | time.Duration](v *T, standard T) {
	if *v == 0 {
		*v = standard
	}
}

func (c Config) withDefaults() Config {
	orDefault(&c.Workers, 4)
	orDefault(&c.Batch, 20)
	orDefault(&c.Pause, time.Second)
	orDefault(&c.First, time.Second)
	orDefault(&c.Longest, 30*time.Minute)
	orDefault(&c.Tries, 24)
	orDefault(&c.Rescan, 5*time.Second)
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Speaks == nil {
		c.Speaks = func(domain.AgencyID) bool { return true }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Deliverer sends webhooks. Run it once.
type Deliverer struct {
	cfg    Config
	public *http.Client
	local  *http.Client    // reaches this machine too; its connections are no others'
	jobs   map[string]*job // by subscription; of the goroutine of Run alone
	ended  chan *job       // turns that are over
	slots  chan struct{}
	turns  sync.WaitGroup
	events events

	delivered, failures atomic.Uint64
	parked              atomic.Int64
}

// Stats counts since the process began; Parked is of now.
type Stats struct {
	Delivered uint64
	Failures  uint64
	Parked    int64
}

// New returns a deliverer; Run starts it.
func New(cfg Config) *Deliverer {
	cfg = cfg.withDefaults()
	return &Deliverer{
		cfg: cfg, public: newClient(dialer{resolver: cfg.Resolver}), local: newClient(dialer{resolver: cfg.Resolver, loopback: true}), jobs: map[string]*job{},
		ended: make(chan *job), slots: make(chan struct{}, cfg.Workers), events: events{kept: map[uint64]watch.Event{}},
	}
}

// Stats returns what was delivered, and how many subscriptions are parked.
func (d *Deliverer) Stats() Stats {
	return Stats{Delivered: d.delivered.Load(), Failures: d.failures.Load(), Parked: d.parked.Load()}
}

// job is one subscription at work. While busy it belongs to its turn.
type job struct {
	Subscription
	at    Progress
	saved uint64    // Next as it was kept last
	ready time.Time // not before
	busy  bool
	gone  bool // removed while busy
}

// Run delivers until ctx ends, and until what is under way is over.
func (d *Deliverer) Run(ctx context.Context) {
	grown := make(chan struct{}, 1)
	d.turns.Go(func() { d.watchViews(ctx, grown) })
	defer d.public.CloseIdleConnections()
	defer d.local.CloseIdleConnections()
	defer d.turns.Wait()
	tick := time.NewTicker(min(d.cfg.Pause, d.cfg.Rescan))
	defer tick.Stop()
	scanned := time.Time{}
	for {
		if now := d.cfg.Clock(); now.Sub(scanned) >= d.cfg.Rescan {
			scanned = now
			d.scan()
		}
		d.assign(ctx)
		select {
		case <-ctx.Done():
			d.drain()
			return
		case j := <-d.ended:
			j.busy = false
		case <-d.cfg.Store.changed:
			scanned = time.Time{}
		case <-grown:
		case <-tick.C:
		}
	}
}

// drain takes over the turns that end by ctx.
func (d *Deliverer) drain() {
	busy := 0
	for _, j := range d.jobs {
		if j.busy {
			busy++
		}
	}
	for ; busy > 0; busy-- {
		<-d.ended
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
	if !d.cfg.Leading() {
		for id, j := range d.jobs {
			if j.gone = true; !j.busy {
				delete(d.jobs, id)
			}
		}
		d.parked.Store(0)
		return
	}
	all, err := d.cfg.Store.All()
	if err != nil {
		d.cfg.Log.Error("some subscriptions cannot be read: they are not delivered", "cause", err)
	}
	found := map[string]bool{}
	var parked int64
	for _, sub := range all {
		found[sub.ID] = true
		if j := d.meet(sub); j != nil && !j.busy && j.at.Parked {
			parked++
		}
	}
	for id, j := range d.jobs {
		if !found[id] {
			if j.gone = true; !j.busy {
				delete(d.jobs, id)
			}
		}
	}
	d.parked.Store(parked)
}

// meet finds or makes the job of a subscription, and lets one that was resumed
// go on.
func (d *Deliverer) meet(sub Subscription) *job {
	j := d.jobs[sub.ID]
	if j == nil || j.gone && !j.busy {
		at, err := d.cfg.Store.Progress(sub)
		if err != nil {
			d.cfg.Log.Error("a subscription's progress cannot be read: it is not delivered", "subscription", sub.ID, "cause", err)
			return nil
		}
		j = &job{Subscription: sub, at: at, saved: at.Next, ready: at.NextTry}
		d.jobs[sub.ID] = j
	}
	if !j.busy {
		j.gone = false
		if j.Subscription = sub; j.at.Resumes < sub.Resumes {
			j.at.Parked, j.at.Failures, j.at.NextTry, j.at.Resumes, j.ready = false, 0, time.Time{}, sub.Resumes, time.Time{}
		}
	}
	return j
}

// assign starts turns while there are workers free.
func (d *Deliverer) assign(ctx context.Context) {
	if !d.cfg.Leading() {
		return
	}
	now, size := d.cfg.Clock(), d.cfg.Views.Index()
	for _, j := range d.jobs {
		if j.busy || j.gone || j.at.Parked || j.at.Next >= size || j.ready.After(now) || !d.cfg.Speaks(j.Agency) {
			continue
		}
		select {
		case d.slots <- struct{}{}:
		default:
			return
		}
		j.busy = true
		d.turns.Go(func() {
			d.turn(ctx, j, size)
			<-d.slots
			d.ended <- j
		})
	}
}

const (
	maxScan   = 2000 // events looked at in a turn
	saveEvery = 256  // events looked at without one to tell of, between saves
)

// turn tells one subscription of what is next, in order.
func (d *Deliverer) turn(ctx context.Context, j *job, size uint64) {
	sent := 0
	for looked := 0; j.at.Next < size && looked < maxScan && sent < d.cfg.Batch && ctx.Err() == nil && d.cfg.Leading(); looked++ {
		n, ok := d.notice(j)
		if ok {
			if err := d.send(ctx, j.Subscription, n); err != nil {
				if ctx.Err() == nil {
					d.fail(j, err)
				}
				return
			}
			sent++
			d.delivered.Add(1)
			j.at.Delivered++
			j.at.Failures, j.at.LastError, j.at.NextTry, j.at.LastTry = 0, "", time.Time{}, d.cfg.Clock().UTC()
		}
		j.at.Next++
		if ok || j.at.Next-j.saved >= saveEvery {
			d.save(j)
		}
	}
	if sent == d.cfg.Batch {
		j.ready = d.cfg.Clock().Add(d.cfg.Pause)
	}
}

func (d *Deliverer) notice(j *job) (watch.Notice, bool) {
	e, ok := d.events.at(d.cfg.Views, j.at.Next)
	if !ok {
		return watch.Notice{}, false
	}
	return e.Tell(j.ID, j.Watch)
}

func (d *Deliverer) fail(j *job, err error) {
	d.failures.Add(1)
	now := d.cfg.Clock().UTC()
	pause := d.cfg.Longest
	if j.at.Failures < 40 {
		pause = min(d.cfg.First<<j.at.Failures, d.cfg.Longest)
	}
	j.at.Failures++
	j.at.LastError, j.at.LastTry, j.at.NextTry = plain(err), now, now.Add(pause)
	if j.ready = j.at.NextTry; j.at.Failures >= d.cfg.Tries || errors.Is(err, errGone) {
		j.at.Parked, j.at.NextTry = true, time.Time{}
		d.parked.Add(1)
		d.cfg.Log.Warn("a subscription is parked: its agency resumes it", "subscription", j.ID, "agency", j.Agency, "cause", j.at.LastError)
	}
	d.save(j)
}

// save keeps how far a job went. A subscription that is gone has nothing to
// keep; of one that cannot be kept an event may be told again.
func (d *Deliverer) save(j *job) {
	if j.saved == j.at.Next && j.at.Failures == 0 && !j.at.Parked {
		return
	}
	j.saved = j.at.Next
	if err := d.cfg.Store.advance(j.Subscription, j.at); err != nil && !errors.Is(err, ErrUnknown) {
		d.cfg.Log.Error("a subscription's progress was not kept: events may be told again", "subscription", j.ID, "cause", err)
	}
}
