package notify

import (
	"context"
	"log/slog"
	"net"
	"time"

	"golang.org/x/mod/sumdb/note"

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
	Workers  int                          // subscriptions told at a time, half of them at most slow or failing; 256
	Timeout  time.Duration                // of one delivery; 10 s
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
	orDefault(&c.Workers, 256)
	orDefault(&c.Timeout, 10*time.Second)
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
