package witness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// ErrUnsure says that so many witnesses are silent that they could be a quorum
// which knows a larger tree.
var ErrUnsure = errors.New("too few witnesses answered to know that nothing was signed beyond")

// Outcome is how one witness answered in one round.
type Outcome string

// Outcomes. Only OutcomeCosigned counts for a policy.
const (
	OutcomeCosigned  Outcome = "cosigned"
	OutcomeSlow      Outcome = "slow"      // no answer yet
	OutcomeDown      Outcome = "down"      // no connection, or it says that it cannot serve
	OutcomeBehind    Outcome = "behind"    // we could not prove to it that our tree contains its own
	OutcomeAhead     Outcome = "ahead"     // it cosigned a larger tree of this history, or says so without our signature
	OutcomeRefused   Outcome = "refused"   // it does not know this log or key, or answers what is no cosignature
	OutcomeDisagrees Outcome = "disagrees" // it holds a checkpoint by our own key that contradicts ours
)

// Report is what one witness did in one round.
type Report struct {
	Witness  string // its name in the policy
	URL      string
	Outcome  Outcome
	Size     uint64        // at which it stands, as far as is known
	Restored bool          // it stood higher before: it runs on an old copy of its disk
	Time     int64         // of its cosignature, seconds since 1970
	Took     time.Duration // until it answered; 0 while it has not
	Err      error         // why it did not cosign
}

// Round is one checkpoint on its way to the witnesses.
type Round struct {
	Policy     *Policy
	Log        []note.Verifier // the log's keys; those of the policy when empty
	Checkpoint []byte          // the newest, signed by the log
	Tree       Tree            // that has at least the checkpoint's leaves
	// Late is called once, from another goroutine, when every witness has
	// answered or the patience is over: it has what came after Gather returned.
	// Nil for none.
	Late func(Result, error)
}

// Result is what a round brought.
type Result struct {
	Cosigned
	Reports []Report // in the policy's order
}

// Options of a Gatherer.
type Options struct {
	HTTP     *http.Client     // nil: the default; redirects are not followed
	Patience time.Duration    // how long a round waits for the slowest; 0: 10 s
	Clock    func() time.Time // needed; to measure how long a witness takes
}

// Gatherer asks witnesses for cosignatures, each one thing at a time. It
// remembers at which size each stands. Several goroutines may use it.
type Gatherer struct {
	http     *http.Client
	patience time.Duration
	clock    func() time.Time
	closed   chan struct{}
	running  sync.WaitGroup
	mu       sync.Mutex
	peers    map[Verifier]*standing
}

// standing is what is known of a witness.
type standing struct {
	busy chan struct{} // holds a token while it is asked
	size uint64        // the newest that it cosigned; guarded by Gatherer.mu
	turn uint64        // counts the rounds that want it; guarded by Gatherer.mu
}

