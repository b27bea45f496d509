package main

import (
	"context"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// subscribing says where subscriptions are kept, which is no cache, and what
// their webhooks may reach.
type subscribing struct {
	Subscriptions string `env:"LEDGERD_SUBSCRIPTIONS" placeholder:"DIR" help:"Folder for what agencies subscribed to; replicas share it, as the one that orders events delivers. Default: beside the Pebble store, otherwise none are kept."`
	PerAgency     int    `name:"subscriptions-per-agency" env:"LEDGERD_SUBSCRIPTIONS_PER_AGENCY" default:"50" help:"Most subscriptions of an agency."`
	Loopback      bool   `name:"webhook-loopback" env:"LEDGERD_WEBHOOK_LOOPBACK" help:"Let agencies subscribe webhooks of this machine, by http too, and deliver to those while this flag stands. For trying things out: never where others' agencies subscribe."`
}

// near puts the folder beside a Pebble store unless told otherwise.
func (c subscribing) near(store string) subscribing {
	if path, isPebble := strings.CutPrefix(store, "pebble://"); isPebble && c.Subscriptions == "" {
		c.Subscriptions = strings.TrimSuffix(path, "/") + ".subscriptions"
	}
	return c
}

// open returns nil where none are kept.
func (c subscribing) open() (*notify.Store, error) {
	if c.Subscriptions == "" {
		return nil, nil
	}
	return notify.OpenStore(c.Subscriptions, c.PerAgency)
}

// speaks reports whether an agency and its member are in good standing: who
// holds the keys of one that is suspended is not told of anything.
func (n *node) speaks(a domain.AgencyID) (yes bool) {
	n.ledger.View(func(s *domain.State) {
		agency, ok := s.Agency(a)
		yes = ok && agency.SuspendedAt == 0 && slices.ContainsFunc(s.Members(), func(m domain.Member) bool {
			return m.Code == a.Member() && !m.Suspended && !m.Withdrew
		})
	})
	return yes
}

// deliver sends webhooks until the context ends.
func (n *node) deliver(ctx context.Context) {
	if n.deliverer != nil {
		n.deliverer.Run(ctx)
	}
}
