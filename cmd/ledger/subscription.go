package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/coalition-ledger/coalition-ledger/api/client"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

type subscriptionCmd struct {
	Add     subscriptionAddCmd     `cmd:"" help:"Watch something, by stream or by webhook."`
	List    subscriptionListCmd    `cmd:"" help:"Show what the token's agencies watch, and how far webhooks were told."`
	Remove  subscriptionRemoveCmd  `cmd:"" help:"Watch it no more."`
	Resume  subscriptionResumeCmd  `cmd:"" help:"Let a parked webhook go on where it stopped."`
	Receive subscriptionReceiveCmd `cmd:"" help:"Receive webhooks here and show those that the log signed: to try them out."`
}

type subscriptionAddCmd struct {
	Issuer  domain.AgencyID `env:"LEDGER_ISSUER" placeholder:"CC/NAME" help:"Agency that watches."`
	Webhook string          `placeholder:"URL" help:"https address that notices are posted to; without it they are only streamed."`
	From    *uint64         `placeholder:"INDEX" help:"First index to look at; default the next event."`
	watching
}

// Run makes a subscription.
func (c *subscriptionAddCmd) Run(ctx context.Context, a *app) error {
	watches, err := c.list()
	if err != nil {
		return err
	}
	if len(watches) == 0 || c.Issuer == "" {
		return usage("say who watches what, as --issuer XA/mof --subject 9159787")
	}
	r, err := a.connect()
	if err != nil {
		return err
	}
	sub, err := r.Subscribe(ctx, client.NewSubscription{Agency: c.Issuer, Watch: watches, Webhook: c.Webhook, From: c.From})
	if err != nil {
		return err
	}
	return a.answer(sub, func(w io.Writer) { fmt.Fprintln(w, sub.ID) })
}

type subscriptionListCmd struct {
	Check bool `help:"Fail where a webhook is parked or its receiver fails: for a job that tells you."`
}

// Run lists subscriptions. Webhook addresses may hold secrets: only --json
// shows them.
func (c *subscriptionListCmd) Run(ctx context.Context, a *app) error {
	r, err := a.connect()
	if err != nil {
		return err
	}
	list, err := r.Subscriptions(ctx)
	if err != nil {
		return err
	}
	if list == nil {
		list = []client.Subscription{}
	}
	err = a.answer(list, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		fmt.Fprintln(t, "id\tagency\twatches\tdelivery")
		for _, sub := range list {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", sub.ID, sub.Agency, plain(watched(sub)), plain(delivery(sub.Delivery)))
		}
		_ = t.Flush() // a closed pipe is the reader's choice
	})
	if err == nil && c.Check {
		err = undelivered(list)
	}
	return err
}

// undelivered names the first subscription whose receiver does not take notices.
func undelivered(list []client.Subscription) error {
	for _, sub := range list {
		switch d := sub.Delivery; {
		case d == nil || d.Failures == 0 && !d.Parked:
		case d.Parked:
			return fmt.Errorf("%s is parked (%s): mend the receiver, then ledger subscription resume %[1]s", sub.ID, plain(d.LastError))
		default:
			return fmt.Errorf("the receiver of %s failed %d times in a row (%s): it is tried again at %s", sub.ID, d.Failures, plain(d.LastError), d.NextTry.Format("15:04:05"))
		}
	}
	return nil
}

func watched(sub client.Subscription) string {
	var out []string
	for _, w := range sub.Watch {
		out = append(out, w.Kind+" "+w.Value)
	}
	return strings.Join(out, ", ")
}

func delivery(d *client.Delivery) string {
	switch {
	case d == nil:
		return "stream"
	case d.Parked:
		return fmt.Sprintf("parked after %d failures (%s), %d events behind", d.Failures, d.LastError, d.Lag)
	case d.Failures > 0:
		return fmt.Sprintf("failed %d times (%s), tried again at %s", d.Failures, d.LastError, d.NextTry.Format("15:04:05"))
	}
	return fmt.Sprintf("%d delivered, %d events behind", d.Delivered, d.Lag)
}

type subscriptionRemoveCmd struct {
	ID string `arg:"" help:"Of the subscription."`
}

// Run removes a subscription.
func (c *subscriptionRemoveCmd) Run(ctx context.Context, a *app) error {
	r, err := a.connect()
	if err != nil {
		return err
	}
	if err := r.Unsubscribe(ctx, c.ID); err != nil {
		return err
	}
	return a.answer(map[string]string{"removed": c.ID}, func(w io.Writer) { fmt.Fprintln(w, "removed") })
}

type subscriptionResumeCmd struct {
	ID string `arg:"" help:"Of the subscription."`
}

// Run resumes a subscription.
func (c *subscriptionResumeCmd) Run(ctx context.Context, a *app) error {
	r, err := a.connect()
	if err != nil {
		return err
	}
	sub, err := r.Resume(ctx, c.ID)
	if err != nil {
		return err
	}
	return a.answer(sub, func(w io.Writer) { fmt.Fprintln(w, "resumed:", delivery(sub.Delivery)) })
}