// NewGatherer returns a Gatherer; Close ends what it began.
func NewGatherer(o Options) *Gatherer {
	g := &Gatherer{patience: o.Patience, clock: o.Clock, closed: make(chan struct{}), peers: make(map[Verifier]*standing)}
	var own http.Client
	if o.HTTP != nil {
		own = *o.HTTP
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	g.http = &own
	if g.patience == 0 {
		g.patience = 10 * time.Second
	}
	return g
}

// Close ends all rounds and waits for them. No round may begin after it.
func (g *Gatherer) Close() {
	close(g.closed)
	g.running.Wait()
	g.http.CloseIdleConnections()
}

// Learn takes from a cosigned checkpoint, one kept from before a restart, where
// its witnesses stand: one that turns out to stand lower runs on an old disk.
func (g *Gatherer) Learn(c Cosigned) {
	for _, by := range c.Cosignatures {
		s := g.standing(by.Key)
		g.mu.Lock()
		s.size = max(s.size, c.Checkpoint.Size)
		g.mu.Unlock()
	}
}

func (g *Gatherer) standing(v Verifier) *standing {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.peers[v] == nil {
		g.peers[v] = &standing{busy: make(chan struct{}, 1)}
	}
	return g.peers[v]
}

// Gather asks all witnesses of the policy at once and returns as soon as those
// that cosigned satisfy it; the rest may answer until the patience is over (see
// Round.Late). It returns a *Contradiction, ErrQuorum when all have answered
// and are not enough, the context's error, or what is wrong with the round. The
// result is good for reports also when there is an error, and for nothing else.
func (g *Gatherer) Gather(ctx context.Context, r Round) (Result, error) {
	return g.round(ctx, r, func(res Result) bool { return res.Satisfied }, ErrQuorum)
}

// Survey is for a ledger that starts, before it signs: it asks all witnesses
// about its newest checkpoint and returns when so many stand on it or below
// that the rest are no quorum. It returns a *Contradiction, or ErrUnsure when
// too many are silent.
func (g *Gatherer) Survey(ctx context.Context, r Round) (Result, error) {
	return g.round(ctx, r, func(res Result) bool {
		silent := func(w Witness) bool {
			return !slices.ContainsFunc(res.Reports, func(p Report) bool { return p.Witness == w.Name && p.Outcome == OutcomeCosigned })
		}
		return r.Policy.quorum == noQuorum || !r.Policy.holds(silent)
	}, ErrUnsure)
}

// round runs one round; enough says when it may return.
func (g *Gatherer) round(ctx context.Context, r Round, enough func(Result) bool, short error) (Result, error) {
	c, err := g.collect(r)
	if err != nil {
		return Result{}, fmt.Errorf("ask the witnesses: %w", err)
	}
	c.enough, c.short = enough, short
	first := make(chan outcome, 1)
	g.running.Go(func() { c.run(ctx, first) })
	got := <-first
	return got.Result, got.err
}

// outcome is what a round returns.
type outcome struct {
	Result
	err error
}

// collector is a round in progress; one goroutine owns it.
type collector struct {
	g      *Gatherer
	round  Round
	origin string
	asks   []*question
	lines  []translog.SignatureLine
	now    outcome
	enough func(Result) bool
	short  error
}

// collect prepares a round: nothing is asked yet.
func (g *Gatherer) collect(r Round) (*collector, error) {
	head, err := translog.PeekCheckpoint(r.Checkpoint)
	if err != nil {
		return nil, err
	}
	if len(r.Log) == 0 {
		r.Log = r.Policy.logKeys(head.Origin)
	}
	c := &collector{g: g, round: r, origin: head.Origin}
	if c.now.Cosigned, err = r.Policy.Merge(r.Checkpoint, head.Origin, nil, r.Log...); err != nil {
		return nil, err
	}
	for _, w := range r.Policy.witnesses {
		s := g.standing(w.Key)
		g.mu.Lock()
		s.turn++
		q := &question{g: g, witness: w, peer: peer{g.http, w.URL}, standing: s, turn: s.turn, log: r.Log, head: head, text: r.Checkpoint, tree: r.Tree}
		q.report = Report{Witness: w.Name, URL: w.URL, Outcome: OutcomeSlow, Size: s.size}
		g.mu.Unlock()
		c.asks = append(c.asks, q)
		c.now.Reports = append(c.now.Reports, q.report)
	}
	return c, nil
}

// run asks, hands the first result that is enough to first, and the last one to
// Late.
func (c *collector) run(ctx context.Context, first chan<- outcome) {
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.g.patience)
	defer cancel()
	answers := make(chan reply, len(c.asks))
	for i, q := range c.asks {
		c.g.running.Go(func() { answers <- q.ask(late, i) })
	}
	sent := false
	send := func(err error) {
		if !sent {
			sent = true
			first <- c.snapshot(err)
		}
	}
	given, closed := ctx.Done(), c.g.closed
	if c.enough(c.now.Result) {
		send(nil)
	}
	for left := len(c.asks); left > 0; {
		select {
		case a := <-answers:
			left--
			c.take(a)
			if c.now.err != nil || c.enough(c.now.Result) {
				send(c.now.err)
			}
		case <-given:
			given = nil
			send(ctx.Err())
		case <-closed:
			closed = nil
			cancel()
		}
	}
	end := c.now.err
	if end == nil && !c.enough(c.now.Result) {
		end = fmt.Errorf("%w: %d of the policy's %d", c.short, len(c.now.Cosignatures), len(c.asks))
	}
	send(end)
	if c.round.Late != nil {
		c.round.Late(c.snapshot(end).Result, end)
	}
}

// snapshot copies what the round goes on to change.
func (c *collector) snapshot(err error) outcome {
	out := outcome{c.now.Result, err}
	out.Reports = slices.Clone(c.now.Reports)
	return out
}

// take adds one witness's answer.
func (c *collector) take(a reply) {
	c.now.Reports[a.i] = a.report
	if a.contradiction != nil && c.now.err == nil {
		c.now.err = a.contradiction
	}
	if a.line == nil {
		return
	}
	c.lines = append(c.lines, *a.line)
	merged, err := c.round.Policy.Merge(c.round.Checkpoint, c.origin, c.lines, c.round.Log...)
	if err != nil { // all was verified before: a bug must not pass for a cosignature
		c.now.err = errors.Join(c.now.err, err)
		return
	}
	c.now.Cosigned = merged
}
