package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// watching is what is watched, as flags.
type watching struct {
	Subject []string `placeholder:"ID" sep:"none" help:"Designation, registered subject, IMO number or wallet; repeat for each, as all of these."`
	Flag    []string `placeholder:"CC" help:"Flag state; or unknown, false, stateless."`
	Port    []string `placeholder:"CITY" sep:"none" help:"Port or place, as events write it."`
	Measure []string `help:"Measure, as asset_freeze."`
	Member  []string `placeholder:"CC" help:"State that issued it or is named in it."`
	Case    []string `sep:"none" help:"Case, by its id."`
	Regime  []string `help:"Regime, as UN-DPRK."`
	Type    []string `help:"Event type, or a group as designation.*"`
}

func (w watching) list() ([]watch.Watch, error) {
	var out []watch.Watch
	for _, of := range []struct {
		kind   string
		values []string
	}{
		{"subject", w.Subject},
		{"flag", w.Flag},
		{"port", w.Port},
		{"measure", w.Measure},
		{"member", w.Member},
		{"case", w.Case},
		{"regime", w.Regime},
		{"type", w.Type},
	} {
		for _, value := range of.values {
			one, err := watch.Parse(watch.Watch{Kind: of.kind, Value: value})
			if err != nil {
				return nil, usage("--%s: %w", of.kind, err)
			}
			out = append(out, one)
		}
	}
	return out, nil
}

type watchCmd struct {
	ID     string          `arg:"" optional:"" help:"Subscription to follow; without it, one is made of the flags and removed at the end."`
	Issuer domain.AgencyID `env:"LEDGER_ISSUER" placeholder:"CC/NAME" help:"Agency that watches."`
	From   *uint64         `placeholder:"INDEX" help:"First index to look at; default: where the subscription begins, or the next event."`
	Count  int             `help:"End after this many notices; 0: at Ctrl-C."`
	watching
}

// Run shows events as they come, with the reason why each is shown.
func (c *watchCmd) Run(ctx context.Context, a *app) error {
	watches, err := c.list()
	if err != nil {
		return err
	}
	if (c.ID == "") == (len(watches) == 0) {
		return usage("say what to watch, as --subject 9159787 or --case C-1; or name one subscription (ledger subscription list)")
	}
	r, err := a.connect()
	if err != nil {
		return err
	}
	sub, end, err := c.subscription(ctx, r, watches)
	if err != nil {
		return err
	}
	return errors.Join(c.follow(ctx, a, r, sub), end())
}

// subscription finds the one named, or makes one for as long as this runs.
func (c *watchCmd) subscription(ctx context.Context, r *remote, watches []watch.Watch) (client.Subscription, func() error, error) {
	if c.ID == "" {
		sub, err := r.Subscribe(ctx, client.NewSubscription{Agency: c.Issuer, Watch: watches, From: c.From})
		return sub, func() error {
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			return r.Unsubscribe(late, sub.ID)
		}, err
	}
	list, err := r.Subscriptions(ctx)
	if err != nil {
		return client.Subscription{}, nil, err
	}
	for _, sub := range list {
		if sub.ID == c.ID {
			if c.From != nil {
				sub.From = *c.From
			}
			return sub, func() error { return nil }, nil
		}
	}
	return client.Subscription{}, nil, fmt.Errorf("the token's agencies have no subscription %s: see ledger subscription list", c.ID)
}

// follow shows notices, and connects again when the connection ends.
func (c *watchCmd) follow(ctx context.Context, a *app, r *remote, sub client.Subscription) error {
	next, shown := sub.From, 0
	for {
		for n, err := range r.Notices(ctx, sub.ID, next) {
			var no *refused
			if ctx.Err() != nil {
				return nil // Ctrl-C is the way to end it
			}
			if errors.As(err, &no) && !no.Temporary() {
				return err
			}
			if err != nil {
				a.note("%v: connecting again", err)
				break
			}
			next = n.Index + 1
			if err := a.answer(n, func(w io.Writer) { tell(w, n) }); err != nil {
				return err
			}
			if shown++; shown == c.Count {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
}

func tell(w io.Writer, n watch.Notice) {
	fmt.Fprintf(w, "%d  %s  %s  %s\n", n.Index, n.RecordedAt.Format(time.RFC3339), n.Handling, plain(n.Summary))
	for _, r := range n.Reasons {
		fmt.Fprintf(w, "    %s %s: %s\n", r.Kind, plain(r.Value), plain(r.Why))
	}
}
